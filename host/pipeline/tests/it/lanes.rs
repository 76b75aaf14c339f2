//! Two nodes on one database, and a row that the database refuses: what one writes the other does not
//! undo, one id is one command on both, and a poisoned command refuses only itself.

use std::sync::Arc;

use pipeline::acts::{AnyAct, Command, GoverningAct};
use pipeline::{Node, Receipt, Rejection, Via};
use tests::root;

use crate::home::{Start, id, under};

/// Sends it as a client would: again, while the network is busy.
async fn insist(node: Arc<Node>, command: Command) -> Result<Receipt, Rejection> {
    for _ in 0..200 {
        match node.send("one", command.clone(), Via::Console).await {
            Err(Rejection::Busy) => {}
            answer => return answer,
        }
    }
    Err(Rejection::Busy)
}

fn command(start: &Start, n: u64) -> Command {
    Command::new(id(n), start.steward, vec![start.registering(start.steward, "")])
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_on_one_database_write_one_journal() {
    let start = under(&root().join("policies/open-books")).await;
    let nodes = [start.open().await, start.open().await];
    let before = nodes[0].head("one").await.unwrap().seq;
    let mut answers = tokio::task::JoinSet::new();
    // Thirty commands of its own each, and thirty that both are sent.
    for n in 0..30 {
        for (which, node) in nodes.iter().enumerate() {
            let own = command(&start, 10_000 * (1 + which as u64) + n);
            answers.spawn(insist(node.clone(), own));
            answers.spawn(insist(node.clone(), command(&start, 5_000 + n)));
        }
    }
    let mut receipts = Vec::new();
    while let Some(answer) = answers.join_next().await {
        let receipt = answer.unwrap().unwrap();
        receipt.decision.clone().unwrap();
        receipts.push((receipt.command, receipt.seq, receipt.entry));
    }
    receipts.sort();
    assert_eq!(receipts.len(), 120);
    receipts.dedup();
    assert_eq!(receipts.len(), 90, "both nodes gave the same receipt for the same command");
    let head = nodes[1].head("one").await.unwrap();
    assert_eq!(head.seq, before + 90);
    let scratch = start.folder.join("scratch.sqlite");
    assert_eq!(nodes[0].verify(&head, &scratch, &|_| ()).await.unwrap().difference, None);
    for node in &nodes {
        node.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_row_refuses_only_its_own_command() {
    let start = under(&root().join("policies/open-books")).await;
    // A row that nobody wrote stands where the next record has to go.
    let stray = "INSERT INTO record SELECT network, (SELECT next_key FROM network WHERE key = 1), \
         x'00000000000000000000000000000001', class, version, seq, books, personal FROM record WHERE network = 1 AND key = 1";
    let database = start.data().join("reflow.sqlite");
    assert_eq!(tokio::task::block_in_place(|| tests::alter(&database, stray)), 1);
    let node = start.open().await;
    let lane = node.lane("one").await.unwrap();
    let train = |n: u64| {
        let act = GoverningAct::Train { member: start.members[0], training: format!("t{n}") };
        Command::new(id(n), start.steward, vec![AnyAct::Governing(act)])
    };
    let commands = (0..9).map(|n| match n {
        4 => command(&start, 70),
        n => train(n),
    });
    // All in the queue before the lane looks, so that the poisoned one shares its batch.
    let answers: Vec<_> = commands.map(|command| lane.queue(command, Via::Console).unwrap()).collect();
    for (n, answer) in answers.into_iter().enumerate() {
        match (n, answer.await) {
            (4, Err(Rejection::Internal(problem))) => {
                assert!(problem.contains("a row was refused"), "{problem}")
            }
            (4, other) => panic!("{other:?}"),
            (n, answer) => answer.unwrap_or_else(|error| panic!("{n}: {error}")).decision.unwrap(),
        }
    }
    node.close().await;
}
