//! Plans: what they come to on recipes that people have, and what holds of all of them.

use std::collections::HashMap;

use ledger::planning::{
    Demand, Draft, Kind, LotOf, Needs, PlanError, Problem, Recipes, Source, Supply, plan,
};
use proptest::prelude::*;
use valueflows::{Action, Class, Fields, Id, Instant, OwnActions, Prop, Quantity, Record, Value};

/// What, how much of it, and in how many hours.
type Wish = (&'static str, i64, i64);

const PIECE: Id = Id([1; 16]);
const HOUR: Id = Id([2; 16]);
const US: Id = Id([3; 16]);
const H: i64 = 3_600_000_000;
const NOW: Instant = Instant(1_000 * 24 * H);

/// Records by what they are called, in the order in which they are named.
#[derive(Debug, Default)]
struct World {
    names: Vec<String>,
    records: Vec<Record>,
}

impl World {
    fn new() -> World {
        let unit = |id, label: &str, decimals| {
            let fields = Fields::new()
                .with(Prop::Label, Value::Text(label.to_owned()))
                .with(Prop::Decimals, Value::Integer(decimals));
            Record::new(id, Class::Unit, fields)
        };
        World { names: Vec::new(), records: vec![unit(PIECE, "piece", 0), unit(HOUR, "hour", 2)] }
    }

    fn id(&mut self, name: &str) -> Id {
        let at = self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        let mut id = [16; 16];
        id[..8].copy_from_slice(&(at as u64 + (16 << 56)).to_be_bytes());
        Id(id)
    }

    fn add(&mut self, name: &str, class: Class, fields: Fields) -> Id {
        let id = self.id(name);
        self.records.push(Record::new(id, class, fields));
        id
    }

    /// `bread 10 <- flour 4, salt 1; work baker 2h`: a process that takes so many hours, and its flows.
    fn recipe(
        &mut self,
        name: &str,
        hours: i64,
        classes: &[&str],
        made: &[(&str, i64)],
        takes: &[(&str, i64)],
    ) {
        let duration = Value::Quantity(Quantity { amount: hours * 100, unit: HOUR });
        let classes = classes.iter().map(|class| (*class).to_owned()).collect();
        let fields = Fields::new()
            .with(Prop::Name, Value::Text(name.to_owned()))
            .with(Prop::HasDuration, duration)
            .with(Prop::ProcessClassifiedAs, Value::Texts(classes));
        let process = self.add(name, Class::RecipeProcess, fields);
        for (prop, flows) in [(Prop::RecipeOutputOf, made), (Prop::RecipeInputOf, takes)] {
            for (n, (what, amount)) in flows.iter().enumerate() {
                let (action, what) = match (prop, what.split_once(' ')) {
                    (_, Some((action, what))) => (Action::named(action).unwrap(), what),
                    (Prop::RecipeOutputOf, None) => (Action::Produce, *what),
                    (_, None) => (Action::Consume, *what),
                };
                let mut flow = self.flow(action, what, *amount);
                flow.set(prop, Value::Ref(process));
                self.add(&format!("{name} {prop:?} {n}"), Class::RecipeFlow, flow);
            }
        }
    }

    /// A flow of a kind: `gown:washed!pass` is one of a stage and in a state.
    fn flow(&mut self, action: Action, what: &str, amount: i64) -> Fields {
        let kind = self.kind(what);
        let mut fields = Fields::new()
            .with(Prop::Action, Value::Action(action))
            .with(Prop::ResourceConformsTo, Value::Ref(kind.spec));
        match action {
            Action::Work => fields
                .set(Prop::EffortQuantity, Value::Quantity(Quantity { amount: amount * 100, unit: HOUR })),
            _ => fields.set(Prop::ResourceQuantity, Value::Quantity(Quantity { amount, unit: PIECE })),
        }
        if let Some(stage) = kind.stage {
            fields.set(Prop::Stage, Value::Ref(stage));
        }
        if let Some(state) = kind.state {
            fields.set(Prop::State, Value::Text(state));
        }
        fields
    }

    fn kind(&mut self, what: &str) -> Kind {
        let (what, state) =
            what.split_once('!').map_or((what, None), |(what, state)| (what, Some(state.to_owned())));
        let (spec, stage) = what.split_once(':').map_or((what, None), |(spec, stage)| (spec, Some(stage)));
        Kind { spec: self.id(spec), stage: stage.map(|stage| self.id(stage)), state }
    }

    fn stock(&mut self, name: &str, what: &str, amount: i64) -> Id {
        let kind = self.kind(what);
        let mut fields = Fields::new()
            .with(Prop::ConformsTo, Value::Ref(kind.spec))
            .with(Prop::PrimaryAccountable, Value::Ref(US))
            .with(Prop::OnhandQuantity, Value::Quantity(Quantity { amount, unit: PIECE }));
        if let Some(stage) = kind.stage {
            fields.set(Prop::Stage, Value::Ref(stage));
        }
        self.add(name, Class::EconomicResource, fields)
    }

    fn supply(&self) -> Supply {
        Supply::of(&self.records, US, &OwnActions::default(), &HashMap::new())
    }

    fn plan(&mut self, wanted: &[(&str, i64, i64)], choices: &[(&str, &str)]) -> Result<Draft, PlanError> {
        let recipes = Recipes::of(&self.records)?;
        let demands = wanted
            .iter()
            .map(|(what, amount, hours)| Demand {
                kind: self.kind(what),
                quantity: Quantity { amount: *amount, unit: PIECE },
                due: NOW.plus_us(hours * H),
                receiver: None,
            })
            .collect();
        let choices = choices.iter().map(|(spec, by)| (self.id(spec), self.id(by))).collect();
        plan(Problem { recipes: &recipes, supply: self.supply(), demands, choices, now: NOW, overdue: false })
    }

    fn name(&self, id: Id) -> String {
        let at = u64::from_be_bytes(id.0[..8].try_into().unwrap()) - (16 << 56);
        self.names[at as usize].clone()
    }

    /// A draft in words: each process with when it begins and ends, hours from now, and what it takes from where.
    fn told(&self, draft: &Draft) -> Vec<String> {
        let hours = |at: Instant| (at.0 - NOW.0) / H;
        let inputs = |by: Needs| {
            let of_it = draft.inputs.iter().filter(move |input| input.by == by);
            let told = of_it.map(|input| {
                let amount =
                    input.quantity.or(input.effort).map(|quantity| quantity.amount).unwrap_or_default();
                let what = input.kind.as_ref().map(|kind| self.name(kind.spec)).unwrap_or_default();
                let from = match &input.source {
                    Source::Stock(id) | Source::Coming(id) => self.name(*id),
                    Source::Made(output) => self.name(draft.runs[draft.outputs[*output].of].recipe),
                    Source::Got(deal) => self.name(draft.deals[*deal].recipe),
                    Source::Open => "nobody".to_owned(),
                };
                format!("{amount} {what} of {from}")
            });
            told.collect::<Vec<_>>().join(", ")
        };
        let runs = draft.runs.iter().enumerate().map(|(n, run)| {
            let (begins, ends) = (hours(run.begins()), hours(run.ends()));
            let times = if run.times == 1 { String::new() } else { format!(" x{}", run.times) };
            let critical = if run.critical { "*" } else { "" };
            format!("{}{times} {begins}-{ends}{critical}: {}", self.name(run.recipe), inputs(Needs::Run(n)))
        });
        let met = draft.met.iter().enumerate().map(|(n, met)| {
            let late = if met.late_us > 0 { format!(", {} late", met.late_us / H) } else { String::new() };
            format!("wanted: {}{late}", inputs(Needs::Demand(n)))
        });
        let deals = draft
            .deals
            .iter()
            .enumerate()
            .map(|(n, deal)| format!("{}: for {}", self.name(deal.recipe), inputs(Needs::Deal(n))));
        runs.chain(deals).chain(met).collect()
    }
}

fn bakery() -> World {
    let mut world = World::new();
    world.recipe("bake", 3, &[], &[("bread", 10)], &[("dough", 5), ("work baker", 2)]);
    world.recipe("knead", 1, &[], &[("dough", 1)], &[("flour", 2), ("salt", 1)]);
    world
}

/// What there is beside the bakery, what is wanted, and what is planned.
type Case = (fn(&mut World), &'static [Wish], &'static [&'static str]);

fn come_out(cases: &[Case]) {
    for (make, wanted, told) in cases {
        let mut world = bakery();
        make(&mut world);
        let draft = world.plan(wanted, &[]).unwrap();
        assert_eq!(world.told(&draft), *told, "{wanted:?}");
    }
}

#[test]
fn a_plan_goes_back_from_what_is_wanted() {
    come_out(&[
        (
            |_| (),
            &[("bread", 20, 24)],
            &[
                "bake 21-24*: 400 baker of nobody, 10 dough of knead",
                "knead 20-21*: 20 flour of nobody, 10 salt of nobody",
                "wanted: 20 bread of bake",
            ],
        ),
        // Rounded up: a third of a dough is one.
        (
            |_| (),
            &[("bread", 1, 24)],
            &[
                "bake 21-24*: 20 baker of nobody, 1 dough of knead",
                "knead 20-21*: 2 flour of nobody, 1 salt of nobody",
                "wanted: 1 bread of bake",
            ],
        ),
        (
            |world| {
                let _ = world.stock("loaves", "bread", 12);
            },
            &[("bread", 20, 24)],
            &[
                "bake 21-24*: 160 baker of nobody, 4 dough of knead",
                "knead 20-21*: 8 flour of nobody, 4 salt of nobody",
                "wanted: 12 bread of loaves, 8 bread of bake",
            ],
        ),
        // What is wanted first is served first.
        (
            |world| {
                let _ = world.stock("loaves", "bread", 12);
            },
            &[("bread", 10, 48), ("bread", 10, 24)],
            &[
                "bake 45-48*: 160 baker of nobody, 4 dough of knead",
                "knead 44-45*: 8 flour of nobody, 4 salt of nobody",
                "wanted: 2 bread of loaves, 8 bread of bake",
                "wanted: 10 bread of loaves",
            ],
        ),
        // Too late: as early as can be.
        (
            |_| (),
            &[("bread", 10, 2)],
            &[
                "bake 1-4*: 200 baker of nobody, 5 dough of knead",
                "knead 0-1*: 10 flour of nobody, 5 salt of nobody",
                "wanted: 10 bread of bake, 2 late",
            ],
        ),
    ]);
}

#[test]
fn batches_stages_exchanges_and_what_is_made_from_itself_are_planned() {
    come_out(&[
        // In whole batches, and what is left of one is there for the next.
        (
            |world| world.recipe("sow", 2, &["batch"], &[("seedling", 50)], &[("seed", 60)]),
            &[("seedling", 60, 24), ("seedling", 30, 30)],
            &[
                "sow x2 20-24*: 120 seed of nobody",
                "wanted: 60 seedling of sow",
                "wanted: 30 seedling of sow",
            ],
        ),
        // A stage and a state are asked for where they are.
        (
            |world| {
                world.recipe("wash", 2, &[], &[("modify gown:washing", 1)], &[("accept gown:worn", 1)]);
                world.stock("rack", "gown:worn", 3);
            },
            &[("gown:washing", 5, 24)],
            &["wash 22-24*: 3 gown of rack, 2 gown of nobody", "wanted: 5 gown of wash"],
        ),
        // What is bought is paid for.
        (
            |world| {
                let deal = world.add("buy", Class::RecipeExchange, Fields::new());
                let flow =
                    world.flow(Action::Transfer, "yeast", 10).with(Prop::RecipeClauseOf, Value::Ref(deal));
                world.add("buy yeast", Class::RecipeFlow, flow);
                let flow = world
                    .flow(Action::Transfer, "coin", 3)
                    .with(Prop::RecipeReciprocalClauseOf, Value::Ref(deal));
                world.add("buy coin", Class::RecipeFlow, flow);
                world.stock("till", "coin", 5);
            },
            &[("yeast", 20, 24)],
            &["buy: for 5 coin of till, 1 coin of nobody", "wanted: 20 yeast of buy"],
        ),
        // What can be made from itself is not, where there is another way.
        (
            |world| {
                world.recipe("multiply", 1, &[], &[("sourdough", 2)], &[("sourdough", 1)]);
                world.recipe("begin", 5, &[], &[("sourdough", 1)], &[("flour", 1)]);
            },
            &[("sourdough", 2, 24)],
            &[
                "multiply 23-24*: 1 sourdough of begin",
                "begin 18-23*: 1 flour of nobody",
                "wanted: 2 sourdough of multiply",
            ],
        ),
    ]);
}

#[test]
fn whoever_chooses_gets_what_they_choose() {
    let mut world = bakery();
    world.recipe("toast", 1, &[], &[("bread", 1)], &[("rusk", 1)]);
    let (bread, quick, whole) = (world.id("bread"), world.id("toast"), world.id("bake"));
    for (name, process) in [("slow", whole), ("quick", quick)] {
        let fields = Fields::new()
            .with(Prop::PrimaryOutput, Value::Ref(bread))
            .with(Prop::RecipeIncludes, Value::Refs(vec![process]));
        world.add(name, Class::Recipe, fields);
    }
    let first = |draft: Draft, world: &World| world.name(draft.runs[0].recipe);
    let planned = |choices: &[(&str, &str)], world: &mut World| {
        world.plan(&[("bread", 1, 24)], choices).map(|draft| first(draft, world))
    };
    assert_eq!(planned(&[], &mut world).unwrap(), "bake", "the oldest recipe");
    assert_eq!(planned(&[("bread", "quick")], &mut world).unwrap(), "toast");
    assert_eq!(planned(&[("bread", "toast")], &mut world).unwrap(), "toast");
    assert_eq!(planned(&[("bread", "bake")], &mut world).unwrap(), "bake");
    let wrong = planned(&[("bread", "knead")], &mut world).unwrap_err();
    assert!(matches!(wrong, PlanError::NotMadeBy { .. }), "{wrong}");
}

#[test]
fn what_makes_no_plan_is_said() {
    let round = |world: &mut World| {
        world.recipe("hen", 1, &[], &[("hen", 1)], &[("egg", 1)]);
        world.recipe("egg", 1, &[], &[("egg", 1)], &[("hen", 1)]);
    };
    let mut world = bakery();
    round(&mut world);
    let spec = world.id("hen");
    let hen = [("hen", 1, 24)];
    assert_eq!(world.plan(&hen, &[]), Err(PlanError::Cycle(spec)));
    world.stock("one", "egg", 1);
    assert!(world.plan(&hen, &[]).is_ok(), "it begins with what is there");
    let table: [(&[Wish], PlanError); 4] = [
        (&[], PlanError::Nothing),
        (&[("bread", 0, 24)], PlanError::NoAmount),
        (&[("bread", 1, -1)], PlanError::Past),
        (&[("bread", i64::MAX / 2, 24)], PlanError::TooLarge),
    ];
    for (wanted, error) in table {
        assert_eq!(bakery().plan(wanted, &[]), Err(error), "{wanted:?}");
    }
    let mut world = bakery();
    let process = world.id("bake");
    let flow = Fields::new().with(Prop::Action, Value::Action(Action::Consume));
    let water = Value::Ref(world.id("water"));
    let flow = flow.with(Prop::ResourceConformsTo, water).with(Prop::RecipeInputOf, Value::Ref(process));
    world.add("some water", Class::RecipeFlow, flow);
    assert_eq!(world.plan(&[("bread", 1, 24)], &[]), Err(PlanError::NoQuantity(process)));
    let mut world = bakery();
    let wrong = Value::Quantity(Quantity { amount: 3, unit: PIECE });
    let process = world.id("bake");
    let record = world.records.iter_mut().find(|record| record.id == process).unwrap();
    record.fields.set(Prop::HasDuration, wrong);
    assert_eq!(world.plan(&[("bread", 1, 24)], &[]), Err(PlanError::NoTime(process)));
}

/// A made-up network of recipes: each makes something from things that are numbered higher, so that none is made from itself.
fn networks() -> impl Strategy<Value = (World, Vec<(usize, i64, i64)>)> {
    let recipe = (1..6i64, 0..9i64, any::<bool>(), prop::collection::vec((1..8usize, 1..7i64), 0..4));
    let recipes = prop::collection::vec(recipe, 1..12);
    let stocks = prop::collection::vec((0..16usize, 0..30i64), 0..8);
    let wanted = prop::collection::vec((0..8usize, 1..40i64, 0..90i64), 1..6);
    (recipes, stocks, wanted).prop_map(|(recipes, stocks, wanted)| {
        let mut world = World::new();
        for (n, (makes, hours, batch, takes)) in recipes.iter().enumerate() {
            let takes: Vec<(String, i64)> =
                takes.iter().map(|(more, amount)| (format!("t{}", n + more), *amount)).collect();
            let takes: Vec<(&str, i64)> =
                takes.iter().map(|(what, amount)| (what.as_str(), *amount)).collect();
            let (made, beside) = (format!("t{n}"), format!("t{}", n + 9));
            let classes: &[&str] = if *batch { &["batch"] } else { &[] };
            world.recipe(&format!("p{n}"), *hours, classes, &[(&made, *makes), (&beside, 1)], &takes);
        }
        for (n, (what, amount)) in stocks.iter().enumerate() {
            world.stock(&format!("s{n}"), &format!("t{what}"), *amount);
        }
        (world, wanted)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_taken_twice_or_done_before_its_time((mut world, wanted) in networks()) {
        let names: Vec<String> = wanted.iter().map(|(what, ..)| format!("t{what}")).collect();
        let asked: Vec<(&str, i64, i64)> =
            names.iter().zip(&wanted).map(|(name, (_, amount, due))| (name.as_str(), *amount, *due)).collect();
        let draft = match world.plan(&asked, &[]) {
            // By-products may come round to where they began.
            Err(PlanError::Cycle(_)) => return Ok(()),
            draft => draft.unwrap(),
        };
        prop_assert_eq!(&world.plan(&asked, &[]).unwrap(), &draft, "the same again");
        let amount = |input: &ledger::planning::Input| input.quantity.map_or(0, |quantity| quantity.amount);
        let sum = |of: &dyn Fn(&ledger::planning::Input) -> bool| -> i64 {
            draft.inputs.iter().filter(|input| of(input)).map(amount).sum()
        };
        for (n, output) in draft.outputs.iter().enumerate() {
            let taken = sum(&|input| input.source == Source::Made(n));
            prop_assert_eq!(taken + output.left, output.quantity.amount, "what is made is taken or left");
        }
        let there: HashMap<LotOf, i64> = world.supply().lots().iter().map(|lot| (lot.of, lot.free)).collect();
        for (of, free) in there {
            let LotOf::Stock(id) = of else { continue };
            prop_assert!(sum(&|input| input.source == Source::Stock(id)) <= free, "no more than there is");
        }
        for (n, (_, wanted, _)) in asked.iter().enumerate() {
            prop_assert_eq!(sum(&|input| input.by == Needs::Demand(n)), *wanted, "all of it");
        }
        for (n, run) in draft.runs.iter().enumerate() {
            let at = world.names.iter().position(|name| *name == world.name(run.recipe)).unwrap();
            let process = world.names[at].clone();
            let made: i64 = draft.outputs.iter().filter(|output| output.of == n).map(|output| output.quantity.amount).next().unwrap();
            let flows = |prop| world.records.iter().filter(move |record| record.fields.id(prop) == Some(run.recipe));
            let one = flows(Prop::RecipeOutputOf).next().unwrap().fields.quantity(Prop::ResourceQuantity).unwrap().amount;
            let mut needed: HashMap<Id, i64> = HashMap::new();
            for flow in flows(Prop::RecipeInputOf) {
                let quantity = flow.fields.quantity(Prop::ResourceQuantity).unwrap().amount;
                *needed.entry(flow.fields.id(Prop::ResourceConformsTo).unwrap()).or_default() += quantity * made / one;
            }
            for (spec, least) in needed {
                let got = sum(&|input| input.by == Needs::Run(n) && input.kind.as_ref().is_some_and(|kind| kind.spec == spec));
                prop_assert!(got >= least, "{process} takes {got} of {}, and {least} at the least", world.name(spec));
            }
            prop_assert!(run.begins() >= NOW && run.begins() >= run.latest);
        }
        for input in &draft.inputs {
            if let (Source::Made(output), Needs::Run(run)) = (&input.source, input.by) {
                let maker = &draft.runs[draft.outputs[*output].of];
                prop_assert!(maker.ends() <= draft.runs[run].begins(), "made before it is needed");
            }
        }
        for ((_, _, due), met) in asked.iter().zip(&draft.met) {
            let due = NOW.plus_us(due * H);
            prop_assert_eq!(met.late_us, (met.ready.0 - due.0).max(0));
        }
    }
}
