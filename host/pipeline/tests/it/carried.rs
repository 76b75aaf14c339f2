//! Files that carry networks, as hostile hands make them: each is refused before anything is written.

use std::io::{Read, Write};
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use pipeline::carry::{self, CarryError, Open};
use pipeline::limits::MEMBER_BYTES_MAX;

/// A file of such members; `claimed` is the size that each header claims, where it lies.
fn file(members: &[(&str, &str, Option<u64>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, text, claimed) in members {
        let mut header = tar::Header::new_gnu();
        header.set_path(name).unwrap();
        header.set_size(claimed.unwrap_or(text.len() as u64));
        header.set_mode(0o600);
        header.set_cksum();
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(text.as_bytes());
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes.resize(bytes.len() + 1_024, 0);
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(&bytes).unwrap();
    gz.finish().unwrap()
}

fn check(bytes: Vec<u8>) -> CarryError {
    let open: Open = Arc::new(move || -> std::io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(std::io::Cursor::new(bytes.clone())))
    });
    carry::check(&open).unwrap_err()
}

#[test]
fn what_is_no_such_file_is_named() {
    let manifest = r#"{"format":1,"kind":"backup","made":0,"program":"x","networks":[]}"#;
    let end = r#"{"members":1,"sha256":"00"}"#;
    let large = Some(MEMBER_BYTES_MAX + 1);
    let table = [
        ("another file", file(&[("notes.txt", "hello", None)]), "Foreign"),
        ("a newer one", file(&[("reflow.json", "{\"format\":2}", None)]), "Foreign"),
        ("no end", file(&[("reflow.json", manifest, None)]), "Truncated"),
        ("another end", file(&[("reflow.json", manifest, None), ("end.json", end, None)]), "Changed"),
        (
            "more after its end",
            file(&[("reflow.json", manifest, None), ("end.json", end, None), ("x", "y", None)]),
            "Changed",
        ),
        (
            "a member that claims too much",
            file(&[("reflow.json", manifest, large)]),
            "larger than any member",
        ),
        ("no archive", b"hello, hello, hello".to_vec(), "Changed"),
        ("nothing", Vec::new(), "Truncated"),
    ];
    for (what, bytes, says) in table {
        let refused = check(bytes);
        assert!(format!("{refused:?}").contains(says), "{what}: {refused:?}");
    }
}
