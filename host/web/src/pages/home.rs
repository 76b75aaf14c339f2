//! Home: what needs me, what is near, what happened last.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use pipeline::acts::{Link, Status};
use pipeline::loans::is;
use pipeline::{Reader, Rejection};
use valueflows::{Action, Class, Instant, Prop, Record};

use crate::App;
use crate::frame::{Frame, Seat, Work, answered, seat};
use crate::limits::{HOME_MATCHED_MAX, HOME_NEEDS_MAX, HOME_OFFERS_LEN, JOURNAL_HOME_LEN, PAGE_LEN};
use crate::locale::Locale;
use crate::pages::board::{Offer, offers};
use crate::pages::journal::{Entry, entries};
use crate::show;
use crate::wording;

/// Something that waits for the reader.
pub struct NeedsMe {
    /// Which it is, for as long as it waits.
    pub id: String,
    /// A sentence.
    pub text: String,
    /// The page where something can be done about it.
    pub link: String,
    /// What the link says.
    pub act: String,
    /// Whether its time has come already.
    pub late: bool,
    /// Since when it waits, where that is known.
    pub since: Option<Instant>,
    /// By when it has to be done, where there is a time.
    pub due: Option<Instant>,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Page<'a> {
    frame: &'a Frame,
    needs_me: Vec<NeedsMe>,
    offers: Vec<Offer>,
    entries: Vec<Entry>,
}

pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "home").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    match frame.work {
        Some(Work::Desk) => return Redirect::to(&format!("/n/{network}/desk")).into_response(),
        Some(Work::Operates) => return Redirect::to("/n/node/operator").into_response(),
        _ => {}
    }
    let page = page(reader, frame).await;
    answered(frame, page.map(Some))
}

async fn page<'a>(reader: &mut Reader, frame: &'a Frame) -> Result<Page<'a>, Rejection> {
    let l = &frame.locale;
    let needs_me = waiting(reader, frame).await?;
    let offers = offers(reader, l, HOME_OFFERS_LEN).await?;
    let entries = entries(reader, l, None, JOURNAL_HOME_LEN).await?;
    Ok(Page { frame, needs_me, offers, entries })
}

/// All that waits for the reader, what presses most first.
pub async fn waiting(reader: &mut Reader, frame: &Frame) -> Result<Vec<NeedsMe>, Rejection> {
    let l = &frame.locale;
    let mut needs_me = Vec::new();
    if let Some((text, since)) = super::let_back::told(reader, l).await? {
        needs_me.push(NeedsMe {
            id: format!("let-back-{}", since.0),
            text,
            link: format!("/n/{}/cases", frame.network),
            act: l.t("something-wrong"),
            late: true,
            since: Some(since),
            due: None,
        });
    }
    if frame.keeps() {
        let each = reader.rules().withheld.iter().map(|one| NeedsMe {
            id: format!("withheld-{}", one.component),
            text: wording::out_of_use(l, one),
            link: format!("/n/{}/keeping#calculations", frame.network),
            act: l.t("look-at-it"),
            late: true,
            since: None,
            due: None,
        });
        needs_me.extend(each);
    }
    promised(reader, frame, &mut needs_me).await?;
    votes(reader, frame, &mut needs_me).await?;
    asked_of_me(reader, frame, &mut needs_me).await?;
    matched(reader, frame, &mut needs_me).await?;
    needs_me.truncate(HOME_NEEDS_MAX);
    Ok(needs_me)
}

async fn thing_of(reader: &mut Reader, l: &Locale, promise: &Record) -> Result<String, Rejection> {
    match promise.fields.id(Prop::ResourceInventoriedAs) {
        Some(thing) => reader.title(thing).await,
        None => Ok(l.t("something")),
    }
}

/// What I promised and have not done yet: to bring back, to pay, to hand over.
async fn promised(reader: &mut Reader, frame: &Frame, needs: &mut Vec<NeedsMe>) -> Result<(), Rejection> {
    let (l, now) = (&frame.locale, reader.time());
    let link = Link { class: Class::Commitment, prop: Prop::Provider, target: reader.agent(), open: true };
    for promise in reader.linked(link).await? {
        if is(&promise, "return") && promise.fields.action() == Some(Action::TransferCustody) {
            let thing = thing_of(reader, l, &promise).await?;
            let due = promise.fields.instant(Prop::Due);
            let said = l.put("thing", thing).put("due", due.map(|due| l.due(due, now)).unwrap_or_default());
            needs.push(NeedsMe {
                id: format!("return-{}", promise.id),
                since: promise.fields.instant(Prop::Created),
                due,
                text: said.t("needs-return"),
                link: loan_link(frame, &promise),
                act: l.t("see-the-loan"),
                late: due.is_some_and(|due| due < now),
            });
        } else if is(&promise, "late-fee") || is(&promise, "fee") {
            let Some(quantity) = promise.fields.quantity(Prop::ResourceQuantity) else { continue };
            let amount = show::amount(reader, l, quantity).await?;
            needs.push(NeedsMe {
                id: format!("fee-{}", promise.id),
                since: promise.fields.instant(Prop::Created),
                due: promise.fields.instant(Prop::Due),
                text: l.put("amount", amount).t("needs-fee"),
                link: format!("/n/{}/loans#fee-{}", frame.network, promise.id),
                act: l.t("see-what-for"),
                late: true,
            });
        } else if is(&promise, "loan") && promise.fields.action() == Some(Action::TransferCustody) {
            let Some(to) = promise.fields.id(Prop::Receiver) else { continue };
            let (thing, who) = (thing_of(reader, l, &promise).await?, reader.title(to).await?);
            needs.push(NeedsMe {
                id: format!("hand-over-{}", promise.id),
                since: promise.fields.instant(Prop::Created),
                due: promise.fields.instant(Prop::Due),
                text: l.put("who", who).put("thing", thing).t("needs-hand-over"),
                link: loan_link(frame, &promise),
                act: l.t("see-the-loan"),
                late: false,
            });
        }
    }
    Ok(())
}

fn loan_link(frame: &Frame, promise: &Record) -> String {
    let agreement = promise.fields.id(Prop::ClauseOf).map(|id| format!("#{id}")).unwrap_or_default();
    format!("/n/{}/loans{agreement}", frame.network)
}

/// Votes in which mine is missing, and changes that wait for a look.
async fn votes(reader: &mut Reader, frame: &Frame, needs: &mut Vec<NeedsMe>) -> Result<(), Rejection> {
    let l = &frame.locale;
    for amendment in reader.amendments().await? {
        let key = match Status::of(&amendment) {
            Some(Status::Voting) => "needs-vote",
            Some(Status::ReviewDue) => "needs-review",
            _ => continue,
        };
        let stands = reader.amendment(&amendment).await?;
        if key == "needs-vote" && !crate::pages::changes::votes(&stands) {
            continue;
        }
        let due = amendment.fields.instant(Prop::Due);
        let said = due.map(|due| l.deadline(due)).unwrap_or_default();
        needs.push(NeedsMe {
            id: format!("{key}-{}", amendment.id),
            since: amendment.fields.instant(Prop::Frozen).or(amendment.fields.instant(Prop::Created)),
            due,
            text: l.put("title", amendment.title()).put("due", said).t(key),
            link: format!("/n/{}/changes/{}", frame.network, amendment.id),
            act: l.t("look-at-it"),
            late: false,
        });
    }
    Ok(())
}

/// Cases that I look into, and people who ask to be let in.
async fn asked_of_me(reader: &mut Reader, frame: &Frame, needs: &mut Vec<NeedsMe>) -> Result<(), Rejection> {
    let l = &frame.locale;
    let cases = pipeline::acts::cases::assigned(reader.agent());
    for case in reader.linked(cases).await? {
        let due = case.fields.instant(Prop::Due);
        let said = due.map(|due| l.day(due)).unwrap_or_default();
        needs.push(NeedsMe {
            id: format!("case-{}", case.id),
            since: case.fields.instant(Prop::Created),
            due,
            text: l.put("due", said).t("needs-case"),
            link: format!("/n/{}/cases/{}", frame.network, case.id),
            act: l.t("look-at-it"),
            late: false,
        });
    }
    let mut waiting = 0_u64;
    let mut newest = None;
    // What is open is nearly always new.
    for application in reader.list_back(Class::Application, i64::MAX, PAGE_LEN).await?.records {
        let mine = application.fields.id(Prop::Member) == Some(reader.agent());
        if application.is_open() && !mine {
            waiting += 1;
            newest = newest.max(application.fields.instant(Prop::Created));
        }
    }
    if waiting > 0 {
        needs.push(NeedsMe {
            id: format!("applications-{}", newest.map_or(0, |newest| newest.0)),
            since: newest,
            due: None,
            text: l.put("count", waiting).t("needs-applications"),
            link: format!("/n/{}/joining", frame.network),
            act: l.t("look-at-it"),
            late: false,
        });
    }
    Ok(())
}

/// What there is for what I asked for.
async fn matched(reader: &mut Reader, frame: &Frame, needs: &mut Vec<NeedsMe>) -> Result<(), Rejection> {
    let l = &frame.locale;
    let link = Link { class: Class::Intent, prop: Prop::Receiver, target: reader.agent(), open: true };
    for need in reader.linked(link).await?.into_iter().rev().take(HOME_MATCHED_MAX) {
        let (matches, _) = crate::pages::need::matches(reader, l, &need).await?;
        if !matches.is_empty() {
            needs.push(NeedsMe {
                id: format!("matched-{}-{}", need.id, matches.len()),
                since: need.fields.instant(Prop::Created),
                due: None,
                text: l.put("need", need.title()).put("count", matches.len()).t("needs-matched"),
                link: format!("/n/{}/needs/{}", frame.network, need.id),
                act: l.t("look-at-it"),
                late: false,
            });
        }
    }
    Ok(())
}
