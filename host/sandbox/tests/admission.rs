//! The door of the sandbox: what is no plugin is turned away with its reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use sandbox::{AdmissionError, Sandbox, admission};

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
    let table: [(&str, Vec<u8>, Right); 9] = [
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
        ("no exports", component("(component)", &[manifest("pricing")]), |e| {
            matches!(e, AdmissionError::World { .. })
        }),
    ];
    for (what, bytes, is_right) in table {
        match admission::admit(&sandbox, &bytes) {
            Err(error) => assert!(is_right(&error), "{what}: {error}"),
            Ok(_) => panic!("{what} was admitted"),
        }
    }
    let huge = vec![0; sandbox::limits::COMPONENT_BYTES_MAX + 1];
    assert!(matches!(admission::admit(&sandbox, &huge), Err(AdmissionError::TooLarge { .. })));
    let cut = component("(component (core module (func)))", &[manifest("access")]);
    for length in 0..cut.len() {
        assert!(admission::admit(&sandbox, &cut[..length]).is_err(), "cut at {length}");
    }
}
