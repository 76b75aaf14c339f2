//! Through whose hands a thing has gone: a picture beside its story, a row for each of them, from left to right as it
//! happened.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::{Reader, Rejection};
use valueflows::{Action, Class, Id, Prop, Record};

use crate::App;
use crate::frame::{Seat, not_found, rejected, seat};
use crate::limits::{HANDS_MAX, HANDS_STEPS_MAX};
use crate::picture::canvas::{Canvas, LINE, kind};
use crate::picture::{self};

/// Points of a step, of a row, and of what stands before the first step.
const STEP_PX: usize = 22;
const ROW_PX: usize = 30;
const BEFORE_PX: usize = 40;

/// Whose hands, in the order in which each first had it, and who had it after each step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hands {
    /// Who.
    pub whose: Vec<Id>,
    /// Their places in that list, one a step.
    pub steps: Vec<usize>,
}

impl Hands {
    /// Reads them from what happened to a thing; those that came too late for the picture are left out from the front.
    pub fn of<'a>(events: impl Iterator<Item = &'a Record>) -> Hands {
        let mut had = Vec::new();
        for event in events {
            let to = event.fields.id(Prop::Receiver);
            let moved = match event.fields.action() {
                Some(Action::TransferCustody | Action::Transfer | Action::Raise | Action::Produce) => to,
                _ => None,
            };
            had.extend(moved.or(had.last().copied()));
        }
        let late = had.len().saturating_sub(HANDS_STEPS_MAX);
        let mut hands = Hands::default();
        for holder in had.into_iter().skip(late) {
            let place = hands.whose.iter().position(|one| *one == holder);
            let place = place.unwrap_or_else(|| {
                hands.whose.push(holder);
                hands.whose.len() - 1
            });
            hands.steps.push(place.min(HANDS_MAX - 1));
        }
        hands
    }

    /// Whether there is anything to see.
    pub fn is_shown(&self) -> bool {
        self.whose.len() > 1
    }

    /// How large the picture is.
    pub fn size(&self) -> (usize, usize) {
        let rows = self.whose.len().min(HANDS_MAX);
        (BEFORE_PX + self.steps.len() * STEP_PX + STEP_PX, rows * ROW_PX)
    }

    fn picture(&self) -> Option<Vec<u8>> {
        let (width, height) = self.size();
        let mut canvas = Canvas::new(width, height);
        let middle = |row: usize| row * ROW_PX + ROW_PX / 2;
        for row in 0..self.whose.len().min(HANDS_MAX) {
            canvas.number((6, middle(row) - 7), row + 1);
            canvas.rectangle((BEFORE_PX, middle(row)), (width - BEFORE_PX, 1), LINE);
        }
        let mut before: Option<usize> = None;
        for (step, row) in self.steps.iter().enumerate() {
            let x = BEFORE_PX + step * STEP_PX;
            if let Some(before) = before.filter(|before| before != row) {
                let (top, bottom) = (middle(before.min(*row)), middle(before.max(*row)));
                canvas.rectangle((x, top), (3, bottom - top), kind(*row));
            }
            canvas.rectangle((x, middle(*row) - 5), (STEP_PX, 11), kind(*row));
            before = Some(*row);
        }
        canvas.png()
    }
}

/// Names to the numbers in the picture.
pub async fn names(reader: &mut Reader, hands: &Hands) -> Result<Vec<String>, Rejection> {
    let mut names = Vec::new();
    for one in hands.whose.iter().take(HANDS_MAX) {
        names.push(reader.title(*one).await?);
    }
    Ok(names)
}

/// The picture.
pub async fn show(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "things").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    let Ok(id) = id.parse::<Id>() else { return not_found(frame) };
    let found = async {
        match reader.get(id).await?.filter(|thing| thing.class == Class::EconomicResource) {
            Some(_) => Ok(Some(Hands::of(reader.trace(id).await?.iter().map(AsRef::as_ref)))),
            None => Ok(None),
        }
    };
    match found.await {
        Ok(Some(hands)) => picture::answer(hands.picture()),
        Ok(None) => not_found(frame),
        Err(rejection) => rejected(frame, &rejection),
    }
}
