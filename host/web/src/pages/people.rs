//! The members.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::Rejection;
use valueflows::{Class, Prop};

use crate::App;
use crate::frame::{Frame, Seat, rejected, render, seat};
use crate::limits::PAGE_LEN;

struct One {
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
}

pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "people").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    match people(&mut seat).await {
        Ok(people) => render(&Page { frame: &seat.frame, people }),
        Err(rejection) => rejected(&seat.frame, &rejection),
    }
}

async fn people(seat: &mut Seat) -> Result<Vec<One>, Rejection> {
    let l = seat.frame.locale.clone();
    let reader = &mut seat.reader;
    let mut people = Vec::new();
    let mut after = 0;
    loop {
        let page = reader.list(Class::Membership, after, PAGE_LEN).await?;
        for membership in page.records {
            let Some(member) = membership.fields.id(Prop::Member) else { continue };
            people.push(One {
                name: reader.title(member).await?,
                roles: membership.fields.texts(Prop::Roles).join(", "),
                training: membership.fields.texts(Prop::Training).join(", "),
                since: membership.fields.instant(Prop::HasBeginning).map(|at| l.day(at)).unwrap_or_default(),
            });
        }
        match page.next {
            Some(next) => after = next,
            None => return Ok(people),
        }
    }
}
