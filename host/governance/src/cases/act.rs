//! The acts about cases.

use ledger::act::Reader;
use serde_json::{Map, Value as Json, json};
use valueflows::{BadValue, Id};

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The decision stands, or there was nothing in it.
    Upheld,
    /// It was wrong, and is put right.
    Reversed,
    /// The parties have agreed on something.
    Mediated,
    /// Whoever opened it took it back.
    Withdrawn,
}

impl Settled {
    /// Every way but the last, which is the opener's own.
    const OF_ASSIGNEES: [Settled; 3] = [Settled::Upheld, Settled::Reversed, Settled::Mediated];

    /// As it stands in records.
    pub fn code(self) -> &'static str {
        match self {
            Settled::Upheld => "upheld",
            Settled::Reversed => "reversed",
            Settled::Mediated => "mediated",
            Settled::Withdrawn => "withdrawn",
        }
    }
}

/// One act about a case.
#[derive(Debug, Clone, PartialEq)]
pub enum CaseAct {
    /// Somebody appeals against a decision, or reports something.
    Open {
        /// The command whose decision it is, if it is about one.
        decision: Option<Id>,
        /// The thing that it is about, if it is about one.
        thing: Option<Id>,
        /// Whom it is about besides.
        against: Vec<Id>,
        /// What there is to say (personal part).
        statement: String,
    },
    /// A party, or whoever looks into it, says something.
    Say {
        /// The case.
        case: Id,
        /// What (personal part).
        statement: String,
    },
    /// Somebody else is to look into it.
    Assign {
        /// The case.
        case: Id,
        /// Who.
        assignee: Id,
    },
    /// Whoever looks into it says how it ends.
    Close {
        /// The case.
        case: Id,
        /// How.
        how: Settled,
        /// Why (personal part).
        statement: String,
    },
    /// Whoever opened it takes it back.
    Withdraw {
        /// The case.
        case: Id,
    },
}

const NAMES: [&str; 5] = ["openCase", "sayInCase", "assignCase", "closeCase", "withdrawCase"];

impl CaseAct {
    /// The name under which the act is written.
    pub fn name(&self) -> &'static str {
        match self {
            CaseAct::Open { .. } => "openCase",
            CaseAct::Say { .. } => "sayInCase",
            CaseAct::Assign { .. } => "assignCase",
            CaseAct::Close { .. } => "closeCase",
            CaseAct::Withdraw { .. } => "withdrawCase",
        }
    }

    /// The case that it is about, if it is there already.
    pub fn case(&self) -> Option<Id> {
        match self {
            CaseAct::Open { .. } => None,
            CaseAct::Say { case, .. }
            | CaseAct::Assign { case, .. }
            | CaseAct::Close { case, .. }
            | CaseAct::Withdraw { case } => Some(*case),
        }
    }

    pub(crate) fn parts(&self) -> (Json, Json) {
        match self {
            CaseAct::Open { decision, thing, against, statement } => {
                let mut books = json!({"against": against});
                if let Json::Object(map) = &mut books {
                    let named = [("decision", decision), ("resourceInventoriedAs", thing)];
                    let named = named.into_iter().filter_map(|(name, id)| Some((name, (*id)?)));
                    map.extend(named.map(|(name, id)| (name.to_owned(), json!(id))));
                }
                (books, json!({"statement": statement}))
            }
            CaseAct::Say { case, statement } => (json!({"case": case}), json!({"statement": statement})),
            CaseAct::Assign { case, assignee } => (json!({"case": case, "assignee": assignee}), json!({})),
            CaseAct::Close { case, how, statement } => {
                (json!({"case": case, "outcome": how.code()}), json!({"statement": statement}))
            }
            CaseAct::Withdraw { case } => (json!({"case": case}), json!({})),
        }
    }

    /// Reads an act; none where the name is no name of one of these.
    pub(crate) fn from_json(name: &str, map: &Map<String, Json>) -> Option<Result<CaseAct, BadValue>> {
        NAMES.contains(&name).then(|| CaseAct::read(name, map))
    }

    fn read(name: &str, map: &Map<String, Json>) -> Result<CaseAct, BadValue> {
        let read = Reader(map);
        let named = |name: &'static str| map.get(name).map(|_| read.id(name)).transpose();
        // It may have been erased; then there is none.
        let statement =
            || map.get("statement").map_or(Ok(String::new()), |_| read.text("statement").map(str::to_owned));
        match name {
            "openCase" => {
                read.only(&["decision", "resourceInventoriedAs", "against", "statement"])?;
                let wrong = BadValue::WrongShape { name: "against", wanted: "a list of identifiers" };
                let against = read.texts("against")?.iter().map(|id| id.parse()).collect::<Result<_, _>>();
                Ok(CaseAct::Open {
                    decision: named("decision")?,
                    thing: named("resourceInventoriedAs")?,
                    against: against.map_err(|_| wrong)?,
                    statement: statement()?,
                })
            }
            "sayInCase" => {
                read.only(&["case", "statement"])?;
                Ok(CaseAct::Say { case: read.id("case")?, statement: statement()? })
            }
            "assignCase" => {
                read.only(&["case", "assignee"])?;
                Ok(CaseAct::Assign { case: read.id("case")?, assignee: read.id("assignee")? })
            }
            "closeCase" => {
                read.only(&["case", "outcome", "statement"])?;
                let outcome = read.text("outcome")?;
                let wrong =
                    BadValue::WrongShape { name: "outcome", wanted: "`upheld`, `reversed` or `mediated`" };
                let how = Settled::OF_ASSIGNEES.into_iter().find(|how| how.code() == outcome);
                Ok(CaseAct::Close { case: read.id("case")?, how: how.ok_or(wrong)?, statement: statement()? })
            }
            _ => {
                read.only(&["case"])?;
                Ok(CaseAct::Withdraw { case: read.id("case")? })
            }
        }
    }
}
