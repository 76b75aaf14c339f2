//! Facts as a struct, so that none can be forgotten or stand in another's place.

use crate::types::{Quantity, Value};

/// An instant, microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At(pub i64);

/// Agents, by their rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agents(pub Vec<u32>);

/// What a fact can be. `Option` makes it one that may be absent.
pub trait Fact {
    /// As it goes to the host.
    fn value(self) -> Value;
}

impl Fact for i64 {
    fn value(self) -> Value {
        Value::Number(self)
    }
}

impl Fact for bool {
    fn value(self) -> Value {
        Value::YesNo(self)
    }
}

impl Fact for String {
    fn value(self) -> Value {
        Value::Text(self)
    }
}

impl Fact for Quantity {
    fn value(self) -> Value {
        Value::Amount(self)
    }
}

impl Fact for At {
    fn value(self) -> Value {
        Value::Instant(self.0)
    }
}

impl Fact for Agents {
    fn value(self) -> Value {
        Value::Agents(self.0)
    }
}

impl<T: Fact> Fact for Option<T> {
    fn value(self) -> Value {
        self.map_or(Value::Absent, Fact::value)
    }
}

/// Declares the facts that `plugin.toml` declares: a struct with a field for each, in its order. `plugin build` compares
/// the two, so they cannot differ.
#[macro_export]
macro_rules! facts {
    ($(#[$doc:meta])* $group:ident { $($name:ident: $kind:ty),* $(,)? }) => {
        $(#[$doc])*
        pub struct $group { $(pub $name: $kind),* }

        impl $group {
            fn values(self) -> Vec<$crate::Value> {
                vec![$($crate::Fact::value(self.$name)),*]
            }

            /// The same facts, and the act must not happen whatever the policies say.
            #[allow(dead_code)]
            pub fn refused(self, because: $crate::Reason) -> $crate::access::Verdict {
                $crate::access::Verdict::Refused($crate::access::Refusal { facts: self.values(), because })
            }
        }

        impl From<$group> for $crate::access::Verdict {
            fn from(facts: $group) -> $crate::access::Verdict {
                $crate::access::Verdict::Facts(facts.values())
            }
        }

        const _: () = {
            const TEXT: &str = concat!(stringify!($group), $(";", stringify!($name), ":", stringify!($kind)),*);
            const BYTES: [u8; TEXT.len()] = {
                let (mut bytes, mut n) = ([0; TEXT.len()], 0);
                while n < bytes.len() {
                    bytes[n] = TEXT.as_bytes()[n];
                    n += 1;
                }
                bytes
            };
            #[cfg_attr(target_arch = "wasm32", unsafe(link_section = "reflow:facts"))]
            #[used]
            static SECTION: [u8; TEXT.len()] = BYTES;
        };
    };
}
