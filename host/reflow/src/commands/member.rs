//! `reflow member`: what becomes of a membership.

use serde_json::{Value as Json, json};

use super::{act_as, agent_name, agent_of, in_days};
use crate::cli::{Cli, Member};
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
        Member::Add { .. } | Member::Password { .. } | Member::List => {}
    }
    Ok(())
}

async fn belongs(cli: &Cli, act: Json, says: String) -> Result<(), Failure> {
    let reply = act_as(cli, vec![act]).await?;
    say(cli.json, &reply, || says);
    Ok(())
}
