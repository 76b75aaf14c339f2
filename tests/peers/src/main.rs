//! One rule, asked through our typed worlds and through Extism with JSON, in one run. Both are compiled beforehand; each
//! call of ours is a fresh instance, and Extism is measured fresh and kept.
//!
//! `peers STANDING.wasm GUEST.wasm`

#[path = "../../bench/src/asked.rs"]
mod asked;

use std::sync::Arc;
use std::time::Instant;

use asked::asked;
use sandbox::{Sandbox, Scrutiny};
use serde_json::json;

/// How many items a call has, and how many calls are timed.
const SIZES: [(usize, usize); 3] = [(1, 2_000), (100, 400), (1_000, 60)];
/// How often each is timed; the median counts.
const TURNS: usize = 9;

fn timed(calls: usize, call: &mut dyn FnMut()) -> f64 {
    let begin = Instant::now();
    (0..calls).for_each(|_| call());
    begin.elapsed().as_secs_f64() * 1e6 / calls as f64
}

fn median(mut runs: Vec<f64>) -> f64 {
    runs.sort_by(f64::total_cmp);
    runs[runs.len() / 2]
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, ours, theirs] = &args[..] else { panic!("peers STANDING.wasm GUEST.wasm") };
    let sandbox = Arc::new(Sandbox::new().expect("a sandbox"));
    let bytes = std::fs::read(ours).expect("a plugin");
    let (_, plugin) = sandbox::admit(&sandbox, &bytes, Scrutiny::Known).expect("it is admitted");
    let wasm = extism::Wasm::data(std::fs::read(theirs).expect("a guest"));
    let manifest = extism::Manifest::new([wasm]);
    let compiled = extism::CompiledPlugin::new(extism::PluginBuilder::new(&manifest)).expect("it compiles");
    let mut kept = extism::Plugin::new_from_compiled(&compiled).expect("an instance");
    println!("{:>6}  {:>12}  {:>14}  {:>14}  {:>7}  {:>7}", "items", "ours, fresh", "Extism, fresh", "Extism, kept", "fresh", "kept");
    for (items, calls) in SIZES {
        let (context, acts) = asked(items);
        let facts = |answer: Vec<u8>| -> usize {
            serde_json::from_slice::<Vec<serde_json::Value>>(&answer).expect("facts").len()
        };
        // Both are asked with what the host has at hand, and both answers are read.
        let json = || serde_json::to_vec(&json!({"context": context, "items": acts})).expect("bytes");
        let late = plugin.judge(&context, &acts).expect("an answer").verdicts.len();
        assert_eq!(late, facts(kept.call::<&[u8], Vec<u8>>("judge", &json()).expect("an answer")), "the same question");
        let mut turns: [Vec<f64>; 3] = Default::default();
        for _ in 0..TURNS {
            turns[0].push(timed(calls, &mut || drop(plugin.judge(&context, &acts).expect("an answer"))));
            turns[1].push(timed(calls.div_ceil(10), &mut || {
                let mut fresh = extism::Plugin::new_from_compiled(&compiled).expect("an instance");
                facts(fresh.call::<&[u8], Vec<u8>>("judge", &json()).expect("an answer"));
            }));
            turns[2].push(timed(calls, &mut || {
                facts(kept.call::<&[u8], Vec<u8>>("judge", &json()).expect("an answer"));
            }));
        }
        let [ours, fresh, kept] = turns.map(median);
        println!(
            "{items:>6}  {ours:>9.1} us  {fresh:>11.1} us  {kept:>11.1} us  {:>6.1}x  {:>6.1}x",
            fresh / ours,
            kept / ours
        );
    }
}
