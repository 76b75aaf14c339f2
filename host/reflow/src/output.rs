//! What goes out: one document or a few lines; failures with code, sentence, remedy and exit status.

use kit::KitError;
use pipeline::Rejection;
use serde_json::{Value as Json, json};

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// Refused, or found wrong: exit 1.
    Refused {
        /// The stable code.
        code: String,
        /// The sentence.
        sentence: String,
        /// What to do.
        remedy: String,
        /// More for programs.
        detail: Box<Json>,
    },
    /// Wrong usage: exit 2.
    Usage(String),
    /// The node or a file cannot be reached: exit 3.
    Unreachable(String),
}

impl Failure {
    /// A refusal without more to say to programs.
    pub fn refused(code: &str, sentence: impl Into<String>, remedy: &str) -> Failure {
        Failure::Refused {
            code: code.to_owned(),
            sentence: sentence.into(),
            remedy: remedy.to_owned(),
            detail: Box::default(),
        }
    }

    /// Prints it; the exit status.
    pub fn print(self, json: bool) -> std::process::ExitCode {
        let (status, code, sentence, remedy, detail) = match self {
            Failure::Refused { code, sentence, remedy, detail } => (1, code, sentence, remedy, detail),
            Failure::Usage(sentence) => {
                (2, "usage".to_owned(), sentence, "See `reflow --help`.".to_owned(), Box::default())
            }
            Failure::Unreachable(sentence) => {
                (3, "unreachable".to_owned(), sentence, String::new(), Box::default())
            }
        };
        match json {
            true => println!(
                "{}",
                json!({"code": code, "sentence": sentence, "remedy": remedy, "detail": detail})
            ),
            false => eprintln!("{code}: {sentence}{}{remedy}", if remedy.is_empty() { "" } else { "\n" }),
        }
        status.into()
    }
}

impl From<Rejection> for Failure {
    fn from(rejection: Rejection) -> Failure {
        match &rejection {
            Rejection::Away | Rejection::Full | Rejection::Internal(_) => {
                Failure::Unreachable(rejection.to_string())
            }
            Rejection::Malformed(_) => Failure::Usage(rejection.to_string()),
            Rejection::Admission(error) => Failure::refused(error.code(), error.to_string(), error.remedy()),
            other => Failure::refused(other.code(), rejection.to_string(), "Nothing was changed."),
        }
    }
}

impl From<KitError> for Failure {
    fn from(error: KitError) -> Failure {
        match error {
            KitError::Admission(error) => Rejection::from(error).into(),
            KitError::File { .. } => Failure::Unreachable(error.to_string()),
            KitError::NoPlugin(_) | KitError::New(_) | KitError::Worlds(..) => {
                Failure::Usage(error.to_string())
            }
            KitError::Example { .. } => Failure::refused("bad-example", error.to_string(), "Mend the file."),
            KitError::Package { .. } => Failure::refused(
                "bad-package",
                error.to_string(),
                "Get it from whoever published it, or pack it anew under a version of its own.",
            ),
            other => Failure::refused("not-built", other.to_string(), "Mend it and build again."),
        }
    }
}

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Failure {
        Failure::Unreachable(error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::Unreachable(error.to_string())
    }
}

/// Prints a document, or lines for people.
pub fn say(json: bool, document: &Json, lines: impl FnOnce() -> String) {
    match json {
        true => println!("{document}"),
        false => {
            let text = lines();
            if !text.is_empty() {
                println!("{}", text.trim_end());
            }
        }
    }
}
