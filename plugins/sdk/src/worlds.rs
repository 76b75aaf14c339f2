//! A trait a world, for one item each, and the macro that makes a plugin of it.

use crate::types::{Commitment, Event, Quantity, Reason};
use crate::{Asked, Settings, access, because, duties, matching, pricing, tally};

/// What a plugin of `access` does.
pub trait Access {
    /// What is wrong with settings that are each of their type.
    fn check(_: &Settings<'_>) -> Option<Reason> {
        None
    }

    /// Facts about an act, with or without a refusal.
    fn judge(act: &Asked<'_, access::Act>) -> access::Verdict;
}

/// What a plugin of `pricing` does.
pub trait Pricing {
    /// What is wrong with settings that are each of their type.
    fn check(_: &Settings<'_>) -> Option<Reason> {
        None
    }

    /// What a deal costs.
    fn quote(deal: &Asked<'_, pricing::Deal>) -> pricing::Verdict;
}

/// What a plugin of `duties` does: what follows from what. Nothing follows from what it does not answer.
pub trait Duties {
    /// What is wrong with settings that are each of their type.
    fn check(_: &Settings<'_>) -> Option<Reason> {
        None
    }

    /// An event was recorded.
    fn happened(_: &Asked<'_, duties::Cause>, _: &Event) -> duties::Verdict {
        duties::Verdict::nothing()
    }

    /// A promise was made.
    fn promised(_: &Asked<'_, duties::Cause>, _: &Commitment) -> duties::Verdict {
        duties::Verdict::nothing()
    }

    /// A promise fell due, at its date or when it was asked to be looked at again.
    fn fell_due(_: &Asked<'_, duties::Cause>, _: &Commitment, _at: i64) -> duties::Verdict {
        duties::Verdict::nothing()
    }
}

/// What a plugin of `matching` does; `answers` in `plugin.toml` says which of it.
pub trait Matching {
    /// What is wrong with settings that are each of their type.
    fn check(_: &Settings<'_>) -> Option<Reason> {
        None
    }

    /// Candidates in order, best first.
    fn rank(_: &Asked<'_, matching::Ask>, _: &matching::Wish) -> matching::Verdict {
        matching::Verdict::Unable(because("not-answered"))
    }

    /// Why one does not stand where somebody would have thought.
    fn why_not(_: &Asked<'_, matching::Ask>, _: &matching::Doubt) -> matching::Verdict {
        matching::Verdict::Unable(because("not-answered"))
    }

    /// Who gets what of a round.
    fn allocate(_: &Asked<'_, matching::Ask>, _: &matching::Round) -> matching::Verdict {
        matching::Verdict::Unable(because("not-answered"))
    }
}

/// What a plugin of `tally` does.
pub trait Tally {
    /// What is wrong with settings that are each of their type.
    fn check(_: &Settings<'_>) -> Option<Reason> {
        None
    }

    /// What comes of a vote.
    fn count(poll: &Asked<'_, tally::Poll>) -> tally::Verdict;
}

impl pricing::Line {
    /// Something to be paid once, for good.
    pub fn fee(code: &str, quantity: Quantity) -> pricing::Line {
        pricing::Line { code: code.to_owned(), kind: pricing::Kind::Fee, quantity, payee: None }
    }

    /// Something taken, and given back on bringing.
    pub fn deposit(code: &str, quantity: Quantity) -> pricing::Line {
        pricing::Line { kind: pricing::Kind::Deposit, ..pricing::Line::fee(code, quantity) }
    }

    /// A rate for later duties.
    pub fn rate(code: &str, quantity: Quantity) -> pricing::Line {
        pricing::Line { kind: pricing::Kind::Rate, ..pricing::Line::fee(code, quantity) }
    }

    /// The same, for somebody else than whoever gives the thing.
    pub fn to(self, payee: Option<u32>) -> pricing::Line {
        pricing::Line { payee, ..self }
    }
}

impl duties::Verdict {
    /// Nothing follows.
    pub fn nothing() -> duties::Verdict {
        duties::Verdict::Duties(Vec::new())
    }
}

#[doc(hidden)]
pub fn oblige<T: Duties>(cause: &Asked<'_, duties::Cause>) -> duties::Verdict {
    let gone = || duties::Verdict::Unable(because("no-such-row"));
    match &**cause {
        duties::Cause::Happened(row) => cause.ctx.event(*row).map_or_else(gone, |it| T::happened(cause, it)),
        duties::Cause::Promised(row) => {
            cause.ctx.commitment(*row).map_or_else(gone, |it| T::promised(cause, it))
        }
        duties::Cause::FellDue(fallen) => {
            cause.ctx.commitment(fallen.promise).map_or_else(gone, |it| T::fell_due(cause, it, fallen.at))
        }
    }
}

#[doc(hidden)]
pub fn answer<T: Matching>(ask: &Asked<'_, matching::Ask>) -> matching::Verdict {
    match &**ask {
        matching::Ask::Rank(wish) => T::rank(ask, wish),
        matching::Ask::WhyNot(doubt) => T::why_not(ask, doubt),
        matching::Ask::Allocate(round) => T::allocate(ask, round),
    }
}

/// The exported functions of a world, around a trait of one item.
#[doc(hidden)]
#[macro_export]
macro_rules! world {
    ($plugin:ty, $world:ident, $trait:ident, $call:ident, $item:ident, $each:expr) => {
        const _: () = {
            struct Exported;

            impl $crate::$world::Guest for Exported {
                fn check_settings(
                    settings: Vec<$crate::Setting>,
                    units: Vec<$crate::Unit>,
                ) -> Option<$crate::Reason> {
                    let settings = $crate::Settings { settings: &settings, units: &units };
                    <$plugin as $crate::$world::$trait>::check(&settings)
                }

                fn $call(
                    ctx: $crate::Context,
                    items: Vec<$crate::$world::$item>,
                ) -> Vec<$crate::$world::Verdict> {
                    $crate::Asked::each(&ctx, &items).map(|item| $each(&item)).collect()
                }
            }

    $crate::$world::export!(Exported with_types_in $crate::$world);
        };
    };
}

/// Makes a plugin of the world `access`.
#[macro_export]
macro_rules! access {
    ($plugin:ty) => {
        $crate::world!($plugin, access, Access, judge, Act, <$plugin as $crate::access::Access>::judge);
    };
}

/// Makes a plugin of the world `pricing`.
#[macro_export]
macro_rules! pricing {
    ($plugin:ty) => {
        $crate::world!($plugin, pricing, Pricing, quote, Deal, <$plugin as $crate::pricing::Pricing>::quote);
    };
}

/// Makes a plugin of the world `duties`.
#[macro_export]
macro_rules! duties {
    ($plugin:ty) => {
        $crate::world!($plugin, duties, Duties, oblige, Cause, $crate::duties::oblige::<$plugin>);
    };
}

/// Makes a plugin of the world `matching`.
#[macro_export]
macro_rules! matching {
    ($plugin:ty) => {
        $crate::world!($plugin, matching, Matching, answer, Ask, $crate::matching::answer::<$plugin>);
    };
}

/// Makes a plugin of the world `tally`.
#[macro_export]
macro_rules! tally {
    ($plugin:ty) => {
        $crate::world!($plugin, tally, Tally, count, Poll, <$plugin as $crate::tally::Tally>::count);
    };
}
