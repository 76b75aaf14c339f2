//! In which order a file's records come into the books, and which of its states still say something.

use std::collections::{BTreeSet, HashMap};

use valueflows::{Action, Class, Prop, Value, said};

use super::Planning;
use crate::error::{Fault, Note, Remark};
use crate::graph::{Graph, Moment, Node, Raw};

/// A thing that somebody had and brings back goes to the resource that it left: what it names as the
/// resource that it comes from is, by the action table, the one that it goes to.
pub(super) fn bring_back(graph: &mut Graph) {
    let mut taken: HashMap<usize, (usize, usize, usize)> = HashMap::new();
    for moment in &graph.timeline {
        let Moment::Event(at) = moment else { continue };
        let Some(event) = graph.nodes.get_mut(*at) else { continue };
        let node = |prop| match event.values.get(&prop) {
            Some((Raw::Ref(node), line)) => Some((*node, *line)),
            _ => None,
        };
        let hands_over = matches!(
            event.values.get(&Prop::Action),
            Some((Raw::Plain(Value::Action(Action::TransferCustody)), _))
        );
        let (Some((from, _)), Some((to, _)), Some((thing, line)), None, true) = (
            node(Prop::Provider),
            node(Prop::Receiver),
            node(Prop::ResourceInventoriedAs),
            node(Prop::ToResourceInventoriedAs),
            hands_over,
        ) else {
            continue;
        };
        match taken.get(&thing) {
            Some((giver, taker, before)) if (*giver, *taker) == (to, from) => {
                let text = said!(
                    "brings-back",
                    "`resourceInventoriedAs` is read as `toResourceInventoriedAs`: it brings back what line {} took away",
                    before
                );
                graph.notes.push(Note::new(line, Remark::Mended, text));
                if let Some(named) = event.values.remove(&Prop::ResourceInventoriedAs) {
                    event.values.insert(Prop::ToResourceInventoriedAs, named);
                }
                taken.remove(&thing);
            }
            _ => drop(taken.insert(thing, (from, to, line))),
        }
    }
}

impl Planning<'_> {
    /// The states that lie before something that is in the books already: the books have moved on.
    pub(super) fn overtaken(&self) -> BTreeSet<usize> {
        let (mut overtaken, mut behind) = (BTreeSet::new(), BTreeSet::new());
        for (n, moment) in self.graph.timeline.iter().enumerate().rev() {
            match moment {
                Moment::State { node, .. } if behind.contains(node) => drop(overtaken.insert(n)),
                Moment::State { .. } => {}
                Moment::Event(at) => {
                    let known = self.node(*at).filter(|event| self.known(event).is_some());
                    behind.extend(known.into_iter().flat_map(touched));
                }
            }
        }
        overtaken
    }

    /// The first state of each resource, where nothing has happened to it before.
    pub(super) fn openings(&self) -> HashMap<usize, usize> {
        let mut openings: HashMap<usize, usize> = HashMap::new();
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        for (n, moment) in self.graph.timeline.iter().enumerate() {
            match moment {
                Moment::State { node, .. } if !seen.contains(node) => {
                    openings.entry(*node).or_insert(n);
                }
                Moment::State { .. } => {}
                Moment::Event(at) => seen.extend(self.node(*at).into_iter().flat_map(touched)),
            }
        }
        openings
    }

    /// The claims that stand after the event that triggers them, by that event.
    pub(super) fn triggered(&self) -> HashMap<usize, Vec<usize>> {
        let told = |event: &usize| {
            self.graph.timeline.iter().any(|moment| matches!(moment, Moment::Event(at) if at == event))
        };
        let mut triggered: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, node) in self.graph.nodes.iter().enumerate().filter(|(_, node)| node.class == Class::Claim) {
            if let Some((Raw::Ref(event), _)) = node.values.get(&Prop::TriggeredBy)
                && told(event)
            {
                triggered.entry(*event).or_default().push(at);
            }
        }
        triggered
    }

    /// The nodes of a class; a container stands before what it contains.
    pub(super) fn in_order(&mut self, class: Class) -> Vec<usize> {
        let mut left: Vec<usize> = self
            .graph
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.class == class && !node.idle)
            .map(|(at, _)| at)
            .collect();
        if class != Class::EconomicResource {
            return left;
        }
        let mut within: HashMap<usize, usize> = HashMap::new();
        for moment in &self.graph.timeline {
            if let Moment::State { node, values, .. } = moment
                && let Some((Raw::Ref(container), _)) = values.get(&Prop::ContainedIn)
            {
                within.entry(*node).or_insert(*container);
            }
        }
        let mut placed: BTreeSet<usize> = BTreeSet::new();
        let mut order = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let before = left.len();
            left.retain(|at| {
                let ready = within.get(at).is_none_or(|container| placed.contains(container));
                if ready {
                    placed.insert(*at);
                    order.push(*at);
                }
                !ready
            });
            if left.len() == before {
                let line = left.first().and_then(|at| self.node(*at)).map_or(0, |node| node.line);
                self.faults.push(Fault::new(line, "things contain one another in a circle"));
                break;
            }
        }
        order
    }
}

/// The resources that an event names.
fn touched(event: &Node) -> impl Iterator<Item = usize> + '_ {
    let named = [Prop::ResourceInventoriedAs, Prop::ToResourceInventoriedAs];
    named.into_iter().filter_map(|prop| match event.values.get(&prop)? {
        (Raw::Ref(node), _) => Some(*node),
        _ => None,
    })
}
