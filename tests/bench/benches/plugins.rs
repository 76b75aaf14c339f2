//! What a calculation of the rules costs: a fresh call beside bare instantiate, the same typed call and drop; the same rule in
//! Rust, in JavaScript and in this program; the same answers a hundred thousand times; installing one; switching under load.
//!
//! `cargo bench -p bench --bench plugins -- [--seconds 5] [--replays 100000]`
#![allow(clippy::disallowed_methods, reason = "a bench measures time")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use bench::asked::asked;
use bench::library::node;
use bench::numbers::{Median, line, machine, median};
use governance::tally::{Ballot, Cast, Counter, Method, Question, Voter};
use pipeline::Rules;
use pipeline::counting::Calculation;
use pipeline::plugins::Memo;
use sandbox::{Plugin, Sandbox, Scrutiny, types};
use serde_json::{Value as Json, json};
use tests::Folder;
use tests::load::{Acknowledged, Seat, Writers};
use tests::town::Town;
use valueflows::Id;

fn option(name: &str, default: f64) -> f64 {
    let args: Vec<String> = std::env::args().collect();
    let value = args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1));
    value.and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn loaded(sandbox: &Arc<Sandbox>, file: &std::path::Path) -> Plugin {
    let bytes = std::fs::read(file).expect("a plugin");
    sandbox::admit(sandbox, &bytes, Scrutiny::Known).expect("it is admitted").1
}

/// Microseconds a call, behind the hop that a lane makes.
fn timed(rounds: usize, call: &mut dyn FnMut()) -> f64 {
    let begin = Instant::now();
    (0..rounds).for_each(|_| tokio::task::block_in_place(&mut *call));
    begin.elapsed().as_secs_f64() * 1e6 / rounds as f64
}

/// Turn about, so that whatever else the machine does falls on all.
fn in_turns<const N: usize>(rounds: usize, calls: &mut [&mut dyn FnMut(); N]) -> [Median; N] {
    let mut runs: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
    for _ in 0..11 {
        for (call, runs) in calls.iter_mut().zip(&mut runs) {
            runs.push(timed(rounds, call));
        }
    }
    runs.map(median)
}

fn fresh(rows: &mut Vec<Json>, standing: &Plugin) {
    for (items, limit) in [(1usize, 1.3), (100, 1.2), (1_000, 1.2)] {
        let (context, acts) = asked(items);
        let [ours, bare, floor] = in_turns(
            20_000 / (items + 20),
            &mut [
                &mut || drop(standing.judge(&context, &acts).expect("an answer")),
                &mut || assert!(standing.judge_bare(&context, &acts).is_ok()),
                &mut || standing.instantiate_only().expect("an instance"),
            ],
        );
        let fuel = standing.judge(&context, &acts).expect("an answer").fuel;
        let note = format!("{:.2} of bare (at most {limit}); {fuel} of fuel", ours.median / bare.median);
        line(rows, &format!("`standing`, fresh, {items} items"), ours, "us/call", &note);
        line(rows, &format!("`standing`, bare, {items} items"), bare, "us/call", "");
        if items == 1 {
            line(rows, "`standing`, instantiate and drop", floor, "us", "");
        }
    }
}

/// A borrower's debts by the same rule, in this program.
fn natively(context: &types::Context, acts: &[types::Act]) -> usize {
    let Some(found) = context.found.first() else { return 0 };
    let spans = found.starts.iter().zip(found.starts.iter().skip(1)).take(acts.len());
    let late = |row: &u32| {
        let promise = context.commitments.get(*row as usize);
        promise.is_some_and(|promise| !promise.finished && promise.due.is_some_and(|due| due < context.now))
    };
    spans
        .map(|(from, to)| {
            let rows = found.rows.get(*from as usize..*to as usize).unwrap_or_default();
            rows.iter().filter(|row| late(row)).count()
        })
        .sum()
}

/// The rule that `plugin new` writes, in both languages; one is left out where it cannot be built here.
fn languages(rows: &mut Vec<Json>, sandbox: &Arc<Sandbox>, standing: &Plugin) {
    let work = Folder::new("bench-languages");
    let built = |language: kit::Language, name: &str| {
        let folder = work.join(name);
        kit::new(&folder, valueflows::Surface::Access, language).expect("a folder");
        let built = kit::build(&folder, &tests::root().join("target/guests")).ok()?;
        std::fs::write(work.join(&format!("{name}.wasm")), &built.component).expect("a file");
        Some(loaded(sandbox, &work.join(&format!("{name}.wasm"))))
    };
    for (name, language) in [("rust", kit::Language::Rust), ("js", kit::Language::Js)] {
        let Some(plugin) = built(language, &format!("in-{name}")) else {
            println!("the new plugin in {name} could not be built here: its rows are left out");
            continue;
        };
        let need = plugin.manifest.needs.first().map(|need| need.name.clone());
        for items in [1usize, 100] {
            let (mut context, acts) = asked(items);
            for found in &mut context.found {
                found.need = need.clone().unwrap_or_default();
            }
            context.settings = settings(&plugin);
            let Ok(answer) = plugin.judge(&context, &acts) else { continue };
            let rounds = if name == "js" { 20 } else { 20_000 / (items + 20) };
            let [ours] =
                in_turns(rounds, &mut [&mut || drop(plugin.judge(&context, &acts).expect("an answer"))]);
            line(
                rows,
                &format!("`plugin new`, in {name}, {items} items"),
                ours,
                "us/call",
                &format!("{} of fuel", answer.fuel),
            );
        }
    }
    for items in [1usize, 100] {
        let (context, acts) = asked(items);
        assert_eq!(natively(&context, &acts), items.div_ceil(3));
        let [native, wasm] = in_turns(
            20_000 / (items + 20),
            &mut [&mut || assert!(std::hint::black_box(natively(&context, &acts)) > 0), &mut || {
                drop(standing.judge(&context, &acts).expect("an answer"))
            }],
        );
        let note = format!("{:.1} us in WebAssembly", wasm.median);
        line(rows, &format!("the like of `standing`, in this program, {items} items"), native, "us", &note);
    }
}

/// Each setting as its manifest has it where nobody says anything.
fn settings(plugin: &Plugin) -> Vec<types::Setting> {
    let number = |spec: &sandbox::SettingSpec| spec.default.as_ref().and_then(Json::as_i64).unwrap_or(1);
    let all = plugin.manifest.settings.iter();
    all.map(|(name, spec)| types::Setting { name: name.clone(), value: types::Value::Number(number(spec)) })
        .collect()
}

/// The same rule in this program and as a calculation, behind one trait.
fn counting(rows: &mut Vec<Json>, rules: &Rules) {
    let bound = rules.bound.iter().find(|bound| bound.binding.plugin == "schulze").expect("schulze");
    for voters in [10usize, 200] {
        let id = |n: usize| Id::v7(n as u64, [7; 16]);
        let mut electorate: Vec<Voter> =
            (0..voters).map(|n| Voter { id: id(n), chambers: Vec::new() }).collect();
        electorate.sort_by_key(|voter| voter.id);
        let rank = |n: usize| (0..5).map(|place| vec![(place * (n % 4 + 1) + n) % 5]).collect();
        let casts: Vec<Cast> =
            (0..voters).map(|n| Cast { voter: id(n), ballot: Ballot::Rank(rank(n)) }).collect();
        let question = Question { options: 5, status_quo: None };
        let mut own = Method::Ranked;
        let [native, wasm] = in_turns(
            200,
            &mut [&mut || drop(own.count(&question, &electorate, &casts)), &mut || {
                // Nothing is remembered: each is a call.
                let (memo, mut ruling) = (Memo::default(), json!({}));
                let mut by = Calculation::new(&memo, bound, &mut ruling).expect("nothing is read");
                drop(by.count(&question, &electorate, &casts).expect("a count"));
            }],
        );
        line(rows, &format!("Schulze, {voters} ballots, in this program"), native, "us", "");
        line(
            rows,
            &format!("Schulze, {voters} ballots, as a calculation"),
            wasm,
            "us",
            "with digest and note",
        );
    }
}

/// The same questions again and again: one answer and one amount of fuel each.
fn replays(rows: &mut Vec<Json>, standing: &Plugin, most: usize) {
    let cases: Vec<_> = (1..=50).map(asked).collect();
    let first: Vec<_> =
        cases.iter().map(|(context, acts)| standing.judge(context, acts).expect("an answer")).collect();
    let (begin, mut different) = (Instant::now(), 0u64);
    for n in 0..most {
        let at = n % cases.len();
        let (context, acts) = &cases[at];
        different += u64::from(standing.judge(context, acts).expect("an answer") != first[at]);
    }
    let each = begin.elapsed().as_secs_f64() * 1e6 / most as f64;
    let each = Median { median: each, low: each, high: each };
    line(
        rows,
        &format!("{most} replays, 1 to 50 items"),
        each,
        "us/call",
        &format!("{different} different in answer or fuel"),
    );
}

/// From bytes that this node has never seen to a plugin on the shelf: the child, the laws, the entry.
async fn installing(rows: &mut Vec<Json>, work: &Folder) {
    let store = store::Store::open_sqlite(&work.join("install.sqlite")).await.expect("a store");
    store.migrate().await.expect("a schema");
    let node = node(store, &work.0, tests::binary());
    let mut runs = Vec::new();
    for n in 0..7 {
        let file = tests::guests::version(&work.0, "standing", &format!("9.0.{n}"));
        let bytes = std::fs::read(file).expect("a plugin");
        let begin = Instant::now();
        node.install_package(&bytes, &[]).await.expect("it is installed");
        runs.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    line(rows, "installing `standing`, laws and entry included", median(runs), "ms", "");
    node.close().await;
}

/// Acts a second while nothing changes, and while the rules switch between two versions all the time.
fn switching(rows: &mut Vec<Json>, work: &Folder, seconds: f64) {
    let town = Town::with_two_versions("bench-switching", work);
    let seat = Seat::at(town.base(), &town.tools);
    let run = |round: u32, switches: bool| {
        let acknowledged = Arc::new(Acknowledged::default());
        let writers = Writers::start(&[town.base().to_owned()], &seat, (8, 1), round, &acknowledged);
        let (begin, mut switched) = (Instant::now(), 0);
        while begin.elapsed().as_secs_f64() < seconds {
            match switches {
                true => {
                    town.switch();
                    switched += 2;
                }
                false => std::thread::sleep(Duration::from_millis(20)),
            }
        }
        let rate = acknowledged.commands() as f64 / begin.elapsed().as_secs_f64();
        writers.stop();
        (Median { median: rate, low: rate, high: rate }, switched)
    };
    let (quiet, _) = run(1, false);
    let (busy, switched) = run(2, true);
    line(rows, "acts over HTTP, 8 callers, rules at rest", quiet, "acts/s", "");
    line(rows, "the same while rules switch", busy, "acts/s", &format!("{switched} switches, no act failed"));
}

fn main() {
    let (cpu, rustc) = machine();
    println!("{cpu}; {rustc}\n");
    let (sandbox, work, mut rows) =
        (Arc::new(Sandbox::new().expect("a sandbox")), Folder::new("bench-plugins"), Vec::new());
    let standing = loaded(&sandbox, &tests::plugins().join("standing.wasm"));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        fresh(&mut rows, &standing);
        languages(&mut rows, &sandbox, &standing);
        replays(&mut rows, &standing, option("--replays", 100_000.0) as usize);
        installing(&mut rows, &work).await;
    });
    let rules = runtime.block_on(bench::library::counting_rules(&work.0));
    runtime.block_on(async { counting(&mut rows, &rules) });
    switching(&mut rows, &work, option("--seconds", 5.0));
}
