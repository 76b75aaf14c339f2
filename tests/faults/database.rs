//! The link to the database: cut, slow, and cut between a commit and its answer. And a file that somebody
//! else holds, or that lost its end.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tests::chaos::Link;
use tests::founded::{found, id_of as id};
use tests::http::Browser;
use tests::load::{Acknowledged, Seat, Writers};
use tests::node::Node;
use tests::postgres::Postgres;
use tests::{Folder, cli, copy, skip, soon};

/// Sends a command until it is answered with a receipt: what a client does that is told to come back.
fn until_done(base: &str, seat: &Seat, n: u32) -> String {
    soon("a command is taken", || match seat.send(base, &seat.command(&id(n), 2)) {
        Some((200, receipt)) => Some(receipt),
        Some((429 | 503, _)) | None => None,
        Some((status, body)) => panic!("{status} {body}"),
    })
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

/// The server ends so many of the next transactions in favour of others: what 40001 says.
fn conflicts(postgres: &Postgres, folder: &Folder, name: &str, count: u32) {
    let file = folder.join("conflicts.sql");
    // A sequence counts on when its transaction does not.
    let sql = format!(
        "DROP SEQUENCE IF EXISTS tried; CREATE SEQUENCE tried;\n\
         CREATE OR REPLACE FUNCTION conflict() RETURNS trigger AS $$ BEGIN\n\
         IF nextval('tried') <= {count} THEN RAISE EXCEPTION 'in favour of another' USING ERRCODE = '40001'; END IF;\n\
         RETURN NEW; END $$ LANGUAGE plpgsql;\n\
         CREATE OR REPLACE TRIGGER conflict BEFORE INSERT ON checkpoint FOR EACH ROW EXECUTE FUNCTION conflict();"
    );
    std::fs::write(&file, sql).expect("a script");
    postgres.load(name, &file);
}

#[test]
fn a_transaction_ended_in_favour_of_another_is_tried_again() {
    let Some(postgres) = Postgres::start() else {
        let why = "PostgreSQL's binaries are not installed";
        return skip("a_transaction_ended_in_favour_of_another_is_tried_again", why);
    };
    let (data, address) = (Folder::new("conflict"), postgres.database("conflict"));
    let library = found(&data.0, Some(&address));
    let node = Node::serve(&data.0, Some(&address));
    let seat = Seat::take(&node, &library);
    let send = |n| seat.send(&node.base, &seat.command(&id(n), 1)).expect("an answer");
    for (n, conflicts_first, status) in [(1, 0, 200), (2, 1, 200), (3, 5, 200), (4, 1_000, 503)] {
        conflicts(&postgres, &data, "conflict", conflicts_first);
        let (found, body) = send(n);
        assert_eq!(found, status, "after {conflicts_first} conflicts: {body}");
    }
    conflicts(&postgres, &data, "conflict", 0);
    let receipt = until_done(&node.base, &seat, 5);
    assert_eq!(until_done(&node.base, &seat, 5), receipt);
    let verified = cli(&data.0, Some(&address), &["verify"]).ok();
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

/// The write lock of a database file, held from outside the node.
struct Held {
    runtime: tokio::runtime::Runtime,
    connection: SqliteConnection,
}

impl Held {
    fn take(file: &std::path::Path) -> Held {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let connection = runtime.block_on(async {
            let options = SqliteConnectOptions::new().filename(file);
            let mut connection = options.connect().await.expect("the database opens");
            sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut connection).await.expect("the lock");
            connection
        });
        Held { runtime, connection }
    }

    fn give_back(mut self) {
        let done = sqlx::raw_sql("ROLLBACK").execute(&mut self.connection);
        self.runtime.block_on(done).expect("the lock is given back");
    }
}

#[test]
fn a_file_that_somebody_else_holds_is_waited_for() {
    let data = Folder::new("busy");
    let library = found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let seat = Seat::take(&node, &library);
    let hold = || Held::take(&data.join("reflow.sqlite"));
    // Given back while somebody waits: it goes through.
    let held = hold();
    std::thread::scope(|scope| {
        let sent = scope.spawn(|| seat.send(&node.base, &seat.command(&id(1), 1)).expect("an answer"));
        held.give_back();
        assert_eq!(sent.join().expect("a sender").0, 200);
    });
    // Held for longer than anybody waits: it is said, and afterwards it goes through.
    let held = hold();
    let (status, body) = seat.send(&node.base, &seat.command(&id(2), 1)).expect("an answer");
    assert_eq!(status, 503, "{body}");
    held.give_back();
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

#[test]
fn a_database_that_takes_seconds_loses_nothing_and_the_node_lives() {
    let Some(postgres) = Postgres::start() else {
        let why = "PostgreSQL's binaries are not installed";
        return skip("a_database_that_takes_seconds_loses_nothing_and_the_node_lives", why);
    };
    let (data, straight) = (Folder::new("seconds"), postgres.database("seconds"));
    let library = found(&data.0, Some(&straight));
    let link = Link::to(&postgres);
    let node = Node::serve_with_admin(&data.0, Some(&link.address("seconds")));
    let seat = Seat::take(&node, &library);
    link.slow(2_000);
    std::thread::scope(|scope| {
        let waiting: Vec<_> = (0..4)
            .map(|n| {
                let (seat, node) = (&seat, &node);
                let sent = scope.spawn(move || seat.send(&node.base, &seat.command(&id(n), 2)));
                let alive = Instant::now();
                assert_eq!(Browser::new(&node.admin).get("/livez").status, 200);
                assert!(alive.elapsed() < Duration::from_secs(1), "alive, and said so at once");
                // This one asks the database, and takes as long as that takes.
                assert_eq!(Browser::new(&node.admin).get("/readyz").status, 200);
                sent
            })
            .collect();
        link.slow(0);
        for sent in waiting {
            let (status, body) = sent.join().expect("a sender").expect("an answer");
            assert!(matches!(status, 200 | 503), "{status} {body}");
        }
    });
    // Everybody who comes back is served, once.
    for n in 0..4 {
        until_done(&node.base, &seat, n);
    }
    let verified = cli(&data.0, Some(&straight), &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
}

/// What the node's metrics say of connections to the database in a state.
fn connections(node: &Node, state: &str) -> u32 {
    let text = Browser::new(&node.admin).get("/metrics").body;
    let name = format!("reflow_database_connections{{state=\"{state}\"}} ");
    let line = text.lines().find_map(|line| line.strip_prefix(&name)).map(str::to_owned);
    line.unwrap_or_else(|| panic!("no connections in {text}")).parse().expect("a number")
}

#[test]
fn a_thousand_who_hang_up_take_no_connection_with_them() {
    let Some(postgres) = Postgres::start() else {
        let why = "PostgreSQL's binaries are not installed";
        return skip("a_thousand_who_hang_up_take_no_connection_with_them", why);
    };
    let (data, address) = (Folder::new("hang-up"), postgres.database("hang_up"));
    let library = found(&data.0, Some(&address));
    let node = Node::serve_with_admin(&data.0, Some(&address));
    let seat = Seat::take(&node, &library);
    for n in 0..1_000 {
        let request = match n % 2 {
            0 => seat.page("things"),
            _ => seat.request(&seat.command(&id(n), 2)),
        };
        let mut socket = TcpStream::connect(node.base.trim_start_matches("http://")).expect("a door");
        socket.write_all(request.as_bytes()).expect("sent");
    }
    let all_back = || {
        // One is kept for good, to hear what other nodes write. Whoever asks for these numbers has one too, which
        // goes back a moment after the answer: other questions in between give it that moment.
        (0..20).for_each(|_| drop(Browser::new(&node.admin).get("/livez")));
        (connections(&node, "open") <= connections(&node, "idle") + 1).then_some(())
    };
    soon("every connection is free again", all_back);
    // As many as there may be can be had at once: pages beside each other.
    std::thread::scope(|scope| {
        for _ in 0..16 {
            let (seat, node) = (&seat, &node);
            scope.spawn(move || assert_eq!(seat.browser(&node.base).get(&seat.path("things")).status, 200));
        }
    });
    // Whether somebody still listens is nothing that a command depends on: an id is one command.
    for n in (1..1_000).step_by(100) {
        until_done(&node.base, &seat, n);
    }
    let verified = cli(&data.0, Some(&address), &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
}
