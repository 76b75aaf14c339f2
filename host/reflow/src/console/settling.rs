//! What the console asks about exceptions, cases, joining, and why.

use std::sync::Arc;

use pipeline::erase::Eraser;
use pipeline::{Node, Reader, Via};
use serde_json::{Value as Json, json};
use valueflows::{Class, Id, Record};

use super::{Request, reader};
use crate::output::Failure;

/// Does what the console asks about these.
pub(super) async fn carry_out(node: &Arc<Node>, request: Request) -> Result<Json, Failure> {
    match request {
        Request::Settling { network, agent, class, which } => {
            let class = Class::parse(&class).map_err(|error| Failure::Usage(error.to_string()))?;
            let mut reader = reader(node, &network, agent.as_deref()).await?;
            list(&mut reader, class, which.as_deref()).await
        }
        Request::Apply { network, name, answers } => {
            super::decided(node.apply(&network, name, answers).await?).map(|receipt| receipt.to_json())
        }
        Request::Erase { network, agent, what, reason } => {
            erase(node, &network, agent.as_deref(), (&what, &reason)).await
        }
        Request::Standing { network, agent, act } => {
            let mut reader = reader(node, &network, agent.as_deref()).await?;
            let rules = reader.standing_rules(act.as_deref()).await?;
            Ok(serde_json::to_value(rules).unwrap_or_default())
        }
        Request::InUse { network, agent, last } => {
            Ok(reader(node, &network, agent.as_deref()).await?.rules_in_use(last).await?)
        }
        Request::May { network, agent, what } => {
            let mut reader = reader(node, &network, Some(&agent)).await?;
            let record = something(&mut reader, &what).await?;
            let mut found = Vec::new();
            for might in reader.might(&record).await? {
                let refused = might.refused.map(|refused| refused.to_json());
                found.push(json!({"what": might.what, "may": refused.is_none(), "refused": refused}));
            }
            Ok(json!({"about": record.title(), "acts": found}))
        }
        Request::Thing { network, agent, what } => {
            let mut reader = reader(node, &network, agent.as_deref()).await?;
            Ok(json!({"id": something(&mut reader, &what).await?.id}))
        }
        Request::Unit { network, agent, label } => {
            let mut reader = reader(node, &network, agent.as_deref()).await?;
            let units = reader.every(Class::Unit).await?;
            let unit = units.iter().find(|unit| unit.title() == label);
            let unknown = || Failure::refused("unknown-unit", format!("no unit `{label}`"), "See the rules.");
            Ok(json!({"id": unit.ok_or_else(unknown)?.id}))
        }
        Request::Why { network, agent, decision } => {
            let mut reader = reader(node, &network, agent.as_deref()).await?;
            why(&mut reader, &decision).await
        }
        Request::Receipt { network, agent, decision } => {
            let mut reader = reader(node, &network, agent.as_deref()).await?;
            let command = decided(&mut reader, &decision).await?;
            let file = reader.receipt_file(command).await?;
            file.ok_or_else(|| unknown_decision(&decision))
        }
        _ => Err(Failure::Unreachable("that is nothing about exceptions and cases".into())),
    }
}

async fn list(reader: &mut Reader, class: Class, which: Option<&str>) -> Result<Json, Failure> {
    let found = match which {
        None => reader.every(class).await?,
        Some(name) => vec![named(reader, class, name).await?],
    };
    let mut list = Vec::with_capacity(found.len());
    for record in found {
        list.push(match class {
            Class::Case => reader.case(&record).await?,
            Class::Exception => reader.exception(&record).await?,
            Class::Delegation => reader.delegation(&record).await?,
            _ => reader.application(&record).await?,
        });
    }
    Ok(Json::Array(list))
}

/// One by its id or the beginning of it; an application also by the name of whoever asked.
async fn named(reader: &mut Reader, class: Class, name: &str) -> Result<Arc<Record>, Failure> {
    if let Some(found) = reader.named_in(class, name).await? {
        return Ok(found);
    }
    if class == Class::Application {
        for application in reader.every(class).await?.into_iter().rev() {
            let who = application.fields.id(valueflows::Prop::Member);
            if let Some(who) = who
                && application.is_open()
                && reader.title(who).await? == name
            {
                return Ok(application);
            }
        }
    }
    let (what, command) = match class {
        Class::Case => ("case", "reflow case list"),
        Class::Exception => ("exception", "reflow exception list"),
        _ => ("application", "reflow member applications"),
    };
    Err(Failure::refused(
        &format!("unknown-{what}"),
        format!("there is no {what} `{name}` that you can see"),
        &format!("See `{command}`."),
    ))
}

/// A thing by its name, or any record by its id.
pub(super) async fn something(reader: &mut Reader, what: &str) -> Result<Arc<Record>, Failure> {
    let found = match what.parse::<Id>() {
        Ok(id) => reader.get(id).await?,
        Err(_) => {
            let things = reader.every(Class::EconomicResource).await?;
            let found = things.into_iter().find(|thing| thing.title() == what);
            match found {
                Some(thing) => Some(thing),
                None => reader.amendment_named(what).await?,
            }
        }
    };
    found.ok_or_else(|| {
        Failure::refused(
            "unknown-thing",
            format!("there is nothing called `{what}` that you can see"),
            "Name a thing or a rule change, or give an id.",
        )
    })
}

/// How a command was judged: as its entry says it, with the titles of the rules.
fn unknown_decision(decision: &str) -> Failure {
    Failure::refused(
        "unknown-decision",
        format!("there is no decision `{decision}` that you can see"),
        "Give the id of a command, or the number of its entry.",
    )
}

/// The command of a decision, by its id or by the number of its entry.
async fn decided(reader: &mut Reader, decision: &str) -> Result<Id, Failure> {
    match (decision.parse::<Id>(), decision.parse::<u64>()) {
        (Ok(id), _) => Ok(id),
        (_, Ok(seq)) => reader.command_at(seq).await?.ok_or_else(|| unknown_decision(decision)),
        _ => Err(unknown_decision(decision)),
    }
}

async fn why(reader: &mut Reader, decision: &str) -> Result<Json, Failure> {
    let command = decided(reader, decision).await?;
    let known = reader.decision(command).await?;
    let (receipt, written) = known.ok_or_else(|| unknown_decision(decision))?;
    let agent = reader.title(written.command.agent).await?;
    let acts: Vec<&str> = written.command.acts.iter().map(|act| act.name()).collect();
    let rules = reader.rules();
    let named = |id: &str| {
        let says = |what| rules.compiled.says(id, what);
        json!({"rule": id, "title": says("title").unwrap_or(id), "why": says("why"), "remedy": says("remedy")})
    };
    let settled = pipeline::in_use::settled_by(&written.judged);
    let settled: Vec<Json> = settled.iter().map(|id| named(id)).collect();
    let reasons = receipt.decision.as_ref().err().map(|refused| {
        let each = refused.reasons.iter().map(|reason| {
            let mut row = named(&reason.policy);
            if let Json::Object(row) = &mut row {
                row.insert("effect".into(), json!(reason.effect));
                row.insert("because".into(), json!(reason.because));
                row.insert("instead".into(), json!(reason.instead));
            }
            row
        });
        each.collect::<Vec<_>>()
    });
    Ok(json!({
        "receipt": receipt.to_json(), "by": agent, "acts": acts, "via": written.via.as_str(),
        "settledBy": settled, "reasons": reasons, "judged": written.judged,
    }))
}

async fn erase(
    node: &Arc<Node>,
    network: &str,
    agent: Option<&str>,
    (what, reason): (&str, &str),
) -> Result<Json, Failure> {
    let who = match agent {
        Some(name) => Eraser::Agent(super::agent_named(node, network, name).await?, Via::Console),
        None => Eraser::Operator,
    };
    let subject = match super::agent_named(node, network, what).await {
        Ok(id) => id,
        Err(_) => something(&mut reader(node, network, agent).await?, what).await?.id,
    };
    let erased = node.erase(network, who, subject, reason).await?;
    let mut receipts = Vec::new();
    for receipt in erased.receipts {
        receipts.push(super::decided(receipt)?.to_json());
    }
    Ok(
        json!({"subject": subject, "entries": erased.entries, "records": erased.records, "receipts": receipts}),
    )
}
