//! What waits for somebody, for programs that look now and then: an Atom feed, and a calendar of what has a day. Each
//! member has an address of their own for them, which opens to whoever has it, and only to read.

use askama::Template;
use atom_syndication::{Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use icalendar::{Calendar, Component, Event, Property};
use identity::rate::Asker;
use pipeline::{Rejection, Via};
use valueflows::Instant;

use super::home::{NeedsMe, waiting};
use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, answered, rejected, seat, too_often};
use crate::locale::Locale;

#[derive(Template)]
#[template(path = "feed.html")]
struct Page<'a> {
    frame: &'a Frame,
    has: bool,
    /// The address up to the files' names, where it was just made.
    made: String,
    /// Whether the node sends letters, and where to; `asked` is an address that nobody has confirmed yet.
    letters: bool,
    to: String,
    asked: String,
}

/// Whether somebody has an address, and making one.
pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let seat = match seat(&app, &network, &headers, "me").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { frame, account, .. } = seat;
    answered(&frame, page(&app, &frame, account.key, String::new()).await.map(Some))
}

async fn page<'a>(app: &App, frame: &'a Frame, account: i64, made: String) -> Result<Page<'a>, Rejection> {
    let store = app.node.store();
    let has = store.has_feed(account).await?;
    let (to, asked) = match store.mail_of(account).await? {
        Some((address, true)) => (address, String::new()),
        Some((address, false)) => (String::new(), address),
        None => (String::new(), String::new()),
    };
    Ok(Page { frame, has, made, letters: app.post.is_some(), to, asked })
}

/// Makes another address, or ends it.
pub async fn make(
    State(app): State<App>,
    Path((network, step)): Path<(String, String)>,
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
    let Seat { frame, account, .. } = seat;
    let store = app.node.store();
    if step == "off" {
        return match store.drop_feed(account.key).await {
            Ok(()) => Redirect::to(&format!("/n/{network}/me/feed")).into_response(),
            Err(error) => rejected(&frame, &error.into()),
        };
    }
    let made = async {
        let token = identity::feed::renew(store, &account, pipeline::node::random()?).await?;
        let origin = identity::line::current().map(|line| line.origin).unwrap_or_default();
        let made = format!("{origin}/n/{network}/feed/{token}/{}", frame.locale.tag());
        page(&app, &frame, account.key, made).await.map(Some)
    };
    answered(&frame, made.await)
}

/// The feed, or the calendar. Nothing is said of an address that is none.
pub async fn read(
    State(app): State<App>,
    Path((network, token, language, file)): Path<(String, String, String, String)>,
) -> Response {
    let frame = Frame::outside(&network, &HeaderMap::new());
    let found = async {
        let account = identity::feed::account(app.node.store(), &token).await?;
        Ok::<_, Rejection>((app.node.head(&network).await?, account))
    };
    let (head, account) = match found.await {
        Ok(found) => found,
        Err(rejection) => return rejected(&frame, &rejection),
    };
    let Some(account) = account.filter(|account| account.network == head.key) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if let Err(wait_s) = app.rates.ask.take(Asker::Account(account.key), pipeline::now()) {
        return too_often(&frame, wait_s);
    }
    let told = async {
        let mut reader = app.node.reader(&network, account.agent, Via::Session).await?;
        let frame = Frame { locale: Locale::wished(Some(&language), ""), ..frame.clone() };
        let frame = frame.under(&reader.rules().compiled.book);
        let needs = waiting(&mut reader, &frame).await?;
        Ok::<_, Rejection>((frame, needs, reader.time()))
    };
    let (frame, needs, now) = match told.await {
        Ok(told) => told,
        Err(rejection) => return rejected(&frame, &rejection),
    };
    let origin = identity::line::current().map(|line| line.origin).unwrap_or_default();
    let (kind, text) = match file.as_str() {
        "notices.atom" => ("application/atom+xml; charset=utf-8", atom(&frame, &needs, &origin, now)),
        "calendar.ics" => ("text/calendar; charset=utf-8", calendar(&frame, &needs, &origin, now)),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    // Whoever keeps copies would keep what is private under an address that anybody may come to know.
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], text).into_response()
}

fn moment(at: Instant) -> Option<FixedDateTime> {
    jiff::Timestamp::from_microsecond(at.0).ok()?.to_string().parse().ok()
}

/// A title is one line, whatever a thing is called.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn atom(frame: &Frame, needs: &[NeedsMe], origin: &str, now: Instant) -> String {
    let link = |href: String| Link { href, rel: "alternate".into(), ..Link::default() };
    let newest = needs.iter().filter_map(|one| one.since).max().unwrap_or(now);
    let entry = |one: &NeedsMe| {
        let updated = moment(one.since.unwrap_or(now)).unwrap_or_default();
        Entry {
            id: format!("urn:reflow:{}:{}", frame.network, one.id),
            title: Text::plain(line(&one.text)),
            updated,
            published: one.since.and_then(moment),
            links: vec![link(format!("{origin}{}", one.link))],
            content: Some(Content {
                value: Some(one.text.clone()),
                content_type: Some("text".into()),
                ..Content::default()
            }),
            ..Entry::default()
        }
    };
    let feed = Feed {
        id: format!("urn:reflow:{}:notices", frame.network),
        title: Text::plain(frame.put("network", frame.called()).t("feed-name")),
        updated: moment(newest).unwrap_or_default(),
        authors: vec![Person { name: frame.called().to_owned(), ..Person::default() }],
        generator: Some(Generator { value: "ReflowOS".into(), ..Generator::default() }),
        links: vec![link(format!("{origin}/n/{}/", frame.network))],
        entries: needs.iter().map(entry).collect(),
        ..Feed::default()
    };
    feed.to_string()
}

/// What has a day, each on its day; the hour stands in the words.
fn calendar(frame: &Frame, needs: &[NeedsMe], origin: &str, now: Instant) -> String {
    let mut calendar = Calendar::new();
    calendar.name(&frame.put("network", frame.called()).t("feed-name"));
    let stamp = |at: Instant| {
        let at = jiff::Timestamp::from_microsecond(at.0).ok()?;
        Some(at.strftime("%Y%m%dT%H%M%SZ").to_string())
    };
    for one in needs {
        let Some(due) = one.due else { continue };
        let Some(day) = frame.locale.civil(due) else { continue };
        let mut event = Event::new();
        event.uid(&format!("{}@{}.reflow", one.id, frame.network)).summary(&line(&one.text));
        event.url(&format!("{origin}{}", one.link));
        let mut begins = Property::new("DTSTART", day.strftime("%Y%m%d").to_string());
        begins.add_parameter("VALUE", "DATE");
        event.append_property(begins);
        if let Some(stamp) = stamp(one.since.unwrap_or(now)) {
            event.add_property("DTSTAMP", stamp);
        }
        calendar.push(event.done());
    }
    calendar.to_string()
}
