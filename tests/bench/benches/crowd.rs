//! Many at once: ten networks beside one, several nodes on one database, a steady stream and a flood, and how
//! soon a node with a long past serves again.
//!
//! `cargo bench -p bench --bench crowd -- [--seconds 10] [--prefill 20000] [--past 1000000] [--no-sqlite] [--no-postgres]`
#![allow(clippy::disallowed_methods, reason = "a bench measures time")]

use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use bench::door::Door;
use bench::library::{Library, NETWORK, node};
use bench::load::{self, at};
use bench::numbers::{Median, fsync_probe, line, machine, median};
use serde_json::Value as Json;
use store::Store;
use tests::Folder;
use tests::http::Browser;
use tests::node::Node;
use tests::postgres::Postgres;
use valueflows::Part;

fn number(name: &str, default: f64) -> f64 {
    let args: Vec<String> = std::env::args().collect();
    let value = args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1));
    value.and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn one(value: f64) -> Median {
    Median { median: value, low: value, high: value }
}

/// So many callers a library; events a second.
async fn callers(libraries: &[Arc<Library>], each: usize, seconds: f64) -> f64 {
    let all = libraries.to_vec();
    let count = all.len() * each;
    load::callers(count, seconds, move |n| {
        let library = all[n % all.len()].clone();
        async move { library.one_from(Instant::now()).await }
    })
    .await
}

/// One library's commands on a timetable.
async fn timetable(library: &Arc<Library>, rate: f64, seconds: f64) -> (f64, Vec<f64>) {
    let library = library.clone();
    load::timetable(rate, seconds, move |due| {
        let library = library.clone();
        async move { library.one_from(due).await }
    })
    .await
}

async fn sqlite(rows: &mut Vec<Json>, folder: &Folder, seconds: f64, prefill: f64) {
    let open = async || {
        let store = Store::open_sqlite(&folder.join("crowd.sqlite")).await.expect("a store");
        store.migrate().await.expect("a schema");
        node(store, &folder.0, tests::binary())
    };
    let base = open().await;
    let mut libraries = vec![Arc::new(Library::found(base.clone()).await)];
    for n in 1..10 {
        libraries.push(Arc::new(Library::found_as(base.clone(), &format!("bench-{n}")).await));
    }
    for _ in 0..(prefill / 500.0) as usize {
        libraries[0].burst(500, 1).await;
    }
    let alone = callers(&libraries[..1], 32, seconds).await;
    line(rows, "SQLite, one network, 32 callers", one(alone), "events/s", "");
    let ten = callers(&libraries, 32, seconds).await;
    line(
        rows,
        "SQLite, ten networks, 32 callers each",
        one(ten),
        "events/s",
        &format!("{:.2} of one", ten / alone),
    );
    let (rate, times) = timetable(&libraries[0], 0.7 * alone, seconds).await;
    let note = format!(
        "p50 {:.1} ms, p99 {:.1} ms from the moment due; limit p99 50 ms",
        at(&times, 0.5),
        at(&times, 0.99)
    );
    line(rows, "SQLite, timetable at 0.7 of that", one(rate), "events/s", &note);
    let (good, times) = timetable(&libraries[0], 3.0 * alone, seconds).await;
    let note = format!(
        "{:.2} of 32 callers; p99 of those taken {:.0} ms; limit 0.9",
        good / alone,
        at(&times, 0.99)
    );
    line(rows, "SQLite, timetable at 3 times that, answered", one(good), "events/s", &note);
    over_http(rows, &libraries[0], seconds).await;
    let (agent, piece, thing) = (libraries[0].agent, libraries[0].piece, libraries[0].thing);
    let entries = base.head(NETWORK).await.expect("a head").seq;
    drop(libraries);
    base.close().await;
    let begin = Instant::now();
    let base = open().await;
    Library::resume(base.clone(), agent, piece, thing).burst(1, 1).await;
    let took = begin.elapsed().as_secs_f64();
    line(rows, &format!("SQLite, opened to first receipt, {entries} entries"), one(took), "s", "limit 5 s");
    base.close().await;
}

/// The same flood by HTTP: what is turned away costs a connection, a head and a look at the session.
async fn over_http(rows: &mut Vec<Json>, library: &Arc<Library>, seconds: f64) {
    let door = Arc::new(Door::open(library).await);
    let one_door = door.clone();
    let peak = load::callers(32, seconds, move |_| {
        let door = one_door.clone();
        async move { door.one_from(Instant::now()).await }
    })
    .await;
    line(rows, "SQLite over HTTP, 32 callers", one(peak), "events/s", "");
    let (good, times) = load::timetable(3.0 * peak, seconds, move |due| {
        let door = door.clone();
        async move { door.one_from(due).await }
    })
    .await;
    let note =
        format!("{:.2} of 32 callers; p99 of those taken {:.0} ms; limit 0.7", good / peak, at(&times, 0.99));
    line(rows, "SQLite over HTTP, timetable at 3 times that, answered", one(good), "events/s", &note);
}

/// A node with a long past, as an operator starts it: how soon it serves, and what it takes.
async fn long_past(rows: &mut Vec<Json>, events: f64) {
    let folder = Folder::new("past");
    let store = Store::open_sqlite(&folder.join("reflow.sqlite")).await.expect("a store");
    store.migrate().await.expect("a schema");
    let base = node(store, &folder.0, tests::binary());
    let library = Arc::new(Library::found(base.clone()).await);
    let begin = Instant::now();
    for n in 0..(events / 10_000.0) as usize {
        library.burst(100, 100).await;
        if n % 10 == 9 {
            eprintln!("{} events written, {:.0} s", (n + 1) * 10_000, begin.elapsed().as_secs_f64());
        }
    }
    let rate = events / begin.elapsed().as_secs_f64();
    line(rows, &format!("SQLite, {events} events, 100 acts a command"), one(rate), "events/s", "");
    let head = base.head(NETWORK).await.expect("a head");
    let who = ("Ines", "ines-secret");
    identity::add_account(base.store(), head.key, who, library.agent, pipeline::now())
        .await
        .expect("an account");
    let command = library.command(1);
    drop(library);
    base.close().await;
    // The key that signs is the bench's; the node's own comes from its database.
    let taken = tokio::task::spawn_blocking(move || {
        let begin = Instant::now();
        let node = Node::serve(&folder.0, None);
        let ready = begin.elapsed().as_secs_f64();
        let browser = Browser::sign_in(&node.base, NETWORK, who.0, who.1);
        let word = browser.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
        let body = command.to_json(Part::Whole).to_string();
        let answer = browser.command(NETWORK, &word, body.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.body);
        let first = begin.elapsed().as_secs_f64();
        for page in ["things", "journal", "loans", "people"] {
            assert_eq!(browser.get(&format!("/n/{NETWORK}/{page}")).status, 200, "{page}");
        }
        let status = std::fs::read_to_string(format!("/proc/{}/status", node.pid())).expect("its status");
        let rss = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        let kb: f64 = rss.split_whitespace().next().and_then(|kb| kb.parse().ok()).expect("a number");
        let bytes = std::fs::metadata(folder.join("reflow.sqlite")).expect("the database").len();
        (ready, first, kb / 1024.0, bytes as f64 / 1e9)
    });
    let (ready, first, rss, size) = taken.await.expect("a node");
    line(rows, &format!("{events} events, started to ready"), one(ready), "s", "limit 5 s");
    line(rows, "the same, started to first receipt (signing in, a page)", one(first), "s", "limit 5 s");
    line(rows, "its memory after that and four pages", one(rss), "MiB", &format!("database {size:.2} GB"));
}

/// What PostgreSQL itself does with the rows of one event a commit.
fn pgbench(postgres: &Postgres, folder: &Folder, seconds: f64) -> Option<f64> {
    let script = folder.join("event.sql");
    let setup = "CREATE TABLE head (key BIGINT PRIMARY KEY, seq BIGINT);INSERT INTO head SELECT generate_series(1,32),0;\
        CREATE TABLE e (n BIGINT, seq BIGINT, command BYTEA, hash BYTEA, books TEXT, PRIMARY KEY (n, seq));CREATE UNIQUE INDEX e_c ON e (n, command);\
        CREATE TABLE r (n BIGINT, key BIGINT, id BYTEA, class BIGINT, books TEXT, PRIMARY KEY (n, key));CREATE UNIQUE INDEX r_i ON r (n, id);CREATE INDEX r_c ON r (n, class, key);\
        CREATE TABLE l (n BIGINT, target BYTEA, kind BIGINT, source BIGINT, PRIMARY KEY (n, target, kind, source));\
        CREATE TABLE c (n BIGINT, size BIGINT, note TEXT, PRIMARY KEY (n, size));\
        INSERT INTO r SELECT g, 0, decode(md5(g::text), 'hex'), 1, repeat('x', 300) FROM generate_series(1, 32) g;";
    std::fs::write(folder.join("setup.sql"), setup).ok()?;
    let event = "BEGIN;\n\
        UPDATE head SET seq = seq + 1 WHERE key = :client_id + 1 RETURNING seq AS at \\gset\n\
        INSERT INTO e VALUES (:client_id + 1, :at, decode(md5(:client_id || '-' || :at), 'hex'), sha256(decode(md5(:client_id || '-' || :at), 'hex')), repeat('b', 1100));\n\
        INSERT INTO r VALUES (:client_id + 1, :at, decode(md5('r' || :client_id || '-' || :at), 'hex'), 2, repeat('r', 350));\n\
        UPDATE r SET books = repeat('y', 300) WHERE n = :client_id + 1 AND key = 0;\n\
        INSERT INTO l VALUES (:client_id + 1, decode(md5('t'), 'hex'), 7, :at);\n\
        INSERT INTO c VALUES (:client_id + 1, :at, repeat('n', 250));\n\
        COMMIT;\n";
    std::fs::write(&script, event).ok()?;
    postgres.database("pgbench");
    postgres.load("pgbench", &folder.join("setup.sql"));
    let seconds = format!("{seconds:.0}");
    let socket = postgres.socket();
    let args =
        ["-n", "-M", "prepared", "-c", "32", "-j", "2", "-T", &seconds, "-U", "reflow", "-h", &socket, "-f"];
    let output =
        Command::new(postgres.program("pgbench")).args(args).arg(&script).arg("pgbench").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let rate = text.lines().find_map(|line| line.strip_prefix("tps = "))?.split(' ').next()?.parse().ok();
    rate.or_else(|| {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
        None
    })
}

async fn postgres(rows: &mut Vec<Json>, seconds: f64) {
    let Some(postgres) = Postgres::start() else {
        return println!("PostgreSQL is not installed: its rows are left out");
    };
    let folder = Folder::new("crowd-postgres");
    let peer = pgbench(&postgres, &folder, seconds);
    let address = postgres.database("crowd");
    let mut libraries: Vec<Arc<Library>> = Vec::new();
    let mut nodes = Vec::new();
    for n in 0..3 {
        let store = Store::open_postgres(&address).await.expect("a store");
        store.migrate().await.expect("a schema");
        let base = node(store, &folder.0, tests::binary());
        nodes.push(base.clone());
        let library = match libraries.first() {
            None => Library::found(base).await,
            Some(first) => Library::resume(base, first.agent, first.piece, first.thing),
        };
        libraries.push(Arc::new(library));
        if let (0, Some(peer)) = (n, peer) {
            let rate = callers(&libraries, 32, seconds).await;
            line(rows, "pgbench, the rows of one event a commit, 32 clients", one(peer), "commits/s", "");
            let note = format!("{:.2} of pgbench; limit 0.6", rate / peer);
            line(rows, "PostgreSQL, single commands of 32 callers", one(rate), "events/s", &note);
        }
    }
    let mut alone = 0.0;
    for n in 1..=3 {
        let rate = callers(&libraries[..n], 32 / n, seconds).await;
        alone = if n == 1 { rate } else { alone };
        let note = format!("{:.2} of one", rate / alone);
        line(
            rows,
            &format!("PostgreSQL, {n} nodes on one network, 32 callers"),
            one(rate),
            "events/s",
            &note,
        );
    }
    for node in nodes {
        node.close().await;
    }
}

fn main() {
    let (seconds, prefill) = (number("--seconds", 10.0), number("--prefill", 20_000.0));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let folder = Folder::new("crowd");
    let (cpu, rustc) = machine();
    let (rate, p50) = fsync_probe(&folder.0);
    println!("{cpu}; {rustc}; fdatasync of 4 KiB: {rate:.0}/s, p50 {p50:.2} ms\n");
    let mut rows = Vec::new();
    runtime.block_on(async {
        let args: Vec<String> = std::env::args().collect();
        let left_out = |part: &str| args.iter().any(|arg| arg == part);
        if !left_out("--no-sqlite") {
            sqlite(&mut rows, &folder, seconds, prefill).await;
        }
        if !left_out("--no-postgres") {
            postgres(&mut rows, seconds).await;
        }
        let past = number("--past", 0.0);
        if past > 0.0 {
            long_past(&mut rows, past).await;
        }
    });
    let rates = rows.iter().filter_map(|row| row["median"].as_f64()).collect();
    assert!(median(rates).median > 0.0, "nothing was measured");
}
