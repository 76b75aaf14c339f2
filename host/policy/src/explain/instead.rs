//! What would have to be different: a condition of a rule, the values that it met, and what it takes, in words.

use std::str::FromStr;
use std::sync::Arc;

use cedar_policy::pst::{BinaryOp, Expr, Literal, UnaryOp, Var};
use cedar_policy::{EvalResult, Expression, eval_expression};

use crate::book::UnitSpec;
use crate::gate::Asked;

/// What there is to say it with: the question, and the units that the rules count in.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub asked: &'a Asked,
    pub units: &'a [UnitSpec],
    /// The generation of the book.
    pub semantics: u32,
}

/// What would have to be different so that a condition had this truth; none where there are no words for it.
pub(super) fn of(with: Words<'_>, test: &Arc<Expr>, wanted: bool) -> Option<String> {
    match test.as_ref() {
        Expr::UnaryOp { op: UnaryOp::Not, expr } => of(with, expr, !wanted),
        Expr::BinaryOp { op: BinaryOp::And, left, right } => both(with, (left, right), wanted, !wanted),
        Expr::BinaryOp { op: BinaryOp::Or, left, right } => both(with, (left, right), wanted, wanted),
        Expr::BinaryOp { op, left, right } => compared(with, *op, (left, right), wanted),
        Expr::HasAttr { expr, attrs } => {
            let what = words(attrs.last());
            let of = named(expr);
            let of = if of.is_empty() { String::new() } else { format!(" for {of}") };
            Some(match wanted {
                true => format!("there would have to be something as {what}{of}"),
                false => format!("there would have to be nothing as {what}{of}"),
            })
        }
        _ => None,
    }
}

/// Two conditions: one of them would do, or both would have to be different.
fn both(with: Words<'_>, (left, right): (&Arc<Expr>, &Arc<Expr>), wanted: bool, one: bool) -> Option<String> {
    let differs = |expr: &Arc<Expr>| match value(with, expr) {
        // What is as it has to be is not spoken of.
        Some(EvalResult::Bool(truth)) if truth == wanted => None,
        _ => of(with, expr, wanted),
    };
    match (differs(left), differs(right)) {
        (Some(left), Some(right)) if one => Some(format!("{left}, or {right}")),
        (Some(left), Some(right)) => Some(format!("{left}; and {right}")),
        (left, right) => left.or(right),
    }
}

fn compared(
    with: Words<'_>,
    op: BinaryOp,
    (left, right): (&Arc<Expr>, &Arc<Expr>),
    wanted: bool,
) -> Option<String> {
    let takes = match (op, wanted) {
        (BinaryOp::Less, true) | (BinaryOp::GreaterEq, false) => "less than",
        (BinaryOp::LessEq, true) | (BinaryOp::Greater, false) => "at most",
        (BinaryOp::Greater, true) | (BinaryOp::LessEq, false) => "more than",
        (BinaryOp::GreaterEq, true) | (BinaryOp::Less, false) => "at least",
        (BinaryOp::Eq, true) | (BinaryOp::NotEq, false) => "",
        (BinaryOp::Eq, false) | (BinaryOp::NotEq, true) => "anything but",
        (BinaryOp::In, wanted) => return belongs(left, right, wanted),
        (BinaryOp::Contains | BinaryOp::ContainsAll | BinaryOp::ContainsAny, wanted) => {
            let (holds, wants) = (named_or_value(with, left)?, shown(with, &value(with, right)?));
            let not = if wanted { "" } else { "not " };
            return Some(format!("{holds} would {not}have to hold {wants}"));
        }
        _ => return None,
    };
    if let (Expr::GetAttr { attr, .. }, true) = (left.as_ref(), takes.is_empty())
        && attr == "signedBy"
    {
        return Some(signed(&value(with, right)?));
    }
    let what = named(left);
    let (is, than) = match unit(with, left) {
        Some(unit) => (amount(with, left, unit)?, amount(with, right, unit)?),
        None => (value(with, left).map(|value| shown(with, &value))?, named_or_value(with, right)?),
    };
    let takes = if takes.is_empty() { than } else { format!("{takes} {than}") };
    Some(match what.is_empty() {
        true => format!("it is {is}; it would have to be {takes}"),
        false => format!("{what} is {is}; it would have to be {takes}"),
    })
}

/// Which key it takes, in words.
fn signed(by: &EvalResult) -> String {
    let key = match by {
        EvalResult::String(by) if by == "own" => "a key of your own, kept outside any browser",
        EvalResult::String(by) if by == "browser" => "a key that your browser keeps",
        _ => "no key of your own",
    };
    format!("you would have to sign it with {key}")
}

/// Whether somebody belongs to a group, in words.
fn belongs(left: &Arc<Expr>, right: &Arc<Expr>, wanted: bool) -> Option<String> {
    let Expr::Literal(Literal::EntityUID(uid)) = right.as_ref() else { return None };
    let uid = uid.to_string();
    let role = uid.strip_prefix("Role::\"")?.strip_suffix('"')?;
    let who = named(left);
    let not = if wanted { "" } else { "not " };
    Some(format!("{who} would {not}have to have the role {role}"))
}

/// The role that a rule is for, in words.
pub(super) fn role(id: &str) -> String {
    format!("you would have to have the role {id}")
}

fn value(with: Words<'_>, expr: &Arc<Expr>) -> Option<EvalResult> {
    let expression = Expression::from_str(&expr.to_string()).ok()?;
    eval_expression(&with.asked.request, &with.asked.entities, &expression).ok()
}

/// What an expression is about, in words: `context.standing.overdue` is `overdue of standing`.
fn named(expr: &Arc<Expr>) -> String {
    match expr.as_ref() {
        Expr::Var(Var::Principal) => "you".to_owned(),
        Expr::Var(Var::Resource) => "this".to_owned(),
        Expr::GetAttr { expr, attr } => match expr.as_ref() {
            Expr::Var(Var::Context) => words(attr),
            _ if attr == "amount" => named(expr),
            _ => match named(expr) {
                of if of.is_empty() => words(attr),
                of => format!("{} of {of}", words(attr)),
            },
        },
        _ => String::new(),
    }
}

/// The unit of an amount, where the rules have one of that label.
fn unit<'a>(with: Words<'a>, expr: &Arc<Expr>) -> Option<&'a UnitSpec> {
    let Expr::GetAttr { expr, attr } = expr.as_ref() else { return None };
    let unit = Arc::new(Expr::GetAttr { expr: expr.clone(), attr: "unit".into() });
    match value(with, &unit).filter(|_| attr == "amount")? {
        EvalResult::String(label) => with.units.iter().find(|unit| unit.label == label),
        _ => None,
    }
}

fn amount(with: Words<'_>, expr: &Arc<Expr>, unit: &UnitSpec) -> Option<String> {
    match value(with, expr)? {
        EvalResult::Long(n) => Some(format!("{} {}", valueflows::Decimal::new(n, unit.decimals), unit.label)),
        _ => None,
    }
}

fn named_or_value(with: Words<'_>, expr: &Arc<Expr>) -> Option<String> {
    match named(expr) {
        name if name.is_empty() || matches!(expr.as_ref(), Expr::GetAttr { .. }) => {
            let value = value(with, expr).map(|value| shown(with, &value))?;
            Some(if name.is_empty() { value } else { format!("{name} ({value})") })
        }
        name => Some(name),
    }
}

/// A value as people write it.
fn shown(with: Words<'_>, value: &EvalResult) -> String {
    match value {
        EvalResult::Bool(truth) => if *truth { "yes" } else { "no" }.to_owned(),
        EvalResult::Long(n) => n.to_string(),
        EvalResult::String(text) => format!("\"{text}\""),
        EvalResult::EntityUid(uid) if with.asked.request.principal() == Some(uid) => "you".to_owned(),
        EvalResult::EntityUid(uid) => match uid.type_name().to_string().as_str() {
            "Agent" => "somebody else".to_owned(),
            _ => "something else".to_owned(),
        },
        EvalResult::Set(set) => {
            let each: Vec<String> = set.iter().map(|one| shown(with, one)).collect();
            if each.is_empty() { "nothing".to_owned() } else { each.join(", ") }
        }
        EvalResult::ExtensionValue(text) => {
            let inner = text.split('"').nth(1).unwrap_or(text);
            inner.split('T').next().unwrap_or(inner).to_owned()
        }
        EvalResult::Record(_) => "something".to_owned(),
    }
}

/// `primaryAccountable` as words.
fn words(name: &str) -> String {
    let mut said = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_uppercase() {
            said.push(' ');
        }
        said.extend(letter.to_lowercase());
    }
    said
}
