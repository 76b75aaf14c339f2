//! The door of the sandbox: what is no plugin is turned away with its reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use sandbox::structure::Structure;
use sandbox::{AdmissionError, Sandbox, Scrutiny, admission, limits};

fn section(name: &str, data: &[u8]) -> Vec<u8> {
    let leb = |mut n: usize| {
        let mut bytes = Vec::new();
        while n > 127 {
            bytes.push((n & 127) as u8 | 128);
            n >>= 7;
        }
        bytes.push(n as u8);
        bytes
    };
    let body = [leb(name.len()), name.as_bytes().to_vec(), data.to_vec()].concat();
    [vec![0], leb(body.len()), body].concat()
}

fn manifest(world: &str) -> Vec<u8> {
    let json = format!(r#"{{"name":"x","version":"0","world":"{world}","title":"x","licence":"MIT"}}"#);
    section(sandbox::manifest::SECTION, json.as_bytes())
}

fn component(text: &str, sections: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = wat::parse_str(text).unwrap();
    sections.iter().for_each(|section| bytes.extend_from_slice(section));
    bytes
}

#[test]
fn what_is_no_plugin_is_turned_away() {
    let sandbox = Arc::new(Sandbox::new().unwrap());
    let wasi = r#"(component (import "wasi:clocks/wall-clock@0.2.0" (instance (export "now" (func (result u64))))))"#;
    type Right = fn(&AdmissionError) -> bool;
    let bomb = "(component (core module $m (table 20000 funcref)) (core instance (instantiate $m)))";
    let table: [(&str, Vec<u8>, Right); 10] = [
        ("nothing", Vec::new(), |e| matches!(e, AdmissionError::NotComponent(_))),
        ("text", b"not wasm at all".to_vec(), |e| matches!(e, AdmissionError::NotComponent(_))),
        ("a core module", component("(module)", &[manifest("access")]), |e| {
            matches!(e, AdmissionError::NotComponent(_))
        }),
        ("no manifest", component("(component)", &[]), |e| matches!(e, AdmissionError::Manifest(_))),
        ("two manifests", component("(component)", &[manifest("access"), manifest("access")]), |e| {
            matches!(e, AdmissionError::Manifest(_))
        }),
        ("an unknown world", component("(component)", &[manifest("everything")]), |e| {
            matches!(e, AdmissionError::Manifest(_))
        }),
        (
            "an import",
            component(r#"(component (import "f" (func)))"#, &[manifest("access")]),
            |e| matches!(e, AdmissionError::Imports(name) if name == "f"),
        ),
        (
            "a clock",
            component(wasi, &[manifest("access")]),
            |e| matches!(e, AdmissionError::Imports(name) if name.starts_with("wasi:clocks")),
        ),
        (
            "a table of more than any rule has",
            component(bomb, &[manifest("access")]),
            |e| matches!(e, AdmissionError::Compile(said) if said.contains("table")),
        ),
        ("no exports", component("(component)", &[manifest("pricing")]), |e| {
            matches!(e, AdmissionError::World { .. })
        }),
    ];
    for (what, bytes, is_right) in table {
        match admission::admit(&sandbox, &bytes, Scrutiny::Stranger) {
            Err(error) => assert!(is_right(&error), "{what}: {error}"),
            Ok(_) => panic!("{what} was admitted"),
        }
    }
    let huge = vec![0; sandbox::limits::COMPONENT_BYTES_MAX + 1];
    assert!(matches!(
        admission::admit(&sandbox, &huge, Scrutiny::Stranger),
        Err(AdmissionError::TooLarge { .. })
    ));
    let cut = component("(component (core module (func)))", &[manifest("access")]);
    for length in 0..cut.len() {
        assert!(admission::admit(&sandbox, &cut[..length], Scrutiny::Stranger).is_err(), "cut at {length}");
    }
}

/// A child that does something else than admit.
fn child(name: &str, script: &str) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = std::env::temp_dir().join(format!("reflow-child-{}-{name}", std::process::id()));
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    path
}

#[test]
fn a_child_that_hangs_floods_or_dies_admits_nothing() {
    // What it does, and what the answer says.
    let table = [
        ("hangs", "exec sleep 600", "longer than 1 seconds"),
        ("floods", "exec yes", "too much code"),
        ("dies", "exit 7", "before it had an answer"),
        ("lies", "printf 'xxxxxxxxxxxxxxxxxxxxxxxx'", "before it had an answer"),
        ("is-killed", "kill -9 $$", "signal: 9"),
    ];
    for (name, script, says) in table {
        let program = child(name, script);
        let wall = std::time::Duration::from_secs(if name == "hangs" { 1 } else { 60 });
        let error = admission::admit_within(&program, "x", (b"whatever", Scrutiny::Stranger), wall)
            .unwrap_err()
            .to_string();
        std::fs::remove_file(program).unwrap();
        assert!(error.contains(says), "{name}: {error}");
    }
}

#[test]
fn a_manifest_is_only_so_long() {
    let sandbox = Arc::new(Sandbox::new().unwrap());
    let long = " ".repeat(sandbox::limits::MANIFEST_BYTES_MAX + 1);
    let bytes = component("(component)", &[section(sandbox::manifest::SECTION, long.as_bytes())]);
    let error = admission::admit(&sandbox, &bytes, Scrutiny::Stranger).map(drop).unwrap_err().to_string();
    assert!(error.contains("longer than"), "{error}");
    let needs = r#"{"name":"n","class":"Commitment","by":"clauseOf","of":"agreement","most":5},"#.repeat(40);
    let needs = needs.trim_end_matches(',');
    let json = format!(
        r#"{{"name":"x","version":"0","world":"access","title":"x","licence":"MIT","needs":[{needs}]}}"#
    );
    let bytes = component("(component)", &[section(sandbox::manifest::SECTION, json.as_bytes())]);
    let error = admission::admit(&sandbox, &bytes, Scrutiny::Stranger).map(drop).unwrap_err().to_string();
    assert!(error.contains("more than 32"), "{error}");
}

fn measured(text: String) -> Result<(), AdmissionError> {
    Structure::of(&wat::parse_str(text).unwrap())?.check()
}

#[test]
fn more_than_is_compiled_is_turned_away() {
    let many = |what: &str, n: u64| what.repeat(n as usize);
    let nested = |depth: u64| format!("{}{}", many("(component ", depth), many(")", depth));
    let module = |inside: String| format!("(component (core module {inside}))");
    let locals = |n: u64| module(format!("(func (local {}))", many("i32 ", n)));
    let code = |n: u64| module(format!("(func {})", many("nop ", n)));
    let data = |n: u64| module(format!(r#"(memory 1) (data (i32.const 0) "{}")"#, many("x", n)));
    let memories = |n: u32| format!("(component {})", many("(core module (memory 1))", n.into()));
    let tables = |n: u32| module(many("(table 1 funcref)", n.into()));
    let pages = limits::MEMORY_BYTES_MAX as u64 >> 16;
    // Of what, how much of it is let in, and what has more.
    let table = [
        (
            "core modules",
            limits::MODULES_MAX,
            format!("(component {})", many("(core module)", limits::MODULES_MAX + 1)),
        ),
        ("functions", limits::FUNCTIONS_MAX, module(many("(func)", limits::FUNCTIONS_MAX + 1))),
        ("bytes of code in one function", limits::CODE_BYTES_MAX, code(limits::CODE_BYTES_MAX)),
        ("locals in one function", limits::LOCALS_MAX, locals(limits::LOCALS_MAX + 1)),
        ("bytes of data", limits::DATA_BYTES_MAX, data(limits::DATA_BYTES_MAX)),
        (
            "bytes of memory to begin with",
            limits::MEMORY_BYTES_MAX as u64,
            module(format!("(memory {})", pages + 1)),
        ),
        ("tables", limits::TABLES_MAX.into(), tables(limits::TABLES_MAX + 1)),
        ("levels of components", limits::NESTING_MAX, nested(limits::NESTING_MAX + 2)),
        ("memories", limits::MEMORIES_MAX.into(), memories(limits::MEMORIES_MAX + 1)),
    ];
    for (what, limit, text) in table {
        let error = measured(text).unwrap_err();
        assert_eq!(error.code(), "too-complex", "{what}");
        let said = error.to_string();
        assert!(said.contains(what) && said.contains(&limit.to_string()), "{what}: {said}");
        assert!(!error.remedy().is_empty());
    }
    for fits in [
        locals(limits::LOCALS_MAX),
        module(format!("(memory {pages})")),
        tables(limits::TABLES_MAX),
        memories(limits::MEMORIES_MAX),
        nested(limits::NESTING_MAX + 1),
    ] {
        measured(fits).unwrap();
    }
}
