//! How judging one act can end early, and how each room's refusal becomes one.

use ledger::{Missing, Stop};
use sandbox::CallError;

use crate::decision::Refused;
use crate::quote;

/// How judging one act can end early.
pub(crate) enum Halt {
    Missing(Missing),
    Refused(Refused),
    NoAnswer(CallError),
    Broken(String),
}

impl From<Missing> for Halt {
    fn from(missing: Missing) -> Halt {
        Halt::Missing(missing)
    }
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Halt {
        match stop {
            Stop::Missing(missing) => Halt::Missing(missing),
            Stop::Refused(refusal) => Halt::Refused(Refused {
                by: "ledger",
                code: refusal.code().to_owned(),
                sentence: refusal.to_string(),
                remedy: refusal.remedy().to_owned(),
                reasons: Vec::new(),
            }),
        }
    }
}

impl From<CallError> for Halt {
    fn from(error: CallError) -> Halt {
        if error.class.is_of_the_machine() {
            return Halt::NoAnswer(error);
        }
        tracing::warn!(plugin = %error.plugin, class = error.class.as_str(), detail = %error.detail, "a plugin failed");
        Halt::Refused(Refused {
            by: "plugin",
            code: format!("plugin-{}", error.class.as_str()),
            sentence: format!("the rule `{}` of this network could not give an answer", error.plugin),
            remedy: "Nothing was recorded. Tell a steward that this rule is broken.".to_owned(),
            reasons: Vec::new(),
        })
    }
}

impl From<quote::NoPrice> for Halt {
    fn from(no_price: quote::NoPrice) -> Halt {
        match no_price {
            quote::NoPrice::Missing(missing) => Halt::Missing(missing),
            quote::NoPrice::Failed(error) => Halt::from(error),
        }
    }
}

impl From<policy::BookError> for Halt {
    fn from(error: policy::BookError) -> Halt {
        Halt::Broken(error.to_string())
    }
}

/// A refusal for want of a valid quote.
pub(crate) fn quote_refusal(code: &str, sentence: &str) -> Halt {
    Halt::Refused(Refused {
        by: "quote",
        code: code.to_owned(),
        sentence: sentence.to_owned(),
        remedy: "Look at the new quote and accept it if it suits you.".to_owned(),
        reasons: Vec::new(),
    })
}
