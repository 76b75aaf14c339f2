//! Quotes: asked for before somebody confirms, and asked again when they do.

use ledger::decide::LineKind;
use ledger::{Missing, QuoteRef, QuotedLine, View};
use sandbox::{CallError, types};
use serde_json::{Value as Json, json};
use valueflows::{Id, Instant, Prop};

use crate::gathered::{self, Heard};
use crate::input::{self, Anchors, Item};
use crate::plugins::Memo;
use crate::rules::Bound;

/// A quote, as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// Its lines.
    pub lines: Vec<QuotedLine>,
    /// What an acceptance must name.
    pub named: QuoteRef,
    /// The digest of the component that priced it.
    pub component: String,
}

pub(crate) struct Priced {
    pub heard: Heard<Vec<QuotedLine>>,
    pub fuel: u64,
    pub input: journal::Digest,
    pub took_us: u64,
}

/// Why there is no price.
pub(crate) enum NoPrice {
    Missing(Missing),
    Failed(CallError),
}

impl From<Missing> for NoPrice {
    fn from(missing: Missing) -> NoPrice {
        NoPrice::Missing(missing)
    }
}

impl From<CallError> for NoPrice {
    fn from(error: CallError) -> NoPrice {
        NoPrice::Failed(error)
    }
}

/// Asks the pricing plugin. The deal begins at the minute in which it is asked, so that a quote
/// confirmed a little later is still the same quote only if the rule does not look at the minute.
pub(crate) fn ask(
    memo: &Memo,
    view: &View,
    bound: &Bound,
    now: Instant,
    anchors: Anchors,
    until: Instant,
) -> Result<Priced, NoPrice> {
    let offered = match anchors.offer {
        Some(offer) => view.record(offer)?.and_then(|offer| offer.fields.quantity(Prop::ResourceQuantity)),
        None => None,
    };
    let units = offered.map(|quantity| quantity.unit).into_iter().collect();
    let input = input::build(view, bound, now, &[Item { units, ..anchors.into() }])?;
    let row = |id: Option<Id>| id.map_or(u32::MAX, |id| input.row(id));
    let deal = types::Deal {
        provider: row(anchors.provider),
        receiver: row(anchors.receiver),
        stock: input.row_of(anchors.stock),
        spec: input.row_of(anchors.spec),
        quantity: offered.and_then(|quantity| input.counted(quantity)),
        begins: now.minute().0,
        ends: until.0,
    };
    let told = memo.quote(bound, &input, deal)?;
    let heard = gathered::lines(bound, &input, told.verdict)?;
    Ok(Priced { heard, fuel: told.fuel, input: told.input, took_us: told.took_us })
}

/// The digest that names a quote: component, settings, deal, lines and expiry.
pub(crate) fn digest(
    bound: &Bound,
    anchors: Anchors,
    until: Instant,
    lines: &[QuotedLine],
    expires: Instant,
) -> String {
    let id = |id: Option<Id>| id.map(|id| id.to_string());
    let json = json!({
        "component": bound.binding.component,
        "settings": bound.binding.settings,
        "stock": id(anchors.stock), "provider": id(anchors.provider), "receiver": id(anchors.receiver),
        "until": until.0,
        "expires": expires.0,
        "lines": lines.iter().map(line_json).collect::<Vec<_>>(),
    });
    // Plain values always have canonical bytes.
    let bytes = journal::canonical::bytes(&json).unwrap_or_default();
    journal::Digest::of(&[&bytes]).to_string()
}

fn line_json(line: &QuotedLine) -> Json {
    let mut json = json!({
        "code": line.code, "kind": kind_name(line.kind),
        "amount": line.quantity.amount, "unit": line.quantity.unit.to_string(),
    });
    if let (Some(payee), Json::Object(map)) = (line.payee, &mut json) {
        map.insert("payee".to_owned(), json!(payee.to_string()));
    }
    json
}

/// The name of a kind of line.
pub fn kind_name(kind: LineKind) -> &'static str {
    match kind {
        LineKind::Fee => "fee",
        LineKind::Deposit => "deposit",
        LineKind::Rate => "rate",
    }
}

/// The lines in words: `deposit 20.00 EUR, late-day 1.50 EUR`.
pub(crate) fn in_words(view: &View, lines: &[QuotedLine]) -> Result<String, Missing> {
    let mut parts = Vec::new();
    for line in lines {
        let unit = view.record(line.quantity.unit)?;
        let fields = unit.as_ref().map(|unit| &unit.fields);
        let decimals =
            fields.and_then(|fields| fields.integer(Prop::Decimals)).and_then(|n| u8::try_from(n).ok());
        let label = fields.and_then(|fields| fields.text(Prop::Label)).unwrap_or_default();
        let amount = line.quantity.decimal(decimals.unwrap_or(valueflows::limits::UNIT_DECIMALS_DEFAULT));
        parts.push(format!("{} {amount} {label}", line.code));
    }
    Ok(parts.join(", "))
}
