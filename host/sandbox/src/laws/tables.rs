//! The tables of a made-up case: rows that point at one another.

use super::draw::{Draw, Row};
use super::made_up::{DAY_US, NOW, action, at, row, some_row, word};
use crate::types;

pub(super) struct Tables<'a> {
    pub draw: &'a Draw,
    pub words: &'a [String],
}

/// What a record points at.
struct Points {
    provider: Option<u32>,
    receiver: Option<u32>,
    stock: Option<u32>,
    spec: Option<u32>,
    agreement: Option<u32>,
    action: types::Action,
}

/// Some days before now.
fn before(row: &Row) -> i64 {
    NOW - i64::from(row.days[0].unsigned_abs()) * DAY_US
}

fn place((lat, long): (i16, i16)) -> types::Place {
    types::Place { lat: i32::from(lat) * 1_000, long: i32::from(long) * 1_000 }
}

impl Tables<'_> {
    pub fn context(&self) -> types::Context {
        let draw = self.draw;
        let unit = |(n, scale): (usize, &u8)| types::Unit { label: format!("U{n}"), scale: *scale };
        let agent = |(n, at): (usize, &Option<(i16, i16)>)| types::Agent {
            organization: n % 3 == 2,
            place: at.map(place),
        };
        let spec = |(n, class): (usize, &u8)| types::Spec {
            name: format!("Kind {n}"),
            classes: self.classes(*class),
        };
        types::Context {
            now: NOW,
            day: i32::try_from(NOW / DAY_US).unwrap_or_default(),
            locale: "en".to_owned(),
            units: draw.scales.iter().enumerate().map(unit).collect(),
            agents: draw.agents.iter().enumerate().map(agent).collect(),
            memberships: draw.memberships.iter().map(|row| self.membership(row)).collect(),
            specs: draw.specs.iter().enumerate().map(spec).collect(),
            stocks: draw.stocks.iter().enumerate().map(|(n, row)| self.stock(n, row)).collect(),
            agreements: draw.agreements.iter().map(|row| self.agreement(row)).collect(),
            commitments: draw.commitments.iter().map(|row| self.commitment(row)).collect(),
            events: draw.events.iter().map(|row| self.event(row)).collect(),
            intents: draw.intents.iter().map(|row| self.intent(row)).collect(),
            ..types::Context::nothing()
        }
    }

    fn quantity(&self, amount: Option<(i64, u8)>) -> Option<types::Quantity> {
        let units = self.draw.scales.len();
        amount.map(|(amount, unit)| types::Quantity { amount, unit: some_row(unit, units) })
    }

    fn classes(&self, n: u8) -> Vec<String> {
        if n == 0 { Vec::new() } else { vec![word(self.words, n - 1)] }
    }

    fn points(&self, of: &Row) -> Points {
        let [provider, receiver, stock, spec, agreement, acts] = of.points;
        let agents = self.draw.agents.len();
        Points {
            provider: row(provider, agents),
            receiver: row(receiver, agents),
            stock: row(stock, self.draw.stocks.len()),
            spec: row(spec, self.draw.specs.len()),
            agreement: row(agreement, self.draw.agreements.len()),
            action: action(acts),
        }
    }

    fn membership(&self, of: &Row) -> types::Membership {
        types::Membership {
            member: some_row(of.points[0], self.draw.agents.len()),
            roles: self.classes(of.word),
            since: before(of),
            finished: of.finished,
        }
    }

    fn stock(&self, n: usize, of: &Row) -> types::Stock {
        let points = self.points(of);
        types::Stock {
            name: format!("Thing {n}"),
            spec: points.spec,
            accountable: points.provider,
            custodian: points.receiver,
            onhand: self.quantity(of.amount),
            accounting: self.quantity(of.effort),
            classes: self.classes(of.word),
            state: None,
            place: (of.has & 1 != 0).then(|| place((of.days[0], of.days[1]))),
        }
    }

    fn agreement(&self, of: &Row) -> types::Agreement {
        let points = self.points(of);
        let term = |quantity| types::Term { code: word(self.words, of.word), quantity };
        types::Agreement {
            provider: points.provider,
            receiver: points.receiver,
            created: before(of),
            terms: self.quantity(of.amount).into_iter().map(term).collect(),
        }
    }

    fn commitment(&self, of: &Row) -> types::Commitment {
        let points = self.points(of);
        types::Commitment {
            action: points.action,
            provider: points.provider,
            receiver: points.receiver,
            stock: points.stock,
            spec: points.spec,
            quantity: self.quantity(of.amount),
            effort: self.quantity(of.effort),
            classes: self.classes(of.word),
            agreement: points.agreement,
            begins: at(of, 0, 0),
            ends: at(of, 1, 1),
            due: at(of, 2, 2),
            created: before(of),
            finished: of.finished,
        }
    }

    fn event(&self, of: &Row) -> types::Event {
        let points = self.points(of);
        types::Event {
            action: points.action,
            provider: points.provider,
            receiver: points.receiver,
            stock: points.stock,
            spec: points.spec,
            quantity: self.quantity(of.amount),
            effort: self.quantity(of.effort),
            classes: self.classes(of.word),
            agreement: points.agreement,
            at: before(of),
        }
    }

    fn intent(&self, of: &Row) -> types::Intent {
        let points = self.points(of);
        types::Intent {
            action: points.action,
            provider: points.provider,
            receiver: points.receiver,
            stock: points.stock,
            spec: points.spec,
            quantity: self.quantity(of.amount),
            available: self.quantity(of.amount),
            effort: self.quantity(of.effort),
            classes: self.classes(of.word),
            begins: at(of, 0, 0),
            ends: at(of, 1, 1),
            due: at(of, 2, 2),
            finished: of.finished,
        }
    }
}
