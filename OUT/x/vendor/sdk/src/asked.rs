//! An item with what is known about it.

use std::ops::Deref;

use crate::types::*;

/// An item of a batch, and what the host has said about it. It reads like the item itself; what its needs found is asked
/// for by the names that they have in `plugin.toml`.
pub struct Asked<'a, T> {
    /// Everything that was said.
    pub ctx: &'a Context,
    /// Microseconds since 1970.
    pub now: i64,
    item: &'a T,
    at: usize,
}

impl<T> Deref for Asked<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.item
    }
}

macro_rules! found {
    ($($(#[$doc:meta])* $name:ident: $kind:ty),* $(,)?) => {
        impl<'a, T> Asked<'a, T> {
            $($(#[$doc])*
            pub fn $name(&self, need: &str) -> impl Iterator<Item = &'a $kind> + use<'a, T> {
                let table = &self.ctx.$name;
                self.rows(need).iter().filter_map(move |row| table.get(*row as usize))
            })*
        }
    };
}

found! {
    /// The promises that a need found.
    commitments: Commitment,
    /// The events that a need found.
    events: Event,
    /// The offers and needs that a need found.
    intents: Intent,
    /// The agreements that a need found.
    agreements: Agreement,
    /// The things that a need found.
    stocks: Stock,
    /// The memberships that a need found.
    memberships: Membership,
}

impl<'a, T> Asked<'a, T> {
    /// Each item of a batch.
    pub fn each(ctx: &'a Context, items: &'a [T]) -> impl Iterator<Item = Asked<'a, T>> {
        items.iter().enumerate().map(|(at, item)| Asked { ctx, now: ctx.now, item, at })
    }

    /// What the rules say to every call.
    pub fn settings(&self) -> Settings<'a> {
        Settings { settings: &self.ctx.settings, units: &self.ctx.units }
    }

    /// The rows that a need found.
    pub fn rows(&self, need: &str) -> &'a [u32] {
        let Some(found) = self.ctx.found.iter().find(|found| found.need == need) else {
            panic!("plugin.toml has no need of this name");
        };
        let at = |n: usize| found.starts.get(n).map(|start| *start as usize);
        match (at(self.at), at(self.at + 1)) {
            (Some(start), Some(end)) => found.rows.get(start..end).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Whether there was more than a need's `most`: what was found is not all.
    pub fn is_cut(&self, need: &str) -> bool {
        self.ctx.found.iter().any(|found| found.need == need && found.cut.contains(&(self.at as u32)))
    }
}

/// What the rules say: settings by name. What `plugin.toml` declares is there, and of its type.
#[derive(Clone, Copy)]
pub struct Settings<'a> {
    /// As they came.
    pub settings: &'a [Setting],
    /// The units that they name.
    pub units: &'a [Unit],
}

impl<'a> Settings<'a> {
    /// The value of a setting.
    pub fn value(&self, name: &str) -> &'a Value {
        match self.settings.iter().find(|setting| setting.name == name) {
            Some(setting) => &setting.value,
            None => panic!("plugin.toml has no setting of this name"),
        }
    }

    /// A whole number.
    pub fn number(&self, name: &str) -> i64 {
        match self.value(name) {
            Value::Number(n) => *n,
            _ => panic!("not a number"),
        }
    }

    /// Yes or no.
    pub fn flag(&self, name: &str) -> bool {
        match self.value(name) {
            Value::YesNo(flag) => *flag,
            _ => panic!("not a flag"),
        }
    }

    /// A text.
    pub fn text(&self, name: &str) -> &'a str {
        match self.value(name) {
            Value::Text(text) => text,
            _ => panic!("not a text"),
        }
    }

    /// An amount.
    pub fn amount(&self, name: &str) -> Quantity {
        match self.value(name) {
            Value::Amount(quantity) => *quantity,
            _ => panic!("not an amount"),
        }
    }

    /// A unit's row.
    pub fn unit(&self, name: &str) -> u32 {
        match self.value(name) {
            Value::Unit(row) => *row,
            _ => panic!("not a unit"),
        }
    }

    /// Somebody's row; nobody, where whoever is named is not there.
    pub fn agent(&self, name: &str) -> Option<u32> {
        match self.value(name) {
            Value::Agent(row) => Some(*row),
            _ => None,
        }
    }
}

macro_rules! tables {
    ($($(#[$doc:meta])* $one:ident of $table:ident: $kind:ty),* $(,)?) => {
        impl Context {
            $($(#[$doc])*
            pub fn $one(&self, row: impl Into<Option<u32>>) -> Option<&$kind> {
                self.$table.get(row.into()? as usize)
            })*
        }
    };
}

tables! {
    /// The agent in a row.
    agent of agents: Agent,
    /// The kind of thing in a row.
    spec of specs: Spec,
    /// The thing in a row.
    stock of stocks: Stock,
    /// The agreement in a row.
    agreement of agreements: Agreement,
    /// The promise in a row.
    commitment of commitments: Commitment,
    /// The event in a row.
    event of events: Event,
    /// The offer or need in a row.
    intent of intents: Intent,
    /// The unit in a row.
    unit of units: Unit,
}

impl Context {
    /// Whether a thing is of a kind that is classified so.
    pub fn is_kind(&self, stock: impl Into<Option<u32>>, class: &str) -> bool {
        let spec = self.stock(stock).and_then(|stock| self.spec(stock.spec));
        spec.is_some_and(|spec| spec.classes.iter().any(|own| own == class))
    }
}

impl Commitment {
    /// Whether it is classified so.
    pub fn is(&self, class: &str) -> bool {
        self.classes.iter().any(|own| own == class)
    }

    /// Whether its day has passed, and it has not been kept.
    pub fn is_overdue(&self, now: i64) -> bool {
        !self.finished && self.due.is_some_and(|due| due < now)
    }
}

impl Event {
    /// Whether it is classified so.
    pub fn is(&self, class: &str) -> bool {
        self.classes.iter().any(|own| own == class)
    }
}

impl Intent {
    /// Whether it is classified so.
    pub fn is(&self, class: &str) -> bool {
        self.classes.iter().any(|own| own == class)
    }
}

impl Membership {
    /// Whether it holds, with this role.
    pub fn has(&self, role: &str) -> bool {
        !self.finished && self.roles.iter().any(|own| own == role)
    }
}

impl Agreement {
    /// What was agreed under a code.
    pub fn term(&self, code: &str) -> Option<Quantity> {
        self.terms.iter().find(|term| term.code == code).map(|term| term.quantity)
    }
}
