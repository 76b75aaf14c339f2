//! A file as records: what it says about each, in the property table's own values, with the line it says it
//! in. Nothing is looked up outside the file here.

mod values;

use std::collections::{BTreeMap, HashMap};

use valueflows::property::STATED;
use valueflows::{Card, Class, Decimal, Kind, Prop, Property, Said, Target, Value, said};

use crate::context::{Context, Term};
use crate::error::{Fault, Note, Remark};
use crate::limits::FAULTS_MAX;
use crate::tree::{Shape, Tree, short};
use crate::vocabulary;

/// A value before what it points at has an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raw {
    /// Complete as it is.
    Plain(Value),
    /// Another node.
    Ref(usize),
    /// Other nodes.
    Refs(Vec<usize>),
    /// An amount, and the unit that it is of, a node, if it names one.
    Amount(Decimal, Option<usize>),
    /// Price terms.
    Terms(Vec<(String, Decimal, Option<usize>)>),
}

/// What a node says, with the line of each value.
pub type Values = BTreeMap<Prop, (Raw, usize)>;

/// Something that the file tells of.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its IRI, whole; none where the file gives it none.
    pub iri: Option<String>,
    /// What it is.
    pub class: Class,
    /// The line in which it is told of first.
    pub line: usize,
    /// What is said about it; of a resource, only what describes it.
    pub values: Values,
    /// Whether it is only pointed at.
    pub bare: bool,
    /// Whether it is named and nothing else: nothing is said about it, and nothing points at it.
    pub idle: bool,
}

/// Something that stands in the order of the file.
#[derive(Debug, Clone)]
pub enum Moment {
    /// An event, a node.
    Event(usize),
    /// What a resource comes to.
    State {
        /// The resource, a node.
        node: usize,
        /// What it comes to.
        values: Values,
        /// The line.
        line: usize,
    },
}

/// A file.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// What it tells of.
    pub nodes: Vec<Node>,
    /// Events and states, in their order.
    pub timeline: Vec<Moment>,
    /// What was mended, left out, and only pointed at.
    pub notes: Vec<Note>,
}

/// A node whose class may not be known yet.
struct Draft {
    iri: Option<String>,
    class: Option<Class>,
    line: usize,
    values: Values,
    told: bool,
    /// What points at it asks for: a class or any agent, with the property and the line.
    wanted: Vec<(Target, &'static str, usize)>,
}

struct Reading {
    context: Context,
    drafts: Vec<Draft>,
    by_iri: HashMap<String, usize>,
    timeline: Vec<Moment>,
    notes: Vec<Note>,
    faults: Vec<Fault>,
}

/// Reads a file: its records, or every reason (up to a bound) why it cannot be taken.
pub fn read(tree: &Tree) -> Result<Graph, Vec<Fault>> {
    let mut reading = Reading {
        context: Context::default(),
        drafts: Vec::new(),
        by_iri: HashMap::new(),
        timeline: Vec::new(),
        notes: Vec::new(),
        faults: Vec::new(),
    };
    if let Some(context) = tree.get("@context")
        && let Err(fault) = reading.context.read(context, &mut reading.notes)
    {
        return Err(vec![fault]);
    }
    for one in tree.get("@graph").unwrap_or(tree).members() {
        reading.node(one, None);
    }
    reading.finish()
}

impl Reading {
    fn fault(&mut self, line: usize, reason: impl Into<String>) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(Fault::new(line, reason.into()));
        }
    }

    fn note(&mut self, line: usize, remark: Remark, text: Said) {
        self.notes.push(Note::new(line, remark, text));
    }

    /// The draft with an IRI, made when it is first named.
    fn named(&mut self, iri: &str, line: usize) -> usize {
        if let Some(known) = self.by_iri.get(iri) {
            return *known;
        }
        let at = self.draft(Some(iri.to_owned()), line);
        self.by_iri.insert(iri.to_owned(), at);
        if let Some(uuid) = iri.strip_prefix("urn:uuid:")
            && uuid.parse::<valueflows::Id>().is_err()
        {
            let text = said!("no-uuid", "`{}` is no UUID; it is kept as it is written", short(iri));
            self.note(line, Remark::Mended, text);
        }
        at
    }

    fn draft(&mut self, iri: Option<String>, line: usize) -> usize {
        let draft = Draft { iri, class: None, line, values: Values::new(), told: false, wanted: Vec::new() };
        self.drafts.push(draft);
        self.drafts.len() - 1
    }

    /// A node where one may stand: text is its id, a map is it, or a reference to it.
    fn node(&mut self, tree: &Tree, wanted: Option<&'static Property>) -> Option<usize> {
        let target = wanted.and_then(|row| match row.kind {
            Kind::Ref(target) => Some((target, row.prop.as_str())),
            _ => None,
        });
        let (at, map) = match &tree.value {
            Shape::Text(id) if target.is_some() => {
                let iri = self.context.iri(id);
                (self.named(&iri, tree.line), None)
            }
            Shape::Map(map) => {
                let id = tree.get("@id").and_then(Tree::text).map(|id| self.context.iri(id));
                let at = match id {
                    Some(iri) => self.named(&iri, tree.line),
                    None => self.draft(None, tree.line),
                };
                (at, Some(map))
            }
            Shape::Nothing => return None,
            _ => {
                self.fault(tree.line, "here a record is told of, or pointed at by its id");
                return None;
            }
        };
        if let (Some((target, prop)), Some(draft)) = (target, self.drafts.get_mut(at)) {
            draft.wanted.push((target, prop, tree.line));
        }
        if let Some(map) = map {
            self.tell(at, tree, map, target);
        }
        Some(at)
    }

    /// Takes in what a map says about a node.
    fn tell(
        &mut self,
        at: usize,
        tree: &Tree,
        map: &[(String, usize, Tree)],
        target: Option<(Target, &'static str)>,
    ) {
        let says =
            |(name, ..): &&(String, usize, Tree)| !matches!(name.as_str(), "@id" | "@context" | "@type");
        let class = match tree.get("@type") {
            Some(kind) => match self.class(kind) {
                Some(class) => Some(class),
                None => return,
            },
            None => None,
        };
        let known = self.drafts.get(at).and_then(|draft| draft.class);
        let asked = match target {
            Some((Target::One(class), _)) => Some(class),
            Some((Target::Agent, _)) => Some(Class::Agent),
            None => None,
        };
        let only_points = !map.iter().any(|member| says(&member));
        let class = match (class, known) {
            (Some(class), Some(known)) if class != known => {
                self.fault(
                    tree.line,
                    format!("this is a {} here and a {} before", class.as_str(), known.as_str()),
                );
                return;
            }
            (Some(class), _) | (None, Some(class)) => class,
            (None, None) if only_points => return,
            (None, None) => match asked {
                Some(class) => class,
                None => {
                    self.fault(tree.line, "say with `@type` what this is");
                    return;
                }
            },
        };
        let mut values = Values::new();
        for (name, line, value) in map.iter().filter(says) {
            self.property(at, class, (name, *line), value, &mut values);
        }
        match class == Class::EconomicEvent && self.tells_otherwise(at, &values) {
            true => self.another(at, tree.line, values),
            false => self.merge(at, class, tree.line, values),
        }
    }

    /// Whether an event was told of before, and otherwise.
    fn tells_otherwise(&self, at: usize, values: &Values) -> bool {
        let told = self.drafts.get(at).filter(|draft| draft.told);
        let differs = |draft: &Draft| {
            values
                .iter()
                .any(|(prop, (raw, _))| draft.values.get(prop).is_some_and(|(known, _)| known != raw))
        };
        told.is_some_and(differs)
    }

    /// What happened happened once: a second event under the name of the first is one of its own.
    fn another(&mut self, at: usize, line: usize, values: Values) {
        let name = self.drafts.get(at).and_then(|draft| draft.iri.as_deref()).map(short).unwrap_or_default();
        let before = self.drafts.get(at).map_or(0, |draft| draft.line);
        let text = said!(
            "another-event",
            "`{}` is the event of line {}, and says something else here; it is taken as another event",
            name,
            before
        );
        self.note(line, Remark::Mended, text);
        let another = self.draft(None, line);
        self.merge(another, Class::EconomicEvent, line, values);
    }

    fn class(&mut self, tree: &Tree) -> Option<Class> {
        let mut known = None;
        for kind in tree.members() {
            let Some(name) = kind.text() else {
                self.fault(kind.line, "`@type` is the name of a class");
                return None;
            };
            match self.context.term(name) {
                Term::Vf(local) | Term::House(local) if Class::named(&local).is_some() => {
                    known = Class::named(&local);
                }
                _ => {}
            }
        }
        if known.is_some_and(Class::is_governing) {
            self.fault(tree.line, "who belongs and who may act for whom is decided here, not reported");
            return None;
        }
        if known.is_none() {
            let name = tree.text().map(short).unwrap_or_default();
            self.fault(tree.line, format!("`{name}` is no class of ValueFlows 1.0"));
        }
        known
    }

    fn property(
        &mut self,
        at: usize,
        class: Class,
        (name, line): (&str, usize),
        tree: &Tree,
        values: &mut Values,
    ) {
        let local = match self.context.term(name) {
            Term::Vf(local) | Term::House(local) => local,
            Term::Keyword(word) => {
                return self.fault(line, format!("`{}` is not read here", short(&word)));
            }
            Term::Foreign(iri) => {
                let text = said!("no-property", "`{}` is no property of ValueFlows", short(&iri));
                return self.note(line, Remark::LeftOut, text);
            }
        };
        if let Some(back) = vocabulary::inverse(class.as_str(), &local) {
            return self.inverse(at, back, tree);
        }
        let row = Prop::named(&local).and_then(|prop| Property::of(class, prop));
        let Some(row) = row.filter(|row| {
            !matches!(row.prop, Prop::Reported | Prop::Assumed | Prop::SameAs | Prop::SignedBy)
        }) else {
            let class = class.as_str();
            let text = said!("not-of", "`{}` is no property of {} in ValueFlows 1.0", short(&local), class);
            return self.note(line, Remark::LeftOut, text);
        };
        if let Some(raw) = self.value(row, tree) {
            values.insert(row.prop, (raw, line));
        }
    }

    /// Records listed under the one that they point back at.
    fn inverse(&mut self, at: usize, back: &str, tree: &Tree) {
        for member in tree.members() {
            let Some(child) = self.node(member, None) else { continue };
            let class = self.drafts.get(child).and_then(|draft| draft.class);
            let Some(class) = class else {
                self.fault(member.line, "say with `@type` what this is, where it is told of first");
                continue;
            };
            let row = Prop::named(back).and_then(|prop| Property::of(class, prop));
            let Some(row) = row else {
                let reason = format!("a {} has no `{back}`", class.as_str());
                self.fault(member.line, reason);
                continue;
            };
            let raw = match row.card {
                // What it says itself of the same property stands beside it.
                Card::Many => {
                    let known = self.drafts.get_mut(child).and_then(|draft| draft.values.remove(&row.prop));
                    let mut all = match known {
                        Some((Raw::Refs(all), _)) => all,
                        _ => Vec::new(),
                    };
                    if !all.contains(&at) {
                        all.push(at);
                    }
                    Raw::Refs(all)
                }
                _ => Raw::Ref(at),
            };
            let values = Values::from([(row.prop, (raw, member.line))]);
            self.merge(child, class, member.line, values);
        }
    }

    /// Adds what is said to what was said before; of a resource, what events change is a state of its own.
    fn merge(&mut self, at: usize, class: Class, line: usize, mut values: Values) {
        if class == Class::EconomicResource {
            let (stated, told) = values.into_iter().partition(|(prop, _)| STATED.contains(prop));
            values = told;
            let stated: Values = stated;
            if !stated.is_empty() {
                self.timeline.push(Moment::State { node: at, values: stated, line });
            }
        }
        let Some(draft) = self.drafts.get_mut(at) else { return };
        if class == Class::EconomicEvent && !draft.told {
            self.timeline.push(Moment::Event(at));
        }
        draft.class = Some(class);
        draft.told = true;
        let mut differs = None;
        for (prop, (raw, line)) in values {
            match draft.values.get(&prop) {
                Some((known, before)) if *known != raw => differs = Some((prop, line, *before)),
                Some(_) => {}
                None => drop(draft.values.insert(prop, (raw, line))),
            }
        }
        if let Some((prop, line, before)) = differs {
            let reason = format!("`{}` is another one here than in line {before}", prop.as_str());
            self.fault(line, reason);
        }
    }

    /// A stage is a kind of process; where a process stands instead, its kind is meant.
    fn stages(&mut self) {
        let kind_of = |drafts: &[Draft], at: usize| -> Option<usize> {
            let draft = drafts.get(at).filter(|draft| draft.class == Some(Class::Process))?;
            match draft.values.get(&Prop::BasedOn) {
                Some((Raw::Ref(kind), _)) => Some(*kind),
                _ => None,
            }
        };
        let mut meant: Vec<(usize, usize)> = Vec::new();
        for at in 0..self.drafts.len() {
            let draft = self.drafts.get(at);
            let wanted = draft.is_some_and(|draft| draft.wanted.iter().any(|(_, prop, _)| *prop == "stage"));
            meant.extend(kind_of(&self.drafts, at).filter(|_| wanted).map(|kind| (at, kind)));
        }
        for (process, kind) in meant {
            let stated = self.timeline.iter_mut().filter_map(|moment| match moment {
                Moment::State { values, .. } => Some(values),
                Moment::Event(_) => None,
            });
            for values in self.drafts.iter_mut().map(|draft| &mut draft.values).chain(stated) {
                if let Some((Raw::Ref(at), _)) = values.get_mut(&Prop::Stage)
                    && *at == process
                {
                    *at = kind;
                }
            }
            let Some(draft) = self.drafts.get_mut(process) else { continue };
            let lines: Vec<usize> =
                draft.wanted.iter().filter(|(_, prop, _)| *prop == "stage").map(|(.., line)| *line).collect();
            draft.wanted.retain(|(_, prop, _)| *prop != "stage");
            let name = draft.iri.as_deref().map(short).unwrap_or_default();
            for line in lines {
                let text = said!("stage-of", "`{}` is a process; its kind is taken as the stage", name);
                self.note(line, Remark::Mended, text);
            }
        }
    }

    fn finish(mut self) -> Result<Graph, Vec<Fault>> {
        self.stages();
        let mut nodes = Vec::with_capacity(self.drafts.len());
        for draft in std::mem::take(&mut self.drafts) {
            let asked = draft.wanted.first().map(|(target, ..)| match target {
                Target::One(class) => *class,
                Target::Agent => Class::Agent,
            });
            let name = draft.iri.as_deref().map(short).unwrap_or_default();
            let Some(class) = draft.class.or(asked) else {
                // Nothing is said about it and nothing asks for it.
                let text = said!("named-only", "`{}` is named, and nothing is said about it", name);
                self.note(draft.line, Remark::LeftOut, text);
                nodes.push(Node {
                    iri: draft.iri,
                    class: Class::Agent,
                    line: draft.line,
                    values: Values::new(),
                    bare: false,
                    idle: true,
                });
                continue;
            };
            let wrong = draft.wanted.iter().find(|(target, ..)| !target.takes(class));
            if let Some((_, prop, line)) = wrong {
                let reason =
                    format!("`{prop}` points at `{name}`, which is written down as {}", class.as_str());
                self.fault(*line, reason);
            }
            nodes.push(Node {
                iri: draft.iri,
                class,
                line: draft.line,
                values: draft.values,
                bare: !draft.told,
                idle: false,
            });
        }
        match self.faults.is_empty() {
            true => Ok(Graph { nodes, timeline: self.timeline, notes: self.notes }),
            false => {
                self.faults.sort_by_key(|fault| fault.line);
                Err(self.faults)
            }
        }
    }
}
