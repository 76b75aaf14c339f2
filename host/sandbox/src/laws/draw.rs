//! What cases are drawn from: plain numbers, which get smaller when a case that breaks a law is made smaller.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

/// A record of any kind: what points somewhere is a number that is taken modulo what there is, zero pointing nowhere.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub points: [u8; 6],
    pub amount: Option<(i64, u8)>,
    pub effort: Option<(i64, u8)>,
    pub word: u8,
    /// Days from now.
    pub days: [i16; 3],
    pub has: u8,
    pub finished: bool,
}

/// A whole case, before the manifest has given it its shape.
#[derive(Debug, Clone)]
pub(crate) struct Draw {
    pub agents: Vec<Option<(i16, i16)>>,
    pub scales: Vec<u8>,
    pub specs: Vec<u8>,
    pub stocks: Vec<Row>,
    pub agreements: Vec<Row>,
    pub commitments: Vec<Row>,
    pub events: Vec<Row>,
    pub intents: Vec<Row>,
    pub memberships: Vec<Row>,
    pub items: Vec<Row>,
    pub settings: Vec<(i64, u8)>,
    pub ballots: Vec<(u8, Vec<u8>)>,
    pub twist: u8,
}

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![4 => 0..=10_000i64, 1 => 0..=1_000_000_000i64, 1 => Just(0)]
}

fn row() -> impl Strategy<Value = Row> {
    let amounts = || proptest::option::of((amount(), any::<u8>()));
    (
        any::<[u8; 6]>(),
        amounts(),
        amounts(),
        any::<u8>(),
        proptest::array::uniform3(-400..=400i16),
        any::<u8>(),
        any::<bool>(),
    )
        .prop_map(|(points, amount, effort, word, days, has, finished)| Row {
            points,
            amount,
            effort,
            word,
            days,
            has,
            finished,
        })
}

pub(crate) fn draws() -> impl Strategy<Value = Draw> {
    let place = || proptest::option::of((-900..=900i16, -1_800..=1_800i16));
    let people = (vec(place(), 1..5), vec(0..=3u8, 1..4), vec(any::<u8>(), 0..3));
    let kept = (
        vec(row(), 0..4),
        vec(row(), 0..4),
        vec(row(), 0..8),
        vec(row(), 0..6),
        vec(row(), 0..8),
        vec(row(), 0..4),
    );
    let ballots = vec((any::<u8>(), vec(any::<u8>(), 0..6)), 0..9);
    (people, kept, vec(row(), 1..5), vec((amount(), any::<u8>()), 1..9), ballots, any::<u8>()).prop_map(
        |((agents, scales, specs), kept, items, settings, ballots, twist)| {
            let (stocks, agreements, commitments, events, intents, memberships) = kept;
            Draw {
                agents,
                scales,
                specs,
                stocks,
                agreements,
                commitments,
                events,
                intents,
                memberships,
                items,
                settings,
                ballots,
                twist,
            }
        },
    )
}
