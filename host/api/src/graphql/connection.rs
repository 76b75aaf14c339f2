//! Relay connections: a page of a list with cursors that keep their place while others write.
//!
//! A cursor of a list of the whole network holds the key of the row that it stands behind; one of a
//! record's own list holds that record's id. Rows are added at the end only, so a page neither repeats
//! nor skips.

use std::sync::Arc;

use async_graphql::dynamic::{
    Field, FieldFuture, FieldValue, InputValue, Object, ObjectAccessor, SchemaBuilder, TypeRef,
};
use async_graphql::{Error, Value};
use pipeline::lists::Way;
use valueflows::{Class, Filter, Record};

use super::desk::{Desk, coded, failed};
use super::names;
use super::records::of_its_class;
use crate::cursor;
use crate::limits::{PAGE_LEN_DEFAULT, PAGE_LEN_MAX, SCAN_LEN_MAX};

/// One page, with what it takes to count the list.
pub(crate) struct Connection {
    desk: Arc<Desk>,
    rows: Vec<(String, Arc<Record>)>,
    /// Where to go on in the direction of reading, where that is not the outermost row.
    on: Option<String>,
    backwards: bool,
    more: bool,
    behind: bool,
    count: Count,
}

enum Count {
    Known(usize),
    Ask(Vec<Class>, Filter),
}

/// Which page: how many, from where, which way.
pub(crate) struct Window {
    limit: usize,
    from: Option<String>,
    backwards: bool,
}

impl Window {
    /// Reads `first`, `after`, `last`, `before`.
    pub fn read(args: &ObjectAccessor<'_>) -> Result<Window, Error> {
        let number = |name: &str| match args.get(name).filter(|value| !value.is_null()) {
            None => Ok(None),
            Some(value) => match value.i64()? {
                n if n > 0 => Ok(Some(usize::try_from(n).unwrap_or(usize::MAX).min(PAGE_LEN_MAX))),
                _ => Err(coded("bad-page", format!("`{name}` is from 1 to {PAGE_LEN_MAX}"))),
            },
        };
        let text = |name: &str| match args.get(name).filter(|value| !value.is_null()) {
            None => Ok::<_, Error>(None),
            Some(value) => Ok(Some(value.string()?.to_owned())),
        };
        let (first, last) = (number("first")?, number("last")?);
        let (after, before) = (text("after")?, text("before")?);
        if (first.is_some() || after.is_some()) && (last.is_some() || before.is_some()) {
            return Err(coded("bad-page", "take `first` and `after`, or `last` and `before`"));
        }
        let backwards = last.is_some() || before.is_some();
        let limit = first.or(last).unwrap_or(PAGE_LEN_DEFAULT);
        Ok(Window { limit, from: after.or(before), backwards })
    }
}

fn bad_cursor() -> Error {
    coded("bad-cursor", "this is no cursor of this list; take one from a page of the same list")
}

impl Connection {
    /// A page of the records of some classes in the whole network.
    pub async fn of_list(
        desk: &Arc<Desk>,
        (list, classes): (&str, &[Class]),
        window: &Window,
        filter: Filter,
    ) -> Result<Connection, Error> {
        let key = match &window.from {
            None => None,
            Some(text) => Some(cursor::key(list, text).ok_or_else(bad_cursor)?),
        };
        let way = match window.backwards {
            false => Way::After(key.unwrap_or(0)),
            true => Way::Before(key.unwrap_or(i64::MAX)),
        };
        let stretch = desk.reader().await.stretch(classes, way, window.limit, &filter).await;
        let stretch = stretch.map_err(|rejection| failed(rejection.into()))?;
        let mut rows: Vec<(String, Arc<Record>)> =
            stretch.rows.into_iter().map(|(key, record)| (cursor::after(list, key), record)).collect();
        if window.backwards {
            rows.reverse();
        }
        Ok(Connection {
            desk: desk.clone(),
            rows,
            on: stretch.next.map(|key| cursor::after(list, key)),
            backwards: window.backwards,
            more: stretch.next.is_some(),
            behind: window.from.is_some(),
            count: Count::Ask(classes.to_vec(), filter),
        })
    }

    /// A page of a list that is there as a whole.
    pub fn of_all(desk: &Arc<Desk>, all: Vec<Arc<Record>>, window: &Window) -> Result<Connection, Error> {
        let count = all.len();
        let at = |text: &String| {
            all.iter().position(|record| record.id.to_string() == *text).ok_or_else(bad_cursor)
        };
        let from = window.from.as_ref().map(at).transpose()?;
        let range = match (window.backwards, from) {
            (false, from) => {
                let start = from.map_or(0, |at| at + 1);
                start..count.min(start.saturating_add(window.limit))
            }
            (true, from) => {
                let end = from.unwrap_or(count);
                end.saturating_sub(window.limit)..end
            }
        };
        let more = if window.backwards { range.start > 0 } else { range.end < count };
        let rows = all.get(range).unwrap_or_default();
        Ok(Connection {
            desk: desk.clone(),
            rows: rows.iter().map(|record| (record.id.to_string(), record.clone())).collect(),
            on: None,
            backwards: window.backwards,
            more,
            behind: from.is_some(),
            count: Count::Known(count),
        })
    }

    async fn total(&self) -> Result<Option<usize>, Error> {
        let (classes, filter) = match &self.count {
            Count::Known(count) => return Ok(Some(*count)),
            Count::Ask(classes, filter) => (classes, filter),
        };
        let stretch = self.desk.reader().await.stretch(classes, Way::After(0), SCAN_LEN_MAX, filter).await;
        let stretch = stretch.map_err(|rejection| failed(rejection.into()))?;
        Ok(stretch.next.is_none().then_some(stretch.rows.len()))
    }
}

/// The name of a connection's type.
pub(crate) fn type_name(of: &str) -> String {
    format!("{of}Connection")
}

/// The arguments of a page.
pub(crate) fn arguments(field: Field) -> Field {
    field
        .argument(InputValue::new("first", TypeRef::named(TypeRef::INT)))
        .argument(InputValue::new("after", TypeRef::named(TypeRef::STRING)))
        .argument(InputValue::new("last", TypeRef::named(TypeRef::INT)))
        .argument(InputValue::new("before", TypeRef::named(TypeRef::STRING)))
}

/// Adds the types of pages: of each class, and of agents.
pub(crate) fn register(schema: SchemaBuilder) -> SchemaBuilder {
    let names = names::rooted().map(names::class).chain([names::AGENT]);
    names.fold(schema.register(page_info()), |schema, name| {
        let edge = Object::new(format!("{name}Edge"))
            .field(Field::new("cursor", TypeRef::named_nn(TypeRef::STRING), |ctx| {
                FieldFuture::new(async move {
                    let edge = ctx.parent_value.try_downcast_ref::<Edge>()?;
                    Ok(Some(Value::from(edge.cursor.as_str())))
                })
            }))
            .field(Field::new("node", TypeRef::named_nn(name), move |ctx| {
                FieldFuture::new(async move {
                    let edge = ctx.parent_value.try_downcast_ref::<Edge>()?;
                    let node = edge.desk.node(edge.record.clone())?;
                    Ok(Some(match name == names::AGENT {
                        true => of_its_class(node),
                        false => FieldValue::owned_any(node),
                    }))
                })
            }));
        let connection = Object::new(type_name(name))
            .field(Field::new("edges", TypeRef::named_nn_list_nn(format!("{name}Edge")), |ctx| {
                FieldFuture::new(async move {
                    let page = ctx.parent_value.try_downcast_ref::<Connection>()?;
                    Ok(Some(FieldValue::list(page.rows.iter().map(|(cursor, record)| {
                        FieldValue::owned_any(Edge {
                            desk: page.desk.clone(),
                            cursor: cursor.clone(),
                            record: record.clone(),
                        })
                    }))))
                })
            }))
            .field(Field::new("pageInfo", TypeRef::named_nn("PageInfo"), |ctx| {
                FieldFuture::new(async move {
                    let page = ctx.parent_value.try_downcast_ref::<Connection>()?;
                    Ok(Some(FieldValue::borrowed_any(page)))
                })
            }));
        schema.register(edge).register(connection)
    })
}

struct Edge {
    desk: Arc<Desk>,
    cursor: String,
    record: Arc<Record>,
}

fn page_info() -> Object {
    fn plain(name: &str, kind: TypeRef, read: fn(&Connection) -> Value) -> Field {
        Field::new(name, kind, move |ctx| {
            FieldFuture::new(
                async move { Ok(Some(read(ctx.parent_value.try_downcast_ref::<Connection>()?))) },
            )
        })
    }
    Object::new("PageInfo")
        .field(plain("startCursor", TypeRef::named(TypeRef::STRING), |page| {
            let on = page.on.as_ref().filter(|_| page.backwards);
            shown(on.or(page.rows.first().map(|row| &row.0)))
        }))
        .field(
            plain("endCursor", TypeRef::named(TypeRef::STRING), |page| {
                let on = page.on.as_ref().filter(|_| !page.backwards);
                shown(on.or(page.rows.last().map(|row| &row.0)))
            })
            .description("Where to go on; a filtered page may end further on than its last row."),
        )
        .field(plain("hasPreviousPage", TypeRef::named_nn(TypeRef::BOOLEAN), |page| {
            Value::from(if page.backwards { page.more } else { page.behind })
        }))
        .field(plain("hasNextPage", TypeRef::named_nn(TypeRef::BOOLEAN), |page| {
            Value::from(if page.backwards { page.behind } else { page.more })
        }))
        .field(plain("pageLimit", TypeRef::named(TypeRef::INT), |_| Value::from(PAGE_LEN_MAX)))
        .field(
            Field::new("totalCount", TypeRef::named(TypeRef::INT), |ctx| {
                FieldFuture::new(async move {
                    let page = ctx.parent_value.try_downcast_ref::<Connection>()?;
                    Ok(page.total().await?.map(Value::from))
                })
            })
            .description(
                "How many there are that you may see; null where that would take too long to count.",
            ),
        )
}

fn shown(cursor: Option<&String>) -> Value {
    cursor.map_or(Value::Null, |cursor| Value::from(cursor.as_str()))
}
