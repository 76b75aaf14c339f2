//! What this program counts itself, and the calculations that count the same: of every vote they come to the same.

use std::collections::BTreeMap;

use governance::tally::{Ballot, Cast, Chamber, Counter, Method, Outcome, Question, Quorum, Rule, Voter};
use pipeline::counting::Calculation;
use pipeline::plugins::Memo;
use pipeline::rules::Bound;
use pipeline::{Charter, Rules};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use tests::Folder;
use valueflows::Id;

/// The rules of a network that has both calculations at hand.
fn rules(folder: &Folder) -> Rules {
    tests::counting_rules(&folder.0);
    let charter = Charter::read(&folder.0, &tests::plugins()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        std::fs::create_dir(folder.join("data")).unwrap();
        let node = crate::home::open(&folder.join("data")).await;
        node.found("counted", &charter, &["Ines".into()], true, None).await.unwrap();
        let rules = node.rules(&node.head("counted").await.unwrap()).await.unwrap();
        node.close().await;
        drop(node);
        std::sync::Arc::into_inner(rules).unwrap()
    })
}

fn bound<'a>(rules: &'a Rules, plugin: &str) -> &'a Bound {
    rules.bound.iter().find(|bound| bound.binding.plugin == plugin).unwrap()
}

/// Voters of one or both groups, and what some of them said, strangers among them.
fn some_vote(ballot: impl Strategy<Value = Ballot>) -> impl Strategy<Value = (Vec<Voter>, Vec<Cast>)> {
    let groups = prop_oneof![
        Just(vec!["maker".to_owned()]),
        Just(vec!["user".to_owned()]),
        Just(vec!["maker".to_owned(), "user".to_owned()]),
        Just(Vec::new())
    ];
    let id = |n: usize| Id([n as u8 + 1; 16]);
    (prop::collection::vec(groups, 1..12), prop::collection::vec((0..14usize, ballot), 0..16)).prop_map(
        move |(groups, said)| {
            let voters: Vec<Voter> =
                groups.into_iter().enumerate().map(|(n, chambers)| Voter { id: id(n), chambers }).collect();
            // As a vote that closes hands them over: of voters only, the last of each.
            let said = said.into_iter().filter(|(n, _)| *n < voters.len());
            let last: BTreeMap<usize, Ballot> = said.collect();
            let casts = last.into_iter().map(|(n, ballot)| Cast { voter: id(n), ballot }).collect();
            (voters, casts)
        },
    )
}

fn some_rank() -> impl Strategy<Value = Ballot> {
    let places = prop::collection::vec(prop::collection::vec(0..6usize, 1..3), 0..5);
    prop_oneof![8 => places.prop_map(Ballot::Rank), 1 => Just(Ballot::Abstain), 1 => Just(Ballot::Yes)]
}

fn some_word() -> impl Strategy<Value = Ballot> {
    prop_oneof![
        Just(Ballot::Yes),
        Just(Ballot::No),
        Just(Ballot::Object),
        Just(Ballot::Abstain),
        Just(Ballot::Advise)
    ]
}

#[test]
fn a_calculation_counts_what_this_program_counts() {
    let folder = Folder::new("counting");
    let rules = rules(&folder);
    let memo = Memo::default();
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    let ranked = (some_vote(some_rank()), 1..6usize, any::<bool>());
    let ranked = runner.run(&ranked, |((voters, casts), options, kept)| {
        let question = Question { options, status_quo: kept.then(|| options - 1) };
        let own = Method::Ranked.count(&question, &voters, &casts).unwrap();
        let mut ruling = json!({});
        let mut by = Calculation::new(&memo, bound(&rules, "schulze"), &mut ruling).unwrap();
        let told = by.count(&question, &voters, &casts).unwrap();
        prop_assert_eq!((told.outcome, told.numbers), (own.outcome, own.numbers));
        Ok(())
    });
    ranked.unwrap();
    let majority = Rule { method: Method::Majority, quorum: Quorum::None };
    let chamber = |role: &str| Chamber { role: role.to_owned(), rule: majority.clone() };
    let own = Method::Chambers { chambers: vec![chamber("maker"), chamber("user")] };
    let chambers = runner.run(&some_vote(some_word()), |(voters, casts)| {
        let question = Question::yes_or_no();
        let own = match own.clone().count(&question, &voters, &casts).unwrap().outcome {
            // A tie changes nothing there; here somebody might break it.
            Outcome::Tied(_) => Outcome::Rejected,
            outcome => outcome,
        };
        let mut ruling = json!({});
        let mut by = Calculation::new(&memo, bound(&rules, "two-chambers"), &mut ruling).unwrap();
        prop_assert_eq!(by.count(&question, &voters, &casts).unwrap().outcome, own);
        Ok(())
    });
    chambers.unwrap();
}
