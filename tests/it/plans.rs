//! Plans: from recipes and stock to processes, promises and needs on the board; what is set aside is set aside once.

use serde_json::{Value as Json, json};
use tests::node::cli_with;
use tests::{Folder, Outcome, cli, root};

/// A bakery of one, in a sandbox in which members do everything.
struct Bakery {
    data: Folder,
    ada: String,
    piece: String,
    hour: String,
}

impl Bakery {
    fn found(name: &str) -> Bakery {
        let data = Folder::new(name);
        let rules = root().join("policies/open-books").display().to_string();
        let args = ["--json", "network", "new", "bakery", "--rules", &rules, "--sandbox", "--steward", "Ada"];
        let founding = cli(&data.0, None, &args).ok().json();
        let made = founding["receipt"]["made"].as_array().expect("made").clone();
        let of = |class: &str| {
            made.iter().find(|row| row[0] == class).expect("made")[1].as_str().expect("an id").to_owned()
        };
        let mut bakery = Bakery { ada: of("Person"), piece: of("Unit"), hour: String::new(), data };
        bakery.hour = bakery.define("Unit", json!({"label": "hour", "decimals": 2}));
        bakery
    }

    fn run(&self, args: &[&str]) -> Outcome {
        cli(&self.data.0, None, &[&["--json", "--network", "bakery", "--as", "Ada"], args].concat())
    }

    fn acts(&self, acts: &Json) -> Outcome {
        let args = ["--network", "bakery", "--as", "Ada", "--json", "act", "-"];
        cli_with(&self.data.0, None, &args, &acts.to_string())
    }

    fn define(&self, class: &str, fields: Json) -> String {
        let receipt = self.acts(&json!([{"act": "define", "class": class, "fields": fields}])).ok().json();
        receipt["made"][0][1].as_str().expect("an id").to_owned()
    }

    fn pieces(&self, n: i64) -> Json {
        json!({"hasNumericalValue": n.to_string(), "hasUnit": self.piece})
    }

    fn spec(&self, name: &str) -> String {
        self.define("ResourceSpecification", json!({"name": name, "defaultUnitOfResource": self.piece}))
    }

    /// A process of a recipe that makes so much of one thing from others, and takes so much work.
    fn recipe(
        &self,
        name: &str,
        hours: &str,
        made: (&str, i64),
        takes: &[(&str, i64)],
        work: &str,
    ) -> String {
        let hours = json!({"hasNumericalValue": hours, "hasUnit": self.hour});
        let process = self.define("RecipeProcess", json!({"name": name, "hasDuration": hours}));
        let flow = |prop: &str, action: &str, spec: &str, n: i64| {
            self.define(
                "RecipeFlow",
                json!({"action": action, prop: process, "resourceConformsTo": spec,
                "resourceQuantity": self.pieces(n)}),
            )
        };
        flow("recipeOutputOf", "produce", made.0, made.1);
        takes.iter().for_each(|(spec, n)| drop(flow("recipeInputOf", "consume", spec, *n)));
        let effort = json!({"hasNumericalValue": work, "hasUnit": self.hour});
        self.define(
            "RecipeFlow",
            json!({"action": "work", "recipeInputOf": process, "effortQuantity": effort}),
        );
        process
    }

    fn stock(&self, spec: &str, name: &str, n: i64) -> String {
        let event = json!({"action": "raise", "provider": self.ada, "receiver": self.ada, "resourceConformsTo": spec,
            "resourceQuantity": self.pieces(n)});
        let resource = json!({"name": name, "conformsTo": spec});
        let receipt =
            self.acts(&json!([{"act": "record", "event": event, "newResource": resource}])).ok().json();
        let made = receipt["made"].as_array().expect("made");
        made.iter().find(|row| row[0] == "EconomicResource").expect("a thing")[1]
            .as_str()
            .expect("an id")
            .to_owned()
    }

    fn plan(&self, name: &str, more: &[&str]) -> Outcome {
        self.run(&[&["plan", "new", name], more].concat())
    }

    /// Somebody else who belongs.
    fn member(&self, name: &str) -> String {
        self.run(&["member", "add", name]).ok();
        let members = self.run(&["member", "list"]).ok().json();
        let row =
            members.as_array().expect("members").iter().find(|row| row["name"] == name).expect("they belong");
        row["agent"].as_str().expect("an id").to_owned()
    }

    fn verify(&self) {
        let verified = cli(&self.data.0, None, &["verify"]).ok();
        assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
    }
}

/// A bakery with bread from dough, dough from flour.
fn baking(name: &str) -> (Bakery, [String; 3]) {
    let bakery = Bakery::found(name);
    let [bread, dough, flour] = ["bread", "dough", "flour"].map(|name| bakery.spec(name));
    bakery.recipe("bake", "3", (&bread, 10), &[(&dough, 5)], "2");
    bakery.recipe("knead", "1.5", (&dough, 1), &[(&flour, 2)], "0.25");
    (bakery, [bread, dough, flour])
}

#[test]
fn what_is_wanted_becomes_a_plan_and_what_is_there_is_set_aside_once() {
    let (bakery, [bread, _, flour]) = baking("plans");
    let loaves = bakery.stock(&bread, "loaves", 4);
    bakery.stock(&flour, "sack", 10);
    let planned = bakery.plan("Saturday", &["--want", "bread=20", "--due", "2d"]).ok().json();
    let draft = &planned["plan"];
    let told: Vec<(&str, &str)> = draft["processes"]
        .as_array()
        .expect("processes")
        .iter()
        .map(|one| {
            (one["process"].as_str().expect("a name"), one["makes"][0]["amount"].as_str().expect("an amount"))
        })
        .collect();
    assert_eq!(told, [("bake", "16 piece"), ("knead", "8 piece")]);
    assert_eq!(
        draft["demands"][0]["from"][0],
        json!({"action": "transfer", "what": "bread", "amount": "4 piece",
        "effort": null, "from": {"stock": loaves, "name": "loaves"}})
    );
    let open: Vec<(&str, &str)> = draft["open"]
        .as_array()
        .expect("needs")
        .iter()
        .map(|one| (one["action"].as_str().expect("an action"), one["amount"].as_str().expect("an amount")))
        .collect();
    assert_eq!(open, [("work", "3.20 hour"), ("work", "2.00 hour"), ("consume", "6 piece")]);
    // It stands in the books, and what nobody provides is needed on the board.
    let shown = bakery.run(&["plan", "show", "Saturday"]).ok().json();
    let processes = shown["processes"].as_array().expect("processes");
    assert_eq!(processes.len(), 2);
    assert_eq!((&processes[0]["process"], &processes[1]["process"]), (&json!("knead"), &json!("bake")));
    let (ends, begins) = (&processes[0]["ends"], &processes[1]["begins"]);
    assert_eq!(ends, begins, "the dough is ready when it is baked");
    let needed = processes.iter().flat_map(|process| process["flows"].as_array().expect("flows"));
    assert_eq!(needed.filter(|flow| flow["needed"] == true).count(), 3);
    let requests = bakery.run(&["export", "--class", "Proposal"]).ok().json().to_string();
    assert!(requests.contains("Saturday: flour") && requests.contains("Saturday: work"), "{requests}");
    // What it has set aside is nobody else's.
    let second = bakery.plan("Sunday", &["--want", "bread=1", "--due", "3d", "--dry-run"]).ok().json();
    assert_eq!(second["processes"][0]["makes"][0]["amount"], "1 piece");
    assert_eq!(second["open"].as_array().map(Vec::len), Some(3), "{second}");
    bakery.verify();
}

#[test]
fn a_plan_on_what_is_gone_meanwhile_is_refused_whole() {
    let (bakery, [bread, ..]) = baking("plans-gone");
    let loaves = bakery.stock(&bread, "loaves", 4);
    let plan = bakery.define("Plan", json!({"name": "By hand"}));
    let take = |n: i64| {
        json!({"act": "define", "class": "Intent", "fields": {"action": "transfer", "provider": bakery.ada,
            "resourceInventoriedAs": loaves, "resourceConformsTo": bread, "resourceQuantity": bakery.pieces(n),
            "plannedWithin": plan}})
    };
    // How much is set aside, one after another, and whether it stands.
    for (n, stands) in [(5, false), (3, true), (2, false), (1, true), (1, false)] {
        let outcome = bakery.acts(&json!([take(n)]));
        assert_eq!(outcome.status == 0, stands, "{n}: {}", outcome.out);
        assert!(stands || outcome.json()["code"] == "not-enough", "{}", outcome.out);
    }
    // Nothing half made: a plan of which one part is gone leaves nothing.
    let before = bakery.run(&["export", "--class", "Plan"]).ok().json();
    let whole = json!([{"act": "define", "class": "Plan", "fields": {"name": "Too late"}}, take(1)]);
    assert_eq!(bakery.acts(&whole).json()["code"], "not-enough");
    assert_eq!(bakery.run(&["export", "--class", "Plan"]).ok().json(), before);
    bakery.verify();
}

#[test]
fn what_makes_no_plan_says_why() {
    let (bakery, [bread, ..]) = baking("plans-refused");
    let (hen, egg) = (bakery.spec("hen"), bakery.spec("egg"));
    bakery.recipe("hatch", "1", (&hen, 1), &[(&egg, 1)], "0.5");
    bakery.recipe("lay", "1", (&egg, 1), &[(&hen, 1)], "0.5");
    let soon = ["--due", "2d"];
    let table: [(&[&str], i32, &str, &str); 9] = [
        (&["--want", "hen=1", "--due", "2d"], 1, "plan-cycle", "`hen` is needed to make itself"),
        (&["--want", "bread=0", "--due", "2d"], 1, "plan-of-nothing", "more than nothing"),
        (&["--want", "bread=1", "--due", "2001-01-01T00:00"], 1, "plan-for-the-past", "has passed"),
        (&["--want", "cake=1", "--due", "2d"], 1, "unknown-name", "no kind of thing called `cake`"),
        (
            &["--want", "bread=1", "--due", "2d", "--by", "bread=knead"],
            1,
            "plan-choice",
            "`knead` does not make `bread`",
        ),
        (&["--want", "bread=1.5", "--due", "2d"], 2, "usage", "is no amount"),
        (&["--want", "bread", "--due", "2d"], 2, "usage", "write `NAME=AMOUNT`"),
        (&["--want", "bread=1"], 2, "usage", "with `--due`"),
        (&["--want", "bread=1", "--due", "soon"], 2, "usage", "is no time"),
    ];
    let before = bakery.run(&["export"]).ok().json();
    for (args, status, code, says) in table {
        let outcome = bakery.plan("Never", args);
        let said = outcome.json();
        assert_eq!(
            (outcome.status, &said["code"]),
            (status, &json!(code)),
            "{args:?}: {}{}",
            outcome.out,
            outcome.err
        );
        assert!(
            said["sentence"].as_str().is_some_and(|sentence| sentence.contains(says)),
            "{args:?}: {said}"
        );
    }
    // One command at the most: a plan stands or falls as a whole, however it comes in.
    let many: Vec<String> =
        (0..200).flat_map(|n| ["--want".to_owned(), format!("bread=1@{}d", n + 2)]).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let outcome = bakery.plan("Never", &many);
    assert_eq!((outcome.status, &outcome.json()["code"]), (1, &json!("plan-too-large")), "{}", outcome.out);
    let organisation = json!({"act": "define", "class": "Organization", "fields": {"name": "One more"}});
    let outcome = bakery.acts(&json!(vec![organisation; 1_001]));
    assert_eq!((outcome.status, &outcome.json()["code"]), (2, &json!("usage")), "{}", outcome.out);
    assert_eq!(bakery.acts(&json!([])).json()["code"], "usage");
    assert_eq!(bakery.run(&["export"]).ok().json(), before, "nothing is written");
    // What begins with what is there is a plan, whatever it goes round by.
    bakery.stock(&egg, "one egg", 1);
    bakery.plan("Hatching", &[&["--want", "hen=1"], &soon[..]].concat()).ok();
    // Too late is a plan, too: it says by how much.
    bakery.stock(&bread, "one loaf", 1);
    let late = bakery.plan("Rush", &["--want", "bread=11", "--due", "1h"]).ok().json();
    let late = &late["plan"];
    assert_eq!(late["demands"][0]["late"], json!(3_i64 * 3_600_000_000 + 1_800_000_000), "{late}");
    // What it makes is its own, however late.
    let after = bakery.plan("After", &["--want", "bread=11", "--due", "3d", "--dry-run"]).ok().json();
    assert_eq!(after["processes"][0]["makes"][0]["amount"], "11 piece", "{after}");
    bakery.verify();
}

#[test]
fn what_leaves_the_house_is_promised() {
    let (bakery, [bread, ..]) = baking("plans-to");
    bakery.stock(&bread, "loaves", 4);
    bakery.member("Bo");
    bakery.plan("For Bo", &["--want", "bread=6", "--due", "2d", "--to", "Bo"]).ok();
    let shown = bakery.run(&["plan", "show", "For Bo"]).ok().json();
    let promised: Vec<&str> = shown["others"]
        .as_array()
        .expect("promises")
        .iter()
        .map(|one| one["amount"].as_str().expect("an amount"))
        .collect();
    assert_eq!(promised, ["4 piece", "2 piece"], "{shown}");
    // What is promised is wanted once, whoever has to be found for it, and stays promised when it is planned again.
    bakery.spec("milk");
    bakery.plan("Milk for Bo", &["--want", "milk=3", "--due", "2d", "--to", "Bo"]).ok();
    for name in ["For Bo", "Milk for Bo"] {
        let again = bakery.run(&["plan", "replan", name]).ok().json();
        assert_eq!(again["receipt"], Json::Null, "{name}: {again}");
    }
    bakery.verify();
}

#[test]
fn a_plan_is_made_again_when_reality_moves() {
    let (bakery, [bread, _, flour]) = baking("plans-again");
    bakery.stock(&flour, "sack", 100);
    bakery.plan("Saturday", &["--want", "bread=20", "--due", "4d"]).ok();
    let again = |more: &[&str]| bakery.run(&[&["plan", "replan", "Saturday"], more].concat()).ok().json();
    assert_eq!(again(&[])["receipt"], Json::Null, "nothing has moved");
    // Somebody promises to bake.
    let bo = bakery.member("Bo");
    let shown = || bakery.run(&["plan", "show", "Saturday"]).ok().json();
    let stands = shown();
    let bake = &stands["processes"][1];
    let work =
        bake["flows"].as_array().expect("flows").iter().find(|flow| flow["action"] == "work").expect("work");
    let effort = json!({"hasNumericalValue": "4", "hasUnit": bakery.hour});
    let promise = json!({"act": "commit", "fields": {"action": "work", "provider": bo, "receiver": bakery.ada,
        "inputOf": bake["id"], "effortQuantity": effort, "satisfies": [work["id"]]}});
    bakery.acts(&json!([promise])).ok();
    assert_eq!(again(&[])["receipt"], Json::Null, "a promise moves nothing");
    // Nobody has begun when it was time to: everything moves, and whoever has promised hears of it.
    bakery.run(&["clock", "advance", "93h"]).ok();
    let tried = again(&["--dry-run"]);
    let moved: Vec<&str> = tried["changes"]["moved"]
        .as_array()
        .expect("moves")
        .iter()
        .map(|one| one["process"].as_str().expect("a name"))
        .collect();
    assert_eq!(moved, ["bake", "knead"], "{tried}");
    assert_eq!(tried["changes"]["tell"][0]["who"], "Bo");
    assert_eq!(tried["demands"][0]["late"], json!(3_600_000_000_i64 * 3 / 2), "{tried}");
    assert_eq!(shown()["processes"][1]["begins"], bake["begins"], "a dry run changes nothing");
    again(&[]);
    let later = shown();
    let us = |n: usize| later["processes"][n]["begins"].as_i64().expect("a time");
    assert_eq!(us(1) - us(0), 3_600_000_000 * 3 / 2, "baked when it is kneaded");
    assert!(us(1) > bake["begins"].as_i64().expect("a time"));
    assert_eq!(again(&[])["receipt"], Json::Null, "it stands as it would be planned");
    // What is overdue is planned all the same.
    bakery.run(&["clock", "advance", "9h"]).ok();
    assert_eq!(again(&["--dry-run"])["changes"]["moved"].as_array().map(Vec::len), Some(2));
    // What has begun stays, whatever else turns up; what has not makes way.
    let knead = later["processes"][0]["id"].clone();
    let take = json!({"act": "record", "event": {"action": "work", "provider": bakery.ada, "receiver": bakery.ada,
        "inputOf": knead, "effortQuantity": {"hasNumericalValue": "1", "hasUnit": bakery.hour}}});
    bakery.acts(&json!([take])).ok();
    bakery.stock(&bread, "given loaves", 20);
    let changes = again(&[])["plan"]["changes"].clone();
    assert_eq!((&changes["dropped"], &changes["new"]), (&json!(["bake"]), &json!([])), "{changes}");
    assert_eq!(changes["tell"][0]["who"], "Bo");
    let last = shown();
    let finished: Vec<(&str, bool)> = last["processes"]
        .as_array()
        .expect("processes")
        .iter()
        .map(|one| (one["process"].as_str().expect("a name"), one["finished"] == true))
        .collect();
    assert_eq!(finished, [("knead", false), ("bake", true)], "{last}");
    let aside = last["others"].as_array().expect("flows").iter().filter(|flow| flow["finished"] == false);
    assert_eq!(
        aside.map(|flow| flow["what"].as_str().expect("a name")).collect::<Vec<_>>(),
        ["given loaves"]
    );
    bakery.verify();
}

#[test]
fn what_is_promised_or_done_for_a_plan_is_not_set_aside_twice() {
    let (bakery, [bread, ..]) = baking("plans-kept");
    let loaves = bakery.stock(&bread, "loaves", 6);
    let bo = bakery.member("Bo");
    // Four of six are set aside; whoever promises those four takes no others.
    bakery.plan("Four", &["--want", "bread=4", "--due", "2d"]).ok();
    let four = bakery.run(&["plan", "show", "Four"]).ok().json();
    let (plan, aside) = (&four["plan"], &four["others"][0]["id"]);
    let promise = |n: i64, satisfies: Json| {
        json!([{"act": "commit", "fields": {"action": "transfer", "provider": bakery.ada, "receiver": bo,
            "resourceInventoriedAs": loaves, "resourceConformsTo": bread, "resourceQuantity": bakery.pieces(n),
            "plannedWithin": plan, "satisfies": satisfies}}])
    };
    let free = || {
        let draft = bakery.plan("Rest", &["--want", "bread=9", "--due", "3d", "--dry-run"]).ok().json();
        let made =
            draft["processes"].as_array().expect("processes").iter().find(|one| one["process"] == "bake");
        let made = made.map(|one| one["makes"][0]["amount"].as_str().expect("an amount").to_owned());
        9 - made.map_or(0, |made| made.trim_end_matches(" piece").parse::<i64>().expect("a number"))
    };
    assert_eq!(free(), 2);
    assert_eq!(bakery.acts(&promise(3, json!([]))).json()["code"], "not-enough");
    let promised = bakery.acts(&promise(4, json!([aside]))).ok().json();
    assert_eq!(free(), 2, "promised is set aside, once");
    let gives = json!([{"act": "record", "event": {"action": "transfer", "provider": bakery.ada, "receiver": bo,
        "resourceInventoriedAs": loaves, "resourceQuantity": bakery.pieces(4), "fulfills": [promised["made"][0][1]]},
        "newResource": {"name": "Bo's"}}]);
    bakery.acts(&gives).ok();
    assert_eq!(free(), 2, "given away, it is neither there nor set aside");
    // What a plan makes is its own before and after it is made.
    bakery.plan("Two more", &["--want", "bread=4", "--due", "2d"]).ok();
    assert_eq!(free(), 0);
    let stands = bakery.run(&["plan", "show", "Two more"]).ok().json();
    let bake = stands["processes"]
        .as_array()
        .expect("processes")
        .iter()
        .find(|one| one["process"] == "bake")
        .expect("bake");
    let output = bake["flows"]
        .as_array()
        .expect("flows")
        .iter()
        .find(|flow| flow["input"] == false)
        .expect("an output");
    let makes = json!([{"act": "record", "event": {"action": "produce", "provider": bakery.ada, "receiver": bakery.ada,
        "outputOf": bake["id"], "resourceConformsTo": bread, "resourceQuantity": bakery.pieces(2),
        "satisfies": [output["id"]]}, "newResource": {"name": "fresh", "conformsTo": bread}}]);
    bakery.acts(&makes).ok();
    assert_eq!(free(), 0, "it has come, and was spoken for");
    bakery.verify();
}
