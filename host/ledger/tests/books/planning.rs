//! Plans: what they come to on recipes that people have, and what holds of all of them.

use std::collections::HashMap;

use crate::bakery::*;
use ledger::planning::{Draft, LotOf, Needs, PlanError, Source};
use proptest::prelude::*;
use valueflows::{Action, Class, Fields, Id, Prop, Quantity, Value};

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

const WHEN: i64 = 24;

/// What of six loaves that are wanted in a day need not be baked.
fn there(what: &str, make: impl Fn(&mut World), there: i64) {
    let mut world = bakery();
    make(&mut world);
    let draft = world.plan(&[("bread", 6, WHEN)], &[]).unwrap();
    let baked: i64 = draft.outputs.iter().take(1).map(|output| output.quantity.amount).sum();
    assert_eq!(6 - baked, there, "{what}");
}

#[test]
fn what_is_there_is_taken_if_it_is_good() {
    let goes_off = |hours: i64| {
        move |world: &mut World| {
            let until = Value::Instant(NOW.plus_us(hours * H));
            let lot =
                world.add("lot", Class::BatchLotRecord, Fields::new().with(Prop::ExpirationDate, until));
            world.stock("loaves", "bread", 2);
            world.set("loaves", Prop::OfBatchLot, Value::Ref(lot));
        }
    };
    there("nothing", |_| (), 0);
    there("some that are good till then", goes_off(WHEN), 2);
    there("some that are not", goes_off(WHEN - 1), 0);
    let made_to_measure = |world: &mut World| {
        world.stock("loaves", "bread", 2);
        let fields = Fields::new().with(Prop::Substitutable, Value::Flag(false));
        world.add("bread", Class::ResourceSpecification, fields);
    };
    there("some that are not as good as others", made_to_measure, 0);
}

#[test]
fn what_comes_is_taken_if_it_comes() {
    let comes = |world: &mut World, class, name: &str, finished: bool| {
        let fields = Fields::new().with(Prop::Finished, Value::Flag(finished));
        let oven = world.add("oven", Class::Process, fields);
        let fields = world
            .flow(Action::Produce, "bread", 3)
            .with(Prop::Due, Value::Instant(NOW.plus_us(10 * H)))
            .with(Prop::OutputOf, Value::Ref(oven));
        world.add(name, class, fields)
    };
    there(
        "some that come",
        |world| {
            comes(world, Class::Intent, "coming", false);
        },
        3,
    );
    there(
        "some of a process that is over",
        |world| {
            comes(world, Class::Intent, "coming", true);
        },
        0,
    );
    let promised = |world: &mut World, state: &str| {
        let coming = comes(world, Class::Intent, "coming", false);
        comes(world, Class::Commitment, "promised", false);
        world.set("promised", Prop::Satisfies, Value::Refs(vec![coming]));
        world.set("promised", Prop::Finished, Value::Flag(true));
        world.set("promised", Prop::State, Value::Text(state.to_owned()));
    };
    there("some that somebody promised and brought", |world| promised(world, "kept"), 0);
    there("some that somebody was let off promising", |world| promised(world, "waived"), 3);
}

#[test]
fn a_plan_has_an_end() {
    let mut world = World::new();
    // Each takes the next twice over.
    for n in 0..20 {
        let (made, part) = (format!("t{n}"), format!("t{}", n + 1));
        world.recipe(&format!("p{n}"), 0, &[], &[(&made, 1)], &[(&part, 1), (&part, 1)]);
    }
    assert_eq!(world.plan(&[("t0", 1, 24)], &[]), Err(PlanError::TooLarge));
    assert!(world.plan(&[("t10", 1, 24)], &[]).is_ok());
    let mut world = bakery();
    let made = world.id("bake RecipeOutputOf 0");
    let record = world.records.iter_mut().find(|record| record.id == made).unwrap();
    record.fields.set(Prop::ResourceQuantity, Value::Quantity(Quantity { amount: 10, unit: HOUR }));
    let bread = world.id("bread");
    assert_eq!(world.plan(&[("bread", 1, 24)], &[]), Err(PlanError::Unit(bread)));
}
