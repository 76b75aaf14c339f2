//! Track and trace follow the journal: whatever was recorded, the walk finds what the recursive question to the
//! database finds, and turning pages while others write shows the books as they were.

use std::collections::BTreeSet;
use std::sync::Arc;

use pipeline::acts::{Act, AnyAct, Direction};
use pipeline::flow::Asked;
use pipeline::{Node, Via};
use store::{Sql, Store};
use tests::root;
use valueflows::action::{ContainedEffect, CreateResource, InputOutput};
use valueflows::{Action, Class, Fields, Id, Prop, Value};

use crate::home::{Start, made, one, under};

/// What leads from one to another, newest first, as the specification's table of single steps says, and along the
/// breadcrumbs. The gates are left out: they only ever keep a walk from going on.
const EDGES: &str = "
    WITH RECURSIVE
    said AS (
      SELECT key, id, books ->> '$.action' AS action,
        UNHEX(REPLACE(books ->> '$.resourceInventoriedAs', '-', '')) AS about,
        UNHEX(REPLACE(books ->> '$.toResourceInventoriedAs', '-', '')) AS other,
        UNHEX(REPLACE(books ->> '$.inputOf', '-', '')) AS goes,
        UNHEX(REPLACE(books ->> '$.outputOf', '-', '')) AS comes
      FROM record WHERE network = $1 AND class = 8),
    event AS (
      SELECT said.*, action IN ('raise', 'lower') AS counts,
        comes IS NOT NULL OR action IN ('produce', 'dropoff', 'modify', 'separate') AS output,
        (SELECT b.id FROM said AS b WHERE b.about = said.about AND b.key < said.key ORDER BY b.key DESC LIMIT 1) AS before
      FROM said),";
const TRACE: &str = "
    edge AS (
      SELECT id AS a, comes AS b FROM event WHERE comes IS NOT NULL
      UNION ALL SELECT id, about FROM event WHERE comes IS NULL AND about IS NOT NULL AND NOT (counts AND before IS NULL)
      UNION ALL SELECT about, id FROM event WHERE about IS NOT NULL AND (output OR counts)
      UNION ALL SELECT other, id FROM event WHERE other IS NOT NULL
      UNION ALL SELECT goes, id FROM event WHERE goes IS NOT NULL),
    crumb AS (SELECT id AS a, before AS b FROM event WHERE before IS NOT NULL),";
const TRACK: &str = "
    edge AS (
      SELECT id AS a, COALESCE(goes, CASE WHEN output OR counts THEN about END, other) AS b FROM event
        WHERE COALESCE(goes, CASE WHEN output OR counts THEN about END, other) IS NOT NULL
      UNION ALL SELECT about, id FROM event WHERE about IS NOT NULL
      UNION ALL SELECT comes, id FROM event WHERE comes IS NOT NULL),
    crumb AS (SELECT before AS a, id AS b FROM event WHERE before IS NOT NULL),";
const REACHED: &str = "
    reached(id) AS (SELECT $2 UNION SELECT edge.b FROM reached JOIN edge ON edge.a = reached.id)
    SELECT id FROM reached";
const REACHED_BY_CRUMBS: &str = "
    every AS (SELECT a, b FROM edge UNION ALL SELECT a, b FROM crumb),
    reached(id) AS (SELECT $2 UNION SELECT every.b FROM reached JOIN every ON every.a = reached.id)
    SELECT id FROM reached";

async fn reached(store: &Store, direction: Direction, end: &str, start: Id) -> BTreeSet<Id> {
    let edges = if direction == Direction::Trace { TRACE } else { TRACK };
    let text: &'static str = Box::leak(format!("{EDGES}{edges}{end}").into_boxed_str());
    let rows = store.fetch(&Sql::same("test.reached", text), &[1i64.into(), start.0.as_slice().into()]).await;
    rows.unwrap().iter().map(|row| row.id(0).unwrap()).collect()
}

async fn walked(node: &Arc<Node>, agent: Id, direction: Direction, start: Id) -> Vec<Id> {
    let mut reader = node.reader("one", agent, Via::Console).await.unwrap();
    let asked = Asked { direction, skip: 0, first: 5_000, below: None };
    let trail = reader.walk(start, asked).await.unwrap().unwrap();
    let hops = reader.hops(&trail, 0..trail.len()).await.unwrap();
    hops.into_iter().map(|hop| hop.record.unwrap().id).collect()
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// Some history: what opens and closes gates only where it is wanted.
async fn history(start: &Start, node: &Arc<Node>, dice: &mut Dice, from: u64, gates: bool) -> Vec<Id> {
    let mut there = Vec::new();
    let (mut things, mut processes) = (Vec::new(), Vec::new());
    for n in from..from + 120 {
        let action = Action::all().nth(dice.roll(19)).unwrap();
        let row = action.row().unwrap();
        let gate =
            ["pickup", "dropoff", "accept", "modify", "combine", "separate"].contains(&action.as_str());
        if gate && !gates {
            continue;
        }
        if dice.roll(5) == 0 || processes.is_empty() {
            let acts = vec![AnyAct::Economic(Act::Define { class: Class::Process, fields: Fields::new() })];
            processes.push(made(&start.done(node, n, acts).await, "Process")[0]);
            continue;
        }
        let who = Value::Ref(start.steward);
        let counted = if action == Action::Work { Prop::EffortQuantity } else { Prop::ResourceQuantity };
        let mut event = Fields::new()
            .with(Prop::Action, Value::Action(action))
            .with(Prop::Provider, who.clone())
            .with(Prop::Receiver, who)
            .with(counted, one(start.piece));
        let creates = row.create_resource != CreateResource::None && (things.is_empty() || dice.roll(2) == 0);
        let mut thing = || Value::Ref(things[dice.roll(things.len())]);
        let second =
            row.create_resource == CreateResource::OptionalTo || row.contained == ContainedEffect::Update;
        if !things.is_empty() && action != Action::Work && (second || !creates) {
            event.set(Prop::ResourceInventoriedAs, thing());
        }
        if !things.is_empty() && second && !creates {
            event.set(Prop::ToResourceInventoriedAs, thing());
        }
        let process = Value::Ref(processes[dice.roll(processes.len())]);
        match row.input_output {
            InputOutput::Input => event.set(Prop::InputOf, process),
            InputOutput::Output | InputOutput::OutputInput => event.set(Prop::OutputOf, process),
            InputOutput::None => {}
        }
        let resource = creates.then(Fields::new);
        let receipt =
            start.send(node, n, vec![AnyAct::Economic(Act::Record { event, resource })]).await.unwrap();
        things.extend(made(&receipt, "EconomicResource").into_iter().filter(|_| creates));
        there.extend(made(&receipt, "EconomicEvent"));
    }
    things.into_iter().chain(processes).chain(there).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_walk_finds_what_the_recursive_question_finds() {
    let start = under(&root().join("policies/open-books")).await;
    let node = start.open().await;
    let store = Store::open_sqlite(&start.data().join("reflow.sqlite")).await.unwrap();
    let mut dice = Dice(7);
    let mut compared = 0;
    // The graph is asked after each part, so that it has to follow what was recorded since.
    for (part, gates) in [(0, false), (1, false), (2, false), (3, true)] {
        let there = history(&start, &node, &mut dice, 10_000 * (part + 1), gates).await;
        for (n, at) in there.iter().enumerate().filter(|(n, _)| n % 7 == 0) {
            for direction in [Direction::Trace, Direction::Track] {
                let walk = walked(&node, start.steward, direction, *at).await;
                let set: BTreeSet<Id> = walk.iter().copied().collect();
                assert_eq!(set.len(), walk.len(), "nothing stands twice");
                let most = reached(&store, direction, REACHED_BY_CRUMBS, *at).await;
                assert!(set.is_subset(&most), "{n} {direction:?}: {:?}", set.difference(&most));
                if !gates {
                    let least = reached(&store, direction, REACHED, *at).await;
                    assert!(least.is_subset(&set), "{n} {direction:?}: {:?}", least.difference(&set));
                }
                compared += usize::from(walk.len() > 3);
            }
        }
    }
    assert!(compared > 30, "{compared}");
    store.close().await;
    node.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_walk_show_the_books_as_they_were() {
    let start = under(&root().join("policies/open-books")).await;
    let node = start.open().await;
    let mut dice = Dice(11);
    let there = history(&start, &node, &mut dice, 10_000, false).await;
    let mut longest = (Vec::new(), there[0]);
    for at in &there {
        let walk = walked(&node, start.steward, Direction::Track, *at).await;
        if walk.len() > longest.0.len() {
            longest = (walk, *at);
        }
    }
    let (whole, at) = longest;
    assert!(whole.len() > 10);
    let (mut pages, mut below) = (Vec::new(), None);
    loop {
        let mut reader = node.reader("one", start.steward, Via::Console).await.unwrap();
        let asked = Asked { direction: Direction::Track, skip: pages.len(), first: 3, below };
        let trail = reader.walk(at, asked).await.unwrap().unwrap();
        let hops = reader.hops(&trail, 0..trail.len()).await.unwrap();
        pages.extend(hops.into_iter().map(|hop| hop.record.unwrap().id));
        below = Some(trail.below);
        if !trail.more {
            break;
        }
        let more = 20_000 + pages.len() as u64 * 200;
        history(&start, &node, &mut dice, more, false).await;
    }
    assert_eq!(pages, whole);
    // Beyond a million steps nobody is read to; and a question that is given up leaves the next one whole.
    let mut reader = node.reader("one", start.steward, Via::Console).await.unwrap();
    let far = Asked { direction: Direction::Track, skip: 1_000_000, first: 1, below: None };
    assert!(matches!(reader.walk(at, far).await, Err(pipeline::Rejection::TooMuchToRead)));
    history(&start, &node, &mut dice, 900_000, false).await;
    let given_up = walked(&node, start.steward, Direction::Track, at);
    assert!(tokio::time::timeout(std::time::Duration::ZERO, given_up).await.is_err());
    let below = Asked { direction: Direction::Track, skip: 0, first: 5_000, below };
    let mut reader = node.reader("one", start.steward, Via::Console).await.unwrap();
    let trail = reader.walk(at, below).await.unwrap().unwrap();
    let hops = reader.hops(&trail, 0..trail.len()).await.unwrap();
    assert_eq!(hops.into_iter().map(|hop| hop.record.unwrap().id).collect::<Vec<_>>(), whole);
    node.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tracking_identifier_that_is_mended_leads_on() {
    let start = under(&root().join("policies/open-books")).await;
    let node = start.open().await;
    let mut things = Vec::new();
    for (n, sign) in [(1, "A"), (2, "B")] {
        let event = Fields::new()
            .with(Prop::Action, Value::Action(Action::Raise))
            .with(Prop::Provider, Value::Ref(start.steward))
            .with(Prop::Receiver, Value::Ref(start.steward))
            .with(Prop::ResourceQuantity, one(start.piece));
        let resource = Some(Fields::new().with(Prop::TrackingIdentifier, Value::Text(sign.into())));
        let receipt = start.done(&node, n, vec![AnyAct::Economic(Act::Record { event, resource })]).await;
        things.push(made(&receipt, "EconomicResource")[0]);
    }
    let finds = async |from: usize, direction| {
        let walk = walked(&node, start.steward, direction, things[from]).await;
        walk.contains(&things[1 - from])
    };
    assert!(!finds(1, Direction::Trace).await);
    let fields = Fields::new().with(Prop::TrackingIdentifier, Value::Text("A".into()));
    let revise =
        Act::Revise { class: Class::EconomicResource, record: things[1], version: 1, fields, clear: vec![] };
    start.done(&node, 3, vec![AnyAct::Economic(revise)]).await;
    assert!(finds(1, Direction::Trace).await && finds(0, Direction::Track).await);
    node.close().await;
}
