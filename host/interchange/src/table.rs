//! Tables as people keep them, in CSV: members, things, open loans, balances. Names are what holds them
//! together: a loan names its thing and its member as the other tables, or the network, call them.
//!
//! A row is one or a few acts. What is in the network already under the same name is left as it is; what
//! this very file brought is planned again as it was, so that its commands are found in the journal.

use std::collections::{BTreeSet, HashMap};

use valueflows::{Action, Class, Decimal, Fields, Id, Instant, Measure, Prop, Said, Value, said};

use crate::error::{Fault, Note, Remark};
use crate::limits::{ACTS_MAX, FAULTS_MAX};
use crate::plan::{Part, Place, Plan, Step, command, start};
use crate::times;
use crate::tree::short;

/// Which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// `name`; `roles`, `training` (several with `;`).
    Members,
    /// `name`; `kind`, `owner`, `quantity`, `unit`, `tracking`, `note`, `offer` (`yes`).
    Things,
    /// `thing`, `member`, `until`.
    Loans,
    /// `member`, `amount`, `unit`; `name`.
    Balances,
}

/// Columns that a table needs, and those that it may have.
type Columns = (&'static [&'static str], &'static [&'static str]);

impl Table {
    /// The table with this name.
    pub fn named(name: &str) -> Option<Table> {
        match name {
            "members" => Some(Table::Members),
            "things" => Some(Table::Things),
            "loans" => Some(Table::Loans),
            "balances" => Some(Table::Balances),
            _ => None,
        }
    }

    fn columns(self) -> Columns {
        match self {
            Table::Members => (&["name"], &["roles", "training"]),
            Table::Things => (&["name"], &["kind", "owner", "quantity", "unit", "tracking", "note", "offer"]),
            Table::Loans => (&["thing", "member", "until"], &[]),
            Table::Balances => (&["member", "amount", "unit"], &["name"]),
        }
    }
}

/// The IRIs of the loans that a table names, as far as its things and members are known: what has to be
/// asked for before it is planned.
pub fn loans(file: &[u8], table: Table, renamed: &HashMap<String, String>, place: &Place) -> Vec<String> {
    if table != Table::Loans {
        return Vec::new();
    }
    let Ok((rows, _)) = rows(file, table, renamed) else { return Vec::new() };
    let iri = |row: &Row| {
        let thing = place.things.get(row.get("thing")?)?.id;
        let member = *place.members.get(row.get("member")?)?;
        Some(loan_iri(thing, member, date(row.get("until")?).ok()?))
    };
    rows.iter().filter_map(iri).collect()
}

/// What a loan is called elsewhere: by its thing, who has it, and until when.
fn loan_iri(thing: Id, member: Id, until: Instant) -> String {
    format!("urn:reflow:loan:{thing}:{member}:{}", until.0)
}

struct Row {
    line: usize,
    cells: HashMap<&'static str, String>,
}

impl Row {
    fn get(&self, name: &str) -> Option<&str> {
        self.cells.get(name).map(String::as_str).filter(|cell| !cell.is_empty())
    }

    fn list(&self, name: &str) -> Vec<String> {
        let cell = self.get(name).unwrap_or_default();
        cell.split(';').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
    }
}

/// Reads the rows; `renamed` says under which header a column stands where it is not its own name.
fn rows(
    file: &[u8],
    table: Table,
    renamed: &HashMap<String, String>,
) -> Result<(Vec<Row>, Vec<Note>), Vec<Fault>> {
    // Lines end as they do on every machine, so that the line of a row is the one that its keeper sees.
    // What is no text is left to the reader, which says where it is.
    let text = std::str::from_utf8(file).map(|text| text.replace("\r\n", "\n").replace('\r', "\n"));
    let file = text.as_ref().map_or(file, |text| text.as_bytes());
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
    let broken = |error: &csv::Error| {
        let line = error.position().and_then(|at| usize::try_from(at.line()).ok()).unwrap_or_default();
        vec![Fault::new(line, said!("no-csv", "this cannot be read as CSV: {}", error))]
    };
    let headers = reader.headers().map_err(|error| broken(&error))?.clone();
    let (needed, optional) = table.columns();
    let mut places: HashMap<&'static str, usize> = HashMap::new();
    let mut faults = Vec::new();
    for name in needed.iter().chain(optional) {
        let header = renamed.get(*name).map_or(*name, String::as_str);
        match headers
            .iter()
            .position(|known| known.trim_start_matches('\u{feff}').eq_ignore_ascii_case(header))
        {
            Some(at) => drop(places.insert(*name, at)),
            None if needed.contains(name) || renamed.contains_key(*name) => {
                let reason = said!(
                    "no-column",
                    "there is no column `{}`; say with `--column {}=HEADER` where it stands",
                    short(header),
                    name
                );
                faults.push(Fault::new(1, reason));
            }
            None => {}
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let used: BTreeSet<usize> = places.values().copied().collect();
    let unread = headers.iter().enumerate().filter(|(at, _)| !used.contains(at));
    let notes = unread
        .map(|(_, header)| Note::new(1, Remark::LeftOut, said!("column", "the column `{}`", short(header))))
        .collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| broken(&error))?;
        let line = record.position().and_then(|at| usize::try_from(at.line()).ok()).unwrap_or_default();
        let cell = |at: &usize| record.get(*at).unwrap_or_default().to_owned();
        rows.push(Row { line, cells: places.iter().map(|(name, at)| (*name, cell(at))).collect() });
    }
    Ok((rows, notes))
}

struct Planning<'a> {
    file: &'a [u8],
    place: &'a Place,
    own: BTreeSet<Vec<u8>>,
    parts: Vec<Part>,
    made: u32,
    /// What this file brought so far, by name.
    members: HashMap<String, Id>,
    things: HashMap<String, Id>,
    kinds: HashMap<String, Id>,
    notes: Vec<Note>,
    faults: Vec<Fault>,
}

/// Plans what a table comes to in a network.
pub fn plan(
    file: &[u8],
    table: Table,
    renamed: &HashMap<String, String>,
    place: &Place,
) -> Result<Plan, Vec<Fault>> {
    let (rows, notes) = rows(file, table, renamed)?;
    let parts_max = rows.len() * 4 / ACTS_MAX + 2;
    let mut planning = Planning {
        file,
        place,
        own: (0..parts_max).map(|part| start(command(file, part))).collect(),
        parts: Vec::new(),
        made: 0,
        members: HashMap::new(),
        things: HashMap::new(),
        kinds: HashMap::new(),
        notes,
        faults: Vec::new(),
    };
    for row in &rows {
        let taken = match table {
            Table::Members => planning.member(row),
            Table::Things => planning.thing(row),
            Table::Loans => planning.loan(row),
            Table::Balances => planning.balance(row),
        };
        if let Err(reason) = taken
            && planning.faults.len() < FAULTS_MAX
        {
            planning.faults.push(Fault::new(row.line, reason));
        }
    }
    match planning.faults.is_empty() {
        true => Ok(Plan { parts: planning.parts, notes: planning.notes }),
        false => Err(planning.faults),
    }
}

impl Planning<'_> {
    /// Room for the acts of one row, which stand in one command.
    fn room(&mut self, acts: usize) {
        let full = self.parts.last().is_none_or(|part| part.steps.len() + acts > ACTS_MAX);
        if full {
            self.parts.push(Part { command: command(self.file, self.parts.len()), steps: Vec::new() });
            self.made = 0;
        }
    }

    /// Adds an act; the id of the `n`-th record that it makes.
    fn add(&mut self, step: Step, n: u32) -> Id {
        let makes = step.makes();
        let Some(part) = self.parts.last_mut() else { return Id::default() };
        let id = Id::record(self.place.network, part.command, self.made + n);
        self.made += makes;
        part.steps.push(step);
        id
    }

    /// Something of the network that this file did not bring.
    fn here(&self, id: Option<&Id>) -> Option<Id> {
        id.copied().filter(|id| !self.own.contains(&start(*id)))
    }

    fn known(&mut self, line: usize, name: &str) {
        let text = said!("here-already", "`{}` is here already", short(name));
        self.notes.push(Note::new(line, Remark::Known, text));
    }

    fn member_named(&self, name: &str) -> Result<Id, Said> {
        let found = self.members.get(name).or(self.place.members.get(name));
        found
            .copied()
            .ok_or_else(|| said!("nobody", "nobody called `{}` belongs to this network", short(name)))
    }

    fn unit(&self, row: &Row) -> Result<Id, Said> {
        let label = row.get("unit").unwrap_or("piece");
        let found = self.place.units.get(label).map(|unit| unit.id);
        found.ok_or_else(|| {
            said!("no-unit", "there is no unit `{}` in this network; write it down first", short(label))
        })
    }

    fn amount(&self, row: &Row, column: &str) -> Result<Value, Said> {
        let text = row.get(column).unwrap_or("1");
        let value: Decimal = text
            .parse()
            .map_err(|_| said!("no-amount", "`{}` is no amount such as 12 or 0.5", short(text)))?;
        Ok(Value::Measure(Measure { value, unit: self.unit(row)? }))
    }

    fn member(&mut self, row: &Row) -> Result<(), Said> {
        let name = row
            .get("name")
            .ok_or_else(|| {
                said!("no-name", "a member has a name: write it under `name`, or take the line out")
            })?
            .to_owned();
        if self.here(self.place.members.get(&name)).is_some() || self.members.contains_key(&name) {
            self.known(row.line, &name);
            return Ok(());
        }
        let trainings = row.list("training");
        self.room(1 + trainings.len());
        let member =
            self.add(Step::Admit { name: name.clone(), roles: row.list("roles"), line: row.line }, 0);
        for training in trainings {
            self.add(Step::Train { member, training, line: row.line }, 0);
        }
        self.members.insert(name, member);
        Ok(())
    }

    fn thing(&mut self, row: &Row) -> Result<(), Said> {
        let name = row.get("name").ok_or_else(|| said!("thing-no-name", "a thing has a name"))?.to_owned();
        let before = self.place.things.get(&name).map(|thing| thing.id);
        if self.here(before.as_ref()).is_some() || self.things.contains_key(&name) {
            self.known(row.line, &name);
            return Ok(());
        }
        let owner = match row.get("owner") {
            Some(owner) => self.member_named(owner)?,
            None => {
                let nobodys = || said!("no-owner", "say whose it is in the column `owner`");
                self.place.house.ok_or_else(nobodys)?
            }
        };
        let amount = self.amount(row, "quantity")?;
        self.room(3);
        let mut resource = Fields::new().with(Prop::Name, Value::Text(name.clone()));
        if let Some(kind) = row.get("kind") {
            resource.set(Prop::ConformsTo, Value::Ref(self.kind(kind, row.line)));
        }
        for (column, prop) in [("tracking", Prop::TrackingIdentifier), ("note", Prop::Note)] {
            if let Some(text) = row.get(column) {
                resource.set(prop, Value::Text(text.to_owned()));
            }
        }
        let event = parties(Action::Raise, owner, owner).with(Prop::ResourceQuantity, amount.clone());
        let thing = self.add(Step::Record { event, resource, line: row.line }, 1);
        self.things.insert(name.clone(), thing);
        let offered = row
            .get("offer")
            .is_some_and(|offer| matches!(offer.to_lowercase().as_str(), "yes" | "y" | "true" | "1" | "x"));
        if offered {
            let proposal = Fields::new()
                .with(Prop::Purpose, Value::Text("offer".to_owned()))
                .with(Prop::Name, Value::Text(name));
            let intent = Fields::new()
                .with(Prop::Action, Value::Action(Action::TransferCustody))
                .with(Prop::Provider, Value::Ref(owner))
                .with(Prop::ResourceInventoriedAs, Value::Ref(thing))
                .with(Prop::ResourceQuantity, amount);
            self.add(Step::Offer { proposal, intent, line: row.line }, 1);
        }
        Ok(())
    }

    fn kind(&mut self, name: &str, line: usize) -> Id {
        let known = self.kinds.get(name).copied().or_else(|| self.here(self.place.kinds.get(name)));
        if let Some(kind) = known {
            return kind;
        }
        let fields = Fields::new().with(Prop::Name, Value::Text(name.to_owned()));
        let kind = self.add(Step::Define { fields, line }, 0);
        self.kinds.insert(name.to_owned(), kind);
        kind
    }

    /// A thing that somebody has, and until when: told of, not witnessed, and due like any other.
    fn loan(&mut self, row: &Row) -> Result<(), Said> {
        let name =
            row.get("thing").ok_or_else(|| said!("loan-no-thing", "a loan names its thing"))?.to_owned();
        let thing = self.place.things.get(&name);
        let unknown = || said!("nothing", "nothing called `{}` is written down here", short(&name));
        let thing = thing.ok_or_else(unknown)?.clone();
        let member = row.get("member");
        let member = member.ok_or_else(|| said!("loan-no-member", "a loan names who has the thing"))?;
        let member = self.member_named(member)?;
        let until = row.get("until").ok_or_else(|| said!("loan-no-until", "a loan says until when"))?;
        let until = date(until)?;
        let owner = thing.fields.id(Prop::PrimaryAccountable);
        let owner = owner.ok_or_else(|| said!("thing-nobodys", "the thing belongs to nobody"))?;
        let holder = thing.fields.id(Prop::Custodian).unwrap_or(owner);
        let iri = loan_iri(thing.id, member, until);
        let before = self.place.known.get(&iri).map(|known| known.id);
        if self.here(before.as_ref()).is_some() {
            self.known(row.line, &name);
            return Ok(());
        }
        // What this very file handed over is out because of it.
        let own = before.is_some_and(|id| self.own.contains(&start(id)));
        if holder != owner && !own {
            return Err(said!("thing-out", "`{}` is out already", short(&name)));
        }
        let uncounted = || said!("thing-uncounted", "nobody knows how much of it there is");
        let quantity = thing.fields.quantity(Prop::OnhandQuantity).ok_or_else(uncounted)?;
        let one = Value::Measure(Measure { value: Decimal::new(1, 0), unit: quantity.unit });
        self.room(3);
        let line = row.line;
        let agreement = Fields::new()
            .with(Prop::SameAs, Value::Text(iri))
            .with(Prop::Provider, Value::Ref(owner))
            .with(Prop::Receiver, Value::Ref(member))
            .with(Prop::ResourceInventoriedAs, Value::Ref(thing.id));
        let agreement = self.add(Step::Report { class: Class::Agreement, fields: agreement, line }, 0);
        let out = parties(Action::TransferCustody, owner, member)
            .with(Prop::ResourceInventoriedAs, Value::Ref(thing.id))
            .with(Prop::ToResourceInventoriedAs, Value::Ref(thing.id))
            .with(Prop::ResourceQuantity, one.clone())
            .with(Prop::RealizationOf, Value::Ref(agreement));
        self.add(Step::Report { class: Class::EconomicEvent, fields: out, line }, 0);
        let back = parties(Action::TransferCustody, member, owner)
            .with(Prop::ResourceInventoriedAs, Value::Ref(thing.id))
            .with(Prop::ResourceQuantity, one)
            .with(Prop::ResourceClassifiedAs, Value::Texts(vec!["return".to_owned()]))
            .with(Prop::ClauseOf, Value::Ref(agreement))
            .with(Prop::Due, Value::Instant(until));
        self.add(Step::Report { class: Class::Commitment, fields: back, line }, 0);
        Ok(())
    }

    /// What somebody holds of a currency or a credit: a resource of theirs.
    fn balance(&mut self, row: &Row) -> Result<(), Said> {
        let who = row
            .get("member")
            .ok_or_else(|| said!("balance-no-member", "a balance names whose it is"))?
            .to_owned();
        let member = self.member_named(&who)?;
        let unit = row.get("unit").unwrap_or_default();
        let name = row.get("name").map_or_else(|| format!("{who}, {unit}"), str::to_owned);
        let before = self.place.things.get(&name).map(|thing| thing.id);
        if self.here(before.as_ref()).is_some() || self.things.contains_key(&name) {
            self.known(row.line, &name);
            return Ok(());
        }
        let amount = self.amount(row, "amount")?;
        self.room(1);
        let event = parties(Action::Raise, member, member).with(Prop::ResourceQuantity, amount);
        let resource = Fields::new().with(Prop::Name, Value::Text(name.clone()));
        let account = self.add(Step::Record { event, resource, line: row.line }, 1);
        self.things.insert(name, account);
        Ok(())
    }
}

fn parties(action: Action, provider: Id, receiver: Id) -> Fields {
    Fields::new()
        .with(Prop::Action, Value::Action(action))
        .with(Prop::Provider, Value::Ref(provider))
        .with(Prop::Receiver, Value::Ref(receiver))
}

/// A day, which ends at midnight in UTC, or a time with its offset.
fn date(text: &str) -> Result<Instant, Said> {
    let whole = if text.len() == 10 { format!("{text}T23:59:59Z") } else { text.to_owned() };
    let read = times::read(&whole).map(|(at, _)| at);
    read.ok_or_else(|| said!("no-day", "`{}` is no day such as 2027-01-31", short(text)))
}
