//! Who is at the door: the frame that every page stands in.

use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use identity::rate::Asker;
use identity::{Account, IdentityError};
use pipeline::acts::Stopped;
use pipeline::{Reader, Rejection, RuleBook, Via};
use valueflows::{Prop, Record};

use crate::App;
use crate::locale::{Locale, Saying, Spoken};

/// The cookie that keeps the language somebody chose.
pub const LANGUAGE: &str = "reflow-language=";

/// What the base template shows.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// The network's name on this node, as it stands in addresses.
    pub network: String,
    /// Which page of the navigation this is.
    pub here: &'static str,
    /// The act whose rules the page is about; nothing where it is about all of them.
    pub act: &'static str,
    /// Where the network is, as its members call it.
    pub place: String,
    /// The reader's name; nobody when empty.
    pub me: String,
    /// What whoever acts for the reader is called themselves; nothing where nobody does.
    pub by: String,
    /// The word that forms carry.
    pub word: String,
    /// How the reader reads.
    pub locale: Locale,
    /// Whether this is a sandbox.
    pub sandbox: bool,
    /// The books' date, in words.
    pub today: String,
    /// Whether the reader keeps the network, stands at its desk, or runs the node.
    pub work: Option<Work>,
    /// What everybody has to know: what is paused and why, which rule is suspended.
    pub notices: Vec<String>,
}

/// What somebody does here beside belonging.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// A steward.
    Keeps,
    /// A desk's tablet.
    Desk,
    /// Whoever runs the node.
    Operates,
}

/// A word of the navigation.
pub struct Link {
    /// Its path below the network's.
    pub path: &'static str,
    /// Its name.
    pub name: String,
    /// Whether the reader is there.
    pub here: bool,
}

impl Frame {
    /// The frame of somebody who is nobody here yet, or whose session is not known yet.
    pub fn outside(network: &str, headers: &HeaderMap) -> Frame {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let chosen = text(header::COOKIE).split(';').find_map(|one| one.trim().strip_prefix(LANGUAGE));
        let locale = Locale::wished(chosen, text(header::ACCEPT_LANGUAGE));
        Frame { network: network.to_owned(), locale, ..Frame::default() }
    }

    /// The same in the network's own zone, for a page on which something is dated.
    pub async fn visiting(app: &App, network: &str, headers: &HeaderMap) -> Frame {
        let frame = Frame::outside(network, headers);
        let Ok(head) = app.node.head(network).await else { return frame };
        match app.node.rules(&head).await {
            Ok(rules) => frame.under(&rules.compiled.book),
            Err(_) => frame,
        }
    }

    /// In the network's own zone, and with its own words for what waits for its members.
    pub fn under(self, book: &RuleBook) -> Frame {
        let locale = self.locale.telling(&book.notices);
        let Some(place) = &book.place else { return Frame { locale, ..self } };
        Frame { place: place.name.clone(), locale: locale.within(&place.zone), ..self }
    }

    /// Whether somebody is signed in.
    pub fn signed_in(&self) -> bool {
        !self.me.is_empty()
    }

    /// Whether the reader keeps the network. Whoever acts for a steward does what was delegated, and keeps nothing.
    pub fn keeps(&self) -> bool {
        matches!(self.work, Some(Work::Keeps | Work::Operates))
    }

    /// What the network is called.
    pub fn called(&self) -> &str {
        &self.network
    }

    /// A sentence in the reader's language.
    pub fn t(&self, key: &str) -> String {
        self.locale.t(key)
    }

    /// Begins one in which something has to be put.
    pub fn put(&self, name: &'static str, value: impl Spoken) -> Saying<'_> {
        self.locale.put(name, value)
    }

    /// The navigation.
    pub fn places(&self) -> Vec<Link> {
        let one = |path, here: &str, name| Link { path, name, here: self.here == here };
        let mut all = vec![
            one("", "home", self.t("nav-home")),
            one("board", "board", self.t("nav-board")),
            one("things", "things", self.t("nav-things")),
            one("people", "people", self.t("nav-people")),
            one("rules", "rules", self.t("nav-rules")),
            one("changes", "changes", self.t("nav-votes")),
            one("journal", "journal", self.t("nav-journal")),
        ];
        all.extend(self.work.map(|work| match work {
            Work::Keeps => one("keeping", "keeping", self.t("nav-keeping")),
            Work::Desk => one("desk", "desk", self.t("desk")),
            Work::Operates => one("operator", "operator", self.t("nav-operator")),
        }));
        all
    }

    /// What makes a form one of this session, and one command: two hidden fields. Without randomness the form says
    /// of itself that it is not complete.
    pub fn seal(&self) -> String {
        let command = pipeline::node::command_id().map(|id| id.to_string()).unwrap_or_default();
        format!(
            "<input type=\"hidden\" name=\"word\" value=\"{}\"><input type=\"hidden\" name=\"command\" value=\"{command}\">",
            self.word
        )
    }
}

/// Somebody signed in, with what they may read.
pub struct Seat {
    /// What they may read.
    pub reader: Reader,
    /// The frame of their pages.
    pub frame: Frame,
    /// Their account.
    pub account: Account,
    /// Their session's token.
    pub token: String,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Problem<'a> {
    frame: &'a Frame,
    title: &'a str,
    sentence: &'a str,
    remedy: &'a str,
    /// Under which the operator's log has the rest, where something is wrong here.
    number: String,
}

/// A page that says what went wrong. Title, sentence and remedy are in the reader's language already.
pub fn problem(frame: &Frame, status: StatusCode, title: &str, sentence: &str, remedy: &str) -> Response {
    let line = status.is_server_error().then(identity::line::current).flatten();
    let page =
        Problem { frame, title, sentence, remedy, number: line.map(|line| line.id).unwrap_or_default() };
    (status, render(&page)).into_response()
}

/// The same from the catalogue: `problem-KEY` and `problem-KEY-remedy`.
pub fn trouble(frame: &Frame, status: StatusCode, key: &str) -> Response {
    let (sentence, remedy) = (frame.t(key), frame.t(&format!("{key}-remedy")));
    problem(frame, status, &frame.t("problem-title"), &sentence, &remedy)
}

/// A template as an answer.
pub fn render(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// A page, or that there is nothing here for this reader, or what went wrong.
pub fn answered<T: Template>(frame: &Frame, page: Result<Option<T>, Rejection>) -> Response {
    match page {
        Ok(Some(page)) => render(&page),
        Ok(None) => not_found(frame),
        Err(rejection) => rejected(frame, &rejection),
    }
}

/// A rejection as a page.
pub fn rejected(frame: &Frame, rejection: &Rejection) -> Response {
    let status = match rejection {
        Rejection::Malformed(_) | Rejection::NoAgent(_) => StatusCode::BAD_REQUEST,
        Rejection::Conflict(_) => StatusCode::CONFLICT,
        Rejection::NoNetwork(_) => StatusCode::NOT_FOUND,
        Rejection::Busy | Rejection::CatchingUp | Rejection::Away | Rejection::NoAnswer => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Rejection::TooManyRefusals | Rejection::TooMuchToday(_) => StatusCode::TOO_MANY_REQUESTS,
        Rejection::Elsewhere(_) => StatusCode::GONE,
        Rejection::TooLarge(_)
        | Rejection::TooMuchToRead
        | Rejection::Unsigned(_)
        | Rejection::Revoked(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Rejection::Full | Rejection::NetworkFull(_) => StatusCode::INSUFFICIENT_STORAGE,
        Rejection::Internal(_) | Rejection::Rules(_) | Rejection::Admission(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    if let Rejection::Internal(_) | Rejection::Rules(_) | Rejection::Admission(_) = rejection {
        tracing::error!(%rejection, "a page failed");
    }
    let sentence = rejection_in_words(frame, rejection);
    problem(frame, status, &frame.t("problem-title"), &sentence, &frame.t("problem-remedy"))
}

/// Why something was not taken at all.
pub fn rejection_in_words(frame: &Frame, rejection: &Rejection) -> String {
    let what = match rejection {
        Rejection::NoNetwork(what) | Rejection::NoAgent(what) | Rejection::Malformed(what) => what.as_str(),
        _ => "",
    };
    frame.put("code", rejection.code()).put("what", what).t("rejection")
}

/// Why somebody is not let in, or cannot be called that.
pub fn identity_in_words(frame: &Frame, error: &IdentityError) -> String {
    let (why, name) = match error {
        IdentityError::NotYou => ("not-you", ""),
        IdentityError::BadCode => ("bad-code", ""),
        IdentityError::BadName => ("bad-name", ""),
        IdentityError::Taken(name) => ("taken", name.as_str()),
        IdentityError::Nobody(name) => ("nobody", name.as_str()),
        IdentityError::Hasher(_) | IdentityError::Store(_) => ("away", ""),
    };
    frame.put("why", why).put("name", name).t("identity-error")
}

/// Somebody asks faster than anybody can read.
pub fn too_often(frame: &Frame, wait_s: u64) -> Response {
    let sentence = frame.put("seconds", wait_s).t("too-often");
    let mut response = problem(
        frame,
        StatusCode::TOO_MANY_REQUESTS,
        &frame.t("too-often-title"),
        &sentence,
        &frame.t("too-often-remedy"),
    );
    response.headers_mut().insert(header::RETRY_AFTER, wait_s.into());
    response
}

/// What is not there, or not for this reader.
pub fn not_found(frame: &Frame) -> Response {
    problem(
        frame,
        StatusCode::NOT_FOUND,
        &frame.t("not-here-title"),
        &frame.t("not-here"),
        &frame.t("not-here-remedy"),
    )
}

/// The session's token in the request's cookies.
pub fn token(headers: &HeaderMap) -> Option<String> {
    identity::cookie::find(headers.get(header::COOKIE)?.to_str().ok()?)
}

/// What is held still, and why.
async fn notices(app: &App, head: &pipeline::Head, locale: &Locale) -> Result<Vec<String>, Rejection> {
    let stops = app.node.stops(head).await?;
    let one = |(what, record): (Stopped, std::sync::Arc<Record>)| {
        let reason = record.fields.text(Prop::Reason).unwrap_or_default();
        let until = record.fields.instant(Prop::HasEnd).map(|at| locale.deadline(at)).unwrap_or_default();
        let (kind, name) = match &what {
            Stopped::Network => ("network", ""),
            Stopped::Plugin(name) => ("plugin", name.as_str()),
            Stopped::Rule(id) => ("rule", id.as_str()),
        };
        locale.put("kind", kind).put("name", name).put("until", until).put("reason", reason).t("stopped")
    };
    Ok(stops.into_iter().map(one).collect())
}

/// The reader of somebody's pages: themselves, or whomever they act for; then their own name, and by which delegation.
async fn reader_for(
    app: &App,
    network: &str,
    account: &Account,
    headers: &HeaderMap,
) -> Result<(Reader, String, String), Rejection> {
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some(delegation) = identity::cookie::acting(cookies)
        && let Some(delegator) = app.node.delegator(network, delegation, account.agent).await?
    {
        let reader = app.node.reader(network, delegator, Via::Delegate(delegation)).await?;
        let mut own = app.node.reader(network, account.agent, Via::Session).await?;
        let by = match own.me().await? {
            Some(me) => me.title(),
            None => account.name.clone(),
        };
        return Ok((reader, by, delegation.to_string()));
    }
    let reader = app.node.reader(network, account.agent, Via::Session).await?;
    Ok((reader, String::new(), String::new()))
}

/// What the reader does here beside belonging.
async fn work(app: &App, reader: &mut Reader) -> Result<Option<Work>, Rejection> {
    if matches!(reader.via(), Via::Delegate(_)) {
        return Ok(None);
    }
    if reader.head().key == pipeline::own::KEY && app.node.operator().await? == reader.agent() {
        return Ok(Some(Work::Operates));
    }
    let membership = reader.membership().await?;
    let roles = membership.as_ref().map(|own| own.fields.texts(Prop::Roles)).unwrap_or_default();
    let has = |wanted: &str| roles.iter().any(|role| role == wanted);
    Ok(match () {
        () if has("steward") => Some(Work::Keeps),
        () if has("desk") => Some(Work::Desk),
        () => None,
    })
}

/// Whoever is signed in to the network, or where to go instead.
pub async fn seat(
    app: &App,
    network: &str,
    headers: &HeaderMap,
    here: &'static str,
) -> Result<Seat, Response> {
    let outside = Frame::outside(network, headers);
    let head = app.node.head(network).await.map_err(|rejection| rejected(&outside, &rejection))?;
    let sign_in = || Redirect::to(&format!("/n/{network}/sign-in")).into_response();
    let token = token(headers).ok_or_else(sign_in)?;
    let account = identity::account_of(app.node.store(), &token, pipeline::now()).await;
    let account = account.map_err(|error| {
        tracing::warn!(%error, "an account was not found out");
        trouble(&outside, StatusCode::SERVICE_UNAVAILABLE, "problem-away")
    })?;
    let account = account.filter(|account| account.network == head.key).ok_or_else(sign_in)?;
    app.rates
        .ask
        .take(Asker::Account(account.key), pipeline::now())
        .map_err(|wait_s| too_often(&outside, wait_s))?;
    let opened = reader_for(app, network, &account, headers).await;
    let (mut reader, by, acting) = opened.map_err(|rejection| rejected(&outside, &rejection))?;
    let me = reader.me().await.map_err(|rejection| rejected(&outside, &rejection))?;
    let name = me
        .and_then(|me| me.fields.text(Prop::Name).map(str::to_owned))
        .unwrap_or_else(|| account.name.clone());
    let work = work(app, &mut reader).await.map_err(|rejection| rejected(&outside, &rejection))?;
    let outside = outside.under(&reader.rules().compiled.book);
    let locale = outside.locale.clone();
    let frame = Frame {
        here,
        me: name,
        // A form that was opened while acting for somebody is none of one's own, nor the other way round.
        word: identity::form_word(&format!("{token}{acting}")),
        by,
        work,
        sandbox: head.sandbox,
        today: locale.day(reader.time()),
        notices: notices(app, &head, &locale).await.map_err(|rejection| rejected(&outside, &rejection))?,
        locale,
        ..outside
    };
    Ok(Seat { reader, frame, account, token })
}
