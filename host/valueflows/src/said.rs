//! A sentence that other languages can say too: what is said by a name that a catalogue knows, what is put into it, and the
//! sentence itself, for programs and for whoever reads English.
//!
//! ```
//! use valueflows::{Said, said};
//! let one: Said = said!("no-unit", "there is no unit `{}` in this network", "ell");
//! assert_eq!((one.what, &*one.with[0], &*one.to_string()), ("no-unit", "ell", "there is no unit `ell` in this network"));
//! ```

use std::fmt;

/// A sentence that other languages can say too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What is said; nothing, where it is said in one language alone.
    pub what: &'static str,
    /// Names, words and numbers, in the order of the sentence.
    pub with: Vec<String>,
    /// The sentence.
    pub says: String,
}

impl Said {
    /// The same within another sentence: what it is about comes first among what is put in.
    #[must_use]
    pub fn about(mut self, about: impl Into<String>, says: impl FnOnce(&str) -> String) -> Said {
        self.with.insert(0, about.into());
        self.says = says(&self.says);
        self
    }
}

impl From<String> for Said {
    fn from(says: String) -> Said {
        Said { what: "", with: Vec::new(), says }
    }
}

impl From<&str> for Said {
    fn from(says: &str) -> Said {
        says.to_owned().into()
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

/// A sentence by its name, with what is put into it; each is put in once, in order.
#[macro_export]
macro_rules! said {
    ($what:literal, $text:literal $(, $arg:expr)* $(,)?) => {{
        let with: ::std::vec::Vec<::std::string::String> = ::std::vec![$(($arg).to_string()),*];
        let says = $crate::said::filled($text, &with);
        $crate::Said { what: $what, with, says }
    }};
}

/// A text with `{}` in the place of each of some words.
pub fn filled(text: &str, with: &[String]) -> String {
    let mut parts = text.split("{}");
    let mut out = parts.next().unwrap_or_default().to_owned();
    let mut words = with.iter();
    for part in parts {
        out.push_str(words.next().map(String::as_str).unwrap_or_default());
        out.push_str(part);
    }
    out
}
