//! Files that are refused, each with its line and a word of the reason.

/// A file that cannot be taken: its name, what it says, the line at fault, and a word of the reason.
pub type Refused = (&'static str, String, usize, &'static str);

const CONTEXT: &str = "'@context': { '@vocab': https://w3id.org/valueflows/ont/vf# }\n'@graph':\n";

/// Files that cannot be read, or tell of what is not kept.
fn broken() -> Vec<Refused> {
    let context = CONTEXT;
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
    vec![
        ("bomb.yaml", bomb.to_owned(), 1, "anchors"),
        ("deep.yaml", format!("a: {deep}"), 1, "64 deep"),
        ("deep.json", deep.clone(), 1, "64 deep"),
        ("twice.yaml", "a: 1\nb: 2\na: 3\n".to_owned(), 3, "twice"),
        ("twice.json", "{\"a\": 1,\n \"a\": 2}".to_owned(), 2, "twice"),
        ("two.yaml", "a: 1\n---\nb: 2\n".to_owned(), 3, "one document"),
        ("tag.yaml", "a: !!int 3\n".to_owned(), 1, "tags"),
        ("broken.yaml", "a: [1,\nb: {\n".to_owned(), 2, "cannot be read"),
        ("empty.yaml", "# nothing\n".to_owned(), 0, "empty"),
        (
            "fetched.yaml",
            "'@context': https://elsewhere.example/context\n'@type': Unit\nlabel: one\n".to_owned(),
            1,
            "not fetched",
        ),
        ("class.yaml", format!("{context}- '@type': Spaceship\n"), 3, "no class of ValueFlows"),
        ("untyped.yaml", format!("{context}- name: x\n"), 3, "`@type`"),
        (
            "inverse.yaml",
            format!("{context}- '@type': Plan\n  planIncludes: [{{ '@type': Unit }}]\n"),
            4,
            "no `plannedWithin`",
        ),
    ]
}

/// Events that no action has.
fn senseless() -> Vec<Refused> {
    let context = CONTEXT;
    let event = |more: &str| {
        format!(
            "{context}- '@type': EconomicEvent\n  action: transfer\n  provider: a:x\n  receiver: a:y\n{more}"
        )
    };
    let amount = "  resourceQuantity: { hasUnit: one, hasNumericalValue: 5 }\n";
    vec![
        ("action.yaml", event(amount).replace("transfer", "teleport"), 4, "name of an action"),
        // The nineteen are the vocabulary's own, not a network's.
        ("own.yaml", event(amount).replace("transfer", "reflow:transfer"), 4, "name of an action"),
        (
            "amount.yaml",
            event("  resourceQuantity: { hasUnit: one, hasNumericalValue: 1e9999 }\n"),
            7,
            "1e9999",
        ),
        (
            "digits.yaml",
            event("  resourceQuantity: { hasUnit: one, hasNumericalValue: 0.12345678 }\n"),
            3,
            "decimals",
        ),
        ("number.yaml", event("  resourceQuantity: { hasUnit: one }\n"), 7, "`hasNumericalValue`"),
        ("time.yaml", event(&format!("{amount}  hasPointInTime: 2019-04-01\n")), 8, "a time with its offset"),
        ("future.yaml", event(&format!("{amount}  hasPointInTime: 2219-04-01T00:00:00Z\n")), 3, "future"),
        (
            "effort.yaml",
            event("  effortQuantity: { hasUnit: hour, hasNumericalValue: 5 }\n"),
            3,
            "counts a resource only",
        ),
        ("kind.yaml", event(&format!("{amount}  resourceInventoriedAs: a:x\n")), 8, "points at `a:x`"),
    ]
}

/// Files that contradict themselves, or the books.
fn contradicting() -> Vec<Refused> {
    let context = CONTEXT;
    let amount = "  resourceQuantity: { hasUnit: one, hasNumericalValue: 5 }\n";
    vec![
        (
            "states.yaml",
            format!(
                "{context}- {{ '@id': a:r, '@type': EconomicResource, onhandQuantity: {{ hasUnit: one, hasNumericalValue: 5 }} }}\n- {{ '@id': a:r, '@type': EconomicResource, onhandQuantity: {{ hasUnit: one, hasNumericalValue: 6 }} }}\n"
            ),
            4,
            "in the books",
        ),
        (
            "floor.yaml",
            format!(
                "{context}- {{ '@id': a:r, '@type': EconomicResource, onhandQuantity: {{ hasUnit: one, hasNumericalValue: 4 }} }}\n- '@type': EconomicEvent\n  action: consume\n  provider: a:x\n  resourceInventoriedAs: a:r\n{amount}"
            ),
            4,
            "not enough",
        ),
        (
            "differs.yaml",
            format!(
                "{context}- {{ '@id': a:u, '@type': Organization, name: One }}\n- {{ '@id': a:u, '@type': Organization, name: Two }}\n"
            ),
            4,
            "another one here than in line 3",
        ),
        (
            "circle.yaml",
            format!(
                "{context}- {{ '@id': a:r, '@type': EconomicResource, containedIn: a:s }}\n- {{ '@id': a:s, '@type': EconomicResource, containedIn: a:r }}\n"
            ),
            3,
            "in a circle",
        ),
        (
            "member.yaml",
            format!("{context}- {{ '@type': 'urn:reflow:ont:Membership', 'urn:reflow:ont:member': a:x }}\n"),
            3,
            "decided here, not reported",
        ),
        ("binary.yaml", "\u{0}\u{1}\u{2}".to_owned(), 1, ""),
    ]
}

/// All of them.
pub fn all() -> impl Iterator<Item = Refused> {
    broken().into_iter().chain(senseless()).chain(contradicting())
}
