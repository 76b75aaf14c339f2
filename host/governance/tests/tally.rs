//! Tallies: tables of what each method makes of ballots, and laws that hold for all of them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets what it does not expect ends"
)]

use governance::tally::{
    Ballot, Cast, Chamber, Method, Outcome, Proxy, Question, Quorum, Rule, Share, Tally, Voter, tally,
    with_proxies,
};
use proptest::prelude::*;
use valueflows::Id;

fn id(n: usize) -> Id {
    Id([u8::try_from(n).expect("few people"); 16])
}

fn electorate(count: usize) -> Vec<Voter> {
    (1..=count).map(|n| Voter { id: id(n), chambers: Vec::new() }).collect()
}

fn casts(ballots: &[Ballot]) -> Vec<Cast> {
    (1..).zip(ballots).map(|(n, ballot)| Cast { voter: id(n), ballot: ballot.clone() }).collect()
}

fn share(text: &str) -> Share {
    Share::try_from(text.to_owned()).expect("a share")
}

fn rule(method: Method) -> Rule {
    Rule { method, quorum: Quorum::None }
}

/// `y`es, `n`o, `-` abstains, `o`bjects, `a`dvises.
fn ballots(text: &str) -> Vec<Ballot> {
    let ballot = |letter| match letter {
        'y' => Ballot::Yes,
        'n' => Ballot::No,
        'o' => Ballot::Object,
        'a' => Ballot::Advise,
        _ => Ballot::Abstain,
    };
    text.chars().map(ballot).collect()
}

const YES: Outcome = Outcome::Accepted(0);
const NO: Outcome = Outcome::Rejected;

#[test]
fn changes_as_they_stand() {
    let two_thirds = || Method::Supermajority { share: share("2/3") };
    let tied = Outcome::Tied(vec![0]);
    let table: Vec<(Method, Quorum, &str, Outcome)> = vec![
        (Method::Majority, Quorum::None, "yyn", YES),
        (Method::Majority, Quorum::None, "yn", tied.clone()),
        (Method::Majority, Quorum::None, "", tied),
        (Method::Majority, Quorum::None, "yno---", NO),
        (Method::Majority, Quorum::Heads(4), "yyn", Outcome::NoQuorum),
        (Method::Majority, Quorum::Heads(4), "yyn-", YES),
        (Method::Majority, Quorum::Share(share("1/3")), "yy-", Outcome::NoQuorum),
        (Method::Majority, Quorum::Share(share("1/3")), "yy--", YES),
        (two_thirds(), Quorum::None, "yyn", YES),
        (two_thirds(), Quorum::None, "yyynn", NO),
        (two_thirds(), Quorum::None, "----", NO),
        (Method::AbsoluteMajority, Quorum::None, "yyyyy", NO),
        (Method::AbsoluteMajority, Quorum::None, "yyyyyynnnn", YES),
        (Method::Consent, Quorum::None, "ynnnn", YES),
        (Method::Consent, Quorum::None, "yyyyo", NO),
        (Method::Consent, Quorum::None, "nnn-", NO),
        (Method::Consensus { minus: 0 }, Quorum::None, "yyy-", YES),
        (Method::Consensus { minus: 0 }, Quorum::None, "yyyn", NO),
        (Method::Consensus { minus: 1 }, Quorum::None, "yyyo", YES),
        (Method::Consensus { minus: 1 }, Quorum::None, "yyynn", NO),
        (Method::Consensus { minus: 1 }, Quorum::None, "n", NO),
        (Method::Lazy { objections: 0 }, Quorum::None, "", YES),
        (Method::Lazy { objections: 0 }, Quorum::None, "nnn", YES),
        (Method::Lazy { objections: 0 }, Quorum::None, "yyyyo", NO),
        (Method::Advice { advisers: 2 }, Quorum::None, "a", NO),
        (Method::Advice { advisers: 2 }, Quorum::None, "an", YES),
    ];
    for (method, quorum, said, wanted) in table {
        let rule = Rule { method, quorum };
        let result = tally(&rule, &Question::yes_or_no(), &electorate(10), &casts(&ballots(said)));
        assert_eq!(result.outcome, wanted, "{rule:?} {said}: {:?}", result.words(&[]));
    }
}

#[test]
fn one_of_several() {
    let approve = |options: &[usize]| Ballot::Approve(options.to_vec());
    let points = |points: &[u32]| Ballot::Score(points.to_vec());
    let rank = |text: &str| {
        let place = |place: &str| place.bytes().map(|letter| usize::from(letter - b'a')).collect();
        Ballot::Rank(text.split('>').map(place).collect())
    };
    // Schulze's own example: 45 ballots, five options, E wins although A is before it in the most duels lost least.
    let wikipedia: Vec<Ballot> = [
        (5, "a>c>b>e>d"),
        (5, "a>d>e>c>b"),
        (8, "b>e>d>a>c"),
        (3, "c>a>b>e>d"),
        (7, "c>a>e>b>d"),
        (2, "c>b>a>d>e"),
        (7, "d>c>e>b>a"),
        (8, "e>b>a>d>c"),
    ]
    .iter()
    .flat_map(|(count, order)| std::iter::repeat_n(rank(order), *count))
    .collect();
    type Case = (Method, usize, Option<usize>, Vec<Ballot>, Outcome);
    let table: Vec<Case> = vec![
        (
            Method::Approval,
            3,
            None,
            vec![approve(&[0, 1]), approve(&[1]), approve(&[2])],
            Outcome::Accepted(1),
        ),
        (Method::Approval, 3, Some(1), vec![approve(&[0, 1]), approve(&[1])], NO),
        (Method::Approval, 2, None, vec![approve(&[0]), approve(&[1, 1])], Outcome::Tied(vec![0, 1])),
        (Method::Approval, 2, None, vec![approve(&[7]), Ballot::Yes, approve(&[])], NO),
        (Method::Score { most: 5 }, 2, None, vec![points(&[5, 4]), points(&[0, 4])], Outcome::Accepted(1)),
        (Method::Score { most: 5 }, 2, None, vec![points(&[9, 0]), points(&[0, 1])], Outcome::Accepted(1)),
        (Method::Ranked, 3, None, vec![rank("a>b>c"), rank("a>b>c"), rank("c>b>a")], Outcome::Accepted(0)),
        (
            Method::Ranked,
            3,
            None,
            vec![rank("a>b>c"), rank("b>c>a"), rank("c>a>b")],
            Outcome::Tied(vec![0, 1, 2]),
        ),
        (Method::Ranked, 3, None, vec![rank("b"), rank("ab>c")], Outcome::Accepted(1)),
        (Method::Ranked, 2, None, vec![rank("a>a"), Ballot::Yes], NO),
        (Method::Ranked, 5, None, wikipedia, Outcome::Accepted(4)),
    ];
    for (method, options, status_quo, said, wanted) in table {
        let question = Question { options, status_quo };
        let result = tally(&rule(method.clone()), &question, &electorate(60), &casts(&said));
        assert_eq!(result.outcome, wanted, "{method:?}: {:?}", result.words(&["a", "b", "c"]));
    }
}

#[test]
fn two_chambers_must_agree() {
    let mut people = electorate(6);
    for (n, voter) in people.iter_mut().enumerate() {
        voter.chambers = vec![if n < 4 { "resident" } else { "producer" }.to_owned()];
    }
    let chamber =
        |role: &str, quorum| Chamber { role: role.into(), rule: Rule { method: Method::Majority, quorum } };
    let chambers = vec![chamber("resident", Quorum::None), chamber("producer", Quorum::Heads(1))];
    let rule = rule(Method::Chambers { chambers });
    for (said, wanted) in [
        ("yyyyyy", YES),
        ("yyyynn", NO),
        ("nnnnyy", NO),
        ("yyyy", Outcome::NoQuorum),
        ("yyyyyn", Outcome::Tied(vec![0])),
    ] {
        let result = tally(&rule, &Question::yes_or_no(), &people, &casts(&ballots(said)));
        assert_eq!(result.outcome, wanted, "{said}: {:?}", result.words(&[]));
    }
}

#[test]
fn proxies_count_for_those_who_are_silent() {
    let people = electorate(5);
    let proxy = |from, to| Proxy { from: id(from), to: id(to) };
    let cast = |n, ballot| Cast { voter: id(n), ballot };
    // 2 follows 3, who follows 1; 4 and 5 follow each other.
    let proxies = [proxy(2, 3), proxy(3, 1), proxy(4, 5), proxy(5, 4)];
    let yes = |casts: &[Cast]| {
        let result = tally(
            &rule(Method::Majority),
            &Question::yes_or_no(),
            &people,
            &with_proxies(&people, casts, &proxies),
        );
        (result.counts.yes, result.counts.no, result.counts.voted)
    };
    assert_eq!(yes(&[cast(1, Ballot::Yes)]), (3, 0, 3));
    assert_eq!(yes(&[cast(1, Ballot::Yes), cast(3, Ballot::No)]), (1, 2, 3), "whoever votes has voted");
    assert_eq!(yes(&[cast(4, Ballot::No)]), (0, 2, 2));
    assert_eq!(yes(&[]), (0, 0, 0), "nobody in a circle says anything");
    // A proxy from outside lends a ballot that is itself not counted.
    let outside = with_proxies(&people, &[cast(9, Ballot::Yes)], &[proxy(1, 9)]);
    let result = tally(&rule(Method::Majority), &Question::yes_or_no(), &people, &outside);
    assert_eq!((result.counts.yes, result.counts.strangers), (1, 1));
}

#[test]
fn every_outcome_is_said_in_words() {
    let two_thirds = Rule { method: Method::Supermajority { share: share("2/3") }, quorum: Quorum::Heads(4) };
    let said = |rule: &Rule, text: &str| {
        tally(rule, &Question::yes_or_no(), &electorate(10), &casts(&ballots(text))).words(&[])
    };
    assert_eq!(
        said(&two_thirds, "yyyn"),
        [
            "Accepted.",
            "3 people for it, one person against; of these 4 it takes 3 for it.",
            "Of 10 people who could vote, 4 people did; it takes 4.",
        ]
    );
    assert_eq!(said(&two_thirds, "yy")[0], "Not decided: too few took part.");
    let stranger = Cast { voter: id(99), ballot: Ballot::Yes };
    let result = tally(&rule(Method::Consent), &Question::yes_or_no(), &electorate(2), &[stranger]);
    assert!(result.words(&[]).iter().any(|line| line.contains("could not vote here")), "{result:?}");
}

#[test]
fn a_rule_reads_back() {
    for text in [
        r#"{"method":"majority","quorum":{"share":"1/3"}}"#,
        r#"{"method":{"supermajority":{"share":"2/3"}},"quorum":{"heads":5}}"#,
        r#"{"method":{"consensus":{"minus":2}},"quorum":"none"}"#,
        r#"{"method":{"score":{"most":5}},"quorum":"none"}"#,
        r#"{"method":{"chambers":{"chambers":[{"role":"member","rule":{"method":"consent","quorum":"none"}}]}},"quorum":"none"}"#,
    ] {
        let rule: Rule = serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(serde_json::to_string(&rule).expect("a rule"), text);
    }
    for text in [
        r#"{"method":"dictator"}"#,
        r#"{"method":{"supermajority":{"share":"3/2"}}}"#,
        r#"{"method":{"supermajority":{"share":"1/0"}}}"#,
        r#"{"method":{"majority":{}}}"#,
        r#"{"method":"majority","quorrum":"none"}"#,
        r#"{"method":{"consensus":{"plus":2}}}"#,
    ] {
        assert!(serde_json::from_str::<Rule>(text).is_err(), "{text}");
    }
}

fn some_method() -> impl Strategy<Value = Method> {
    prop_oneof![
        Just(Method::Majority),
        (1u32..5, 5u32..7)
            .prop_map(|(a, b)| Method::Supermajority { share: Share::new(a, b).expect("a share") }),
        Just(Method::AbsoluteMajority),
        Just(Method::Consent),
        (0u32..3).prop_map(|minus| Method::Consensus { minus }),
        (0u32..3).prop_map(|objections| Method::Lazy { objections }),
        (0u32..4).prop_map(|advisers| Method::Advice { advisers }),
    ]
}

fn some_ballot() -> impl Strategy<Value = Ballot> {
    prop_oneof![
        Just(Ballot::Yes),
        Just(Ballot::No),
        Just(Ballot::Abstain),
        Just(Ballot::Object),
        Just(Ballot::Advise),
        proptest::collection::vec(0usize..4, 0..4).prop_map(Ballot::Approve),
        proptest::collection::vec(0u32..6, 4).prop_map(Ballot::Score),
        proptest::collection::vec(proptest::collection::vec(0usize..4, 0..2), 0..4).prop_map(Ballot::Rank),
    ]
}

/// Several options; four of them.
fn some_choice() -> impl Strategy<Value = Method> {
    prop_oneof![Just(Method::Approval), Just(Method::Score { most: 5 }), Just(Method::Ranked)]
}

/// Every strongest path by trying all of them: what the tables are held against.
fn strongest(duel: &dyn Fn(usize, usize) -> u64, from: usize, to: usize, seen: &mut Vec<usize>) -> u64 {
    let mut best = duel(from, to);
    for by in 0..4 {
        if by != to && !seen.contains(&by) {
            seen.push(by);
            best = best.max(duel(from, by).min(strongest(duel, by, to, seen)));
            seen.pop();
        }
    }
    best
}

fn winners_by_trying(ballots: &[Vec<usize>]) -> Vec<usize> {
    let before = |one: usize, other: usize| {
        let at = |order: &Vec<usize>, option| order.iter().position(|named| *named == option).unwrap_or(4);
        ballots.iter().filter(|order| at(order, one) < at(order, other)).count() as u64
    };
    let duel = |one, other| if before(one, other) > before(other, one) { before(one, other) } else { 0 };
    let path = |from, to| strongest(&duel, from, to, &mut vec![from]);
    (0..4).filter(|one| (0..4).all(|other| other == *one || path(other, *one) <= path(*one, other))).collect()
}

fn outcome(rule: &Rule, question: &Question, said: &[Cast]) -> Tally {
    tally(rule, question, &electorate(12), said)
}

proptest! {
    /// It does not matter who says something, nor in which order it is counted.
    #[test]
    fn nobody_counts_more(method in prop_oneof![some_method(), some_choice()], said in proptest::collection::vec(some_ballot(), 0..12), seed in any::<u64>()) {
        let question = Question { options: 4, status_quo: None };
        let mut other: Vec<Ballot> = said.clone();
        let length = other.len().max(1);
        other.rotate_left(seed as usize % length);
        let mut shuffled = casts(&other);
        shuffled.reverse();
        let rule = rule(method);
        prop_assert_eq!(outcome(&rule, &question, &casts(&said)), outcome(&rule, &question, &shuffled));
    }

    /// One more who is for it never stops what would have been made.
    #[test]
    fn support_never_hurts(method in some_method(), said in proptest::collection::vec(some_ballot(), 0..11), quorum in 0u64..12) {
        let rule = Rule { method, quorum: Quorum::Heads(quorum) };
        let question = Question::yes_or_no();
        // One who was silent, or against it, is for it now.
        for at in 0..=said.len() {
            let mut more = said.clone();
            match more.get_mut(at) {
                Some(ballot) => *ballot = Ballot::Yes,
                None => more.push(Ballot::Yes),
            }
            if outcome(&rule, &question, &casts(&said)).outcome == YES {
                prop_assert_eq!(outcome(&rule, &question, &casts(&more)).outcome, YES);
            }
        }
    }

    /// What counts of somebody is what they said last.
    #[test]
    fn the_last_ballot_counts(method in some_method(), said in proptest::collection::vec(some_ballot(), 1..12), last in some_ballot()) {
        let question = Question::yes_or_no();
        let rule = rule(method);
        let mut changed = casts(&said);
        changed.push(Cast { voter: id(1), ballot: last.clone() });
        let mut at_once = said.clone();
        at_once[0] = last;
        prop_assert_eq!(outcome(&rule, &question, &changed), outcome(&rule, &question, &casts(&at_once)));
    }

    /// The table of strongest paths is what trying all paths gives; who wins every duel wins.
    #[test]
    fn schulze_is_schulze(said in proptest::collection::vec(Just(vec![0usize, 1, 2, 3]).prop_shuffle(), 1..9)) {
        let question = Question { options: 4, status_quo: None };
        let ranks: Vec<Ballot> =
            said.iter().map(|order| Ballot::Rank(order.iter().map(|option| vec![*option]).collect())).collect();
        let wanted = winners_by_trying(&said);
        let found = match outcome(&rule(Method::Ranked), &question, &casts(&ranks)).outcome {
            Outcome::Accepted(one) => vec![one],
            Outcome::Tied(several) => several,
            other => panic!("{other:?}"),
        };
        prop_assert_eq!(&found, &wanted);
        let beats = |one: usize, other: usize| {
            let at = |order: &Vec<usize>, option| order.iter().position(|named| *named == option);
            2 * said.iter().filter(|order| at(order, one) < at(order, other)).count() > said.len()
        };
        if let Some(condorcet) = (0..4).find(|one| (0..4).all(|other| other == *one || beats(*one, other))) {
            prop_assert_eq!(found, vec![condorcet]);
        }
    }
}
