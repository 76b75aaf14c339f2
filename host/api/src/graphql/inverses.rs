//! What points at a record, read the other way round. A list with an end of its own (the promises of an
//! agreement) is a plain list; one that grows for ever (the events of a thing) is a connection.

use async_graphql::dynamic::{Field, FieldFuture, FieldValue, TypeRef};
use pipeline::acts::Link;
use valueflows::{Class, Prop};

use super::connection::{self, Connection};
use super::records::node;
use super::{Now, filters};

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
    Person "claimsAsProvider" Claim Provider true;
    Person "claimsAsReceiver" Claim Receiver true;
    Person "processesInScope" Process InScopeOf true;
    Person "proposedTo" Proposal ProposedTo true;
    Person "memberships" Membership Member false;
    Person "relationshipsAsSubject" AgentRelationship Subject true;
    Person "relationshipsAsObject" AgentRelationship Object true;
    Organization "inventoriedEconomicResources" EconomicResource PrimaryAccountable true;
    Organization "economicResourcesInCustody" EconomicResource Custodian true;
    Organization "commitmentsAsProvider" Commitment Provider true;
    Organization "commitmentsAsReceiver" Commitment Receiver true;
    Organization "intentsAsProvider" Intent Provider true;
    Organization "intentsAsReceiver" Intent Receiver true;
    Organization "claimsAsProvider" Claim Provider true;
    Organization "claimsAsReceiver" Claim Receiver true;
    Organization "processesInScope" Process InScopeOf true;
    Organization "proposedTo" Proposal ProposedTo true;
    Organization "memberships" Membership Member false;
    Organization "relationshipsAsSubject" AgentRelationship Subject true;
    Organization "relationshipsAsObject" AgentRelationship Object true;
    EcologicalAgent "inventoriedEconomicResources" EconomicResource PrimaryAccountable true;
    EcologicalAgent "economicResourcesInCustody" EconomicResource Custodian true;
    EcologicalAgent "commitmentsAsProvider" Commitment Provider true;
    EcologicalAgent "commitmentsAsReceiver" Commitment Receiver true;
    EcologicalAgent "intentsAsProvider" Intent Provider true;
    EcologicalAgent "intentsAsReceiver" Intent Receiver true;
    EcologicalAgent "claimsAsProvider" Claim Provider true;
    EcologicalAgent "claimsAsReceiver" Claim Receiver true;
    EcologicalAgent "processesInScope" Process InScopeOf true;
    EcologicalAgent "proposedTo" Proposal ProposedTo true;
    EcologicalAgent "memberships" Membership Member false;
    EcologicalAgent "relationshipsAsSubject" AgentRelationship Subject true;
    EcologicalAgent "relationshipsAsObject" AgentRelationship Object true;
    ResourceSpecification "conformingResources" EconomicResource ConformsTo true;
    ResourceSpecification "intents" Intent ResourceConformsTo true;
    ResourceSpecification "conformingIntents" Intent ResourceConformsTo true;
    ResourceSpecification "conformingRecipeFlows" RecipeFlow ResourceConformsTo true;
    ResourceSpecification "recipes" Recipe PrimaryOutput true;
    ProcessSpecification "conformingRecipeProcesses" RecipeProcess ProcessConformsTo true;
    BatchLotRecord "economicResources" EconomicResource OfBatchLot true;
    EconomicResource "contains" EconomicResource ContainedIn false;
    EconomicResource "economicEventsInOutFrom" EconomicEvent ResourceInventoriedAs true;
    EconomicResource "economicEventsTo" EconomicEvent ToResourceInventoriedAs true;
    EconomicResource "commitments" Commitment ResourceInventoriedAs true;
    EconomicResource "intents" Intent ResourceInventoriedAs true;
    EconomicResource "agreements" Agreement ResourceInventoriedAs true;
    Process "observedInputs" EconomicEvent InputOf false;
    Process "observedOutputs" EconomicEvent OutputOf false;
    Process "committedInputs" Commitment InputOf false;
    Process "committedOutputs" Commitment OutputOf false;
    Process "intendedInputs" Intent InputOf false;
    Process "intendedOutputs" Intent OutputOf false;
    EconomicEvent "correctedBy" EconomicEvent Corrects false;
    EconomicEvent "triggers" Claim TriggeredBy false;
    Commitment "fulfilledBy" EconomicEvent Fulfills false;
    Claim "settledBy" EconomicEvent Settles false;
    Intent "satisfiedBy" Commitment Satisfies false;
    Intent "observedBy" EconomicEvent Satisfies false;
    Plan "processes" Process PlannedWithin false;
    Plan "commitments" Commitment PlannedWithin true;
    Plan "intents" Intent PlannedWithin true;
    Plan "independentDemands" Commitment IndependentDemandOf false;
    AgentRelationshipRole "agentRelationships" AgentRelationship Relationship true;
    AgreementBundle "bundles" Agreement BundledIn true;
    ProposalList "lists" Proposal ListedIn true;
    RecipeProcess "recipeInputs" RecipeFlow RecipeInputOf false;
    RecipeProcess "recipeOutputs" RecipeFlow RecipeOutputOf false;
    RecipeExchange "recipeStipulates" RecipeFlow RecipeClauseOf false;
    RecipeExchange "recipeStipulatesReciprocal" RecipeFlow RecipeReciprocalClauseOf false;
    Intent "publishedIn" Proposal Publishes false;
    Agreement "stipulates" Commitment ClauseOf false;
    Agreement "stipulatesReciprocal" Commitment ReciprocalClauseOf false;
    Agreement "realizes" EconomicEvent RealizationOf false;
    Agreement "realizesReciprocal" EconomicEvent ReciprocalRealizationOf false;
};

/// The inverse fields of a class.
pub(crate) fn of(class: Class) -> impl Iterator<Item = Field> {
    INVERSES.iter().filter(move |inverse| inverse.class == class).map(Inverse::field)
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
                let filter = filters::read(self.from, &ctx.args, ctx.ctx.data::<Now>()?.0, node.desk.own())?;
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
