//! The nineteen actions, as plugins have them and as the books do.

use valueflows::Action;

use crate::types;

macro_rules! actions {
    ($($book:ident $plugin:ident),* $(,)?) => {
        /// How plugins read one of the nineteen. A network's own action is given to them as the one that it is like; what
        /// is like none is only cited.
        pub fn action(like: Action) -> types::Action {
            match like {
                $(Action::$book => types::Action::$plugin,)*
                Action::Own(_) => types::Action::Cite,
            }
        }

        /// The action that a plugin means.
        pub fn action_back(action: types::Action) -> Action {
            match action { $(types::Action::$plugin => Action::$book,)* }
        }
    };
}

actions! {
    Produce Produce,
    Consume Consume,
    Use Use,
    Work Work,
    Cite Cite,
    DeliverService DeliverService,
    Pickup Pickup,
    Dropoff Dropoff,
    Accept Accept,
    Modify Modify,
    Combine Combine,
    Separate Separate,
    TransferAllRights TransferAllRights,
    TransferCustody TransferCustody,
    Transfer Transfer,
    Move Move,
    Copy Copy,
    Raise RaiseOnhand,
    Lower LowerOnhand,
}
