//! Reports from the books, as their reader sees them: what is in stock, what money came in and went out, what was
//! promised beside what was done, and who did how much. Each is a sum over records that the reader may see, at one
//! position, and says nothing that the records do not.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use ledger::{Link, done};
use valueflows::action::QuantityEffect;
use valueflows::{Action, Class, Id, Instant, Prop, Quantity, Record};

use crate::error::Rejection;
use crate::limits::REPORT_ROWS;
use crate::reader::Reader;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Per {
    /// From midnight to midnight, where the network lives.
    Day,
    /// From Monday.
    Week,
    /// From the first.
    #[default]
    Month,
    /// From New Year.
    Year,
}

impl Per {
    const ALL: [Per; 4] = [Per::Day, Per::Week, Per::Month, Per::Year];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Per::Day => "day",
            Per::Week => "week",
            Per::Month => "month",
            Per::Year => "year",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Per> {
        Per::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// Everything that is there, with whom it belongs to and who has it.
    Stock,
    /// What an agent took in and paid out in a unit, period by period, with a running balance.
    CashFlow {
        /// Whose.
        agent: Id,
        /// The unit's label.
        unit: String,
        /// How long a period is.
        per: Per,
    },
    /// What was promised and what was done of it; of one plan, if one is named.
    PlanAndActual {
        /// The plan.
        plan: Option<Id>,
    },
    /// What each agent gave, by what was done and in what it is counted.
    Contributions,
}

impl Report {
    /// Its name, as it is asked for.
    pub fn name(&self) -> &'static str {
        match self {
            Report::Stock => "stock",
            Report::CashFlow { .. } => "cash-flow",
            Report::PlanAndActual { .. } => "plan-and-actual",
            Report::Contributions => "contributions",
        }
    }
}

/// From when to when something happened; whatever is not said is open.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// Not before.
    pub from: Option<Instant>,
    /// Before.
    pub to: Option<Instant>,
}

/// What stands in a field of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// An exact decimal, as text.
    Number(String),
    /// A time.
    Time(Instant),
    /// Yes or no.
    Flag(bool),
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What its columns are called.
    pub columns: &'static [&'static str],
    /// Its rows, a cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

impl Span {
    fn holds(&self, at: Instant) -> bool {
        self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at < to)
    }
}

/// When an event happened: at its point in time, or when it ended.
fn happened(event: &Record) -> Instant {
    let times = [Prop::HasPointInTime, Prop::HasEnd, Prop::HasBeginning, Prop::Created];
    times.into_iter().find_map(|prop| event.fields.instant(prop)).unwrap_or(Instant(0))
}

/// The start of the period that an instant lies in, as a day.
fn period(at: Instant, per: Per, zone: &TimeZone) -> Option<String> {
    let day: Zoned = Timestamp::from_microsecond(at.0).ok()?.to_zoned(zone.clone());
    let date = day.date();
    let first = match per {
        Per::Day => date,
        Per::Week => date.checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days()).ok()?,
        Per::Month => date.first_of_month(),
        Per::Year => date.first_of_year(),
    };
    Some(first.to_string())
}

/// The id of what a record points at: two may have one name.
fn identified(record: &Record, prop: Prop) -> Cell {
    record.fields.id(prop).map_or(Cell::Empty, |id| Cell::Text(id.to_string()))
}

impl Reader {
    /// Makes a report.
    pub async fn sheet(&mut self, report: &Report, span: Span) -> Result<Sheet, Rejection> {
        match report {
            Report::Stock => self.stock().await,
            Report::CashFlow { agent, unit, per } => self.cash_flow((*agent, unit, *per), span).await,
            Report::PlanAndActual { plan } => self.plan_and_actual(*plan).await,
            Report::Contributions => self.contributions(span).await,
        }
    }

    async fn named(&mut self, record: &Record, prop: Prop) -> Result<Cell, Rejection> {
        Ok(match record.fields.id(prop) {
            Some(id) => Cell::Text(self.title(id).await?),
            None => Cell::Empty,
        })
    }

    async fn number(&mut self, quantity: Option<Quantity>) -> Result<Cell, Rejection> {
        Ok(match quantity {
            Some(quantity) => Cell::Number(quantity.decimal(self.decimals(quantity.unit).await?).to_string()),
            None => Cell::Empty,
        })
    }

    async fn unit(&mut self, quantity: Option<Quantity>) -> Result<Cell, Rejection> {
        Ok(match quantity.filter(|quantity| quantity.unit != valueflows::NO_UNIT) {
            Some(quantity) => Cell::Text(self.title(quantity.unit).await?),
            None => Cell::Empty,
        })
    }

    async fn stock(&mut self) -> Result<Sheet, Rejection> {
        let mut rows = Vec::new();
        for thing in self.every(Class::EconomicResource).await? {
            let (owned, there) = (
                thing.fields.quantity(Prop::AccountingQuantity),
                thing.fields.quantity(Prop::OnhandQuantity),
            );
            rows.push(vec![
                Cell::Text(thing.id.to_string()),
                Cell::Text(thing.title()),
                self.named(&thing, Prop::ConformsTo).await?,
                self.number(owned).await?,
                self.number(there).await?,
                self.unit(owned.or(there)).await?,
                self.named(&thing, Prop::PrimaryAccountable).await?,
                self.named(&thing, Prop::Custodian).await?,
                self.named(&thing, Prop::CurrentLocation).await?,
                self.named(&thing, Prop::ContainedIn).await?,
                self.named(&thing, Prop::Stage).await?,
                thing.fields.text(Prop::State).map_or(Cell::Empty, |state| Cell::Text(state.to_owned())),
                identified(&thing, Prop::PrimaryAccountable),
                identified(&thing, Prop::Custodian),
            ]);
        }
        let columns = &[
            "id",
            "name",
            "conformsTo",
            "accountingQuantity",
            "onhandQuantity",
            "unit",
            "primaryAccountable",
            "custodian",
            "currentLocation",
            "containedIn",
            "stage",
            "state",
            "primaryAccountableId",
            "custodianId",
        ];
        Ok(Sheet { columns, rows })
    }

    async fn cash_flow(
        &mut self,
        (agent, unit, per): (Id, &str, Per),
        span: Span,
    ) -> Result<Sheet, Rejection> {
        let columns = &["period", "in", "out", "net", "balance", "unit"];
        let home = self.rules.home.clone();
        let units = self.every(Class::Unit).await?;
        let unit = units.iter().find(|known| known.fields.text(Prop::Label) == Some(unit));
        let Some(unit) = unit else { return Ok(Sheet { columns, rows: Vec::new() }) };
        let mut opening = 0i64;
        let mut periods: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        for event in self.every(Class::EconomicEvent).await? {
            let row = event.fields.action().and_then(|action| home.own.row(action).ok());
            let gives = row.is_some_and(|row| row.accounting == QuantityEffect::DecrementIncrement);
            let Some(quantity) = event.fields.quantity(Prop::ResourceQuantity) else { continue };
            let (from, to) = (event.fields.id(Prop::Provider), event.fields.id(Prop::Receiver));
            if !gives || quantity.unit != unit.id || from == to {
                continue;
            }
            let (came, went) = (to == Some(agent), from == Some(agent));
            let at = happened(&event);
            if span.from.is_some_and(|from| at < from) {
                opening += i64::from(came) * quantity.amount - i64::from(went) * quantity.amount;
            } else if (came || went) && span.holds(at) {
                let period = period(at, per, &home.zone).unwrap_or_default();
                let (inward, outward) = periods.entry(period).or_default();
                *inward += i64::from(came) * quantity.amount;
                *outward += i64::from(went) * quantity.amount;
            }
        }
        let decimals = self.decimals(unit.id).await?;
        let number = |amount| Cell::Number(Quantity { amount, unit: unit.id }.decimal(decimals).to_string());
        let mut balance = opening;
        let rows = periods.into_iter().map(|(period, (inward, outward))| {
            balance += inward - outward;
            let net = number(inward - outward);
            let label = unit.title();
            vec![Cell::Text(period), number(inward), number(outward), net, number(balance), Cell::Text(label)]
        });
        Ok(Sheet { columns, rows: rows.collect() })
    }

    /// The promises of a plan: those that it says are its own, and those of its processes.
    async fn promises(&mut self, plan: Option<Id>) -> Result<Vec<Arc<Record>>, Rejection> {
        let Some(plan) = plan else { return self.every(Class::Commitment).await };
        let link = |class, prop, target| Link { class, prop, target, open: false };
        let within = link(Class::Process, Prop::PlannedWithin, plan);
        let processes = self.linked_many(&[within]).await?.remove(&within).unwrap_or_default();
        let mut links = vec![
            link(Class::Commitment, Prop::PlannedWithin, plan),
            link(Class::Commitment, Prop::IndependentDemandOf, plan),
        ];
        for process in &processes {
            let of = |prop| link(Class::Commitment, prop, process.id);
            links.extend([of(Prop::InputOf), of(Prop::OutputOf)]);
        }
        let mut found = self.linked_many(&links).await?;
        let mut promises: Vec<Arc<Record>> = Vec::new();
        for promise in links.iter().filter_map(|link| found.remove(link)).flatten() {
            if !promises.iter().any(|known| known.id == promise.id) {
                promises.push(promise);
            }
        }
        Ok(promises)
    }

    async fn plan_and_actual(&mut self, plan: Option<Id>) -> Result<Sheet, Rejection> {
        let promises = self.promises(plan).await?;
        let by = |promise: &Arc<Record>| Link {
            class: Class::EconomicEvent,
            prop: Prop::Fulfills,
            target: promise.id,
            open: false,
        };
        let mut rows = Vec::new();
        for some in promises.chunks(REPORT_ROWS) {
            let links: Vec<Link> = some.iter().map(by).collect();
            let mut kept = self.linked_many(&links).await?;
            for (promise, link) in some.iter().zip(&links) {
                rows.push(self.kept(promise, kept.remove(link).unwrap_or_default()).await?);
            }
        }
        let columns = &[
            "id",
            "action",
            "what",
            "provider",
            "receiver",
            "promised",
            "done",
            "remaining",
            "unit",
            "due",
            "finished",
            "state",
        ];
        Ok(Sheet { columns, rows })
    }

    async fn kept(&mut self, promise: &Record, events: Vec<Arc<Record>>) -> Result<Vec<Cell>, Rejection> {
        let counted = done(promise, events.iter().map(|event| &**event));
        let (promised, done) = (counted.map(|(promised, _)| promised), counted.map(|(_, done)| done));
        let left = promised.zip(done).and_then(|(promised, done)| promised.plus(done.negated()).ok());
        let what = match promise.fields.get(Prop::ResourceInventoriedAs) {
            Some(_) => self.named(promise, Prop::ResourceInventoriedAs).await?,
            None => self.named(promise, Prop::ResourceConformsTo).await?,
        };
        let text = |prop| promise.fields.text(prop).map_or(Cell::Empty, |text| Cell::Text(text.to_owned()));
        let action = promise.fields.action().map(|action| action.to_string()).unwrap_or_default();
        Ok(vec![
            Cell::Text(promise.id.to_string()),
            Cell::Text(action),
            what,
            self.named(promise, Prop::Provider).await?,
            self.named(promise, Prop::Receiver).await?,
            self.number(promised).await?,
            self.number(done).await?,
            self.number(left).await?,
            self.unit(promised).await?,
            promise.fields.instant(Prop::Due).map_or(Cell::Empty, Cell::Time),
            Cell::Flag(!promise.is_open()),
            text(Prop::State),
        ])
    }

    async fn contributions(&mut self, span: Span) -> Result<Sheet, Rejection> {
        let mut sums: BTreeMap<(Id, Action, Id), (i64, i64)> = BTreeMap::new();
        for event in self.every(Class::EconomicEvent).await? {
            let (Some(agent), Some(action)) = (event.fields.id(Prop::Provider), event.fields.action()) else {
                continue;
            };
            if !span.holds(happened(&event)) {
                continue;
            }
            let amounts = [Prop::ResourceQuantity, Prop::EffortQuantity];
            for quantity in amounts.into_iter().filter_map(|prop| event.fields.quantity(prop)) {
                let (count, sum) = sums.entry((agent, action, quantity.unit)).or_default();
                *count += i64::from(event.fields.get(Prop::Corrects).is_none());
                *sum = sum.saturating_add(quantity.amount);
            }
        }
        let mut rows = Vec::with_capacity(sums.len());
        for ((agent, action, unit), (count, amount)) in sums {
            let sum = Some(Quantity { amount, unit });
            rows.push(vec![
                Cell::Text(self.title(agent).await?),
                Cell::Text(action.to_string()),
                Cell::Number(count.to_string()),
                self.number(sum).await?,
                self.unit(sum).await?,
                Cell::Text(agent.to_string()),
            ]);
        }
        let key = |row: &Vec<Cell>| format!("{:?}", row.get(..2));
        rows.sort_by_key(key);
        Ok(Sheet { columns: &["agent", "action", "events", "amount", "unit", "agentId"], rows })
    }
}
