//! What a question may be, looked at before anything is read for it: how long, how deep, how many fields.
//!
//! The library that executes questions bounds none of this by itself. Brackets are counted in the bytes,
//! before its parser goes down the native stack with them; everything else in the parsed document, fragments
//! followed as they would be executed, stopping as soon as a bound is passed.

use std::collections::HashMap;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, OperationType,
    Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Value as Gql, Variables};

use crate::limits::{
    ALIASES_MAX, BRACKETS_MAX, COST_MAX, DEPTH_MAX, DIRECTIVES_MAX, FIELDS_MAX, FRAGMENTS_MAX, MUTATIONS_MAX,
    OPERATIONS_MAX, PAGE_LEN_DEFAULT, PAGE_LEN_MAX, QUESTION_BYTES_MAX,
};

/// Why a question is not executed: a stable code and a sentence.
pub(crate) type TooMuch = (&'static str, String);

/// Reads a question and says what it does, if it keeps within bounds.
pub(crate) fn read(
    question: &str,
    operation: Option<&str>,
    variables: &Variables,
) -> Result<(ExecutableDocument, OperationType), TooMuch> {
    if question.len() > QUESTION_BYTES_MAX {
        return Err((
            "too-long",
            format!("a question has at most {QUESTION_BYTES_MAX} bytes; use variables"),
        ));
    }
    if nesting(question) > BRACKETS_MAX {
        return Err(("too-deep", format!("brackets nest at most {BRACKETS_MAX} deep")));
    }
    let document =
        async_graphql::parser::parse_query(question).map_err(|error| ("not-graphql", error.to_string()))?;
    let count = match &document.operations {
        DocumentOperations::Single(_) => 1,
        DocumentOperations::Multiple(all) => all.len(),
    };
    if count > OPERATIONS_MAX {
        return Err(("too-many-operations", format!("a body holds at most {OPERATIONS_MAX} operations")));
    }
    if document.fragments.len() > FRAGMENTS_MAX {
        return Err(("too-many-fragments", format!("a body holds at most {FRAGMENTS_MAX} fragments")));
    }
    let chosen = choose(&document.operations, operation)?;
    let kind = chosen.ty;
    let mut walk =
        Walk { fragments: &document.fragments, variables, path: Vec::new(), seen: Seen::default() };
    walk.directives(chosen.directives.len())?;
    walk.set(&chosen.selection_set.node, Place { depth: 1, times: 1, described: None })?;
    let roots = walk.seen.roots;
    if kind == OperationType::Mutation && roots > MUTATIONS_MAX {
        return Err(("too-many-mutations", format!("a body holds at most {MUTATIONS_MAX} mutations")));
    }
    if kind == OperationType::Subscription && roots != 1 {
        return Err(("one-subscription", "a subscription follows one thing".to_owned()));
    }
    Ok((document, kind))
}

/// How deep brackets of any kind nest; texts and comments are passed over as the parser passes over them.
fn nesting(question: &str) -> usize {
    let (mut deep, mut deepest) = (0usize, 0);
    let mut rest = question.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        rest = match byte {
            b'"' => text(rest),
            b'#' => behind
                .iter()
                .position(|byte| matches!(byte, b'\n' | b'\r'))
                .map_or(&[], |end| behind.get(end..).unwrap_or_default()),
            b'{' | b'[' | b'(' => {
                deep += 1;
                deepest = deepest.max(deep);
                behind
            }
            b'}' | b']' | b')' => {
                deep = deep.saturating_sub(1);
                behind
            }
            _ => behind,
        };
    }
    deepest
}

/// What stands behind a text that begins here.
fn text(from: &[u8]) -> &[u8] {
    let (quote, block): (&[u8], bool) =
        if from.starts_with(b"\"\"\"") { (b"\"\"\"", true) } else { (b"\"", false) };
    let mut rest = from.get(quote.len()..).unwrap_or_default();
    while let Some((byte, behind)) = rest.split_first() {
        if rest.starts_with(quote) {
            return rest.get(quote.len()..).unwrap_or_default();
        }
        rest = match byte {
            b'\\' if block && behind.starts_with(quote) => behind.get(quote.len()..).unwrap_or_default(),
            b'\\' if !block => behind.get(1..).unwrap_or_default(),
            // A plain text ends with its line, whatever it says.
            b'\n' | b'\r' if !block => return behind,
            _ => behind,
        };
    }
    rest
}

fn choose<'a>(
    operations: &'a DocumentOperations,
    named: Option<&str>,
) -> Result<&'a OperationDefinition, TooMuch> {
    let unknown = || ("unknown-operation", "name one of the operations in `operationName`".to_owned());
    match (operations, named) {
        (DocumentOperations::Single(one), _) => Ok(&one.node),
        (DocumentOperations::Multiple(all), Some(named)) => {
            all.get(named).map(|one| &one.node).ok_or_else(unknown)
        }
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => {
            all.values().next().map(|one| &one.node).ok_or_else(unknown)
        }
        _ => Err(unknown()),
    }
}

#[derive(Default)]
struct Seen {
    roots: usize,
    fields: usize,
    aliases: usize,
    directives: usize,
    cost: usize,
}

/// Where a selection stands.
#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    /// How many times it is executed at most, by the pages around it.
    times: usize,
    /// In a question about the schema itself: how many lists of it lie around.
    described: Option<usize>,
}

struct Walk<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    variables: &'a Variables,
    path: Vec<&'a str>,
    seen: Seen,
}

/// The lists of introspection that lead on to types again.
const DESCRIBED_LISTS: &[&str] = &["types", "fields", "inputFields", "interfaces", "possibleTypes", "args"];
/// How many of them may lie within one another: `types`, `fields`, `args`, as every tool asks.
const DESCRIBED_LISTS_MAX: usize = 3;
/// How deep a question about the schema goes: every tool asks through nine wrappers of a type.
const DESCRIBED_DEPTH_MAX: usize = 20;

impl<'a> Walk<'a> {
    fn set(&mut self, set: &'a SelectionSet, place: Place) -> Result<(), TooMuch> {
        let deepest = if place.described.is_some() { DESCRIBED_DEPTH_MAX } else { DEPTH_MAX };
        if place.depth > deepest {
            return Err(("too-deep", format!("a question goes at most {deepest} fields deep")));
        }
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.field(&field.node, place)?,
                Selection::InlineFragment(fragment) => {
                    self.directives(fragment.node.directives.len())?;
                    self.set(&fragment.node.selection_set.node, place)?;
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(spread.node.directives.len())?;
                    // Fragments that lead to nothing but fragments would double unseen.
                    self.step()?;
                    let name = spread.node.fragment_name.node.as_str();
                    // One that is not there is named by the check of the whole question.
                    let Some(fragment) = self.fragments.get(name) else { continue };
                    if self.path.contains(&name) {
                        return Err((
                            "fragment-cycle",
                            format!("the fragment `{name}` leads back to itself"),
                        ));
                    }
                    self.path.push(name);
                    self.set(&fragment.node.selection_set.node, place)?;
                    self.path.pop();
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &'a Field, place: Place) -> Result<(), TooMuch> {
        let name = field.name.node.as_str();
        self.directives(field.directives.len())?;
        self.step()?;
        if place.depth == 1 {
            self.seen.roots += 1;
        }
        self.seen.aliases += usize::from(field.alias.is_some());
        if self.seen.aliases > ALIASES_MAX {
            return Err(("too-many-aliases", format!("a question has at most {ALIASES_MAX} aliases")));
        }
        let described = match place.described {
            None if place.depth == 1 && matches!(name, "__schema" | "__type") => Some(0),
            Some(lists) => Some(lists + usize::from(DESCRIBED_LISTS.contains(&name))),
            None => None,
        };
        if described.is_some_and(|lists| lists > DESCRIBED_LISTS_MAX) {
            return Err(("too-deep", "ask about the types one after the other".to_owned()));
        }
        let times = match described.is_none() && self.is_page(field) {
            true => place.times.saturating_mul(self.page_len(field)),
            false => place.times,
        };
        self.seen.cost = self.seen.cost.saturating_add(times);
        if self.seen.cost > COST_MAX {
            let sentence = format!("this may come to more than {COST_MAX} fields; ask for smaller pages");
            return Err(("too-costly", sentence));
        }
        self.set(&field.selection_set.node, Place { depth: place.depth + 1, times, described })
    }

    /// One more field, or one more fragment followed.
    fn step(&mut self) -> Result<(), TooMuch> {
        self.seen.fields += 1;
        match self.seen.fields > FIELDS_MAX {
            true => Err(("too-many-fields", format!("a question has at most {FIELDS_MAX} fields"))),
            false => Ok(()),
        }
    }

    fn directives(&mut self, count: usize) -> Result<(), TooMuch> {
        self.seen.directives += count;
        match self.seen.directives > DIRECTIVES_MAX {
            true => {
                Err(("too-many-directives", format!("a question has at most {DIRECTIVES_MAX} directives")))
            }
            false => Ok(()),
        }
    }

    fn is_page(&self, field: &Field) -> bool {
        let paged = |name: &Positioned<Name>| matches!(name.node.as_str(), "first" | "last");
        let has_edges = |item: &Positioned<Selection>| match &item.node {
            Selection::Field(field) => matches!(field.node.name.node.as_str(), "edges" | "decisions"),
            _ => true,
        };
        field.arguments.iter().any(|(name, _)| paged(name))
            || (!field.selection_set.node.items.is_empty()
                && field.selection_set.node.items.iter().any(has_edges)
                && field.name.node.as_str().ends_with('s'))
    }

    fn page_len(&self, field: &Field) -> usize {
        let asked = ["first", "last"].into_iter().find_map(|name| field.get_argument(name));
        let value = asked.and_then(|value| {
            value.node.clone().into_const_with(|name| self.variables.get(&name).cloned().ok_or(())).ok()
        });
        match value {
            Some(Gql::Number(number)) => {
                let len = number.as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(PAGE_LEN_MAX);
                len.clamp(1, PAGE_LEN_MAX)
            }
            _ if asked.is_some() => PAGE_LEN_MAX,
            _ => PAGE_LEN_DEFAULT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_counted_where_the_parser_counts_them() {
        let table = [
            ("{ a }", 1),
            ("{ a(b: [[1]]) { c } }", 4),
            (r#"{ a(b: "{{{{") }"#, 2),
            (r#"{ a(b: "\"{{{{") }"#, 2),
            (r##"{ a(b: "#") {{{"##, 4),
            ("{ a # {{{{\n }", 1),
            (r#"{ a(b: """ {{ \""" {{ """) { c } }"#, 2),
            (r#"{ a(b: """ ]]] """) {{{"#, 4),
            ("", 0),
            ("}}}{", 1),
        ];
        for (question, deep) in table {
            assert_eq!(nesting(question), deep, "{question}");
        }
    }

    #[test]
    fn what_is_too_much_is_said() {
        let read =
            |question: &str| read(question, None, &Variables::default()).map(|_| ()).map_err(|why| why.0);
        let deep = |n: usize| format!("{}a{}", "{ a ".repeat(n), "}".repeat(n));
        let spread = "fragment f0 on Query { a } ".to_owned()
            + &(1..40)
                .map(|n| format!("fragment f{n} on Query {{ ...f{} ...f{} }} ", n - 1, n - 1))
                .collect::<String>();
        let long = |item: &dyn Fn(usize) -> String, n: usize| (0..n).map(item).collect::<String>();
        let table = [
            (deep(5), Ok(())),
            (deep(14), Err("too-deep")),
            (deep(50), Err("too-deep")),
            (deep(5_000), Err("too-deep")),
            (format!("{{ {} }}", long(&|n| format!("a{n}: a "), 1_000)), Err("too-many-aliases")),
            (format!("{{ {} }}", long(&|n| format!("a{n} "), 1_001)), Err("too-many-fields")),
            (long(&|n| format!("query q{n} {{ a }} "), 100), Err("too-many-operations")),
            (format!("{{ a {} }}", "@skip(if: true) ".repeat(100)), Err("too-many-directives")),
            ("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }".to_owned(), Err("fragment-cycle")),
            (format!("{{ ...f39 }} {spread}"), Err("too-many-fields")),
            (format!("{{ ...f39 }} {}", spread.replace("{ a }", "{ ...nowhere }")), Err("too-many-fields")),
            (long(&|n| format!("fragment f{n} on Query {{ a }} "), 65) + "{ a }", Err("too-many-fragments")),
            ("{ __schema { types { fields { args { type { fields { name } } } } } } }".to_owned(), Err("too-deep")),
            ("{ a(first: 100) { edges { node { b(first: 100) { edges { node { c(first: 100) { edges { cursor } } } } } } } } }".to_owned(), Err("too-costly")),
            ("{ as { edges { node { bs { edges { node { cs { edges { cursor } } } } } } } } }".to_owned(), Err("too-costly")),
            (format!("mutation {{ {} }}", long(&|n| format!("a{n} "), 11)), Err("too-many-mutations")),
            ("subscription { a b }".to_owned(), Err("one-subscription")),
            ("query a { a } query b { a }".to_owned(), Err("unknown-operation")),
            ("a".repeat(70_000), Err("too-long")),
            ("{".to_owned(), Err("not-graphql")),
        ];
        for (question, wanted) in table {
            assert_eq!(read(&question), wanted, "{}", question.chars().take(80).collect::<String>());
        }
    }
}
