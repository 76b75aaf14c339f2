//! What planning costs: demands exploded along ten thousand recipes, beside a bare walk over the same trees that multiplies
//! amounts and keeps nothing.
//!
//! `cargo bench -p bench --bench plans`
#![allow(clippy::disallowed_methods, reason = "a bench measures time")]

use std::collections::HashMap;
use std::time::{Duration, Instant as Clock};

use bench::numbers::machine;
use ledger::planning::acts::{Kept, Writing, acts};
use ledger::planning::{Demand, Kind, Problem, Recipes, Supply, plan};
use valueflows::{Action, Class, Fields, Id, Instant, OwnActions, Prop, Quantity, Record, Value};

const PIECE: Id = Id([1; 16]);
const HOUR: Id = Id([2; 16]);
const US: Id = Id([3; 16]);
const NOW: Instant = Instant(1_000 * Instant::DAY_US);

fn id(kind: u8, n: usize) -> Id {
    let mut id = [kind; 16];
    id[1..9].copy_from_slice(&(n as u64).to_be_bytes());
    Id(id)
}

/// Recipes by what they make: each of the things numbered so makes one from two each of those below it.
struct Trees {
    below: Vec<Vec<usize>>,
    /// How many of each part one takes.
    each: i64,
}

impl Trees {
    /// So many trees, each of so many things, each of which takes `fan` others.
    fn of(trees: usize, each: usize, fan: usize) -> Trees {
        let below = |n: usize| {
            let (tree, at) = (n / each * each, n % each);
            (1..=fan).map(|more| at * fan + more).filter(|at| *at < each).map(|at| tree + at).collect()
        };
        Trees { below: (0..trees * each).map(below).collect(), each: if fan == 1 { 1 } else { 2 } }
    }

    fn records(&self) -> Vec<Record> {
        let unit = |id, label: &str| {
            let fields = Fields::new().with(Prop::Label, Value::Text(label.to_owned()));
            Record::new(id, Class::Unit, fields.with(Prop::Decimals, Value::Integer(0)))
        };
        let mut records = vec![unit(PIECE, "piece"), unit(HOUR, "hour")];
        let flow = |at: usize, prop, process, action, spec, amount| {
            let fields = Fields::new()
                .with(Prop::Action, Value::Action(action))
                .with(prop, Value::Ref(process))
                .with(Prop::ResourceConformsTo, Value::Ref(spec))
                .with(Prop::ResourceQuantity, Value::Quantity(Quantity { amount, unit: PIECE }));
            Record::new(id(7, at), Class::RecipeFlow, fields)
        };
        let mut flows = 0;
        for (n, below) in self.below.iter().enumerate() {
            let process = id(6, n);
            let hour = Value::Quantity(Quantity { amount: 1, unit: HOUR });
            records.push(Record::new(
                process,
                Class::RecipeProcess,
                Fields::new().with(Prop::HasDuration, hour),
            ));
            records.push(flow(flows, Prop::RecipeOutputOf, process, Action::Produce, id(5, n), 1));
            flows += 1;
            for part in below {
                records.push(flow(
                    flows,
                    Prop::RecipeInputOf,
                    process,
                    Action::Consume,
                    id(5, *part),
                    self.each,
                ));
                flows += 1;
            }
        }
        records
    }

    /// The bare walk: how much of everything there would be.
    fn walk(&self, root: usize, amount: i64) -> i64 {
        let mut left = vec![(root, amount)];
        let mut sum = 0_i64;
        while let Some((n, amount)) = left.pop() {
            sum = sum.wrapping_add(amount);
            left.extend(self.below[n].iter().map(|part| (*part, amount.wrapping_mul(self.each))));
        }
        sum
    }
}

fn millis(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1e3)
}

fn row(what: &str, trees: &Trees, roots: impl Iterator<Item = usize> + Clone) {
    let records = trees.records();
    let begun = Clock::now();
    let recipes = Recipes::of(&records).expect("recipes");
    let read = begun.elapsed();
    let demands: Vec<Demand> = roots
        .clone()
        .map(|root| Demand {
            kind: Kind::of(id(5, root)),
            quantity: Quantity { amount: 1, unit: PIECE },
            due: NOW.plus_us(30 * Instant::DAY_US),
            receiver: None,
        })
        .collect();
    let problem = || Problem {
        recipes: &recipes,
        supply: Supply::of(&records, US, &OwnActions::default(), &HashMap::new()),
        demands: demands.clone(),
        choices: HashMap::new(),
        now: NOW,
        overdue: false,
    };
    let begun = Clock::now();
    let draft = plan(problem()).expect("a plan");
    let planned = begun.elapsed();
    let begun = Clock::now();
    let sum: i64 = roots.map(|root| trees.walk(root, 1)).fold(0, i64::wrapping_add);
    let walked = begun.elapsed();
    let by_id: HashMap<Id, &Record> = records.iter().map(|record| (record.id, record)).collect();
    let with = Writing { network: US, command: id(9, 0), agent: US, name: "bench", records: &by_id };
    let begun = Clock::now();
    let written = acts(&draft, &demands, &with, &Kept::default()).len();
    let acted = begun.elapsed();
    println!(
        "{what}: {} recipes read in {}; {} demands are {} processes and {} flows in {} ({:.2} us a process), a bare walk {} \
         ({:.0} times less, sum {sum}); as {written} acts {}",
        trees.below.len(),
        millis(read),
        demands.len(),
        draft.runs.len(),
        draft.inputs.len() + draft.outputs.len(),
        millis(planned),
        planned.as_secs_f64() * 1e6 / draft.runs.len() as f64,
        millis(walked),
        planned.as_secs_f64() / walked.as_secs_f64().max(1e-9),
        millis(acted)
    );
}

fn main() {
    let (cpu, rustc) = machine();
    println!("{cpu}, {rustc}");
    row("a thousand products of ten", &Trees::of(1_000, 10, 2), (0..1_000).map(|n| n * 10));
    row(
        "ten products of a thousand, nine times each",
        &Trees::of(10, 1_000, 2),
        (0..90).map(|n| n % 10 * 1_000),
    );
    row("one product of ten thousand, nine times", &Trees::of(1, 10_000, 2), std::iter::repeat_n(0, 9));
    row("a chain of ten thousand", &Trees::of(1, 10_000, 1), std::iter::once(0));
}
