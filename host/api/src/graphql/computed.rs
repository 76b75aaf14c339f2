//! What follows from several records: what remains of a promise, who takes part, what belongs to an agreement also
//! where only a promise of it says so. Each is read under the reader's rules like everything else.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_graphql::dynamic::{Field, FieldFuture, FieldValue, TypeRef};
use async_graphql::{Error, Value as Gql};
use pipeline::acts::{Link, done};
use valueflows::{Action, Class, Id, Prop, Record};

use super::desk::{Amount, Desk, Node};
use super::names;
use super::records::{node, of_its_class};

type Records = Vec<Arc<Record>>;

/// The fields of a class.
pub(crate) fn of(class: Class) -> Vec<Field> {
    match class {
        Class::Process => of_process(),
        Class::Agreement => vec![
            list("commitments", COMMITMENT, "What was promised by it, on both sides.", Which::Clauses),
            list(
                "economicEvents",
                EVENT,
                "What realizes it, by itself or by keeping one of its promises.",
                Which::OfAgreement(false),
            ),
            list(
                "unplannedEconomicEvents",
                EVENT,
                "What realizes it and was not promised.",
                Which::OfAgreement(true),
            ),
            list(
                "involvedAgents",
                names::AGENT,
                "Whoever gives or receives anything by it.",
                Which::Involved,
            ),
        ],
        Class::Plan => vec![
            list(
                "nonProcessCommitments",
                COMMITMENT,
                "Promises of it that belong to no process.",
                Which::NoProcess,
            ),
            list(
                "involvedAgents",
                names::AGENT,
                "Whoever gives or receives anything by it.",
                Which::Involved,
            ),
            never("deletable"),
        ],
        Class::EconomicEvent => vec![never("deletable")],
        Class::Proposal => vec![
            list("primaryIntents", INTENT, "What is offered or asked for.", Which::Named(Prop::Publishes)),
            list("reciprocalIntents", INTENT, "What is wanted in return.", Which::Named(Prop::Reciprocal)),
        ],
        Class::Commitment | Class::Claim | Class::Intent => vec![
            never("deletable"),
            amount("fulfilled", "What was done of it so far, shares and corrections counted in.", false),
            amount(
                "remaining",
                "What is left to do; less than nothing where more was done than was promised.",
                true,
            ),
        ],
        _ => Vec::new(),
    }
}

fn of_process() -> Vec<Field> {
    vec![
        list(
            "unplannedInputs",
            EVENT,
            "Inputs that no promise named before.",
            Which::Unplanned(Prop::InputOf),
        ),
        list(
            "unplannedOutputs",
            EVENT,
            "Outputs that no promise named before.",
            Which::Unplanned(Prop::OutputOf),
        ),
        list("nextProcesses", PROCESS, "Processes into which its outputs went.", Which::Processes(true)),
        list("previousProcesses", PROCESS, "Processes that its inputs came out of.", Which::Processes(false)),
        list("involvedAgents", names::AGENT, "Whoever gave or received anything in it.", Which::Involved),
        list("workingAgents", names::AGENT, "Whoever worked in it.", Which::Working),
        never("deletable"),
    ]
}

const EVENT: &str = "EconomicEvent";
const PROCESS: &str = "Process";
const COMMITMENT: &str = "Commitment";
const INTENT: &str = "Intent";

#[derive(Debug, Clone, Copy)]
enum Which {
    Unplanned(Prop),
    Processes(bool),
    OfAgreement(bool),
    NoProcess,
    /// The promises of an agreement, on both sides.
    Clauses,
    /// What the record names itself.
    Named(Prop),
    Involved,
    Working,
}

/// Nothing that is in the books is taken out of them.
fn never(name: &'static str) -> Field {
    Field::new(name, TypeRef::named(TypeRef::BOOLEAN), |_| FieldFuture::from_value(Some(Gql::from(false))))
        .description("Never: what is in the books stays there.")
}

fn list(name: &'static str, kind: &'static str, doc: &'static str, which: Which) -> Field {
    Field::new(name, TypeRef::named_nn_list_nn(kind), move |ctx| {
        FieldFuture::new(async move {
            let node = node(&ctx)?;
            let nodes = which.of(node).await?;
            let values = nodes.into_iter().map(|node| match kind {
                names::AGENT => of_its_class(node),
                _ => FieldValue::owned_any(node),
            });
            Ok(Some(FieldValue::list(values)))
        })
    })
    .description(doc)
}

async fn linked(desk: &Desk, class: Class, prop: Prop, target: Id) -> Result<Records, Error> {
    Ok(desk.linked(Link { class, prop, target, open: false }).await?.to_vec())
}

fn is_planned(event: &Record) -> bool {
    !event.fields.ids(Prop::Fulfills).is_empty()
}

impl Which {
    async fn of(self, node: &Node) -> Result<Vec<Node>, Error> {
        let (desk, id) = (&node.desk, node.record.id);
        let records: Records = match self {
            Which::Unplanned(prop) => {
                let events = linked(desk, Class::EconomicEvent, prop, id).await?;
                events.into_iter().filter(|event| !is_planned(event)).collect()
            }
            Which::OfAgreement(unplanned) => {
                let events = of_agreement(desk, id).await?;
                events.into_iter().filter(|event| !(unplanned && is_planned(event))).collect()
            }
            Which::NoProcess => {
                let promises = linked(desk, Class::Commitment, Prop::PlannedWithin, id).await?;
                let processes = [Prop::InputOf, Prop::OutputOf];
                let free =
                    |promise: &Arc<Record>| processes.iter().all(|prop| promise.fields.get(*prop).is_none());
                promises.into_iter().filter(free).collect()
            }
            Which::Clauses => {
                let mut promises = linked(desk, Class::Commitment, Prop::ClauseOf, id).await?;
                promises.extend(linked(desk, Class::Commitment, Prop::ReciprocalClauseOf, id).await?);
                promises
            }
            Which::Named(prop) => return desk.records(node.record.fields.ids(prop)).await,
            Which::Processes(next) => return desk.records(&beside(desk, id, next).await?).await,
            Which::Involved => {
                let flows = flows(desk, node.record.class, id).await?;
                let parties = flows
                    .iter()
                    .flat_map(|flow| [Prop::Provider, Prop::Receiver].map(|prop| flow.fields.id(prop)));
                return desk.records(&once(parties.flatten())).await;
            }
            Which::Working => {
                let inputs = linked(desk, Class::EconomicEvent, Prop::InputOf, id).await?;
                let work = inputs.iter().filter(|event| event.fields.action() == Some(Action::Work));
                return desk.records(&once(work.filter_map(|event| event.fields.id(Prop::Provider)))).await;
            }
        };
        records.into_iter().map(|record| desk.node(record)).collect()
    }
}

/// Each once, in the order in which it came first.
fn once(ids: impl Iterator<Item = Id>) -> Vec<Id> {
    let mut seen = Vec::new();
    for id in ids {
        if !seen.contains(&id) {
            seen.push(id);
        }
    }
    seen
}

async fn of_agreement(desk: &Desk, agreement: Id) -> Result<Records, Error> {
    let mut events: BTreeMap<Id, Arc<Record>> = BTreeMap::new();
    let mut order = Vec::new();
    let mut take = |found: Records| {
        for event in found {
            if events.insert(event.id, event.clone()).is_none() {
                order.push(event);
            }
        }
    };
    for prop in [Prop::RealizationOf, Prop::ReciprocalRealizationOf] {
        take(linked(desk, Class::EconomicEvent, prop, agreement).await?);
    }
    for prop in [Prop::ClauseOf, Prop::ReciprocalClauseOf] {
        for promise in linked(desk, Class::Commitment, prop, agreement).await? {
            take(linked(desk, Class::EconomicEvent, Prop::Fulfills, promise.id).await?);
        }
    }
    Ok(order)
}

/// What happens, is promised or is wished for in a process, by an agreement or a plan.
async fn flows(desk: &Desk, class: Class, id: Id) -> Result<Records, Error> {
    let within: &[(Class, Prop)] = match class {
        Class::Process => &[
            (Class::EconomicEvent, Prop::InputOf),
            (Class::EconomicEvent, Prop::OutputOf),
            (Class::Commitment, Prop::InputOf),
            (Class::Commitment, Prop::OutputOf),
            (Class::Intent, Prop::InputOf),
            (Class::Intent, Prop::OutputOf),
        ],
        Class::Agreement => &[
            (Class::Commitment, Prop::ClauseOf),
            (Class::Commitment, Prop::ReciprocalClauseOf),
            (Class::EconomicEvent, Prop::RealizationOf),
            (Class::EconomicEvent, Prop::ReciprocalRealizationOf),
        ],
        _ => &[
            (Class::Commitment, Prop::PlannedWithin),
            (Class::Commitment, Prop::IndependentDemandOf),
            (Class::Intent, Prop::PlannedWithin),
        ],
    };
    let mut flows = Vec::new();
    for (class, prop) in within {
        flows.extend(linked(desk, *class, *prop, id).await?);
    }
    Ok(flows)
}

/// The processes on the other side of the things that go in or come out.
async fn beside(desk: &Desk, process: Id, next: bool) -> Result<Vec<Id>, Error> {
    let (own, other) = if next { (Prop::OutputOf, Prop::InputOf) } else { (Prop::InputOf, Prop::OutputOf) };
    let events = linked(desk, Class::EconomicEvent, own, process).await?;
    let things = once(events.iter().filter_map(|event| event.fields.id(Prop::ResourceInventoriedAs)));
    let mut processes = Vec::new();
    for thing in things {
        let events = linked(desk, Class::EconomicEvent, Prop::ResourceInventoriedAs, thing).await?;
        processes.extend(events.iter().filter_map(|event| event.fields.id(other)));
    }
    Ok(once(processes.into_iter().filter(|other| *other != process)))
}

/// How much was done of a promise, a claim or an intent, and how much is left, in what it is counted in.
fn amount(name: &'static str, doc: &'static str, left: bool) -> Field {
    Field::new(name, TypeRef::named("Measure"), move |ctx| {
        FieldFuture::new(async move {
            let Node { desk, record } = node(&ctx)?;
            let by: &[(Class, Prop)] = match record.class {
                Class::Commitment => &[(Class::EconomicEvent, Prop::Fulfills)],
                Class::Claim => &[(Class::EconomicEvent, Prop::Settles)],
                _ => &[(Class::Commitment, Prop::Satisfies), (Class::EconomicEvent, Prop::Satisfies)],
            };
            let mut others = Vec::new();
            for (class, link) in by {
                others.extend(linked(desk, *class, *link, record.id).await?);
            }
            let Some((wanted, done)) = done(record, others.iter().map(|other| &**other)) else {
                return Ok(None);
            };
            let quantity = match left {
                true => wanted.plus(done.negated()).map_err(|error| Error::new(error.to_string()))?,
                false => done,
            };
            Ok(Some(FieldValue::owned_any(Amount { desk: desk.clone(), quantity })))
        })
    })
    .description(doc)
}
