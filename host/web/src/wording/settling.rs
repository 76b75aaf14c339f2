//! Joining, exceptions and cases as sentences.

use pipeline::acts::{CaseAct, EraseAct, ExceptionAct, JoinAct};
use pipeline::{Reader, Rejection};
use valueflows::{Id, Prop};

/// Whoever asked to join.
async fn applicant(reader: &mut Reader, application: Option<Id>) -> Result<String, Rejection> {
    let application = match application {
        Some(id) => reader.get(id).await?,
        None => None,
    };
    match application.and_then(|application| application.fields.id(Prop::Member)) {
        Some(id) => reader.title(id).await,
        None => Ok("somebody".to_owned()),
    }
}

pub(super) async fn joining(reader: &mut Reader, act: &JoinAct) -> Result<String, Rejection> {
    let who = applicant(reader, act.application()).await?;
    Ok(match act {
        JoinAct::Apply { name, .. } if name.is_empty() => "somebody asked to join".to_owned(),
        JoinAct::Apply { name, .. } => format!("{name} asked to join"),
        JoinAct::Vouch { certificate: None, .. } => format!("somebody vouched for {who}"),
        JoinAct::Vouch { certificate: Some(what), .. } => format!("{who} was certified for {what}"),
        JoinAct::Accept { .. } => format!("{who} was let in"),
        JoinAct::Decline { .. } => format!("{who} was turned down"),
        JoinAct::TakeBack { .. } => format!("{who} does not want to join any more"),
    })
}

pub(super) async fn exception(reader: &mut Reader, act: &ExceptionAct) -> Result<String, Rejection> {
    Ok(match act {
        ExceptionAct::Grant(grant) => {
            let who = reader.title(grant.member).await?;
            let until = crate::show::day(grant.until);
            format!("an exception was made for {who} until {until}: {}", grant.reason)
        }
        ExceptionAct::Withdraw { .. } => "an exception was taken back".to_owned(),
    })
}

/// A case is its parties' own: a sentence about one names nobody.
pub(super) fn case(act: &CaseAct) -> String {
    match act {
        CaseAct::Open { decision: Some(_), .. } => "somebody appealed against a decision",
        CaseAct::Open { decision: None, .. } => "somebody reported something",
        CaseAct::Say { .. } => "something was said in a case",
        CaseAct::Assign { .. } => "somebody else looks into a case",
        CaseAct::Close { .. } => "a case was closed",
        CaseAct::Withdraw { .. } => "a case was taken back",
    }
    .to_owned()
}

pub(super) fn erasure(act: &EraseAct) -> String {
    match act.unlawful {
        true => format!("whoever runs the node erased what must not be kept: {}", act.reason),
        false => format!("what was personal about somebody was erased: {}", act.reason),
    }
}
