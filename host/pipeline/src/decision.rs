//! What was decided, as people and programs read it.

use journal::Digest;
use policy::{Reason, SignedBy};
use serde_json::{Value as Json, json};
use valueflows::{Id, Instant, NetworkId};

/// Why a command was refused: code, sentence, remedy, and what settled it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Who refused: `policy`, `ledger`, `plugin` or `quote`.
    pub by: &'static str,
    /// The stable code.
    pub code: String,
    /// One sentence.
    pub sentence: String,
    /// What to do.
    pub remedy: String,
    /// The policies and conditions that settled it.
    pub reasons: Vec<Reason>,
}

impl Refused {
    /// As it stands in a journal.
    pub fn to_json(&self) -> Json {
        json!({
            "by": self.by, "code": self.code, "sentence": self.sentence, "remedy": self.remedy,
            "reasons": self.reasons,
        })
    }

    /// Reads it back.
    pub fn from_json(json: &Json) -> Option<Refused> {
        let text = |name| json.get(name).and_then(Json::as_str).map(str::to_owned);
        let by = ["policy", "ledger", "plugin", "quote"]
            .into_iter()
            .find(|by| text("by").as_deref() == Some(by))?;
        let reasons = serde_json::from_value(json.get("reasons")?.clone()).ok()?;
        Some(Refused {
            by,
            code: text("code")?,
            sentence: text("sentence")?,
            remedy: text("remedy")?,
            reasons,
        })
    }
}

/// Permitted, or why not.
pub type Decision = Result<(), Refused>;

/// What a command's sender gets: where it stands in the journal and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// The network.
    pub network: NetworkId,
    /// The command.
    pub command: Id,
    /// Its entry's place.
    pub seq: u64,
    /// The books' time at which it was judged.
    pub at: Instant,
    /// The hash of its entry.
    pub entry: Digest,
    /// The entry that enacted the rules it was judged under.
    pub book: u64,
    /// By whose key it is signed.
    pub signed_by: SignedBy,
    /// The verdict.
    pub decision: Decision,
    /// The records it made or changed: class, id, version.
    pub made: Vec<(String, Id, u32)>,
}

impl Receipt {
    /// The receipt as a document.
    pub fn to_json(&self) -> Json {
        let mut json = json!({
            "network": self.network.to_string(),
            "command": self.command.to_string(),
            "seq": self.seq,
            "at": self.at.0,
            "entry": self.entry.to_string(),
            "book": self.book,
            "signedBy": self.signed_by.as_str(),
            "verdict": if self.decision.is_ok() { "permit" } else { "refuse" },
            "made": self.made.iter().map(|(class, id, version)| json!([class, id.to_string(), version])).collect::<Vec<_>>(),
        });
        if let (Err(refused), Json::Object(map)) = (&self.decision, &mut json) {
            map.insert("refused".into(), refused.to_json());
        }
        json
    }
}
