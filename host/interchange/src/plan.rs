//! From the records of a file to acts: in which order, under which ids, in how many commands.
//!
//! Everything here follows from the file and from what was known before it came: run again, the same file
//! makes the same commands with the same ids, so that what is in the books already is found there.

mod order;

use std::collections::{BTreeSet, HashMap};

use sha2::{Digest, Sha256};
use valueflows::limits::UNIT_DECIMALS_DEFAULT;
use valueflows::property::IN_ORDER;
use valueflows::{Class, Fields, Id, Measure, NO_UNIT, NetworkId, Prop, Quantity, Term, Value, said};

use crate::error::{Fault, Note, Remark};
use crate::graph::{Graph, Moment, Node, Raw, Values};
use crate::limits::ACTS_MAX;

/// A record that was here before the file.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its id.
    pub id: Id,
    /// Its class.
    pub class: Class,
    /// Its values.
    pub fields: Fields,
}

/// Where a file goes.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The network.
    pub network: NetworkId,
    /// The records that the file's IRIs mean here.
    pub known: HashMap<String, Known>,
    /// The units of the network by their labels.
    pub units: HashMap<String, Known>,
    /// Its members by their names.
    pub members: HashMap<String, Id>,
    /// Its things by their names.
    pub things: HashMap<String, Known>,
    /// Its kinds of things by their names.
    pub kinds: HashMap<String, Id>,
    /// The organisation that the network is.
    pub house: Option<Id>,
}

/// One act, with the line that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Something is written down: one new record.
    Report {
        /// What.
        class: Class,
        /// Its values.
        fields: Fields,
        /// The line.
        line: usize,
    },
    /// A resource comes to something: no new record.
    State {
        /// The resource.
        resource: Id,
        /// What it comes to.
        fields: Fields,
        /// The line.
        line: usize,
    },
    /// Somebody is admitted: a person and a membership.
    Admit {
        /// Their name.
        name: String,
        /// Their roles beside `member`.
        roles: Vec<String>,
        /// The line.
        line: usize,
    },
    /// Somebody can handle something: no new record.
    Train {
        /// Who.
        member: Id,
        /// What for.
        training: String,
        /// The line.
        line: usize,
    },
    /// A kind of things: one new record.
    Define {
        /// Its values.
        fields: Fields,
        /// The line.
        line: usize,
    },
    /// An event with the thing that it brings: two new records.
    Record {
        /// The event.
        event: Fields,
        /// The thing.
        resource: Fields,
        /// The line.
        line: usize,
    },
    /// An offer of a thing: two new records.
    Offer {
        /// The proposal.
        proposal: Fields,
        /// Its intent.
        intent: Fields,
        /// The line.
        line: usize,
    },
}

impl Step {
    /// The line that it comes from.
    pub fn line(&self) -> usize {
        match self {
            Step::Report { line, .. }
            | Step::State { line, .. }
            | Step::Admit { line, .. }
            | Step::Train { line, .. }
            | Step::Define { line, .. }
            | Step::Record { line, .. }
            | Step::Offer { line, .. } => *line,
        }
    }

    /// How many records it makes.
    pub fn makes(&self) -> u32 {
        match self {
            Step::State { .. } | Step::Train { .. } => 0,
            Step::Report { .. } | Step::Define { .. } => 1,
            Step::Admit { .. } | Step::Record { .. } | Step::Offer { .. } => 2,
        }
    }
}

/// One command of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its id, which follows from the file and the part's number.
    pub command: Id,
    /// Its acts.
    pub steps: Vec<Step>,
}

/// What a file comes to.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The commands, in order.
    pub parts: Vec<Part>,
    /// Everything worth saying, by line.
    pub notes: Vec<Note>,
}

/// The id of a part's command.
pub(crate) fn command(file: &[u8], part: usize) -> Id {
    let digest = Sha256::new()
        .chain_update(b"reflow import\0")
        .chain_update(Sha256::digest(file))
        .chain_update((part as u64).to_be_bytes())
        .finalize();
    Id::from_digest(&digest)
}

/// One thing to do, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    /// A node is written down, with this moment's state if it has one from the start.
    Create(usize, Option<usize>),
    /// A moment of the timeline is a state.
    State(usize),
}

struct Planning<'a> {
    graph: &'a Graph,
    place: &'a Place,
    /// The starts of ids that this very file's commands make.
    own: BTreeSet<Vec<u8>>,
    ids: Vec<Option<Id>>,
    notes: Vec<Note>,
    faults: Vec<Fault>,
}

/// Plans what a file comes to in a network.
pub fn plan(file: &[u8], graph: &Graph, place: &Place) -> Result<Plan, Vec<Fault>> {
    let mut graph = graph.clone();
    order::bring_back(&mut graph);
    let parts_max = (graph.nodes.len() + graph.timeline.len()) / ACTS_MAX + 1;
    let own = (0..parts_max).map(|part| start(command(file, part))).collect();
    let mut planning = Planning {
        graph: &graph,
        place,
        own,
        ids: vec![None; graph.nodes.len()],
        notes: graph.notes.clone(),
        faults: Vec::new(),
    };
    let items = planning.items();
    let parts = planning.parts(file, &items);
    let Planning { mut notes, mut faults, .. } = planning;
    if !faults.is_empty() {
        faults.sort_by_key(|fault| fault.line);
        return Err(faults);
    }
    notes.sort_by(|a, b| (a.line, a.remark, &a.text.says).cmp(&(b.line, b.remark, &b.text.says)));
    notes.dedup();
    Ok(Plan { parts, notes })
}

/// The part of an id that a record has from its command.
pub(crate) fn start(id: Id) -> Vec<u8> {
    id.0.get(..6).unwrap_or_default().to_vec()
}

impl Planning<'_> {
    fn node(&self, at: usize) -> Option<&Node> {
        self.graph.nodes.get(at)
    }

    /// What a node is here already, unless this very file made it.
    fn known(&self, node: &Node) -> Option<&Known> {
        let known = match node.class {
            Class::Unit => self.place.units.get(&label(node)?),
            _ => self.place.known.get(node.iri.as_ref()?),
        };
        known.filter(|known| !self.own.contains(&start(known.id)))
    }

    /// Everything that is to be done, in order.
    fn items(&mut self) -> Vec<Item> {
        let openings = self.openings();
        let mut items = Vec::new();
        let mut states_first = Vec::new();
        let mut triggered = self.triggered();
        let later: BTreeSet<usize> = triggered.values().flatten().copied().collect();
        for class in IN_ORDER.into_iter().filter(|class| *class != Class::EconomicEvent) {
            for at in self.in_order(class) {
                let Some(node) = self.node(at).filter(|_| !later.contains(&at)) else { continue };
                let opening = openings.get(&at).copied();
                match self.known(node).map(|known| known.id) {
                    None => items.push(Item::Create(at, opening)),
                    Some(id) => {
                        self.ids.get_mut(at).into_iter().for_each(|slot| *slot = Some(id));
                        states_first.extend(opening.map(Item::State));
                    }
                }
            }
        }
        let overtaken = self.overtaken();
        let stands = |item: &Item| !matches!(item, Item::State(n) if overtaken.contains(n));
        items.extend(states_first.into_iter().filter(stands));
        let opened: BTreeSet<usize> = openings.values().copied().collect();
        for (n, moment) in self.graph.timeline.iter().enumerate() {
            match moment {
                Moment::State { .. } if opened.contains(&n) || overtaken.contains(&n) => {}
                Moment::State { .. } => items.push(Item::State(n)),
                Moment::Event(at) => {
                    match self.node(*at).and_then(|node| self.known(node)).map(|known| known.id) {
                        None => items.push(Item::Create(*at, None)),
                        Some(id) => self.ids.get_mut(*at).into_iter().for_each(|slot| *slot = Some(id)),
                    }
                    for claim in triggered.remove(at).unwrap_or_default() {
                        match self.node(claim).and_then(|node| self.known(node)).map(|known| known.id) {
                            None => items.push(Item::Create(claim, None)),
                            Some(id) => self.ids.get_mut(claim).into_iter().for_each(|slot| *slot = Some(id)),
                        }
                    }
                }
            }
        }
        items
    }

    fn parts(&mut self, file: &[u8], items: &[Item]) -> Vec<Part> {
        // Ids first: a record may point at one that comes later in its own list.
        for (part, some) in items.chunks(ACTS_MAX).enumerate() {
            let command = command(file, part);
            let mut made = 0;
            for item in some {
                if let Item::Create(at, _) = item {
                    let id = Id::record(self.place.network, command, made);
                    self.ids.get_mut(*at).into_iter().for_each(|slot| *slot = Some(id));
                    made += 1;
                }
            }
        }
        self.compare();
        let chunks: Vec<&[Item]> = items.chunks(ACTS_MAX).collect();
        let mut parts = Vec::new();
        for (part, some) in chunks.into_iter().enumerate() {
            let steps = some.iter().filter_map(|item| self.step(*item)).collect();
            parts.push(Part { command: command(file, part), steps });
        }
        parts
    }

    fn step(&mut self, item: Item) -> Option<Step> {
        match item {
            Item::State(n) => {
                let Some(Moment::State { node, values, line }) = self.graph.timeline.get(n) else {
                    return None;
                };
                let resource = self.ids.get(*node).copied().flatten()?;
                let fields = self.fields(values);
                Some(Step::State { resource, fields, line: *line })
            }
            Item::Create(at, opening) => {
                let node = self.node(at)?.clone();
                let mut fields = self.fields(&node.values);
                if let Some(Moment::State { values, .. }) = opening.and_then(|n| self.graph.timeline.get(n)) {
                    fields.extend(self.fields(values));
                }
                if node.class == Class::Unit {
                    fields.set(Prop::Label, Value::Text(label(&node)?));
                }
                let elsewhere = node.iri.as_ref().filter(|iri| {
                    node.class != Class::Unit || (!node.bare && Some(*iri) != label(&node).as_ref())
                });
                if let Some(iri) = elsewhere {
                    fields.set(Prop::SameAs, Value::Text(iri.clone()));
                }
                if node.bare {
                    let name = node.iri.clone().unwrap_or_default();
                    let class = node.class.as_str();
                    let text = said!(
                        "pointed-at",
                        "`{}` is only pointed at; it is written down as a bare {}",
                        name,
                        class
                    );
                    self.notes.push(Note::new(node.line, Remark::Bare, text));
                }
                Some(Step::Report { class: node.class, fields, line: node.line })
            }
        }
    }

    fn fields(&mut self, values: &Values) -> Fields {
        let values: Vec<(Prop, Raw)> = values.iter().map(|(prop, (raw, _))| (*prop, raw.clone())).collect();
        values.into_iter().filter_map(|(prop, raw)| Some((prop, self.value(&raw)?))).collect()
    }

    fn value(&self, raw: &Raw) -> Option<Value> {
        let id = |at: &usize| self.ids.get(*at).copied().flatten();
        let of_unit = |unit: &Option<usize>| unit.as_ref().map_or(Some(NO_UNIT), id);
        Some(match raw {
            Raw::Plain(value) => value.clone(),
            Raw::Ref(at) => Value::Ref(id(at)?),
            Raw::Refs(all) => Value::Refs(all.iter().filter_map(id).collect()),
            Raw::Amount(value, unit) => Value::Measure(Measure { value: *value, unit: of_unit(unit)? }),
            Raw::Terms(terms) => {
                let term = |(code, value, unit): &(String, valueflows::Decimal, Option<usize>)| {
                    let amount = value.in_scale(self.decimals(*unit)).ok()?;
                    Some(Term { code: code.clone(), quantity: Quantity { amount, unit: of_unit(unit)? } })
                };
                Value::Terms(terms.iter().map(term).collect::<Option<_>>()?)
            }
        })
    }

    /// The decimals of a unit, here or in the file.
    fn decimals(&self, at: Option<usize>) -> u8 {
        let Some(node) = at.and_then(|at| self.node(at)) else { return UNIT_DECIMALS_DEFAULT };
        let of_file = match node.values.get(&Prop::Decimals) {
            Some((Raw::Plain(Value::Integer(n)), _)) => Some(*n),
            _ => None,
        };
        let here = self.known(node).and_then(|known| known.fields.integer(Prop::Decimals));
        here.or(of_file).and_then(|n| u8::try_from(n).ok()).unwrap_or(UNIT_DECIMALS_DEFAULT)
    }

    /// What is here already must be what the file says it is.
    fn compare(&mut self) {
        for at in 0..self.graph.nodes.len() {
            let Some(node) = self.node(at).filter(|node| !node.idle) else { continue };
            let Some(known) = self.known(node) else { continue };
            let name = node.iri.clone().unwrap_or_default();
            let same_kind =
                known.class == node.class || (node.bare && node.class.is_agent() && known.class.is_agent());
            let mut faults = Vec::new();
            if !same_kind {
                let reason = format!("`{name}` is a {} here already", known.class.as_str());
                faults.push(Fault::new(node.line, reason));
            }
            for (prop, (raw, line)) in &node.values {
                let said = self.value(raw);
                let agrees = match (&said, known.fields.get(*prop), raw) {
                    (Some(Value::Measure(measure)), Some(Value::Quantity(found)), Raw::Amount(_, unit)) => {
                        measure.in_unit(self.decimals(*unit)).ok().as_ref() == Some(found)
                    }
                    (said, found, _) => said.as_ref() == found,
                };
                if same_kind && !agrees {
                    let reason =
                        format!("`{name}` is here already, and its `{}` is another one", prop.as_str());
                    faults.push(Fault::new(*line, reason));
                }
            }
            let text = said!("here-already", "`{}` is here already", name);
            let note = Note::new(node.line, Remark::Known, text);
            self.faults.extend(faults);
            self.notes.push(note);
        }
    }
}

/// What a unit is called: by its label, or where it is only pointed at, by what points at it.
fn label(node: &Node) -> Option<String> {
    match node.values.get(&Prop::Label) {
        Some((Raw::Plain(Value::Text(label)), _)) => Some(label.clone()),
        _ => node.iri.clone(),
    }
}
