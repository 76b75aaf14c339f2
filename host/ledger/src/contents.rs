//! Containers: what is in one goes where it goes, and belongs to whom it belongs. A thing is in one container at a time
//! (the specification allows several; nothing can lie in two boxes).

use valueflows::{Class, Fields, Id, Prop, Record, Value};

use crate::check;
use crate::error::{Refusal, Stop};
use crate::limits::CONTENTS_MAX;
use crate::view::{Key, Link, View};

/// What a container hands on to what is in it.
const FOLLOWED: [Prop; 3] = [Prop::PrimaryAccountable, Prop::Custodian, Prop::CurrentLocation];

/// What is in a thing.
pub fn inside(container: Id) -> Link {
    Link { class: Class::EconomicResource, prop: Prop::ContainedIn, target: container, open: false }
}

/// Refuses to put a thing into itself, into what is in it, or into a second container.
pub(crate) fn put_in(view: &View, thing: &Record, container: Id) -> Result<(), Stop> {
    if let Some(now) = thing.fields.id(Prop::ContainedIn)
        && now != container
    {
        return Err(Refusal::BadContainer("the thing is in another container").into());
    }
    let mut above = Some(container);
    for _ in 0..CONTENTS_MAX {
        match above {
            None => return Ok(()),
            Some(id) if id == thing.id => {
                return Err(Refusal::BadContainer("a thing cannot be in itself, nor in what is in it").into());
            }
            Some(id) => {
                let record = check::of_class(view, Prop::ContainedIn, id, Class::EconomicResource)?;
                above = record.fields.id(Prop::ContainedIn);
            }
        }
    }
    Err(Refusal::BadContainer("the containers stand in each other too deep").into())
}

/// What is in a thing, and in what is in it; nearest first.
fn all_in(view: &View, container: Id) -> Result<Vec<Record>, Stop> {
    let mut found: Vec<Record> = Vec::new();
    let mut level = vec![container];
    while !level.is_empty() {
        view.require(&level.iter().map(|id| Key::Linked(inside(*id))).collect::<Vec<_>>())?;
        let mut next = Vec::new();
        for id in level {
            for record in view.linked(inside(id))? {
                if found.len() >= CONTENTS_MAX {
                    return Err(Refusal::BadContainer("more is in it than can be moved at once").into());
                }
                next.push(record.id);
                found.push(Record::clone(&record));
            }
        }
        level = next;
    }
    Ok(found)
}

/// What was in a thing, as it is once the thing has moved: `before` and `after` are the thing itself, or `after` is
/// what it has become on the other side.
pub(crate) fn moved(view: &View, before: &Record, after: &Record) -> Result<Vec<Record>, Stop> {
    let changed: Fields = FOLLOWED
        .into_iter()
        .filter(|prop| before.fields.get(*prop) != after.fields.get(*prop))
        .filter_map(|prop| Some((prop, after.fields.get(prop)?.clone())))
        .collect();
    if changed.iter().next().is_none() && before.id == after.id {
        return Ok(Vec::new());
    }
    let mut contents = all_in(view, before.id)?;
    if before.id != after.id && contents.iter().any(|record| record.id == after.id) {
        return Err(Refusal::BadContainer("a container cannot become something that is in it").into());
    }
    for record in &mut contents {
        record.fields.extend(changed.clone());
        if record.fields.id(Prop::ContainedIn) == Some(before.id) {
            record.fields.set(Prop::ContainedIn, Value::Ref(after.id));
        }
    }
    Ok(contents)
}

/// Whether anything is in a thing.
pub(crate) fn holds_something(view: &View, thing: Id) -> Result<bool, Stop> {
    view.require(&[Key::Linked(inside(thing))])?;
    Ok(!view.linked_ids(inside(thing))?.is_empty())
}
