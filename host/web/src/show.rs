//! Amounts as people read them.

use pipeline::{Reader, Rejection};
use valueflows::{Id, Prop, Quantity};

use crate::locale::Locale;

/// What stands behind an amount: a unit's sign, or its name.
pub async fn sign(reader: &mut Reader, unit: Id) -> Result<String, Rejection> {
    let unit = reader.get(unit).await?;
    let fields = unit.as_ref().map(|unit| &unit.fields);
    let sign = fields.and_then(|fields| fields.text(Prop::Symbol).or(fields.text(Prop::Label)));
    Ok(sign.unwrap_or_default().to_owned())
}

/// An amount with its unit's sign: `20.00 €`.
pub async fn amount(reader: &mut Reader, locale: &Locale, quantity: Quantity) -> Result<String, Rejection> {
    let sign = sign(reader, quantity.unit).await?;
    let digits = quantity.decimal(reader.decimals(quantity.unit).await?).to_string();
    Ok(format!("{}\u{a0}{sign}", locale.decimal(&digits)).trim_end().to_owned())
}
