//! Straight from one database into another.

use super::{Arrival, Carried, CarryError};
use crate::node::Node;

impl Node {
    /// Carries everything into another node's database; what was begun is gone on with. `progress` is told
    /// the entries done.
    pub async fn move_to(&self, to: &Node, progress: &(dyn Fn(u64) + Sync)) -> Result<(), CarryError> {
        for digest in self.store.components().await? {
            let bytes = self.shelf.bytes(&self.store, &digest).await?;
            to.store.put_component(&digest, &bytes).await?;
        }
        for (name, title) in self.store.charters().await? {
            let book = self.store.charter(&name).await?.unwrap_or_default();
            to.store.put_charter(&name, &title, &book).await?;
        }
        let mut done = 0;
        for head in self.store.networks().await? {
            let signers = self.known_signers(&head).await?;
            let mut arrival = Arrival::begin(&to.store, &Carried::of(&head), &head.name, signers).await?;
            let accounts = self.store.carried_accounts(head.key).await?;
            let tokens = self.store.carried_tokens(head.key).await?;
            arrival.take_people(&accounts, &tokens).await?;
            while arrival.position() < head.seq {
                let stretch = self.stretch(&head, arrival.position()).await?;
                arrival.take(stretch).await?;
                progress(done + arrival.position());
            }
            arrival.end(head.state).await?;
            done += head.seq;
        }
        Ok(())
    }
}
