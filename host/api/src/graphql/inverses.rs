//! What points at a record, read the other way round. A list with an end of its own (the promises of an
//! agreement) is a plain list; one that grows for ever (the events of a thing) is a connection.

use async_graphql::dynamic::{Field, FieldFuture, FieldValue, TypeRef};
use pipeline::acts::{Link, trace};
use valueflows::{Class, Prop};

use super::connection::{self, Connection};
use super::records::{node, of_its_class};
use super::{Now, filters, names};

/// An inverse: of which class, what it is called, and which records answer it.
struct Inverse {
    class: Class,
    name: &'static str,
    from: Class,
    prop: Prop,
    grows: bool,
}

macro_rules! inverses {
    ($($class:ident $name:literal $from:ident $prop:ident $grows:literal;)+) => {
        &[$(Inverse {
            class: Class::$class, name: $name, from: Class::$from, prop: Prop::$prop, grows: $grows,
        }),+]
    };
}

/// Names: vf-graphql's bridges and the specification's page of inverses. Only what the store keeps links of.
const INVERSES: &[Inverse] = inverses! {
    Person "inventoriedEconomicResources" EconomicResource PrimaryAccountable true;
    Person "economicResourcesInCustody" EconomicResource Custodian true;
    Person "commitmentsAsProvider" Commitment Provider true;
    Person "commitmentsAsReceiver" Commitment Receiver true;
    Person "intentsAsProvider" Intent Provider true;
    Person "intentsAsReceiver" Intent Receiver true;
    Person "memberships" Membership Member false;
    Organization "inventoriedEconomicResources" EconomicResource PrimaryAccountable true;
    Organization "economicResourcesInCustody" EconomicResource Custodian true;
    Organization "commitmentsAsProvider" Commitment Provider true;
    Organization "commitmentsAsReceiver" Commitment Receiver true;
    Organization "intentsAsProvider" Intent Provider true;
    Organization "intentsAsReceiver" Intent Receiver true;
    Organization "memberships" Membership Member false;
    ResourceSpecification "conformingResources" EconomicResource ConformsTo true;
    ResourceSpecification "conformingIntents" Intent ResourceConformsTo true;
    EconomicResource "contains" EconomicResource ContainedIn true;
    EconomicResource "economicEventsInOutFrom" EconomicEvent ResourceInventoriedAs true;
    EconomicResource "economicEventsTo" EconomicEvent ToResourceInventoriedAs true;
    EconomicResource "commitments" Commitment ResourceInventoriedAs true;
    EconomicResource "intents" Intent ResourceInventoriedAs true;
    EconomicResource "agreements" Agreement ResourceInventoriedAs true;
    Process "observedInputs" EconomicEvent InputOf false;
    Process "observedOutputs" EconomicEvent OutputOf false;
    Commitment "fulfilledBy" EconomicEvent Fulfills false;
    Intent "publishedIn" Proposal Publishes false;
    Agreement "stipulates" Commitment ClauseOf false;
    Agreement "stipulatesReciprocal" Commitment ReciprocalClauseOf false;
    Agreement "realizes" EconomicEvent RealizationOf false;
};

/// The inverse fields of a class.
pub(crate) fn of(class: Class) -> impl Iterator<Item = Field> {
    let history = (class == Class::EconomicResource).then(history);
    INVERSES.iter().filter(move |inverse| inverse.class == class).map(Inverse::field).chain(history)
}

impl Inverse {
    fn field(&'static self) -> Field {
        let field = if self.grows { self.connection() } else { self.list() };
        field.description(format!("Inverse of `{}` of {}.", self.prop.as_str(), self.from.as_str()))
    }

    fn list(&'static self) -> Field {
        Field::new(self.name, TypeRef::named_nn_list_nn(self.from.as_str()), move |ctx| {
            FieldFuture::new(async move {
                let node = node(&ctx)?;
                let records = node.desk.linked(self.link(node.record.id)).await?;
                let nodes = records.iter().map(|record| node.desk.node(record.clone()));
                let nodes = nodes.collect::<Result<Vec<_>, _>>()?;
                Ok(Some(FieldValue::list(nodes.into_iter().map(FieldValue::owned_any))))
            })
        })
    }

    fn connection(&'static self) -> Field {
        let name = connection::type_name(self.from.as_str());
        let field = Field::new(self.name, TypeRef::named_nn(name), move |ctx| {
            FieldFuture::new(async move {
                let node = node(&ctx)?;
                let filter = filters::read(self.from, &ctx.args, ctx.ctx.data::<Now>()?.0)?;
                let window = connection::Window::read(&ctx.args)?;
                let records = node.desk.linked(self.link(node.record.id)).await?;
                let held = records.iter().filter(|record| filter.holds(record)).cloned().collect();
                Ok(Some(FieldValue::owned_any(Connection::of_all(&node.desk, held, &window)?)))
            })
        });
        filters::argument(connection::arguments(field), self.from)
    }

    fn link(&self, target: valueflows::Id) -> Link {
        Link { class: self.from, prop: self.prop, target, open: false }
    }
}

fn history() -> Field {
    Field::new("trace", TypeRef::named_nn_list_nn(names::TRACK_TRACE_ITEM), |ctx| {
        FieldFuture::new(async move {
            let node = node(&ctx)?;
            let [about, to] = trace::links(node.record.id);
            let (about, to) = tokio::try_join!(node.desk.linked(about), node.desk.linked(to))?;
            let events = trace::in_order(&about, &to);
            let nodes =
                events.into_iter().map(|event| node.desk.node(event)).collect::<Result<Vec<_>, _>>()?;
            Ok(Some(FieldValue::list(nodes.into_iter().map(of_its_class))))
        })
    })
    .description("Every event that touched it, oldest first.")
}
