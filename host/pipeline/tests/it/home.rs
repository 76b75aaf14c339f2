//! A founded library in a folder: what these tests start from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use journal::Signer;
use pipeline::acts::{Act, AnyAct, Command, GoverningAct};
use pipeline::{Charter, Node, NodeOptions, Receipt, Rejection, Via, loans};
use store::Store;
use tests::{Folder, root};
use valueflows::{Action, Class, Decimal, Fields, Id, Instant, Measure, Prop, Value};

pub const START: Instant = Instant(1_700_000_000_000_000);
/// The secret that every node here signs with.
pub const SECRET: [u8; 32] = [7; 32];

pub async fn open(folder: &Path) -> Arc<Node> {
    std::fs::create_dir_all(folder).unwrap();
    let store = Store::open_sqlite(&folder.join("reflow.sqlite")).await.unwrap();
    store.migrate().await.unwrap();
    let signer = Signer::new("test", &SECRET);
    let options = NodeOptions {
        store,
        program: tests::binary(),
        cache: folder.join("cache"),
        signer,
        quotas: Default::default(),
    };
    Node::new(options).unwrap()
}

/// A founded library: its agents, two offered things.
pub struct Start {
    pub folder: Folder,
    pub library: Id,
    pub piece: Id,
    pub steward: Id,
    pub members: Vec<Id>,
    pub offers: Vec<Id>,
    pub things: Vec<Id>,
}

pub fn id(n: u64) -> Id {
    Id::v7(1_700_000_000_000 + n, [u8::try_from(n % 251).unwrap(); 16])
}

/// The records of a class that a receipt says were made.
pub fn made(receipt: &Receipt, class: &str) -> Vec<Id> {
    receipt.made.iter().filter(|row| row.0 == class).map(|row| row.1).collect()
}

/// A library under the tool library's rules, with two offered things.
pub async fn start() -> Start {
    let mut start = under(&root().join("policies/tool-library")).await;
    let node = start.open().await;
    for (n, name) in ["Drill", "Ladder"].into_iter().enumerate() {
        let event = loans::event(Action::Raise, start.library, start.library, one(start.piece));
        let resource = Some(Fields::new().with(Prop::Name, Value::Text(name.into())));
        let acts = vec![AnyAct::Economic(Act::Record { event, resource })];
        let thing = made(&start.done(&node, 2_000 + n as u64, acts).await, "EconomicResource")[0];
        let intent = start.lending(thing);
        let proposal = Fields::new().with(Prop::Purpose, Value::Text("offer".into()));
        let acts = vec![AnyAct::Economic(Act::Publish { proposal, intents: vec![intent] })];
        start.offers.push(made(&start.done(&node, 2_100 + n as u64, acts).await, "Intent")[0]);
        start.things.push(thing);
    }
    node.close().await;
    start
}

/// A network under a rule set, with three members and nothing else.
pub async fn under(rules: &Path) -> Start {
    let folder = Folder::new("pipeline");
    let node = open(&folder.join("data")).await;
    let charter = Charter::read(rules, &tests::plugins()).unwrap();
    let receipt = node.found("one", &charter, &["Ines".into()], true, Some(START)).await.unwrap();
    let first = |class| made(&receipt, class)[0];
    let mut start = Start {
        folder,
        library: first("Organization"),
        piece: first("Unit"),
        steward: first("Person"),
        members: Vec::new(),
        offers: Vec::new(),
        things: Vec::new(),
    };
    for (n, name) in ["Amara", "Kofi", "Lea"].into_iter().enumerate() {
        let act = GoverningAct::Admit { name: name.into(), roles: Vec::new(), place: None };
        let receipt = start.done(&node, 1_000 + n as u64, vec![AnyAct::Governing(act)]).await;
        start.members.push(made(&receipt, "Person")[0]);
    }
    node.close().await;
    start
}

impl Start {
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub async fn open(&self) -> Arc<Node> {
        open(&self.data()).await
    }

    /// What the steward sends, and the answer.
    pub async fn send(&self, node: &Arc<Node>, n: u64, acts: Vec<AnyAct>) -> Result<Receipt, Rejection> {
        node.send("one", Command::new(id(n), self.steward, acts), Via::Console).await
    }

    /// What the steward sends and must be permitted.
    pub async fn done(&self, node: &Arc<Node>, n: u64, acts: Vec<AnyAct>) -> Receipt {
        let receipt = self.send(node, n, acts).await.unwrap();
        receipt.decision.clone().unwrap();
        receipt
    }

    /// An offer to lend a thing of the library's.
    pub fn lending(&self, thing: Id) -> Fields {
        Fields::new()
            .with(Prop::Action, Value::Action(Action::TransferCustody))
            .with(Prop::Provider, Value::Ref(self.library))
            .with(Prop::ResourceInventoriedAs, Value::Ref(thing))
            .with(Prop::ResourceQuantity, one(self.piece))
    }

    /// Somebody writes down a thing of their own.
    pub fn registering(&self, agent: Id, note: &str) -> AnyAct {
        let mut event = loans::event(Action::Raise, agent, agent, one(self.piece));
        if !note.is_empty() {
            event.set(Prop::Note, Value::Text(note.into()));
        }
        AnyAct::Economic(Act::Record { event, resource: Some(Fields::new()) })
    }

    /// Something that the books refuse whoever asks.
    pub fn nonsense(&self) -> AnyAct {
        AnyAct::Economic(Act::Define { class: Class::Commitment, fields: Fields::new() })
    }
}

pub fn one(unit: Id) -> Value {
    Value::Measure(Measure { value: Decimal::new(1, 0), unit })
}
