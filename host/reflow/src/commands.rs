//! The sub-commands, a file each where they are more than a few lines.

mod amendment;
pub mod carry;
mod doctor;
mod import;
mod key;
mod member;
mod operate;
mod plan;
pub mod plugin;
mod registry;
mod round;
mod ruleset;
mod settling;
mod verify;

use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use pipeline::Node;
use serde_json::{Value as Json, json};
use valueflows::Id;

use crate::cli::{Cli, Clock, Command, Config, Export, Member, Network, Receipt, Token};
use crate::console::{self, Acting, Request};
use crate::demo;
use crate::home::Home;
use crate::output::{Failure, say};
use crate::serve;

/// Runs what was asked.
pub async fn run(cli: &Cli) -> Result<(), Failure> {
    match &cli.command {
        Command::Demo(demo) => demo::run(cli, demo).await,
        Command::Serve(listen) => {
            let (home, node) = serve::open(cli).await?;
            let doors = serve::bind(cli, listen).await?;
            serve::serve(&home, node, doors).await
        }
        Command::Network(network) => self::network(cli, network).await,
        Command::Member(member) => self::member(cli, member).await,
        Command::Key(key) => key::key(cli, key).await,
        Command::Delegation(delegation) => member::delegation(cli, delegation).await,
        Command::Token(token) => self::token(cli, token).await,
        Command::Clock(Clock::Advance { by }) => advance(cli, by).await,
        Command::Act(act) => send_file(cli, &act.file).await,
        Command::Import(import) => import::run(cli, import).await,
        Command::Export(what) => export(cli, what).await,
        Command::Quote(quote) => {
            let request = Request::Quote {
                network: network_name(cli)?,
                agent: agent_name(cli)?,
                thing: quote.thing.clone(),
                days: quote.days,
            };
            let reply = ask(cli, request).await?;
            say(cli.json, &reply, || quote_lines(&reply));
            Ok(())
        }
        Command::Plan(asked) => plan::run(cli, asked).await,
        Command::Round(round) => round::run(cli, round).await,
        Command::Verify => verify::run(cli).await,
        Command::Rebuild => verify::rebuild(cli).await,
        Command::Backup(backup) => carry::backup(cli, backup).await,
        Command::Restore(restore) => carry::restore(cli, restore).await,
        Command::Move(moved) => carry::move_node(cli, moved).await,
        Command::Doctor(how) => doctor::run(cli, how.quick).await,
        Command::Ruleset(ruleset) => self::ruleset::run(cli, ruleset).await,
        Command::Amendment(amendment) => self::amendment::run(cli, amendment).await,
        Command::WhatIf(what_if) => self::amendment::what_if(cli, what_if).await,
        Command::Tally(tally) => self::amendment::tally(cli, tally).await,
        Command::Proxy(proxy) => self::amendment::proxy(cli, proxy).await,
        Command::Exception(exception) => settling::exception(cli, exception).await,
        Command::Case(case) => settling::case(cli, case).await,
        Command::Erase(erase) => settling::erase(cli, erase).await,
        Command::Rules(rules) => settling::rules(cli, rules).await,
        Command::May(may) => settling::may(cli, &may.what).await,
        Command::Why(why) => settling::why(cli, &why.decision).await,
        Command::Config(Config::Check(listen)) => crate::config::check(cli, listen),
        Command::Receipt(Receipt::Export { decision, output }) => {
            plugin::replaying::export(cli, decision, output.as_deref()).await
        }
        Command::Trust(trust) => plugin::shelf::trust(cli, trust).await,
        Command::Plugin(plugin) => plugin::run(cli, plugin).await,
    }
}

/// Delegates acts, and makes a token to them.
async fn token(cli: &Cli, Token::New { name, acts, days, to }: &Token) -> Result<(), Failure> {
    let (network, agent) = (network_name(cli)?, agent_name(cli)?);
    let to = to.as_deref().unwrap_or(&agent);
    let (delegation, receipt) = member::delegate_to(cli, (&agent, to), acts, *days).await?;
    let request = Request::Token { network, agent, name: name.clone(), delegation };
    let mut reply = ask(cli, request).await?;
    if let Json::Object(map) = &mut reply {
        map.insert("receipt".to_owned(), receipt);
    }
    say(cli.json, &reply, || {
        let hook = reply.get("hook").unwrap_or(&Json::Null);
        format!(
            "{}\nsend it as `Authorization: Bearer …`; it is not shown again\nor sign what you send, as \
             Standard Webhooks do, with\n{}\nto {}",
            text(&reply, "token"),
            text(hook, "secret"),
            text(hook, "path")
        )
    });
    Ok(())
}

/// Writes a network as a file. It is JSON whether `--json` asks for it or not.
async fn export(cli: &Cli, what: &Export) -> Result<(), Failure> {
    let request = Request::Export {
        network: network_name(cli)?,
        agent: agent_name(cli)?,
        class: what.class.clone(),
        resource: what.resource.clone(),
    };
    let document = ask(cli, request).await?;
    let text = serde_json::to_string_pretty(&document).map_err(|error| Failure::Usage(error.to_string()))?;
    match &what.output {
        None => println!("{text}"),
        Some(path) => {
            std::fs::write(path, format!("{text}\n"))
                .map_err(|error| Failure::Unreachable(format!("`{}`: {error}", path.display())))?;
            let records = document.get("@graph").and_then(Json::as_array).map_or(0, Vec::len);
            eprintln!("{records} records in `{}`", path.display());
        }
    }
    Ok(())
}

/// The network that the command line names; the only one, if it names none.
pub fn network_name(cli: &Cli) -> Result<String, Failure> {
    let missing =
        || Failure::Usage("say which network with `--network NAME`; see `reflow network list`".into());
    cli.network.clone().ok_or_else(missing)
}

pub(crate) fn agent_name(cli: &Cli) -> Result<String, Failure> {
    let missing = || Failure::Usage("say who acts with `--as NAME`; see `reflow member list`".into());
    cli.agent.clone().ok_or_else(missing)
}

/// Asks the running node, or does it here when none is running.
pub async fn ask(cli: &Cli, request: Request) -> Result<Json, Failure> {
    if let Some(url) = &cli.node {
        let socket = url.strip_prefix("unix://").map(std::path::Path::new).ok_or_else(|| {
            Failure::Usage(format!("`{url}` is no node's socket; write unix:///path/to/node.sock"))
        })?;
        return console::ask(socket, &request).await?.into_result();
    }
    let mut home = Home::open(&cli.data)?;
    match home.lock()? {
        true => {
            let node: Arc<Node> = home.node(cli).await?;
            let outcome = console::carry_out(&node, request).await;
            node.close().await;
            outcome
        }
        false => console::ask(&home.socket(), &request).await?.into_result(),
    }
}

fn absolute(path: &std::path::Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

async fn network(cli: &Cli, network: &Network) -> Result<(), Failure> {
    match network {
        Network::New { name, rules, place, zone, stewards, sandbox } => {
            let request = Request::Found {
                name: name.clone(),
                rules: absolute(rules),
                plugins: absolute(&cli.plugins),
                place: (place.clone(), zone.clone()),
                stewards: stewards.clone(),
                sandbox: *sandbox,
                clock_us: None,
            };
            let reply = ask(cli, request).await?;
            let hash = text(&reply, "rules");
            say(cli.json, &reply, || {
                format!(
                    "founded `{name}`\nrules {hash}\nnext: `reflow member add NAME --network {name} --as STEWARD`"
                )
            });
        }
        Network::Pause { .. } | Network::Resume { .. } | Network::Recover { .. } => {
            operate::run(cli, network).await?;
        }
        Network::Invite { who } => {
            let reply = ask(cli, Request::FoundingLink { name: who.clone() }).await?;
            say(cli.json, &reply, || {
                let path = reply.get("path").and_then(Json::as_str).unwrap_or_default();
                format!("{path}\nbehind the address of this node, within two weeks; it founds one network")
            });
        }
        Network::Export(export) => carry::export_network(cli, export).await?,
        Network::Adopt(adopt) => carry::adopt(cli, adopt).await?,
        Network::List => {
            let reply = ask(cli, Request::Networks).await?;
            say(cli.json, &reply, || match rows(&reply) {
                [] => "no network yet; found one with `reflow network new NAME --rules DIR --steward NAME`"
                    .to_owned(),
                rows => rows
                    .iter()
                    .map(|row| {
                        let is = |name: &str| row.get(name) == Some(&json!(true));
                        let kind = match () {
                            () if is("own") => ", this node's own",
                            () if text(row, "state") == "moved" => ", moved to another node",
                            () if text(row, "state") == "copy" => ", a copy to read",
                            () if text(row, "state") == "arriving" => ", not whole yet: adopt its file again",
                            () if is("sandbox") => ", sandbox",
                            () => "",
                        };
                        let entries = row.get("entries").and_then(Json::as_u64).unwrap_or_default();
                        format!(
                            "{}  {} entries{kind}  rules {} {}\n",
                            text(row, "name"),
                            entries,
                            text(row, "rules"),
                            text(row, "hash")
                        )
                    })
                    .collect(),
            });
        }
    }
    Ok(())
}

async fn member(cli: &Cli, member: &Member) -> Result<(), Failure> {
    let network = network_name(cli)?;
    match member {
        Member::Add { organization: true, .. } | Member::Add { device: true, .. } => {
            member::house(cli, member).await?;
        }
        Member::Add { name, roles, password, .. } => {
            let act = json!({"act": "admit", "name": name, "roles": roles});
            let reply = act_as(cli, vec![act]).await?;
            let document = account(cli, name, password.as_deref(), reply).await?;
            let password = text(&document, "password");
            say(cli.json, &document, || {
                format!("admitted {name}; signs in as `{name}` with the password `{password}`")
            });
        }
        Member::Account { name, password } => {
            let agent = agent_of(cli, name).await?.parse().map_err(|_| Failure::Usage("no agent".into()))?;
            let password = password.clone().map_or_else(make_password, Ok)?;
            let request = Request::Account { network, name: name.clone(), password: password.clone(), agent };
            ask(cli, request).await?;
            let document = json!({"name": name, "agent": agent, "password": password});
            say(cli.json, &document, || {
                format!("{name} signs in as `{name}` with the password `{password}`")
            });
        }
        Member::Password { name, password } => {
            let password = password.clone().map_or_else(make_password, Ok)?;
            let request = Request::Password { network, name: name.clone(), password: password.clone() };
            ask(cli, request).await?;
            let document = json!({"name": name, "password": password});
            say(cli.json, &document, || format!("`{name}` signs in with the password `{password}` now"));
        }
        Member::List => {
            let reply = ask(cli, Request::Members { network, agent: cli.agent.clone() }).await?;
            say(cli.json, &reply, || {
                let list = |row: &Json, name: &str| {
                    rows(row.get(name).unwrap_or(&Json::Null))
                        .iter()
                        .filter_map(Json::as_str)
                        .collect::<Vec<_>>()
                        .join(", ")
                };
                rows(&reply)
                    .iter()
                    .map(|row| {
                        format!("{}  {}  {}\n", text(row, "name"), list(row, "roles"), list(row, "training"))
                    })
                    .collect()
            });
        }
        change => self::member::change(cli, change).await?,
    }
    Ok(())
}

/// An account for somebody who came in just now.
async fn account(cli: &Cli, name: &str, password: Option<&str>, receipt: Json) -> Result<Json, Failure> {
    let agent = made(&receipt, "Person").ok_or_else(|| Failure::Unreachable("nobody came in".into()))?;
    let password = password.map(str::to_owned).map_or_else(make_password, Ok)?;
    let network = network_name(cli)?;
    let request = Request::Account { network, name: name.to_owned(), password: password.clone(), agent };
    ask(cli, request).await?;
    Ok(json!({"name": name, "agent": agent, "password": password, "receipt": receipt}))
}

/// The agent of a member, by name or id.
async fn agent_of(cli: &Cli, name: &str) -> Result<String, Failure> {
    if name.parse::<Id>().is_ok() {
        return Ok(name.to_owned());
    }
    let request = Request::Members { network: network_name(cli)?, agent: cli.agent.clone() };
    let members = ask(cli, request).await?;
    let found = rows(&members).iter().find(|row| text(row, "name") == *name).map(|row| text(row, "agent"));
    found.ok_or_else(|| {
        Failure::refused(
            "unknown-agent",
            format!("nobody called `{name}` is a member"),
            "See `reflow member list`.",
        )
    })
}

/// An instant so many days from now, as the network's books have it.
async fn in_days(cli: &Cli, days: i64) -> Result<i64, Failure> {
    let now = ask(cli, Request::Time { network: network_name(cli)? }).await?;
    let now = now.get("now").and_then(Json::as_i64).unwrap_or_default();
    Ok(valueflows::Instant(now).plus_us(days.saturating_mul(valueflows::Instant::DAY_US)).0)
}

async fn act_as(cli: &Cli, acts: Vec<Json>) -> Result<Json, Failure> {
    let (agent, of) = (agent_name(cli)?, cli.in_name_of.clone());
    let acting = Acting { network: network_name(cli)?, agent, of, acts, id: None, signed: None };
    key::act(cli, acting).await
}

/// A span of time in words, microseconds.
pub fn span_us(by: &str) -> Result<i64, Failure> {
    let bad = || Failure::Usage(format!("`{by}` is no span; write `8d`, `12h` or `30m`"));
    let (number, unit) = by.split_at_checked(by.len().saturating_sub(1)).ok_or_else(bad)?;
    let us = match unit {
        "d" => 86_400_000_000,
        "h" => 3_600_000_000,
        "m" => 60_000_000,
        _ => return Err(bad()),
    };
    let number: i64 = number.parse().map_err(|_| bad())?;
    Ok(number.saturating_mul(us))
}

async fn advance(cli: &Cli, by: &str) -> Result<(), Failure> {
    let us = span_us(by)?;
    let reply = act_as(cli, vec![json!({"act": "advanceClock", "by": us})]).await?;
    say(cli.json, &reply, || format!("the clock moved by {by}"));
    Ok(())
}

/// Sends a file: a list of acts, or an object with `acts` and perhaps an `id`.
async fn send_file(cli: &Cli, file: &std::path::Path) -> Result<(), Failure> {
    let bytes = match file.as_os_str() == "-" {
        true => {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes)?;
            bytes
        }
        false => std::fs::read(file)
            .map_err(|error| Failure::Unreachable(format!("`{}`: {error}", file.display())))?,
    };
    let json = journal::canonical::parse(&bytes).map_err(|error| Failure::Usage(error.to_string()))?;
    let acts = json.as_array().or_else(|| json.get("acts").and_then(Json::as_array));
    let acts =
        acts.ok_or_else(|| Failure::Usage("the file holds a list of acts, or an object with `acts`".into()))?;
    let id = json.get("id").and_then(Json::as_str).map(str::parse::<Id>).transpose();
    let id = id.map_err(|error| Failure::Usage(error.to_string()))?;
    let acting = Acting {
        network: network_name(cli)?,
        agent: agent_name(cli)?,
        of: cli.in_name_of.clone(),
        acts: acts.clone(),
        id,
        signed: None,
    };
    let reply = key::act(cli, acting).await?;
    let seq = reply.get("seq").and_then(Json::as_u64).unwrap_or_default();
    say(cli.json, &reply, || format!("done, entry {seq}"));
    Ok(())
}

fn quote_lines(reply: &Json) -> String {
    let lines = rows(reply.get("lines").unwrap_or(&Json::Null));
    let mut text: String = lines
        .iter()
        .map(|line| {
            format!(
                "{} ({}): {}\n",
                self::text(line, "code"),
                self::text(line, "kind"),
                self::text(line, "shown")
            )
        })
        .collect();
    text.push_str(&format!(
        "quote {}\ncomponent {}",
        self::text(reply, "digest"),
        self::text(reply, "component")
    ));
    text
}

/// A text member of a document.
pub fn text(json: &Json, name: &str) -> String {
    json.get(name).and_then(Json::as_str).unwrap_or_default().to_owned()
}

/// As much of an id as a line shows: it is enough to name a record by.
pub fn short(id: &str) -> String {
    id.chars().take(13).collect()
}

/// The day of a moment in a document.
pub fn day(json: &Json, name: &str) -> Option<String> {
    Some(moment(json, name)?.strftime("%Y-%m-%d").to_string())
}

/// The minute of a moment in a document.
pub fn minute(json: &Json, name: &str) -> Option<String> {
    Some(moment(json, name)?.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

fn moment(json: &Json, name: &str) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_microsecond(json.get(name)?.as_i64()?).ok()
}

/// The members of a list, none if it is none.
pub fn rows(json: &Json) -> &[Json] {
    json.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The first record of a class that a receipt says was made.
pub fn made(receipt: &Json, class: &str) -> Option<Id> {
    let made = rows(receipt.get("made")?);
    let row = made.iter().find(|row| row.get(0).and_then(Json::as_str) == Some(class))?;
    row.get(1)?.as_str()?.parse().ok()
}

fn make_password() -> Result<String, Failure> {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let random: [u8; 12] = pipeline::node::random()?;
    let letter = |byte: &u8| LETTERS.get(usize::from(*byte) % LETTERS.len()).copied().map(char::from);
    Ok(random.iter().filter_map(letter).collect())
}

/// Somebody waits for this: what is done, and for how long already.
fn waiting(cli: &Cli, what: String) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}, {elapsed}") {
        bar.set_style(style);
    }
    if !cli.json {
        bar.set_message(what);
        bar.enable_steady_tick(std::time::Duration::from_millis(200));
    }
    bar
}
