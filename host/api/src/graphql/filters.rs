//! Filters: which records of a list. Their fields are read from the property table, under the names that
//! vf-graphql has: `providerId`, `receiverId`, `action`, `finished`, `searchString`, `startDate`, `endDate`.
//! Several values of one field mean any of them; several fields mean all of them.

use async_graphql::Error;
use async_graphql::dynamic::{
    Field, InputObject, InputValue, ObjectAccessor, SchemaBuilder, TypeRef, ValueAccessor,
};
use jiff::Timestamp;
use valueflows::{Action, Class, Filter, Id, Instant, Kind, OwnActions, Prop, Property};

use super::desk::coded;
use super::names;

/// How a field of a filter narrows.
#[derive(Clone, Copy)]
enum Narrow {
    Search,
    Start,
    End,
    Active,
    Purpose(&'static str),
    Points(Prop),
    Says(Prop),
    Acts,
    Flag(Prop),
}

/// The fields of a class's filter, with their types.
fn fields(class: Class) -> Vec<(String, Narrow, TypeRef)> {
    let has = |prop| Property::of(class, prop).is_some();
    let mut fields = vec![("searchString".to_owned(), Narrow::Search, TypeRef::named(TypeRef::STRING))];
    if [Prop::HasBeginning, Prop::HasEnd, Prop::HasPointInTime, Prop::Due].into_iter().any(has) {
        fields.push(("startDate".to_owned(), Narrow::Start, TypeRef::named(names::DATE_TIME)));
        fields.push(("endDate".to_owned(), Narrow::End, TypeRef::named(names::DATE_TIME)));
    }
    if class == Class::Proposal {
        let flag = TypeRef::named(TypeRef::BOOLEAN);
        fields.push(("active".to_owned(), Narrow::Active, flag.clone()));
        fields.push(("isOffer".to_owned(), Narrow::Purpose("offer"), flag.clone()));
        fields.push(("isRequest".to_owned(), Narrow::Purpose("request"), flag));
    }
    // People and organisations together are narrowed by what organisations have.
    let of = if class.is_agent() { Class::Organization } else { class };
    for row in of.properties().iter().filter(|row| !row.personal) {
        let name = row.prop.as_str();
        let list = |kind: &str| TypeRef::named_nn_list(kind);
        match row.kind {
            Kind::Ref(_) => {
                let party = matches!(row.prop, Prop::Provider | Prop::Receiver);
                let name = if party { format!("{name}Id") } else { name.to_owned() };
                fields.push((name, Narrow::Points(row.prop), list(TypeRef::ID)));
            }
            Kind::Action => fields.push((name.to_owned(), Narrow::Acts, list(TypeRef::ID))),
            Kind::Flag => {
                fields.push((name.to_owned(), Narrow::Flag(row.prop), TypeRef::named(TypeRef::BOOLEAN)))
            }
            // Names are searched, not compared.
            Kind::Text if row.prop != Prop::Name && row.prop != Prop::Purpose => {
                let kind = if names::is_uri(row.prop) { names::URI } else { TypeRef::STRING };
                fields.push((name.to_owned(), Narrow::Says(row.prop), list(kind)))
            }
            _ => {}
        }
    }
    fields
}

/// All agents are narrowed by one type.
fn type_name(class: Class) -> String {
    let class = if class.is_agent() { Class::Agent } else { class };
    format!("{}FilterParams", class.as_str())
}

/// Adds the filters of all classes.
pub(crate) fn register(schema: SchemaBuilder) -> SchemaBuilder {
    let own = Class::ALL.iter().filter(|class| **class == Class::Agent || !class.is_agent());
    own.fold(schema, |schema, class| {
        let input =
            fields(*class).into_iter().fold(InputObject::new(type_name(*class)), |input, (name, _, kind)| {
                input.field(InputValue::new(name, kind))
            });
        schema.register(input)
    })
}

/// The argument of a list that can be filtered.
pub(crate) fn argument(field: Field, class: Class) -> Field {
    field.argument(InputValue::new("filter", TypeRef::named(type_name(class))))
}

/// Reads the argument, where the network has these actions of its own.
pub(crate) fn read(
    class: Class,
    args: &ObjectAccessor<'_>,
    now: Instant,
    own: &OwnActions,
) -> Result<Filter, Error> {
    let Some(asked) = args.get("filter").filter(|value| !value.is_null()) else { return Ok(Filter::All) };
    let asked = asked.object()?;
    let mut every = Vec::new();
    for (name, narrow, _) in fields(class) {
        let Some(value) = asked.get(&name).filter(|value| !value.is_null()) else { continue };
        every.push(narrow.filter(value, now, own)?);
    }
    Ok(Filter::Every(every))
}

impl Narrow {
    fn filter(self, value: ValueAccessor<'_>, now: Instant, own: &OwnActions) -> Result<Filter, Error> {
        let any = |value: ValueAccessor<'_>, one: &dyn Fn(&str) -> Result<Filter, Error>| {
            let list = value.list()?;
            let some = list.iter().map(|text| one(text.string()?)).collect::<Result<Vec<_>, Error>>()?;
            Ok::<_, Error>(Filter::Any(some))
        };
        let not = |filter| Filter::Not(Box::new(filter));
        Ok(match self {
            Narrow::Search => Filter::Mentions(value.string()?.to_owned()),
            Narrow::Start => {
                let at = instant(value.string()?)?;
                let props = [Prop::HasPointInTime, Prop::HasEnd, Prop::Due, Prop::HasBeginning];
                Filter::Any(props.into_iter().map(|prop| Filter::From(prop, at)).collect())
            }
            Narrow::End => {
                let at = instant(value.string()?)?;
                let props = [Prop::HasPointInTime, Prop::HasBeginning, Prop::Due];
                Filter::Any(props.into_iter().map(|prop| Filter::Until(prop, at)).collect())
            }
            Narrow::Active => {
                let early = Filter::From(Prop::HasBeginning, now.plus_us(1));
                let active = Filter::Every(vec![not(early), not(Filter::Until(Prop::HasEnd, now))]);
                if value.boolean()? { active } else { not(active) }
            }
            Narrow::Purpose(purpose) => {
                let says = Filter::Says(Prop::Purpose, purpose.to_owned());
                if value.boolean()? { says } else { not(says) }
            }
            Narrow::Flag(prop) => Filter::Flag(prop, value.boolean()?),
            Narrow::Says(prop) => any(value, &|text| Ok(Filter::Says(prop, text.to_owned())))?,
            Narrow::Points(prop) => {
                any(value, &|text| Ok(Filter::Points(prop, text.parse::<Id>().map_err(malformed)?)))?
            }
            Narrow::Acts => any(value, &|text| {
                let row = Action::named(text).and_then(|action| own.row(action).copied());
                Ok(Filter::Acts(row.map_err(malformed)?.action))
            })?,
        })
    }
}

fn malformed(error: impl std::fmt::Display) -> Error {
    coded("malformed", error.to_string())
}

/// A time as clients write it.
pub(crate) fn instant(text: &str) -> Result<Instant, Error> {
    let at: Timestamp = text
        .parse()
        .map_err(|_| coded("malformed", "a time has its offset, such as `2027-01-31T12:00:00Z`"))?;
    Ok(Instant(at.as_microsecond()))
}
