//! The rows of the table.

use super::{Card, Class, Kind, Prop, Property, Target};

const NO: u8 = 0;
const PERSONAL: u8 = 1;
const LINKED: u8 = 2;
const PERSONAL_LINKED: u8 = PERSONAL | LINKED;
const RECENT: u8 = LINKED | 4;

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
            recent: $flags & RECENT == RECENT,
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
        OmUnitIdentifier: Text Optional NO; ClassifiedAs: Text Many NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    SpatialThing {
        Name: Text Optional NO; Lat: Millionths Optional PERSONAL; Long: Millionths Optional PERSONAL;
        MappableAddress: Text Optional PERSONAL; Note: Text Optional PERSONAL;
        Alt: Millionths Optional PERSONAL; HasDetailedGeometry: Text Many PERSONAL;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    ResourceSpecification {
        Name: Text Optional NO; Note: Text Optional PERSONAL; Image: Text Optional PERSONAL;
        ResourceClassifiedAs: Text Many NO; DefaultUnitOfResource: Ref(Unit) Optional NO;
        DefaultUnitOfEffort: Ref(Unit) Optional NO; Substitutable: Flag Optional NO;
        RequiresTraining: Text Many NO;
        ImageList: Text Many PERSONAL; MediumOfExchange: Flag Optional NO;
        StockFloor: Quantity Optional NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    ProcessSpecification {
        Name: Text Optional NO; Note: Text Optional PERSONAL;
        Image: Text Optional PERSONAL;
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
        ImageList: Text Many PERSONAL; CurrentVirtualLocation: Text Optional PERSONAL;
        CurrentCurrencyLocation: Text Optional PERSONAL; UnitOfEffort: Ref(Unit) Optional NO;
        OfBatchLot: Ref(BatchLotRecord) Optional LINKED;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    EconomicEvent {
        Action: Action One NO; InputOf: Ref(Process) Optional LINKED; OutputOf: Ref(Process) Optional LINKED;
        Provider: Ref(Agent) Optional RECENT; Receiver: Ref(Agent) Optional RECENT;
        ResourceInventoriedAs: Ref(EconomicResource) Optional LINKED;
        ToResourceInventoriedAs: Ref(EconomicResource) Optional LINKED;
        ResourceConformsTo: Ref(ResourceSpecification) Optional NO; ResourceClassifiedAs: Text Many NO;
        ResourceQuantity: Quantity Optional NO; EffortQuantity: Quantity Optional NO;
        HasBeginning: Instant Optional NO; HasEnd: Instant Optional NO; HasPointInTime: Instant Optional NO;
        Created: Instant Optional NO; Note: Text Optional PERSONAL; State: Text Optional NO;
        ToLocation: Ref(SpatialThing) Optional NO; RealizationOf: Ref(Agreement) Optional LINKED;
        ReciprocalRealizationOf: Ref(Agreement) Optional LINKED; Fulfills: Ref(Commitment) Many LINKED;
        Satisfies: Ref(Intent) Many LINKED; Corrects: Ref(EconomicEvent) Optional LINKED;
        SignedBy: Text Optional NO;
        Image: Text Optional PERSONAL; Settles: Ref(Claim) Many LINKED; Shares: Terms Many NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    Process {
        Name: Text Optional NO; Note: Text Optional PERSONAL; BasedOn: Ref(ProcessSpecification) Optional NO;
        ClassifiedAs: Text Many NO; HasBeginning: Instant Optional NO; HasEnd: Instant Optional NO;
        Finished: Flag Optional NO;
        InScopeOf: Ref(Agent) Optional LINKED; PlannedWithin: Ref(Plan) Optional LINKED;
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
        ReciprocalClauseOf: Ref(Agreement) Optional LINKED; Satisfies: Ref(Intent) Many LINKED;
        InputOf: Ref(Process) Optional LINKED; OutputOf: Ref(Process) Optional LINKED;
        HasPointInTime: Instant Optional NO; Stage: Ref(ProcessSpecification) Optional NO;
        PlannedWithin: Ref(Plan) Optional LINKED; IndependentDemandOf: Ref(Plan) Optional LINKED;
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
        InputOf: Ref(Process) Optional LINKED; OutputOf: Ref(Process) Optional LINKED;
        HasPointInTime: Instant Optional NO; Stage: Ref(ProcessSpecification) Optional NO;
        State: Text Optional NO; PlannedWithin: Ref(Plan) Optional LINKED; ImageList: Text Many PERSONAL;
        MinimumQuantity: Quantity Optional NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    Agreement {
        Name: Text Optional NO; Note: Text Optional PERSONAL; Created: Instant Optional NO;
        Provider: Ref(Agent) Optional LINKED; Receiver: Ref(Agent) Optional LINKED;
        ResourceInventoriedAs: Ref(EconomicResource) Optional LINKED; Terms: Terms Many NO;
        BundledIn: Ref(AgreementBundle) Optional LINKED;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    Proposal {
        Name: Text Optional NO; Note: Text Optional PERSONAL; Created: Instant Optional NO;
        HasBeginning: Instant Optional NO; HasEnd: Instant Optional NO; UnitBased: Flag Optional NO;
        Purpose: Text Optional NO; Publishes: Ref(Intent) Many LINKED;
        Reciprocal: Ref(Intent) Many LINKED; EligibleLocation: Ref(SpatialThing) Optional NO;
        ProposedTo: Ref(Agent) Many LINKED; ListedIn: Ref(ProposalList) Many LINKED;
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
        Units: Document Optional NO; HasBeginning: Instant Optional NO; Withheld: Document Optional NO;
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
    EcologicalAgent {
        Name: Text Optional NO; Note: Text Optional PERSONAL; Image: Text Optional PERSONAL;
        PrimaryLocation: Ref(SpatialThing) Optional NO; ClassifiedAs: Text Many NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    BatchLotRecord {
        BatchLotCode: Text Optional NO; ExpirationDate: Instant Optional NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    Plan {
        Name: Text Optional NO; Note: Text Optional PERSONAL; Created: Instant Optional NO;
        Due: Instant Optional NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    Claim {
        Action: Action One NO; Provider: Ref(Agent) Optional LINKED; Receiver: Ref(Agent) Optional LINKED;
        ResourceConformsTo: Ref(ResourceSpecification) Optional NO; ResourceClassifiedAs: Text Many NO;
        ResourceQuantity: Quantity Optional NO; EffortQuantity: Quantity Optional NO;
        Due: Instant Optional NO; Created: Instant Optional NO; Finished: Flag Optional NO;
        Note: Text Optional PERSONAL; TriggeredBy: Ref(EconomicEvent) Optional LINKED;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    AgreementBundle {
        Name: Text Optional NO; Note: Text Optional PERSONAL; Created: Instant Optional NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    ProposalList {
        Name: Text Optional NO; Note: Text Optional PERSONAL; Created: Instant Optional NO;
        ProposedTo: Ref(Agent) Many LINKED;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    Recipe {
        Name: Text Optional NO; Note: Text Optional PERSONAL;
        PrimaryOutput: Ref(ResourceSpecification) Optional LINKED; RecipeIncludes: Ref(RecipeProcess) Many LINKED;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    RecipeProcess {
        Name: Text Optional NO; Note: Text Optional PERSONAL; Image: Text Optional PERSONAL;
        ProcessConformsTo: Ref(ProcessSpecification) Optional LINKED; ProcessClassifiedAs: Text Many NO;
        HasDuration: Quantity Optional NO;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    RecipeFlow {
        Action: Action One NO; RecipeInputOf: Ref(RecipeProcess) Optional LINKED;
        RecipeOutputOf: Ref(RecipeProcess) Optional LINKED; RecipeClauseOf: Ref(RecipeExchange) Optional LINKED;
        RecipeReciprocalClauseOf: Ref(RecipeExchange) Optional LINKED;
        ResourceConformsTo: Ref(ResourceSpecification) Optional LINKED; ResourceClassifiedAs: Text Many NO;
        ResourceQuantity: Quantity Optional NO; EffortQuantity: Quantity Optional NO;
        Stage: Ref(ProcessSpecification) Optional NO; State: Text Optional NO; Note: Text Optional PERSONAL;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    RecipeExchange {
        Name: Text Optional NO; Note: Text Optional PERSONAL;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    AgentRelationshipRole {
        RoleLabel: Text One NO; InverseRoleLabel: Text Optional NO; Note: Text Optional PERSONAL;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
    AgentRelationship {
        Subject: Ref(Agent) One LINKED; Object: Ref(Agent) One LINKED;
        Relationship: Ref(AgentRelationshipRole) One LINKED; InScopeOf: Ref(Agent) Optional LINKED;
        Note: Text Optional PERSONAL;
        SameAs: Text Optional LINKED; Reported: Flag Optional NO; Assumed: Text Many NO;
    }
}
