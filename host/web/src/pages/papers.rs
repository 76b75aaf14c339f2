//! Papers that go with a thing: instructions, a receipt, a certificate. Kept as text or as a PDF of nothing but its
//! pages, handed out as files to whoever may see the thing.

use std::collections::HashMap;
use std::time::Duration;

use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use interchange::limits::{PAPER_BYTES_MAX, PAPER_WALL_S_MAX};
use interchange::papers::{self, Kind, Unusable};
use pipeline::blobs::{Change, bare};
use pipeline::{Node, Reader, Rejection, Via};
use tokio::sync::Semaphore;
use valueflows::{Id, Prop, Record};

use super::attach::{attach, sent, thing, unusable};
use crate::App;
use crate::frame::{Frame, not_found, rejected, seat};
use crate::limits::{PAPER_NAME_LEN, PAPERS_MAX};
use crate::locale::Locale;

/// Papers cleaned at once: each is a process that may take as much memory as all the rest.
static CLEANING: Semaphore = Semaphore::const_new(1);

/// How names of papers begin.
const DIGEST: &str = "ni:///sha-256;";

/// A paper as a page lists it.
pub struct Listed {
    /// What its address ends with.
    pub digest: String,
    /// What it is called.
    pub name: String,
    /// What it is and how long.
    pub about: String,
}

/// What is said beside a paper's name in the record: what kind it is, what it is called, how long it is.
struct About {
    kind: Kind,
    name: String,
    size: usize,
}

impl About {
    fn read(reference: &str) -> Option<(&str, About)> {
        let digest = bare(reference).strip_prefix(DIGEST)?;
        let (_, said) = reference.split_once('?')?;
        let said: HashMap<String, String> = serde_urlencoded::from_str(said).ok()?;
        let kind = Kind::of(said.get("ct")?)?;
        let size = said.get("size").and_then(|size| size.parse().ok()).unwrap_or_default();
        Some((digest, About { kind, name: said.get("name")?.clone(), size }))
    }

    fn written(&self) -> String {
        let said = [("ct", self.kind.media()), ("name", &self.name), ("size", &self.size.to_string())];
        serde_urlencoded::to_string(said.as_slice()).unwrap_or_default()
    }
}

/// The papers of a thing. What anybody else wrote into it is none.
pub fn listed(l: &Locale, thing: &Record) -> Vec<Listed> {
    let papers = thing.fields.texts(Prop::Papers).iter().filter_map(|reference| About::read(reference));
    papers
        .map(|(digest, about)| Listed {
            digest: digest.to_owned(),
            about: l
                .put("kind", about.kind.ending().trim_start_matches('.'))
                .put("size", size(l, about.size))
                .t("paper-about"),
            name: about.name,
        })
        .collect()
}

/// `12 KB`, `1.4 MB`.
fn size(l: &Locale, bytes: usize) -> String {
    let kilobytes = bytes.div_ceil(1_000);
    match kilobytes {
        0..1_000 => format!("{kilobytes} KB"),
        _ => format!("{} MB", l.decimal(&format!("{}.{}", kilobytes / 1_000, kilobytes % 1_000 / 100))),
    }
}

/// A paper is sent, or one is to go.
pub async fn send(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
    upload: Multipart,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "things").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let sent = match sent(&seat.frame, upload, ("paper-too-large", "paper-remedy")).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    if sent.bytes.len() > PAPER_BYTES_MAX {
        let why = ("paper-too-large", "paper-remedy");
        return unusable(&seat.frame, StatusCode::PAYLOAD_TOO_LARGE, why);
    }
    if let Some(digest) = sent.form.get("remove") {
        let change = Change::NoPaper(format!("{DIGEST}{digest}"));
        return attach(&app, &mut seat, &id, &sent.form, change).await;
    }
    let frame = seat.frame.clone();
    let no = |why| unusable(&frame, StatusCode::UNPROCESSABLE_ENTITY, (why, "paper-remedy"));
    let papers = match thing(&mut seat.reader, &id).await {
        Ok(Some(thing)) => thing.fields.texts(Prop::Papers).len(),
        Ok(None) => return not_found(&frame),
        Err(rejection) => return rejected(&frame, &rejection),
    };
    if papers >= PAPERS_MAX {
        return no("paper-many");
    }
    match cleaned(&app.node, &sent.bytes).await {
        Ok(Ok((kind, bytes))) => {
            let about = About { kind, name: called(&sent.called, kind), size: bytes.len() };
            attach(&app, &mut seat, &id, &sent.form, Change::Paper(about.written(), bytes)).await
        }
        Ok(Err(Unusable::Locked)) => no("paper-locked"),
        Ok(Err(_)) => no("paper-unknown"),
        Err(rejection) => rejected(&frame, &rejection),
    }
}

async fn cleaned(node: &Node, bytes: &[u8]) -> Result<Result<(Kind, Vec<u8>), Unusable>, Rejection> {
    let _turn = CLEANING.acquire().await;
    // A little more than it came with: a PDF that was packed tightly is written out.
    let limits = (Duration::from_secs(PAPER_WALL_S_MAX), 2 * PAPER_BYTES_MAX as u64);
    let answer = node.in_child(papers::COMMAND, bytes, limits)?;
    Ok(answer.map_or(Err(Unusable::Unknown), |answer| papers::answered(&answer)))
}

/// What a paper is called here: the last part of what it was called there, in letters that can stand in a line.
fn called(there: &str, kind: Kind) -> String {
    let last = there.rsplit(['/', '\\']).next().unwrap_or_default();
    let fits = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = last.chars().filter(fits).collect();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).trim();
    let stem: String = stem.chars().take(PAPER_NAME_LEN).collect();
    format!("{}{}", if stem.is_empty() { "paper" } else { &stem }, kind.ending())
}

/// A paper, for whoever may see the thing.
pub async fn show(
    State(app): State<App>,
    Path((network, id, digest)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "things").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    shown(&app, &mut seat.reader, &seat.frame, (&id, &digest)).await
}

/// The same for whoever only scanned the thing's code.
pub async fn story(
    State(app): State<App>,
    Path((network, id, digest)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let frame = Frame::outside(&network, &headers);
    match app.node.reader(&network, Id::default(), Via::Door).await {
        Ok(mut reader) => shown(&app, &mut reader, &frame, (&id, &digest)).await,
        Err(rejection) => rejected(&frame, &rejection),
    }
}

async fn shown(app: &App, reader: &mut Reader, frame: &Frame, (id, digest): (&str, &str)) -> Response {
    let found = async {
        let Some(thing) = thing(reader, id).await? else { return Ok(None) };
        let mut papers = thing.fields.texts(Prop::Papers).iter().filter_map(|one| About::read(one));
        let Some((_, about)) = papers.find(|(named, _)| *named == digest) else { return Ok(None) };
        let bytes = app.node.attached(reader.head().key, &thing, &format!("{DIGEST}{digest}")).await?;
        Ok(bytes.map(|bytes| (about, bytes)))
    };
    match found.await {
        Ok(Some((about, bytes))) => handed_out(&about, bytes),
        Ok(None) => not_found(frame),
        Err(rejection) => rejected(frame, &rejection),
    }
}

/// As a file to keep: nothing of it is opened within these pages.
fn handed_out(about: &About, bytes: Vec<u8>) -> Response {
    let media = match about.kind {
        Kind::Text => "text/plain; charset=utf-8",
        kind => kind.media(),
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let name: String = about
        .name
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let kept = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
        (header::CACHE_CONTROL, "private, max-age=3600".to_owned()),
    ];
    (kept, bytes).into_response()
}
