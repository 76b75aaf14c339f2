//! Letters: what waits for somebody, sent where they said. Nobody is told the same twice, and nobody more than once in a
//! while.

use std::collections::BTreeSet;
use std::sync::Arc;

use identity::mail::{self, Letter, Reached, What};
use pipeline::{Node, Rejection, Via};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use valueflows::Instant;

use crate::frame::Frame;
use crate::limits::{LETTER_GAP_US, LETTERS_AT_ONCE, LETTERS_WAITING_MAX};
use crate::locale::Locale;
use crate::pages::home::{NeedsMe, waiting};

/// Where pages put letters, on a node that sends any.
#[derive(Clone)]
pub struct Post {
    letters: Sender<Letter>,
    /// The node's address, for links.
    origin: String,
}

/// Where pages put letters, and where whoever sends them takes them from.
pub fn post(origin: &str) -> (Post, Receiver<Letter>) {
    let (letters, taken) = channel(LETTERS_WAITING_MAX);
    (Post { letters, origin: origin.trim_end_matches('/').to_owned() }, taken)
}

/// What came of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// It is sent, or refused for good.
    Done,
    /// The server takes it later.
    Later,
    /// No server took anything.
    Away,
}

impl Post {
    /// Asks whether an address is somebody's; false, where too many letters wait already.
    pub(crate) async fn ask(
        &self,
        node: &Node,
        frame: &Frame,
        (account, address): (i64, &str),
    ) -> Result<bool, Rejection> {
        let to = (account, address);
        let store = node.store();
        let broken = |error: identity::IdentityError| Rejection::Internal(error.to_string());
        let link = mail::link(store, What::Confirm, to, pipeline::node::random()?).await.map_err(broken)?;
        let words = || frame.put("network", frame.called());
        let text = format!(
            "{}\n\n{}/n/{}/letters/confirm/{link}\n\n{}\n",
            words().t("mail-confirm-text"),
            self.origin,
            frame.network,
            frame.t("mail-confirm-not-you"),
        );
        let letter = Letter {
            id: format!("confirm-{}", link.replace('-', ".")),
            to: address.to_owned(),
            subject: words().t("mail-confirm-subject"),
            text,
            end: None,
        };
        Ok(self.letters.try_send(letter).is_ok())
    }

    /// Writes to everybody for whom something new waits. What the server takes later is written again in the next round;
    /// a server that is away ends this one.
    pub async fn round<F, Sent>(&self, node: &Arc<Node>, send: F) -> Result<usize, Rejection>
    where
        F: Fn(Letter) -> Sent,
        Sent: Future<Output = Came>,
    {
        let mut written = 0;
        for head in node.store().networks().await? {
            let mut after = 0;
            loop {
                let reached = node.store().mails(head.key, after, LETTERS_AT_ONCE).await?;
                let Some(last) = reached.last() else { break };
                after = last.account;
                for one in reached {
                    let Some((letter, told)) = self.write(node, &head.name, &one).await? else { continue };
                    match send(letter).await {
                        Came::Done => {
                            node.store().told_by_mail(one.account, &told, pipeline::now()).await?;
                            written += 1;
                        }
                        Came::Later => {}
                        Came::Away => return Ok(written),
                    }
                }
            }
        }
        Ok(written)
    }

    /// The letter to one, if something new waits for them, and what they have been told of then.
    async fn write(
        &self,
        node: &Arc<Node>,
        network: &str,
        to: &Reached,
    ) -> Result<Option<(Letter, String)>, Rejection> {
        let now = pipeline::now();
        if now < to.sent.plus_us(LETTER_GAP_US) && to.sent > Instant(0) {
            return Ok(None);
        }
        let mut reader = match node.reader(network, to.agent, Via::Session).await {
            Ok(reader) => reader,
            // Whoever does not belong any more is told nothing.
            Err(Rejection::NoAgent(_)) => return Ok(None),
            Err(rejection) => return Err(rejection),
        };
        let frame = Frame::outside(network, &axum::http::HeaderMap::new());
        let frame = Frame { locale: Locale::wished(Some(&to.language), ""), ..frame };
        let frame = frame.under(&reader.rules().compiled.book);
        let needs = waiting(&mut reader, &frame).await?;
        let told: BTreeSet<&str> = to.told.lines().collect();
        if needs.iter().all(|one| told.contains(one.id.as_str())) {
            return Ok(None);
        }
        let letter = self.letter(node, &frame, to, &needs, now).await?;
        let told: Vec<&str> = needs.iter().map(|one| one.id.as_str()).collect();
        Ok(Some((letter, told.join("\n"))))
    }

    async fn letter(
        &self,
        node: &Node,
        frame: &Frame,
        to: &Reached,
        needs: &[NeedsMe],
        now: Instant,
    ) -> Result<Letter, Rejection> {
        let address = (to.account, to.address.as_str());
        let broken = |error: identity::IdentityError| Rejection::Internal(error.to_string());
        let end =
            mail::link(node.store(), What::End, address, pipeline::node::random()?).await.map_err(broken)?;
        let end = format!("{}/n/{}/letters/end/{end}", self.origin, frame.network);
        let mut text = String::new();
        for one in needs {
            text.push_str(&format!("- {}\n  {}{}\n\n", one.text, self.origin, one.link));
        }
        text.push_str(&format!("-- \n{}\n{end}\n", frame.put("network", frame.called()).t("mail-end-text")));
        let count = u64::try_from(needs.len()).unwrap_or_default();
        Ok(Letter {
            id: format!("{}.{}.{}", frame.network, to.account, now.0),
            to: to.address.clone(),
            subject: frame.put("network", frame.called()).put("count", count).t("mail-subject"),
            text,
            end: Some(end),
        })
    }
}
