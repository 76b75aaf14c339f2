//! The decision surfaces that plugins answer on, a WIT world each.

use serde::{Deserialize, Serialize};

/// A decision surface: the WIT world that a plugin answers on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Surface {
    /// Facts and vetoes.
    Access,
    /// Quotes.
    Pricing,
    /// Duties that follow from acts.
    Duties,
    /// Ranking of offers, and rounds.
    Matching,
    /// What comes of votes.
    Tally,
}

impl Surface {
    /// The world's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Surface::Access => "access",
            Surface::Pricing => "pricing",
            Surface::Duties => "duties",
            Surface::Matching => "matching",
            Surface::Tally => "tally",
        }
    }
}
