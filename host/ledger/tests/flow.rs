//! Track and trace: breadcrumbs, gates, both ways, whatever the history.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(clippy::arithmetic_side_effects, reason = "tests")]

use std::collections::HashMap;

use ledger::flow::{Direction, Graph, Happened, Kind, Step, Walk};
use proptest::prelude::*;
use valueflows::Action;
use valueflows::action::{ContainedEffect, CreateResource, InputOutput};

/// A history told in lines: `thing NAME`, `process NAME`, or `NAME action thing [> thing] [in process] [out process]`.
fn told(history: &str) -> (Graph, Vec<String>) {
    let mut graph = Graph::default();
    let mut names: Vec<String> = Vec::new();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    for line in history.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split(' ').collect();
        let (name, number) = match words[..] {
            ["thing", name] => (name, graph.resource(&[])),
            ["thing", name, mark] => (name, graph.resource(&[mark.parse().unwrap()])),
            ["process", name] => (name, graph.process()),
            [name, action, ref rest @ ..] => {
                let after = |word: &str| {
                    let at = rest.iter().position(|other| *other == word)?;
                    numbers.get(rest[at + 1]).copied()
                };
                let about = rest.first().and_then(|first| numbers.get(*first)).copied();
                let happened = Happened {
                    action: Action::parse(action).unwrap(),
                    about,
                    to: after(">"),
                    input_of: after("in"),
                    output_of: after("out"),
                };
                (name, graph.event(happened))
            }
            _ => panic!("{line}"),
        };
        numbers.insert(name.to_owned(), number);
        names.push(name.to_owned());
    }
    (graph, names)
}

fn walked(history: &str, start: &str, direction: Direction) -> String {
    let (graph, names) = told(history);
    let start = names.iter().position(|name| name == start).unwrap() as u32;
    let walk = Walk { start, direction, below: u32::MAX, steps_max: 1_000 };
    let (steps, ended) = graph.walk(&walk);
    assert!(ended);
    steps.iter().map(|step| names[step.node as usize].as_str()).collect::<Vec<_>>().join(" ")
}

const SHIRT: &str = "
    thing cotton
    bought raise cotton
    process spinning
    spun consume cotton in spinning
    thing yarn
    made produce yarn out spinning
    process sewing
    used consume yarn in sewing
    thing shirt
    sewn produce shirt out sewing
    thing worn
    sold transfer shirt > worn
    thing rag
    process cutting
    cut consume worn in cutting
    left produce rag out cutting";

/// Two coats are mended in one workshop at once; only what went in with a coat is its own past.
const MENDED: &str = "
    thing red
    thing blue
    redmade raise red
    bluemade raise blue
    process shop
    redin accept red in shop
    bluein accept blue in shop
    redout modify red out shop
    blueout modify blue out shop
    redsold transfer red > red";

const PARCELS: &str = "
    thing book
    thing lamp
    booked raise book
    lamped raise lamp
    process van
    bookup pickup book in van
    lampup pickup lamp in van
    bookdown dropoff book out van
    lampdown dropoff lamp out van";

const CRATE: &str = "
    thing apple
    thing pear
    appled raise apple
    peared raise pear
    process packing
    thing crate
    applein combine apple > crate in packing
    pearin combine pear > crate in packing
    packed produce crate out packing
    process unpacking
    opened consume crate in unpacking
    appleout separate apple out unpacking
    pearout separate pear out unpacking";

#[test]
fn a_thing_is_traced_and_tracked() {
    use Direction::{Trace, Track};
    let table = [
        (
            SHIRT,
            "rag",
            Trace,
            "rag left cutting cut worn sold shirt sewn sewing used yarn made spinning spun cotton bought",
        ),
        (
            SHIRT,
            "cotton",
            Track,
            "cotton bought spun spinning made yarn used sewing sewn shirt sold worn cut cutting left rag",
        ),
        (SHIRT, "sewn", Trace, "sewn sewing used yarn made spinning spun cotton bought"),
        (SHIRT, "sewing", Track, "sewing sewn shirt sold worn cut cutting left rag"),
        (MENDED, "red", Trace, "red redsold redout shop redin redmade"),
        (MENDED, "red", Track, "red redmade redin shop redout redsold"),
        (MENDED, "blue", Track, "blue bluemade bluein shop blueout"),
        (PARCELS, "lamp", Trace, "lamp lampdown van lampup lamped"),
        (PARCELS, "book", Track, "book booked bookup van bookdown"),
        (CRATE, "apple", Trace, "apple appleout unpacking opened crate packed packing applein appled"),
        (CRATE, "pear", Track, "pear peared pearin packing packed crate opened unpacking pearout"),
    ];
    for (history, start, direction, wanted) in table {
        assert_eq!(walked(history, start, direction), wanted, "{start} {direction:?}");
    }
}

#[test]
fn where_nothing_is_recorded_a_sign_leads_on() {
    let history = "
        thing old 7
        oldmade raise old
        thing other 8
        thing new 7
        counted raise new";
    assert_eq!(walked(history, "new", Direction::Trace), "new counted old oldmade");
    assert_eq!(walked(history, "old", Direction::Track), "old oldmade new counted");
    let (mut graph, _) = told(history);
    let walk = Walk { start: 3, direction: Direction::Trace, below: u32::MAX, steps_max: 10 };
    assert!(graph.walk(&walk).0.iter().any(|step| step.by_mark && step.node == 0));
    graph.mark(0, &[9]);
    assert!(!graph.walk(&walk).0.iter().any(|step| step.by_mark), "told apart by something else now");
}

/// A sign adds ways and takes none away: whoever calls back a batch must not miss what else came out with it.
#[test]
fn through_a_process_everything_is_followed_whatever_its_sign() {
    let history = "
        thing flour 7
        thing salt
        process baking
        used consume flour in baking
        salted consume salt in baking
        thing bread 7
        baked produce bread out baking
        thing crumbs
        fell produce crumbs out baking";
    assert_eq!(walked(history, "flour", Direction::Track), "flour used baking baked bread fell crumbs");
    assert_eq!(walked(history, "bread", Direction::Trace), "bread baked baking salted salt used flour");
}

#[test]
fn a_walk_ends_where_it_is_told_to() {
    let (graph, names) = told(SHIRT);
    let start = names.len() as u32 - 4;
    let walk = Walk { start, direction: Direction::Trace, below: u32::MAX, steps_max: 5 };
    let (all, ended) = graph.walk(&Walk { steps_max: 100, ..walk });
    assert!(ended);
    let (some, ended) = graph.walk(&walk);
    assert_eq!((some.as_slice(), ended), (&all[..5], false));
    for walk in [Walk { steps_max: 0, ..walk }, Walk { start: 99, ..walk }, Walk { below: start, ..walk }] {
        assert_eq!(graph.walk(&walk), (Vec::new(), true));
    }
}

fn histories() -> impl Strategy<Value = Vec<(usize, usize, usize, usize, bool)>> {
    prop::collection::vec((0..21usize, 0..40usize, 0..40usize, 0..40usize, any::<bool>()), 1..120)
}

/// A history; `upto` of it.
fn random(history: &[(usize, usize, usize, usize, bool)], settles: bool) -> Graph {
    let mut graph = Graph::default();
    let (mut things, mut processes) = (vec![graph.resource(&[])], vec![graph.process()]);
    for (what, one, other, process, flag) in history {
        let thing = |n: &usize| Some(things[n % things.len()]);
        match Action::all().nth(*what) {
            None if *what == 19 => things.push(graph.resource(&[(*one % 3) as u64])),
            None => processes.push(graph.process()),
            Some(action) => {
                let row = action.row().unwrap();
                let process = Some(processes[process % processes.len()]).filter(|_| *flag);
                let is = |io: &[InputOutput]| io.contains(&row.input_output);
                let second = row.create_resource == CreateResource::OptionalTo
                    || row.contained == ContainedEffect::Update;
                graph.event(Happened {
                    action,
                    about: thing(one).filter(|_| action != Action::Work),
                    to: thing(other).filter(|_| second),
                    input_of: process.filter(|_| is(&[InputOutput::Input])),
                    output_of: process.filter(|_| is(&[InputOutput::Output, InputOutput::OutputInput])),
                });
            }
        }
        if settles && *flag {
            graph.settle();
        }
    }
    graph
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_walk_keeps_its_laws(history in histories(), at in 0..200u32, back in any::<bool>()) {
        let graph = random(&history, false);
        let direction = if back { Direction::Trace } else { Direction::Track };
        let start = at % graph.len() as u32;
        let walk = Walk { start, direction, below: u32::MAX, steps_max: usize::MAX };
        let (steps, ended) = graph.walk(&walk);
        prop_assert!(ended);
        let mut nodes: Vec<u32> = steps.iter().map(|step| step.node).collect();
        for (n, step) in steps.iter().enumerate() {
            match step.from {
                None => prop_assert_eq!((n, step.node, step.depth), (0, start, 0)),
                Some(from) => {
                    prop_assert!((from as usize) < n);
                    prop_assert_eq!(step.depth, steps[from as usize].depth + 1);
                }
            }
        }
        // Only events lead between things and processes, and a sign between things.
        let leads = |step: &&Step| !step.by_mark;
        let reach = graph.reach(start, direction);
        if steps.iter().all(|step| leads(&step)) {
            let crumbs = steps.iter().filter(|step| !reach.contains(&step.node));
            for step in crumbs {
                prop_assert!(matches!(graph.kind(step.node), Some(Kind::Event(_)) | Some(Kind::Resource) | Some(Kind::Process)));
            }
        }
        nodes.sort_unstable();
        nodes.dedup();
        prop_assert_eq!(nodes.len(), steps.len(), "nothing stands twice");
        // The arrays and what is appended to them say the same.
        prop_assert_eq!(&random(&history, true).walk(&walk).0, &steps);
        let mut settled = graph.clone();
        settled.settle();
        prop_assert_eq!(&settled.walk(&walk).0, &steps);
        // The books as they were are the books as they were.
        let part = history.len() / 2;
        let earlier = random(&history[..part], false);
        if (start as usize) < earlier.len() {
            let then = Walk { below: earlier.len() as u32, ..walk };
            prop_assert_eq!(graph.walk(&then).0, earlier.walk(&walk).0);
        }
    }
}
