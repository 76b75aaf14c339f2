//! Reasons, in codes of `plugin.toml`.

use crate::types::{Quantity, Reason, Value};

/// A reason without parameters.
pub fn because(code: &str) -> Reason {
    Reason { code: code.to_owned(), params: Vec::new() }
}

impl Reason {
    /// The same with one parameter more.
    pub fn with(mut self, param: impl Into<Value>) -> Reason {
        self.params.push(param.into());
        self
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Value {
        Value::Number(n)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<Quantity> for Value {
    fn from(quantity: Quantity) -> Value {
        Value::Amount(quantity)
    }
}
