//! Laws of the journal: canonical bytes, the Merkle log against another implementation, erasure.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use journal::{Body, Checkpoint, Digest, Entry, Frontier, Signer, canonical, merkle};
use proptest::prelude::*;
use serde_json::json;
use valueflows::{Id, Instant};

fn leaves(n: usize) -> Vec<Digest> {
    (0..n).map(|n| merkle::leaf(&n.to_be_bytes())).collect()
}

/// Any JSON: names and texts with quotes, controls and letters of every plane, numbers of every size.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let text = || "[a-zA-Z\\\\\"/\u{0}-\u{1f}\u{7f}\u{e9}\u{2028}\u{fb33}\u{1F6E0}]{0,6}";
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|flag| json!(flag)),
        any::<i64>().prop_map(|n| json!(n)),
        (-9_007_199_254_740_993i64..9_007_199_254_740_993).prop_map(|n| json!(n)),
        text().prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(|list| json!(list)),
            proptest::collection::vec((text(), inner), 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn frontier_and_tree_agree_with_another_implementation(n in 0usize..200) {
        let mut frontier = Frontier::default();
        let mut other: MemoryBackedTree<sha2::Sha256, [u8; 8]> = MemoryBackedTree::new();
        for (number, leaf) in leaves(n).into_iter().enumerate() {
            frontier.push(leaf);
            other.push(number.to_be_bytes());
        }
        prop_assert_eq!(frontier.root(), merkle::root(&leaves(n)));
        let theirs = other.root().as_bytes().to_vec();
        prop_assert_eq!(frontier.root().0.to_vec(), theirs);
        prop_assert_eq!(Frontier::from_bytes(n as u64, &frontier.to_bytes()), Some(frontier));
    }

    #[test]
    fn canonical_bytes_are_those_of_the_library(value in any_json()) {
        prop_assert_eq!(canonical::bytes(&value).unwrap(), canonical::bytes_of_any(&value).unwrap());
    }

    #[test]
    fn inclusion_proofs_prove_their_leaf_and_no_other(n in 1usize..130, at in 0usize..130, other in 0usize..130) {
        let (leaves, at) = (leaves(n), at % n);
        let (root, path) = (merkle::root(&leaves), merkle::inclusion(&leaves, at).unwrap());
        prop_assert!(merkle::includes(&root, n as u64, at as u64, &leaves[at], &path));
        if other % n != at {
            prop_assert!(!merkle::includes(&root, n as u64, at as u64, &leaves[other % n], &path));
        }
        prop_assert!(!merkle::includes(&root, n as u64, n as u64 + 1, &leaves[at], &path));
    }

    #[test]
    fn consistency_proofs_match_another_implementation(n in 2usize..130, old in 1usize..130) {
        let old = 1 + old % (n - 1);
        let mut other: MemoryBackedTree<sha2::Sha256, [u8; 8]> = MemoryBackedTree::new();
        (0..n).for_each(|number| other.push(number.to_be_bytes()));
        let ours: Vec<u8> = merkle::consistency(&leaves(n), old).unwrap().iter().flat_map(|digest| digest.0).collect();
        let theirs = other.prove_consistency(n - old).as_bytes().to_vec();
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn any_bytes_are_read_or_refused_without_dying(bytes: Vec<u8>) {
        let _ = canonical::parse(&bytes);
    }
}

#[test]
fn what_could_be_read_in_two_ways_is_refused() {
    let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
    for text in [
        r#"{"a":1,"a":1}"#,
        "1.5",
        "1e3",
        "9007199254740992",
        "-9007199254740992",
        "[1",
        "nul",
        "",
        &deep,
        "1 2",
    ] {
        assert!(canonical::parse(text.as_bytes()).is_err(), "{text}");
    }
    assert_eq!(
        canonical::parse(b" {\"b\": [true, null], \"a\": -1} ").unwrap(),
        json!({"a": -1, "b": [true, null]})
    );
}

fn entry(personal: serde_json::Value) -> Entry {
    let body = Body { books: json!({"amount": 1}), personal };
    let place = (Id([1; 16]), 7, Instant(5));
    Entry::seal(place, Digest::default(), Id([2; 16]), &body, ([3; 16], [4; 16])).unwrap()
}

#[test]
fn erasing_the_personal_part_changes_no_hash() {
    let whole = entry(json!({"name": "Ines"}));
    let erased = Entry { personal: None, ..whole.clone() };
    assert_eq!(whole.hash().unwrap(), erased.hash().unwrap());
    assert!(erased.is_erased() && !whole.is_erased() && !entry(json!(null)).is_erased());
    assert!(erased.check_personal().is_ok());
    let changed = Entry { personal: Some((b"{}".to_vec(), [4; 16])), ..whole.clone() };
    assert!(changed.check_personal().is_err());
    let other = Entry { books: b"{\"amount\":2}".to_vec(), ..whole.clone() };
    assert_ne!(other.hash().unwrap(), whole.hash().unwrap());
    assert!(Entry { format: 99, ..whole }.body().is_err());
}

#[test]
fn a_checkpoint_is_its_own_and_its_key_s() {
    let signer = Signer::new("node", &[7; 32]);
    let checkpoint = Checkpoint { network: Id([1; 16]), size: 3, root: Digest([9; 32]) };
    let note = signer.sign(&checkpoint);
    checkpoint.check(&note, &signer.public()).unwrap();
    assert!(Checkpoint { size: 4, ..checkpoint }.check(&note, &signer.public()).is_err());
    assert!(checkpoint.check(&note, &Signer::new("node", &[8; 32]).public()).is_err());
    assert!(checkpoint.check(&note.replace("node", "toad"), &signer.public()).is_err());
    assert!(checkpoint.check(&note[..note.len() - 8], &signer.public()).is_err());
}

#[test]
fn an_entry_is_only_so_large() {
    let body =
        Body { books: json!({"note": "n".repeat(journal::limits::ENTRY_BYTES_MAX)}), personal: json!(null) };
    let place = (Id([1; 16]), 7, Instant(5));
    let sealed = Entry::seal(place, Digest::default(), Id([2; 16]), &body, ([3; 16], [4; 16]));
    assert!(matches!(sealed, Err(journal::JournalError::TooLarge { .. })));
}
