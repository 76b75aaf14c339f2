//! Acts of governing as sentences.

use pipeline::acts::{
    AmendAct, GoverningAct, KeyAct, MemberAct, Status, StopAct, Stopped, Withheld, WithholdAct,
};
use pipeline::{Reader, Rejection};
use valueflows::{Instant, Prop};

use super::settling;
use crate::locale::Locale;

pub(super) async fn act(reader: &mut Reader, l: &Locale, act: &GoverningAct) -> Result<String, Rejection> {
    Ok(match act {
        GoverningAct::Found { name, .. } => l.put("name", name).t("act-found"),
        GoverningAct::FoundNetwork { name, .. } => l.put("name", name).t("act-found-network"),
        GoverningAct::AdoptNetwork { name, .. } => l.put("name", name).t("act-adopt-network"),
        GoverningAct::MoveNetwork { .. } => l.t("act-move-network"),
        GoverningAct::Shelve { plugin, .. } => l.put("plugin", plugin).t("act-shelve"),
        GoverningAct::Admit { name, .. } => l.put("who", name).t("act-admit"),
        GoverningAct::AdmitAgent { agent, .. } => l.put("who", reader.title(*agent).await?).t("act-admit"),
        GoverningAct::Train { member, training } => {
            l.put("who", reader.title(*member).await?).put("training", training).t("act-train")
        }
        GoverningAct::Delegate { delegator, delegate, until, .. } => {
            let (from, to) = (reader.title(*delegator).await?, reader.title(*delegate).await?);
            l.put("from", from).put("to", to).put("until", l.day(*until)).t("act-delegate")
        }
        GoverningAct::Revoke { .. } => l.t("act-revoke"),
        GoverningAct::Member(act) => membership(reader, l, act).await?,
        GoverningAct::Key(act) => key(reader, l, act).await?,
        GoverningAct::Join(act) => settling::joining(reader, l, act).await?,
        GoverningAct::Stop(act) => stop(l, act),
        GoverningAct::Withhold(act) => withheld(l, act),
        GoverningAct::Except(act) => settling::exception(reader, l, act).await?,
        GoverningAct::Case(act) => settling::case(l, act),
        GoverningAct::Erase(act) => settling::erasure(l, act),
        GoverningAct::Amend(act) => amendment(reader, l, act).await?,
        GoverningAct::AdvanceClock { by_us } => l.put("days", by_us / Instant::DAY_US).t("act-advance-clock"),
    })
}

fn stop(l: &Locale, act: &StopAct) -> String {
    let said = |kind: &str, name: &str, until: &Instant, reason: &str| {
        l.put("kind", kind).put("name", name).put("until", l.day(*until)).put("reason", reason).t("act-stop")
    };
    match act {
        StopAct::Pause { what: Stopped::Network, until, reason } => said("network", "", until, reason),
        StopAct::Pause { what: Stopped::Plugin(name) | Stopped::Rule(name), until, reason } => {
            said("part", name, until, reason)
        }
        StopAct::Resume { .. } => l.t("act-resume"),
        StopAct::SuspendRule { policy, until, reason } => said("rule", policy, until, reason),
        StopAct::RestoreRule { .. } => l.t("act-restore-rule"),
    }
}

fn withheld(l: &Locale, act: &WithholdAct) -> String {
    match act {
        WithholdAct::RevokePlugin { what, because } => {
            l.put("what", what).put("reason", because).t("act-revoke-plugin")
        }
        WithholdAct::UnrevokePlugin { what } => l.put("what", what).t("act-unrevoke-plugin"),
        WithholdAct::Withhold { withheld, .. } if withheld.is_empty() => l.t("act-withhold-nothing"),
        WithholdAct::Withhold { withheld, .. } => {
            let each: Vec<String> = withheld.iter().map(|one| out_of_use(l, one)).collect();
            each.join(" ")
        }
    }
}

/// A component that is out of use, and what becomes of what needs it.
pub fn out_of_use(l: &Locale, one: &Withheld) -> String {
    let kind = if one.instead.is_some() { "instead" } else { "refused" };
    l.put("kind", kind).put("name", &one.plugin).put("reason", &one.because).t("out-of-use")
}

async fn membership(reader: &mut Reader, l: &Locale, act: &MemberAct) -> Result<String, Rejection> {
    let who = reader.title(act.member()).await?;
    let said = l.put("who", who);
    Ok(match act {
        MemberAct::GrantRole { role, until: None, .. } => said.put("role", role).t("act-grant-role"),
        MemberAct::GrantRole { role, until: Some(until), .. } => {
            said.put("role", role).put("until", l.day(*until)).t("act-grant-role-until")
        }
        MemberAct::EndRole { role, .. } => said.put("role", role).t("act-end-role"),
        MemberAct::Suspend { until, .. } => said.put("until", l.day(*until)).t("act-suspend"),
        MemberAct::Reinstate { .. } => said.t("act-reinstate"),
        MemberAct::Restore { .. } => said.t("act-restore-access"),
        MemberAct::End { .. } => said.t("act-end-membership"),
        MemberAct::Leave { .. } => said.t("act-leave"),
    })
}

async fn key(reader: &mut Reader, l: &Locale, act: &KeyAct) -> Result<String, Rejection> {
    let who = match act.member() {
        Some(member) => reader.title(member).await?,
        None => String::new(),
    };
    Ok(l.put("step", act.name()).put("who", who).t("act-key"))
}

async fn amendment(reader: &mut Reader, l: &Locale, act: &AmendAct) -> Result<String, Rejection> {
    let what = match act.amendment() {
        Some(id) => reader.title(id).await?,
        None => String::new(),
    };
    let said = |step: &str| l.put("step", step).put("what", what.as_str());
    Ok(match act {
        AmendAct::Draft { title, .. } => l.put("step", "draft").put("what", title).t("act-amend"),
        AmendAct::Redraft { .. } => said("redraft").t("act-amend"),
        AmendAct::Sponsor { .. } => said("sponsor").t("act-amend"),
        AmendAct::Freeze { .. } => said("freeze").t("act-amend"),
        AmendAct::Cast { .. } => said("cast").t("act-amend"),
        AmendAct::Enter { .. } => said("enter").t("act-amend"),
        AmendAct::Veto { reason, .. } => said("veto").put("reason", reason).t("act-amend-because"),
        AmendAct::Override { .. } => said("override").t("act-amend"),
        AmendAct::Withdraw { .. } => said("withdraw").t("act-amend"),
        AmendAct::Renew { .. } => said("renew").t("act-amend"),
        AmendAct::Recover { reason, .. } => said("recover").put("reason", reason).t("act-amend-because"),
        AmendAct::AppointProxy { delegate, .. } => {
            l.put("who", reader.title(*delegate).await?).t("act-appoint-proxy")
        }
        AmendAct::EndProxy { .. } => l.t("act-end-proxy"),
        AmendAct::Lapse { record, .. } => match reader.get(*record).await? {
            Some(record) => match Status::of(&record) {
                Some(_) => {
                    let status = record.fields.text(Prop::Status).unwrap_or_default();
                    let is = super::status(l, status);
                    l.put("what", record.title()).put("is", is).t("act-lapse-amendment")
                }
                None => l.t("act-lapse-role"),
            },
            None => l.t("act-lapse"),
        },
    })
}
