//! `reflow round`: sharing out what is offered among those who need it.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{act_as, ask, network_name, rows, text};
use crate::cli::{Cli, Round};
use crate::console::Request;
use crate::output::{Failure, say};

/// Lists rounds that could be held, or holds one.
pub async fn run(cli: &Cli, round: &Round) -> Result<(), Failure> {
    let network = network_name(cli)?;
    let rounds = ask(cli, Request::Rounds { network: network.clone(), agent: cli.agent.clone() }).await?;
    let Some(kind) = &round.kind else {
        say(cli.json, &rounds, || match rows(&rounds) {
            [] => "nothing is both offered and needed, of a kind and in an amount".to_owned(),
            rows => rows.iter().map(line).collect(),
        });
        return Ok(());
    };
    let found =
        rows(&rounds).iter().find(|round| text(round, "name") == *kind || text(round, "kind") == *kind);
    let found = found.ok_or_else(|| {
        let sentence = format!("nothing called `{kind}` is both offered and needed, in an amount");
        Failure::refused("no-round", sentence, "See `reflow round`.")
    })?;
    let part = |name: &str| -> Vec<Json> {
        rows(found.get(name).unwrap_or(&Json::Null)).iter().filter_map(|one| one.get("id").cloned()).collect()
    };
    let act = json!({"act": "allocate", "offers": part("offers"), "needs": part("needs")});
    let receipt = act_as(cli, vec![act]).await?;
    let why = Request::Why { network, agent: cli.agent.clone(), decision: text(&receipt, "command") };
    let why = ask(cli, why).await?;
    let said = why.pointer("/judged/acts/0/round").cloned().unwrap_or_default();
    let document = json!({"receipt": receipt, "granted": said.get("granted"), "left": said.get("left")});
    say(cli.json, &document, || outcome(found, &said));
    Ok(())
}

fn line(round: &Json) -> String {
    format!("{}: {} offered, {} needed\n", text(round, "name"), text(round, "offered"), text(round, "needed"))
}

fn outcome(round: &Json, said: &Json) -> String {
    let mut names = BTreeMap::new();
    for part in ["offers", "needs"] {
        for one in rows(round.get(part).unwrap_or(&Json::Null)) {
            names.insert(text(one, "id"), text(one, "who"));
        }
    }
    let name = |row: &Json, n: usize| {
        let id = row.get(n).and_then(Json::as_str).unwrap_or_default();
        names.get(id).cloned().unwrap_or_else(|| id.to_owned())
    };
    let unit = text(round, "unitLabel");
    let decimals =
        round.get("decimals").and_then(Json::as_u64).and_then(|n| u8::try_from(n).ok()).unwrap_or_default();
    let granted = rows(said.get("granted").unwrap_or(&Json::Null)).iter().map(|row| {
        let amount = row.get(2).and_then(Json::as_i64).unwrap_or_default();
        let amount = valueflows::Decimal::new(amount, decimals);
        let why = row.get(4).and_then(Json::as_str).unwrap_or_default();
        format!("{} gives {} {amount} {unit}: {why}\n", name(row, 0), name(row, 1))
    });
    let left = rows(said.get("left").unwrap_or(&Json::Null)).iter().map(|row| {
        let why = row.get(1).and_then(Json::as_str).unwrap_or_default();
        format!("{} gets nothing: {why}\n", name(row, 0))
    });
    granted.chain(left).collect()
}
