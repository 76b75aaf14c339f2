//! Letting somebody in again who lost password or telephone: two people say that it is them, then either makes a link.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use identity::invitation::{self, Invitation};
use pipeline::acts::{AnyAct, Command, GoverningAct, Link, MemberAct, RESTORERS, restorers};
use pipeline::{Reader, Rejection, Via};
use valueflows::{Class, Id, Instant, Prop};

use super::invite::{address, issue};
use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, answered, not_found, seat};
use crate::locale::Locale;

/// How it stands with somebody who may have lost their way to sign in.
#[derive(Default)]
pub struct Standing {
    /// Who has said that it is them, by name.
    pub said_by: Vec<String>,
    /// When the last of them did.
    pub said: Option<Instant>,
    /// Whether the reader could say so too.
    pub may: bool,
    /// Whether the reader could make the link.
    pub links: bool,
}

fn restore(member: Id) -> AnyAct {
    AnyAct::Governing(GoverningAct::Member(MemberAct::Restore { member }))
}

/// How it stands with a member.
pub async fn standing(app: &App, reader: &mut Reader, member: Id) -> Result<Standing, Rejection> {
    let network = reader.head().key;
    if app.node.store().account_of_agent(network, member).await?.is_none() {
        return Ok(Standing::default());
    }
    let me = reader.agent();
    let command = Command::new(pipeline::node::command_id()?, me, vec![restore(member)]);
    let may = reader.would(&command).await?.is_ok();
    let (by, said) = said(reader, member).await?;
    let complete = by.len() >= RESTORERS;
    // A link is no act that rules judge: it is made by whoever said so themselves, and by nobody in their name.
    let themselves = reader.via() == Via::Session && by.contains(&me);
    let links = complete && themselves && !used(app, network, member, said).await?;
    let mut said_by = Vec::new();
    for one in by {
        said_by.push(reader.title(one).await?);
    }
    Ok(Standing { said_by, said, may: may && !links, links })
}

/// Who has said so, and when the last of them did.
async fn said(reader: &mut Reader, member: Id) -> Result<(Vec<Id>, Option<Instant>), Rejection> {
    let now = reader.time();
    let membership = match member == reader.agent() {
        // Everybody is told of themselves, whatever else they may see.
        true => reader.membership().await?,
        false => {
            let link = Link { class: Class::Membership, prop: Prop::Member, target: member, open: true };
            reader.linked(link).await?.into_iter().next()
        }
    };
    Ok(membership.map(|membership| restorers(&membership, now)).unwrap_or_default())
}

/// The id under which the link is kept that follows from what two have said: one for each time that they do.
fn link_id(member: Id, said: Option<Instant>) -> Id {
    let said = said.map_or(0, |said| said.0);
    Id::from_digest(&identity::digest(&format!("reflow way back\0{member}\0{said}")))
}

async fn used(app: &App, network: i64, member: Id, said: Option<Instant>) -> Result<bool, Rejection> {
    Ok(app.node.store().invitation_used(network, link_id(member, said)).await?)
}

/// What a member is told of it, while it is new.
pub async fn told(reader: &mut Reader, l: &Locale) -> Result<Option<(String, Instant)>, Rejection> {
    let me = reader.agent();
    let (by, said) = said(reader, me).await?;
    let Some(said) = said else { return Ok(None) };
    let mut names = Vec::new();
    for one in &by {
        names.push(reader.title(*one).await?);
    }
    let complete = u64::from(by.len() >= RESTORERS);
    let told = l.put("names", names.join(", ")).put("when", l.moment(said)).put("complete", complete);
    Ok(Some((told.t("let-back-told"), said)))
}

/// Somebody says that it is them.
pub async fn say(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let seat = match seat(&app, &network, &headers, "people").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Ok(member) = id.parse::<Id>() else { return not_found(&seat.frame) };
    let back = format!("/n/{network}/people/{member}");
    forms::send_and(&app, seat, &form, vec![restore(member)], &back).await
}

#[derive(Template)]
#[template(path = "way_back.html")]
struct WayBack<'a> {
    frame: &'a Frame,
    name: String,
    link: String,
    token: String,
    until: String,
}

/// Either of the two makes the link; one that was made before and not used is void.
pub async fn link(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "people").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    if let Some(response) = forms::foreign(&seat.frame, &form) {
        return response;
    }
    let Ok(member) = id.parse::<Id>() else { return not_found(&seat.frame) };
    let Seat { reader, frame, .. } = &mut seat;
    match made(&app, reader, frame, member).await {
        Ok(None) => Redirect::to(&format!("/n/{network}/people/{member}")).into_response(),
        made => answered(frame, made),
    }
}

async fn made<'a>(
    app: &App,
    reader: &mut Reader,
    frame: &'a Frame,
    member: Id,
) -> Result<Option<WayBack<'a>>, Rejection> {
    let standing = standing(app, reader, member).await?;
    if !standing.links {
        return Ok(None);
    }
    let (network, now) = (reader.head().key, pipeline::now());
    let command = link_id(member, standing.said);
    app.node.store().drop_invitation(network, command).await?;
    let name = reader.title(member).await?;
    let one = Invitation {
        network,
        command,
        by: reader.agent(),
        agent: Some(member),
        name: name.clone(),
        expires: now.plus_us(invitation::BACK_US),
        used: None,
        gives_back: true,
    };
    let token = issue(app, &one).await?;
    let link = address(&frame.network, &token);
    Ok(Some(WayBack { frame, name, link, token, until: frame.locale.deadline(one.expires) }))
}
