//! A network leaves a node, and begins to live on another.

use std::sync::Arc;

use governance::{AnyAct, Command, GoverningAct};
use policy::Via;
use store::{Batch, Head, State};
use valueflows::Id;

use super::unpack::{Open, Unpack, members};
use super::{CarryError, Kind, check};
use crate::decision::Receipt;
use crate::error::Rejection;
use crate::node::{Node, command_id};
use crate::own;

impl Node {
    /// Ends a network here: its last entry says where it goes, and nothing more is taken in. Ending it again
    /// gives the entry that ended it.
    pub async fn depart(self: &Arc<Node>, network: &str, to: &str) -> Result<Head, Rejection> {
        let head = self.head(network).await?;
        if head.key == own::KEY {
            return Err(Rejection::Rules("a node's own network stays with its node".into()));
        }
        if head.state != State::Moved {
            let acts = vec![AnyAct::Governing(GoverningAct::MoveNetwork { to: to.to_owned() })];
            let command = Command::new(command_id()?, head.network, acts);
            let receipt: Receipt = self.lane(network).await?.put(command, Via::Console)?.await?;
            if let Err(refused) = receipt.decision {
                return Err(Rejection::Rules(format!("{}; {}", refused.sentence, refused.remedy)));
            }
        }
        self.head(network).await
    }

    /// Takes in a file that carries one network, and has it live here; `name` is what it is called here, if
    /// not what it was called there. `progress` is told the entries done.
    pub async fn adopt(
        self: &Arc<Node>,
        open: &Open,
        name: Option<&str>,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Head, CarryError> {
        let (manifest, _) = tokio::task::block_in_place(|| check(open))?;
        let [carried] = manifest.networks.as_slice() else {
            return Err(CarryError::Refused("it carries a whole node; use `reflow restore`".into()));
        };
        if manifest.kind == Kind::Backup || carried.own {
            return Err(CarryError::Refused("it carries a whole node; use `reflow restore`".into()));
        }
        if let Some(head) =
            self.store.network_by_id(carried.id).await?.filter(|head| head.state == State::Live)
        {
            return Err(CarryError::Refused(format!(
                "the network lives on this node already, under the name `{}`",
                head.name
            )));
        }
        let mut unpack = Unpack { store: &self.store, carried: None, name, arrival: None, done: 0, progress };
        let mut members = members(open);
        while let Some(member) = members.recv().await {
            let (name, bytes) = member?;
            unpack.member(&manifest, &name, &bytes).await?;
        }
        let copy = manifest.kind == Kind::Copy;
        let arrival = unpack.arrival.take().ok_or(CarryError::Truncated)?;
        let landed = arrival.landed(if copy { State::Copy } else { State::Live })?;
        // Rules that this node cannot run must not find that out when the network already lives here.
        self.rules(&landed.new).await?;
        let act = GoverningAct::AdoptNetwork {
            name: landed.new.name.clone(),
            network: carried.id,
            seq: carried.seq,
            head: carried.hash.clone(),
            sandbox: carried.sandbox,
            copy,
        };
        let agent = self.operator().await?;
        let command = Command::new(command_id()?, agent, vec![AnyAct::Governing(act)]);
        if let Err(refused) = self.send(own::NAME, command, Via::Console).await?.decision {
            return Err(CarryError::Refused(format!("{}; {}", refused.sentence, refused.remedy)));
        }
        let head = self.head_of(landed.new.key).await?;
        if head.state == State::Live {
            self.lane(&head.name).await?;
        }
        Ok(head)
    }

    /// What has to happen in the transaction in which a network is adopted: it lives here from then on.
    pub(crate) async fn adopted(
        &self,
        network: Id,
        (seq, hash): (u64, &str),
        copy: bool,
    ) -> Result<Batch, Rejection> {
        let head = self.store.network_by_id(network).await?;
        let arrived = |head: &Head| {
            head.state != State::Live && (head.seq, head.hash.to_string().as_str()) == (seq, hash)
        };
        let head = head.filter(arrived).ok_or_else(|| {
            Rejection::Rules(format!("the network `{network}` has not arrived here, or lives here already"))
        })?;
        let mut batch = Batch::on(&head);
        batch.new.state = if copy { State::Copy } else { State::Live };
        Ok(batch)
    }
}
