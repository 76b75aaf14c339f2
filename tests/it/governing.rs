//! Changing the rules, under attack and by accident: whatever stops the change stops it alone.

use serde_json::json;
use tests::http::Browser;
use tests::town::{Town, edited};
use tests::{Folder, cli, root};

const FEE: [&str; 2] = ["--set", "deposit.late-day=2.00 EUR"];

#[test]
fn nobody_locks_anybody_out() {
    let town = Town::found("lock-out");
    let place = Folder::new("lock-out-rules");
    let amara = town.agent("Amara");
    let only_amara = format!("principal == Agent::\"{amara}\"");
    let member = "permit (\n  principal in Role::\"member\",\n  action in [Action::\"draftAmendment\"";
    let amara_only = format!("permit (\n  {only_amara},\n  action in [Action::\"draftAmendment\"");
    let no_votes = "@id(\"no-votes\") forbid (principal, action == Action::\"castBallot\", resource);\n@id(\"duties-follow\")";
    // What the rules would be: which file says what instead of what; and what is said of them.
    let table = [
        [
            "only whoever wrote it changes rules",
            "library.cedar",
            member,
            &amara_only,
            "nobody but whoever wrote this",
        ],
        [
            "a quorum that nobody reaches",
            "charter.toml",
            "quorum = { heads = 2 }",
            "quorum = { heads = 40 }",
            "and it takes 40",
        ],
        [
            "a role that nobody has votes",
            "charter.toml",
            "voters = [\"member\"]",
            "voters = [\"elder\"]",
            "0 besides whoever wrote this could vote",
        ],
        [
            "more sponsors than there are people",
            "charter.toml",
            "sponsors = 1",
            "sponsors = 30",
            "30 who want it discussed",
        ],
        [
            "a rule that forbids every vote",
            "library.cedar",
            "@id(\"duties-follow\")",
            no_votes,
            "could vote on",
        ],
    ];
    for (n, [what, file, from, to, says]) in table.into_iter().enumerate() {
        let edits = &[(from, to)];
        let rules = edited(&place, &format!("rules-{n}"), file, edits);
        let title = format!("attempt {n}");
        town.draft("Amara", &title, &["--rules", &rules]);
        town.days(8);
        let refused = town.run("Amara", &["--json", "amendment", "freeze", &title]);
        assert_eq!(refused.status, 1, "{what}: {}", refused.out);
        let refused = refused.json();
        assert_eq!(refused["code"], "unsafe-rules", "{what}: {refused}");
        assert!(refused["sentence"].as_str().expect("words").contains(says), "{what}: {refused}");
        town.does("Amara", &["amendment", "withdraw", &title]);
    }
    town.verify();
}

#[test]
fn whoever_comes_after_the_freeze_changes_nothing() {
    let town = Town::found("packing");
    town.to_the_vote("Amara", "fee", &FEE);
    let crowd: Vec<_> =
        (0..50).map(|n| json!({"act": "admit", "name": format!("Friend {n}"), "roles": []})).collect();
    town.acts("Ines", &json!(crowd));
    for friend in ["Friend 0", "Friend 49"] {
        assert_eq!(town.refused(friend, &["amendment", "vote", "fee", "no"]), "not-a-voter");
    }
    town.vote("fee", "yes", &["Amara", "Kofi"]);
    let vote = &town.amendment("fee")["vote"];
    assert_eq!((&vote["couldVote"], &vote["voted"]), (&4.into(), &2.into()), "{vote}");
    town.days(6);
    assert_eq!(town.stands("fee"), "waiting");
    town.verify();
}

#[test]
fn one_change_overtakes_another_and_loses_nothing_of_it() {
    let town = Town::found("overtaken");
    town.to_the_vote("Amara", "first", &FEE);
    town.vote("first", "yes", &["Amara", "Ines", "Jonas"]);
    // While it waits, another one is written on the same rules, voted on, and accepted later.
    town.draft("Kofi", "second", &["--set", "deposit.days-most=20"]);
    town.days(3);
    town.does("Kofi", &["amendment", "freeze", "second"]);
    town.vote("second", "yes", &["Kofi", "Ines"]);
    town.days(3);
    town.days(3);
    assert_eq!(town.stands("first"), "enacted");
    town.days(9);
    assert_eq!(town.stands("second"), "superseded", "it would have undone what was decided meanwhile");
    assert_eq!(town.amendment("second")["vote"]["voted"], 2, "its votes are still there");
    assert_eq!(town.refused("Kofi", &["amendment", "freeze", "second"]), "wrong-status");
    town.does("Kofi", &["amendment", "redraft", "second", "--set", "deposit.days-most=20"]);
    assert_eq!(town.stands("second"), "sponsored");
    town.days(3);
    town.does("Kofi", &["amendment", "freeze", "second"]);
    town.vote("second", "yes", &["Kofi", "Ines"]);
    town.days(6);
    town.days(3);
    assert_eq!(town.stands("second"), "enacted");
    let quote = town.does("Amara", &["quote", "Ladder"]);
    let late = quote["lines"].as_array().expect("lines").iter().find(|line| line["code"] == "late-day");
    assert_eq!(late.expect("a line")["amount"], 200, "both are in force");
    town.verify();
}

#[test]
fn votes_end_as_they_ended() {
    let town = Town::found("endings");
    // Title, who says what, where it ends, what is said.
    type Votes = &'static [(&'static str, &'static [&'static str])];
    let table: &[(&str, Votes, &str, &str)] = &[
        (
            "accepted",
            &[("yes", &["Amara", "Kofi"]), ("no", &["Ines"])],
            "waiting",
            "2 people for it, one person against",
        ),
        (
            "rejected",
            &[("yes", &["Amara"]), ("no", &["Ines", "Jonas"])],
            "rejected",
            "things stay as they are",
        ),
        ("tied", &[("yes", &["Amara"]), ("no", &["Ines"])], "tied", "as many are for it as against it"),
        ("few", &[("yes", &["Amara"])], "no-quorum", "too few took part"),
        (
            "changed",
            &[("no", &["Amara", "Kofi"]), ("yes", &["Kofi", "Amara"])],
            "waiting",
            "2 people for it, nobody against",
        ),
        (
            "abstained",
            &[("yes", &["Amara"]), ("abstain", &["Kofi", "Ines"])],
            "waiting",
            "one person for it, nobody against",
        ),
    ];
    for (n, (title, votes, ..)) in table.iter().enumerate() {
        town.draft("Amara", title, &["--set", &format!("deposit.late-day={}.00 EUR", n + 2)]);
        let _ = votes;
    }
    town.days(3);
    for (title, votes, ..) in table {
        town.does("Amara", &["amendment", "freeze", title]);
        votes.iter().for_each(|(choice, who)| town.vote(title, choice, who));
    }
    town.does("Amara", &["amendment", "withdraw", "few"]);
    assert_eq!(town.refused("Kofi", &["amendment", "vote", "few", "yes"]), "wrong-status");
    town.days(6);
    for (title, _, ends, says) in table.iter().filter(|(title, ..)| *title != "few") {
        let stands = town.amendment(title);
        assert_eq!(stands["status"], *ends, "{title}: {stands}");
        assert!(stands["result"].to_string().contains(says), "{title}: {stands}");
        town.run("Kofi", &["tally", title]).ok();
    }
    assert_eq!(town.stands("few"), "withdrawn");
    assert_eq!(town.refused("Kofi", &["amendment", "vote", "tied", "yes"]), "wrong-status");
    town.verify();
}

#[test]
fn proxies_count_where_they_should() {
    let town = Town::found("proxies");
    town.does("Amara", &["proxy", "new", "Kofi", "--topic", "parameter", "--days", "60"]);
    town.does("Jonas", &["proxy", "new", "Kofi", "--topic", "constitution"]);
    town.does("Ines", &["proxy", "new", "Kofi", "--days", "1"]);
    town.to_the_vote("Kofi", "fee", &FEE);
    town.vote("fee", "yes", &["Kofi"]);
    town.days(6);
    let counted = town.amendment("fee");
    assert_eq!(counted["vote"]["byProxy"], 1, "in aggregate, and of nobody in particular: {counted}");
    let words = counted["result"].to_string();
    assert!(
        words.contains("2 people for it"),
        "Amara's counts; Jonas named other topics, Ines another time: {words}"
    );
    // Whoever votes has voted.
    town.days(3);
    town.to_the_vote("Kofi", "higher fee", &["--set", "deposit.late-day=3.00 EUR"]);
    town.vote("higher fee", "yes", &["Kofi"]);
    town.vote("higher fee", "no", &["Amara", "Jonas"]);
    town.days(6);
    assert_eq!(town.stands("higher fee"), "rejected");
    town.verify();
}

#[test]
fn nothing_of_an_act_that_cannot_be_comes_into_force() {
    let town = Town::found("effects");
    let kofi = town.agent("Kofi");
    let steward = format!("{{\"act\": \"grantRole\", \"member\": \"{kofi}\", \"role\": \"steward\"}}");
    let nobody =
        "{\"act\": \"endRole\", \"member\": \"01926b5e-7d00-8000-8000-000000000002\", \"role\": \"steward\"}";
    let change = ["--set", "deposit.late-day=2.00 EUR", "--effect", &steward, "--effect", nobody];
    town.draft("Amara", "half of it", &change);
    town.days(5);
    town.does("Amara", &["amendment", "freeze", "half of it"]);
    town.vote("half of it", "yes", &["Amara", "Kofi", "Ines"]);
    let before = town.rules();
    town.days(8);
    town.days(3);
    let stands = town.amendment("half of it");
    assert_eq!(stands["status"], "failed", "{stands}");
    assert!(stands["failed"].to_string().contains("nobody who belongs"), "{stands}");
    assert_eq!(town.rules(), before, "the rules are as they were");
    let members = town.does("Ines", &["member", "list"]);
    let roles = &members.as_array().expect("members").iter().find(|one| one["name"] == "Kofi").expect("Kofi")
        ["roles"];
    assert_eq!(*roles, json!(["member"]), "and so are the roles");
    town.verify();
}

#[test]
fn only_a_member_in_person_votes_outside_a_sandbox() {
    let data = Folder::new("in-person");
    let rules = root().join("policies/tool-library").display().to_string();
    let real = ["network", "new", "real", "--rules", &rules, "--steward", "Ines", "--steward", "Jonas"];
    cli(&data.0, None, &real).ok();
    let run = |who: &str, args: &[&str]| {
        let mut all = vec!["--json", "--network", "real", "--as", who];
        all.extend(args);
        cli(&data.0, None, &all)
    };
    // A vote on paper that nobody could cast: the console cannot vote for anybody.
    run("Ines", &["amendment", "new", "fee", "--set", "deposit.late-day=2.00 EUR"]).ok();
    run("Jonas", &["amendment", "sponsor", "fee"]).ok();
    let refused = run("Ines", &["amendment", "vote", "fee", "yes"]);
    assert_eq!(refused.json()["code"], "forbidden", "{}", refused.out);
    assert!(refused.out.contains("A vote is cast by whoever signs in themselves"), "{}", refused.out);
    assert_eq!(run("Ines", &["clock", "advance", "3d"]).status, 1);
    cli(&data.0, None, &["verify"]).ok();
}

#[test]
fn a_pause_stops_everything_and_ends_by_itself() {
    let town = Town::found("pauses");
    let pause = |more: &[&str]| {
        let mut args = vec!["network", "pause", "library", "--because", "a calculation misbehaves"];
        args.extend(more);
        cli(&town.data.0, None, &args)
    };
    assert_eq!(pause(&["--hours", "80"]).status, 1, "three days at the most");
    let quote = town.does("Amara", &["quote", "Ladder"]);
    pause(&["--plugin", "deposit", "--hours", "24"]).ok();
    assert_eq!(
        town.refused("Amara", &["member", "add", "X"]),
        "not-permitted",
        "other acts are judged as ever"
    );
    // No price is shown any more, and one that was shown before is not accepted.
    assert_eq!(town.refused("Amara", &["quote", "Ladder"]), "plugin-paused");
    let accept = json!([{"act": "accept", "intent": quote["intent"], "receiver": town.agent("Amara"),
        "until": quote["until"], "quote": {"digest": quote["digest"], "expires": quote["expires"]}}]);
    let args = ["--network", "library", "--as", "Amara", "--json", "act", "-"];
    let refused = tests::node::cli_with(&town.data.0, None, &args, &accept.to_string());
    assert_eq!(refused.json()["code"], "plugin-paused", "{}", refused.out);
    assert!(refused.out.contains("a calculation misbehaves"), "the reason is said: {}", refused.out);
    pause(&["--hours", "48"]).ok();
    assert_eq!(pause(&[]).status, 1, "paused already");
    assert_eq!(town.refused("Ines", &["member", "add", "X"]), "paused");
    assert_eq!(
        town.refused("Ines", &["clock", "advance", "1d"]),
        "paused",
        "a sandbox's clock is moved by its members"
    );
    cli(&town.data.0, None, &["network", "resume", "library"]).ok();
    assert_eq!(cli(&town.data.0, None, &["network", "resume", "library"]).status, 1, "nothing is paused");
    town.days(2);
    town.lend("Amara", "Ladder", 3);
    // What is the operator's alone is nobody else's.
    let act = json!([{"act": "pause", "kind": "network", "subject": "", "hasEnd": 1, "reason": "x"}]);
    let sent = tests::node::cli_with(&town.data.0, None, &args, &act.to_string());
    assert!(sent.status != 0 && !sent.out.contains("\"made\""), "{}{}", sent.out, sent.err);
    town.verify();
}

#[test]
fn a_network_that_nobody_could_change_is_brought_back_unless_somebody_says_no() {
    let town = Town::found("dormant");
    let place = Folder::new("recovery");
    // Rules by which even one who is left can change something again.
    let alone = [("quorum = { heads = 2 }", "quorum = { heads = 1 }"), ("sponsors = 1", "sponsors = 0")];
    let other = edited(&place, "other", "charter.toml", &alone);
    let recover = |rules: &str| {
        cli(
            &town.data.0,
            None,
            &["--json", "network", "recover", "library", "--rules", rules, "--because", "nobody is left"],
        )
    };
    assert_eq!(recover(&other).json()["code"], "not-dormant");
    // Everybody leaves but one, who has forgotten about it.
    town.days(1);
    for member in ["Amara", "Kofi"] {
        town.run(member, &["member", "leave"]).ok();
    }
    assert_eq!(recover(&other).json()["code"], "not-dormant", "two can still decide");
    town.run("Jonas", &["member", "leave"]).ok();
    let before = town.rules();
    let same = root().join("policies/tool-library").display().to_string();
    assert_eq!(recover(&same).json()["code"], "unsafe-rules", "rules with which nothing is better");
    recover(&other).ok();
    let title = "Recovery of a network that nobody could change any more";
    assert_eq!(town.stands(title), "waiting");
    town.does("Ines", &["amendment", "withdraw", title]);
    assert_eq!(town.stands(title), "withdrawn", "any member says no");
    recover(&other).ok();
    town.days(31);
    assert_ne!(town.rules(), before, "nobody said no");
    town.verify();
}

#[test]
fn a_real_network_votes_on_its_pages() {
    let data = Folder::new("voting-pages");
    let place = Folder::new("voting-rules");
    let quick = [("discussion-days = 2", "discussion-days = 0"), ("heads = 2", "heads = 1")];
    let rules = edited(&place, "quick", "charter.toml", &quick);
    let real = ["network", "new", "real", "--rules", &rules, "--steward", "Ines", "--steward", "Jonas"];
    cli(&data.0, None, &real).ok();
    for name in ["Amara", "Bo"] {
        let args =
            ["--network", "real", "--as", "Ines", "member", "add", name, "--password", "a-long-secret"];
        cli(&data.0, None, &args).ok();
    }
    let node = tests::node::Node::serve(&data.0, None);
    let [amara, bo] = ["Amara", "Bo"].map(|name| Browser::sign_in(&node.base, "real", name, "a-long-secret"));
    amara.get("/n/real/rules").says("How these rules are changed").says("What is here").says("Rule changes");
    let form = amara.get("/n/real/changes/new");
    form.says("Write down a rule change");
    for (field, typed, says) in [
        ("deposit.late-day", "two euros", "This is an amount in a unit of these rules"),
        ("deposit.days-most", "many", "This is a whole number"),
    ] {
        let wrong = amara.submit(&form, "/changes/new", &[("title", "Wrong"), (field, typed)]);
        assert_eq!(wrong.status, 422, "{}", wrong.body);
        wrong.says(says).says(&format!("value=\"{typed}\"")).says("value=\"Wrong\"");
    }
    let change =
        [("title", "Two euros"), ("note", "drills come back late"), ("deposit.late-day", "2.00 EUR")];
    amara.submit(&form, "/changes/new", &change).says("Done");
    let list = amara.get("/n/real/changes");
    let page = list.link("Two euros");
    amara.get(&page).says("1.50 EUR becomes 2.00 EUR").says("drills come back late").says("Written by Amara");
    amara.get(&format!("{page}/what-if")).says("would have been decided as it was");
    bo.submit(&bo.get(&page), "/sponsor", &[]).says("Done");
    amara.submit(&amara.get(&page), "/freeze", &[]).says("Done");
    bo.submit(&bo.get(&page), "/vote", &[("choice", "object"), ("note", "too dear")]).says("Done");
    bo.get(&page)
        .says("which you can change until the vote closes")
        .says("Of 4 people who could vote, one did");
    bo.submit(&bo.get(&page), "/vote", &[("choice", "yes")]).says("Done");
    bo.get(&page).says("Of 4 people who could vote, one did");
    // What a form of somebody else's session, or nonsense, comes to.
    let nonsense = bo.submit(&bo.get(&page), "/vote", &[("choice", "perhaps")]);
    assert_eq!(nonsense.status, 404);
    assert_eq!(amara.get("/n/real/changes/01926b5e-7d00-8000-8000-000000000002").status, 404);
    let pause = ["network", "pause", "real", "--because", "we look into something"];
    cli(&data.0, None, &pause).ok();
    amara.get("/n/real/").says("Everything here is paused until").says("we look into something");
    drop(node);
    cli(&data.0, None, &["verify"]).ok();
}

/// A town that decides about settings by ranking.
fn ranking(name: &str) -> (Town, Folder) {
    let place = Folder::new(&format!("{name}-rules"));
    let majority = "[decisions.parameter]\nrule = { method = \"majority\", quorum = { heads = 2 } }";
    let ranked = majority.replace("\"majority\"", "\"ranked\"");
    let rules = edited(&place, "ranked", "charter.toml", &[(majority, &ranked)]);
    (Town::found_under(name, std::path::Path::new(&rules)), place)
}

#[test]
fn of_several_changes_the_members_choose_one() {
    let (town, _rules) = ranking("rivals");
    let (two, three, four) = ("Two euros", "Three euros", "Four euros");
    town.draft("Amara", two, &["--set", "deposit.late-day=2.00 EUR"]);
    let instead = |who: &str, title: &str, of: &str, change: &str| {
        town.does(who, &["amendment", "new", title, "--set", change, "--instead-of", of]);
        let other = if who == "Jonas" { "Ines" } else { "Jonas" };
        town.does(other, &["amendment", "sponsor", title]);
    };
    instead("Kofi", three, two, "deposit.late-day=3.00 EUR");
    town.days(3);
    // One comes too late to be discussed with the others, and one stands instead of what stands instead.
    instead("Ines", four, two, "deposit.late-day=4.00 EUR");
    let chain = ["amendment", "new", "Five", "--set", "deposit.late-day=5.00 EUR", "--instead-of", three];
    assert_eq!(town.refused("Jonas", &chain), "instead-of-another");
    // Whoever wrote one of them down begins the vote on all that are ready.
    town.does("Kofi", &["amendment", "freeze", three]);
    assert_eq!(
        (&*town.stands(two), &*town.stands(three), &*town.stands(four)),
        ("voting", "voting", "sponsored")
    );
    let shown = town.run("Amara", &["amendment", "show", three]).ok().out;
    assert!(shown.contains("voted on together: 0 is \"Two euros\""), "{shown}");
    assert!(shown.contains("instead of \"Two euros\""), "{shown}");
    assert_eq!(town.refused("Kofi", &["amendment", "withdraw", three]), "voted-together");

    // By the page and by the command line: three before two before things as they are.
    let amara = Browser::sign_in(town.base(), "library", "Amara", "amara-secret");
    let page = format!("/n/library/changes/{}", town.amendment(two)["id"].as_str().expect("an id"));
    let form = amara.get(&page);
    form.says("A place for each").says("Things stay as they are");
    amara.submit(&form, "/vote", &[("option-0", "2"), ("option-1", "1"), ("option-2", "3")]).says("Done");
    for (who, rank) in [("Kofi", "[[1],[0],[2]]"), ("Ines", "[[0],[1],[2]]"), ("Jonas", "[[1],[2],[0]]")] {
        town.does(who, &["amendment", "vote", three, &format!("{{\"rank\":{rank}}}")]);
    }
    town.days(6);
    assert_eq!((&*town.stands(two), &*town.stands(three)), ("rejected", "waiting"));
    let again = town.run("Kofi", &["tally", two]).ok().out;
    assert!(
        again.contains("Accepted: \"Three euros\"") && again.contains("counted again: the same"),
        "{again}"
    );
    town.days(3);
    assert_eq!(town.stands(three), "enacted");
    let (_, price) = town.lend("Amara", "Hammer drill", 3);
    assert_eq!(price, 300);
    // What came too late stands on rules that are no more.
    town.days(3);
    assert_eq!(town.refused("Ines", &["amendment", "freeze", four]), "superseded");
    town.verify();
}

#[test]
fn where_one_decides_by_yes_or_no_changes_are_voted_on_one_at_a_time() {
    let town = Town::found("one-at-a-time");
    town.draft("Amara", "Two euros", &FEE);
    let instead =
        ["amendment", "new", "Three", "--set", "deposit.late-day=3.00 EUR", "--instead-of", "Two euros"];
    assert_eq!(town.refused("Kofi", &instead), "one-at-a-time");
}

#[test]
fn what_nobody_renews_ends_and_what_the_constitution_forbids_is_no_effect() {
    let place = Folder::new("sunset-rules");
    let setting = "breaker = \"as-it-is\"\nreview-days = 365\n\n[decisions.rule]";
    let ends = setting.replace("review-days = 365", "review-days = 20\nsunset = true");
    let rules = edited(&place, "ends", "charter.toml", &[(setting, &ends)]);
    let constitution = std::path::Path::new(&rules).join("constitution.cedar");
    let text = std::fs::read_to_string(&constitution).expect("a rule set");
    let no_king = "@id(\"no-king\") @title(\"Nobody is made king\") @why(\"x\") @remedy(\"x\")\n\
        forbid (principal, action == Action::\"grantRole\", resource) when { context.role == \"king\" };\n";
    std::fs::write(&constitution, format!("{text}\n{no_king}")).expect("written");
    let town = Town::found_under("sunset", std::path::Path::new(&rules));
    let founded = town.rules();

    // A vote that would make a king does not begin.
    let effect = format!(r#"{{"act":"grantRole","member":"{}","role":"king"}}"#, town.agent("Kofi"));
    town.draft("Amara", "A king", &["--effect", &effect]);
    town.days(5);
    assert_eq!(town.refused("Amara", &["amendment", "freeze", "A king"]), "against-constitution");

    // In force for twenty days, renewed once, and not again.
    let title = "Two euros";
    town.to_the_vote("Amara", title, &FEE);
    town.vote(title, "yes", &["Amara", "Kofi", "Ines"]);
    town.days(6);
    town.days(3);
    let amended = town.rules();
    assert_ne!(amended, founded);
    assert_eq!(town.refused("Kofi", &["amendment", "renew", title]), "wrong-status");
    town.days(21);
    assert_eq!((&*town.stands(title), town.rules()), ("review-due", amended.clone()));
    town.does("Kofi", &["amendment", "renew", title]);
    assert_eq!(town.stands(title), "enacted");
    town.days(21);
    assert_eq!(town.stands(title), "review-due");
    // A month to say so; then the rules are again what they were.
    town.days(29);
    assert_eq!(town.rules(), amended);
    town.days(2);
    assert_eq!((&*town.stands(title), town.rules()), ("sunset", founded));
    town.verify();
}
