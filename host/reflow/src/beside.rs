//! What a node has beside its networks, each an option of the operator's: letters by mail, and another service to sign in
//! through. All of it goes out through `egress`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use egress::{EgressError, Letter, Mailer, Mode, Web};
use identity::oidc::Provider;
use pipeline::{Node, Rejection};
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinSet;
use valueflows::Instant;
use web::Beside;
use web::letters::{Came, Post};

use crate::cli::{Cli, Listen};
use crate::output::Failure;

/// How often it is looked for what is new.
const ROUND: Duration = Duration::from_secs(60);
/// Of the processes of one database one at a time writes; one that was cut off in the middle is waited for so long.
const LEASE: &str = "letters";
const LEASE_US: i64 = 15 * 60 * 1_000_000;
/// How often a letter is tried that the server did not take, and how long after each try.
const TRIES: u32 = 5;
const AGAIN: Duration = Duration::from_secs(60);

fn mailer(cli: &Cli) -> Result<Option<Mailer>, Failure> {
    if cli.mode == Mode::OnionOnly && cli.log.otlp.is_some() {
        let what = "in onion-only mode nothing goes out in the clear; take `otlp` out of the configuration";
        return Err(Failure::Usage(what.to_owned()));
    }
    let Some(server) = &cli.mail else { return Ok(None) };
    let password = server.password_file.as_deref().map(file).transpose()?;
    let mailer = Mailer::new(cli.mode, server, password.as_deref());
    mailer.map(Some).map_err(|error| Failure::Usage(error.to_string()))
}

/// The service through which people sign in.
fn through(cli: &Cli, base: Option<&str>) -> Result<Option<Arc<Provider>>, Failure> {
    let Some(settings) = &cli.oidc else { return Ok(None) };
    let wrong = |error: &dyn std::fmt::Display| Failure::Usage(format!("`oidc`: {error}"));
    let base =
        base.ok_or_else(|| wrong(&"people come back to this node: say its address with `base-url`"))?;
    let web = Web::new(cli.mode, settings.certificate.as_deref()).map_err(|error| wrong(&error))?;
    let secret = settings.client_secret_file.as_deref().map(file).transpose()?;
    let provider = Provider::new(settings, secret, base, web).map_err(|error| wrong(&error))?;
    Ok(Some(Arc::new(provider)))
}

fn file(path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| Failure::Unreachable(format!("`{}`: {error}", path.display())))?;
    Ok(text.trim().to_owned())
}

/// What the configuration says of it all.
pub struct Ready {
    letters: Option<(Mailer, String)>,
    through: Option<Arc<Provider>>,
}

/// Reads it; what cannot be is refused.
pub fn ready(cli: &Cli, listen: &Listen) -> Result<Ready, Failure> {
    let base = listen.base_url.as_deref();
    let letters = match (mailer(cli)?, base) {
        (None, _) => None,
        (Some(mailer), Some(base)) => Some((mailer, base.to_owned())),
        (Some(_), None) => {
            let what = "letters carry links to this node: say its address with `base-url`";
            return Err(Failure::Usage(what.to_owned()));
        }
    };
    Ok(Ready { letters, through: through(cli, base)? })
}

/// Begins it; the tasks carry letters.
pub fn begin(ready: Ready, node: &Arc<Node>) -> (Beside, JoinSet<()>) {
    let mut tasks = JoinSet::new();
    let mut beside = Beside { letters: None, through: ready.through };
    if let Some((mailer, base)) = ready.letters {
        let (post, letters) = web::letters::post(&base);
        tasks.spawn(carry(mailer.clone(), letters));
        tasks.spawn(rounds(mailer, post.clone(), node.clone()));
        beside.letters = Some(post);
    }
    (beside, tasks)
}

/// Sends a letter. Whom it was for stands in no log.
async fn send(mailer: &Mailer, letter: Letter) -> Came {
    let Err(error) = mailer.send(&letter).await else { return Came::Done };
    match error {
        EgressError::Later(_) | EgressError::Away(_) => tracing::warn!(%error, "a letter waits"),
        _ => tracing::error!(%error, "a letter was not sent"),
    }
    match error {
        EgressError::Later(_) => Came::Later,
        EgressError::Away(_) => Came::Away,
        _ => Came::Done,
    }
}

/// Carries out what pages ask for at once.
async fn carry(mailer: Mailer, mut letters: Receiver<Letter>) {
    while let Some(letter) = letters.recv().await {
        for _ in 0..TRIES {
            if send(&mailer, letter.clone()).await == Came::Done {
                break;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }
}

/// Looks for what is new, now and then.
async fn rounds(mailer: Mailer, post: Post, node: Arc<Node>) {
    let Ok(holder) = pipeline::node::command_id().map(|id| id.to_string()) else { return };
    loop {
        match round(&mailer, &post, &node, &holder).await {
            Ok(0) => {}
            Ok(letters) => tracing::info!(letters, "letters sent"),
            Err(error) => tracing::warn!(%error, "no letters were sent"),
        }
        tokio::time::sleep(ROUND).await;
    }
}

async fn round(mailer: &Mailer, post: &Post, node: &Arc<Node>, holder: &str) -> Result<usize, Rejection> {
    let now: Instant = pipeline::now();
    let store = node.store();
    if !store.lease(LEASE, holder, now, now.plus_us(LEASE_US)).await? {
        return Ok(0);
    }
    let sent = post.round(node, |letter| send(mailer, letter)).await;
    store.give_back(LEASE, holder).await?;
    sent
}
