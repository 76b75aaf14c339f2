//! Writing rules on a page: looked at, put in order, tried, written down; and what cannot be read.

use tests::http::{Answer, Browser};
use tests::town::Town;

use crate::founded::NETWORK;
use crate::taking_part::{page, path_with};

const RULE: &str = "@id(\"no-long-loans\") @title(\"Nobody borrows for longer than four days\")\n@why(\"Others wait.\") @remedy(\"Borrow it again.\")\nforbid (principal, action==Action::\"borrow\", resource) when{context.days>4};";

#[test]
fn a_rule_is_written_looked_at_and_brought_to_a_vote() {
    let town = Town::found("rules-desk");
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let list = amara.get(&page("changes/rules"));
    list.says("Members borrow for themselves");
    assert!(!list.body.contains("protected-delegation"), "what is protected is not offered");
    let send = |page: &Answer, step: &str, rule: &str, more: &[(&str, &str)]| {
        let fields = [&[("do", step), ("rule", rule)][..], more].concat();
        amara.submit(page, "/changes/rules/", &fields)
    };
    let form = amara.get(&page("changes/rules/new"));
    let looked = send(&form, "look", RULE, &[]);
    looked.says("New: Nobody borrows for longer than four days.").says("What became of it when it was tried");
    looked.says("stories").says("days&#62;4");
    send(&form, "format", RULE, &[]).says("action == Action::&#34;borrow&#34;").says("context.days &#62; 4");
    // What cannot be read, with what was typed; nothing is written down without a title.
    let nested =
        format!("permit(principal, action, resource) when {{ {}true{} }};", "(".repeat(500), ")".repeat(500));
    let long = format!("// {}\n{RULE}", "x".repeat(10_240));
    for (rule, says) in [
        ("forbid (principal, action, resource", "It cannot be read like this"),
        ("forbid (principal, action, resource);", "`@id`"),
        ("@id(\"x\") forbid (principal, action == Action::\"fly\", resource);", "validation"),
        ("@id(\"members-borrow\") forbid (principal, action, resource);", "another rule"),
        ("@id(\"x\") permit (principal == ?principal, action, resource);", "template"),
        (nested.as_str(), "deep"),
        ("<script>", "&#60;script&#62;"),
        (long.as_str(), "at most 10240 bytes"),
    ] {
        let answer = send(&form, "look", rule, &[]);
        assert_eq!(answer.status, 422, "{rule}: {}", answer.body);
        answer.says(says);
    }
    assert_eq!(send(&form, "write", RULE, &[]).status, 422);
    // Rules that lock everybody out of changing them are seen for what they are.
    let locked =
        "@id(\"x\") @title(\"Nobody votes\") forbid (principal, action == Action::\"castBallot\", resource);";
    send(&form, "look", locked, &[]).says("Why it cannot be in force");
    let change = send(&form, "write", RULE, &[("title", "Shorter loans"), ("note", "So that more get one")]);
    change.says("Shorter loans").says("New: Nobody borrows for longer than four days.");
    // A second rule goes into the same change; the first stays in it.
    let into = path_with(&amara.get(&page("changes")), "/changes/0");
    let into = into.rsplit('/').next().expect("an id").to_owned();
    let next = amara.get(&page(&format!("changes/rules/members-borrow?into={into}")));
    next.says("selected");
    let gone = send(&next, "write", "", &[("into", &into)]);
    gone.says("No longer: Members borrow for themselves").says("New: Nobody borrows");
    // Somebody else's change is none to write into: what they write stays their own.
    town.does("Ines", &["member", "account", "Ines", "--password", "ines-secret"]);
    let ines = Browser::sign_in(town.base(), NETWORK, "Ines", "ines-secret");
    let hers = ines.get(&page(&format!("changes/rules/members-borrow?into={into}")));
    let no = ines.submit(&hers, "/changes/rules/", &[("do", "write"), ("rule", RULE), ("into", &into)]);
    no.says("That was not possible");
    for missing in ["changes/rules/protected-delegation", "changes/rules/none-such"] {
        assert_eq!(amara.get(&page(missing)).status, 404, "{missing}");
    }
    assert_eq!(amara.post(&page("changes/rules/new"), &[("rule", RULE)]).status, 403);
    town.verify();
}
