//! Of an answer that only ever grows the newest are told: the same whether they are read from a store, kept in mind since,
//! or found among everything there is.

use ledger::limits::RECENT_MAX;
use ledger::{Key, Link, Snapshot, View};
use proptest::prelude::*;
use std::collections::BTreeSet;
use valueflows::{Action, Class, Fields, Id, Prop, Record, Value};

const GIVER: Id = Id([1; 16]);
const LINK: Link = Link { class: Class::EconomicEvent, prop: Prop::Provider, target: GIVER, open: false };

/// What happens next to the books.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// Somebody gives something, in the books for good or in a layer that may be thrown away.
    Give,
    /// A word of an older event is changed: of how many it is the newest but so many.
    Revise(usize),
    Open,
    Merge,
    Drop,
    /// The batch is written: what was on top is what there is.
    Land,
    /// A node starts again, with nothing in mind.
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let one = prop_oneof![
        5 => Just(Step::Give),
        3 => (0..RECENT_MAX + 20).prop_map(Step::Revise),
        2 => Just(Step::Open),
        1 => Just(Step::Merge),
        1 => Just(Step::Drop),
        2 => Just(Step::Land),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(one, 1..80)
}

fn event(n: usize, version: u32) -> Record {
    let mut id = [9; 16];
    id[..8].copy_from_slice(&(n as u64).to_be_bytes());
    let fields =
        Fields::new().with(Prop::Action, Value::Action(Action::Work)).with(Prop::Provider, Value::Ref(GIVER));
    let mut record = Record::new(Id(id), Class::EconomicEvent, fields);
    record.version = version;
    record
}

/// The books: versions of events that are written, and layers on top of them.
struct Books {
    written: Vec<u32>,
    layers: Vec<Vec<(usize, u32)>>,
}

impl Books {
    fn now(&self) -> Vec<u32> {
        let mut now = self.written.clone();
        for (n, version) in self.layers.iter().flatten() {
            if *n == now.len() { now.push(*version) } else { now[*n] = *version }
        }
        now
    }

    /// What a store answers: the newest of what is written.
    fn read(&self, view: &mut View) {
        let newest = self.written.len().saturating_sub(RECENT_MAX)..self.written.len();
        for n in newest.clone() {
            view.snapshot_mut().know(event(n, 1).id, Some(event(n, self.written[n])));
        }
        view.snapshot_mut().know_links(LINK, newest.map(|n| event(n, 1).id).collect());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_newest_are_the_newest_however_they_are_known(there in RECENT_MAX - 5..RECENT_MAX + 25, steps in steps()) {
        let mut books = Books { written: vec![1; there], layers: vec![Vec::new()] };
        let mut view = View::default();
        view.begin();
        let mut whole = Snapshot::whole();
        for step in steps {
            let now = books.now();
            match step {
                Step::Give => {
                    view.put(event(now.len(), 1));
                    books.layers.last_mut().unwrap().push((now.len(), 1));
                }
                Step::Revise(back) => {
                    let n = now.len().saturating_sub(back + 1);
                    view.put(event(n, now[n] + 1));
                    books.layers.last_mut().unwrap().push((n, now[n] + 1));
                }
                Step::Open => {
                    view.open_layer();
                    books.layers.push(Vec::new());
                }
                Step::Merge if books.layers.len() > 1 => {
                    view.merge_layer();
                    let top = books.layers.pop().unwrap();
                    books.layers.last_mut().unwrap().extend(top);
                }
                Step::Drop if books.layers.len() > 1 => {
                    view.drop_layer();
                    books.layers.pop();
                }
                Step::Land if books.layers.len() == 1 => {
                    books.written = now;
                    books.layers = vec![Vec::new()];
                    view.land();
                    view.begin();
                }
                Step::Restart if books.layers == [vec![]] => {
                    view = View::default();
                    view.begin();
                }
                _ => {}
            }
            if !view.knows(&Key::Linked(LINK)) {
                books.read(&mut view);
            }
            let there = books.now().len();
            let newest: Vec<Id> = (there.saturating_sub(RECENT_MAX)..there).map(|n| event(n, 1).id).collect();
            prop_assert_eq!(view.linked_ids(LINK).unwrap(), newest);
        }
        // And among everything there is.
        for (n, version) in books.now().into_iter().enumerate() {
            let mut all = View::over(std::mem::take(&mut whole));
            all.begin();
            all.put(event(n, 1));
            all.put(event(n, version));
            all.land();
            whole = std::mem::take(all.snapshot_mut());
        }
        let there = books.now().len();
        let newest: BTreeSet<Id> = (there.saturating_sub(RECENT_MAX)..there).map(|n| event(n, 1).id).collect();
        let found: BTreeSet<Id> = View::over(whole).linked_ids(LINK).unwrap().into_iter().collect();
        prop_assert_eq!(found, newest);
    }
}
