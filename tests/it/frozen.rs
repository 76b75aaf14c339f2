//! What is frozen stays as it is, byte for byte: components that were built for it are asked in its words for ever. Something
//! new is a package of its own beside it.

use sha2::{Digest, Sha256};
use tests::root;

/// Frozen files, each with its digest.
const FROZEN: [(&str, &str); 2] = [
    ("wit/plugin.wit", "0571b478125f0deb993501ff7c0afc147785eeafb9cdb65345d8e7eaed4a944e"),
    ("host/sandbox/draft/plugin.wit", "7a29d42ab82242b0c02d249a38ad9c4a30684db2204a15f379d82662abece800"),
];

#[test]
fn the_interface_0_1_0_is_frozen() {
    for (file, digest) in FROZEN {
        let bytes = std::fs::read(root().join(file)).expect("a frozen file");
        let now: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            now, digest,
            "`{file}` is frozen: put what is new into a package of its own, wit/README.md says how"
        );
    }
    // Whatever else lies there is frozen with the issue that brings it.
    let wit = std::fs::read_dir(root().join("wit")).expect("the interface");
    for entry in wit {
        let name = entry.expect("a file").file_name().to_string_lossy().into_owned();
        let known = FROZEN.iter().any(|(file, _)| *file == format!("wit/{name}"));
        assert!(
            known || name == "README.md",
            "`wit/{name}` is not among what is frozen: add its digest to tests/it/frozen.rs"
        );
    }
}
