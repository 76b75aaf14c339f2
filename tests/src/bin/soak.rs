//! The long runs: kills by the hundred, nodes side by side for minutes. `make soak` runs it.
//!
//! `soak kills [--rounds 1000] [--engine sqlite|postgres|both]`
//! `soak nodes [--minutes 10]`
#![allow(clippy::disallowed_methods, reason = "long runs are measured in time")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tests::chaos::Link;
use tests::founded::found;
use tests::load::{Acknowledged, Seat, Writers};
use tests::node::{Database, Node};
use tests::postgres::Postgres;
use tests::{Folder, cli};

/// A fresh database after so many kills: each is checked whole before it goes.
const ROUNDS_A_DATABASE: u32 = 50;
/// Events of one command, and writers at once.
const EVENTS: usize = 200;
const WRITERS: usize = 4;

#[derive(Default)]
struct Summary {
    rounds: u32,
    commands: usize,
    events: u64,
    databases: u32,
}

fn option(name: &str) -> Option<String> {
    let args: Vec<String> = std::env::args().collect();
    args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1)).cloned()
}

fn number(name: &str, default: u32) -> u32 {
    option(name).and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn verify(data: &Folder, database: Database) {
    let verified = cli(&data.0, database, &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
}

/// Kills on one database, at moments that a counter spreads over the first second.
fn kills(name: &str, database: Database, rounds: u32, first: u32, summary: &mut Summary) {
    let data = Folder::new(name);
    let library = found(&data.0, database);
    let acknowledged: Arc<Acknowledged> = Arc::default();
    let mut seat = None;
    for round in first..first + rounds {
        let node = Node::serve(&data.0, database);
        let seat: &Seat = seat.get_or_insert_with(|| Seat::take(&node, &library));
        let bases = [node.base.clone()];
        let writers = Writers::start(&bases, seat, (WRITERS, EVENTS), round, &acknowledged);
        let before = acknowledged.events();
        let (begin, wait) = (Instant::now(), Duration::from_millis(u64::from(50 + round * 37 % 900)));
        while begin.elapsed() < wait || acknowledged.events() == before {
            std::thread::yield_now();
        }
        node.kill();
        writers.stop();
    }
    let commands = acknowledged.check(&data.0, database);
    verify(&data, database);
    summary.rounds += rounds;
    summary.commands += commands;
    summary.events += acknowledged.events();
    summary.databases += 1;
}

fn all_kills(engine: &str, rounds: u32) {
    let begin = Instant::now();
    let postgres = (engine == "postgres").then(|| Postgres::start().expect("PostgreSQL's binaries"));
    let mut summary = Summary::default();
    while summary.rounds < rounds {
        let some = ROUNDS_A_DATABASE.min(rounds - summary.rounds);
        let address = postgres.as_ref().map(|server| server.database(&format!("soak{}", summary.databases)));
        let first = summary.rounds;
        kills("soak", address.as_deref(), some, first, &mut summary);
        eprintln!("{engine}: {} kills, {} events acknowledged, all there", summary.rounds, summary.events);
    }
    let Summary { rounds, commands, events, databases } = summary;
    println!(
        "{engine}: {rounds} kills on {databases} databases in {} s; {events} events in {commands} commands \
         acknowledged; lost 0, doubled 0; verify 0 differences",
        begin.elapsed().as_secs()
    );
}

/// What happens to one of the nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Killed,
    Paused,
    CutOff,
    Stopped,
}

/// Lets so many more commands through; a minute without any is a failure.
fn wait_for(acknowledged: &Acknowledged, more: usize) {
    let (goal, since) = (acknowledged.commands() + more, Instant::now());
    while acknowledged.commands() < goal {
        assert!(since.elapsed() < Duration::from_secs(60), "nothing was acknowledged for a minute");
        std::thread::yield_now();
    }
}

/// Has it happen, while the others go on.
fn befall(fate: Fate, node: Node, link: &Link, acknowledged: &Acknowledged) {
    let signal = |signal| {
        let pid = Pid::from_raw(node.pid() as i32).expect("a process");
        kill_process(pid, signal).expect("a signal");
    };
    match fate {
        Fate::Killed => {
            node.kill();
            wait_for(acknowledged, 20);
        }
        Fate::Paused => {
            signal(Signal::STOP);
            wait_for(acknowledged, 20);
            signal(Signal::CONT);
            wait_for(acknowledged, 10);
        }
        Fate::CutOff => {
            link.cut();
            wait_for(acknowledged, 20);
            link.mend();
            wait_for(acknowledged, 10);
        }
        Fate::Stopped => {
            node.ask_to_stop();
            assert_eq!(node.ended(), Some(0));
            wait_for(acknowledged, 20);
        }
    }
}

/// Three nodes on one PostgreSQL; one at a time is killed, stands still, is cut off from it, or is asked to stop.
fn nodes(minutes: u32) {
    let begin = Instant::now();
    let postgres = Postgres::start().expect("PostgreSQL's binaries");
    let address = postgres.database("soak");
    let folders: Vec<Folder> = (0..3).map(|n| Folder::new(&format!("soak-{n}"))).collect();
    let library = found(&folders[0].0, Some(&address));
    // Each reaches the database by a link of its own.
    let links: Vec<Link> = (0..3).map(|_| Link::to(&postgres)).collect();
    let serve = |n: usize| Node::serve(&folders[n].0, Some(&links[n].address("soak")));
    let mut running: BTreeMap<usize, Node> = (0..3).map(|n| (n, serve(n))).collect();
    let seat = Seat::take(&running[&0], &library);
    let acknowledged: Arc<Acknowledged> = Arc::default();
    let mut fates: BTreeMap<Fate, u32> = BTreeMap::new();
    let mut round = 0u32;
    while begin.elapsed() < Duration::from_secs(u64::from(minutes) * 60) {
        round += 1;
        let bases: Vec<String> = running.values().map(|node| node.base.clone()).collect();
        let writers = Writers::start(&bases, &seat, (6, 20), round, &acknowledged);
        wait_for(&acknowledged, 30);
        let (victim, fates_in_turn) =
            (round as usize % 3, [Fate::Killed, Fate::Paused, Fate::CutOff, Fate::Stopped]);
        let fate = fates_in_turn[(round as usize / 3) % 4];
        befall(fate, running.remove(&victim).expect("a node"), &links[victim], &acknowledged);
        writers.stop();
        running.insert(victim, serve(victim));
        *fates.entry(fate).or_default() += 1;
        eprintln!("nodes: round {round}, {fate:?}, {} events acknowledged", acknowledged.events());
    }
    drop(running);
    let commands = acknowledged.check(&folders[0].0, Some(&address));
    verify(&folders[0], Some(&address));
    println!(
        "three nodes: {} s, {fates:?}; {} events in {commands} commands acknowledged; lost 0, doubled 0; \
         one chain, verify 0 differences",
        begin.elapsed().as_secs(),
        acknowledged.events()
    );
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("kills") => {
            let (engine, rounds) = (option("--engine").unwrap_or("both".into()), number("--rounds", 1_000));
            for one in ["sqlite", "postgres"].into_iter().filter(|one| engine == *one || engine == "both") {
                all_kills(one, rounds);
            }
        }
        Some("nodes") => nodes(number("--minutes", 10)),
        _ => {
            eprintln!("soak kills [--rounds N] [--engine sqlite|postgres|both] | soak nodes [--minutes N]");
            std::process::exit(2);
        }
    }
}
