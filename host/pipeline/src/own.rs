//! The node's own network, number 0: what the operator does to the node (found a network, lay a
//! component on the shelf) is an act there, with an entry and a receipt like any other.
//!
//! It is founded when it is first needed. A founded network's first entry follows from the act here
//! and is written in the same transaction.

use std::collections::HashMap;
use std::sync::Arc;

use governance::stops::{self, Stopped};
use governance::{AmendAct, AnyAct, Command, GoverningAct, WithholdAct};
use journal::{Digest, JournalError};
use ledger::{Key, Snapshot, View};
use policy::{Place, RuleBook, Via};
use store::{Batch, Head, State, StoreError};
use valueflows::{Class, Id, Instant, NetworkId, Part, Record};

use crate::charter::{Charter, PROTECTED};
use crate::decision::{Receipt, Refused};
use crate::entry::Written;
use crate::error::Rejection;
use crate::node::{Node, command_id, now, random};
use crate::rules::Rules;
use crate::run::{Job, Known, run};
use crate::settings;
use crate::shelf::Laid;

/// The name of the node's own network; no other may have it.
pub const NAME: &str = "node";
/// Its key.
pub const KEY: i64 = 0;
/// Its one steward: whoever owns the data folder.
const OPERATOR: &str = "operator";
/// Its rules.
const RULES: &str = include_str!("../../../policies/node/node.cedar");

/// Whether an act belongs into the node's own network and nowhere else.
pub(crate) fn is_own(act: &AnyAct) -> bool {
    use GoverningAct::{AdoptNetwork, FoundNetwork, Shelve, Withhold};
    use WithholdAct::{RevokePlugin, UnrevokePlugin};
    matches!(
        act,
        AnyAct::Governing(
            FoundNetwork { .. }
                | AdoptNetwork { .. }
                | Shelve { .. }
                | Withhold(RevokePlugin { .. } | UnrevokePlugin { .. })
        )
    )
}

/// The id of the network that a command founds: its hash, so that nobody else can have it.
pub(crate) fn network_id(founding: &Command) -> Result<NetworkId, JournalError> {
    let digest = Digest::of(&[&journal::canonical::bytes(&founding.to_json(Part::Whole))?]);
    Ok(Id::from_digest(&digest.0))
}

impl Node {
    /// Founds a network; `begins` is where a sandbox's clock begins. The receipt is that of the new
    /// network's first entry, which pins the whole rule book.
    pub async fn found(
        self: &Arc<Node>,
        name: &str,
        charter: &Charter,
        stewards: &[String],
        sandbox: bool,
        begins: Option<Instant>,
    ) -> Result<Receipt, Rejection> {
        if self.store.network_by_name(name).await?.is_some() || name == NAME {
            return Err(Rejection::Rules(format!(
                "there is a network `{name}` on this node already; choose another name"
            )));
        }
        let mut acts = self.shelving(charter).await?;
        acts.push(AnyAct::Governing(GoverningAct::FoundNetwork {
            name: name.to_owned(),
            book: charter.book.to_json()?,
            stewards: stewards.to_vec(),
            sandbox,
            begins,
        }));
        match self.found_by(name, command_id()?, acts).await? {
            Ok(receipt) => Ok(receipt),
            Err(refused) => Err(Rejection::Rules(format!("{}; {}", refused.sentence, refused.remedy))),
        }
    }

    /// Founds a network under a rule set that lies on the shelf, for somebody to whom the operator gave a link for it:
    /// under the link's command id, so that one link founds one network. None where there is no such rule set.
    pub async fn found_from_shelf(
        self: &Arc<Node>,
        command: Id,
        (name, place): (&str, Option<Place>),
        charter: &str,
        stewards: &[String],
        sandbox: bool,
    ) -> Result<Option<Result<Receipt, Refused>>, Rejection> {
        let Some(book) = self.store.charter(charter).await? else { return Ok(None) };
        let mut book = RuleBook::from_json(&crate::parse_json(book.as_bytes())?)?;
        book.place = place.or(book.place);
        let act = GoverningAct::FoundNetwork {
            name: name.to_owned(),
            book: book.to_json()?,
            stewards: stewards.to_vec(),
            sandbox,
            begins: None,
        };
        self.found_by(name, command, vec![AnyAct::Governing(act)]).await.map(Some)
    }

    async fn found_by(
        self: &Arc<Node>,
        name: &str,
        id: Id,
        acts: Vec<AnyAct>,
    ) -> Result<Result<Receipt, Refused>, Rejection> {
        let agent = self.operator().await?;
        match self.send(NAME, Command::new(id, agent, acts), Via::Console).await?.decision {
            Ok(()) => Ok(Ok(self.enactment(&self.head(name).await?).await?)),
            Err(refused) => Ok(Err(refused)),
        }
    }

    /// Sends an act that is the operator's alone to a network: no rule of it is asked, and its entry says that it
    /// happened.
    pub async fn operate(self: &Arc<Node>, network: &str, act: GoverningAct) -> Result<Receipt, Rejection> {
        let head = self.head(network).await?;
        if !act.is_operators() || head.key == KEY {
            return Err(Rejection::Rules("that is nothing that an operator does to a network".into()));
        }
        if let GoverningAct::Amend(AmendAct::Recover { book, .. }) = &act {
            self.check_book(&RuleBook::from_json(book)?, &*self.rules(&head).await?).await?;
        }
        let command = Command::new(command_id()?, head.network, vec![AnyAct::Governing(act)]);
        self.lane(network).await?.put(command, Via::Console)?.await
    }

    /// The operator's pauses of a network that stand now: of all of it, or of a plugin.
    pub async fn pauses(&self, network: &str, plugin: Option<&str>) -> Result<Vec<Id>, Rejection> {
        let head = self.head(network).await?;
        let wanted = plugin.map_or(Stopped::Network, |plugin| Stopped::Plugin(plugin.to_owned()));
        let standing = self.stops(&head).await?;
        Ok(standing.into_iter().filter(|(what, _)| *what == wanted).map(|(_, record)| record.id).collect())
    }

    /// What is held still in a network now: everybody may know.
    pub async fn stops(&self, head: &Head) -> Result<Vec<(Stopped, Arc<Record>)>, Rejection> {
        let link = stops::link(head.network);
        let set = self.store.read(head, &[Key::Linked(link)]).await?;
        let mut snapshot = Snapshot::default();
        for (id, kept) in set.records {
            snapshot.know(id, kept.map(|kept| kept.record));
        }
        set.links.into_iter().for_each(|(link, ids)| snapshot.know_links(link, ids));
        let unread = |_| Rejection::Internal("what is held still was not read".into());
        stops::standing(&View::over(snapshot), head.network, crate::node::time(head)).map_err(unread)
    }

    /// Since when nobody has done anything in a network, as its journal has it: the newest entry that is neither
    /// the clock's nor the operator's.
    pub async fn quiet_since(&self, head: &Head) -> Result<Instant, Rejection> {
        let mut from = head.seq;
        loop {
            let entries = self.store.entries_back(head, from, 200).await?;
            for (entry, _) in &entries {
                let written = Written::of(entry)?;
                if written.via != Via::Clock && written.command.agent != head.network {
                    return Ok(entry.at);
                }
                from = entry.seq.saturating_sub(1);
            }
            if entries.is_empty() || from == 0 {
                return Ok(Instant(i64::MIN / 4));
            }
        }
    }

    /// Lays a rule set on the shelf, and its components: they have no effect until a network is founded by them, or its
    /// rules name them. The receipt is that of laying the components there; none where it has none.
    pub async fn install(self: &Arc<Node>, charter: &Charter) -> Result<Option<Receipt>, Rejection> {
        let acts = self.shelving(charter).await?;
        let command = Command::new(command_id()?, self.operator().await?, acts);
        let receipt = match command.acts.is_empty() {
            true => None,
            false => Some(self.send(NAME, command, Via::Console).await?),
        };
        let book = charter.book.to_json()?.to_string();
        self.store.put_charter(&charter.book.name, &charter.book.title, &book).await?;
        Ok(receipt)
    }

    async fn shelving(&self, charter: &Charter) -> Result<Vec<AnyAct>, Rejection> {
        let mut acts = Vec::new();
        for bytes in &charter.components {
            let digest = sandbox::admission::digest(bytes);
            self.check_not_revoked(&sandbox::Manifest::of(bytes)?, &digest).await?;
            let Laid { plugin, component, admission } = self.shelf.put(&self.store, bytes).await?;
            let signatures = Vec::new();
            acts.push(AnyAct::Governing(GoverningAct::Shelve { plugin, component, signatures, admission }));
        }
        Ok(acts)
    }

    /// The networks that people belong to: all but the node's own, and what has not arrived whole.
    pub async fn networks(&self) -> Result<Vec<Head>, Rejection> {
        let mut heads = self.store.networks().await?;
        heads.retain(|head| head.key != KEY && head.state != State::Arriving);
        Ok(heads)
    }

    /// What has to happen in the transaction of an act of the node's own network: the founding of the
    /// networks that it founds, and that those it adopts live here. A component must lie where the act says before the act is written.
    pub(crate) async fn foundings(&self, command: &Command, at: Instant) -> Result<Vec<Batch>, Rejection> {
        let mut batches = Vec::new();
        for act in &command.acts {
            let AnyAct::Governing(act) = act else { continue };
            match act {
                GoverningAct::Shelve { component, .. } => {
                    self.shelf.bytes(&self.store, component).await?;
                }
                GoverningAct::FoundNetwork { name, book, stewards, sandbox, begins } => {
                    let act = GoverningAct::Found {
                        name: name.clone(),
                        book: book.clone(),
                        stewards: stewards.clone(),
                        sandbox: *sandbox,
                    };
                    let n = batches.len() as i64;
                    let id = Digest::of(&[b"reflow founding\0", &command.id.0, &n.to_be_bytes()]);
                    let key = self.store.next_network_key().await? + n;
                    let id = Id::from_digest(&id.0);
                    batches.push(self.founding(key, id, act, begins.unwrap_or(at)).await?);
                }
                GoverningAct::AdoptNetwork { network, seq, head, copy, .. } => {
                    batches.push(self.adopted(*network, (*seq, head), *copy).await?);
                }
                _ => {}
            }
        }
        Ok(batches)
    }

    /// The operator's agent; the node's own network is founded when it is not there yet.
    pub async fn operator(&self) -> Result<Id, Rejection> {
        let head = match self.store.head(KEY).await? {
            Some(head) => head,
            None => self.found_own().await?,
        };
        let receipt = self.enactment(&Head { book_seq: 1, ..head }).await?;
        let person = receipt.made.iter().find(|(class, _, _)| class == Class::Person.as_str());
        let person = person.ok_or_else(|| Rejection::Internal("this node has no operator".into()))?;
        Ok(person.1)
    }

    async fn found_own(&self) -> Result<Head, Rejection> {
        let files = [("node.cedar", RULES)];
        let title = (NAME, "The node's own network: what its operator does to it.");
        let protected = [("protected.cedar", PROTECTED)];
        let book = RuleBook::with(title, Vec::new(), &files, &protected, Vec::new())?;
        let act = GoverningAct::Found {
            name: NAME.to_owned(),
            book: book.to_json()?,
            stewards: vec![OPERATOR.to_owned()],
            sandbox: false,
        };
        let batch = self.founding(KEY, command_id()?, act, now()).await?;
        match self.store.commit(&batch).await {
            // Another process on the same database was quicker.
            Ok(()) | Err(StoreError::Constraint(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let head = self.store.head(KEY).await?;
        head.ok_or_else(|| Rejection::NoNetwork(NAME.to_owned()))
    }

    /// The batch that founds a network.
    async fn founding(&self, key: i64, id: Id, act: GoverningAct, at: Instant) -> Result<Batch, Rejection> {
        let GoverningAct::Found { name, book, sandbox, .. } = &act else {
            return Err(Rejection::Internal("only a founding founds".into()));
        };
        let (name, book, sandbox) = (name.clone(), RuleBook::from_json(book)?, *sandbox);
        let command = Command::new(id, Id::default(), vec![AnyAct::Governing(act)]);
        let head = Head::before_founding((key, network_id(&command)?), &name, sandbox, at);
        // The settings are typed with the units that founding is about to write down; a setting in an
        // unknown unit must not found a network that can never quote.
        let rules = Arc::new(self.prepare_founding(&book, &head, &command).await?);
        let job = Job {
            command,
            via: Via::Console,
            now: at,
            salts: (random()?, random()?),
            recorded: None,
            engine: None,
        };
        let (_, mut ran) = run(&self.court(&rules), Known::default(), &head, vec![job]).await?;
        ran.batch.checkpoints = vec![self.sign(&ran.batch.new)?];
        let receipt = ran.answers.pop();
        let receipt = receipt.ok_or_else(|| Rejection::Internal("founding gave no answer".into()))??;
        match receipt.decision {
            Ok(()) => Ok(ran.batch),
            Err(refused) => Err(Rejection::Rules(format!("{}; {}", refused.sentence, refused.remedy))),
        }
    }

    async fn prepare_founding(
        &self,
        book: &RuleBook,
        head: &Head,
        command: &Command,
    ) -> Result<Rules, Rejection> {
        // The network's agent is record 0; the units follow in the book's order.
        let units: HashMap<String, (Id, u8)> = book
            .units
            .iter()
            .zip(1u32..)
            .map(|(unit, n)| (unit.label.clone(), (Id::record(head.network, command.id, n), unit.decimals)))
            .collect();
        self.check_in_use(book, None).await?;
        let rules = self.prepare(book, &[], 1, units.clone()).await?;
        rules.bound.iter().try_for_each(|bound| settings::check(&bound.plugin, &bound.settings, &units))?;
        Ok(rules)
    }
}
