//! What the operator does to the node is an act of the node's own network: an entry, a receipt, rules.

use pipeline::acts::{AnyAct, Command, GoverningAct};
use pipeline::{Charter, Via, own};
use tests::{Folder, root};

use crate::home::{START, id, open, under};

fn charter() -> Charter {
    Charter::read(&root().join("policies/tool-library"), &tests::plugins()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn founding_is_an_entry_of_the_node_and_an_entry_of_the_network() {
    let folder = Folder::new("own");
    let node = open(&folder.0).await;
    assert_eq!(node.store().networks().await.unwrap(), [], "nothing is there before it is needed");
    let stewards = ["Ines".to_owned(), "Jonas".to_owned()];
    let receipt = node.found("one", &charter(), &stewards, false, None).await.unwrap();
    assert_eq!((receipt.seq, receipt.book), (1, 1));
    let heads: Vec<(i64, String, u64)> = node
        .store()
        .networks()
        .await
        .unwrap()
        .into_iter()
        .map(|head| (head.key, head.name, head.seq))
        .collect();
    assert_eq!(heads, [(own::KEY, own::NAME.to_owned(), 2), (1, "one".to_owned(), 1)]);
    assert_eq!(node.networks().await.unwrap().len(), 1, "people see only theirs");
    // The act names every component that was laid on the shelf, and the whole book.
    let own = node.head(own::NAME).await.unwrap();
    let (entry, _) = node.store().entries_from(&own, 2, 1).await.unwrap().remove(0);
    let asked = entry.body().unwrap().books["asked"]["acts"].clone();
    let names: Vec<&str> = asked.as_array().unwrap().iter().map(|act| act["act"].as_str().unwrap()).collect();
    assert_eq!(names, ["shelve", "shelve", "shelve", "shelve", "foundNetwork"]);
    assert_eq!(asked[4]["book"], charter().book.to_json().unwrap());
    for (name, n) in [(own::NAME, 0), ("one", 1)] {
        let head = node.head(name).await.unwrap();
        let scratch = folder.join(&format!("scratch-{n}.sqlite"));
        assert_eq!(node.verify(&head, &scratch, &|_| ()).await.unwrap().difference, None, "{name}");
    }
    node.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_founding_that_fails_leaves_no_network() {
    let folder = Folder::new("own-refused");
    let node = open(&folder.0).await;
    let one = ["Ines".to_owned()];
    let two = ["Ines".to_owned(), "Jonas".to_owned()];
    let mut unknown_unit = charter();
    let deposit = unknown_unit.book.bindings.iter_mut().find(|binding| binding.plugin == "deposit").unwrap();
    deposit.settings =
        serde_json::from_str(&deposit.settings.to_string().replace("EUR", "doubloon")).unwrap();
    // Name, charter, stewards, sandbox, clock, and what the answer says.
    let table = [
        ("node", charter(), &two[..], false, None, "already"),
        ("One!", charter(), &two[..], false, None, "cannot be a network's name"),
        ("", charter(), &two[..], false, None, "cannot be a network's name"),
        ("one", charter(), &one[..], false, None, "at least two stewards"),
        ("one", charter(), &[][..], true, None, "one steward at least"),
        ("one", charter(), &two[..], false, Some(START), "only a sandbox's clock"),
        ("one", unknown_unit, &two[..], false, None, "must be an amount in a unit of these rules"),
    ];
    for (name, charter, stewards, sandbox, begins, says) in table {
        let error = node.found(name, &charter, stewards, sandbox, begins).await.unwrap_err().to_string();
        assert!(error.contains(says), "{name}: {error}");
        assert_eq!(node.networks().await.unwrap(), [], "{name}");
    }
    node.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operators_acts_belong_to_the_node_alone() {
    let start = under(&root().join("policies/open-books")).await;
    let node = start.open().await;
    let shelve = |component: &str| {
        AnyAct::Governing(GoverningAct::Shelve {
            admission: None,
            plugin: "x".into(),
            component: component.into(),
            signatures: vec![],
        })
    };
    // Open books permit everything, but this is nothing of theirs.
    let error = start.send(&node, 1, vec![shelve(&"0".repeat(64))]).await.unwrap_err();
    assert_eq!(error.code(), "malformed", "{error}");
    // In the node's own network a stranger is refused, and nothing that is not there is shelved.
    let own = node.head(own::NAME).await.unwrap();
    let (founding, _) = node.store().entries_from(&own, 1, 1).await.unwrap().remove(0);
    let made = founding.body().unwrap().books["made"].clone();
    let person = made.as_array().unwrap().iter().find(|row| row[0] == "Person").unwrap();
    let operator = person[1].as_str().unwrap().parse().unwrap();
    let mut n = 10;
    let mut send = async |agent, via, component: &str| {
        n += 1;
        let command = Command::new(id(n), agent, vec![shelve(component)]);
        node.send(own::NAME, command, via).await
    };
    let refused = send(start.steward, Via::Console, &"0".repeat(64)).await.unwrap();
    assert_eq!(refused.decision.unwrap_err().code, "unknown-record", "nobody of this network");
    let refused = send(operator, Via::Session, &"0".repeat(64)).await.unwrap();
    assert_eq!(refused.decision.unwrap_err().code, "not-permitted");
    let refused = send(operator, Via::Console, "short").await.unwrap();
    assert_eq!(refused.decision.unwrap_err().code, "bad-value");
    let rejected = send(operator, Via::Console, &"0".repeat(64)).await.unwrap_err();
    assert!(rejected.to_string().contains("not on the shelf"), "{rejected}");
    node.close().await;
}
