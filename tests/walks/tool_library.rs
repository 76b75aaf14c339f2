//! The walk of the tool library: an untrained member and a chainsaw, a loan that runs late, a fee, a
//! second loan; over HTTP and the command line, on both engines.

use serde_json::json;
use tests::http::Browser;
use tests::node::{Database, Node};
use tests::postgres::Postgres;
use tests::{Folder, cli, root, skip};

use crate::founded::{Library, NETWORK, found};

/// Walks the whole loan in a data folder.
pub fn walk(data: &std::path::Path, database: Database) {
    let library = found(data, database);
    // The stewards sign in too: an account for somebody who was named at founding.
    let args = [
        "--network",
        NETWORK,
        "--as",
        "Ines",
        "--json",
        "member",
        "account",
        "Jonas",
        "--password",
        "jonas-secret",
    ];
    cli(data, database, &args).ok();

    let node = Node::serve(data, database);
    let amara = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
    let jonas = Browser::sign_in(&node.base, NETWORK, "Jonas", "jonas-secret");
    let page = |path: &str| format!("/n/{NETWORK}/{path}");

    // An untrained member is refused a chainsaw, and the page says why and what to do.
    let board = amara.get(&page(""));
    board.says("Chainsaw").says("Hammer drill").says("Ladder");
    let thing = amara.get(&page(&format!("things/{}", library.chainsaw)));
    thing
        .says("You cannot borrow this yet")
        .says("needs a training")
        .says("Ask a steward for the next training");
    let refused = refuse_chainsaw(&amara, &board);
    refused
        .says("That was not possible")
        .says("needs a training")
        .says("Ask a steward")
        .says("Nothing was changed");

    // A member borrows for seven days at the price shown.
    let drill = amara.get(&page(&format!("things/{}", library.drill)));
    let quote = amara.get(&format!("{}?days=7", drill.link("Borrow this")));
    quote.says("20.00 €").says("1.50 €").says("Borrow for 7 days + 20.00 € deposit");
    amara.submit(&quote, "/borrow/", &[]).says("Done").says("will hand it to Amara");
    // It is promised now; nobody else gets it.
    amara.get(&page(&format!("things/{}", library.drill))).says("promised to Amara");

    // A steward hands it over.
    let loans = jonas.get(&page("loans"));
    jonas.submit(&loans, "/hand-over/", &[]).says("Done").says("brings it back by");
    amara.get(&page("")).says("Bring Hammer drill back: due in 7 days");

    late(data, database, &library, &amara, &jonas);
    doors(&jonas);
    drop(node);
    past(data, database);

    let verified = cli(data, database, &["verify"]).ok();
    assert!(verified.out.contains(" 0 differences"), "{}", verified.out);
    cli(data, database, &["rebuild"]).ok();
    let verified = cli(data, database, &["verify"]).ok();
    assert!(verified.out.contains(" 0 differences"), "{}", verified.out);
}

/// It runs late, comes back, costs a fee; with all settled the member borrows again.
fn late(data: &std::path::Path, database: Database, library: &Library, amara: &Browser, jonas: &Browser) {
    let page = |path: &str| format!("/n/{NETWORK}/{path}");
    // Eight days pass; another loan is refused for standing.
    cli(data, database, &["--network", NETWORK, "--as", "Ines", "clock", "advance", "8d"]).ok();
    amara.get(&page("")).says("was due yesterday").says("You owe 1.50 €");
    let ladder = amara.get(&page(&format!("things/{}", library.ladder)));
    ladder.says("should have been brought back already");

    // It comes back, one day late: one fee at the rate that was quoted.
    let loans = jonas.get(&page("loans"));
    jonas.submit(&loans, "/take-back/", &[]).says("Done");
    amara.get(&page(&format!("things/{}", library.ladder))).says("You have an open fee");
    let loans = jonas.get(&page("loans"));
    loans.says("Amara").says("1.50 €");
    assert_eq!(
        loans.body.matches("id=\"fee-").count(),
        1,
        "one day was begun past the date, so one fee is open"
    );
    jonas.submit(&loans, "/paid/", &[]).says("Done");

    // With all settled, the member borrows again.
    let ladder = amara.get(&page(&format!("things/{}", library.ladder)));
    let quote = amara.get(&ladder.link("Borrow this"));
    amara.submit(&quote, "/borrow/", &[]).says("Done");
    // The history of the drill tells it all.
    let drill = amara.get(&page(&format!("things/{}", library.drill)));
    drill.says("library handed Hammer drill to Amara").says("Amara handed Hammer drill to library");
    amara.get(&page("rules")).says("Dangerous tools need training");
    jonas.get(&page("journal")).says("Amara asked to borrow Chainsaw");
}

/// By a program's door: a description is mended, and somebody lets a program act in their name.
fn doors(jonas: &Browser) {
    let word = jonas.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
    let me = jonas.data(
        &word,
        "{ myAgent { id } economicResources { edges { node { revisionId } } } }",
        &json!({}),
    );
    let revision = &me["economicResources"]["edges"][0]["node"]["revisionId"];
    let mend = "mutation($resource: EconomicResourceUpdateParams!) { updateEconomicResource(resource: $resource) { economicResource { note } } }";
    let resource = json!({"revisionId": revision, "note": "sharpened in spring"});
    jonas.data(&word, mend, &json!({"resource": resource}));
    let trust = "mutation($me: ID!, $until: DateTime!) { createDelegation(delegator: $me, delegate: $me, acts: [\"raise\"], hasEnd: $until) { delegation { id } } }";
    let made =
        jonas.data(&word, trust, &json!({"me": me["myAgent"]["id"], "until": crate::rest::in_days(60)}));
    let end = "mutation($id: ID!) { revokeDelegation(delegation: $id) { delegation { finished } } }";
    jonas.data(&word, end, &json!({"id": made["createDelegation"]["delegation"]["id"]}));
}

/// The time before these books comes in from a file.
fn past(data: &std::path::Path, database: Database) {
    let files = ["exchange.yaml", "lending.json", "offers.yaml"]
        .map(|name| root().join("tests/data/files").join(name));
    let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let args = ["--network", NETWORK, "--as", "Ines", "import", &files[0], &files[1], &files[2]];
    cli(data, database, &args).ok();
}

/// The chainsaw has no button; whoever sends the form anyway gets the explanation.
fn refuse_chainsaw(amara: &Browser, board: &tests::http::Answer) -> tests::http::Answer {
    let offers = board.body.split("class=\"card offer\"").skip(1);
    let offer =
        offers.into_iter().find(|offer| offer.contains(">Chainsaw<")).expect("the chainsaw is offered");
    let path = offer
        .split("href=\"")
        .filter_map(|part| part.split('"').next())
        .find(|path| path.contains("/borrow/"));
    let path = path.expect("a way to borrow").to_owned();
    let page = amara.get(&path);
    page.says("You cannot borrow this yet").says("needs a training");
    // The word and a fresh id stand in any other form of the session.
    let drill = board.body.split("class=\"card offer\"").find(|offer| offer.contains(">Hammer drill<"));
    let other = drill.and_then(|offer| {
        offer.split("href=\"").filter_map(|p| p.split('"').next()).find(|p| p.contains("/borrow/"))
    });
    let (_, fields) = amara.get(other.expect("the drill is offered")).form("/borrow/");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    let answer = amara.post(&path, &fields);
    amara.get(&answer.location.expect("an explanation"))
}

/// Where the walk's database is kept, when it is asked for.
fn keep(name: &str) -> Option<std::path::PathBuf> {
    let release = std::env::var_os("REFLOW_KEEP_OLD_DATABASE")?;
    let folder = root().join("tests/old-databases").join(release).join(name);
    std::fs::create_dir_all(&folder).expect("the folder of old databases");
    Some(folder)
}

#[test]
fn walk_on_sqlite() {
    let data = Folder::new("walk-sqlite");
    walk(&data.0, None);
    if let Some(folder) = keep("sqlite") {
        std::fs::copy(data.join("reflow.sqlite"), folder.join("reflow.sqlite"))
            .expect("the database is kept");
    }
}

#[test]
fn walk_on_postgres() {
    let Some(postgres) = Postgres::start() else {
        return skip("walk_on_postgres", "PostgreSQL's binaries are not installed");
    };
    let data = Folder::new("walk-postgres");
    let address = postgres.database("walk");
    walk(&data.0, Some(&address));
    if let Some(folder) = keep("postgres") {
        std::fs::write(folder.join("dump.sql"), postgres.dump("walk")).expect("the dump is kept");
    }
}
