//! The nineteen actions of ValueFlows 1.0 as data: eleven columns a row, and nothing else decides
//! what an event does to a resource. A network's rules may add actions of their own, see [`crate::own`].
//!
//! Source: the ontology's TTL, release 1.0.0. Where the specification's chart and its TTL differ
//! (`work` and its quantity, `pickup`, `dropoff`, `accept`, `modify` creating resources), the TTL holds.

use std::fmt;

use crate::error::BadValue;
use crate::own::Label;

macro_rules! effect {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the names are the ontology's own")]
        pub enum $name { $($variant),+ }
        impl $name {
            /// The ontology's local name.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// The effect with this local name.
            pub fn parse(text: &str) -> Option<$name> {
                match text { $($text => Some($name::$variant),)+ _ => None }
            }
        }
    };
}

effect! { /// Whether the event is an input or an output of a process.
InputOutput { Input = "input", Output = "output", OutputInput = "outputInput", None = "notApplicable" } }
effect! { /// Whether the event may create the resource it is about.
CreateResource { Optional = "optional", OptionalTo = "optionalTo", None = "notApplicable" } }
effect! { /// Which quantities the event carries.
EventQuantity { Resource = "resource", Effort = "effort", Both = "both" } }
effect! { /// What happens to a quantity (accounting or onhand).
QuantityEffect {
    Increment = "increment", Decrement = "decrement",
    DecrementIncrement = "decrementIncrement", IncrementTo = "incrementTo", None = "notApplicable",
} }
effect! { /// What happens to the current location.
LocationEffect { New = "new", Update = "update", UpdateTo = "updateTo", None = "notApplicable" } }
effect! { /// What happens to the container.
ContainedEffect { Update = "update", Remove = "remove", None = "notApplicable" } }
effect! { /// What happens to the primary accountable agent.
AccountableEffect { New = "new", UpdateTo = "updateTo", None = "notApplicable" } }
effect! { /// What happens to the stage.
StageEffect { Update = "update", None = "notApplicable" } }
effect! { /// What happens to the state.
StateEffect { Update = "update", UpdateTo = "updateTo", None = "notApplicable" } }

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the columns are the ontology's own")]
pub struct Row {
    pub action: Action,
    /// Which of the nineteen it is, or is a kind of: by that it is followed, and read where only those are known.
    pub like: Action,
    pub input_output: InputOutput,
    pub pairs_with: Option<Action>,
    pub create_resource: CreateResource,
    pub event_quantity: EventQuantity,
    pub accounting: QuantityEffect,
    pub onhand: QuantityEffect,
    pub location: LocationEffect,
    pub contained: ContainedEffect,
    pub accountable: AccountableEffect,
    pub stage: StageEffect,
    pub state: StateEffect,
}

macro_rules! actions {
    ($($variant:ident $label:literal
        $io:ident $pair:tt $create:ident $quantity:ident $acc:ident $on:ident $loc:ident $con:ident $own:ident $stage:ident $state:ident;)+) => {
        /// An action of ValueFlows, or a network's own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "the names are the ontology's own")]
        pub enum Action {
            $($variant,)+
            /// One that a network's rules define; what it does stands in [`crate::own::OwnActions`].
            Own(Label),
        }

        #[repr(u8)]
        enum Place { $($variant),+ }

        /// All nineteen rows, in the order of the ontology.
        pub static ROWS: [Row; 19] = [$(Row {
            action: Action::$variant, like: Action::$variant,
            input_output: InputOutput::$io, pairs_with: actions!(@pair $pair),
            create_resource: CreateResource::$create, event_quantity: EventQuantity::$quantity,
            accounting: QuantityEffect::$acc, onhand: QuantityEffect::$on,
            location: LocationEffect::$loc, contained: ContainedEffect::$con,
            accountable: AccountableEffect::$own, stage: StageEffect::$stage, state: StateEffect::$state,
        }),+];

        impl Action {
            /// The camelCase id, as in the ontology.
            pub fn as_str(&self) -> &str {
                match self { $(Action::$variant => $label,)+ Action::Own(label) => label.as_str() }
            }

            /// The action with this camelCase id: one of the nineteen, or what could be a network's own.
            pub fn parse(text: &str) -> Result<Action, BadValue> {
                match text {
                    $($label => Ok(Action::$variant),)+
                    other => match Label::parse(other) {
                        Some(label) => Ok(Action::Own(label)),
                        None => Err(BadValue::UnknownAction(other.chars().take(64).collect())),
                    },
                }
            }

            /// Its place among the nineteen; none for a network's own.
            pub const fn place(self) -> Option<u8> {
                match self { $(Action::$variant => Some(Place::$variant as u8),)+ Action::Own(_) => None }
            }
        }
    };
    (@pair -) => { None };
    (@pair $other:ident) => { Some(Action::$other) };
}

actions! {
    //                                       inputOutput pairs    create     quantity accounting         onhand             location contained accountable stage  state
    Produce           "produce"              Output      -        Optional   Resource Increment          Increment          New      None      New         Update Update;
    Consume           "consume"              Input       -        None       Resource Decrement          Decrement          None     None      None        None   Update;
    Use               "use"                  Input       -        None       Both     None               None               None     None      None        None   Update;
    Work              "work"                 Input       -        None       Effort   None               None               None     None      None        None   None;
    Cite              "cite"                 Input       -        None       Resource None               None               None     None      None        None   Update;
    DeliverService    "deliverService"       OutputInput -        None       Resource None               None               None     None      None        None   None;
    Pickup            "pickup"               Input       Dropoff  None       Resource None               Decrement          Update   None      None        None   Update;
    Dropoff           "dropoff"              Output      Pickup   None       Resource None               Increment          Update   None      None        Update Update;
    Accept            "accept"               Input       Modify   None       Resource None               Decrement          Update   None      None        None   Update;
    Modify            "modify"               Output      Accept   None       Resource None               Increment          Update   None      None        Update Update;
    Combine           "combine"              Input       -        None       Resource None               Decrement          None     Update    None        None   Update;
    Separate          "separate"             Output      -        None       Resource None               Increment          None     Remove    None        Update Update;
    TransferAllRights "transferAllRights"    None        -        OptionalTo Resource DecrementIncrement None               None     None      UpdateTo    None   UpdateTo;
    TransferCustody   "transferCustody"      None        -        OptionalTo Resource None               DecrementIncrement UpdateTo None      None        None   UpdateTo;
    Transfer          "transfer"             None        -        OptionalTo Resource DecrementIncrement DecrementIncrement UpdateTo None      UpdateTo    None   UpdateTo;
    Move              "move"                 None        -        OptionalTo Resource DecrementIncrement DecrementIncrement UpdateTo None      None        None   UpdateTo;
    Copy              "copy"                 None        -        OptionalTo Resource IncrementTo        IncrementTo        New      None      New         None   UpdateTo;
    Raise             "raise"                None        -        Optional   Resource Increment          Increment          None     None      New         None   Update;
    Lower             "lower"                None        -        Optional   Resource Decrement          Decrement          None     None      New         None   Update;
}

impl QuantityEffect {
    /// What becomes of a quantity: how it counts on the resource that the event is about, and on the one
    /// that it goes to; nothing where that side is not touched.
    pub fn signs(self) -> (Option<i64>, Option<i64>) {
        match self {
            QuantityEffect::None => (None, None),
            QuantityEffect::Increment => (Some(1), None),
            QuantityEffect::Decrement => (Some(-1), None),
            QuantityEffect::DecrementIncrement => (Some(-1), Some(1)),
            QuantityEffect::IncrementTo => (None, Some(1)),
        }
    }
}

impl Action {
    /// The action with this id in camelCase, as it is written now, or in kebab-case, as it was written once.
    pub fn named(text: &str) -> Result<Action, BadValue> {
        if text.starts_with('-') || text.ends_with('-') || text.contains("--") {
            return Action::parse(text);
        }
        let mut camel = String::with_capacity(text.len());
        for (n, part) in text.split('-').enumerate() {
            let mut chars = part.chars();
            let first = chars.next().filter(|_| n > 0).map(|first| first.to_ascii_uppercase());
            camel.extend(first);
            camel.push_str(if n > 0 { chars.as_str() } else { part });
        }
        Action::parse(&camel)
    }

    /// The row of one of the nineteen; none for a network's own, which its rules define.
    pub fn row(self) -> Option<&'static Row> {
        ROWS.get(usize::from(self.place()?))
    }

    /// Whether a network's rules define it.
    pub fn is_own(self) -> bool {
        matches!(self, Action::Own(_))
    }

    /// The nineteen, in the order of the ontology.
    pub fn all() -> impl Iterator<Item = Action> {
        ROWS.iter().map(|row| row.action)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
