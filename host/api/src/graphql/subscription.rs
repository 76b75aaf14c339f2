//! The root of subscriptions: what happens, as it happens, judged for whoever follows it.
//!
//! A subscriber is a position in the journal and nothing more. Nothing is queued for it: when it has taken
//! what it was given, the journal is read on from there. So it is bounded whatever it does, misses nothing,
//! and goes on where it was after a break, with what `after` or `Last-Event-ID` says it has read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_graphql::dynamic::{
    Field, FieldFuture, FieldValue, InputValue, Object, ResolverContext, SchemaBuilder, Subscription,
    SubscriptionField, SubscriptionFieldFuture, TypeRef,
};
use async_graphql::{Error, Value};
use futures_util::stream::{self, Stream};
use pipeline::feed::{Feed, News};
use tokio::sync::watch;
use valueflows::Class;

use super::decisions::Ruling;
use super::desk::{Desk, Node, failed};
use super::names;
use super::session::Session;
use crate::limits::STREAM_LOOK_MS;

/// Up to where a subscriber that was cut off now would have read everything.
#[derive(Clone, Default)]
pub(crate) struct Position(Arc<AtomicU64>);

impl Position {
    /// The position.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, position: u64) {
        self.0.store(position, Ordering::Relaxed);
    }
}

/// Where a subscriber begins that does not say so in the question.
#[derive(Clone, Copy)]
pub(crate) struct Start {
    /// The last that it was given, if it comes back.
    pub resume: Option<u64>,
    /// The journal's end when it asked: before the first answer goes out, so that nothing falls between.
    pub end: u64,
}

/// A piece of news on its way out.
enum Item {
    Record(u64, Node),
    Decision(u64, Arc<Ruling>),
}

/// Adds the root.
pub(crate) fn register(schema: SchemaBuilder) -> SchemaBuilder {
    let made = |class: Class| {
        let name = names::one(class);
        Object::new(format!("{}News", class.as_str())).field(position()).field(Field::new(
            name,
            TypeRef::named_nn(class.as_str()),
            |ctx| {
                FieldFuture::new(async move {
                    match ctx.parent_value.try_downcast_ref::<Item>()? {
                        Item::Record(_, node) => Ok(Some(FieldValue::owned_any(node.clone()))),
                        Item::Decision(..) => Err(Error::new("not a record")),
                    }
                })
            },
        ))
    };
    let decided = Object::new("DecisionNews").field(position()).field(Field::new(
        "decision",
        TypeRef::named_nn("Decision"),
        |ctx| {
            FieldFuture::new(async move {
                match ctx.parent_value.try_downcast_ref::<Item>()? {
                    Item::Decision(_, ruling) => Ok(Some(FieldValue::borrowed_any(&**ruling))),
                    Item::Record(..) => Err(Error::new("not a decision")),
                }
            })
        },
    ));
    let root = Subscription::new("Subscription")
        .field(follow("economicEvents", "EconomicEventNews", Feed::Made(Class::EconomicEvent)))
        .field(follow("intents", "IntentNews", Feed::Made(Class::Intent)))
        .field(follow("decisions", "DecisionNews", Feed::Decisions));
    [made(Class::EconomicEvent), made(Class::Intent), decided]
        .into_iter()
        .fold(schema, SchemaBuilder::register)
        .register(root)
}

fn position() -> Field {
    Field::new("position", TypeRef::named_nn(TypeRef::INT), |ctx| {
        FieldFuture::new(async move {
            let (Item::Record(position, _) | Item::Decision(position, _)) =
                ctx.parent_value.try_downcast_ref::<Item>()?;
            Ok(Some(Value::from(*position)))
        })
    })
}

fn follow(name: &str, kind: &str, feed: Feed) -> SubscriptionField {
    SubscriptionField::new(name, TypeRef::named_nn(kind), move |ctx| {
        SubscriptionFieldFuture::new(async move { open(&ctx, feed).await })
    })
    .description("What is new after a position; without one, what happens from now on.")
    .argument(InputValue::new("after", TypeRef::named(TypeRef::INT)))
}

struct Follower {
    session: Session,
    feed: Feed,
    at: u64,
    waiting: std::vec::IntoIter<(u64, u64, Item)>,
    grown: watch::Receiver<u64>,
    position: Position,
}

async fn open<'a>(
    ctx: &ResolverContext<'_>,
    feed: Feed,
) -> Result<impl Stream<Item = Result<FieldValue<'a>, Error>> + Send + use<'a>, Error> {
    let session = ctx.ctx.data::<Session>()?.clone();
    let position = ctx.ctx.data::<Position>()?.clone();
    let asked = match ctx.args.get("after").filter(|value| !value.is_null()) {
        Some(after) => Some(u64::try_from(after.i64()?).unwrap_or_default()),
        None => None,
    };
    let grown = session.door.node.follow(session.who.network).await;
    let Start { resume, end } = *ctx.ctx.data::<Start>()?;
    // What was read last, by the stream itself, is later than what the question was first asked with.
    let at = resume.or(asked).unwrap_or(end);
    position.set(at);
    let follower = Follower { session, feed, at, waiting: Vec::new().into_iter(), grown, position };
    Ok(stream::unfold(Some(follower), |follower| async move {
        let mut follower = follower?;
        match follower.next().await {
            Ok(Some(item)) => Some((Ok(FieldValue::owned_any(item)), Some(follower))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    }))
}

impl Follower {
    /// The next piece of news; none when the follower may follow no more, or the node closes.
    async fn next(&mut self) -> Result<Option<Item>, Error> {
        loop {
            if let Some((_, read, item)) = self.waiting.next() {
                self.position.set(read);
                return Ok(Some(item));
            }
            // Signed out, expired, revoked: looked at before each reading.
            if !self.session.still_stands().await? {
                return Ok(None);
            }
            let before = self.at;
            self.read().await?;
            if self.waiting.len() > 0 {
                continue;
            }
            self.position.set(self.at);
            if self.at == before && !self.wait().await {
                return Ok(None);
            }
        }
    }

    async fn read(&mut self) -> Result<(), Error> {
        let desk: Arc<Desk> = self.session.desk().await?;
        let (news, upto) = desk
            .reader()
            .await
            .news(self.feed, self.at)
            .await
            .map_err(|rejection| failed(rejection.into()))?;
        self.at = upto;
        // Whoever is cut off between two pieces of one entry gets both again, rather than miss one.
        let mut items = Vec::with_capacity(news.len());
        let mut later: Option<u64> = None;
        for (seq, one) in news.into_iter().rev() {
            let read = if later == Some(seq) { seq.saturating_sub(1) } else { seq };
            later = Some(seq);
            let item = match one {
                News::Made(record) => Item::Record(seq, desk.node(record)?),
                News::Decision(decision) => {
                    let (receipt, written) = *decision;
                    let ruling = Ruling { desk: desk.clone(), receipt, written: Some(written) };
                    Item::Decision(seq, Arc::new(ruling))
                }
            };
            items.push((seq, read, item));
        }
        items.reverse();
        self.waiting = items.into_iter();
        Ok(())
    }

    /// Waits until there may be more; false when there never will be.
    async fn wait(&mut self) -> bool {
        match tokio::time::timeout(Duration::from_millis(STREAM_LOOK_MS), self.grown.changed()).await {
            Ok(changed) => changed.is_ok(),
            // Another process may have written.
            Err(_) => true,
        }
    }
}
