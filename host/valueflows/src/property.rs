//! The property table: which class carries which property, of what kind, how many, and who may
//! read it. The codec, JSON-LD, the columns of the store, the Cedar schema and the data needs of
//! plugins are all read from it.
//!
//! Source: ValueFlows 1.0.0 (`all_vf.TTL`). House terms, which the specification leaves out, stand
//! under [`HOUSE`]: the classes of governing (`Membership`, `RuleBook`, `Amendment` and so on), `custodian`, `decimals`, `requiresTraining`, `terms`, the
//! parties and the thing of an agreement; and of what was reported from elsewhere, not witnessed here,
//! `reported`, `sameAs` (its IRI there) and `assumed` (the properties that the report left open); `papers`, what is kept with a thing in
//! writing, each by the name of its bytes; `shares`, how much of an event counts towards each of several promises that
//! it keeps; `stockFloor`, below which no stock of a kind falls.

mod table;

use crate::error::BadValue;
pub use table::PROPERTIES;

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
    EcologicalAgent = "EcologicalAgent", BatchLotRecord = "BatchLotRecord", Plan = "Plan", Claim = "Claim",
    AgreementBundle = "AgreementBundle", ProposalList = "ProposalList",
    Recipe = "Recipe", RecipeProcess = "RecipeProcess", RecipeFlow = "RecipeFlow", RecipeExchange = "RecipeExchange",
    AgentRelationshipRole = "AgentRelationshipRole", AgentRelationship = "AgentRelationship",
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
    ImageList = "imageList", OmUnitIdentifier = "omUnitIdentifier", Alt = "alt",
    HasDetailedGeometry = "hasDetailedGeometry", CurrentVirtualLocation = "currentVirtualLocation",
    CurrentCurrencyLocation = "currentCurrencyLocation", UnitOfEffort = "unitOfEffort", OfBatchLot = "ofBatchLot",
    Settles = "settles", InScopeOf = "inScopeOf", PlannedWithin = "plannedWithin", BatchLotCode = "batchLotCode",
    ExpirationDate = "expirationDate", IndependentDemandOf = "independentDemandOf",
    MinimumQuantity = "minimumQuantity", TriggeredBy = "triggeredBy", BundledIn = "bundledIn",
    ProposedTo = "proposedTo", ListedIn = "listedIn", MediumOfExchange = "mediumOfExchange",
    PrimaryOutput = "primaryOutput", RecipeIncludes = "recipeIncludes", ProcessConformsTo = "processConformsTo",
    ProcessClassifiedAs = "processClassifiedAs", HasDuration = "hasDuration", RecipeInputOf = "recipeInputOf",
    RecipeOutputOf = "recipeOutputOf", RecipeClauseOf = "recipeClauseOf",
    RecipeReciprocalClauseOf = "recipeReciprocalClauseOf",
    Shares = "shares", StockFloor = "stockFloor",
    Object = "object", Relationship = "relationship", RoleLabel = "roleLabel", InverseRoleLabel = "inverseRoleLabel",
    Withheld = "withheld",
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
    /// Millionths of a degree (WGS 84) or of a metre, a whole number.
    Millionths,
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
    /// A person, an organisation, or what acts besides.
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
    /// Of an inverse that only ever grows, the newest are answered: nobody reads all that an agent has done for one act.
    pub recent: bool,
}

/// The classes of the books in an order in which what is pointed at comes first. Who belongs and who may act
/// for whom is no part of it.
pub const IN_ORDER: [Class; 26] = [
    Class::Unit,
    Class::SpatialThing,
    Class::ProcessSpecification,
    Class::ResourceSpecification,
    Class::BatchLotRecord,
    Class::RecipeProcess,
    Class::RecipeExchange,
    Class::RecipeFlow,
    Class::Recipe,
    Class::Organization,
    Class::Person,
    Class::EcologicalAgent,
    Class::Agent,
    Class::AgentRelationshipRole,
    Class::AgentRelationship,
    Class::Plan,
    Class::Process,
    Class::EconomicResource,
    Class::AgreementBundle,
    Class::Agreement,
    Class::ProposalList,
    Class::Intent,
    Class::Proposal,
    Class::Commitment,
    Class::EconomicEvent,
    // Last, for an event brings it about.
    Class::Claim,
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
                        | Prop::Shares
                        | Prop::StockFloor
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
            (_, Kind::Integer | Kind::Millionths) => "a whole number below 2^53",
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

    /// Whether ValueFlows had this class before its release 1.0 and has it no more. Who stands to whom in what
    /// relation is a matter of governance, which 1.0 leaves out; here it is kept.
    pub fn is_dropped(self) -> bool {
        matches!(self, Class::AgentRelationship | Class::AgentRelationshipRole)
    }

    /// Whether records of this class are people or organisations.
    pub fn is_agent(self) -> bool {
        matches!(self, Class::Person | Class::Organization | Class::Agent | Class::EcologicalAgent)
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
