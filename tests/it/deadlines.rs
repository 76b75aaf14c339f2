//! Time is part of the books: what falls due is carried out on its own, once, and replayed without a clock.

use serde_json::json;
use tests::node::{Node, cli_with};
use tests::{Folder, cli, root};

use crate::founded::made;

fn entries(data: &std::path::Path) -> u64 {
    cli(data, None, &["--json", "network", "list"]).ok().json()[0]["entries"].as_u64().expect("a number")
}

#[test]
fn an_idle_lane_carries_out_what_falls_due() {
    let data = Folder::new("due");
    let rules = root().join("policies/open-books").display().to_string();
    let founded = cli(
        &data.0,
        None,
        &["--json", "network", "new", "real", "--rules", &rules, "--steward", "Ines", "--steward", "Jonas"],
    );
    let founding = founded.ok().json();
    let ines = made(&founding["receipt"], "Person");
    let library = made(&founding["receipt"], "Organization");
    let unit = made(&founding["receipt"], "Unit");
    let promise = |due: i64| {
        json!([{"act": "commit", "fields": {"action": "transfer", "provider": ines, "receiver": library, "due": due,
            "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": unit}}}])
    };
    let node = Node::serve(&data.0, None);
    #[expect(clippy::disallowed_methods, reason = "the node's clock is the real one here")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    let now = i64::try_from(now.as_micros()).expect("before 2255");
    let act = |due| {
        let args = ["--network", "real", "--as", "Ines", "--json", "act", "-"];
        cli_with(&data.0, None, &args, &promise(due).to_string()).ok().json()
    };
    // One falls due in a moment, one in a year: the first makes an entry of its own, nobody asking.
    act(now + 1_500_000);
    act(now + 365 * 86_400_000_000);
    let before = entries(&data.0);
    assert_eq!(before, 3, "founding and two promises");
    let mut tries = 0;
    while entries(&data.0) == before {
        tries += 1;
        assert!(tries < 3_000, "the deadline was not carried out");
    }
    assert_eq!(entries(&data.0), 4);
    drop(node);
    // It is carried out once, whatever happens next.
    let node = Node::serve(&data.0, None);
    act(now + 365 * 86_400_000_000);
    assert_eq!(entries(&data.0), 5);
    drop(node);
    let verified = cli(&data.0, None, &["--network", "real", "verify"]).ok();
    assert!(
        verified.out.contains("verified: 5 entries") && verified.out.contains(", 0 differences"),
        "{}",
        verified.out
    );
}

#[test]
fn a_sandbox_catches_up_in_due_order_day_by_day() {
    let data = Folder::new("days");
    let library = crate::founded::found(&data.0, None);
    let quote = |days: &str| {
        let args = ["--network", "library", "--as", "Amara", "--json", "quote", "Ladder", "--days", days];
        cli(&data.0, None, &args).ok().json()
    };
    let quote = quote("7");
    let act = |agent, acts| crate::founded::act(&data.0, None, agent, &acts);
    let accepted = act(
        "Amara",
        json!([{"act": "accept", "intent": quote["intent"], "receiver": library.amara,
        "until": quote["until"], "quote": {"digest": quote["digest"], "expires": quote["expires"]}}]),
    );
    let agreement = made(&accepted, "Agreement");
    let loan = accepted["made"].as_array().expect("made")[1][1].clone();
    let one = json!({"hasNumericalValue": "1", "hasUnit": library.piece});
    let owner = made(&library.founding["receipt"], "Organization");
    act(
        "Ines",
        json!([{"act": "record", "event": {"action": "transferCustody", "provider": owner, "receiver": library.amara,
        "resourceInventoriedAs": library.ladder, "toResourceInventoriedAs": library.ladder, "resourceQuantity": one,
        "fulfills": [loan], "realizationOf": agreement}}]),
    );
    let before = entries(&data.0);
    // Seven days: on the instant itself nothing is late. Ten: three days are begun past it, and a fourth
    // would begin only after this very instant.
    let advance =
        |by: &str| cli(&data.0, None, &["--network", "library", "--as", "Ines", "clock", "advance", by]).ok();
    advance("7d");
    assert_eq!(entries(&data.0), before + 1, "only the clock moved");
    advance("3d");
    assert_eq!(entries(&data.0), before + 2 + 3, "three days were begun, an entry each");
    assert!(library.euro != library.piece && !library.ines.is_empty());
    cli(&data.0, None, &["verify"]).ok();
}
