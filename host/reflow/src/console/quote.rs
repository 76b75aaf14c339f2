//! What borrowing something would cost.

use std::sync::Arc;

use pipeline::{Node, Via};
use serde_json::{Value as Json, json};
use valueflows::{Class, Prop};

use super::agent_named;
use crate::output::Failure;

/// The quote of the moment for something that is offered, by its name.
pub(super) async fn quote(
    node: &Arc<Node>,
    network: &str,
    agent: &str,
    thing: &str,
    days: i64,
) -> Result<Json, Failure> {
    let agent = agent_named(node, network, agent).await?;
    let mut reader = node.reader(network, agent, Via::Console).await?;
    let until = reader.time().plus_us(days.saturating_mul(valueflows::Instant::DAY_US));
    let mut after = 0;
    loop {
        let page = reader.list(Class::Intent, after, 500).await?;
        for intent in page.records.iter().filter(|intent| intent.is_open()) {
            let Some(id) = intent.fields.id(Prop::ResourceInventoriedAs) else { continue };
            if reader.title(id).await? != thing {
                continue;
            }
            let quote = reader.quote(intent.id, agent, until).await?;
            let quote = quote
                .map_err(|refused| Failure::refused(&refused.code, refused.sentence, &refused.remedy))?;
            let Some(quote) = quote else {
                return Ok(json!({"intent": intent.id, "lines": [], "until": until.0}));
            };
            let shown = |quantity: valueflows::Quantity| {
                let unit = reader.rules().units.iter().find(|(_, (id, _))| *id == quantity.unit);
                unit.map(|(label, (_, decimals))| format!("{} {label}", quantity.decimal(*decimals)))
            };
            let lines: Vec<Json> = quote
                .lines
                .iter()
                .map(|line| {
                    let kind = pipeline::quote::kind_name(line.kind);
                    let quantity = line.quantity;
                    json!({"code": line.code, "kind": kind, "amount": quantity.amount, "unit": quantity.unit,
                           "shown": shown(quantity)})
                })
                .collect();
            return Ok(json!({
                "intent": intent.id, "until": until.0, "lines": lines, "component": quote.component,
                "digest": quote.named.digest, "expires": quote.named.expires.0,
            }));
        }
        match page.next {
            Some(next) => after = next,
            None => {
                return Err(Failure::refused(
                    "unknown-thing",
                    format!("nothing called `{thing}` is offered"),
                    "See the board.",
                ));
            }
        }
    }
}
