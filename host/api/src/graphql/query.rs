//! The root of questions: one record and a list of each class, actions, decisions, quotes, and the network
//! itself.

use std::sync::Arc;

use async_graphql::Error;
use async_graphql::dynamic::{
    Field, FieldFuture, FieldValue, InputValue, Object, ResolverContext, SchemaBuilder, TypeRef,
};
use valueflows::action::ROWS;
use valueflows::{Action, Class, Filter, Id, Instant, Prop};

use super::Now;
use super::connection::{self, Connection, Window};
use super::desk::{Desk, coded, failed};
use super::records::of_its_class;
use super::session::Session;
use super::{filters, names, scalars};

/// The classes of people and organisations.
fn agents() -> Vec<Class> {
    Class::ALL.iter().copied().filter(|class| class.is_agent()).collect()
}

/// Adds the root.
pub(crate) fn register(schema: SchemaBuilder) -> SchemaBuilder {
    let mut query = Object::new("Query");
    for class in names::rooted() {
        query = query.field(one(class)).field(many(class));
    }
    query = query.field(published("offers", "offer")).field(published("requests", "request"));
    let query = query.field(my_agent()).field(agent()).field(all_agents()).field(action()).field(actions());
    schema.register(super::decisions::fields(super::quotes::fields(query)))
}

/// The desk of the question at hand.
pub(crate) fn desk<'a>(ctx: &ResolverContext<'a>) -> Result<&'a Arc<Desk>, Error> {
    ctx.ctx.data::<Arc<Desk>>()
}

/// An id among the arguments.
pub(crate) fn id(ctx: &ResolverContext<'_>, name: &str) -> Result<Id, Error> {
    let text = ctx.args.try_get(name)?;
    text.string()?.parse().map_err(|error: valueflows::BadValue| coded("malformed", error.to_string()))
}

fn id_argument() -> InputValue {
    InputValue::new("id", TypeRef::named_nn(TypeRef::ID))
}

fn one(class: Class) -> Field {
    Field::new(names::one(class), TypeRef::named(class.as_str()), move |ctx| {
        FieldFuture::new(async move {
            let id = id(&ctx, "id")?;
            let found = desk(&ctx)?.record(id).await?;
            Ok(found.filter(|node| node.record.class == class).map(FieldValue::owned_any))
        })
    })
    .argument(id_argument())
}

/// A connection over classes of the whole network, narrowed by what the field itself asks for.
async fn page(
    ctx: &ResolverContext<'_>,
    list: &str,
    classes: &[Class],
    by: Class,
    only: Filter,
) -> Result<Option<FieldValue<'static>>, Error> {
    let Now(now) = *ctx.ctx.data::<Now>()?;
    let desk = desk(ctx)?;
    let filter = Filter::Every(vec![only, filters::read(by, &ctx.args, now, desk.own())?]);
    let window = Window::read(&ctx.args)?;
    // A cursor is of one network's list: elsewhere the same key is another record.
    let list = format!("{}/{list}", ctx.ctx.data::<Session>()?.network());
    let page = Connection::of_list(desk, (&list, classes), &window, filter).await?;
    Ok(Some(FieldValue::owned_any(page)))
}

fn many(class: Class) -> Field {
    let kind = TypeRef::named_nn(connection::type_name(class.as_str()));
    let field = Field::new(names::many(class), kind, move |ctx| {
        FieldFuture::new(async move { page(&ctx, class.as_str(), &[class], class, Filter::All).await })
    });
    filters::argument(connection::arguments(field), class)
}

fn published(name: &'static str, purpose: &'static str) -> Field {
    let kind = TypeRef::named_nn(connection::type_name(Class::Proposal.as_str()));
    let field = Field::new(name, kind, move |ctx| {
        FieldFuture::new(async move {
            let only = Filter::Says(Prop::Purpose, purpose.to_owned());
            page(&ctx, Class::Proposal.as_str(), &[Class::Proposal], Class::Proposal, only).await
        })
    });
    filters::argument(connection::arguments(field), Class::Proposal)
}

fn all_agents() -> Field {
    let kind = TypeRef::named_nn(connection::type_name(names::AGENT));
    let field = Field::new("agents", kind, |ctx| {
        FieldFuture::new(async move { page(&ctx, names::AGENT, &agents(), Class::Agent, Filter::All).await })
    });
    filters::argument(connection::arguments(field), Class::Agent)
}

fn my_agent() -> Field {
    Field::new("myAgent", TypeRef::named(names::AGENT), |ctx| {
        FieldFuture::new(async move {
            let desk = desk(&ctx)?;
            // Who one is, whatever the rules about seeing say.
            let me = desk.reader().await.me().await.map_err(|rejection| failed(rejection.into()))?;
            me.map(|me| desk.node(me).map(of_its_class)).transpose()
        })
    })
    .description("In whose name you ask.")
}

fn agent() -> Field {
    Field::new("agent", TypeRef::named(names::AGENT), |ctx| {
        FieldFuture::new(async move {
            let found = desk(&ctx)?.record(id(&ctx, "id")?).await?;
            Ok(found.filter(|node| node.record.class.is_agent()).map(of_its_class))
        })
    })
    .argument(id_argument())
}

fn action() -> Field {
    Field::new("action", TypeRef::named("Action"), |ctx| {
        FieldFuture::new(async move {
            let named = ctx.args.try_get("id")?;
            let action = Action::named(named.string()?).ok();
            let desk = desk(&ctx)?;
            Ok(action.and_then(|action| desk.own().row(action).ok()).map(scalars::of_action))
        })
    })
    .argument(id_argument())
}

fn actions() -> Field {
    Field::new("actions", TypeRef::named_nn_list_nn("Action"), |ctx| {
        FieldFuture::new(async move {
            let all = ROWS.iter().chain(desk(&ctx)?.own().rows());
            Ok(Some(FieldValue::list(all.map(scalars::of_action))))
        })
    })
}

/// A time among the arguments.
pub(crate) fn instant(ctx: &ResolverContext<'_>, name: &str) -> Result<Instant, Error> {
    filters::instant(ctx.args.try_get(name)?.string()?)
}
