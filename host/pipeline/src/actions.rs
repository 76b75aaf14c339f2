//! The nineteen actions, as plugins have them and as the books do.

use sandbox::types;
use valueflows::Action;

/// How plugins read one of the nineteen; a network's own action is given to them as the one that it is like.
pub(crate) fn action(like: Action) -> types::Action {
    match like {
        Action::Produce => types::Action::Produce,
        Action::Consume => types::Action::Consume,
        Action::Use => types::Action::Use,
        Action::Work => types::Action::Work,
        Action::Cite | Action::Own(_) => types::Action::Cite,
        Action::DeliverService => types::Action::DeliverService,
        Action::Pickup => types::Action::Pickup,
        Action::Dropoff => types::Action::Dropoff,
        Action::Accept => types::Action::Accept,
        Action::Modify => types::Action::Modify,
        Action::Combine => types::Action::Combine,
        Action::Separate => types::Action::Separate,
        Action::TransferAllRights => types::Action::TransferAllRights,
        Action::TransferCustody => types::Action::TransferCustody,
        Action::Transfer => types::Action::Transfer,
        Action::Move => types::Action::Move,
        Action::Copy => types::Action::Copy,
        Action::Raise => types::Action::RaiseOnhand,
        Action::Lower => types::Action::LowerOnhand,
    }
}

/// The action that a plugin means.
pub(crate) fn action_back(action: types::Action) -> Action {
    match action {
        types::Action::Produce => Action::Produce,
        types::Action::Consume => Action::Consume,
        types::Action::Use => Action::Use,
        types::Action::Work => Action::Work,
        types::Action::Cite => Action::Cite,
        types::Action::DeliverService => Action::DeliverService,
        types::Action::Pickup => Action::Pickup,
        types::Action::Dropoff => Action::Dropoff,
        types::Action::Accept => Action::Accept,
        types::Action::Modify => Action::Modify,
        types::Action::Combine => Action::Combine,
        types::Action::Separate => Action::Separate,
        types::Action::TransferAllRights => Action::TransferAllRights,
        types::Action::TransferCustody => Action::TransferCustody,
        types::Action::Transfer => Action::Transfer,
        types::Action::Move => Action::Move,
        types::Action::Copy => Action::Copy,
        types::Action::RaiseOnhand => Action::Raise,
        types::Action::LowerOnhand => Action::Lower,
    }
}
