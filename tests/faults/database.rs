//! The link to the database: cut, slow, and cut between a commit and its answer. And a file that somebody
//! else holds, or that lost its end.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tests::chaos::Link;
use tests::founded::found;
use tests::http::Browser;
use tests::load::{Acknowledged, Seat, Writers};
use tests::node::Node;
use tests::postgres::Postgres;
use tests::{Folder, cli, copy, skip};

fn id(n: u32) -> String {
    format!("01926b5e-7d00-7000-8000-{n:012x}")
}

/// Sends a command until it is answered with a receipt: what a client does that is told to come back.
fn until_done(base: &str, seat: &Seat, n: u32) -> String {
    let since = Instant::now();
    loop {
        match seat.send(base, &seat.command(&id(n), 2)) {
            Some((200, receipt)) => return receipt,
            Some((429 | 503, _)) | None => {}
            Some((status, body)) => panic!("{status} {body}"),
        }
        assert!(since.elapsed() < Duration::from_secs(30), "it never came back");
    }
}

#[test]
fn a_commit_whose_answer_is_lost_is_one_commit() {
    let Some(postgres) = Postgres::start() else {
        return skip(
            "a_commit_whose_answer_is_lost_is_one_commit",
            "PostgreSQL's binaries are not installed",
        );
    };
    let (data, straight) = (Folder::new("unheard"), postgres.database("unheard"));
    let library = found(&data.0, Some(&straight));
    let link = Link::to(&postgres);
    let node = Node::serve(&data.0, Some(&link.address("unheard")));
    let seat = Seat::take(&node, &library);
    let before =
        cli(&data.0, Some(&straight), &["--json", "network", "list"]).ok().json()[0]["entries"].clone();
    for n in 0..10 {
        link.lose_answers(1);
        let first = seat.send(&node.base, &seat.command(&id(n), 2)).expect("an answer");
        assert!(!link.is_losing(), "no commit went by");
        // The node cannot know; it says so, and the same command gives the one entry.
        assert_eq!(first.0, 503, "{}", first.1);
        let receipt = until_done(&node.base, &seat, n);
        assert_eq!(until_done(&node.base, &seat, n), receipt);
    }
    let after =
        cli(&data.0, Some(&straight), &["--json", "network", "list"]).ok().json()[0]["entries"].clone();
    assert_eq!(after.as_u64(), before.as_u64().map(|before| before + 10), "each once");
    let verified = cli(&data.0, Some(&straight), &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
}

#[test]
fn a_link_that_is_cut_and_slow_heals() {
    let Some(postgres) = Postgres::start() else {
        return skip("a_link_that_is_cut_and_slow_heals", "PostgreSQL's binaries are not installed");
    };
    let (data, straight) = (Folder::new("cut"), postgres.database("cut"));
    let library = found(&data.0, Some(&straight));
    let link = Link::to(&postgres);
    let node = Node::serve(&data.0, Some(&link.address("cut")));
    let seat = Seat::take(&node, &library);
    let acknowledged: Arc<Acknowledged> = Arc::default();
    for round in 0..3 {
        let writers = Writers::start(std::slice::from_ref(&node.base), &seat, (4, 2), round, &acknowledged);
        let goal = acknowledged.commands() + 20;
        while acknowledged.commands() < goal {
            std::thread::yield_now();
        }
        link.cut();
        let began = Instant::now();
        let (status, body) = seat.send(&node.base, &seat.command(&id(100 + round), 1)).expect("an answer");
        assert_eq!(status, 503, "{body}");
        assert!(began.elapsed() < Duration::from_secs(10), "told soon");
        link.mend();
        writers.stop();
        until_done(&node.base, &seat, 200 + round);
    }
    // Slow: answers take their time, the health endpoint answers, nothing is lost.
    link.slow(50);
    assert_eq!(Browser::new(&node.base).get("/readyz").status, 200);
    until_done(&node.base, &seat, 300);
    link.slow(0);
    acknowledged.check(&data.0, Some(&straight));
    let verified = cli(&data.0, Some(&straight), &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
}

#[test]
fn a_file_that_somebody_else_holds_is_waited_for() {
    let data = Folder::new("busy");
    let library = found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let seat = Seat::take(&node, &library);
    let hold = |seconds: u32| {
        let script = format!(
            "import sqlite3, sys, time\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
             c.execute('BEGIN IMMEDIATE')\nprint('held', flush=True)\ntime.sleep({seconds})\nc.execute('ROLLBACK')\n"
        );
        let mut child = Command::new("python3")
            .args(["-c", &script])
            .arg(data.join("reflow.sqlite"))
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut line = [0; 4];
        std::io::Read::read_exact(child.stdout.as_mut()?, &mut line).ok()?;
        Some(child)
    };
    let Some(mut short) = hold(2) else {
        return skip("a_file_that_somebody_else_holds_is_waited_for", "python3 is not installed");
    };
    // Two seconds are waited for; nine are too long, and it is said.
    assert_eq!(seat.send(&node.base, &seat.command(&id(1), 1)).expect("an answer").0, 200);
    short.wait().expect("it ends");
    let mut long = hold(9).expect("python3");
    let (status, body) = seat.send(&node.base, &seat.command(&id(2), 1)).expect("an answer");
    assert_eq!(status, 503, "{body}");
    long.wait().expect("it ends");
    until_done(&node.base, &seat, 2);
    let verified = cli(&data.0, None, &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
}

#[test]
fn a_log_that_lost_its_end_opens_at_a_commit() {
    let data = Folder::new("torn");
    let library = found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let seat = Seat::take(&node, &library);
    for n in 0..40 {
        until_done(&node.base, &seat, n);
    }
    node.kill();
    let wal = std::fs::read(data.join("reflow.sqlite-wal")).expect("a log");
    assert!(wal.len() > 100_000, "{} bytes of log", wal.len());
    let mut seen = std::collections::BTreeSet::new();
    for n in 0..24usize {
        let torn = Folder::new("torn-copy");
        copy(&data.join("reflow.sqlite"), &torn.join("reflow.sqlite"));
        let mut bytes = wal.clone();
        let at = wal.len() - 1 - (wal.len() / 25) * n - n * 37;
        match n % 2 {
            0 => bytes.truncate(at),
            _ => bytes[at] ^= 0x55,
        }
        let mut file = std::fs::File::create(torn.join("reflow.sqlite-wal")).expect("a torn log");
        file.write_all(&bytes).expect("written");
        // Whatever is left is whole: a prefix of what was committed, chain and all.
        let verified = cli(&torn.0, None, &["--json", "verify"]).ok().json();
        assert_eq!(verified["differences"], 0);
        seen.insert(verified["entries"].as_u64().expect("a number"));
    }
    assert!(seen.len() > 5, "the cuts all fell into one place: {seen:?}");
}
