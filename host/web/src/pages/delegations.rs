//! Acting in each other's name: letting somebody, ending it, and doing it. Whoever acts for somebody sees the pages as
//! they may see them, says so at the top of each, and does nothing that was not delegated.

use std::collections::BTreeSet;

use axum::Form;
use axum::extract::{Path, RawForm, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use pipeline::acts::{AnyAct, GoverningAct, Link};
use pipeline::{Reader, Rejection};
use valueflows::{Class, Id, Prop};

use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, not_found, rejected, seat, trouble};
use crate::locale::Locale;

/// What can be delegated from a page, by the names of the acts. Whoever acts by pages sees them: that goes along.
pub const DELEGABLE: [&str; 6] = ["borrow", "publish", "withdraw", "record", "waive", "revise"];

/// A delegation that stands.
pub struct Standing {
    /// Which.
    pub id: String,
    /// In words.
    pub words: String,
    /// Whether the reader is the one who acts.
    pub acts: bool,
}

/// Who acts for somebody, and for whom they act.
pub async fn standing(reader: &mut Reader, l: &Locale, id: Id) -> Result<Vec<Standing>, Rejection> {
    let mut said = Vec::new();
    for prop in [Prop::Delegator, Prop::Delegate] {
        let link = Link { class: Class::Delegation, prop, target: id, open: true };
        for delegation in reader.linked(link).await? {
            let fields = &delegation.fields;
            let ends = fields.instant(Prop::HasEnd).filter(|ends| reader.time() < *ends);
            let both = fields.id(Prop::Delegator).zip(fields.id(Prop::Delegate));
            let Some(((from, to), until)) = both.zip(ends) else { continue };
            let sentence = l.put("from", reader.title(from).await?).put("to", reader.title(to).await?);
            said.push(Standing {
                id: delegation.id.to_string(),
                words: sentence.put("until", l.day(until)).t("act-delegate"),
                acts: to == reader.agent() && from != to,
            });
        }
    }
    Ok(said)
}

/// In whose name the reader could let somebody act: their own, and those of organisations here.
pub async fn names(reader: &mut Reader, frame: &Frame) -> Result<Vec<(String, String)>, Rejection> {
    let mut names = vec![(reader.agent().to_string(), frame.t("delegate-mine"))];
    for house in reader.every(Class::Organization).await? {
        names.push((house.id.to_string(), house.title()));
    }
    Ok(names)
}

/// Somebody is let act.
pub async fn give(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
    RawForm(bytes): RawForm,
) -> Response {
    let seat = match seat(&app, &network, &headers, "people").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    // A box that is ticked sends its name again: a map would keep one of them.
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&bytes).unwrap_or_default();
    let ticked = fields.iter().filter(|(name, _)| name == "act").map(|(_, act)| act.clone());
    let acts: BTreeSet<String> = ticked.chain(["see".to_owned()]).collect();
    let form: forms::Form = fields.into_iter().collect();
    let said = |name: &str| form.get(name).map(|text| text.trim()).unwrap_or_default();
    let (Ok(delegate), Ok(delegator)) = (id.parse::<Id>(), said("name").parse::<Id>()) else {
        return not_found(&seat.frame);
    };
    let until = seat.frame.locale.read_day(said("until"), seat.reader.time());
    let Some(until) = until else {
        return trouble(&seat.frame, StatusCode::UNPROCESSABLE_ENTITY, "problem-day");
    };
    let act = GoverningAct::Delegate { delegator, delegate, acts: acts.into_iter().collect(), until };
    let back = format!("/n/{network}/people/{delegate}");
    forms::send_and(&app, seat, &form, vec![AnyAct::Governing(act)], &back).await
}

/// A delegation ends before its time.
pub async fn end(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let seat = match seat(&app, &network, &headers, "me").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Ok(delegation) = id.parse::<Id>() else { return not_found(&seat.frame) };
    let act = AnyAct::Governing(GoverningAct::Revoke { delegation });
    forms::send_and(&app, seat, &form, vec![act], &format!("/n/{network}/me")).await
}

/// From now on, or not any more, the reader acts for somebody: this browser remembers by which delegation.
pub async fn act_for(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let seat = match seat(&app, &network, &headers, "me").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    if let Some(response) = forms::foreign(&seat.frame, &form) {
        return response;
    }
    let Seat { account, frame, .. } = seat;
    let cookie = match id.parse::<Id>() {
        Err(_) => identity::cookie::act(&network, None),
        Ok(delegation) => match app.node.delegator(&network, delegation, account.agent).await {
            Ok(Some(_)) => identity::cookie::act(&network, Some(delegation)),
            Ok(None) => return not_found(&frame),
            Err(rejection) => return rejected(&frame, &rejection),
        },
    };
    ([(header::SET_COOKIE, cookie)], Redirect::to(&format!("/n/{network}/"))).into_response()
}
