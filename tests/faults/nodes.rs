//! Several nodes on one PostgreSQL: one chain, whoever writes, and whichever of them goes.

use std::sync::Arc;

use rustix::process::{Pid, Signal, kill_process};
use tests::founded::{NETWORK, found};
use tests::http::Browser;
use tests::load::{Acknowledged, Seat, Writers};
use tests::node::Node;
use tests::postgres::Postgres;
use tests::{Folder, cli, skip, soon};

fn signal(node: &Node, signal: Signal) {
    let pid = Pid::from_raw(node.pid() as i32).expect("a process");
    kill_process(pid, signal).expect("a signal");
}

fn wait_for(acknowledged: &Acknowledged, more: usize) {
    let goal = acknowledged.commands() + more;
    while acknowledged.commands() < goal {
        std::thread::yield_now();
    }
}

#[test]
fn three_nodes_write_one_chain() {
    let Some(postgres) = Postgres::start() else {
        return skip("three_nodes_write_one_chain", "PostgreSQL's binaries are not installed");
    };
    let address = postgres.database("nodes");
    let folders: Vec<Folder> = (0..3).map(|n| Folder::new(&format!("node-{n}"))).collect();
    let library = found(&folders[0].0, Some(&address));
    let serve = |n: usize| Node::serve(&folders[n].0, Some(&address));
    let (first, second, third) = (serve(0), serve(1), serve(2));
    let seat = Seat::take(&first, &library);
    let acknowledged: Arc<Acknowledged> = Arc::default();
    let bases = [&first, &second, &third].map(|node| node.base.clone());
    let begin = |round| Writers::start(&bases, &seat, (6, 3), round, &acknowledged);
    // All three write; a member who is told something by one finds it at the next.
    let writers = begin(1);
    wait_for(&acknowledged, 60);
    // One is killed, one stands still for a while and finds itself overtaken.
    first.kill();
    wait_for(&acknowledged, 30);
    signal(&second, Signal::STOP);
    wait_for(&acknowledged, 10);
    signal(&second, Signal::CONT);
    wait_for(&acknowledged, 30);
    writers.stop();
    let again = serve(0);
    let bases = [&again, &second, &third].map(|node| node.base.clone());
    let writers = Writers::start(&bases, &seat, (6, 3), 2, &acknowledged);
    wait_for(&acknowledged, 30);
    writers.stop();
    acknowledged.check(&folders[0].0, Some(&address));
    // The same command, sent to each of them, has one answer; another body under its id has none.
    let command = seat.command("01926b5e-7d00-7000-8fff-000000000001", 1);
    let answers: Vec<_> = bases.iter().map(|base| seat.send(base, &command).expect("an answer")).collect();
    assert_eq!(answers[0].0, 200, "{}", answers[0].1);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let other = seat.command("01926b5e-7d00-7000-8fff-000000000001", 2);
    assert!(bases.iter().all(|base| seat.send(base, &other).expect("an answer").0 == 409));
    let verified = cli(&folders[1].0, Some(&address), &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
    // One key signs for all of them.
    assert!(!folders.iter().any(|folder| folder.join("node.key").exists()));
}

#[test]
fn what_one_node_writes_another_tells_of() {
    let Some(postgres) = Postgres::start() else {
        return skip("what_one_node_writes_another_tells_of", "PostgreSQL's binaries are not installed");
    };
    let address = postgres.database("hints");
    let folders = [Folder::new("hint-0"), Folder::new("hint-1")];
    let library = found(&folders[0].0, Some(&address));
    let nodes = [0, 1].map(|n: usize| Node::serve(&folders[n].0, Some(&address)));
    let seat = Seat::take(&nodes[0], &library);
    let amara = Browser::sign_in(&nodes[1].base, NETWORK, "Amara", "amara-secret");
    let mut stream =
        amara.follow("subscription { economicEvents { economicEvent { action { id } } } }", None);
    let command = seat.command("01926b5e-7d00-7000-8ffe-000000000001", 1);
    assert_eq!(seat.send(&nodes[0].base, &command).expect("an answer").0, 200);
    assert_eq!(stream.next_data()["economicEvents"]["economicEvent"]["action"]["id"], "raise");
}

/// Whether a node does what one is enough for, as its metrics say.
fn leads(admin: &str) -> bool {
    Browser::new(admin).get("/metrics").body.lines().any(|line| line == "reflow_leader 1")
}

#[test]
fn one_leads_and_another_takes_over() {
    let Some(postgres) = Postgres::start() else {
        return skip("one_leads_and_another_takes_over", "PostgreSQL's binaries are not installed");
    };
    let address = postgres.database("leader");
    let folders = [Folder::new("leader-0"), Folder::new("leader-1")];
    found(&folders[0].0, Some(&address));
    let [first, second] = [0, 1].map(|n: usize| Node::serve_with_admin(&folders[n].0, Some(&address)));
    assert!(leads(&first.admin) && !leads(&second.admin));
    // While one serves, the database is not moved from under it.
    let to = format!("sqlite:{}", folders[1].join("moved.sqlite").display());
    assert_eq!(cli(&folders[1].0, None, &["move", "--from", &address, "--to", &to]).status, 1);
    first.kill();
    soon("the other one leads", || leads(&second.admin).then_some(()));
}
