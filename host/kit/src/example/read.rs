//! Reading a file of examples: from names to rows.

use sandbox::{Answering, Case, Items, Manifest, SettingKind, types};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};
use toml::{Table, Value};
use valueflows::{Instant, Surface};

use super::Example;
use super::names::{Names, TABLES, action, instant};

/// When it is, where a file does not say so.
const NOW: &str = "2026-05-01T10:00Z";
/// What a file and an ask may say beside tables and items.
const OF_A_FILE: [&str; 5] = ["now", "units", "settings", "locale", "ask"];
const OF_AN_ASK: [&str; 3] = ["says", "settings", "expect"];

/// The examples of a file.
pub(super) fn examples(manifest: &Manifest, file: &Table) -> Result<Vec<Example>, String> {
    known(file, &[&TABLES[..], &OF_A_FILE[..]].concat(), "a file of examples")?;
    let now = match file.get("now") {
        Some(now) => now.as_str().unwrap_or_default(),
        None => NOW,
    };
    let now = instant(now).ok_or("`now` is written as in `2026-05-01T10:00Z`")?;
    let names = Names::of(file, now)?;
    let mut context = context(file, &names)?;
    if manifest.world == Surface::Tally || manifest.answers(Answering::Allocate) {
        context.seed = vec![7; 32];
    }
    let asks = file.get("ask").and_then(Value::as_array).ok_or("there is no `[[ask]]` in it")?;
    asks.iter().enumerate().map(|(n, ask)| one(manifest, file, (&names, &context), (n, ask))).collect()
}

fn one(
    manifest: &Manifest,
    file: &Table,
    (names, context): (&Names, &types::Context),
    (n, ask): (usize, &Value),
) -> Result<Example, String> {
    let ask = ask.as_table().ok_or("an `[[ask]]` is a table")?;
    let says = ask.get("says").and_then(Value::as_str);
    let says = says.ok_or_else(|| format!("the ask number {} has no `says`", n + 1))?.to_owned();
    let about = |problem: String| format!("\"{says}\": {problem}");
    let expect = ask.get("expect").cloned().ok_or_else(|| about("it has no `expect`".into()))?;
    let (items, names_items) = items(manifest.world, ask, names).map_err(about)?;
    known(ask, &[&OF_AN_ASK[..], names_items].concat(), "an ask").map_err(about)?;
    let mut context = context.clone();
    context.settings = settings(manifest, [file, ask], names).map_err(about)?;
    let mut case = Case { context, items, twist: 0 };
    case.find(manifest);
    Ok(Example { says, case, names: names.clone(), expect })
}

fn known(table: &Table, names: &[&str], what: &str) -> Result<(), String> {
    match table.keys().find(|name| !names.contains(&name.as_str())) {
        Some(other) => Err(format!("`{other}` is nothing that {what} says; there is {}", names.join(", "))),
        None => Ok(()),
    }
}

fn context(file: &Table, names: &Names) -> Result<types::Context, String> {
    let locale = file.get("locale").and_then(Value::as_str).unwrap_or("en").to_owned();
    let units = names.units.iter();
    Ok(types::Context {
        now: names.now.0,
        day: i32::try_from(names.now.0.div_euclid(Instant::DAY_US)).unwrap_or_default(),
        locale,
        units: units.map(|(label, scale)| types::Unit { label: label.clone(), scale: *scale }).collect(),
        agents: table(file, "agents", names)?,
        memberships: table(file, "memberships", names)?,
        specs: table(file, "specs", names)?,
        stocks: table(file, "stocks", names)?,
        agreements: table(file, "agreements", names)?,
        commitments: table(file, "commitments", names)?,
        events: table(file, "events", names)?,
        intents: table(file, "intents", names)?,
        ..types::Context::nothing()
    })
}

fn table<T: DeserializeOwned + Serialize>(
    file: &Table,
    table: &str,
    names: &Names,
) -> Result<Vec<T>, String> {
    let rows = file.get(table).and_then(Value::as_table);
    let row = |name: &String| {
        let row = rows.and_then(|rows| rows.get(name)).and_then(Value::as_table);
        let row = row.ok_or_else(|| format!("`{table}.{name}` is a table"))?;
        let usual = json!({"name": name});
        record(row, usual, names).map_err(|problem| format!("`[{table}.{name}]`: {problem}"))
    };
    names.rows(table).iter().map(row).collect()
}

/// A record of the interface from a table; what is not said is nothing, or what it usually is.
fn record<T: DeserializeOwned + Serialize>(table: &Table, usual: Json, names: &Names) -> Result<T, String> {
    let now = names.now.0;
    let mut map = Map::new();
    let always = json!({
        "classes": [], "roles": [], "terms": [], "chambers": [], "finished": false, "organization": false,
        "created": now, "at": now, "since": now, "begins": null, "ends": null,
    });
    for (name, value) in [always, usual].into_iter().filter_map(|one| one.as_object().cloned()).flatten() {
        map.insert(name, value);
    }
    for (name, value) in table {
        map.insert(
            name.clone(),
            field(name, value, names).map_err(|problem| format!("`{name}`: {problem}"))?,
        );
    }
    let read: T = serde_json::from_value(Json::Object(map)).map_err(|error| error.to_string())?;
    let written = serde_json::to_value(&read).map_err(|error| error.to_string())?;
    match table.keys().find(|name| written.get(name.as_str()).is_none()) {
        Some(other) => {
            let known = written.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>());
            Err(format!("`{other}` is no part of it; there is {}", known.unwrap_or_default().join(", ")))
        }
        None => Ok(read),
    }
}

fn text<'a>(value: &'a Value, what: &str) -> Result<&'a str, String> {
    value.as_str().ok_or_else(|| format!("it is {what}, in quotes"))
}

fn field(name: &str, value: &Value, names: &Names) -> Result<Json, String> {
    let row =
        |table: &str| text(value, "a name").and_then(|name| names.row(table, name)).map(|row| json!(row));
    Ok(match name {
        "provider" | "receiver" | "accountable" | "custodian" | "principal" | "seeker" | "member" => {
            row("agents")?
        }
        "stock" => row("stocks")?,
        "spec" => row("specs")?,
        "agreement" => row("agreements")?,
        "promise" => row("commitments")?,
        "about" => row("intents")?,
        "candidates" | "offers" | "needs" => {
            let list = value.as_array().ok_or("it is a list of names")?;
            let row = |name: &Value| text(name, "a name").and_then(|name| names.row("intents", name));
            json!(list.iter().map(row).collect::<Result<Vec<u32>, String>>()?)
        }
        "quantity" | "available" | "effort" | "onhand" | "accounting" => {
            json!(names.quantity(text(value, "an amount")?)?)
        }
        "begins" | "ends" | "due" | "created" | "since" | "at" => {
            json!(names.instant(text(value, "an instant")?)?)
        }
        "action" => json!(action(text(value, "an action")?)?),
        "place" => place(text(value, "a place")?)?,
        "terms" => {
            let terms = value.as_table().ok_or("terms are written as in `{ deposit = \"20.00 EUR\" }`")?;
            let term = |(code, quantity): (&String, &Value)| {
                let quantity = names.quantity(text(quantity, "an amount")?)?;
                Ok(types::Term { code: code.clone(), quantity })
            };
            json!(terms.iter().map(term).collect::<Result<Vec<_>, String>>()?)
        }
        _ => serde_json::to_value(value).map_err(|error| error.to_string())?,
    })
}

/// A place in degrees, as in `48.137, 11.575`.
fn place(text: &str) -> Result<Json, String> {
    let micro = |degrees: &str| {
        let degrees: valueflows::Decimal = degrees.trim().parse().ok()?;
        i32::try_from(degrees.in_scale(6).ok()?).ok()
    };
    let both = text.split_once(',').and_then(|(lat, long)| Some((micro(lat)?, micro(long)?)));
    let (lat, long) = both.ok_or_else(|| format!("`{text}` is no place: write `48.137, 11.575`"))?;
    Ok(json!({"lat": lat, "long": long}))
}

/// The item of an ask, and the names under which it may stand.
fn items(world: Surface, ask: &Table, names: &Names) -> Result<(Items, &'static [&'static str]), String> {
    let part = |name: &str| ask.get(name).map(|value| (value, value.as_table()));
    let nothing = json!({});
    Ok(match world {
        Surface::Access => {
            let (_, act) = part("act").ok_or("it has no `act = { name = \"borrow\", principal = \"…\" }`")?;
            let act = record(act.ok_or("`act` is a table")?, nothing, names)?;
            (Items::Acts(vec![act]), &["act"])
        }
        Surface::Pricing => {
            let (_, deal) =
                part("deal").ok_or("it has no `deal = { provider = \"…\", receiver = \"…\" }`")?;
            let now = names.now.0;
            let usual = json!({"begins": now, "ends": now});
            let deal = record(deal.ok_or("`deal` is a table")?, usual, names)?;
            (Items::Deals(vec![deal]), &["deal"])
        }
        Surface::Duties => (Items::Causes(vec![cause(ask, names)?]), &["happened", "promised", "fell-due"]),
        Surface::Matching => (Items::Asks(vec![matching(ask, names)?]), &["rank", "why-not", "allocate"]),
        Surface::Tally => {
            let (_, poll) = part("poll").ok_or("it has no `poll = { choices = 1, … }`")?;
            (Items::Polls(vec![self::poll(poll.ok_or("`poll` is a table")?)?]), &["poll"])
        }
    })
}

fn cause(ask: &Table, names: &Names) -> Result<types::Cause, String> {
    let row = |name: &str, table: &str| {
        let value = ask.get(name)?;
        Some(text(value, "a name").and_then(|name| names.row(table, name)))
    };
    if let Some(row) = row("happened", "events") {
        return Ok(types::Cause::Happened(row?));
    }
    if let Some(row) = row("promised", "commitments") {
        return Ok(types::Cause::Promised(row?));
    }
    match ask.get("fell-due").and_then(Value::as_table) {
        Some(fallen) => Ok(types::Cause::FellDue(record(fallen, json!({}), names)?)),
        None => Err("it has none of `happened = \"…\"`, `promised = \"…\"`, `fell-due = { promise = \"…\", at = \"…\" }`"
            .to_owned()),
    }
}

fn matching(ask: &Table, names: &Names) -> Result<types::Ask, String> {
    let all: Vec<usize> = (0..names.rows("intents").len()).collect();
    let usual = || json!({"candidates": all, "most": all.len().max(1)});
    let part = |name: &str| ask.get(name).and_then(Value::as_table);
    if let Some(wish) = part("rank") {
        return Ok(types::Ask::Rank(record(wish, usual(), names)?));
    }
    if let Some(doubt) = part("why-not") {
        let mut wish = doubt.clone();
        let about = wish.remove("about").ok_or("`why-not` says `about` which offer")?;
        let about = names.row("intents", text(&about, "a name")?)?;
        return Ok(types::Ask::WhyNot(types::Doubt { wish: record(&wish, usual(), names)?, about }));
    }
    match part("allocate") {
        Some(round) => Ok(types::Ask::Allocate(record(round, json!({}), names)?)),
        None => Err("it has none of `rank`, `why-not`, `allocate`".to_owned()),
    }
}

/// A poll: voters have names, with the roles by which they belong to chambers; ballots stand under them.
fn poll(table: &Table) -> Result<types::Poll, String> {
    known(table, &["choices", "status-quo", "electorate", "casts"], "a poll")?;
    let number = |name: &str| {
        let value = table.get(name).and_then(Value::as_integer);
        value.map(|n| u32::try_from(n).map_err(|_| format!("`{name}` is a small whole number"))).transpose()
    };
    let part = |name: &str| {
        let part = table.get(name).and_then(Value::as_table).cloned();
        part.ok_or_else(|| format!("`{name}` stands under names, as in `{name} = {{ amara = … }}`"))
    };
    let (electorate, casts) = (part("electorate")?, part("casts")?);
    let mut voters: Vec<&String> = electorate.keys().collect();
    voters.sort();
    let chambers = |name: &&String| match electorate.get(name.as_str()).and_then(Value::as_array) {
        Some(roles) => roles
            .iter()
            .map(|role| text(role, "a role").map(str::to_owned))
            .collect::<Result<Vec<_>, _>>()
            .map(|chambers| types::Voter { chambers }),
        None => Err(format!("`{name}` has a list of roles, as in `[\"member\"]`")),
    };
    let cast = |(name, said): (&String, &Value)| {
        let voter = voters.iter().position(|voter| *voter == name);
        let voter = voter.ok_or_else(|| format!("`{name}` votes, and is not of the electorate"))?;
        Ok(types::Cast { voter: voter as u32, ballot: ballot(said)? })
    };
    Ok(types::Poll {
        choices: number("choices")?.unwrap_or(1),
        status_quo: number("status-quo")?,
        electorate: voters.iter().map(chambers).collect::<Result<_, String>>()?,
        casts: casts.iter().map(cast).collect::<Result<_, String>>()?,
    })
}

fn ballot(said: &Value) -> Result<types::Ballot, String> {
    let wrong = "a ballot is `yes`, `no`, `abstain`, `object`, `advise`, or one of `{ approve = [0] }`, \
                 `{ score = [3, 0] }`, `{ rank = [[1], [0]] }`";
    let json = match said {
        Value::String(word) => match word.as_str() {
            "yes" => json!("Yes"),
            "no" => json!("No"),
            "abstain" => json!("Abstain"),
            "object" => json!("Object"),
            "advise" => json!("Advise"),
            _ => return Err(wrong.to_owned()),
        },
        Value::Table(table) => {
            let (name, list) = table.iter().next().ok_or(wrong)?;
            let name = match name.as_str() {
                "approve" => "Approve",
                "score" => "Score",
                "rank" => "Rank",
                _ => return Err(wrong.to_owned()),
            };
            json!({name: list})
        }
        _ => return Err(wrong.to_owned()),
    };
    serde_json::from_value(json).map_err(|_| wrong.to_owned())
}

/// Settings by the manifest: those of the ask before those of the file before what is usual.
fn settings(manifest: &Manifest, said: [&Table; 2], names: &Names) -> Result<Vec<types::Setting>, String> {
    let given = |name: &str| {
        let tables = said.iter().rev().filter_map(|table| table.get("settings")?.as_table());
        tables.filter_map(|settings| settings.get(name)).next()
    };
    let all = said.iter().filter_map(|table| table.get("settings")?.as_table()).flat_map(Table::keys);
    if let Some(other) = all.into_iter().find(|name| !manifest.settings.contains_key(*name)) {
        return Err(format!("`plugin.toml` has no setting `{other}`"));
    }
    let one = |name: &String, kind: SettingKind, usual: Option<&Json>| {
        let value = match (given(name), usual) {
            (Some(value), _) => serde_json::to_value(value).map_err(|error| error.to_string())?,
            (None, Some(usual)) => usual.clone(),
            (None, None) => return Err(format!("say what the setting `{name}` is, in `[settings]`")),
        };
        let value = setting(kind, &value, names).ok_or_else(|| {
            format!("the setting `{name}` must be {}; here agents and kinds have their names", kind.written())
        })?;
        Ok(types::Setting { name: name.clone(), value })
    };
    manifest.settings.iter().map(|(name, spec)| one(name, spec.kind, spec.default.as_ref())).collect()
}

pub(super) fn setting(kind: SettingKind, value: &Json, names: &Names) -> Option<types::Value> {
    Some(match kind {
        SettingKind::Number => types::Value::Number(value.as_i64()?),
        SettingKind::Flag => types::Value::YesNo(value.as_bool()?),
        SettingKind::Text => types::Value::Text(value.as_str()?.to_owned()),
        SettingKind::Amount => types::Value::Amount(names.quantity(value.as_str()?).ok()?),
        SettingKind::Unit => {
            let place = names.units.iter().position(|(label, _)| Some(label.as_str()) == value.as_str())?;
            types::Value::Unit(u32::try_from(place).ok()?)
        }
        SettingKind::Agent => types::Value::Agent(names.row("agents", value.as_str()?).ok()?),
        SettingKind::Spec => types::Value::Spec(names.row("specs", value.as_str()?).ok()?),
    })
}
