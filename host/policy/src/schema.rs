//! The Cedar schema, generated from the property table, the action table, the acts, and the fact
//! groups of the bound plugins. Nobody writes it by hand; `policies/schema.cedarschema` is a copy for
//! authors to read, held equal by a test.

mod acts;

use std::fmt::Write;

use valueflows::{Action, Card, Class, Kind, OwnAction, Property, Surface, Target};

use crate::book::Binding;
use crate::facts;
pub use acts::{ACTS, ActSpec};

/// Context attributes of an economic event.
const EVENT_CONTEXT: &str = "provider?: Agent, receiver?: Agent, to?: EconomicResource, \
     spec?: ResourceSpecification, creates: Bool, fulfills: Bool, reported: Bool";

/// Context attributes of everything: when, by which door, by whose key it is signed
/// (`node`, `browser` or `own`), the CedarAction's name, the delegation under which
/// somebody acts in another's name, and the exception that would let them, if they have one.
const COMMON_CONTEXT: &str = "now: datetime, via: String, signedBy: String, act: String, delegation?: Delegation, exception?: Exception";

/// Groups of acts, by which policies can name all of them.
const GROUPS: [(&str, &str); 3] = [
    ("belong", "Whatever changes somebody's membership."),
    ("settle", "Exceptions from the rules, and cases."),
    ("amend", "Whatever changes the rules."),
];

/// The act of the clock, which Cedar is not asked about but plugins may be bound to.
pub const FALL_DUE: &str = "fallDue";

/// Whether plugins may be bound to an act, under rules that define these actions.
pub fn is_bindable(act: &str, own: &[OwnAction]) -> bool {
    let is_event =
        Action::parse(act).is_ok_and(|action| !action.is_own()) || own.iter().any(|one| one.label == act);
    act == FALL_DUE || is_event || ACTS.iter().any(|spec| spec.name == act && spec.bindable)
}

/// Whether an own action may have this name: policies tell acts apart by their names.
pub(crate) fn is_taken(name: &str) -> bool {
    let groups = GROUPS.iter().map(|(group, _)| *group);
    ACTS.iter().map(|spec| spec.name).chain(groups).chain([FALL_DUE, EVENTS]).any(|taken| taken == name)
}

/// The group of every act that is an event.
const EVENTS: &str = "record";

/// The schema under these bindings, with these actions beside the nineteen, as Cedar text.
pub fn generate(bindings: &[Binding], own: &[OwnAction]) -> String {
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
    let _ = write!(text, "\n// An economic event, whichever of the nineteen.\naction {EVENTS};\n");
    let nineteen: Vec<Action> = Action::all().collect();
    // A book whose actions are no names does not compile; no text of theirs gets in here.
    let own = own.iter().filter_map(|one| one.row().ok()).map(|row| row.action);
    for action in nineteen.into_iter().chain(own) {
        let name = action.as_str();
        act(
            &mut text,
            name,
            &format!(" in [{EVENTS}]"),
            "[EconomicResource, Network]",
            EVENT_CONTEXT,
            bindings,
        );
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
        Kind::Integer | Kind::Millionths => "Long".to_owned(),
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
