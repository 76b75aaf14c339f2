//! The values of a record, each as its property asks for it.

use valueflows::limits::DEGREE_DECIMALS;
use valueflows::{Action, Card, Class, Decimal, Instant, Kind, Prop, Property, Value, said};

use super::{Raw, Reading};
use crate::context::Term;
use crate::error::Remark;
use crate::times;
use crate::tree::{Shape, Tree, short};

impl Reading {
    pub(super) fn value(&mut self, row: &'static Property, tree: &Tree) -> Option<Raw> {
        let members: Vec<&Tree> =
            tree.members().iter().map(unwrapped).filter(|one| one.value != Shape::Nothing).collect();
        if members.is_empty() {
            return None;
        }
        if row.card != Card::Many && members.len() > 1 {
            self.fault(tree.line, format!("`{}` has one value at most", row.prop.as_str()));
            return None;
        }
        match (row.card, row.kind) {
            (Card::Many, Kind::Ref(_)) => {
                Some(Raw::Refs(members.iter().filter_map(|one| self.node(one, Some(row))).collect()))
            }
            (Card::Many, Kind::Terms) => {
                Some(Raw::Terms(members.iter().filter_map(|one| self.price(one)).collect()))
            }
            (Card::Many, _) => {
                let texts = members.iter().filter_map(|one| self.text(row, one)).collect();
                Some(Raw::Plain(Value::Texts(texts)))
            }
            _ => self.one(row, members.first()?),
        }
    }

    fn one(&mut self, row: &'static Property, tree: &Tree) -> Option<Raw> {
        match row.kind {
            Kind::Ref(_) => return self.node(tree, Some(row)).map(Raw::Ref),
            Kind::Quantity => {
                let (value, unit) = self.measure(tree)?;
                return Some(Raw::Amount(value, unit));
            }
            _ => {}
        }
        let text = self.text(row, tree)?;
        let value = match row.kind {
            Kind::Flag => text.parse().ok().map(Value::Flag),
            Kind::Integer => text.parse().ok().map(Value::Integer),
            Kind::Millionths => {
                let degrees = text.parse::<Decimal>().ok();
                degrees.and_then(|degrees| degrees.in_scale(DEGREE_DECIMALS).ok()).map(Value::Integer)
            }
            Kind::Instant => self.time(tree.line, &text).map(Value::Instant),
            Kind::Action => match self.context.term(&text) {
                Term::Vf(local) => {
                    Action::named(&local).ok().filter(|action| !action.is_own()).map(Value::Action)
                }
                // One that the rules of a network define; whether this network's do is decided where it is recorded.
                Term::House(local) => {
                    Action::parse(&local).ok().filter(|action| action.is_own()).map(Value::Action)
                }
                _ => None,
            },
            // A word of the ontology may be given as its IRI.
            Kind::Text if row.prop == Prop::Purpose => match self.context.term(&text) {
                Term::Vf(local) => Some(Value::Text(local)),
                _ => None,
            },
            _ => Some(Value::Text(text.clone())),
        };
        if value.is_none() {
            let wanted = match row.kind {
                Kind::Instant => "a time with its offset, such as 2027-01-31T12:00:00+01:00",
                Kind::Millionths => "a number with at most 6 decimals",
                _ => row.wanted(),
            };
            self.fault(
                tree.line,
                format!("`{}` is `{}`, where {wanted} is asked for", row.prop.as_str(), short(&text)),
            );
        }
        value.map(Raw::Plain)
    }

    fn time(&mut self, line: usize, text: &str) -> Option<Instant> {
        let (at, mended) = times::read(text)?;
        if let Some(mended) = mended {
            self.note(line, Remark::Mended, said!("read-as", "`{}` is read as `{}`", short(text), mended));
        }
        Some(at)
    }

    fn text(&mut self, row: &Property, tree: &Tree) -> Option<String> {
        let text = tree.text().or_else(|| tree.get("@id").and_then(Tree::text));
        if text.is_none() {
            self.fault(tree.line, format!("`{}` is {}", row.prop.as_str(), row.wanted()));
        }
        text.map(str::to_owned)
    }

    fn measure(&mut self, tree: &Tree) -> Option<(Decimal, Option<usize>)> {
        let (mut value, mut unit) = (None, None);
        let Shape::Map(map) = &tree.value else {
            self.fault(tree.line, "an amount has `hasNumericalValue`, and `hasUnit`");
            return None;
        };
        for (name, line, member) in map {
            match self.context.term(name) {
                Term::Keyword(_) => {}
                Term::Vf(local) if local == "hasNumericalValue" => {
                    let text = unwrapped(member).text().unwrap_or_default();
                    match text.parse::<Decimal>() {
                        Ok(decimal) => value = Some(decimal),
                        Err(error) => self.fault(*line, error.to_string()),
                    }
                }
                Term::Vf(local) if local == "hasUnit" => {
                    let row = Property::of(Class::ResourceSpecification, Prop::DefaultUnitOfResource);
                    unit = row.and_then(|row| self.node(unwrapped(member), Some(row)));
                }
                _ => self.note(
                    *line,
                    Remark::LeftOut,
                    said!("no-part", "`{}` is no part of an amount", short(name)),
                ),
            }
        }
        if value.is_none() {
            self.fault(tree.line, "an amount has `hasNumericalValue`, and `hasUnit`");
        }
        Some((value?, unit))
    }

    fn price(&mut self, tree: &Tree) -> Option<(String, Decimal, Option<usize>)> {
        let code = tree.get("code").and_then(Tree::text);
        let quantity = tree.get("quantity");
        let (Some(code), Some(quantity)) = (code, quantity) else {
            self.fault(tree.line, "a term has `code` and `quantity`");
            return None;
        };
        let (value, unit) = self.measure(quantity)?;
        Some((code.to_owned(), value, unit))
    }
}

/// A value out of its JSON-LD wrapping.
fn unwrapped(tree: &Tree) -> &Tree {
    tree.get("@value").unwrap_or(tree)
}
