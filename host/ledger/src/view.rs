//! What a decision may read: records and inverses at one position, and what the batch changed since.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use valueflows::{Class, Id, Prop, Property, Record};

/// Something that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// One record.
    Record(Id),
    /// All records of a class that point at a target with a property.
    Linked(Link),
    /// All records of a class of which there are few: members, what was stopped for safety.
    All(Class),
}

/// A question about inverses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// The class of the records that point.
    pub class: Class,
    /// The property they point with.
    pub prop: Prop,
    /// What they point at.
    pub target: Id,
    /// Only those not finished.
    pub open: bool,
}

impl Link {
    /// Whether a record answers the question.
    pub fn matches(&self, record: &Record) -> bool {
        record.class == self.class
            && (!self.open || record.is_open())
            && record.links().any(|(prop, target)| prop == self.prop && target == self.target)
    }

    /// Of how many the newest are answered, where that is not all of them.
    pub fn newest(&self) -> Option<usize> {
        let row = Property::of(self.class, self.prop)?;
        row.recent.then_some(crate::limits::RECENT_MAX)
    }
}

/// Keys that must be read before a decision can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing(pub Vec<Key>);

/// What was read from the store, all at one position. `None` for a record means: there is none.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    records: HashMap<Id, Option<Arc<Record>>>,
    links: HashMap<Link, Vec<Id>>,
    all: HashMap<Class, Vec<Id>>,
    whole: Option<Whole>,
}

/// What makes a snapshot one of everything there is: what is not in it is nowhere.
#[derive(Debug, Clone, Default)]
struct Whole {
    /// Everything that has ever pointed at a target, oldest first.
    pointing: HashMap<(Class, Prop, Id), Vec<Id>>,
    /// Everything of a class, oldest first.
    classes: HashMap<Class, Vec<Id>>,
    /// The order in which things were made, which is the order of every answer.
    order: HashMap<Id, usize>,
}

impl Whole {
    fn write(&mut self, before: Option<&Record>, record: &Record) {
        if before.is_none() {
            self.classes.entry(record.class).or_default().push(record.id);
            self.order.insert(record.id, self.order.len());
        }
        let known: Vec<(Prop, Id)> = before.map(|before| before.links().collect()).unwrap_or_default();
        for (prop, target) in record.links().filter(|link| !known.contains(link)) {
            let ids = self.pointing.entry((record.class, prop, target)).or_default();
            if !ids.contains(&record.id) {
                ids.push(record.id);
            }
        }
    }
}

impl Snapshot {
    /// Nothing, and all that there is: every question has an answer without reading.
    pub fn whole() -> Snapshot {
        Snapshot { whole: Some(Whole::default()), ..Snapshot::default() }
    }

    /// The records that answered a question about inverses when they were last written.
    fn linked(&self, link: &Link) -> Option<Vec<Id>> {
        match &self.whole {
            None => self.links.get(link).cloned(),
            Some(whole) => {
                let ids = whole.pointing.get(&(link.class, link.prop, link.target));
                let answers = |id: &&Id| {
                    let record = self.records.get(*id).and_then(Option::as_ref);
                    record.is_some_and(|record| link.matches(record))
                };
                let mut found: Vec<Id> = ids.into_iter().flatten().filter(answers).copied().collect();
                found.sort_by_key(|id| whole.order.get(id));
                Some(found)
            }
        }
    }

    fn of_class(&self, class: Class) -> Option<&[Id]> {
        match &self.whole {
            None => self.all.get(&class).map(Vec::as_slice),
            Some(whole) => Some(whole.classes.get(&class).map(Vec::as_slice).unwrap_or_default()),
        }
    }

    /// Takes in a record that was read, or that there is none.
    pub fn know(&mut self, id: Id, record: Option<Record>) {
        self.records.insert(id, record.map(Arc::new));
    }

    /// Takes in the answer to a question about inverses, oldest record first.
    pub fn know_links(&mut self, link: Link, ids: Vec<Id>) {
        self.links.insert(link, ids);
    }

    /// Takes in all records of a class, oldest first.
    pub fn know_all(&mut self, class: Class, ids: Vec<Id>) {
        self.all.insert(class, ids);
    }

    /// Whether a key has been read.
    pub fn knows(&self, key: &Key) -> bool {
        match key {
            _ if self.whole.is_some() => true,
            Key::All(class) => self.all.contains_key(class),
            Key::Record(id) => self.records.contains_key(id),
            Key::Linked(link) => self.links.contains_key(link),
        }
    }

    /// Takes in a record that was written: the answers known about inverses follow.
    fn write(&mut self, record: Arc<Record>) {
        let before = self.records.get(&record.id).cloned().flatten();
        if let Some(whole) = &mut self.whole {
            whole.write(before.as_deref(), &record);
            self.records.insert(record.id, Some(record));
            return;
        }
        let pointed = before.iter().flat_map(|before| before.links());
        for (prop, target) in pointed.chain(record.links()) {
            for open in [false, true] {
                let link = Link { class: record.class, prop, target, open };
                let Some(ids) = self.links.get_mut(&link) else { continue };
                match (ids.contains(&record.id), link.matches(&record)) {
                    // One of the newest goes: what is the newest before them was not read.
                    (true, false) if link.newest().is_some() => drop(self.links.remove(&link)),
                    (true, false) => ids.retain(|id| *id != record.id),
                    // A new record is the newest. An old one belongs somewhere between: read it again.
                    (false, true) if record.version == 1 => {
                        ids.push(record.id);
                        if link.newest().is_some_and(|newest| ids.len() > newest) {
                            ids.remove(0);
                        }
                    }
                    (false, true) => drop(self.links.remove(&link)),
                    _ => {}
                }
            }
        }
        if let Some(ids) = self.all.get_mut(&record.class)
            && !ids.contains(&record.id)
        {
            ids.push(record.id);
        }
        self.records.insert(record.id, Some(record));
    }
}

/// Records changed since the snapshot, in the order of first touch, with an index of what they point at.
#[derive(Debug, Clone, Default)]
struct Overlay {
    records: HashMap<Id, Arc<Record>>,
    order: Vec<Id>,
    pointing: HashMap<(Prop, Id), Vec<Id>>,
    /// Those of them that were not there before.
    made: HashSet<Id>,
}

impl Overlay {
    /// What was changed, and whether it was made here.
    fn into_ordered(self) -> impl Iterator<Item = (Arc<Record>, bool)> {
        let Overlay { mut records, order, made, .. } = self;
        order.into_iter().filter_map(move |id| Some((records.remove(&id)?, made.contains(&id))))
    }
}

/// A snapshot with changes on top: those of batches that are being written at the bottom, then those of
/// the batch that is being decided, then those of the command that is being decided.
#[derive(Debug)]
pub struct View {
    snapshot: Snapshot,
    layers: Vec<Overlay>,
    reads: RefCell<BTreeMap<Id, Option<Arc<Record>>>>,
}

impl Default for View {
    fn default() -> View {
        View::over(Snapshot::default())
    }
}

impl View {
    /// A view with nothing on top.
    pub fn over(snapshot: Snapshot) -> View {
        View { snapshot, layers: vec![Overlay::default()], reads: RefCell::default() }
    }

    /// Begins a batch on top of those that are being written.
    pub fn begin(&mut self) {
        self.layers.push(Overlay::default());
    }

    /// The oldest batch has been written: its changes are part of the snapshot from here on.
    pub fn land(&mut self) {
        // The lowest layer is nobody's batch.
        if self.layers.len() > 1 {
            self.layers.remove(1).into_ordered().for_each(|(record, _)| self.snapshot.write(record));
        }
    }

    /// A record as it was when the batch began.
    pub fn before(&self, id: Id) -> Option<Arc<Record>> {
        let below = self.layers.split_last().map_or(&[][..], |(_, below)| below);
        let changed = below.iter().rev().find_map(|layer| layer.records.get(&id)).cloned();
        changed.or_else(|| self.snapshot.records.get(&id).cloned().flatten())
    }

    /// How many records and answers are kept.
    pub fn size(&self) -> usize {
        let listed = self.snapshot.links.values().chain(self.snapshot.all.values());
        self.snapshot.records.len() + listed.map(|ids| 1 + ids.len()).sum::<usize>()
    }

    /// The snapshot, to take in more reads.
    pub fn snapshot_mut(&mut self) -> &mut Snapshot {
        &mut self.snapshot
    }

    /// Opens a layer that [`View::drop_layer`] can throw away.
    pub fn open_layer(&mut self) {
        self.layers.push(Overlay::default());
    }

    /// Throws the top layer away.
    pub fn drop_layer(&mut self) {
        if self.layers.len() > 1 {
            self.layers.pop();
        }
    }

    /// Merges the top layer into the one below.
    pub fn merge_layer(&mut self) {
        if self.layers.len() > 1
            && let Some(top) = self.layers.pop()
        {
            top.into_ordered().for_each(|(record, made)| self.put_shared(record, made));
        }
    }

    /// Puts a new or changed record on top.
    pub fn put(&mut self, record: Record) {
        let made = record.version == 1;
        self.put_shared(Arc::new(record), made);
    }

    fn put_shared(&mut self, record: Arc<Record>, made: bool) {
        let Some(top) = self.layers.last_mut() else { return };
        if made {
            top.made.insert(record.id);
        }
        for (prop, target) in record.links() {
            let ids = top.pointing.entry((prop, target)).or_default();
            if !ids.contains(&record.id) {
                ids.push(record.id);
            }
        }
        let id = record.id;
        if top.records.insert(id, record).is_none() {
            top.order.push(id);
        }
    }

    /// Whether a key can be answered without reading.
    pub fn knows(&self, key: &Key) -> bool {
        self.snapshot.knows(key)
            || matches!(key, Key::Record(id) if self.layers.iter().any(|layer| layer.records.contains_key(id)))
    }

    /// Names every key that is not known yet, all at once, so that one round of reading serves them.
    pub fn require(&self, keys: &[Key]) -> Result<(), Missing> {
        let missing: BTreeSet<Key> = keys.iter().filter(|key| !self.knows(key)).copied().collect();
        if missing.is_empty() { Ok(()) } else { Err(Missing(missing.into_iter().collect())) }
    }

    /// A record, `None` if there is none; the read is noted.
    pub fn record(&self, id: Id) -> Result<Option<Arc<Record>>, Missing> {
        let found = match self.lookup(id) {
            Some(found) => found,
            None => return Err(Missing(vec![Key::Record(id)])),
        };
        // What a command reads first is its input; what it then reads of its own making is not.
        self.reads.borrow_mut().entry(id).or_insert_with(|| found.clone());
        Ok(found)
    }

    /// A record that is known to be there, without noting a read: for guessing what to read next.
    pub fn peek(&self, id: Id) -> Option<Arc<Record>> {
        self.lookup(id).flatten()
    }

    fn lookup(&self, id: Id) -> Option<Option<Arc<Record>>> {
        match self.layers.iter().rev().find_map(|layer| layer.records.get(&id)) {
            Some(record) => Some(Some(record.clone())),
            None if self.snapshot.whole.is_some() => Some(self.snapshot.records.get(&id).cloned().flatten()),
            None => self.snapshot.records.get(&id).cloned(),
        }
    }

    /// The ids that answer a question about inverses: those of the snapshot first, then newer ones; of them the newest,
    /// where [`Link::newest`] says so.
    pub fn linked_ids(&self, link: Link) -> Result<Vec<Id>, Missing> {
        let base = self.snapshot.linked(&link).ok_or_else(|| Missing(vec![Key::Linked(link)]))?;
        let changed = |id: &Id| self.layers.iter().rev().find_map(|layer| layer.records.get(id));
        let mut ids: Vec<Id> =
            base.into_iter().filter(|id| changed(id).is_none_or(|record| link.matches(record))).collect();
        let newest = link.newest();
        // What was there before and is not among the newest does not become new when a word of it is changed.
        let counts = |id: &Id| newest.is_none() || self.layers.iter().any(|layer| layer.made.contains(id));
        for layer in &self.layers {
            for id in layer.pointing.get(&(link.prop, link.target)).into_iter().flatten() {
                if !ids.contains(id) && counts(id) && changed(id).is_some_and(|record| link.matches(record)) {
                    ids.push(*id);
                }
            }
        }
        let skipped = newest.map_or(0, |newest| ids.len().saturating_sub(newest));
        Ok(ids.split_off(skipped))
    }

    /// All records of a class: those of the snapshot first, then newer ones.
    pub fn all(&self, class: Class) -> Result<Vec<Arc<Record>>, Missing> {
        let base = self.snapshot.of_class(class).ok_or_else(|| Missing(vec![Key::All(class)]))?;
        let known: HashSet<&Id> = base.iter().collect();
        let mut ids: Vec<Id> = base.to_vec();
        for layer in &self.layers {
            let made = layer.order.iter().filter(|id| {
                layer.records.get(id).is_some_and(|record| record.class == class) && !known.contains(id)
            });
            for id in made {
                if !ids.get(base.len()..).is_some_and(|newer| newer.contains(id)) {
                    ids.push(*id);
                }
            }
        }
        self.read_each(ids)
    }

    /// The records that answer a question about inverses.
    pub fn linked(&self, link: Link) -> Result<Vec<Arc<Record>>, Missing> {
        self.read_each(self.linked_ids(link)?)
    }

    fn read_each(&self, ids: Vec<Id>) -> Result<Vec<Arc<Record>>, Missing> {
        self.require(&ids.iter().map(|id| Key::Record(*id)).collect::<Vec<_>>())?;
        let mut records = Vec::with_capacity(ids.len());
        for id in ids {
            records.extend(self.record(id)?);
        }
        Ok(records)
    }

    /// Starts a new list of reads.
    pub fn forget_reads(&self) {
        self.reads.borrow_mut().clear();
    }

    /// What was read since, as it was when it was first read; `None`: there was none.
    pub fn reads(&self) -> BTreeMap<Id, Option<Arc<Record>>> {
        self.reads.borrow().clone()
    }
}
