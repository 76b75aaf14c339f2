//! The books as arrays: two directions of neighbours, an append for what is newer than them, and what the walk asks
//! of each number.

use std::collections::HashMap;

use valueflows::Action;
use valueflows::action::InputOutput;

/// No number.
pub(super) const NONE: u32 = u32::MAX;
/// How much may be appended, in parts of the base, before the arrays are made anew.
const APPENDED_PART: usize = 8;
/// And how much at least: a young network is not made anew with every event.
const APPENDED_MIN: usize = 4_096;

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To what it came out of.
    Trace,
    /// To what became of it.
    Track,
}

/// What a number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A thing.
    Resource,
    /// A process.
    Process,
    /// Something that happened.
    Event(Action),
}

/// What things that are told apart by the same sign share: a tracking identifier, or a lot; digests of them.
pub type Mark = u64;

/// An event, with the numbers of what it names.
#[derive(Debug, Clone, Copy)]
pub struct Happened {
    /// What was done.
    pub action: Action,
    /// The thing that it is about.
    pub about: Option<u32>,
    /// The thing that it goes to.
    pub to: Option<u32>,
    /// The process that it goes into.
    pub input_of: Option<u32>,
    /// The process that it comes out of.
    pub output_of: Option<u32>,
}

/// Neighbours of each number, in rising order.
#[derive(Debug, Clone, Default)]
struct Neighbours {
    starts: Vec<u32>,
    ends: Vec<u32>,
    newer: HashMap<u32, Vec<u32>>,
    appended: usize,
}

impl Neighbours {
    fn base(&self, node: u32) -> &[u32] {
        let at = node as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(from), Some(to)) => self.ends.get(*from as usize..*to as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    fn add(&mut self, from: u32, to: u32) {
        self.newer.entry(from).or_default().push(to);
        self.appended += 1;
    }

    /// Arrays of everything, sorted by where an edge begins; edges came in the order of where they end.
    fn settle(&mut self, nodes: usize) {
        let mut starts = vec![0u32; nodes + 1];
        for node in 0..nodes as u32 {
            let newer = self.newer.get(&node).map_or(0, Vec::len);
            let count = self.base(node).len() + newer;
            if let Some(start) = starts.get_mut(node as usize + 1) {
                *start = count as u32;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut ends = Vec::with_capacity(sum as usize);
        for node in 0..nodes as u32 {
            ends.extend_from_slice(self.base(node));
            ends.extend_from_slice(self.newer.get(&node).map(Vec::as_slice).unwrap_or_default());
        }
        *self = Neighbours { starts, ends, ..Neighbours::default() };
    }

    fn bytes(&self) -> usize {
        let newer: usize = self.newer.values().map(|ends| 48 + ends.capacity() * 4).sum();
        (self.starts.capacity() + self.ends.capacity()) * 4 + newer
    }
}

/// Track and trace over a network's books.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// 0: a thing, 1: a process, from 2: an action.
    kinds: Vec<u8>,
    /// Of an event: the thing that it is about.
    about: Vec<u32>,
    /// Of an event, the one before it on the same thing; of a thing, the last. The specification's `previousEvent`.
    before: Vec<u32>,
    /// Of an event, the one after it on the same thing.
    after: Vec<u32>,
    back: Neighbours,
    forth: Neighbours,
    marks: HashMap<u32, Vec<Mark>>,
    marked: HashMap<Mark, Vec<u32>>,
}

/// How an event of an action is noted: one of the nineteen, since an own action flows as the one that it is like.
pub(super) const fn code(action: Action) -> u8 {
    match action.place() {
        Some(place) => 2 + place,
        None => code(Action::Cite),
    }
}

impl Graph {
    /// How many things, processes and events there are.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// What a number stands for.
    pub fn kind(&self, node: u32) -> Option<Kind> {
        Some(match self.kinds.get(node as usize)? {
            0 => Kind::Resource,
            1 => Kind::Process,
            n => Kind::Event(Action::all().nth(usize::from(*n) - 2)?),
        })
    }

    fn push(&mut self, kind: u8) -> u32 {
        let node = self.kinds.len() as u32;
        self.kinds.push(kind);
        self.about.push(NONE);
        self.before.push(NONE);
        self.after.push(NONE);
        node
    }

    /// A thing is there.
    pub fn resource(&mut self, marks: &[Mark]) -> u32 {
        let node = self.push(0);
        self.mark(node, marks);
        node
    }

    /// A process is there.
    pub fn process(&mut self) -> u32 {
        self.push(1)
    }

    /// A thing is told apart by other signs than before.
    pub fn mark(&mut self, resource: u32, marks: &[Mark]) {
        for old in self.marks.remove(&resource).unwrap_or_default() {
            if let Some(all) = self.marked.get_mut(&old) {
                all.retain(|node| *node != resource);
            }
        }
        for mark in marks {
            let all = self.marked.entry(*mark).or_default();
            let at = all.partition_point(|node| *node < resource);
            all.insert(at, resource);
        }
        if !marks.is_empty() {
            self.marks.insert(resource, marks.to_vec());
        }
    }

    /// Something happened to what is there.
    pub fn event(&mut self, happened: Happened) -> u32 {
        let event = self.happening(happened.action);
        self.connect(event, happened);
        event
    }

    /// Something happened: to what is said by [`Graph::connect`], once all that it names is there. An event is written
    /// down before the thing that it makes.
    pub fn happening(&mut self, action: Action) -> u32 {
        self.push(code(action))
    }

    /// Says to what an event happened. Events are connected once each, in their order.
    pub fn connect(&mut self, event: u32, happened: Happened) {
        let Happened { action, about, to, input_of, output_of } = happened;
        if let (Some(slot), Some(about)) = (self.about.get_mut(event as usize), about) {
            *slot = about;
        }
        let counts = matches!(action, Action::Raise | Action::Lower);
        let is_output =
            output_of.is_some() || action.row().is_some_and(|row| row.input_output == InputOutput::Output);
        let first = match about {
            Some(about) => self.leave_crumb(about, event) == NONE,
            None => true,
        };
        // What comes before it.
        match (output_of, about) {
            (Some(process), _) => self.back.add(event, process),
            (None, Some(_)) if counts && first => {}
            (None, Some(about)) => self.back.add(event, about),
            (None, None) => {}
        }
        if let Some(about) = about {
            if is_output || counts {
                self.back.add(about, event);
            }
            self.forth.add(about, event);
        }
        if let Some(to) = to.filter(|to| Some(*to) != about) {
            self.back.add(to, event);
        }
        // A thing that is brought back to where it came from is on both sides.
        if let Some(to) = to.filter(|to| Some(*to) == about && !(is_output || counts)) {
            self.back.add(to, event);
        }
        if let Some(process) = input_of {
            self.back.add(process, event);
        }
        // What comes after it.
        let next = input_of.or(about.filter(|_| is_output || counts)).or(to);
        if let Some(next) = next {
            self.forth.add(event, next);
        }
        if let Some(process) = output_of {
            self.forth.add(process, event);
        }
        self.settle_if_due();
    }

    /// Notes the event as the last on a thing; answers with the one before it.
    fn leave_crumb(&mut self, resource: u32, event: u32) -> u32 {
        let Some(last) = self.before.get_mut(resource as usize) else { return NONE };
        let before = std::mem::replace(last, event);
        if let Some(crumb) = self.before.get_mut(event as usize) {
            *crumb = before;
        }
        if let Some(after) = self.after.get_mut(before as usize) {
            *after = event;
        }
        before
    }

    fn settle_if_due(&mut self) {
        let appended = self.back.appended.max(self.forth.appended);
        if appended > APPENDED_MIN.max(self.back.ends.len() / APPENDED_PART) {
            self.settle();
        }
    }

    /// Makes the arrays anew, with what was appended in them.
    pub fn settle(&mut self) {
        let nodes = self.len();
        self.back.settle(nodes);
        self.forth.settle(nodes);
    }

    fn neighbours(&self, direction: Direction) -> &Neighbours {
        match direction {
            Direction::Trace => &self.back,
            Direction::Track => &self.forth,
        }
    }

    /// What is next to a number in the arrays, and what was appended.
    pub(super) fn next(&self, node: u32, direction: Direction) -> (&[u32], &[u32]) {
        let side = self.neighbours(direction);
        let newer = match side.newer.is_empty() {
            true => None,
            false => side.newer.get(&node),
        };
        (side.base(node), newer.map(Vec::as_slice).unwrap_or_default())
    }

    /// The event before, or after, on the same thing.
    pub(super) fn crumb(&self, event: u32, direction: Direction) -> u32 {
        let crumbs = match direction {
            Direction::Trace => &self.before,
            Direction::Track => &self.after,
        };
        crumbs.get(event as usize).copied().unwrap_or(NONE)
    }

    pub(super) fn code(&self, node: u32) -> u8 {
        self.kinds.get(node as usize).copied().unwrap_or(1)
    }

    pub(super) fn about(&self, event: u32) -> u32 {
        self.about.get(event as usize).copied().unwrap_or(NONE)
    }

    /// Whether anything is told apart by signs.
    pub(super) fn is_marked(&self, resource: u32) -> bool {
        !self.marks.is_empty() && self.marks.contains_key(&resource)
    }

    /// Other things with a sign of this one, made before it or after it.
    pub(super) fn kin(&self, resource: u32, direction: Direction) -> Vec<u32> {
        let mut kin: Vec<u32> = Vec::new();
        for mark in self.marks.get(&resource).into_iter().flatten() {
            let all = self.marked.get(mark).map(Vec::as_slice).unwrap_or_default();
            let at = all.partition_point(|node| *node < resource);
            match direction {
                Direction::Trace => kin.extend(all.get(..at).unwrap_or_default()),
                Direction::Track => kin.extend(all.get(at + 1..).unwrap_or_default()),
            }
        }
        kin.sort_unstable();
        kin.dedup();
        kin
    }

    /// What is one step away, in rising order.
    pub fn step(&self, node: u32, direction: Direction) -> Vec<u32> {
        let (base, newer) = self.next(node, direction);
        base.iter().chain(newer).copied().collect()
    }

    /// Everything that hangs together with a number in a direction, in the order of its distance; the number itself
    /// first.
    pub fn reach(&self, start: u32, direction: Direction) -> Vec<u32> {
        let mut seen = Bits::new(self.len());
        let mut found = vec![start];
        seen.insert(start);
        let mut at = 0;
        while let Some(node) = found.get(at).copied() {
            at += 1;
            let (base, newer) = self.next(node, direction);
            for next in base.iter().chain(newer) {
                if seen.insert(*next) {
                    found.push(*next);
                }
            }
        }
        found
    }

    /// What it takes in memory, in bytes, near enough.
    pub fn bytes(&self) -> usize {
        let plain = self.kinds.capacity()
            + (self.about.capacity() + self.before.capacity() + self.after.capacity()) * 4;
        let marks: usize = self.marks.values().map(|marks| 48 + marks.capacity() * 8).sum();
        let marked: usize = self.marked.values().map(|nodes| 48 + nodes.capacity() * 4).sum();
        plain + self.back.bytes() + self.forth.bytes() + marks + marked
    }
}

/// A set of numbers.
pub(super) struct Bits(Vec<u64>);

impl Bits {
    pub(super) fn new(len: usize) -> Bits {
        Bits(vec![0; len / 64 + 1])
    }

    /// Whether it was not in it before.
    pub(super) fn insert(&mut self, n: u32) -> bool {
        let Some(word) = self.0.get_mut(n as usize / 64) else { return false };
        let bit = 1 << (n % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Whether it was in it.
    pub(super) fn remove(&mut self, n: u32) -> bool {
        let Some(word) = self.0.get_mut(n as usize / 64) else { return false };
        let bit = 1 << (n % 64);
        let there = *word & bit != 0;
        *word &= !bit;
        there
    }

    pub(super) fn contains(&self, n: u32) -> bool {
        self.0.get(n as usize / 64).is_some_and(|word| word & (1 << (n % 64)) != 0)
    }
}
