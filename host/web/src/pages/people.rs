//! The members, and one of them.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::acts::Link;
use pipeline::{Reader, Rejection};
use serde::Deserialize;
use valueflows::{Class, Id, Instant, Prop, Record};

use super::delegations;
use super::keys::Lost;
use super::let_back::Standing;
use crate::App;
use crate::frame::{Frame, Seat, answered, not_found, seat};
use crate::limits::{OWN_THINGS_MAX, PAGE_LEN};
use crate::locale::Locale;

struct One {
    id: String,
    name: String,
    roles: String,
    training: String,
    since: String,
}

#[derive(Template)]
#[template(path = "people.html")]
struct Page<'a> {
    frame: &'a Frame,
    people: Vec<One>,
    count: usize,
    next: Option<i64>,
}

#[derive(Deserialize)]
pub struct From {
    after: Option<i64>,
}

pub async fn show(
    State(app): State<App>,
    Path(network): Path<String>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "people").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    let page = people(reader, frame, from.after.unwrap_or_default()).await;
    answered(frame, page.map(Some))
}

async fn people<'a>(reader: &mut Reader, frame: &'a Frame, after: i64) -> Result<Page<'a>, Rejection> {
    let count = reader.count(Class::Membership).await?;
    let page = reader.list(Class::Membership, after, PAGE_LEN).await?;
    let mut people = Vec::new();
    for membership in page.records {
        if let Some(member) = membership.fields.id(Prop::Member) {
            people.push(one(reader, &frame.locale, member, &membership).await?);
        }
    }
    Ok(Page { frame, people, count, next: page.next })
}

async fn one(reader: &mut Reader, l: &Locale, member: Id, membership: &Record) -> Result<One, Rejection> {
    Ok(One {
        id: member.to_string(),
        name: reader.title(member).await?,
        roles: membership.fields.texts(Prop::Roles).join(", "),
        training: membership.fields.texts(Prop::Training).join(", "),
        since: membership.fields.instant(Prop::HasBeginning).map(|at| l.day(at)).unwrap_or_default(),
    })
}

#[derive(Template)]
#[template(path = "person.html")]
struct Person<'a> {
    frame: &'a Frame,
    one: One,
    note: String,
    belongs: bool,
    me: bool,
    /// What is theirs: id and name.
    things: Vec<(String, String)>,
    /// Who acts for them, and for whom they act.
    delegations: Vec<delegations::Standing>,
    /// In whose name the reader could let them act.
    names: Vec<(String, String)>,
    until: String,
    /// Whether they lack a way to sign in, and the reader could give them one.
    lacks_account: bool,
    /// How it stands where they have lost their way to sign in.
    back: Standing,
    /// How it stands with a key that they may have lost.
    lost: Lost,
    /// When the last of two said that it is them.
    said: String,
}

/// One member, or an organisation.
pub async fn person(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "people").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Ok(id) = id.parse::<Id>() else { return not_found(&seat.frame) };
    let Seat { reader, frame, .. } = &mut seat;
    let page = found(&app, reader, frame, id).await;
    answered(frame, page)
}

async fn found<'a>(
    app: &App,
    reader: &mut Reader,
    frame: &'a Frame,
    id: Id,
) -> Result<Option<Person<'a>>, Rejection> {
    let agents = [Class::Person, Class::Organization, Class::Agent];
    let Some(agent) = reader.get(id).await?.filter(|one| agents.contains(&one.class)) else {
        return Ok(None);
    };
    let l = &frame.locale;
    let link = Link { class: Class::Membership, prop: Prop::Member, target: id, open: true };
    let membership = reader.linked(link).await?.into_iter().next();
    let shown = match &membership {
        Some(membership) => one(reader, l, id, membership).await?,
        None => One {
            id: id.to_string(),
            name: agent.title(),
            roles: String::new(),
            training: String::new(),
            since: String::new(),
        },
    };
    let owned =
        Link { class: Class::EconomicResource, prop: Prop::PrimaryAccountable, target: id, open: false };
    let things = reader.linked(owned).await?.into_iter().rev().take(OWN_THINGS_MAX);
    let things = things.map(|thing| (thing.id.to_string(), thing.title())).collect();
    let lacks = super::invite::lacks_account(app, reader, id).await?;
    let lacks_account = lacks && super::invite::stands_in_the_way(reader, frame).await?.is_none();
    let belongs = membership.is_some();
    let back = match membership {
        Some(_) => super::let_back::standing(app, reader, id).await?,
        None => Standing::default(),
    };
    let lost = if belongs { super::keys::lost(reader, id).await? } else { Lost::default() };
    Ok(Some(Person {
        frame,
        note: agent.fields.text(Prop::Note).unwrap_or_default().to_owned(),
        lost,
        belongs,
        me: id == reader.agent(),
        delegations: delegations::standing(reader, l, id).await?,
        names: match id == reader.agent() || !belongs {
            true => Vec::new(),
            false => delegations::names(reader, frame).await?,
        },
        until: l
            .civil(reader.time().plus_us(30 * Instant::DAY_US))
            .map(|day| day.to_string())
            .unwrap_or_default(),
        one: shown,
        things,
        lacks_account,
        said: back.said.map(|said| l.moment(said)).unwrap_or_default(),
        back,
    }))
}
