//! What a node makes of a plugin's manifest and of its answers: settings as they are bounded, needs as they are narrowed,
//! prices as they can be.

use serde_json::{Value as Json, json};
use tests::guests::edited;
use tests::node::cli_with;
use tests::town::{self, Town};
use tests::{Folder, Outcome, cli};

const RULES: &str = r#"
@id("members") permit (principal in Role::"member", action, resource);
"#;

/// Founds a network under the policies, with one plugin out of a folder.
fn found(data: &Folder, name: &str, plugin: &str, policies: &str) -> Outcome {
    let rules = data.join(&format!("rules-{name}"));
    std::fs::create_dir_all(&rules).expect("a folder for rules");
    let units = "[[units]]\nlabel = \"piece\"\nsymbol = \"pc\"\ndecimals = 0\n\
                 [[units]]\nlabel = \"EUR\"\nsymbol = \"e\"\ndecimals = 2\n";
    let charter = format!("name = \"{name}\"\ntitle = \"A test.\"\n{units}[[plugins]]\n{plugin}\n");
    std::fs::write(rules.join("charter.toml"), charter + &tests::decisions())
        .expect("the charter is written");
    std::fs::write(rules.join("rules.cedar"), policies).expect("the rules are written");
    let (rules, plugins) = (rules.display().to_string(), data.0.display().to_string());
    let args = [
        "--json",
        "--plugins",
        &plugins,
        "network",
        "new",
        name,
        "--rules",
        &rules,
        "--sandbox",
        "--steward",
        "Ines",
    ];
    cli(&data.0, None, &args)
}

/// What was made at founding, by class.
fn made(founding: &Json, class: &str) -> Json {
    let rows = founding["receipt"]["made"].as_array().expect("made").clone();
    rows.iter().find(|row| row[0] == class).expect("made at founding")[1].clone()
}

fn act(data: &Folder, network: &str, acts: &Json) -> Outcome {
    cli_with(&data.0, None, &["--network", network, "--as", "Ines", "--json", "act", "-"], &acts.to_string())
}

#[test]
fn settings_are_what_the_manifest_says() {
    let data = Folder::new("settings");
    edited(&data.0, "hostile-laws", "bounded", |manifest| {
        manifest["world"] = json!("access");
        manifest["facts"] = json!({"group": "Bounded", "facts": [{"name": "count", "kind": "number"}]});
        manifest["settings"] = json!({
            "mode": {"kind": "text", "title": "Mode", "choices": ["calm", "other"], "default": "calm"},
            "days": {"kind": "number", "title": "Days", "least": 2, "greatest": 5, "was": "span"},
            "fee": {"kind": "amount", "title": "Fee", "least": 1, "greatest": 3, "default": "2.00 EUR"},
            "unit": {"kind": "unit", "title": "Unit", "default": "EUR"},
            "fund": {"kind": "agent", "title": "Fund", "default": "01a21b19-6ded-79c1-bd50-84620a832343"},
            "open": {"kind": "flag", "title": "Open", "default": true},
        });
    });
    // Settings, and what is said of them; nothing: they will do.
    let table = [
        ("days = 2", ""),
        ("span = 5", ""),
        ("days = 3, fee = \"3.00 EUR\", mode = \"other\", unit = \"piece\", open = false", ""),
        ("", "`days` of the plugin `bounded` is missing"),
        ("days = 1", "must be at least 2"),
        ("span = 6", "must be at most 5"),
        ("days = 2, fee = \"0.99 EUR\"", "must be at least 1"),
        ("days = 2, fee = \"3.01 EUR\"", "must be at most 3"),
        ("days = 2, fee = \"2.00 USD\"", "an amount in a unit of these rules"),
        ("days = 2, unit = \"USD\"", "the label of a unit of these rules"),
        ("days = 2, fund = \"nobody\"", "the id of a member or an organisation"),
        ("days = 2, open = \"yes\"", "must be true or false"),
        ("days = 2, mode = \"loud\"", "must be one of calm, other"),
        ("days = 2, days-most = 3", "is not one of its settings"),
    ];
    for (n, (settings, says)) in table.iter().enumerate() {
        let plugin = format!("name = \"bounded\"\nacts = [\"raise\"]\nsettings = {{ {settings} }}");
        let outcome = found(&data, &format!("town-{n}"), &plugin, RULES);
        let said = format!("{settings}: {}{}", outcome.out, outcome.err);
        assert_eq!(outcome.status, i32::from(!says.is_empty()), "{said}");
        assert!(said.contains(says), "{said}");
    }
}

/// Founds a network whose plugin asks for something when a thing is added, and whose rules refuse that where it is told
/// something else than this.
fn asking(data: &Folder, name: &str, asked: &Json, mode: &str, said: u32) -> Json {
    let plugin = format!("{name}-rule");
    edited(&data.0, "hostile-laws", &plugin, |manifest| {
        manifest["world"] = json!("access");
        manifest["facts"] = json!({"group": "Found", "facts": [{"name": "count", "kind": "number"}]});
        let mut need =
            json!({"name": "rows", "class": "Commitment", "by": "provider", "of": "provider", "most": 9});
        need.as_object_mut().expect("an object").extend(asked.as_object().expect("an object").clone());
        manifest["needs"] = json!([need]);
        // No word that it is tried with: its law is that nobody hears of another's rows.
        manifest["settings"]["mode"] = json!({"kind": "text", "title": "What to do wrong"});
    });
    let plugin = format!("name = \"{plugin}\"\nacts = [\"raise\"]\nsettings = {{ mode = \"{mode}\" }}");
    let policies = format!(
        "{RULES}\n@id(\"n\") forbid (principal, action == Action::\"raise\", resource) \
         when {{ context.found.count != {said} }};"
    );
    found(data, name, &plugin, &policies).ok().json()
}

/// One of something, an event's values for it, and the parties: whoever founded the network.
fn event(founding: &Json, action: &str, quantity: &str) -> Json {
    let (ines, piece) = (made(founding, "Person"), made(founding, "Unit"));
    json!({"action": action, "provider": ines, "receiver": ines,
        quantity: {"hasNumericalValue": "1", "hasUnit": piece}})
}

fn worked(founding: &Json) -> Json {
    json!({"act": "record", "event": event(founding, "work", "effortQuantity")})
}

fn bought(founding: &Json) -> Json {
    json!({"act": "record", "event": event(founding, "deliverService", "resourceQuantity")})
}

fn raised(founding: &Json) -> Json {
    json!({"act": "record", "event": event(founding, "raise", "resourceQuantity"), "newResource": {"name": "Thing"}})
}

#[test]
fn needs_find_what_they_ask_for() {
    let data = Folder::new("needs");
    // What is asked for beside promises by whoever gives, and how many rows of what was promised below are found.
    let table = [
        (json!({}), 4),
        (json!({"open": true}), 3),
        (json!({"classified": "tools"}), 2),
        (json!({"actions": ["work"]}), 1),
        (json!({"actions": ["work", "transfer"], "classified": "tools"}), 2),
        (json!({"days": 10}), 2),
        (json!({"most": 3}), 3),
        (json!({"class": "Membership", "by": "member"}), 1),
        (json!({"class": "EconomicEvent"}), 3),
        (json!({"class": "EconomicEvent", "by": "receiver", "actions": ["work"]}), 2),
        (json!({"class": "EconomicEvent", "actions": ["work"], "days": 10}), 1),
    ];
    for (n, (asked, found_rows)) in table.iter().enumerate() {
        let name = format!("town-{n}");
        let founding = asking(&data, &name, asked, "pool", *found_rows);
        let (ines, piece) = (made(&founding, "Person"), made(&founding, "Unit"));
        let promise = |action: &str, class: &str| {
            json!({"act": "commit", "fields": {"action": action, "provider": ines, "receiver": ines,
                "resourceClassifiedAs": [class], "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": piece}}})
        };
        let worked = || worked(&founding);
        let first = json!([promise("transfer", "tools"), promise("transfer", "other"), worked()]);
        let kept = act(&data, &name, &first).ok().json()["made"][0][1].clone();
        cli(&data.0, None, &["--network", &name, "--as", "Ines", "clock", "advance", "20d"]).ok();
        act(&data, &name, &json!([{"act": "waive", "commitment": kept, "reason": "no need"}])).ok();
        let work = json!({"act": "commit", "fields": {"action": "work", "provider": ines, "receiver": ines,
            "effortQuantity": {"hasNumericalValue": "1", "hasUnit": piece}}});
        act(&data, &name, &json!([promise("transfer", "tools"), work, worked()])).ok();
        act(&data, &name, &json!([bought(&founding)])).ok();
        let outcome = act(&data, &name, &json!([raised(&founding)]));
        assert_eq!(outcome.status, 0, "{asked}: {}{}", outcome.out, outcome.err);
    }
    cli(&data.0, None, &["verify"]).ok();
}

#[test]
fn of_what_somebody_did_the_newest_are_found() {
    let data = Folder::new("newest");
    let work = |more: Json| {
        let mut need = json!({"class": "EconomicEvent", "actions": ["work"], "most": 1000});
        need.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        need
    };
    // What is asked for, what is told of it, and how much that is after 300 events, 60 days and 300 more.
    let table = [
        (work(json!({})), "pool", 500),
        (work(json!({})), "cut", 1),
        (work(json!({"days": 30})), "pool", 300),
        (work(json!({"days": 30})), "cut", 0),
        (work(json!({"days": 90})), "pool", 500),
        (work(json!({"days": 90})), "cut", 1),
        (work(json!({"days": 30, "most": 200})), "pool", 200),
        (work(json!({"days": 30, "most": 200})), "cut", 1),
        (work(json!({"by": "receiver", "of": "receiver"})), "pool", 500),
    ];
    for (n, (asked, mode, said)) in table.iter().enumerate() {
        let name = format!("town-{n}");
        let founding = asking(&data, &name, asked, mode, *said);
        let many = Json::from_iter((0..300).map(|_| worked(&founding)));
        act(&data, &name, &many).ok();
        cli(&data.0, None, &["--network", &name, "--as", "Ines", "clock", "advance", "60d"]).ok();
        act(&data, &name, &many).ok();
        let outcome = act(&data, &name, &json!([raised(&founding)]));
        assert_eq!(outcome.status, 0, "{asked} {mode}: {}{}", outcome.out, outcome.err);
    }
    cli(&data.0, None, &["verify"]).ok();
}

#[test]
fn whoever_has_worked_enough_may_borrow() {
    let place = Folder::new("shifts");
    let standing = "[[plugins]]\nname = \"standing\"";
    let bound = "[[plugins]]\nname = \"shifts\"\nacts = [\"borrow\"]\nsettings = { wanted = 2 }\n\n";
    let rules = town::edited(&place, "rules", "charter.toml", &[(standing, &format!("{bound}{standing}"))]);
    let policies = "@id(\"who-works-borrows\")\n@why(\"You have not worked enough yet.\")\n@remedy(\"Take a shift.\")\n\
         forbid (principal, action == Action::\"borrow\", resource)\nunless { context.shifts.enough };\n\n\
         @id(\"members-work\")\n@title(\"Members write down their work\")\n\
         permit (principal in Role::\"member\", action == Action::\"work\", resource)\n\
         when { context has provider && context.provider == principal };\n";
    std::fs::write(std::path::Path::new(&rules).join("shifts.cedar"), policies).expect("policies");
    let town = Town::found_under("shifts-town", std::path::Path::new(&rules));
    let works = || {
        let hour = json!({"hasNumericalValue": "1", "hasUnit": town.tools.piece});
        let amara = town.agent("Amara");
        let event = json!({"action": "work", "provider": amara, "receiver": town.agent("Kofi"), "effortQuantity": hour});
        town.acts("Amara", &json!([{"act": "record", "event": event}]));
    };
    let refused = Err("You have not worked enough yet.".to_owned());
    assert_eq!(borrows(&town, "Amara", "Hammer drill"), refused);
    works();
    assert_eq!(borrows(&town, "Amara", "Hammer drill"), refused);
    town.days(91);
    works();
    assert_eq!(borrows(&town, "Amara", "Hammer drill"), refused, "what is long ago counts no more");
    works();
    assert_eq!(borrows(&town, "Amara", "Hammer drill"), Ok(()));
    town.verify();
}

#[test]
fn a_price_that_cannot_be_is_none() {
    let data = Folder::new("prices");
    // What it does when nobody tries it: the modes are no words that it is tried with.
    let table = [
        ("calm", json!([]), true),
        ("back", json!([]), false),
        ("back", json!(["negative"]), false),
        ("unit", json!([]), false),
        ("whom", json!([]), false),
    ];
    for (n, (mode, claims, quoted)) in table.iter().enumerate() {
        let (name, plugin) = (format!("town-{n}"), format!("prices-{n}"));
        edited(&data.0, "hostile-laws", &plugin, |manifest| {
            manifest["world"] = json!("pricing");
            manifest["settings"]["mode"] = json!({"kind": "text", "title": "What to do wrong"});
            manifest["laws"] = claims.clone();
        });
        let plugin = format!("name = \"{plugin}\"\nacts = [\"borrow\"]\nsettings = {{ mode = \"{mode}\" }}");
        let founding = found(&data, &name, &plugin, RULES).ok().json();
        let (ines, piece) = (made(&founding, "Person"), made(&founding, "Unit"));
        let one = json!({"hasNumericalValue": "1", "hasUnit": piece});
        let raise = json!([{"act": "record", "event": {"action": "raise", "provider": ines, "receiver": ines,
            "resourceQuantity": one}, "newResource": {"name": "Drill"}}]);
        let receipt = act(&data, &name, &raise).ok().json();
        let made = receipt["made"].as_array().expect("made");
        let drill = &made.iter().find(|row| row[0] == "EconomicResource").expect("a thing")[1];
        let offer = json!([{"act": "publish", "proposal": {"purpose": "offer", "name": "Drill"}, "intents": [
            {"action": "transferCustody", "provider": ines, "resourceInventoriedAs": drill, "resourceQuantity": one}]}]);
        act(&data, &name, &offer).ok();
        let outcome = cli(&data.0, None, &["--network", &name, "--as", "Ines", "quote", "Drill"]);
        assert_eq!(outcome.status == 0, *quoted, "{mode} {claims}: {}{}", outcome.out, outcome.err);
    }
}

/// Accepts what is offered at the price of the moment; the refusal's sentence, where it is refused.
fn borrows(town: &Town, who: &str, thing: &str) -> Result<(), String> {
    let quote = town.does(who, &["quote", thing, "--days", "3"]);
    let accept = json!([{"act": "accept", "intent": quote["intent"], "receiver": town.agent(who), "until": quote["until"],
        "quote": {"digest": quote["digest"], "expires": quote["expires"]}}]);
    let args = ["--network", "library", "--as", who, "--json", "act", "-"];
    let outcome = cli_with(&town.data.0, None, &args, &accept.to_string());
    match outcome.status {
        0 => Ok(()),
        _ => Err(outcome.json()["sentence"].as_str().expect("a sentence").to_owned()),
    }
}

#[test]
fn something_precious_goes_to_whom_enough_others_vouch_for() {
    let place = Folder::new("vouching");
    let standing = "[[plugins]]\nname = \"standing\"";
    let bound =
        "[[plugins]]\nname = \"vouching\"\nacts = [\"borrow\"]\nsettings = { precious = \"dangerous\" }\n\n";
    let rules = town::edited(&place, "rules", "charter.toml", &[(standing, &format!("{bound}{standing}"))]);
    let policy = "@id(\"members-answer-for-each-other\")\n@title(\"Members vouch for each other\")\npermit (principal in Role::\"member\", action == \
                  Action::\"commit\", resource)\nwhen { context.action == \"deliverService\" && context has provider && \
                  context.provider == principal };\n";
    std::fs::write(std::path::Path::new(&rules).join("vouching.cedar"), policy).expect("a policy");
    let town = Town::found_under("vouching-town", std::path::Path::new(&rules));
    town.does("Ines", &["member", "train", "Amara", "chainsaw"]);
    assert_eq!(borrows(&town, "Amara", "Hammer drill"), Ok(()));
    let refused =
        |found: u32| Err(format!("For something like this 2 others have to vouch for you, and {found} do."));
    assert_eq!(borrows(&town, "Amara", "Chainsaw"), refused(0));
    let vouch = |who: &str| {
        let once = json!({"hasNumericalValue": "1", "hasUnit": town.tools.piece});
        town.acts(
            who,
            &json!([{"act": "commit", "fields": {"action": "deliverService", "provider": town.agent(who),
            "receiver": town.agent("Amara"), "resourceClassifiedAs": ["vouch"], "effortQuantity": once}}]),
        )
    };
    vouch("Kofi");
    vouch("Kofi");
    assert_eq!(borrows(&town, "Amara", "Chainsaw"), refused(1), "whoever vouches twice is one");
    vouch("Jonas");
    assert_eq!(borrows(&town, "Amara", "Chainsaw"), Ok(()));
    town.verify();
}
