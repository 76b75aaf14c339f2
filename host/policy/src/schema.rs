//! The Cedar schema, generated from the property table, the action table, the acts, and the fact
//! groups of the bound plugins. Nobody writes it by hand; `policies/schema.cedarschema` is a copy for
//! authors to read, held equal by a test.

use std::fmt::Write;

use valueflows::{Action, Card, Class, Kind, Property, Surface, Target};

use crate::book::Binding;
use crate::facts;

/// An act that Cedar is asked about, beside the nineteen of the books.
pub struct ActSpec {
    /// The CedarAction's name.
    pub name: &'static str,
    /// Which resource types it may be about.
    pub resources: &'static str,
    /// Its own context attributes.
    pub context: &'static str,
    /// The group that it belongs to, if it belongs to one; only agents do what stands in a group.
    pub group: &'static str,
    /// Whether plugins may be bound to it.
    pub bindable: bool,
    /// For authors.
    pub doc: &'static str,
}

/// Context attributes of an economic event.
const EVENT_CONTEXT: &str = "provider?: Agent, receiver?: Agent, to?: EconomicResource, \
     spec?: ResourceSpecification, creates: Bool, fulfills: Bool, reported: Bool";

/// Context attributes of everything: when, by which door, the CedarAction's name, the delegation under which
/// somebody acts in another's name, and the exception that would let them, if they have one.
const COMMON_CONTEXT: &str =
    "now: datetime, via: String, act: String, delegation?: Delegation, exception?: Exception";

/// Every act but the nineteen.
pub const ACTS: &[ActSpec] = &[
    ActSpec {
        name: "see",
        resources: "[Agent, Agreement, Amendment, Application, Ballot, Case, Commitment, Decision, Delegation, \
                    EconomicEvent, EconomicResource, Exception, Intent, Membership, Network, Poll, Process, ProcessSpecification, Proposal, Proxy, \
                    ResourceSpecification, RuleBook, SpatialThing, Stop, Unit]",
        context: "",
        group: "",
        bindable: false,
        doc: "Read one record, or find it in a list.",
    },
    ActSpec {
        name: "define",
        resources: "[Network]",
        context: "class: String",
        group: "",
        bindable: true,
        doc: "Write down a unit, a place, a specification, a process, an organisation.",
    },
    ActSpec {
        name: "publish",
        resources: "[EconomicResource, Network]",
        context: "purpose: String, provider?: Agent, receiver?: Agent",
        group: "",
        bindable: true,
        doc: "Publish an offer or a request; about a thing, if one is named.",
    },
    ActSpec {
        name: "borrow",
        resources: "[EconomicResource]",
        context: "provider?: Agent, receiver: Agent, days: Long",
        group: "",
        bindable: true,
        doc: "Accept an offer to lend: the thing, by whom it will be had, for how many days begun.",
    },
    ActSpec {
        name: "withdraw",
        resources: "[Agreement]",
        context: "",
        group: "",
        bindable: true,
        doc: "Take back an acceptance before anything was handed over.",
    },
    ActSpec {
        name: "commit",
        resources: "[Network]",
        context: "action: String, provider?: Agent, receiver?: Agent, reported: Bool",
        group: "",
        bindable: true,
        doc: "Promise something; plugins on the duties surface do so as principals.",
    },
    ActSpec {
        name: "waive",
        resources: "[Commitment]",
        context: "",
        group: "",
        bindable: true,
        doc: "Let somebody off a payment.",
    },
    ActSpec {
        name: "revise",
        resources: "[Agent, Agreement, Commitment, EconomicEvent, EconomicResource, Intent, Process, \
                    ProcessSpecification, Proposal, ResourceSpecification, SpatialThing, Unit]",
        context: "properties: Set<String>",
        group: "",
        bindable: true,
        doc: "Mend what describes a record: its name, a note, a picture.",
    },
    ActSpec {
        name: "report",
        resources: "[Network]",
        context: "class: String",
        group: "",
        bindable: false,
        doc: "Write down what is told of elsewhere or of the past. An event or a promise among it is judged as such too.",
    },
    ActSpec {
        name: "foundNetwork",
        resources: "[Network]",
        context: "sandbox: Bool",
        group: "",
        bindable: false,
        doc: "Found a network on this node; only in the node's own network.",
    },
    ActSpec {
        name: "shelve",
        resources: "[Network]",
        context: "plugin: String, component: String",
        group: "",
        bindable: false,
        doc: "Lay a component on the node's shelf; only in the node's own network.",
    },
    ActSpec {
        name: "admit",
        resources: "[Network]",
        context: "roles: Set<String>",
        group: "",
        bindable: false,
        doc: "Admit a member.",
    },
    ActSpec {
        name: "train",
        resources: "[Agent]",
        context: "training: String",
        group: "",
        bindable: false,
        doc: "Record that a member can handle something dangerous.",
    },
    ActSpec {
        name: "delegate",
        resources: "[Agent]",
        context: "acts: Set<String>, delegate: Agent",
        group: "",
        bindable: false,
        doc: "Let somebody, or a program of one's own, act in one's name: the resource is the one acted for.",
    },
    ActSpec {
        name: "revoke",
        resources: "[Delegation]",
        context: "",
        group: "",
        bindable: false,
        doc: "End a delegation before its time.",
    },
    ActSpec {
        name: "grantRole",
        resources: "[Agent]",
        context: "role: String",
        group: "belong",
        bindable: false,
        doc: "Give a member a role, perhaps for a term.",
    },
    ActSpec {
        name: "endRole",
        resources: "[Agent]",
        context: "role: String",
        group: "belong",
        bindable: false,
        doc: "End a member's role before its term.",
    },
    ActSpec {
        name: "suspend",
        resources: "[Agent]",
        context: "until: datetime, before: Long",
        group: "belong",
        bindable: false,
        doc: "Take all roles from a member for a while; they come back by themselves.",
    },
    ActSpec {
        name: "reinstate",
        resources: "[Agent]",
        context: "",
        group: "belong",
        bindable: false,
        doc: "End a suspension before its time.",
    },
    ActSpec {
        name: "endMembership",
        resources: "[Agent]",
        context: "",
        group: "belong",
        bindable: false,
        doc: "End somebody else's membership.",
    },
    ActSpec {
        name: "leave",
        resources: "[Agent]",
        context: "",
        group: "belong",
        bindable: false,
        doc: "Go: end one's own membership, with nothing left open.",
    },
    ActSpec {
        name: "apply",
        resources: "[Network]",
        context: "",
        group: "",
        bindable: true,
        doc: "Ask to join. The principal is the network itself, since whoever asks is nobody yet.",
    },
    ActSpec {
        name: "vouch",
        resources: "[Application]",
        context: "",
        group: "belong",
        bindable: false,
        doc: "Vouch for somebody who asked to join, or certify what they can do.",
    },
    ActSpec {
        name: "acceptApplication",
        resources: "[Application]",
        context: "",
        group: "belong",
        bindable: false,
        doc: "Let somebody join who asked to.",
    },
    ActSpec {
        name: "declineApplication",
        resources: "[Application]",
        context: "",
        group: "belong",
        bindable: false,
        doc: "Turn somebody down who asked to join.",
    },
    ActSpec {
        name: "withdrawApplication",
        resources: "[Application]",
        context: "",
        group: "belong",
        bindable: false,
        doc: "Not want to join any more.",
    },
    ActSpec {
        name: "grantException",
        resources: "[Agent]",
        context: "permits: String, rule?: String",
        group: "settle",
        bindable: false,
        doc: "Let a member do something once that a rule is against: the resource is the member, `permits` the act.",
    },
    ActSpec {
        name: "withdrawException",
        resources: "[Exception]",
        context: "",
        group: "settle",
        bindable: false,
        doc: "Take an exception back before it is used.",
    },
    ActSpec {
        name: "openCase",
        resources: "[Network]",
        context: "kind: String, against: Set<Agent>",
        group: "settle",
        bindable: false,
        doc: "Appeal against a decision, or report something.",
    },
    ActSpec {
        name: "sayInCase",
        resources: "[Case]",
        context: "",
        group: "settle",
        bindable: false,
        doc: "Say something in a case.",
    },
    ActSpec {
        name: "assignCase",
        resources: "[Case]",
        context: "assignee: Agent",
        group: "settle",
        bindable: false,
        doc: "Let somebody else look into a case.",
    },
    ActSpec {
        name: "closeCase",
        resources: "[Case]",
        context: "outcome: String",
        group: "settle",
        bindable: false,
        doc: "Say how a case ends; acts that put something right go into the same command.",
    },
    ActSpec {
        name: "withdrawCase",
        resources: "[Case]",
        context: "",
        group: "settle",
        bindable: false,
        doc: "Take a case back.",
    },
    ActSpec {
        name: "suspendRule",
        resources: "[Network]",
        context: "policy: String, until: datetime",
        group: "amend",
        bindable: false,
        doc: "Let one rule that forbids something forbid nothing, for three days at the most.",
    },
    ActSpec {
        name: "restoreRule",
        resources: "[Stop]",
        context: "",
        group: "amend",
        bindable: false,
        doc: "End such a suspension before its time.",
    },
    ActSpec {
        name: "draftAmendment",
        resources: "[Network]",
        context: "effects: Set<String>, sandbox: Bool",
        group: "amend",
        bindable: false,
        doc: "Write down a change of the rules, or acts that a vote is to carry out.",
    },
    ActSpec {
        name: "redraftAmendment",
        resources: "[Amendment]",
        context: "sandbox: Bool",
        group: "amend",
        bindable: false,
        doc: "Write a change anew while it is discussed.",
    },
    ActSpec {
        name: "sponsorAmendment",
        resources: "[Amendment]",
        context: "sandbox: Bool",
        group: "amend",
        bindable: false,
        doc: "Want a change discussed that somebody else wrote down.",
    },
    ActSpec {
        name: "freezeAmendment",
        resources: "[Amendment]",
        context: "sandbox: Bool",
        group: "amend",
        bindable: false,
        doc: "End the discussion and begin the vote.",
    },
    ActSpec {
        name: "castBallot",
        resources: "[Amendment]",
        context: "sandbox: Bool",
        group: "amend",
        bindable: false,
        doc: "Vote; whoever was fixed when the vote began may.",
    },
    ActSpec {
        name: "enterBallot",
        resources: "[Amendment]",
        context: "voter: Agent, sandbox: Bool",
        group: "amend",
        bindable: false,
        doc: "Enter somebody's ballot from paper; a second clerk enters the same.",
    },
    ActSpec {
        name: "vetoAmendment",
        resources: "[Amendment]",
        context: "sandbox: Bool",
        group: "amend",
        bindable: false,
        doc: "Hold up what was accepted, for as long as the way of deciding says.",
    },
    ActSpec {
        name: "overrideVeto",
        resources: "[Amendment]",
        context: "sandbox: Bool",
        group: "amend",
        bindable: false,
        doc: "Ask the network whether it is held up any longer.",
    },
    ActSpec {
        name: "withdrawAmendment",
        resources: "[Amendment]",
        context: "sandbox: Bool",
        group: "amend",
        bindable: false,
        doc: "Take a change back before it is decided.",
    },
    ActSpec {
        name: "renewAmendment",
        resources: "[Amendment]",
        context: "sandbox: Bool",
        group: "amend",
        bindable: false,
        doc: "Say that a change which is due for review stays.",
    },
    ActSpec {
        name: "appointProxy",
        resources: "[Network]",
        context: "delegate: Agent, topics: Set<String>, sandbox: Bool",
        group: "amend",
        bindable: false,
        doc: "Let another's ballot count for oneself where one does not vote.",
    },
    ActSpec {
        name: "endProxy",
        resources: "[Proxy]",
        context: "sandbox: Bool",
        group: "amend",
        bindable: false,
        doc: "Let it count no more.",
    },
    ActSpec {
        name: "advanceClock",
        resources: "[Network]",
        context: "",
        group: "",
        bindable: false,
        doc: "Move the clock of a sandbox.",
    },
];

/// Groups of acts, by which policies can name all of them.
const GROUPS: [(&str, &str); 3] = [
    ("belong", "Whatever changes somebody's membership."),
    ("settle", "Exceptions from the rules, and cases."),
    ("amend", "Whatever changes the rules."),
];

/// The act of the clock, which Cedar is not asked about but plugins may be bound to.
pub const FALL_DUE: &str = "fallDue";

/// Whether plugins may be bound to an act on a surface.
pub fn is_bindable(act: &str) -> bool {
    act == FALL_DUE || Action::parse(act).is_ok() || ACTS.iter().any(|spec| spec.name == act && spec.bindable)
}

/// The schema under these bindings, as Cedar text.
pub fn generate(bindings: &[Binding]) -> String {
    let mut text = String::from(
        "// Generated from the property table, the acts and the bound plugins' facts; do not edit.\n\n\
         entity Role;\nentity Plugin;\nentity Network { sandbox: Bool };\nentity Decision { agent: Agent };\n\
         entity Agent in [Role] { organization: Bool, training: Set<String>, since?: datetime };\n",
    );
    for class in Class::ALL.iter().filter(|class| !class.is_agent()) {
        entity(&mut text, *class);
    }
    for binding in bindings.iter() {
        fact_group(&mut text, binding);
    }
    text.push_str("\n// An economic event, whichever of the nineteen.\naction record;\n");
    for action in Action::all() {
        let name = action.as_str();
        act(&mut text, name, " in [record]", "[EconomicResource, Network]", EVENT_CONTEXT, bindings);
    }
    for (group, doc) in GROUPS {
        let _ = write!(text, "\n// {doc}\naction {group};\n");
    }
    for spec in ACTS {
        let _ = write!(text, "\n// {}\n", spec.doc);
        let group = if spec.group.is_empty() { String::new() } else { format!(" in [{}]", spec.group) };
        act(&mut text, spec.name, &group, spec.resources, spec.context, bindings);
    }
    text
}

fn entity(text: &mut String, class: Class) {
    let attributes: Vec<String> = class
        .properties()
        .iter()
        .filter(|row| !row.personal && !matches!(row.kind, Kind::Terms | Kind::Document))
        .map(|row| {
            let absent = if row.card == Card::Optional { "?" } else { "" };
            format!("  {}{absent}: {},\n", row.prop.as_str(), cedar_type(row))
        })
        .collect();
    let _ = write!(text, "entity {} {{\n{}}};\n", class.as_str(), attributes.concat());
}

fn cedar_type(row: &Property) -> String {
    let one = match row.kind {
        Kind::Text | Kind::Action | Kind::Terms | Kind::Document => "String".to_owned(),
        Kind::Flag => "Bool".to_owned(),
        Kind::Integer | Kind::Degrees => "Long".to_owned(),
        Kind::Quantity => "{ amount: Long, unit: Unit }".to_owned(),
        Kind::Instant => "datetime".to_owned(),
        Kind::Ref(Target::Agent) => "Agent".to_owned(),
        Kind::Ref(Target::One(class)) => type_name(class).to_owned(),
    };
    if row.card == Card::Many { format!("Set<{one}>") } else { one }
}

/// The Cedar entity type of a class: people and organisations are both `Agent`.
pub fn type_name(class: Class) -> &'static str {
    if class.is_agent() { "Agent" } else { class.as_str() }
}

fn fact_group(text: &mut String, binding: &Binding) {
    let Some(group) = &binding.facts else { return };
    let _ = write!(
        text,
        "\n// Facts of the plugin `{}`.\nnamespace {} {{\n  entity Facts {{\n",
        binding.plugin, group.group
    );
    for fact in &group.facts {
        let absent = if fact.optional { "?" } else { "" };
        let _ = writeln!(text, "    {}{absent}: {},", fact.name, facts::cedar_type(fact.kind));
    }
    text.push_str("  };\n}\n");
}

fn act(text: &mut String, name: &str, group: &str, resources: &str, context: &str, bindings: &[Binding]) {
    let of_people = name == "see" || ACTS.iter().any(|spec| spec.name == name && !spec.group.is_empty());
    let principals = if of_people { "[Agent]" } else { "[Agent, Plugin]" };
    let mut context = match context {
        "" => COMMON_CONTEXT.to_owned(),
        own => format!("{COMMON_CONTEXT}, {own}"),
    };
    let bound = bindings
        .iter()
        .filter(|binding| binding.surface == Surface::Access && binding.acts.iter().any(|act| act == name));
    for group in bound.filter_map(|binding| binding.facts.as_ref()) {
        let _ = write!(context, ", {}: {}::Facts", group.context_name(), group.group);
    }
    let _ = writeln!(
        text,
        "action {name}{group} appliesTo {{\n  principal: {principals}, resource: {resources},\n  context: {{ {context} }}\n}};"
    );
}
