//! Amounts as people read them.

use pipeline::{Reader, Rejection};
use valueflows::{Prop, Quantity};

use crate::locale::Locale;

/// An amount with its unit's sign: `20.00 €`.
pub async fn amount(reader: &mut Reader, locale: &Locale, quantity: Quantity) -> Result<String, Rejection> {
    let unit = reader.get(quantity.unit).await?;
    let fields = unit.as_ref().map(|unit| &unit.fields);
    let sign =
        fields.and_then(|fields| fields.text(Prop::Symbol).or(fields.text(Prop::Label))).unwrap_or_default();
    let digits = quantity.decimal(reader.decimals(quantity.unit).await?).to_string();
    Ok(format!("{}\u{a0}{sign}", locale.decimal(&digits)).trim_end().to_owned())
}
