//! Track and trace over a million events: the walk beside a bare breadth-first search over the same arrays and beside
//! the recursive SQL question; how long the graph takes to load and what it takes in memory; and a trace of ten
//! thousand steps, every one judged for its reader, through the pipeline and over REST.
//!
//! `cargo bench -p bench --bench flow -- [--processes 300000] [--bought 100000]`
#![allow(clippy::disallowed_methods, reason = "a bench measures time")]

use std::sync::Arc;
use std::time::Instant;

use bench::door::Door;
use bench::library::{Library, NETWORK, node};
use bench::numbers::{Median, line, machine, median};
use ledger::flow::{Direction, Graph, Happened, Walk};
use pipeline::Via;
use pipeline::flow::Asked;
use serde_json::Value as Json;
use store::{Sql, Store};
use tests::Folder;
use tests::http::Browser;
use valueflows::{Action, Id};

fn option(name: &str, default: u64) -> u64 {
    let args: Vec<String> = std::env::args().collect();
    let value = args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1)).cloned();
    value.and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// How far back a process reaches for what it uses up, things.
const WINDOW: u64 = 2_000;

/// What a made-up past is made of: things that were bought, and processes that make one thing of two earlier ones.
#[derive(Clone, Copy)]
struct Past {
    bought: u64,
    processes: u64,
}

impl Past {
    /// Which things a process uses up: two of those made not long before, so that what is new comes out of most of
    /// what there was.
    fn used(&self, process: u64) -> [u64; 2] {
        let newest = self.bought + process - 1;
        [newest - (process * 7_919 + 13) % WINDOW, newest - (process * 104_729 + 7) % WINDOW]
    }

    /// The place of a thing in the order of the books.
    fn place(&self, thing: u64) -> u64 {
        match thing.checked_sub(self.bought) {
            None => 2 * thing + 1,
            Some(made) => 2 * self.bought + 5 * made + 4,
        }
    }

    fn id(&self, thing: u64) -> Id {
        format!("b0000000-0000-0000-0000-{:012x}", self.place(thing)).parse().expect("an id")
    }

    fn graph(&self) -> Graph {
        let mut graph = Graph::default();
        let happened = |action, about: u64, input_of: Option<u64>, output_of: Option<u64>| Happened {
            action,
            about: Some(about as u32),
            to: None,
            input_of: input_of.map(|at| at as u32),
            output_of: output_of.map(|at| at as u32),
        };
        for thing in 0..self.bought {
            let event = graph.happening(Action::Raise);
            graph.resource(&[]);
            graph.connect(event, happened(Action::Raise, self.place(thing), None, None));
        }
        for process in 0..self.processes {
            let at = u64::from(graph.process());
            for thing in self.used(process) {
                graph.event(happened(Action::Consume, self.place(thing), Some(at), None));
            }
            let event = graph.happening(Action::Produce);
            let made = u64::from(graph.resource(&[]));
            graph.connect(event, happened(Action::Produce, made, None, Some(at)));
        }
        graph.settle();
        graph
    }

    /// The same as rows of a network's books, from a key on, and as a table of edges for the recursive question.
    fn rows(&self, from: i64, agent: Id, unit: Id) -> String {
        let Past { bought, processes } = *self;
        let id = |at: &str| format!("'b0000000-0000-0000-0000-' || printf('%012x', {at})");
        let blob = |at: &str| format!("unhex('b0000000000000000000' || printf('%012x', {at}))");
        let place = |thing: &str| {
            format!(
                "(CASE WHEN {thing} < {bought} THEN 2 * {thing} + 1 ELSE 2 * {bought} + 5 * ({thing} - {bought}) + 4 END)"
            )
        };
        let base = format!("(2 * {bought} + 5 * i)");
        let used = [
            format!("({bought} + i - 1 - (i * 7919 + 13) % {WINDOW})"),
            format!("({bought} + i - 1 - (i * 104729 + 7) % {WINDOW})"),
        ];
        let event = |action: &str, about: &str, link: &str| {
            format!(
                "'{{\"action\":\"{action}\",\"created\":1700000000000000,\"hasPointInTime\":1700000000000000,{link}\"provider\":\"{agent}\",\
                 \"receiver\":\"{agent}\",\"resourceInventoriedAs\":\"' || {} || '\",\"resourceQuantity\":{{\"amount\":1,\"unit\":\"{unit}\"}}}}'",
                id(about)
            )
        };
        let thing = format!(
            "'{{\"accountingQuantity\":{{\"amount\":1,\"unit\":\"{unit}\"}},\"onhandQuantity\":{{\"amount\":1,\"unit\":\"{unit}\"}},\"primaryAccountable\":\"{agent}\"}}'"
        );
        let insert = |n: u64, at: &str, class: u8, books: &str| {
            format!(
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {n}) \
                 INSERT INTO record SELECT 1, {from} + {at}, {}, {class}, 1, 1, {books}, NULL FROM n;\n",
                blob(at)
            )
        };
        let at = |n: u64| format!("({base} + {n})");
        let process = |link: &str| format!("\"{link}\":\"' || {} || '\",", id(&at(0)));
        let mut sql = String::from("BEGIN;\n");
        sql += &insert(bought, "(2 * i)", 8, &event("raise", "(2 * i + 1)", ""));
        sql += &insert(bought, "(2 * i + 1)", 7, &thing);
        sql += &insert(processes, &at(0), 9, "'{}'");
        for (n, used) in used.iter().enumerate() {
            sql += &insert(
                processes,
                &at(1 + n as u64),
                8,
                &event("consume", &place(used), &process("inputOf")),
            );
        }
        sql += &insert(processes, &at(3), 8, &event("produce", &at(4), &process("outputOf")));
        sql += &insert(processes, &at(4), 7, &thing);
        let total = 2 * bought + 5 * processes;
        sql += &format!("UPDATE network SET next_key = {from} + {total} WHERE key = 1;\nCOMMIT;\n");
        sql += "CREATE TABLE edge (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID;\nBEGIN;\n";
        let edge = |n: u64, a: &str, b: &str| {
            format!(
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {n}) INSERT OR IGNORE INTO edge SELECT {a}, {b} FROM n;\n"
            )
        };
        sql += &edge(bought, "2 * i + 1", "2 * i");
        for (n, used) in used.iter().enumerate() {
            let consumed = at(1 + n as u64);
            sql += &edge(processes, &at(0), &consumed);
            sql += &edge(processes, &consumed, &place(used));
        }
        sql += &edge(processes, &at(3), &at(0));
        sql += &edge(processes, &at(4), &at(3));
        sql + "COMMIT;\n"
    }
}

fn timed<T>(what: impl FnOnce() -> T) -> (T, f64) {
    let begin = Instant::now();
    let answer = what();
    (answer, begin.elapsed().as_secs_f64() * 1_000.0)
}

/// The walk, the bare search and the recursive question from the newest things, whose past is most of everything.
async fn walks(past: Past, graph: &Graph, store: &Store, rows: &mut Vec<Json>) {
    let (mut walks, mut searches, mut questions, mut steps) = (Vec::new(), Vec::new(), Vec::new(), 0);
    // What a reader may see, asked once and kept as bits: about one record in thirty is sealed to them.
    let visible: Vec<u64> =
        (0..graph.len() as u64 / 64 + 1).map(|word| !(1 << (word % 64) | 1 << (word * 7 % 64))).collect();
    let (mut ruled, mut sealed) = (Vec::new(), 0);
    for n in 0..7 {
        let start = past.place(past.bought + past.processes - 1 - n) as u32;
        let walk = Walk { start, direction: Direction::Trace, below: u32::MAX, steps_max: usize::MAX };
        let ((walked, _), took) = timed(|| graph.walk(&walk));
        walks.push(took);
        let (seen, took) = timed(|| {
            let (walked, _) = graph.walk(&walk);
            let is_visible =
                |node: u32| visible.get(node as usize / 64).is_some_and(|word| word >> (node % 64) & 1 == 1);
            walked.iter().filter(|step| is_visible(step.node)).count()
        });
        ruled.push(took);
        sealed = walked.len() - seen;
        let (reached, took) = timed(|| graph.reach(start, Direction::Trace));
        searches.push(took);
        // The walk goes along the breadcrumbs, too.
        assert!(walked.len() >= reached.len(), "nothing is left out");
        steps = walked.len();
        if n < 3 {
            const REACHED: Sql = Sql::same(
                "bench.reached",
                "WITH RECURSIVE reached(id) AS (SELECT $1 UNION SELECT edge.b FROM reached JOIN edge ON edge.a = reached.id) \
                 SELECT COUNT(*) FROM reached",
            );
            let begin = Instant::now();
            let found = store.fetch(&REACHED, &[i64::from(start).into()]).await.expect("asked");
            questions.push(begin.elapsed().as_secs_f64() * 1_000.0);
            assert_eq!(found.first().and_then(|row| row.int(0).ok()), Some(reached.len() as i64));
        }
    }
    let (walk, search, question, ruled) = (median(walks), median(searches), median(questions), median(ruled));
    line(rows, &format!("walk, {steps} steps, breadcrumbs among them"), walk, "ms", "");
    let times = walk.median / search.median;
    line(
        rows,
        "bare breadth-first search, the same arrays",
        search,
        "ms",
        &format!("the walk takes {times:.2} times this (aim: 2 at most)"),
    );
    let times = ruled.median / search.median;
    line(
        rows,
        &format!("the walk with rules, visibility as bits: {sealed} steps sealed"),
        ruled,
        "ms",
        &format!("{times:.2} times the bare search (aim: 5 at most)"),
    );
    let times = question.median / walk.median;
    line(
        rows,
        "recursive SQL over a table of edges",
        question,
        "ms",
        &format!("{times:.0} times the walk (aim: 40 at least)"),
    );
}

async fn over_rest(past: Past, library: &Arc<Library>, rows: &mut Vec<Json>) {
    let things = past.bought + past.processes;
    let door = Door::open(library).await;
    let browser = Arc::new(Browser::with_token(&door.base, &door.token));
    for (steps, times) in [(100usize, 200u64), (1_000, 60), (10_000, 20)] {
        let browser = browser.clone();
        let asked = move || -> Vec<f64> {
            let one = |n: u64| {
                let start = past.id(things - 1 - n);
                let (answer, took) =
                    timed(|| browser.get(&format!("/api/v1/networks/{NETWORK}/trace/{start}?limit={steps}")));
                assert_eq!(answer.status, 200, "{}", answer.body);
                took
            };
            (0..times).map(one).collect()
        };
        let mut took = tokio::task::spawn_blocking(asked).await.expect("asked");
        took.sort_by(f64::total_cmp);
        let at = |part: f64| took.get((took.len() as f64 * part) as usize).copied().unwrap_or_default();
        let spread = Median { median: at(0.5), low: at(0.0), high: at(0.99) };
        let note = "upper end: p99 (aim: 50 ms at 10,000)";
        line(rows, &format!("REST, {steps} steps, one client"), spread, "ms", note);
    }
}

#[tokio::main]
async fn main() {
    let (cpu, rustc) = machine();
    let past = Past { bought: option("--bought", 100_000), processes: option("--processes", 300_000) };
    let (events, things) = (past.bought + 3 * past.processes, past.bought + past.processes);
    println!("{cpu}; {rustc}\n{events} events, {things} things, {} processes\n", past.processes);
    let folder = Folder::new("bench-flow");
    std::fs::create_dir_all(&folder.0).expect("a folder");
    let path = folder.join("flow.sqlite");
    let store = Store::open_sqlite(&path).await.expect("a store");
    store.migrate().await.expect("a schema");
    let first = node(store, &folder.0, tests::binary());
    let library = Library::found(first.clone()).await;
    let head = first.head(NETWORK).await.expect("a head");
    let (agent, piece, thing) = (library.agent, library.piece, library.thing);
    drop(library);
    first.close().await;
    let sql = past.rows(head.next_key, agent, piece);
    let database = path.clone();
    tokio::task::spawn_blocking(move || tests::alter(&database, &sql)).await.expect("written");
    let mut rows = Vec::new();
    let (graph, took) = timed(|| past.graph());
    let bytes = graph.bytes() as f64 / (1 << 20) as f64;
    println!(
        "arrays made in {took:.0} ms, {bytes:.1} MiB: {:.0} bytes an event\n",
        graph.bytes() as f64 / events as f64
    );
    let store = Store::open_sqlite(&path).await.expect("a store");
    walks(past, &graph, &store, &mut rows).await;
    let node = node(store, &folder.0, tests::binary());
    let library = Arc::new(Library::resume(node.clone(), agent, piece, thing));
    let id = move |thing: u64| past.id(thing);
    // The first question loads the graph.
    let begin = Instant::now();
    let mut reader = node.reader(NETWORK, agent, Via::Console).await.expect("a reader");
    let asked = Asked { direction: Direction::Trace, skip: 0, first: 10_000, below: None };
    reader.walk(id(0), asked).await.expect("walked").expect("seen");
    println!(
        "\nthe first question, with the graph read from the database: {:.1} s\n",
        begin.elapsed().as_secs_f64()
    );
    let (mut walked, mut judged) = (Vec::new(), Vec::new());
    for n in 0..9 {
        let mut reader = node.reader(NETWORK, agent, Via::Console).await.expect("a reader");
        let begin = Instant::now();
        let trail = reader.walk(id(things - 1 - n), asked).await.expect("walked").expect("seen");
        walked.push(begin.elapsed().as_secs_f64() * 1_000.0);
        let hops = reader.hops(&trail, 0..trail.len()).await.expect("judged");
        assert!(hops.iter().all(|hop| hop.record.is_some()));
        judged.push(begin.elapsed().as_secs_f64() * 1_000.0);
    }
    line(&mut rows, "10,000 steps walked", median(walked), "ms", "start looked up and judged");
    line(&mut rows, "10,000 steps walked, read and each judged by the rules", median(judged), "ms", "");
    over_rest(past, &library, &mut rows).await;
    node.close().await;
}
