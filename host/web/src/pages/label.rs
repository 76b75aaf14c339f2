//! A thing's code and its labels, and the page that a code leads to.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::Via;
use valueflows::{Class, Id, Prop};

use crate::App;
use crate::frame::{Frame, answered, not_found, rejected, seat};
use crate::picture;
use crate::wording;

/// Labels on a sheet.
const LABELS: usize = 24;
/// Steps of a story that are shown to whoever only scanned a code.
const STEPS_MAX: usize = 50;

/// The address that a thing's code leads to.
fn address(network: &str, id: Id) -> String {
    let origin = identity::line::current().map(|line| line.origin).unwrap_or_default();
    format!("{origin}/n/{network}/story/{id}")
}

/// The code as a picture.
pub async fn code(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "things").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Ok(id) = id.parse::<Id>() else { return not_found(&seat.frame) };
    match seat.reader.get(id).await {
        Ok(Some(_)) => picture::answer(picture::qr(&address(&network, id))),
        Ok(None) => not_found(&seat.frame),
        Err(rejection) => rejected(&seat.frame, &rejection),
    }
}

#[derive(Template)]
#[template(path = "label.html")]
struct Sheet<'a> {
    frame: &'a Frame,
    id: String,
    name: String,
    tag: String,
    labels: usize,
}

/// A sheet of labels to print.
pub async fn sheet(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "things").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Ok(id) = id.parse::<Id>() else { return not_found(&seat.frame) };
    let thing = seat.reader.get(id).await;
    let frame = &seat.frame;
    let sheet = thing.map(|thing| {
        let thing = thing.filter(|thing| thing.class == Class::EconomicResource)?;
        let tag = thing.fields.text(Prop::TrackingIdentifier).unwrap_or_default().to_owned();
        Some(Sheet { frame, id: id.to_string(), name: thing.title(), tag, labels: LABELS })
    });
    answered(frame, sheet)
}

#[derive(Template)]
#[template(path = "story.html")]
struct Story {
    frame: Frame,
    id: String,
    /// Nothing where the rules show nothing of it to a stranger.
    name: String,
    note: String,
    photo: bool,
    papers: Vec<super::papers::Listed>,
    steps: Vec<(String, String)>,
}

/// What a thing's code leads to: its story, as far as the rules tell it to somebody of whom nothing is known. Whoever
/// belongs goes on from there.
pub async fn story(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let frame = Frame::visiting(&app, &network, &headers).await;
    let Ok(id) = id.parse::<Id>() else { return not_found(&frame) };
    // Nobody: an agent that no book knows. What the rules permit to everybody they permit to it.
    let mut reader = match app.node.reader(&network, Id::default(), Via::Door).await {
        Ok(reader) => reader,
        Err(rejection) => return rejected(&frame, &rejection),
    };
    let mut story = Story {
        frame,
        id: id.to_string(),
        name: String::new(),
        note: String::new(),
        photo: false,
        papers: Vec::new(),
        steps: Vec::new(),
    };
    let told = async {
        let thing = reader.get(id).await?.filter(|thing| thing.class == Class::EconomicResource);
        let Some(thing) = thing else { return Ok(()) };
        story.name = thing.title();
        story.note = thing.fields.text(Prop::Note).unwrap_or_default().to_owned();
        story.photo = thing.fields.text(Prop::Image).is_some_and(|image| image.starts_with("ni:///"));
        let l = &story.frame.locale;
        story.papers = super::papers::listed(l, &thing);
        for event in reader.trace(id).await?.into_iter().rev().take(STEPS_MAX) {
            let when = event.fields.instant(Prop::HasPointInTime).or(event.fields.instant(Prop::Created));
            let text = wording::event(&mut reader, l, &event).await?;
            story.steps.push((when.map(|at| l.day(at)).unwrap_or_default(), text));
        }
        Ok(())
    };
    let told = told.await;
    match told {
        Ok(()) => crate::frame::render(&story),
        Err(rejection) => rejected(&story.frame, &rejection),
    }
}
