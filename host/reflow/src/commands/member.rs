//! `reflow member`: what becomes of a membership.

use serde_json::{Value as Json, json};
use valueflows::Id;

use super::{act_as, agent_name, agent_of, ask, in_days, made, network_name, rows, short, text};
use crate::cli::{Cli, Delegation, Member};
use crate::console::Request;
use crate::output::{Failure, say};

/// Changes a membership.
pub(super) async fn change(cli: &Cli, member: &Member) -> Result<(), Failure> {
    match member {
        Member::Train { name, training } => {
            let act = json!({"act": "train", "member": agent_of(cli, name).await?, "training": training});
            belongs(cli, act, format!("{name} is trained for {training}")).await?;
        }
        Member::Grant { name, role, days } => {
            let mut act = json!({"act": "grantRole", "member": agent_of(cli, name).await?, "role": role});
            if let (Some(days), Json::Object(act)) = (days, &mut act) {
                act.insert("hasEnd".into(), json!(in_days(cli, *days).await?));
            }
            belongs(cli, act, format!("{name} has the role {role}")).await?;
        }
        Member::EndRole { name, role } => {
            let act = json!({"act": "endRole", "member": agent_of(cli, name).await?, "role": role});
            belongs(cli, act, format!("{name} does not have the role {role} any more")).await?;
        }
        Member::LetBack { name } => {
            let act = json!({"act": "restoreAccess", "member": agent_of(cli, name).await?});
            let says = format!(
                "you say that it is {name} who asks to be let in again; once two have said it, either makes a link on \
                 {name}'s page"
            );
            belongs(cli, act, says).await?;
        }
        Member::Suspend { name, days, because } => {
            let (member, until) = (agent_of(cli, name).await?, in_days(cli, *days).await?);
            let act = json!({"act": "suspend", "member": member, "hasEnd": until, "reason": because});
            belongs(cli, act, format!("{name} is suspended for {days} days")).await?;
        }
        Member::Reinstate { name } => {
            let act = json!({"act": "reinstate", "member": agent_of(cli, name).await?});
            belongs(cli, act, format!("{name} is not suspended any more")).await?;
        }
        Member::End { name, because } => {
            let act =
                json!({"act": "endMembership", "member": agent_of(cli, name).await?, "reason": because});
            belongs(cli, act, format!("the membership of {name} has ended")).await?;
        }
        Member::Leave => {
            let name = agent_name(cli)?;
            let act = json!({"act": "leave", "member": agent_of(cli, &name).await?});
            belongs(cli, act, format!("{name} has left")).await?;
        }
        Member::Apply { .. }
        | Member::Vouch { .. }
        | Member::Accept { .. }
        | Member::Decline { .. }
        | Member::Applications => super::settling::joining(cli, member).await?,
        Member::Account { .. } | Member::Add { .. } | Member::Password { .. } | Member::List => {}
    }
    Ok(())
}

async fn belongs(cli: &Cli, act: Json, says: String) -> Result<(), Failure> {
    let reply = act_as(cli, vec![act]).await?;
    say(cli.json, &reply, || says);
    Ok(())
}

/// Writes an organisation or a device down and admits it.
pub(super) async fn house(cli: &Cli, member: &Member) -> Result<(), Failure> {
    let Member::Add { name, roles, organization, .. } = member else { return Ok(()) };
    let class = if *organization { "Organization" } else { "Agent" };
    let define = json!({"act": "define", "class": class, "fields": {"name": name}});
    let receipt = act_as(cli, vec![define]).await?;
    let agent = made(&receipt, class).map(|id| id.to_string()).unwrap_or_default();
    let admit = json!({"act": "admitAgent", "agent": agent, "roles": roles});
    let receipt = act_as(cli, vec![admit]).await?;
    let document = json!({"name": name, "agent": agent, "receipt": receipt});
    say(cli.json, &document, || format!("admitted {name} ({agent})"));
    Ok(())
}

/// Delegates acts from one to another, by name, for some days: the delegation, and the receipt.
pub(super) async fn delegate_to(
    cli: &Cli,
    (of, to): (&str, &str),
    acts: &[String],
    days: i64,
) -> Result<(Id, Json), Failure> {
    let act = json!({"act": "delegate", "delegator": agent_of(cli, of).await?, "acts": acts,
                     "delegate": agent_of(cli, to).await?, "hasEnd": in_days(cli, days).await?});
    let receipt = act_as(cli, vec![act]).await?;
    let made = made(&receipt, "Delegation");
    let made = made.ok_or_else(|| Failure::Unreachable("nothing was delegated".to_owned()))?;
    Ok((made, receipt))
}

/// Delegates, ends a delegation, or lists them.
pub(super) async fn delegation(cli: &Cli, delegation: &Delegation) -> Result<(), Failure> {
    match delegation {
        Delegation::New { delegate, acts, days, of } => {
            let of = of.clone().map_or_else(|| agent_name(cli), Ok)?;
            let (made, receipt) = delegate_to(cli, (&of, delegate), acts, *days).await?;
            let short = short(&made.to_string());
            say(cli.json, &json!({"delegation": made, "receipt": receipt}), || {
                format!("{delegate} may {} in the name of {of} for {days} days ({short})", acts.join(", "))
            });
        }
        Delegation::End { delegation } => {
            let found = delegations(cli).await?;
            let of = |row: &&Json| text(row, "id").starts_with(delegation.as_str());
            let found = rows(&found).iter().find(of).map(|row| text(row, "id"));
            let id = found.unwrap_or_else(|| delegation.clone());
            let receipt = act_as(cli, vec![json!({"act": "revoke", "delegation": id})]).await?;
            say(cli.json, &receipt, || "ended".to_owned());
        }
        Delegation::List => {
            let found = delegations(cli).await?;
            say(cli.json, &found, || match rows(&found) {
                [] => "nobody acts in anybody's name".to_owned(),
                rows => rows.iter().map(delegation_line).collect(),
            });
        }
    }
    Ok(())
}

async fn delegations(cli: &Cli) -> Result<Json, Failure> {
    let (network, agent) = (network_name(cli)?, cli.agent.clone());
    ask(cli, Request::Settling { network, agent, class: "Delegation".to_owned(), which: None }).await
}

fn delegation_line(row: &Json) -> String {
    let id = short(&text(row, "id"));
    let acts: Vec<&str> =
        row.get("acts").map(rows).unwrap_or_default().iter().filter_map(Json::as_str).collect();
    let over = if row.get("open") == Some(&json!(true)) { "" } else { " (ended)" };
    format!("{id}  {} for {}: {}{over}\n", text(row, "delegate"), text(row, "delegator"), acts.join(", "))
}
