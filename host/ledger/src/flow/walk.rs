//! The walk: depth first, breadcrumb first, through the gates.

use valueflows::Action;

use super::graph::{Bits, Direction, Graph, NONE, code};

/// One step of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What is there.
    pub node: u32,
    /// From which step it was come to, by its place in the walk; none for the first.
    pub from: Option<u32>,
    /// How many steps from the start.
    pub depth: u32,
    /// Whether only a sign leads there, a tracking identifier or a lot, where what happened is not recorded.
    pub by_mark: bool,
}

/// How a walk goes.
#[derive(Debug, Clone, Copy)]
pub struct Walk {
    /// Where it begins.
    pub start: u32,
    /// Which way.
    pub direction: Direction,
    /// Only what is below this number: the books as they were when there were so many.
    pub below: u32,
    /// At most so many steps.
    pub steps_max: usize,
}

/// What has been seen of a thing that leaves again what it came into: put together and taken apart, handed in for work
/// and given back, fetched and brought.
struct Gates {
    contained: Bits,
    modified: Bits,
    delivered: Bits,
}

// The six actions that open and close gates.
const PICKUP: u8 = code(Action::Pickup);
const DROPOFF: u8 = code(Action::Dropoff);
const ACCEPT: u8 = code(Action::Accept);
const MODIFY: u8 = code(Action::Modify);
const COMBINE: u8 = code(Action::Combine);
const SEPARATE: u8 = code(Action::Separate);

impl Gates {
    fn new(len: usize) -> Gates {
        Gates { contained: Bits::new(len), modified: Bits::new(len), delivered: Bits::new(len) }
    }

    /// Whether a walk may go to an event: what opens a gate always, what closes one only if it was opened.
    fn pass(&mut self, code: u8, about: u32, direction: Direction) -> bool {
        let (pair, opens) = match code {
            SEPARATE => (&mut self.contained, direction == Direction::Trace),
            COMBINE => (&mut self.contained, direction == Direction::Track),
            MODIFY => (&mut self.modified, direction == Direction::Trace),
            ACCEPT => (&mut self.modified, direction == Direction::Track),
            DROPOFF => (&mut self.delivered, direction == Direction::Trace),
            PICKUP => (&mut self.delivered, direction == Direction::Track),
            _ => return true,
        };
        match (opens, about == NONE) {
            // Without a thing there is no pair to wait for.
            (_, true) => true,
            (true, false) => {
                pair.insert(about);
                true
            }
            (false, false) => pair.remove(about),
        }
    }
}

/// A step whose neighbours are gone through.
struct Frame {
    step: u32,
    /// The breadcrumb that is followed: the event before this one on the same thing.
    saved: u32,
    /// It goes first.
    first: u32,
    /// How many neighbours are left.
    left: u32,
    kin: Vec<u32>,
}

impl Graph {
    /// Walks. The first step is the start itself; the second answer is whether the walk came to its end.
    pub fn walk(&self, walk: &Walk) -> (Vec<Step>, bool) {
        let mut steps = Vec::new();
        if walk.start >= walk.below || walk.start as usize >= self.len() || walk.steps_max == 0 {
            return (steps, true);
        }
        let mut seen = Bits::new(self.len());
        let mut gates = Gates::new(self.len());
        seen.insert(walk.start);
        gates.pass(self.code(walk.start), self.about(walk.start), walk.direction);
        steps.push(Step { node: walk.start, from: None, depth: 0, by_mark: false });
        let mut frames = vec![self.frame(walk, &seen, 0, walk.start, NONE)];
        while let Some(frame) = frames.last_mut() {
            let Some(step) = steps.get(frame.step as usize).copied() else { break };
            let Some((node, by_mark)) = self.candidate(walk, step.node, frame) else {
                frames.pop();
                continue;
            };
            if seen.contains(node) || !gates.pass(self.code(node), self.about(node), walk.direction) {
                continue;
            }
            if steps.len() >= walk.steps_max {
                return (steps, false);
            }
            seen.insert(node);
            let (from, saved, at) = (frame.step, frame.saved, steps.len() as u32);
            steps.push(Step { node, from: Some(from), depth: step.depth + 1, by_mark });
            frames.push(self.frame(walk, &seen, at, node, saved));
        }
        (steps, true)
    }

    fn frame(&self, walk: &Walk, seen: &Bits, step: u32, node: u32, saved: u32) -> Frame {
        let (base, newer) = self.next(node, walk.direction);
        let code = self.code(node);
        let saved = if code >= 2 { self.crumb(node, walk.direction) } else { saved };
        let mut frame =
            Frame { step, saved, first: NONE, left: (base.len() + newer.len()) as u32, kin: Vec::new() };
        if saved != NONE && saved < walk.below {
            let is_candidate = base.binary_search(&saved).is_ok() || newer.binary_search(&saved).is_ok();
            let first = self.nth(walk, node, 0);
            if is_candidate || first.is_some_and(|first| self.code(first) == 0 && seen.contains(first)) {
                frame.first = saved;
            }
        }
        if code == 0 && self.is_marked(node) && self.is_end(walk, node, base, newer) {
            let mut kin = self.kin(node, walk.direction);
            kin.retain(|node| *node < walk.below);
            if walk.direction == Direction::Track {
                kin.reverse();
            }
            frame.kin = kin;
        }
        frame
    }

    /// Whether nothing is recorded beyond a thing: what was only counted in came from somewhere.
    fn is_end(&self, walk: &Walk, node: u32, base: &[u32], newer: &[u32]) -> bool {
        let leads_on = |event: &u32| {
            let (base, newer) = self.next(*event, walk.direction);
            *event < walk.below && base.iter().chain(newer).any(|next| *next != node)
        };
        !base.iter().chain(newer).any(leads_on)
    }

    /// The candidates in the order of the direction: newest first on the way back, oldest first on the way on.
    fn nth(&self, walk: &Walk, node: u32, n: usize) -> Option<u32> {
        let (base, newer) = self.next(node, walk.direction);
        let len = base.len() + newer.len();
        let at = match walk.direction {
            Direction::Trace => len.checked_sub(n + 1)?,
            Direction::Track => n,
        };
        base.get(at).or_else(|| newer.get(at.checked_sub(base.len())?)).copied()
    }

    fn candidate(&self, walk: &Walk, node: u32, frame: &mut Frame) -> Option<(u32, bool)> {
        if frame.first != NONE {
            return Some((std::mem::replace(&mut frame.first, NONE), false));
        }
        let (base, newer) = self.next(node, walk.direction);
        let len = (base.len() + newer.len()) as u32;
        while frame.left > 0 {
            let n = len - frame.left;
            frame.left -= 1;
            match self.nth(walk, node, n as usize) {
                Some(next) if next < walk.below => return Some((next, false)),
                _ => {}
            }
        }
        frame.kin.pop().map(|kin| (kin, true))
    }
}
