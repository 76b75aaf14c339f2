//! Letters by mail: what the pages write goes out through `egress`.

use std::sync::Arc;
use std::time::Duration;

use egress::{EgressError, Letter, Mailer, Mode};
use pipeline::{Node, Rejection};
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinSet;
use valueflows::Instant;
use web::letters::Post;

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
    let password = match &server.password_file {
        None => None,
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| Failure::Unreachable(format!("`{}`: {error}", path.display())))?;
            Some(text.trim().to_owned())
        }
    };
    let mailer = Mailer::new(cli.mode, server, password.as_deref());
    mailer.map(Some).map_err(|error| Failure::Usage(error.to_string()))
}

/// What letters are sent with.
pub struct Letters {
    mailer: Mailer,
    base: String,
}

/// What the configuration says of letters; nothing, where none are sent. What cannot be is refused.
pub fn ready(cli: &Cli, listen: &Listen) -> Result<Option<Letters>, Failure> {
    let Some(mailer) = mailer(cli)? else { return Ok(None) };
    let base = listen.base_url.clone().ok_or_else(|| {
        Failure::Usage("letters carry links to this node: say its address with `base-url`".to_owned())
    })?;
    Ok(Some(Letters { mailer, base }))
}

/// Where pages put letters, and those who carry them out.
pub fn begin(letters: Option<Letters>, node: &Arc<Node>) -> (Option<Post>, JoinSet<()>) {
    let mut tasks = JoinSet::new();
    let Some(Letters { mailer, base }) = letters else { return (None, tasks) };
    let (post, letters) = web::letters::post(&base);
    tasks.spawn(carry(mailer.clone(), letters));
    tasks.spawn(rounds(mailer, post.clone(), node.clone()));
    (Some(post), tasks)
}

/// Whether a letter is done with: sent, or refused for good.
async fn send(mailer: &Mailer, letter: web::letters::Letter) -> bool {
    let web::letters::Letter { id, to, subject, text, end } = letter;
    match mailer.send(&Letter { id, to, subject, text, end }).await {
        Ok(()) => true,
        // Whom it was for stands in no log.
        Err(error @ EgressError::Away(_)) => {
            tracing::warn!(%error, "a letter waits");
            false
        }
        Err(error) => {
            tracing::error!(%error, "a letter was not sent");
            true
        }
    }
}

/// Carries out what pages ask for at once.
async fn carry(mailer: Mailer, mut letters: Receiver<web::letters::Letter>) {
    while let Some(letter) = letters.recv().await {
        for _ in 0..TRIES {
            if send(&mailer, letter.clone()).await {
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
