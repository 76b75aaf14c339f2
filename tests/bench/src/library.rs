//! A library under load: plain events of one member on a thing of her own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use journal::Signer;
use pipeline::acts::{Act, AnyAct, Command, GoverningAct};
use pipeline::{Charter, Node, NodeOptions, Receipt, Via, loans};
use store::Store;
use valueflows::{Action, Class, Decimal, Fields, Id, Instant, Measure, Prop, Value};

/// The network's name.
pub const NETWORK: &str = "bench";

/// A founded library.
pub struct Library {
    pub node: Arc<Node>,
    pub agent: Id,
    pub piece: Id,
    pub thing: Id,
    network: String,
    count: AtomicU64,
}

/// Opens a node over a store.
pub fn node(store: Store, folder: &Path, program: PathBuf) -> Arc<Node> {
    let options = NodeOptions {
        store,
        program,
        cache: folder.join("cache"),
        signer: Signer::new("bench", &[7; 32]),
        quotas: Default::default(),
    };
    Node::new(options).expect("a node")
}

fn first(receipt: &Receipt, class: &str) -> Id {
    assert!(receipt.decision.is_ok(), "{:?}", receipt.decision);
    receipt.made.iter().find(|row| row.0 == class).expect("made").1
}

/// How many stewards call over HTTP at once, each by an account of their own.
pub const CALLERS: usize = 32;

impl Library {
    /// Founds it under the tool library's rules.
    pub async fn found(node: Arc<Node>) -> Library {
        Library::found_as(node, NETWORK).await
    }

    /// The same under another name.
    pub async fn found_as(node: Arc<Node>, name: &str) -> Library {
        let charter = Charter::read(&tests::root().join("policies/tool-library"), &tests::plugins())
            .expect("the rules");
        // Those who call over HTTP keep the stock too, and nobody becomes a steward but at founding or by a vote.
        let callers = (0..CALLERS).map(|n| format!("Caller {n}"));
        let stewards: Vec<String> = std::iter::once("Ines".to_owned()).chain(callers).collect();
        let receipt = node
            .found(name, &charter, &stewards, true, Some(Instant(1_700_000_000_000_000)))
            .await
            .expect("founded");
        let steward = first(&receipt, "Person");
        let piece = receipt.made.iter().find(|row| row.0 == "Unit").expect("a unit").1;
        let mut library = Library {
            node,
            agent: steward,
            piece,
            thing: Id::default(),
            network: name.into(),
            count: AtomicU64::new(0),
        };
        let admit = GoverningAct::Admit { name: "Amara".into(), roles: Vec::new(), place: None };
        let receipt = library.send(vec![AnyAct::Governing(admit)]).await;
        let member = first(&receipt, "Person");
        library.agent = member;
        let event = loans::event(Action::Raise, member, member, library.one());
        let receipt =
            library.send(vec![AnyAct::Economic(Act::Record { event, resource: Some(Fields::new()) })]).await;
        library.thing = first(&receipt, "EconomicResource");
        // From here on a steward keeps the stock: raising what exists is a steward's act.
        library.agent = steward;
        library
    }

    /// The library again, over another node of the same database.
    pub fn resume(node: Arc<Node>, agent: Id, piece: Id, thing: Id) -> Library {
        static RESUMED: AtomicU64 = AtomicU64::new(1);
        let count = AtomicU64::new(RESUMED.fetch_add(1, Ordering::Relaxed) << 32);
        Library { node, agent, piece, thing, network: NETWORK.into(), count }
    }

    fn one(&self) -> Value {
        Value::Measure(Measure { value: Decimal::new(1, 0), unit: self.piece })
    }

    /// A plain event.
    pub fn event(&self) -> AnyAct {
        let event = loans::event(Action::Raise, self.agent, self.agent, self.one())
            .with(Prop::ResourceInventoriedAs, Value::Ref(self.thing));
        AnyAct::Economic(Act::Record { event, resource: None })
    }

    /// A command of so many plain events.
    pub fn command(&self, acts: usize) -> Command {
        let n = self.count.fetch_add(1, Ordering::Relaxed);
        let mut random = [0; 16];
        random[..8].copy_from_slice(&n.to_be_bytes());
        let id = Id::v7(1_700_000_000_000 + (n & 0xffff_ffff), random);
        Command::new(id, self.agent, (0..acts).map(|_| self.event()).collect())
    }

    /// Things of the library's, each of a kind of its own with its place.
    pub async fn things(&self, count: usize) {
        for n in 0..count {
            let name = |what: &str| Fields::new().with(Prop::Name, Value::Text(format!("{what} {n}")));
            let define = |class, what: &str| AnyAct::Economic(Act::Define { class, fields: name(what) });
            let made = self
                .send(vec![
                    define(Class::ResourceSpecification, "Kind"),
                    define(Class::SpatialThing, "Place"),
                ])
                .await;
            let (kind, place) = (first(&made, "ResourceSpecification"), first(&made, "SpatialThing"));
            let event = loans::event(Action::Produce, self.agent, self.agent, self.one())
                .with(Prop::ToLocation, Value::Ref(place));
            let thing = name("Thing").with(Prop::ConformsTo, Value::Ref(kind));
            self.send(vec![AnyAct::Economic(Act::Record { event, resource: Some(thing) })]).await;
        }
    }

    async fn send(&self, acts: Vec<AnyAct>) -> Receipt {
        let command = Command { acts, ..self.command(0) };
        self.node.send(&self.network, command, Via::Console).await.expect("an answer")
    }

    /// One command; how long it took from a moment on, or that it was told to come back.
    pub async fn one_from(&self, begin: std::time::Instant) -> Option<f64> {
        let lane = self.node.lane(&self.network).await.expect("a lane");
        match lane.send(self.command(1), Via::Console).await {
            Ok(receipt) => {
                assert!(receipt.decision.is_ok());
                Some(begin.elapsed().as_secs_f64() * 1_000.0)
            }
            Err(_) => None,
        }
    }

    /// So many commands of so many acts, all queued at once.
    pub async fn burst(&self, commands: usize, acts: usize) {
        let lane = self.node.lane(&self.network).await.expect("a lane");
        let answers: Vec<_> = (0..commands)
            .map(|_| lane.queue(self.command(acts), Via::Console).expect("room in the queue"))
            .collect();
        for answer in answers {
            assert!(answer.await.expect("an answer").decision.is_ok());
        }
    }
}

/// The rules of a network that has calculations for votes at hand.
pub async fn counting_rules(folder: &Path) -> Arc<pipeline::Rules> {
    tests::counting_rules(folder);
    let charter = Charter::read(folder, &tests::plugins()).expect("the rules");
    let store = Store::open_sqlite(&folder.join("counting.sqlite")).await.expect("a store");
    store.migrate().await.expect("a schema");
    let node = node(store, folder, tests::binary());
    node.found("counting", &charter, &["Ines".into()], true, None).await.expect("founded");
    let rules = node.rules(&node.head("counting").await.expect("a head")).await.expect("rules");
    node.close().await;
    rules
}
