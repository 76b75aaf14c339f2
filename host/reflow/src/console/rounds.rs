//! What could be shared out.

use std::sync::Arc;

use pipeline::rounds::Round;
use pipeline::{Node, Reader};
use serde_json::{Value as Json, json};
use valueflows::{Prop, Record};

use crate::output::Failure;

/// The rounds that could be held, with who offers and who needs.
pub(super) async fn list(node: &Arc<Node>, network: &str, agent: Option<&str>) -> Result<Json, Failure> {
    let mut reader = super::reader(node, network, agent).await?;
    let mut list = Vec::new();
    for round in reader.rounds().await? {
        let decimals = reader.decimals(round.unit).await?;
        let label = reader.title(round.unit).await?;
        let sum =
            |of: &[Arc<Record>]| format!("{} {label}", valueflows::Decimal::new(Round::sum(of), decimals));
        let (offered, needed) = (sum(&round.offers), sum(&round.needs));
        list.push(json!({
            "kind": round.kind, "name": round.name, "unit": round.unit, "unitLabel": label, "decimals": decimals,
            "offered": offered, "needed": needed,
            "offers": named(&mut reader, &round.offers, Prop::Provider).await?,
            "needs": named(&mut reader, &round.needs, Prop::Receiver).await?,
        }));
    }
    Ok(Json::Array(list))
}

async fn named(reader: &mut Reader, of: &[Arc<Record>], who: Prop) -> Result<Vec<Json>, Failure> {
    let mut list = Vec::new();
    for intent in of {
        let who = intent.fields.id(who).unwrap_or_default();
        list.push(json!({"id": intent.id, "who": reader.title(who).await?}));
    }
    Ok(list)
}
