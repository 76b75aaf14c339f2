//! Files in and out: taken whole or refused with lines, once however often, and out again as they came.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use tests::http::Browser;
use tests::node::{Node, Outcome};
use tests::{Folder, cli, root};

use crate::founded::{self, NETWORK, found};
use crate::refused_files;

fn example(name: &str) -> String {
    root().join("tests/data/files").join(name).display().to_string()
}

/// An empty sandbox in which members do everything.
fn sandbox(name: &str) -> Folder {
    let data = Folder::new(name);
    let rules = root().join("policies/open-books").display().to_string();
    let args = ["network", "new", "books", "--rules", &rules, "--sandbox", "--steward", "Ada"];
    cli(&data.0, None, &args).ok();
    data
}

fn import(data: &Path, more: &[&str]) -> Outcome {
    cli(data, None, &[&["--network", "books", "--as", "Ada", "--json", "import"], more].concat())
}

fn export(data: &Path, network: &str, agent: &str, more: &[&str]) -> Json {
    cli(data, None, &[&["--network", network, "--as", agent, "export"], more].concat()).ok().json()
}

/// The records of a document by their ids; of one that is told of twice, the later.
fn by_id(document: &Json) -> HashMap<String, Json> {
    let graph = document["@graph"].as_array().expect("records");
    graph.iter().map(|one| (one["@id"].as_str().expect("an id").to_owned(), one.clone())).collect()
}

fn write(data: &Folder, name: &str, text: &str) -> PathBuf {
    let path = data.join(name);
    std::fs::write(&path, text).expect("written");
    path
}

fn remarks(report: &Json, remark: &str) -> Vec<u64> {
    let notes = report["files"][0]["notes"].as_array().expect("notes");
    notes.iter().filter(|note| note["remark"] == remark).filter_map(|note| note["line"].as_u64()).collect()
}

#[test]
fn a_file_is_taken_whole_once_and_says_what_was_mended() {
    let data = sandbox("files-once");
    let file = example("exchange.yaml");
    let tried = import(&data.0, &["--dry-run", &file]).ok().json();
    assert_eq!((&tried["files"][0]["taken"], &tried["files"][0]["commands"]), (&json!(false), &json!([])));
    let taken = import(&data.0, &[&file]).ok().json();
    let report = &taken["files"][0];
    assert_eq!(
        (&report["taken"], &report["records"]),
        (&json!(true), &tried["files"][0]["records"]),
        "{taken}"
    );
    assert_eq!(report["commands"].as_array().map(Vec::len), Some(1), "one command");
    assert_eq!(remarks(&taken, "mended"), [3, 23, 31, 35], "{taken}");
    assert_eq!(remarks(&taken, "left out"), [34]);
    let bare = "https://dora.example/ https://goods.example/bread https://shop.example/ https://dora.example/purse one euro";
    for name in bare.split(' ') {
        assert!(taken.to_string().contains(&format!("`{name}` is only pointed at")), "{name}: {taken}");
    }
    let again = import(&data.0, &[&file]).ok().json();
    assert_eq!(
        (&again["files"][0]["alreadyThere"], &again["files"][0]["commands"]),
        (&json!(1), &report["commands"])
    );
    let books = by_id(&export(&data.0, "books", "Ada", &[]));
    let loaves = &books["https://shop.example/bread-1"];
    assert_eq!(loaves["accountingQuantity"], json!({"hasNumericalValue": "18.000000", "hasUnit": "one"}));
    assert_eq!(
        books["https://shop.example/promise"]["finished"],
        Json::Null,
        "assumed, and settled by the event"
    );
    assert_eq!(books["https://shop.example/promise"]["due"], "2019-04-02T23:00:00Z");
    assert_eq!(books["https://shop.example/promise"]["clauseOf"], "https://shop.example/deal");
    let purse = &books["https://dora.example/purse"];
    assert_eq!(purse.get("accountingQuantity"), None, "what is only pointed at has no stock, and no floor");
    let paid = &books["urn:uuid:not-hex-at-all"];
    assert_eq!(
        (paid.get("hasPointInTime"), paid.get("created")),
        (None, None),
        "what was assumed does not go out"
    );
    let verified = cli(&data.0, None, &["--network", "books", "verify"]).ok();
    assert!(verified.out.contains("0 differences"), "{}", verified.out);
}

#[test]
fn what_was_imported_is_marked_and_makes_no_deadline() {
    let data = sandbox("files-marks");
    import(&data.0, &[&example("exchange.yaml")]).ok();
    cli(
        &data.0,
        None,
        &["--network", "books", "--as", "Ada", "--json", "member", "add", "Bo", "--password", "bo-secret"],
    )
    .ok();
    let node = Node::serve(&data.0, None);
    let bo = Browser::sign_in(&node.base, "books", "Bo", "bo-secret");
    let answer = bo.data(
        "",
        "{ economicEvents { edges { node { sameAs reported assumed created hasPointInTime } } }
        commitments { edges { node { state finished reported } } }
        agents { edges { node { __typename ... on UnspecifiedAgent { sameAs reported } } } } }",
        &json!({}),
    );
    let events = &answer["economicEvents"]["edges"];
    assert_eq!(events[0]["node"]["reported"], true);
    assert_eq!(
        (&events[0]["node"]["hasPointInTime"], &events[0]["node"]["assumed"]),
        (&json!("2019-04-02T13:30:00Z"), &json!(["created"]))
    );
    assert_eq!(
        events[1]["node"]["assumed"],
        json!(["created", "hasPointInTime"]),
        "a time that the file does not give"
    );
    assert_eq!(
        answer["commitments"]["edges"][0]["node"],
        json!({"state": null, "finished": true, "reported": true}),
        "long past, and not overdue"
    );
    let bare = answer["agents"]["edges"]
        .as_array()
        .expect("agents")
        .iter()
        .filter(|one| one["node"]["__typename"] == "UnspecifiedAgent");
    assert_eq!(bare.count(), 2);
}

#[test]
fn json_by_prefix_by_iri_and_kebab_is_read_the_same() {
    let data = sandbox("files-json");
    let taken = import(&data.0, &[&example("lending.json"), &example("offers.yaml")]).ok().json();
    assert_eq!(taken["files"][1]["taken"], true, "{taken}");
    assert!(
        taken["files"][0]["notes"].to_string().contains("it brings back what line 8 took away"),
        "{taken}"
    );
    let books = by_id(&export(&data.0, "books", "Ada", &[]));
    let book = &books["https://library.example/book"];
    assert_eq!(book["onhandQuantity"]["hasNumericalValue"], "1.000000");
    let graph = export(&data.0, "books", "Ada", &["--class", "EconomicResource"]);
    assert_eq!(by_id(&graph)["https://library.example/book"]["name"], "Cookbook 🍲");
    assert_eq!(
        books["https://library.example/back"]["toResourceInventoriedAs"],
        "https://library.example/book"
    );
    assert_eq!(books["https://mill.example/again"]["publishes"], json!(["https://mill.example/sack"]));
    assert_eq!(
        books["https://mill.example/price"]["resourceQuantity"],
        json!({"hasNumericalValue": "32.50", "hasUnit": "EUR"})
    );
}

/// What a file is refused for: the line, and a word of the reason.
#[test]
fn what_cannot_be_taken_is_refused_with_its_line_and_nothing_of_it_is_kept() {
    let data = sandbox("files-refused");
    for (name, text, line, reason) in refused_files::all() {
        let path = write(&data, name, &text);
        let outcome = import(&data.0, &[&path.display().to_string()]);
        assert_eq!(outcome.status, 1, "{name}: {}{}", outcome.out, outcome.err);
        let fault = outcome.json()["files"][0]["faults"][0].clone();
        let said = fault["reason"].as_str().expect("a reason");
        assert!(fault["line"] == json!(line) && said.contains(reason), "{name}: {fault}");
    }
    let path = data.join("large.yaml");
    std::fs::write(&path, "a".repeat((16 << 20) + 1)).expect("written");
    let outcome = import(&data.0, &[&path.display().to_string()]);
    assert!(outcome.status == 1 && outcome.out.contains("more than 16777216 bytes"), "{}", outcome.out);
    assert_eq!(export(&data.0, "books", "Ada", &[])["@graph"], json!([]), "nothing was kept");
    // One that cannot be taken keeps no other out.
    let outcome = import(&data.0, &[&data.join("class.yaml").display().to_string(), &example("offers.yaml")]);
    assert_eq!((outcome.status, &outcome.json()["files"][1]["taken"]), (1, &json!(true)));
}

#[test]
fn plans_recipes_and_claims_come_in_and_go_out_again() {
    let data = sandbox("files-plans");
    let taken = import(&data.0, &[&example("planning.yaml")]).ok().json();
    let notes = taken["files"][0]["notes"].to_string();
    assert!(notes.contains("it is taken as another event"), "{taken}");
    assert!(notes.contains("its kind is taken as the stage"), "{taken}");
    assert_eq!(remarks(&taken, "left out"), Vec::<u64>::new(), "{taken}");
    let first = export(&data.0, "books", "Ada", &[]);
    let books = by_id(&first);
    let d = |name: &str| format!("https://dairy.example/{name}");
    let table = [
        ("cellar", "plannedWithin", json!(d("week"))),
        ("wish", "plannedWithin", json!(d("week"))),
        ("wish", "minimumQuantity", json!({"hasNumericalValue": "2.000000"})),
        ("order", "independentDemandOf", json!(d("week"))),
        ("out", "recipeOutputOf", json!(d("ripen"))),
        ("clause", "recipeClauseOf", json!(d("sale"))),
        ("recipe", "recipeIncludes", json!([d("ripen")])),
        ("wheels", "stage", json!(d("ripening"))),
        ("lot", "batchLotCode", json!("W12")),
        ("meadow", "@type", json!("EcologicalAgent")),
        ("debt", "triggeredBy", json!(d("made"))),
        ("paid", "settles", json!([d("debt")])),
        ("offer", "listedIn", json!([d("list")])),
        ("deal", "bundledIn", json!(d("bundle"))),
    ];
    for (id, name, wanted) in table {
        assert_eq!(books[&d(id)][name], wanted, "{id} {name}: {}", books[&d(id)]);
    }
    assert!(first.to_string().contains("\"ofBatchLot\":\"https://dairy.example/lot\""), "{first}");
    // Out and in again, it is the same.
    let path = write(&data, "again.jsonld", &first.to_string());
    let rules = root().join("policies/open-books").display().to_string();
    let again = ["network", "new", "again", "--rules", &rules, "--sandbox", "--steward", "Ada"];
    cli(&data.0, None, &again).ok();
    let path = path.display().to_string();
    cli(&data.0, None, &["--network", "again", "--as", "Ada", "import", &path]).ok();
    assert_eq!(export(&data.0, "again", "Ada", &[]), first);
    cli(&data.0, None, &["verify"]).ok();
}

#[test]
fn flows_under_a_process_are_its_own() {
    let data = sandbox("files-process");
    import(&data.0, &[&example("making.yaml")]).ok();
    let first = export(&data.0, "books", "Ada", &[]);
    let books = by_id(&first);
    for (event, link) in [("wood", "inputOf"), ("hours", "inputOf"), ("made", "outputOf")] {
        let event = &books[&format!("https://workshop.example/{event}")];
        assert_eq!(event[link], "https://workshop.example/afternoon", "{event}");
    }
    // The state after what made it: the stock that nobody knew before is known from there on.
    let stool = &books["https://workshop.example/stool"];
    assert_eq!(stool["accountingQuantity"], json!({"hasNumericalValue": "1", "hasUnit": "piece"}));
    assert_eq!(books["https://workshop.example/planks"].get("onhandQuantity"), None);
    let copy = sandbox("files-process-copy");
    let path = write(&copy, "first.json", &first.to_string());
    import(&copy.0, &[&path.display().to_string()]).ok();
    assert_eq!(export(&copy.0, "books", "Ada", &[]), first);
}

#[test]
fn a_long_file_is_taken_in_parts_and_goes_on_where_it_stopped() {
    let data = sandbox("files-parts");
    let mut text = String::from(
        "'@context': { '@vocab': 'https://w3id.org/valueflows/ont/vf#', a: 'https://a.example/' }\n'@graph':\n",
    );
    text += "- { '@id': a:store, '@type': EconomicResource, name: Store, accountingQuantity: { hasUnit: piece, hasNumericalValue: 0 } }\n";
    for n in 0..2_300 {
        text += &format!(
            "- {{ '@id': 'a:e{n}', '@type': EconomicEvent, action: raise, provider: a:x, receiver: a:x, resourceInventoriedAs: a:store, resourceQuantity: {{ hasUnit: piece, hasNumericalValue: 1 }}, hasPointInTime: '2020-01-01T00:00:00Z' }}\n"
        );
    }
    text += "- { '@id': a:store, '@type': EconomicResource, accountingQuantity: { hasUnit: piece, hasNumericalValue: 2300 } }\n";
    // Judged whole before anything is taken: a fault in the last line keeps all of it out.
    let wrong =
        write(&data, "wrong.yaml", &text.replace("hasNumericalValue: 2300", "hasNumericalValue: 2299"));
    let refused = import(&data.0, &[&wrong.display().to_string()]);
    assert_eq!((refused.status, &refused.json()["files"][0]["faults"][0]["line"]), (1, &json!(2_304)));
    assert_eq!(export(&data.0, "books", "Ada", &[])["@graph"], json!([]));
    let right = write(&data, "right.yaml", &text).display().to_string();
    let taken = import(&data.0, &[&right]).ok().json();
    let commands = taken["files"][0]["commands"].as_array().expect("commands").clone();
    assert_eq!(commands.len(), 3, "a thousand acts each");
    let again = import(&data.0, &[&right]).ok().json();
    assert_eq!(
        (&again["files"][0]["alreadyThere"], &again["files"][0]["commands"]),
        (&json!(3), &json!(commands))
    );
    // Killed when the first part is in: whatever was taken is passed over, and the rest taken.
    let other = sandbox("files-killed");
    let node = Node::serve(&other.0, None);
    let entries = || cli(&other.0, None, &["--json", "network", "list"]).ok().json()[0]["entries"].as_u64();
    let mut running = tests::node::start(&other.0, &["--network", "books", "--as", "Ada", "import", &right]);
    while entries() < Some(2) && running.try_wait().expect("a process").is_none() {}
    let _ = running.kill();
    running.wait().expect("it ends");
    let taken = import(&other.0, &[&right]).ok().json();
    assert!(taken["files"][0]["alreadyThere"].as_u64() >= Some(1), "{taken}");
    assert_eq!(taken["files"][0]["commands"].as_array().map(Vec::len), Some(3));
    assert_eq!(entries(), Some(4), "founded, and three parts");
    drop(node);
    assert_eq!(export(&other.0, "books", "Ada", &[]), export(&data.0, "books", "Ada", &[]));
    let one = export(&data.0, "books", "Ada", &["--resource", "Store"]);
    assert_eq!(by_id(&one)["https://a.example/store"]["accountingQuantity"]["hasNumericalValue"], "2300");
}

#[test]
fn what_goes_out_comes_in_again_and_goes_out_the_same() {
    let data = Folder::new("files-round");
    let library = found(&data.0, None);
    lend(&data, &library);
    // An agent of the library's, who may see all of it.
    let first = export(&data.0, NETWORK, "Ines", &[]);
    assert!(first["@graph"].as_array().is_some_and(|graph| graph.len() > 20), "{first}");
    let copy = sandbox("files-copy");
    let path = write(&copy, "first.json", &serde_json::to_string_pretty(&first).expect("JSON"));
    import(&copy.0, &[&path.display().to_string()]).ok();
    assert_eq!(export(&copy.0, "books", "Ada", &[]), first);
    // A thing's history, and one class, likewise.
    for part in [&["--resource", "Hammer drill"][..], &["--class", "Proposal"]] {
        let first = export(&data.0, NETWORK, "Ines", part);
        let copy = sandbox("files-part");
        let path = write(&copy, "part.json", &first.to_string());
        import(&copy.0, &[&path.display().to_string()]).ok();
        let graph = |document: &Json| by_id(document);
        assert_eq!(graph(&export(&copy.0, "books", "Ada", &[])), graph(&first), "{part:?}");
    }
    // Taken in where it came from, it is all there already.
    let args = ["--network", NETWORK, "--as", "Ines", "--json", "import", &path.display().to_string()];
    let home = cli(&data.0, None, &args).ok().json();
    assert_eq!(home["files"][0]["records"], json!(0), "{home}");
    // Over the door, what one sees; another's business is not in it.
    let node = Node::serve(&data.0, None);
    let amara = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
    let (status, seen) = amara.ask(&format!("/api/v1/networks/{NETWORK}/export"));
    assert_eq!((status, by_id(&seen)), (200, by_id(&first)), "members see the library");
    let (status, history) =
        amara.ask(&format!("/api/v1/networks/{NETWORK}/export?resource={}", library.drill));
    assert!(status == 200 && by_id(&history).len() < by_id(&seen).len(), "{history}");
    for (query, status) in
        [("class=Nope", 404), ("class=Unit&resource=x", 400), ("resource=x", 400), ("other=1", 400)]
    {
        assert_eq!(amara.ask(&format!("/api/v1/networks/{NETWORK}/export?{query}")).0, status, "{query}");
    }
    assert_eq!(Browser::new(&node.base).ask(&format!("/api/v1/networks/{NETWORK}/export")).0, 401);
}

/// The drill, lent to Amara and brought back; the ladder, promised.
fn lend(data: &Folder, library: &founded::Library) {
    for thing in ["Hammer drill", "Ladder"] {
        let quote = cli(&data.0, None, &["--network", NETWORK, "--as", "Amara", "--json", "quote", thing])
            .ok()
            .json();
        let accept = json!([{"act": "accept", "intent": quote["intent"], "receiver": library.amara, "until": quote["until"],
            "quote": {"digest": quote["digest"], "expires": quote["expires"]}}]);
        founded::act(&data.0, None, "Amara", &accept);
    }
    let book = by_id(&export(&data.0, NETWORK, "Ines", &[]));
    let drill = format!("urn:uuid:{}", library.drill);
    let promise = book
        .values()
        .find(|one| one["resourceInventoriedAs"] == json!(drill) && one["@type"] == "Commitment")
        .expect("the loan");
    let id = |iri: &Json| iri.as_str().expect("an id").trim_start_matches("urn:uuid:").to_owned();
    let (owner, deal) = (id(&promise["provider"]), id(&promise["clauseOf"]));
    let one = json!({"hasNumericalValue": "1", "hasUnit": library.piece});
    let hand = |from: &str, to: &str, fulfills: Json| {
        json!([{"act": "record", "event": {"action": "transferCustody", "provider": from, "receiver": to,
            "resourceInventoriedAs": library.drill, "toResourceInventoriedAs": library.drill, "resourceQuantity": one,
            "fulfills": fulfills, "realizationOf": deal}}])
    };
    founded::act(&data.0, None, "Ines", &hand(&owner, &library.amara, json!([id(&promise["@id"])])));
    founded::act(&data.0, None, "Ines", &hand(&library.amara, &owner, json!([])));
}

#[test]
fn who_may_report_is_for_the_rules_to_say() {
    let data = Folder::new("files-rules");
    found(&data.0, None);
    let file = example("offers.yaml");
    for (who, status) in [("Amara", 1), ("Ines", 0)] {
        let outcome = cli(&data.0, None, &["--network", NETWORK, "--as", who, "--json", "import", &file]);
        assert_eq!(outcome.status, status, "{who}: {}", outcome.out);
        if status == 1 {
            assert!(outcome.out.contains("not-permitted"), "{}", outcome.out);
        }
    }
}

#[test]
fn tables_of_people_and_things() {
    let data = Folder::new("files-tables");
    let rules = root().join("policies/tool-library").display().to_string();
    cli(&data.0, None, &["network", "new", "lib", "--rules", &rules, "--sandbox", "--steward", "Ines"]).ok();
    let take = |table: &str, text: &str, more: &[&str]| {
        let path = write(&data, &format!("{table}.csv"), text).display().to_string();
        let args = ["--network", "lib", "--as", "Ines", "--json", "import", "--table", table, &path];
        let outcome = cli(&data.0, None, &[&args[..], more].concat());
        (outcome.status, outcome.json()["files"][0].clone())
    };
    let members = "Full name,roles,training,phone\nBo,,chainsaw;welding,1\n\"Cem, the tall\",clerk,,2\n";
    assert_eq!(
        take("members", members, &[]).1["faults"][0]["line"],
        1,
        "no such column, and how to say where"
    );
    let renamed = ["--column", "name=Full name"];
    let (status, tried) = take("members", members, &[&renamed[..], &["--dry-run"]].concat());
    assert_eq!((status, &tried["records"], &tried["taken"]), (0, &json!(4), &json!(false)));
    assert_eq!(take("members", members, &renamed).1["taken"], true);
    assert_eq!(take("members", members, &renamed).1["alreadyThere"], 1, "a second run adds nothing");
    let (_, more) = take("members", &format!("{members}Dee,,,\n"), &renamed);
    assert_eq!(more["records"], 2, "only who is new: {more}");
    let things =
        "name,kind,owner,quantity,offer,tracking\nDrill,Drill,,1,yes,T-1\nSaw,Saw,Bo,1,no,T-2\nRope,,,3,,\n";
    assert_eq!(take("things", things, &[]).1["records"], 10);
    assert_eq!(take("things", things, &[]).1["alreadyThere"], 1);
    let loans = "thing,member,until\nDrill,Bo,2027-01-31\n";
    assert_eq!(take("loans", loans, &[]).1["records"], 3);
    assert_eq!(take("loans", loans, &[]).1["alreadyThere"], 1);
    let balances = "member,amount,unit\nBo,12.50,EUR\n";
    assert_eq!(take("balances", balances, &[]).1["records"], 2);
    wrong_rows(&take);
    // What they say is what the library knows: the drill is out, and due.
    cli(
        &data.0,
        None,
        &[
            "--network",
            "lib",
            "--as",
            "Ines",
            "--json",
            "member",
            "account",
            "Ines",
            "--password",
            "ines-secret",
        ],
    )
    .ok();
    let node = Node::serve(&data.0, None);
    let ines = Browser::sign_in(&node.base, "lib", "Ines", "ines-secret");
    ines.get("/n/lib/loans").says("Drill").says("Bo");
    let drill = ines.data("", "{ economicResources(filter: {trackingIdentifier: [\"T-1\"]}) { edges { node { custodian { name } primaryAccountable { name } } } } }", &json!({}));
    assert_eq!(
        drill["economicResources"]["edges"][0]["node"],
        json!({"custodian": {"name": "Bo"}, "primaryAccountable": {"name": "lib"}})
    );
}

/// What one table brings, with more arguments: the exit status, and the file's report.
type Take<'a> = dyn Fn(&str, &str, &[&str]) -> (i32, Json) + 'a;

fn wrong_rows(take: &Take<'_>) {
    for (table, text, reason) in [
        ("loans", "thing,member,until\nDrill,Dee,2027-02-01\n", "out already"),
        ("loans", "thing,member,until\nTent,Dee,2027-02-01\n", "nothing called `Tent`"),
        ("loans", "thing,member,until\nRope,Nobody,2027-02-01\n", "nobody called `Nobody`"),
        ("loans", "thing,member,until\nRope,Dee,soon\n", "no day"),
        ("things", "name,unit\nNail,barrel\n", "no unit `barrel`"),
        ("things", "name,owner\nNail,Nobody\n", "nobody called `Nobody`"),
        ("balances", "member,amount,unit\nDee,lots,EUR\n", "lots"),
        ("members", "name,roles\nx,y,z\n", "CSV"),
    ] {
        let (status, report) = take(table, text, &[]);
        let said = report["faults"][0]["reason"].as_str().unwrap_or_default().to_owned();
        assert!(status == 1 && said.contains(reason), "{text}: {report}");
    }
    // Lines are counted as their keeper sees them, whatever machine ended them.
    for end in ["\n", "\r\n", "\r"] {
        let text = ["name,roles", "Zoe,", ",clerk", ""].join(end);
        let (_, report) = take("members", &text, &[]);
        assert_eq!(report["faults"][0]["line"], 3, "{end:?}: {report}");
    }
}
