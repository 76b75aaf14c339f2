//! The plug is pulled during load: nothing that was acknowledged is lost, nothing is there twice.

use std::sync::Arc;

use tests::founded::found;
use tests::load::{Acknowledged, Seat, Writers};
use tests::node::{Database, Node};
use tests::postgres::Postgres;
use tests::{Folder, alter, cli, skip};

const ROUNDS: u32 = 25;
const WRITERS: usize = 4;

/// Kills the node again and again under load, and holds what is left against what was acknowledged.
fn kills(data: &Folder, database: Database, pull_too: Option<&Postgres>) {
    let library = found(&data.0, database);
    let acknowledged: Arc<Acknowledged> = Arc::default();
    let mut seat = None;
    for round in 0..ROUNDS {
        let node = Node::serve(&data.0, database);
        let seat: &Seat = seat.get_or_insert_with(|| Seat::take(&node, &library));
        let bases = [node.base.clone()];
        let writers = Writers::start(&bases, seat, (WRITERS, 1 + round as usize % 7), round, &acknowledged);
        // Let some commands through: as many as the round's number says, at least.
        let goal = acknowledged.commands() + 3 + (round as usize * 7) % 40;
        while acknowledged.commands() < goal {
            std::thread::yield_now();
        }
        match pull_too {
            // The database's own plug, every third time.
            Some(postgres) if round % 3 == 0 => {
                postgres.pull_the_plug();
                writers.stop();
                drop(node);
                postgres.resume();
            }
            _ => {
                node.kill();
                writers.stop();
            }
        }
    }
    let checked = acknowledged.check(&data.0, database);
    assert!(checked > ROUNDS as usize, "{checked}");
    let verified = cli(&data.0, database, &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
    println!("{} events acknowledged over {ROUNDS} kills, all there", acknowledged.events());
}

#[test]
fn kills_on_sqlite() {
    let data = Folder::new("kill");
    kills(&data, None, None);
    // The unique index holds ids to one entry each; it must still be sound.
    assert_eq!(alter(&data.join("reflow.sqlite"), "REINDEX"), 0);
}

#[test]
fn kills_on_postgres() {
    let Some(postgres) = Postgres::start() else {
        return skip("kills_on_postgres", "PostgreSQL's binaries are not installed");
    };
    let data = Folder::new("kill-postgres");
    kills(&data, Some(&postgres.database("kill")), Some(&postgres));
}
