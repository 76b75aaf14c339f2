//! The property table: which class carries which property, of what kind, how many, and who may
//! read it. The codec, JSON-LD, the columns of the store, the Cedar schema and the data needs of
//! plugins are all read from it.
//!
//! Source: ValueFlows 1.0.0 (`all_vf.TTL`). House terms, which the specification leaves out, stand
//! under [`HOUSE`]: the classes of governing (`Membership`, `RuleBook`, `Amendment` and so on), `custodian`, `decimals`, `requiresTraining`, `terms`, the
//! parties and the thing of an agreement; and of what was reported from elsewhere, not witnessed here,
//! `reported`, `sameAs` (its IRI there) and `assumed` (the properties that the report left open); `papers`, what is kept with a thing in
//! writing, each by the name of its bytes.

use crate::error::BadValue;

/// The ontology's namespace.
pub const VF: &str = "https://w3id.org/valueflows/ont/vf#";
/// The namespace of the house terms.
pub const HOUSE: &str = "urn:reflow:ont:";

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "the names are the ontology's own")]
        pub enum $name { $($variant),+ }
        impl $name {
            /// Every one, in the order of the table.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The local name.
            pub fn as_str(self) -> &'static str { match self { $($name::$variant => $text),+ } }
            /// The one with this local name.
            pub fn named(text: &str) -> Option<$name> {
                match text { $($text => Some($name::$variant),)+ _ => None }
            }
        }
    };
}

names! { /// A class of records. A place in this list is a number in stored rows: new ones go to its end.
Class {
    Person = "Person", Organization = "Organization", Membership = "Membership",
    Unit = "Unit", SpatialThing = "SpatialThing",
    ResourceSpecification = "ResourceSpecification", ProcessSpecification = "ProcessSpecification",
    EconomicResource = "EconomicResource", EconomicEvent = "EconomicEvent", Process = "Process",
    Commitment = "Commitment", Intent = "Intent", Agreement = "Agreement", Proposal = "Proposal",
    Delegation = "Delegation", Agent = "Agent",
    RuleBook = "RuleBook", Amendment = "Amendment", Poll = "Poll", Ballot = "Ballot", Proxy = "Proxy", Stop = "Stop",
    Exception = "Exception", Case = "Case", Application = "Application",
} }

names! { /// A property. A place in this list is a number in stored rows: new ones go to its end.
Prop {
    Action = "action", AccountingQuantity = "accountingQuantity", AvailableQuantity = "availableQuantity",
    BasedOn = "basedOn", ClassifiedAs = "classifiedAs", ClauseOf = "clauseOf", ConformsTo = "conformsTo",
    ContainedIn = "containedIn", Corrects = "corrects", Created = "created",
    CurrentLocation = "currentLocation", Custodian = "custodian", Decimals = "decimals",
    DefaultUnitOfResource = "defaultUnitOfResource", Due = "due", EffortQuantity = "effortQuantity",
    Finished = "finished", Fulfills = "fulfills", HasBeginning = "hasBeginning", HasEnd = "hasEnd",
    HasPointInTime = "hasPointInTime", Image = "image", InputOf = "inputOf", Label = "label", Lat = "lat",
    Long = "long", MappableAddress = "mappableAddress", Member = "member", Name = "name", Note = "note",
    OnhandQuantity = "onhandQuantity", OutputOf = "outputOf", PrimaryAccountable = "primaryAccountable",
    PrimaryLocation = "primaryLocation", Provider = "provider", Publishes = "publishes", Purpose = "purpose",
    RealizationOf = "realizationOf", Receiver = "receiver", ReciprocalClauseOf = "reciprocalClauseOf",
    RequiresTraining = "requiresTraining", ResourceClassifiedAs = "resourceClassifiedAs",
    ResourceConformsTo = "resourceConformsTo", ResourceInventoriedAs = "resourceInventoriedAs",
    ResourceQuantity = "resourceQuantity", Roles = "roles", Satisfies = "satisfies", Stage = "stage",
    State = "state", Symbol = "symbol", Terms = "terms", ToLocation = "toLocation",
    ToResourceInventoriedAs = "toResourceInventoriedAs", TrackingIdentifier = "trackingIdentifier",
    Training = "training", UnitBased = "unitBased",
    Delegator = "delegator", Delegate = "delegate", Acts = "acts",
    SameAs = "sameAs", Reported = "reported", EligibleLocation = "eligibleLocation", Reciprocal = "reciprocal",
    ReciprocalRealizationOf = "reciprocalRealizationOf", Substitutable = "substitutable",
    DefaultUnitOfEffort = "defaultUnitOfEffort", Assumed = "assumed",
    Digest = "digest", Book = "book", Units = "units", Author = "author", Status = "status", Risk = "risk",
    Candidate = "candidate", Versions = "versions", Base = "base", Effects = "effects", Sponsors = "sponsors",
    Decision = "decision", Poll = "poll", Result = "result", Report = "report", Reason = "reason",
    Frozen = "frozen", Concerns = "concerns", Voters = "voters", Voter = "voter", Choice = "choice",
    SealedChoice = "sealedChoice", EnteredBy = "enteredBy", Topics = "topics", Guardian = "guardian", Replaces = "replaces",
    Casts = "casts", Sealed = "sealed", Holds = "holds", Suspended = "suspended", RoleTerms = "roleTerms",
    Kind = "kind", Subject = "subject", Recovery = "recovery",
    Parties = "parties", Assignee = "assignee", Statements = "statements", Escalated = "escalated", Days = "days",
    Answers = "answers", Vouchers = "vouchers", Probation = "probation", Suspensions = "suspensions",
    InsteadOf = "insteadOf", Options = "options",
    RestoredBy = "restoredBy", Restored = "restored",
    PublicKey = "publicKey", NextKey = "nextKey", KeyHeld = "keyHeld", KeySince = "keySince",
    Guardians = "guardians", GuardiansNeeded = "guardiansNeeded",
    NewKey = "newKey", NewKeyBy = "newKeyBy", NewKeySaid = "newKeySaid", SignedBy = "signedBy",
    Papers = "papers",
} }

/// The shape of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text of at most [`crate::limits::TEXT_BYTES_MAX`] bytes.
    Text,
    /// Yes or no.
    Flag,
    /// A whole number below 2^53.
    Integer,
    /// Millionths of a degree, a whole number (WGS 84).
    Degrees,
    /// An exact amount of a unit.
    Quantity,
    /// Microseconds since 1970, UTC.
    Instant,
    /// One of the nineteen actions.
    Action,
    /// Another record.
    Ref(Target),
    /// Price terms of an agreement (house).
    Terms,
    /// A JSON document of at most [`crate::limits::DOCUMENT_BYTES_MAX`] bytes that only its own room reads:
    /// the text of a rule book, what a vote came to (house).
    Document,
}

/// What a reference may point at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A person or an organisation.
    Agent,
    /// One class.
    One(Class),
}

/// How many values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Card {
    /// Exactly one.
    One,
    /// None or one.
    Optional,
    /// Any number.
    Many,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "the columns are described in the module")]
pub struct Property {
    pub class: Class,
    pub prop: Prop,
    pub kind: Kind,
    pub card: Card,
    /// Kept in the erasable part of an entry; policies and plugins read it only where declared.
    pub personal: bool,
    /// Whether the store keeps the inverse, so that records can be found by what they point at.
    pub linked: bool,
}

const NO: u8 = 0;
const PERSONAL: u8 = 1;
const LINKED: u8 = 2;
const PERSONAL_LINKED: u8 = PERSONAL | LINKED;

macro_rules! table {
    ($($class:ident { $($prop:ident: $kind:ident $(($target:ident))? $card:ident $flags:ident;)+ })+) => {
        /// Every property of every class.
        pub static PROPERTIES: &[Property] = &[$($(Property {
            class: Class::$class,
            prop: Prop::$prop,
            kind: table!(@kind $kind $($target)?),
            card: Card::$card,
            personal: $flags & PERSONAL != 0,
            linked: $flags & LINKED != 0,
        }),+),+];
    };
    (@kind Ref Agent) => { Kind::Ref(Target::Agent) };
    (@kind Ref $class:ident) => { Kind::Ref(Target::One(Class::$class)) };
    (@kind $kind:ident) => { Kind::$kind };
}

table! {
    Person {
        Name: Text Optional PERSONAL; Note: Text Optional PERSONAL; Image: Text Optional PERSONAL;
        PrimaryLocation: Ref(SpatialThing) Optional PERSONAL;
        SameAs: Text Optional PERSONAL_LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    Organization {
        Name: Text Optional NO; Note: Text Optional PERSONAL; Image: Text Optional PERSONAL;
        PrimaryLocation: Ref(SpatialThing) Optional NO; ClassifiedAs: Text Many NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    Membership {
        Member: Ref(Agent) One LINKED; Roles: Text Many NO; Training: Text Many NO;
        HasBeginning: Instant Optional NO; RoleTerms: Document Optional NO;
        Suspended: Instant Optional NO; Finished: Flag Optional NO;
        Suspensions: Integer Optional NO; Probation: Instant Optional NO;
        RestoredBy: Ref(Agent) Many NO; Restored: Instant Optional NO;
        PublicKey: Text Optional NO; NextKey: Text Optional NO; KeyHeld: Text Optional NO;
        KeySince: Instant Optional NO; Guardians: Ref(Agent) Many NO; GuardiansNeeded: Integer Optional NO;
        NewKey: Text Optional NO; NewKeyBy: Ref(Agent) Many NO; NewKeySaid: Instant Optional NO;
    }
    Unit {
        Label: Text One NO; Symbol: Text Optional NO; Decimals: Integer Optional NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    SpatialThing {
        Name: Text Optional NO; Lat: Degrees Optional PERSONAL; Long: Degrees Optional PERSONAL;
        MappableAddress: Text Optional PERSONAL; Note: Text Optional PERSONAL;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    ResourceSpecification {
        Name: Text Optional NO; Note: Text Optional PERSONAL; Image: Text Optional PERSONAL;
        ResourceClassifiedAs: Text Many NO; DefaultUnitOfResource: Ref(Unit) Optional NO;
        DefaultUnitOfEffort: Ref(Unit) Optional NO; Substitutable: Flag Optional NO;
        RequiresTraining: Text Many NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    ProcessSpecification {
        Name: Text Optional NO; Note: Text Optional PERSONAL;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    EconomicResource {
        ConformsTo: Ref(ResourceSpecification) Optional LINKED; Name: Text Optional NO;
        Note: Text Optional PERSONAL; Image: Text Optional PERSONAL; TrackingIdentifier: Text Optional NO;
        Papers: Text Many PERSONAL;
        ClassifiedAs: Text Many NO; AccountingQuantity: Quantity Optional NO; OnhandQuantity: Quantity Optional NO;
        PrimaryAccountable: Ref(Agent) Optional LINKED; Custodian: Ref(Agent) Optional LINKED;
        Stage: Ref(ProcessSpecification) Optional NO; State: Text Optional NO;
        CurrentLocation: Ref(SpatialThing) Optional NO; ContainedIn: Ref(EconomicResource) Optional LINKED;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    EconomicEvent {
        Action: Action One NO; InputOf: Ref(Process) Optional LINKED; OutputOf: Ref(Process) Optional LINKED;
        Provider: Ref(Agent) Optional NO; Receiver: Ref(Agent) Optional NO;
        ResourceInventoriedAs: Ref(EconomicResource) Optional LINKED;
        ToResourceInventoriedAs: Ref(EconomicResource) Optional LINKED;
        ResourceConformsTo: Ref(ResourceSpecification) Optional NO; ResourceClassifiedAs: Text Many NO;
        ResourceQuantity: Quantity Optional NO; EffortQuantity: Quantity Optional NO;
        HasBeginning: Instant Optional NO; HasEnd: Instant Optional NO; HasPointInTime: Instant Optional NO;
        Created: Instant Optional NO; Note: Text Optional PERSONAL; State: Text Optional NO;
        ToLocation: Ref(SpatialThing) Optional NO; RealizationOf: Ref(Agreement) Optional LINKED;
        ReciprocalRealizationOf: Ref(Agreement) Optional LINKED; Fulfills: Ref(Commitment) Many LINKED;
        Satisfies: Ref(Intent) Many NO; Corrects: Ref(EconomicEvent) Optional NO;
        SignedBy: Text Optional NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    Process {
        Name: Text Optional NO; Note: Text Optional PERSONAL; BasedOn: Ref(ProcessSpecification) Optional NO;
        ClassifiedAs: Text Many NO; HasBeginning: Instant Optional NO; HasEnd: Instant Optional NO;
        Finished: Flag Optional NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    Commitment {
        Action: Action One NO; Provider: Ref(Agent) Optional LINKED; Receiver: Ref(Agent) Optional LINKED;
        ResourceInventoriedAs: Ref(EconomicResource) Optional LINKED;
        ResourceConformsTo: Ref(ResourceSpecification) Optional NO; ResourceClassifiedAs: Text Many NO;
        ResourceQuantity: Quantity Optional NO; EffortQuantity: Quantity Optional NO;
        HasBeginning: Instant Optional NO; HasEnd: Instant Optional NO; Due: Instant Optional NO;
        Created: Instant Optional NO; Finished: Flag Optional NO; Note: Text Optional PERSONAL;
        State: Text Optional NO; ClauseOf: Ref(Agreement) Optional LINKED;
        ReciprocalClauseOf: Ref(Agreement) Optional LINKED; Satisfies: Ref(Intent) Many NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    Intent {
        Action: Action One NO; Name: Text Optional NO; Note: Text Optional PERSONAL; Image: Text Optional PERSONAL;
        Provider: Ref(Agent) Optional LINKED; Receiver: Ref(Agent) Optional LINKED;
        ResourceInventoriedAs: Ref(EconomicResource) Optional LINKED;
        ResourceConformsTo: Ref(ResourceSpecification) Optional LINKED; ResourceClassifiedAs: Text Many NO;
        ResourceQuantity: Quantity Optional NO; EffortQuantity: Quantity Optional NO;
        AvailableQuantity: Quantity Optional NO; HasBeginning: Instant Optional NO; HasEnd: Instant Optional NO;
        Due: Instant Optional NO; Finished: Flag Optional NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    Agreement {
        Name: Text Optional NO; Note: Text Optional PERSONAL; Created: Instant Optional NO;
        Provider: Ref(Agent) Optional LINKED; Receiver: Ref(Agent) Optional LINKED;
        ResourceInventoriedAs: Ref(EconomicResource) Optional LINKED; Terms: Terms Many NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    Proposal {
        Name: Text Optional NO; Note: Text Optional PERSONAL; Created: Instant Optional NO;
        HasBeginning: Instant Optional NO; HasEnd: Instant Optional NO; UnitBased: Flag Optional NO;
        Purpose: Text Optional NO; Publishes: Ref(Intent) Many LINKED;
        Reciprocal: Ref(Intent) Many LINKED; EligibleLocation: Ref(SpatialThing) Optional NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    Delegation {
        Delegator: Ref(Agent) One LINKED; Delegate: Ref(Agent) One LINKED; Acts: Text Many NO;
        HasBeginning: Instant One NO; HasEnd: Instant One NO; Finished: Flag Optional NO;
    }
    Agent {
        Name: Text Optional PERSONAL; Note: Text Optional PERSONAL; Image: Text Optional PERSONAL;
        PrimaryLocation: Ref(SpatialThing) Optional PERSONAL;
        SameAs: Text Optional PERSONAL_LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    RuleBook {
        Name: Text One NO; Digest: Text One NO; Book: Document One NO; Created: Instant One NO;
        Units: Document Optional NO; HasBeginning: Instant Optional NO;
    }
    Amendment {
        Name: Text One NO; Note: Text Optional PERSONAL; Author: Ref(Agent) One LINKED; Status: Text One NO;
        Risk: Text One NO; Candidate: Ref(RuleBook) Optional LINKED; Versions: Ref(RuleBook) Many NO;
        Base: Text One NO; Effects: Document Optional NO; Sponsors: Ref(Agent) Many NO;
        Report: Document Optional NO; Created: Instant One NO; HasBeginning: Instant Optional NO;
        Frozen: Instant Optional NO; Poll: Ref(Poll) Optional NO; Due: Instant Optional NO;
        Result: Document Optional NO; Guardian: Ref(Agent) Optional NO; Reason: Text Optional PERSONAL;
        Recovery: Flag Optional NO; Replaces: Ref(RuleBook) Optional NO; Holds: Ref(Agent) Optional LINKED; InsteadOf: Ref(Amendment) Optional LINKED;
        Finished: Flag Optional NO;
    }
    Poll {
        Concerns: Ref(Amendment) One LINKED; Decision: Document One NO; Voters: Document One NO;
        Created: Instant One NO; Due: Instant One NO; Casts: Document Optional NO;
        Result: Document Optional NO; Options: Ref(Amendment) Many NO; Finished: Flag Optional NO;
    }
    Ballot {
        Concerns: Ref(Poll) One LINKED; Voter: Ref(Agent) One LINKED; Sealed: Flag One NO;
        Choice: Document Optional NO; SealedChoice: Document Optional PERSONAL; Note: Text Optional PERSONAL;
        Created: Instant One NO; EnteredBy: Ref(Agent) Many NO;
    }
    Proxy {
        Delegator: Ref(Agent) One LINKED; Delegate: Ref(Agent) One LINKED; Topics: Text Many NO;
        HasBeginning: Instant One NO; HasEnd: Instant One NO; Finished: Flag Optional NO;
    }
    Stop {
        Kind: Text One NO; Subject: Text Optional NO; Author: Ref(Agent) One NO; Reason: Text Optional PERSONAL;
        HasBeginning: Instant One NO; HasEnd: Instant One NO; Holds: Ref(Agent) One LINKED;
        Finished: Flag Optional NO;
    }
    Exception {
        Member: Ref(Agent) One LINKED; Acts: Text Many NO; Subject: Text Optional NO;
        ResourceInventoriedAs: Ref(EconomicResource) Optional NO; Days: Integer Optional NO;
        ResourceQuantity: Quantity Optional NO; Author: Ref(Agent) One NO; Reason: Text Optional PERSONAL;
        Concerns: Ref(Case) Optional NO; Status: Text One NO; HasBeginning: Instant One NO; HasEnd: Instant One NO;
        Finished: Flag Optional NO;
    }
    Case {
        Kind: Text One NO; Subject: Text Optional NO; Author: Ref(Agent) One LINKED; Parties: Ref(Agent) Many LINKED;
        ResourceInventoriedAs: Ref(EconomicResource) Optional NO; Assignee: Ref(Agent) Optional LINKED;
        Escalated: Integer Optional NO; Status: Text One NO; Statements: Document Optional PERSONAL;
        Created: Instant One NO; Due: Instant Optional NO; HasEnd: Instant Optional NO; Finished: Flag Optional NO;
    }
    Application {
        Member: Ref(Agent) One LINKED; Kind: Text One NO; Status: Text One NO; Answers: Document Optional PERSONAL;
        Vouchers: Ref(Agent) Many NO; Training: Text Many NO; Reason: Text Optional PERSONAL;
        Created: Instant One NO; Due: Instant Optional NO; HasEnd: Instant Optional NO; Finished: Flag Optional NO;
    }
}

/// The classes of the books in an order in which what is pointed at comes first. Who belongs and who may act
/// for whom is no part of it.
pub const IN_ORDER: [Class; 14] = [
    Class::Unit,
    Class::SpatialThing,
    Class::ProcessSpecification,
    Class::ResourceSpecification,
    Class::Organization,
    Class::Person,
    Class::Agent,
    Class::Process,
    Class::EconomicResource,
    Class::Agreement,
    Class::Intent,
    Class::Proposal,
    Class::Commitment,
    Class::EconomicEvent,
];

/// What events change of a resource; everything else describes it.
pub const STATED: [Prop; 8] = [
    Prop::AccountingQuantity,
    Prop::OnhandQuantity,
    Prop::PrimaryAccountable,
    Prop::Custodian,
    Prop::Stage,
    Prop::State,
    Prop::CurrentLocation,
    Prop::ContainedIn,
];

impl Property {
    /// The row of a class and a property.
    pub fn of(class: Class, prop: Prop) -> Option<&'static Property> {
        class.properties().iter().find(|row| row.prop == prop)
    }

    /// The IRI under which the property goes out into the world.
    pub fn iri(&self) -> String {
        let house = self.class.is_governing()
            || matches!(
                (self.class, self.prop),
                (
                    _,
                    Prop::Custodian
                        | Prop::Decimals
                        | Prop::RequiresTraining
                        | Prop::Terms
                        | Prop::SameAs
                        | Prop::Reported
                        | Prop::Assumed
                        | Prop::Papers
                        | Prop::SignedBy
                ) | (Class::Agreement, Prop::Provider | Prop::Receiver | Prop::ResourceInventoriedAs)
            );
        format!("{}{}", if house { HOUSE } else { VF }, self.prop.as_str())
    }

    /// What would fit, in words.
    pub fn wanted(&self) -> &'static str {
        match (self.card, self.kind) {
            (Card::Many, Kind::Text) => "a list of texts",
            (Card::Many, Kind::Terms) => "a list of terms",
            (Card::Many, _) => "a list of identifiers",
            (_, Kind::Text) => "a text",
            (_, Kind::Flag) => "true or false",
            (_, Kind::Integer | Kind::Degrees) => "a whole number below 2^53",
            (_, Kind::Quantity) => {
                "an amount with its unit, such as {\"hasNumericalValue\":\"1.5\",\"hasUnit\":ID}"
            }
            (_, Kind::Instant) => "a time in whole microseconds since 1970",
            (_, Kind::Action) => "the name of an action",
            (_, Kind::Ref(_)) => "an identifier",
            (_, Kind::Terms) => "terms",
            (_, Kind::Document) => "a JSON object or list",
        }
    }
}

impl Class {
    /// This class's rows of the table, which stand together.
    pub fn properties(self) -> &'static [Property] {
        let start = PROPERTIES.partition_point(|row| row.class < self);
        let end = PROPERTIES.partition_point(|row| row.class <= self);
        PROPERTIES.get(start..end).unwrap_or_default()
    }

    /// Whether records of this class say who belongs and how the network governs itself: they come of acts of
    /// governing alone, never of a report, a revision or a file.
    pub fn is_governing(self) -> bool {
        use Class::*;
        matches!(
            self,
            Membership
                | Delegation
                | RuleBook
                | Amendment
                | Poll
                | Ballot
                | Proxy
                | Stop
                | Exception
                | Case
                | Application
        )
    }

    /// Whether records of this class are people or organisations.
    pub fn is_agent(self) -> bool {
        matches!(self, Class::Person | Class::Organization | Class::Agent)
    }

    /// The class with this name, or what to say.
    pub fn parse(text: &str) -> Result<Class, BadValue> {
        Class::named(text).ok_or_else(|| BadValue::UnknownClass(text.chars().take(64).collect()))
    }

    /// A small number for columns; part of the stored format, so only ever appended to.
    pub fn code(self) -> i64 {
        Class::ALL.iter().position(|class| *class == self).map_or(0, |n| n as i64)
    }

    /// The class with this column number.
    pub fn from_code(code: i64) -> Option<Class> {
        usize::try_from(code).ok().and_then(|n| Class::ALL.get(n)).copied()
    }
}

impl Prop {
    /// A small number for columns; part of the stored format, so only ever appended to.
    pub fn code(self) -> i64 {
        self as i64
    }
}

impl Target {
    /// Whether a record of this class may stand at the other end.
    pub fn takes(self, class: Class) -> bool {
        match self {
            Target::Agent => class.is_agent(),
            Target::One(one) => one == class,
        }
    }
}
