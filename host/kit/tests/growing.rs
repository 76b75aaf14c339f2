//! Components that grow at run time past what an instance may have: made by hand, since no compiler makes a rule that does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::sync::Arc;

use sandbox::admission::{self, Scrutiny};
use sandbox::{AdmissionError, Manifest, Sandbox};
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A plugin on `access` that does something and answers nothing, which is right where nothing is asked.
fn plugin(does: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
          (memory (export "memory") 4)
          (table $table 1 funcref)
          (global $top (mut i32) (i32.const 4096))
          (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
            (local $at i32)
            (local.set $at (i32.and (i32.add (global.get $top) (i32.const 15)) (i32.const -16)))
            (global.set $top (i32.add (local.get $at) (local.get 3)))
            (local.get $at))
          (func (export "reflow:plugin/gate@0.1.0#check-settings") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
          (func (export "reflow:plugin/gate@0.1.0#judge") (param i32) (result i32)
            {does}
            (i32.const 1024)))"#
    );
    let mut module = wat::parse_str(text).unwrap();
    let mut resolve = Resolve::default();
    let package = resolve.push_str("plugin.wit", include_str!("../../../wit/plugin.wit")).unwrap();
    let world = resolve.select_world(&[package], Some("access")).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    let manifest =
        br#"{"name": "growing", "version": "0.1.0", "world": "access", "title": "Growing", "licence": "MIT",
                        "facts": {"group": "Growing", "facts": [{"name": "calm", "kind": "flag"}]}}"#;
    kit::wrap(Manifest::parse(manifest).unwrap(), &module).unwrap().component
}

#[test]
fn an_instance_grows_only_so_far() {
    let sandbox = Arc::new(Sandbox::new().unwrap());
    let table = |n: usize| format!("(drop (table.grow $table (ref.null func) (i32.const {n})))");
    let memory = |mib: usize| format!("(drop (memory.grow (i32.const {})))", mib << 4);
    let most = sandbox::limits::TABLE_ELEMENTS_MAX;
    // What it does, and the class of its failure; none: it is turned away by the first law, since it answers nothing.
    let rows = [
        (String::new(), None),
        (table(most - 1), None),
        (table(most), Some("memory")),
        (table(most / 2).repeat(3), Some("memory")),
        // Growing costs by what is asked for.
        (table(1_000_000_000), Some("fuel")),
        (memory(10), None),
        (memory(10).repeat(2), Some("memory")),
        (memory(17), Some("memory")),
    ];
    for (does, class) in rows {
        let said = admission::admit(&sandbox, &plugin(&does), Scrutiny::Stranger).map(drop).unwrap_err();
        match (class, &said) {
            (None, AdmissionError::Law(_)) => {}
            (Some(class), AdmissionError::Trial(why)) => {
                assert!(why.contains(&format!("failed ({class})")), "{does}: {why}");
            }
            _ => panic!("{does}: {said}"),
        }
    }
}
