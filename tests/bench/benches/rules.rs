//! What rules cost: one decision under more and more policies beside Cedar's own authoriser over all of them, the
//! gate for one changed policy, and a past judged again under other rules.
//!
//! `cargo bench -p bench --bench rules -- [--decisions 20000] [--pairs 1000000] [--loans 400]`
#![allow(clippy::disallowed_methods, reason = "a bench measures time")]

use std::time::{Duration, Instant};

use bench::library::{Library, NETWORK, node};
use bench::numbers::machine;
use governance::{AnyAct, membership};
use ledger::{Act, Snapshot, View};
use pipeline::{Charter, Via};
use policy::{Ask, CompiledBook, PolicyText, Principal, RuleBook, Scene, compile};
use store::Store;
use tests::Folder;
use valueflows::{Action, Class, Fields, Id, Prop, Record, Value};

const MEMBER: Id = Id([1; 16]);
const THING: Id = Id([2; 16]);
const MEMBERSHIP: Id = Id([3; 16]);

fn option(name: &str, default: usize) -> usize {
    let args: Vec<String> = std::env::args().collect();
    let value = args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1)).cloned();
    value.and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A book of so many policies, each for one act and one role, and so many for everybody and every act.
fn book(scoped: usize, unscoped: usize) -> CompiledBook {
    let acts: Vec<String> = Action::all().map(|action| action.to_string()).collect();
    let one = |n: usize| {
        let (act, role) = (&acts[n % acts.len()], n / acts.len());
        let text = format!(
            "@id(\"p{n}\") permit (principal in Role::\"r{role}\", action == Action::\"{act}\", resource is EconomicResource) \
             when {{ context.via == \"session\" && resource has name && resource.name == \"thing {n}\" }};"
        );
        PolicyText { id: format!("p{n}"), text, protected: false }
    };
    let wide = |n: usize| {
        let text = format!(
            "@id(\"w{n}\") forbid (principal, action, resource) when {{ context.via == \"door {n}\" }};"
        );
        PolicyText { id: format!("w{n}"), text, protected: false }
    };
    let mut book = RuleBook::new("bench", &[]).expect("a book");
    book.policies = (0..scoped).map(one).chain((0..unscoped).map(wide)).collect();
    book.policies.sort_by(|a, b| a.id.cmp(&b.id));
    compile(&book).expect("a book")
}

fn view(roles: &[String]) -> View {
    let mut snapshot = Snapshot::default();
    snapshot.know(MEMBER, Some(Record::new(MEMBER, Class::Person, Fields::new())));
    let thing = Fields::new().with(Prop::Name, Value::Text("thing 7".into()));
    snapshot.know(THING, Some(Record::new(THING, Class::EconomicResource, thing)));
    let fields = Fields::new()
        .with(Prop::Member, Value::Ref(MEMBER))
        .with(Prop::Roles, Value::Texts(roles.to_vec()))
        .with(Prop::Training, Value::Texts(Vec::new()));
    snapshot.know(MEMBERSHIP, Some(Record::new(MEMBERSHIP, Class::Membership, fields)));
    snapshot.know_links(membership::link(MEMBER), vec![MEMBERSHIP]);
    View::over(snapshot)
}

fn scene(via: Via) -> Scene {
    Scene {
        network: Id([9; 16]),
        sandbox: true,
        now: valueflows::Instant(1_700_000_000_000_000),
        via,
        signed_by: policy::SignedBy::Node,
    }
}

fn ask(view: &View, action: Action, via: Via) -> Ask {
    let event = Fields::new()
        .with(Prop::Action, Value::Action(action))
        .with(Prop::ResourceInventoriedAs, Value::Ref(THING));
    let act = AnyAct::Economic(Act::Record { event, resource: None });
    Ask::about(view, scene(via), Principal::Agent(MEMBER), &act).expect("a question")
}

fn percentile(times: &mut [Duration], part: f64) -> f64 {
    times.sort_unstable();
    let at = ((times.len() as f64 - 1.0) * part) as usize;
    times[at].as_secs_f64() * 1e6
}

fn one_decision(decisions: usize) {
    println!("one decision, microseconds | p50 | p99 | whole set p50 | times faster");
    let view = view(&["r0".into(), "r3".into()]);
    let row = |name: &str, book: &CompiledBook| {
        let question = ask(&view, Action::all().next().expect("an action"), Via::Session);
        let time = |whole: bool, times: usize| {
            let mut took = Vec::with_capacity(times);
            for _ in 0..times {
                let begun = Instant::now();
                let ruling = match whole {
                    true => book.decide_unsliced(&view, scene(Via::Session), &question, &[]),
                    false => book.decide(&view, scene(Via::Session), &question, &[]),
                };
                took.push(begun.elapsed());
                std::hint::black_box(ruling.expect("a ruling"));
            }
            took
        };
        time(false, 200);
        let mut sliced = time(false, decisions);
        let mut whole = time(true, (decisions / 50).max(50));
        let (p50, p99, all) =
            (percentile(&mut sliced, 0.5), percentile(&mut sliced, 0.99), percentile(&mut whole, 0.5));
        println!("{name} | {p50:.1} | {p99:.1} | {all:.1} | {:.0}", all / p50);
    };
    for n in [10, 100, 1_000, 10_000] {
        row(&format!("{n} policies, scoped by act and role"), &book(n, 0));
    }
    row("10,000 and 100 for everybody and every act", &book(10_000, 100));
}

/// Random books and questions: the picked policies against all of them.
fn pairs(count: usize) {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |most: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % most as u64) as usize
    };
    let begun = Instant::now();
    let (mut done, mut differ, mut permitted) = (0, 0, 0);
    while done < count {
        let text = |n: usize, next: &mut dyn FnMut(usize) -> usize| {
            let effect = ["permit", "permit", "forbid"][next(3)];
            let principal = [
                "principal".to_owned(),
                format!("principal in Role::\"r{}\"", next(6)),
                format!("principal == Agent::\"{MEMBER}\""),
                "principal is Agent".to_owned(),
            ][next(4)]
            .clone();
            let action = [
                "action".to_owned(),
                "action in Action::\"record\"".to_owned(),
                format!("action == Action::\"{}\"", Action::all().nth(next(19)).expect("one").as_str()),
            ][next(3)]
            .clone();
            let resource = [
                "resource".to_owned(),
                "resource is EconomicResource".to_owned(),
                format!("resource == EconomicResource::\"{THING}\""),
            ][next(3)]
            .clone();
            let when =
                ["", "when { context.via == \"session\" }", "unless { context.via == \"session\" }"][next(3)];
            PolicyText {
                id: format!("p{n}"),
                text: format!("@id(\"p{n}\") {effect} ({principal}, {action}, {resource}) {when};"),
                protected: false,
            }
        };
        let mut book = RuleBook::new("random", &[]).expect("a book");
        let many = 20 + next(180);
        book.policies = (0..many).map(|n| text(n, &mut next)).collect();
        let Ok(book) = compile(&book) else { continue };
        for _ in 0..2_000 {
            let roles: Vec<String> = (0..next(4)).map(|_| format!("r{}", next(6))).collect();
            let view = view(&roles);
            let via = [Via::Session, Via::Console][next(2)];
            let question = ask(&view, Action::all().nth(next(19)).expect("one"), via);
            let picked = book.decide(&view, scene(via), &question, &[]).expect("a ruling");
            let whole = book.decide_unsliced(&view, scene(via), &question, &[]).expect("a ruling");
            permitted += usize::from(picked.verdict == policy::Verdict::Permit);
            differ += usize::from(picked != whole);
            done += 1;
        }
    }
    println!(
        "{done} random pairs: {differ} differ, {permitted} permitted ({:.0} s)",
        begun.elapsed().as_secs_f64()
    );
    assert_eq!(differ, 0, "picking policies changed an answer");
}

async fn past(loans: usize) {
    let folder = Folder::new("bench-rules");
    let store = Store::open_sqlite(&folder.join("reflow.sqlite")).await.expect("a store");
    store.migrate().await.expect("a schema");
    let node = node(store, &folder.0, tests::binary());
    let library = Library::found(node.clone()).await;
    // A command each, as people send them.
    for _ in 0..loans.div_ceil(1_000) {
        library.burst(1_000.min(loans), 1).await;
    }
    let charter =
        Charter::read(&tests::root().join("policies/tool-library"), &tests::plugins()).expect("rules");
    let mut book = charter.book;
    let policy = book.policies.iter_mut().find(|policy| policy.id == "members-borrow").expect("a policy");
    policy.text = policy.text.replace("permit", "permit ").replace("permit  ", "permit ");
    policy.text.push_str("\n// changed");
    let head = node.head(NETWORK).await.expect("a head");
    let mut reader = node.reader(NETWORK, library.agent, Via::Session).await.expect("a reader");
    let begun = Instant::now();
    let found = reader.what_if(&book, head.seq, &|_| {}).await.expect("a past");
    let took = begun.elapsed().as_secs_f64();
    let judged = found["coverage"]["judged"].as_u64().unwrap_or_default();
    println!(
        "a past of {} entries under a changed policy: {judged} decisions in {took:.2} s, {:.0} a second on one core (aim: 5,000)",
        head.seq,
        judged as f64 / took
    );
    let rules = node.rules(&head).await.expect("rules");
    let from = policy::Standpoint {
        current: &rules.compiled,
        carried: &[],
        members: &[],
        author: library.agent,
        scene: scene(Via::Session),
        accepted: false,
    };
    let json = book.to_json().expect("a book");
    let begun = Instant::now();
    policy::examine(&from, &json, String::new()).expect("examined");
    println!("the gate for one changed policy: {:.0} ms (aim: 1,000)", begun.elapsed().as_secs_f64() * 1e3);
    node.close().await;
}

fn main() {
    let (processor, compiler) = machine();
    println!("{processor}, {compiler}");
    one_decision(option("--decisions", 20_000));
    pairs(option("--pairs", 1_000_000));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(past(option("--loans", 20_000)));
}
