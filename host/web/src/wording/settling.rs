//! Joining, exceptions and cases as sentences.

use pipeline::acts::{CaseAct, EraseAct, ExceptionAct, JoinAct};
use pipeline::{Reader, Rejection};
use valueflows::{Id, Prop};

use crate::locale::Locale;

/// Whoever asked to join.
async fn applicant(reader: &mut Reader, l: &Locale, application: Option<Id>) -> Result<String, Rejection> {
    let application = match application {
        Some(id) => reader.get(id).await?,
        None => None,
    };
    match application.and_then(|application| application.fields.id(Prop::Member)) {
        Some(id) => reader.title(id).await,
        None => Ok(l.t("somebody")),
    }
}

pub(super) async fn joining(reader: &mut Reader, l: &Locale, act: &JoinAct) -> Result<String, Rejection> {
    let who = match act {
        JoinAct::Apply { name, .. } if !name.is_empty() => name.clone(),
        _ => applicant(reader, l, act.application()).await?,
    };
    let said = l.put("who", who);
    Ok(match act {
        JoinAct::Apply { .. } => said.t("act-apply"),
        JoinAct::Vouch { certificate: None, .. } => said.t("act-vouch"),
        JoinAct::Vouch { certificate: Some(what), .. } => said.put("what", what).t("act-certify"),
        JoinAct::Accept { .. } => said.t("act-accept-application"),
        JoinAct::Decline { .. } => said.t("act-decline-application"),
        JoinAct::TakeBack { .. } => said.t("act-take-back-application"),
    })
}

pub(super) async fn exception(
    reader: &mut Reader,
    l: &Locale,
    act: &ExceptionAct,
) -> Result<String, Rejection> {
    Ok(match act {
        ExceptionAct::Grant(grant) => {
            let who = reader.title(grant.member).await?;
            let said = l.put("who", who).put("until", l.day(grant.until));
            said.put("reason", &grant.reason).t("act-grant-exception")
        }
        ExceptionAct::Withdraw { .. } => l.t("act-withdraw-exception"),
    })
}

/// A case is its parties' own: a sentence about one names nobody.
pub(super) fn case(l: &Locale, act: &CaseAct) -> String {
    let step = match act {
        CaseAct::Open { decision: Some(_), .. } => "appeal",
        CaseAct::Open { decision: None, .. } => "report",
        CaseAct::Say { .. } => "say",
        CaseAct::Assign { .. } => "assign",
        CaseAct::Close { .. } => "close",
        CaseAct::Withdraw { .. } => "withdraw",
    };
    l.put("step", step).t("act-case")
}

pub(super) fn erasure(l: &Locale, act: &EraseAct) -> String {
    l.put("unlawful", u64::from(act.unlawful)).put("reason", &act.reason).t("act-erase")
}
