//! What `plugins/standing` is asked, here and beside other engines.

use sandbox::types;

/// Promises of one borrower an item, every third of them late.
pub fn asked(items: usize) -> (types::Context, Vec<types::Act>) {
    let promise = |n: usize| types::Commitment {
        action: types::Action::TransferCustody,
        provider: Some(0),
        receiver: Some(0),
        stock: None,
        spec: None,
        quantity: None,
        effort: None,
        classes: vec!["return".into()],
        agreement: None,
        begins: None,
        ends: None,
        due: Some(if n.is_multiple_of(3) { 5 } else { 15 }),
        created: 1,
        finished: false,
    };
    let context = types::Context {
        now: 10,
        agents: vec![types::Agent { organization: false, place: None }],
        commitments: (0..items).map(promise).collect(),
        found: vec![types::Found {
            need: "promises".into(),
            starts: (0..=items as u32).collect(),
            rows: (0..items as u32).collect(),
            cut: Vec::new(),
        }],
        ..types::Context::nothing()
    };
    let act = types::Act {
        name: "borrow".into(),
        principal: 0,
        action: None,
        provider: None,
        receiver: Some(0),
        stock: None,
        spec: None,
        agreement: None,
        quantity: None,
        effort: None,
        begins: None,
        ends: None,
        due: None,
    };
    (context, vec![act; items])
}
