//! What is not the same, in words that help to find it.

use serde_json::Value as Json;

use crate::entry::Written;
use crate::limits::DIFFERENCE_CHARS;

/// The first line that differs.
pub(super) fn first_difference(again: &[(i64, String)], real: &[(i64, String)]) -> Option<String> {
    let longest = again.len().max(real.len());
    for n in 0..longest {
        let (again, real) = (again.get(n).map(|line| &line.1), real.get(n).map(|line| &line.1));
        if again != real {
            // Where they part, not from the beginning: a rule book is long.
            let parts = |a: &String, b: &String| a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
            let at = again
                .zip(real)
                .map_or(0, |(again, real)| parts(again, real))
                .saturating_sub(DIFFERENCE_CHARS / 2);
            let show = |line: Option<&String>| {
                let Some(line) = line else { return "nothing".to_owned() };
                let head: String = line.chars().take(60).collect();
                match line.chars().count() <= DIFFERENCE_CHARS {
                    true => format!("`{line}`"),
                    false => format!(
                        "`{head} … {} …`",
                        line.chars().skip(at).take(DIFFERENCE_CHARS).collect::<String>()
                    ),
                }
            };
            return Some(format!("a table has {} where its journal leads to {}", show(real), show(again)));
        }
    }
    None
}

/// Names the first thing that is not the same, as a path into the entry.
pub(super) fn name_difference(stored: &Written, again: &Written) -> String {
    let (stored, again) = (stored.body(), again.body());
    first_path("", &stored.books, &again.books)
        .or_else(|| first_path("personal", &stored.personal, &again.personal))
        .unwrap_or_else(|| "its canonical bytes".to_owned())
}

fn first_path(path: &str, stored: &Json, again: &Json) -> Option<String> {
    match (stored, again) {
        (Json::Object(a), Json::Object(b)) => {
            let names: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            names.into_iter().find_map(|name| {
                let nothing = Json::Null;
                first_path(
                    &format!("{path}/{name}"),
                    a.get(name).unwrap_or(&nothing),
                    b.get(name).unwrap_or(&nothing),
                )
            })
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(n, (a, b))| first_path(&format!("{path}/{n}"), a, b))
        }
        (a, b) if a == b => None,
        (a, b) => Some(format!("{path} is {a}, judged again it is {b}")),
    }
}
