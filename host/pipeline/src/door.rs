//! The door of a network, where somebody asks to join who is nobody there yet. The network's own agent asks for
//! them: its rules say whether anybody may, and what it takes.

use std::sync::Arc;

use governance::{AnyAct, Command, GoverningAct, JoinAct};
use ledger::{Key, Link};
use policy::Via;
use valueflows::{Class, Id, Prop, Record};

use crate::decision::Receipt;
use crate::error::Rejection;
use crate::node::{Node, command_id};

impl Node {
    /// What a network asks of whoever wants to join; none where its rules know no asking.
    pub async fn joining(&self, network: &str) -> Result<Option<governance::Joining>, Rejection> {
        let head = self.head(network).await?;
        Ok(self.rules(&head).await?.compiled.book.joining.clone())
    }

    /// Asks for somebody to be let in.
    pub async fn apply(
        self: &Arc<Node>,
        network: &str,
        name: String,
        answers: Vec<String>,
    ) -> Result<Receipt, Rejection> {
        let agent = self.own_agent(network).await?;
        let acts = vec![AnyAct::Governing(GoverningAct::Join(JoinAct::Apply { name, answers }))];
        self.send(network, Command::new(command_id()?, agent, acts), Via::Door).await
    }

    /// The delegation under which somebody may act in another's name: one that names these acts, if there is one;
    /// the rules have the last word. None where nothing of the kind stands.
    pub async fn delegation(
        &self,
        network: &str,
        (delegator, delegate): (Id, Id),
        acts: &[AnyAct],
    ) -> Result<Option<Via>, Rejection> {
        let head = self.head(network).await?;
        let link = Link { class: Class::Delegation, prop: Prop::Delegate, target: delegate, open: true };
        let set = self.store.read(&head, &[Key::Linked(link)]).await?;
        let records = set.records.into_iter().filter_map(|(_, kept)| Some(kept?.record));
        let now = crate::node::time(&head);
        let stands = |record: &Record| {
            let ends = record.fields.instant(Prop::HasEnd);
            record.fields.id(Prop::Delegator) == Some(delegator) && ends.is_some_and(|ends| now < ends)
        };
        let standing: Vec<Record> = records.filter(stands).collect();
        let names = |record: &&Record| {
            let named = record.fields.texts(Prop::Acts);
            acts.iter().all(|act| named.iter().any(|name| name == act.name() || name == "record"))
        };
        let found = standing.iter().find(names).or(standing.first());
        Ok(found.map(|record| Via::Delegate(record.id)))
    }

    /// In whose name a delegation lets somebody act, if it stands and is theirs.
    pub async fn delegator(
        &self,
        network: &str,
        delegation: Id,
        delegate: Id,
    ) -> Result<Option<Id>, Rejection> {
        let head = self.head(network).await?;
        let set = self.store.read(&head, &[Key::Record(delegation)]).await?;
        let mut records = set.records.into_iter().filter_map(|(_, kept)| Some(kept?.record));
        let now = crate::node::time(&head);
        let found = records.find(|record| {
            record.class == Class::Delegation
                && record.is_open()
                && record.fields.id(Prop::Delegate) == Some(delegate)
                && record.fields.instant(Prop::HasEnd).is_some_and(|ends| now < ends)
        });
        Ok(found.and_then(|record| record.fields.id(Prop::Delegator)))
    }

    /// The agent that a network is itself: the first organisation of its books.
    pub async fn own_agent(&self, network: &str) -> Result<Id, Rejection> {
        let head = self.head(network).await?;
        let first = self.store.list(&head, Class::Organization, 0, 1).await?;
        let first = first.first().map(|row| row.record.id);
        first.ok_or_else(|| Rejection::Internal("a network without an agent of its own".into()))
    }
}
