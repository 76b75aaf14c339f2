//! A node: one store, one shelf, one signer, a lane for each network.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use governance::withholding::Withheld;
use governance::{AmendAct, AnyAct, Command, GoverningAct};
use journal::Signer;
use policy::{RuleBook, Via};
use serde_json::Value as Json;
use store::{Batch, Head, State, Store, StoreError};
use tokio::sync::{Mutex, watch};
use valueflows::{Class, Id, Instant, Prop};

use crate::company::Company;
use crate::decision::Receipt;
use crate::entry::Written;
use crate::error::Rejection;
use crate::lane::Lane;
use crate::meter::{self, Stage};
use crate::plugins::Memo;
use crate::pool::Pool;
use crate::quotas::Quotas;
use crate::rules::{Bound, Enacted, Home, Rules, at_work, counters, hash};
use crate::run::Court;
use crate::settings::{self, type_settings};
use crate::shelf::Shelf;
use crate::withholding::is_of_component;

/// The name of the secret that signs checkpoints; the processes of one database share it.
pub const KEY_SECRET: &str = "node-key";

/// What a node is made of.
pub struct NodeOptions {
    /// The database.
    pub store: Store,
    /// This binary, which is its own admission child.
    pub program: PathBuf,
    /// Where compiled components are kept.
    pub cache: PathBuf,
    /// The key that signs checkpoints.
    pub signer: Signer,
    /// What each network may use.
    pub quotas: Quotas,
}

/// A node.
pub struct Node {
    pub(crate) store: Store,
    pub(crate) shelf: Shelf,
    pub(crate) memo: Arc<Memo>,
    /// What rule changes came to when they were tried.
    pub(crate) trials: crate::trial::Trials,
    /// What track and trace walk over.
    pub(crate) flows: crate::flow::Flows,
    pub(crate) pool: Arc<Pool>,
    pub(crate) quotas: Quotas,
    pub(crate) company: Company,
    signer: Signer,
    pub(crate) told: crate::packages::Told,
    rules: Mutex<HashMap<(i64, u64), Arc<Rules>>>,
    lanes: Mutex<HashMap<i64, Lane>>,
    /// Networks' keys by name; neither ever changes.
    keys: Mutex<HashMap<String, i64>>,
    pub(crate) positions: Mutex<HashMap<i64, watch::Sender<u64>>>,
}

/// The real time: the one place below the doors where it is taken.
#[expect(clippy::disallowed_methods, reason = "time enters here and is a value everywhere else")]
pub fn now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Instant(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// The time of a network's books: a sandbox has its own, and no other goes back.
pub fn time(head: &Head) -> Instant {
    if head.sandbox { head.clock } else { head.clock.max(now()) }
}

/// Random bytes: likewise the one place.
#[expect(clippy::disallowed_methods, reason = "randomness enters here and is a value everywhere else")]
pub fn random<const N: usize>() -> Result<[u8; N], Rejection> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Rejection::Internal(format!("no randomness: {error}")))?;
    Ok(bytes)
}

/// A new command id.
pub fn command_id() -> Result<Id, Rejection> {
    let ms = u64::try_from(now().0 / 1_000).unwrap_or_default();
    Ok(Id::v7(ms, random()?))
}

impl Node {
    /// A node over an opened, migrated store.
    pub fn new(options: NodeOptions) -> Result<Arc<Node>, Rejection> {
        Ok(Arc::new(Node {
            shelf: Shelf::new(options.program, options.cache)?,
            store: options.store,
            quotas: options.quotas,
            company: Company::default(),
            memo: Arc::default(),
            trials: Default::default(),
            flows: Default::default(),
            pool: Arc::new(Pool::new(std::thread::available_parallelism().map_or(2, usize::from))?),
            signer: options.signer,
            told: Default::default(),
            rules: Mutex::default(),
            lanes: Mutex::default(),
            keys: Mutex::default(),
            positions: Mutex::default(),
        }))
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The components on the shelf.
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// The public key that checks this node's checkpoints.
    pub fn public_key(&self) -> [u8; 32] {
        self.signer.public()
    }

    /// The public keys that checkpoints of a network may be signed with: this node's, and those of the nodes
    /// where it lived before.
    pub async fn known_signers(&self, head: &Head) -> Result<Vec<[u8; 32]>, Rejection> {
        let mut keys = self.store.signers(head.key).await?;
        keys.push(self.public_key());
        keys.sort_unstable();
        keys.dedup();
        Ok(keys)
    }

    pub(crate) fn sign(&self, head: &Head) -> Result<(journal::Checkpoint, String), Rejection> {
        let checkpoint =
            journal::Checkpoint { network: head.network, size: head.seq, root: head.frontier.root() };
        let note = self.signer.sign(&checkpoint);
        Ok((checkpoint, note))
    }

    pub(crate) fn court(&self, rules: &Arc<Rules>) -> Court {
        Court {
            store: self.store.clone(),
            rules: rules.clone(),
            memo: self.memo.clone(),
            sandbox: self.shelf.sandbox.clone(),
            pool: self.pool.clone(),
        }
    }

    /// Writes batches in one transaction, and says so to whoever follows their journals.
    pub(crate) async fn commit(&self, batches: &[Batch]) -> Result<(), StoreError> {
        let timer = meter::start(Stage::Write);
        let committed = self.store.commit_all(batches).await;
        drop(timer);
        match &committed {
            Ok(()) => {
                self.company.written();
                for batch in batches {
                    self.grown(batch.new.key, batch.new.seq).await;
                }
            }
            Err(StoreError::HeadLost) => tracing::info!("another node wrote first"),
            Err(_) => {}
        }
        committed
    }

    /// Where a network's journal stands.
    pub async fn head(&self, name: &str) -> Result<Head, Rejection> {
        // What has not arrived whole answers nobody.
        let head = self.store.network_by_name(name).await?.filter(|head| head.state != State::Arriving);
        head.ok_or_else(|| Rejection::NoNetwork(name.to_owned()))
    }

    /// Where the journal of a network stands, by its key.
    pub async fn head_of(&self, key: i64) -> Result<Head, Rejection> {
        self.store.head(key).await?.ok_or_else(|| Rejection::NoNetwork(key.to_string()))
    }

    /// The rules in force at a head.
    pub async fn rules(&self, head: &Head) -> Result<Arc<Rules>, Rejection> {
        let at = (head.key, head.book_seq);
        if let Some(rules) = self.rules.lock().await.get(&at) {
            return Ok(rules.clone());
        }
        let body = self.enacting(head).await?;
        let rules = match self.rules_of(head.book_seq, &body).await {
            // What cannot be loaded is out of use, whether its lane has written that down yet or not.
            Err(error) if is_of_component(&error) => {
                let enacted = Enacted::of(&body)?;
                let withheld = self.to_withhold(head, &enacted).await?;
                self.put_together(Enacted { withheld, ..enacted }, head.book_seq).await
            }
            rules => rules,
        };
        let rules = Arc::new(rules?);
        self.rules.lock().await.insert(at, rules.clone());
        Ok(rules)
    }

    /// What the entry holds that the rules in force begin with.
    async fn enacting(&self, head: &Head) -> Result<journal::Body, Rejection> {
        let entries = self.store.entries_from(head, head.book_seq, 1).await?;
        let (entry, _) =
            entries.first().ok_or_else(|| Rejection::Internal("the rules' entry is gone".into()))?;
        Ok(entry.body()?)
    }

    /// The book in force, whether its plugins can be loaded or not.
    pub(crate) async fn book(&self, head: &Head) -> Result<Enacted, Rejection> {
        Enacted::of(&self.enacting(head).await?)
    }

    /// The receipt of the entry that enacted the rules in force.
    pub async fn enactment(&self, head: &Head) -> Result<Receipt, Rejection> {
        let entries = self.store.entries_from(head, head.book_seq, 1).await?;
        let (entry, hash) =
            entries.first().ok_or_else(|| Rejection::Internal("the rules' entry is gone".into()))?;
        let written = Written::of(entry)?;
        Ok(crate::lane::receipt(head, &written, (entry.seq, entry.at, *hash)))
    }

    /// The books that were in force before the one at a head, oldest first: digest and text. A book that was in
    /// force twice stands where it was last.
    pub async fn books_before(&self, head: &Head) -> Result<Vec<(String, Json)>, Rejection> {
        let (mut found, mut after) = (Vec::new(), 0);
        loop {
            let rows = self.store.list(head, Class::RuleBook, after, 200).await?;
            let Some(last) = rows.last() else { break };
            after = last.key;
            for row in rows {
                let fields = &row.record.fields;
                let (Some(since), Some(digest), Some(book)) = (
                    fields.instant(Prop::HasBeginning),
                    fields.text(Prop::Digest),
                    fields.document(Prop::Book),
                ) else {
                    continue;
                };
                found.push((since, digest.to_owned(), book.clone()));
            }
        }
        found.sort_by_key(|(since, ..)| *since);
        let now = hash(&self.book(head).await?.book)?;
        let mut books: Vec<(String, Json)> =
            found.into_iter().map(|(_, digest, book)| (digest, book)).collect();
        // The one in force is the last of its digest.
        if let Some(at) = books.iter().rposition(|(digest, _)| *digest == now) {
            books.remove(at);
        }
        Ok(books)
    }

    /// The rules that an entry enacted.
    pub(crate) async fn rules_of(&self, seq: u64, body: &journal::Body) -> Result<Rules, Rejection> {
        self.put_together(Enacted::of(body)?, seq).await
    }

    async fn put_together(&self, enacted: Enacted, seq: u64) -> Result<Rules, Rejection> {
        let Enacted { book, record, units, withheld } = enacted;
        let rules = self.prepare(&book, &withheld, seq, units).await?;
        Ok(Rules { record, ..rules })
    }

    pub(crate) async fn prepare(
        &self,
        book: &RuleBook,
        withheld: &[Withheld],
        seq: u64,
        units: HashMap<String, (Id, u8)>,
    ) -> Result<Rules, Rejection> {
        let hash = hash(book)?;
        let compiled = policy::compile_once(book, &hash)?;
        let ((bindings, gone), home) = (at_work(&book.bindings, withheld), Home::of(&compiled));
        let mut bound = Vec::new();
        for binding in bindings {
            let plugin = self.shelf.get(&self.store, &binding.component).await?;
            let settings = type_settings(&plugin.manifest, &binding.settings, &units)?;
            bound.push(Bound { binding, plugin, settings, home: home.clone() });
        }
        let (counters, withheld) = (counters(book)?, withheld.to_vec());
        let (record, rehearsing) = (None, false);
        Ok(Rules { compiled, seq, hash, bound, gone, withheld, units, record, home, counters, rehearsing })
    }

    /// Whether the rules that a command brings could be lived by on this node: their plugins lie on its shelf, and
    /// take the settings. It is asked before the command is judged; whether the rules are good is decided there.
    pub(crate) async fn check_books(&self, command: &Command, rules: &Rules) -> Result<(), Rejection> {
        for act in &command.acts {
            let (AnyAct::Governing(GoverningAct::Amend(AmendAct::Draft { book: Some(book), .. }))
            | AnyAct::Governing(GoverningAct::Amend(AmendAct::Redraft { book, .. }))) = act
            else {
                continue;
            };
            let book = RuleBook::from_json(book)?;
            self.check_signed(&book, &rules.compiled.book).await?;
            self.check_in_use(&book, Some(&rules.compiled.book)).await?;
            self.check_book(&book, rules).await?;
        }
        Ok(())
    }

    pub(crate) async fn check_book(&self, book: &RuleBook, rules: &Rules) -> Result<(), Rejection> {
        let mut units = rules.units.clone();
        for unit in &book.units {
            // Those that the rules bring have no record yet.
            let new = Id::from_digest(&journal::Digest::of(&[unit.label.as_bytes()]).0);
            units.entry(unit.label.clone()).or_insert((new, unit.decimals));
        }
        let rules = self.prepare(book, &rules.withheld, rules.seq, units.clone()).await?;
        rules.bound.iter().try_for_each(|bound| settings::check(&bound.plugin, &bound.settings, &units))
    }

    /// The lane of a network, started when it is first asked for.
    pub async fn lane(self: &Arc<Node>, name: &str) -> Result<Lane, Rejection> {
        let known = self.keys.lock().await.get(name).copied();
        let key = match known {
            Some(key) => key,
            None => {
                let key = self.head(name).await?.key;
                self.keys.lock().await.insert(name.to_owned(), key);
                key
            }
        };
        self.lane_of(key).await
    }

    /// The lane of a network, by its key.
    pub(crate) async fn lane_of(self: &Arc<Node>, key: i64) -> Result<Lane, Rejection> {
        let mut lanes = self.lanes.lock().await;
        if let Some(lane) = lanes.get(&key).filter(|lane| lane.is_open()) {
            return Ok(lane.clone());
        }
        let lane = Lane::start(self.clone(), key);
        lanes.insert(key, lane.clone());
        Ok(lane)
    }

    /// Starts the lanes of every network, so that deadlines fall without anybody asking.
    pub async fn start_lanes(self: &Arc<Node>) -> Result<(), Rejection> {
        for head in self.store.networks().await? {
            self.lane_of(head.key).await?;
        }
        Ok(())
    }

    /// Sends a command to a network; answers when it is committed, refused, or rejected.
    pub async fn send(
        self: &Arc<Node>,
        network: &str,
        command: Command,
        via: Via,
    ) -> Result<Receipt, Rejection> {
        let lane = self.lane(network).await?;
        self.try_out(network, &command, via).await?;
        lane.send(command, via).await
    }

    /// Lets every lane finish what it has, then closes the store.
    pub async fn close(&self) {
        let lanes: Vec<Lane> = self.lanes.lock().await.drain().map(|(_, lane)| lane).collect();
        for lane in lanes {
            lane.finish().await;
        }
        // Whoever follows a journal hears that there will be no more of it here.
        self.positions.lock().await.clear();
        self.store.close().await;
    }
}
