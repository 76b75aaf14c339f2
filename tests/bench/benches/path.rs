//! The path against a raw insert, in one run.
//!
//! `cargo bench -p bench -- [--seconds 30] [--warm 5] [--runs 3] [--prefill 100000] [--out FILE]`
#![allow(clippy::disallowed_methods, reason = "a bench measures time")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use bench::library::{CALLERS, Library, NETWORK, node};
use bench::numbers::{Median, fsync_probe, line, machine, median};
use bench::raw;
use serde_json::{Value as Json, json};
use store::Store;
use tests::Folder;
use tests::postgres::Postgres;

struct Options {
    seconds: f64,
    warm: f64,
    runs: usize,
    prefill: usize,
    out: Option<String>,
}

fn options() -> Options {
    let args: Vec<String> = std::env::args().collect();
    let value = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1)).cloned();
    let number = |name: &str, default: f64| value(name).and_then(|text| text.parse().ok()).unwrap_or(default);
    Options {
        seconds: number("--seconds", 30.0),
        warm: number("--warm", 5.0),
        runs: number("--runs", 3.0) as usize,
        prefill: number("--prefill", 100_000.0) as usize,
        out: value("--out"),
    }
}

/// How a row sends its events.
#[derive(Clone, Copy)]
enum Load {
    Queued100,
    Acts100,
    Callers32,
}

impl Load {
    fn name(self) -> &'static str {
        match self {
            Load::Queued100 => "100 commands queued",
            Load::Acts100 => "100 acts in one command",
            Load::Callers32 => "single, 32 callers",
        }
    }
}

async fn spend(library: &Arc<Library>, load: Load, seconds: f64) -> usize {
    let until = Instant::now() + Duration::from_secs_f64(seconds);
    let mut events = 0;
    match load {
        Load::Queued100 => {
            while Instant::now() < until {
                library.burst(100, 1).await;
                events += 100;
            }
        }
        Load::Acts100 => {
            while Instant::now() < until {
                library.burst(1, 100).await;
                events += 100;
            }
        }
        Load::Callers32 => {
            let mut callers = tokio::task::JoinSet::new();
            for _ in 0..32 {
                let library = library.clone();
                callers.spawn(async move {
                    let mut events = 0;
                    while Instant::now() < until {
                        library.burst(1, 1).await;
                        events += 1;
                    }
                    events
                });
            }
            while let Some(done) = callers.join_next().await {
                events += done.expect("a caller");
            }
        }
    }
    events
}

/// A database that can be copied as it stands.
enum Place {
    Sqlite(Folder),
    Postgres(Postgres, Folder),
}

impl Place {
    async fn open(&self, name: &str) -> Store {
        let store = match self {
            Place::Sqlite(folder) => Store::open_sqlite(&folder.join(&format!("{name}.sqlite"))).await,
            Place::Postgres(postgres, _) => Store::open_postgres(&postgres.address(name)).await,
        };
        let store = store.expect("a store");
        store.migrate().await.expect("a schema");
        store
    }

    fn copy(&self, from: &str, to: &str) {
        match self {
            Place::Sqlite(folder) => {
                for end in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(folder.join(&format!("{to}.sqlite{end}")));
                }
                std::fs::copy(folder.join(&format!("{from}.sqlite")), folder.join(&format!("{to}.sqlite")))
                    .expect("a copy");
            }
            Place::Postgres(postgres, _) => postgres.copy_database(from, to),
        }
    }

    fn folder(&self) -> &Folder {
        match self {
            Place::Sqlite(folder) | Place::Postgres(_, folder) => folder,
        }
    }
}

async fn engine(rows: &mut Vec<Json>, name: &str, place: &Place, options: &Options) {
    if let Place::Postgres(postgres, _) = place {
        postgres.database("base");
    }
    let base = node(place.open("base").await, &place.folder().0, tests::binary());
    let library = Library::found(base.clone()).await;
    let (agent, piece, thing) = (library.agent, library.piece, library.thing);
    let begin = Instant::now();
    for _ in 0..options.prefill.div_ceil(500) {
        library.burst(500, 1).await;
    }
    eprintln!(
        "{name}: {} events written beforehand in {:.1} s",
        options.prefill,
        begin.elapsed().as_secs_f64()
    );
    drop(library);
    base.close().await;
    for load in [Load::Queued100, Load::Acts100, Load::Callers32] {
        let (mut path, mut bare, mut shares) = (Vec::new(), Vec::new(), [0u64; 5]);
        let mut written = raw::Written::default();
        for _ in 0..options.runs {
            place.copy("base", "run");
            let node = node(place.open("run").await, &place.folder().0, tests::binary());
            let library = Arc::new(Library::resume(node.clone(), agent, piece, thing));
            spend(&library, load, options.warm).await;
            let from = node.head(NETWORK).await.expect("a head");
            node.close().await;
            // The copy that raw insert writes into stands where the measured run began.
            place.copy("run", "raw");
            let node = bench::library::node(place.open("run").await, &place.folder().0, tests::binary());
            let library = Arc::new(Library::resume(node.clone(), agent, piece, thing));
            let before = pipeline::meter::spent();
            let begin = Instant::now();
            let events = spend(&library, load, options.seconds).await;
            path.push(events as f64 / begin.elapsed().as_secs_f64());
            let after = pipeline::meter::spent();
            (0..5).for_each(|n| shares[n] += after[n] - before[n]);
            let to = node.head(NETWORK).await.expect("a head");
            let batches = raw::batches(&node, &from, &to).await;
            written.add(&batches, events);
            let store = place.open("raw").await;
            bare.push(raw::commit(&store, &batches, events).await);
            store.close().await;
            node.close().await;
        }
        let (path, bare) = (median(path), median(bare));
        let total: u64 = shares.iter().sum::<u64>().max(1);
        let share = |n: usize| 100 * shares[n] / total;
        let note = format!(
            "{:.2} of raw; read {}% facts {}% Cedar {}% decide {}% write {}%",
            path.median / bare.median,
            share(0),
            share(1),
            share(2),
            share(3),
            share(4)
        );
        line(rows, &format!("{name}, {}, in process", load.name()), path, "events/s", &note);
        let note = written.an_event();
        line(rows, &format!("{name}, {}, raw insert", load.name()), bare, "events/s", &note);
    }
    footprint(rows, name, place, options).await;
}

/// Bytes an event takes in the journal and on the disk.
async fn footprint(rows: &mut Vec<Json>, name: &str, place: &Place, options: &Options) {
    let store = place.open("base").await;
    let head = store.network_by_name(NETWORK).await.expect("a head").expect("the network");
    let entries = store.entries_back(&head, head.seq, 1).await.expect("entries");
    let books = entries.first().map_or(0, |(entry, _)| entry.books.len()) as f64;
    let one = Median { median: books, low: books, high: books };
    line(rows, &format!("{name}, journal bytes of a plain event"), one, "bytes", "budget 1,500");
    store.close().await;
    if let Place::Sqlite(folder) = place {
        let size = std::fs::metadata(folder.join("base.sqlite")).map_or(0, |file| file.len()) as f64;
        let each = size / options.prefill as f64;
        let each = Median { median: each, low: each, high: each };
        line(
            rows,
            &format!("{name}, bytes on disk of a plain event, all tables"),
            each,
            "bytes",
            "budget 2,500",
        );
    }
}

/// Over HTTP: single commands of 32 callers, each its own connection.
async fn over_http(rows: &mut Vec<Json>, place: &Place, options: &Options) {
    let Place::Sqlite(folder) = place else { return };
    let data = folder.join("http");
    std::fs::create_dir_all(&data).expect("a folder");
    std::fs::copy(folder.join("base.sqlite"), data.join("reflow.sqlite")).expect("a copy");
    std::fs::write(data.join("node.key"), [7u8; 32]).expect("a key");
    let store = Store::open_sqlite(&data.join("reflow.sqlite")).await.expect("a store");
    let head = store.network_by_name(NETWORK).await.expect("a head").expect("the network");
    drop(head);
    store.close().await;
    // An account each: a single one may not ask this often.
    let callers: Vec<(String, valueflows::Id)> = (0..CALLERS)
        .map(|n| {
            let name = format!("Caller {n}");
            let add =
                ["--network", NETWORK, "--json", "member", "account", &name, "--password", "caller-secret"];
            let added = tests::cli(&data, None, &add).ok().json();
            (name, added["agent"].as_str().expect("an id").parse().expect("an id"))
        })
        .collect();
    let base = node(place.open("base").await, &folder.0, tests::binary());
    let (piece, thing) = stock(&base).await;
    let server = tests::Node::serve(&data, None);
    let callers: Vec<_> = callers
        .into_iter()
        .map(|(name, agent)| {
            let browser = tests::http::Browser::sign_in(&server.base, NETWORK, &name, "caller-secret");
            let word = browser.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
            (browser, word, Library::resume(base.clone(), agent, piece, thing))
        })
        .collect();
    let mut runs = Vec::new();
    for _ in 0..options.runs {
        let (begin, until) = (Instant::now(), Instant::now() + Duration::from_secs_f64(options.seconds));
        let events: usize = std::thread::scope(|scope| {
            let calls: Vec<_> = callers
                .iter()
                .map(|(browser, word, shape)| {
                    scope.spawn(move || {
                        let mut events = 0;
                        while Instant::now() < until {
                            let command = shape.command(1).to_json(valueflows::Part::Whole);
                            let answer = browser.command(NETWORK, word, command.to_string().as_bytes());
                            assert_eq!(answer.status, 200, "{}", answer.body);
                            events += 1;
                        }
                        events
                    })
                })
                .collect();
            calls.into_iter().map(|call| call.join().expect("a caller")).sum()
        });
        runs.push(events as f64 / begin.elapsed().as_secs_f64());
    }
    line(rows, "SQLite, single, 32 callers, over HTTP", median(runs), "events/s", "client on the same cores");
    base.close().await;
}

/// The unit that things are counted in, and the thing whose stock the events change.
async fn stock(node: &Arc<pipeline::Node>) -> (valueflows::Id, valueflows::Id) {
    let head = node.head(NETWORK).await.expect("a head");
    let piece = node.rules(&head).await.expect("rules").units.get("piece").expect("a unit").0;
    let things = node.store().list(&head, valueflows::Class::EconomicResource, 0, 1).await.expect("things");
    (piece, things.first().expect("a thing").record.id)
}

fn main() {
    let options = options();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let sqlite = Place::Sqlite(Folder::new("bench-sqlite"));
    let mut rows = Vec::new();
    let (cpu, rustc) = machine();
    let (rate, p50) = fsync_probe(&sqlite.folder().0);
    println!("{cpu}; {rustc}; fdatasync of 4 KiB: {rate:.0}/s, p50 {p50:.2} ms");
    println!(
        "{} s after {} s warm-up, {} runs, {} events before\n",
        options.seconds, options.warm, options.runs, options.prefill
    );
    runtime.block_on(async {
        engine(&mut rows, "SQLite", &sqlite, &options).await;
        over_http(&mut rows, &sqlite, &options).await;
        match Postgres::start() {
            Some(postgres) => {
                let place = Place::Postgres(postgres, Folder::new("bench-postgres"));
                engine(&mut rows, "PostgreSQL", &place, &options).await;
            }
            None => println!("PostgreSQL is not installed: its rows are left out"),
        }
    });
    if let Some(out) = &options.out {
        let document =
            json!({"cpu": cpu, "rustc": rustc, "fsyncPerSecond": rate, "fsyncP50Ms": p50, "rows": rows});
        std::fs::write(out, document.to_string()).expect("the document is written");
    }
}
