//! `reflow amendment`, `reflow tally`, `reflow proxy`: how a network changes its rules.

use pipeline::amendments::{counted_by, recount};
use pipeline::{Charter, Place};
use serde_json::{Value as Json, json};

use super::{act_as, agent_of, ask, made, minute, network_name, rows, short, text};
use crate::cli::{Amendment, Change, Cli, NewAmendment, Proxy, Tally, WhatIf};
use crate::console::Request;
use crate::output::{Failure, say};

/// Does what was asked.
pub async fn run(cli: &Cli, amendment: &Amendment) -> Result<(), Failure> {
    match amendment {
        Amendment::New(new) => draft(cli, new).await,
        Amendment::Redraft { amendment, change } => {
            let book = changed(cli, change).await?;
            let book = book.ok_or_else(|| Failure::Usage("say what changes: --rules or --set".into()))?;
            let act = json!({"act": "redraftAmendment", "amendment": id(cli, amendment).await?, "book": book,
                             "note": change.because.clone().unwrap_or_default()});
            step(cli, amendment, act).await
        }
        Amendment::Sponsor { amendment } => plain(cli, "sponsorAmendment", amendment).await,
        Amendment::Freeze { amendment } => plain(cli, "freezeAmendment", amendment).await,
        Amendment::Vote { amendment, choice, because, voter } => {
            let amendment_id = id(cli, amendment).await?;
            let choice = match choice.starts_with('{') {
                true => serde_json::from_str(choice).map_err(|error| Failure::Usage(error.to_string()))?,
                false => json!(choice),
            };
            let act = match voter {
                None => json!({"act": "castBallot", "amendment": amendment_id, "choice": choice,
                               "note": because.clone().unwrap_or_default()}),
                Some(voter) => json!({"act": "enterBallot", "amendment": amendment_id, "choice": choice,
                                      "voter": agent_of(cli, voter).await?}),
            };
            step(cli, amendment, act).await
        }
        Amendment::Veto { amendment, because } => {
            let act =
                json!({"act": "vetoAmendment", "amendment": id(cli, amendment).await?, "reason": because});
            step(cli, amendment, act).await
        }
        Amendment::Override { amendment } => plain(cli, "overrideVeto", amendment).await,
        Amendment::Withdraw { amendment } => plain(cli, "withdrawAmendment", amendment).await,
        Amendment::Renew { amendment } => plain(cli, "renewAmendment", amendment).await,
        Amendment::Show { amendment } => show(cli, amendment).await,
        Amendment::List => {
            let found = list(cli, None).await?;
            say(cli.json, &found, || match rows(&found) {
                [] => "no rule change yet; write one down with `reflow amendment new`".to_owned(),
                rows => rows.iter().map(line).collect(),
            });
            Ok(())
        }
    }
}

async fn list(cli: &Cli, which: Option<&str>) -> Result<Json, Failure> {
    let (network, agent) = (network_name(cli)?, cli.agent.clone());
    ask(cli, Request::Amendments { network, agent, which: which.map(str::to_owned) }).await
}

async fn one(cli: &Cli, name: &str) -> Result<Json, Failure> {
    Ok(list(cli, Some(name)).await?.get(0).cloned().unwrap_or_default())
}

async fn id(cli: &Cli, name: &str) -> Result<String, Failure> {
    Ok(text(&one(cli, name).await?, "id"))
}

async fn plain(cli: &Cli, act: &str, amendment: &str) -> Result<(), Failure> {
    let act = json!({"act": act, "amendment": id(cli, amendment).await?});
    step(cli, amendment, act).await
}

/// Takes one step, and says where the amendment stands then.
async fn step(cli: &Cli, amendment: &str, act: Json) -> Result<(), Failure> {
    let receipt = act_as(cli, vec![act]).await?;
    let stands = one(cli, amendment).await?;
    say(cli.json, &json!({"receipt": receipt, "amendment": stands}), || line(&stands));
    Ok(())
}

async fn draft(cli: &Cli, new: &NewAmendment) -> Result<(), Failure> {
    let book = match new.rollback {
        0 => changed(cli, &new.change).await?,
        back => {
            let request = Request::Book { network: network_name(cli)?, back: usize::from(back) };
            ask(cli, request).await?.get("book").cloned()
        }
    };
    let effects =
        new.effects.iter().map(|effect| serde_json::from_str(effect)).collect::<Result<Vec<Json>, _>>();
    let effects = effects.map_err(|error| Failure::Usage(format!("an effect is no JSON: {error}")))?;
    if book.is_none() && effects.is_empty() {
        return Err(Failure::Usage("say what changes: --rules, --set, --rollback or --effect".into()));
    }
    let mut act = json!({"act": "draftAmendment", "title": new.title, "effects": effects,
                         "note": new.change.because.clone().unwrap_or_default()});
    if let (Some(book), Json::Object(act)) = (book, &mut act) {
        act.insert("book".into(), book);
    }
    if let (Some(first), Json::Object(act)) = (&new.instead_of, &mut act) {
        act.insert("insteadOf".into(), json!(id(cli, first).await?));
    }
    let receipt = act_as(cli, vec![act]).await?;
    let made = made(&receipt, "Amendment").map(|id| id.to_string()).unwrap_or_default();
    let stands = one(cli, &made).await?;
    say(cli.json, &json!({"receipt": receipt, "amendment": stands}), || described(&stands));
    Ok(())
}

/// The rules as they would be: those of a folder, or those in force with other settings.
async fn changed(cli: &Cli, change: &Change) -> Result<Option<Json>, Failure> {
    if let Some(folder) = &change.rules {
        let mut book =
            Charter::read(folder, &cli.plugins)?.book.to_json().map_err(pipeline::Rejection::from)?;
        // A rule set is for many networks, and where this one is does not change with it unless it says so.
        let request = Request::Book { network: network_name(cli)?, back: 0 };
        let place = ask(cli, request).await?.get("book").and_then(|book| book.get("place")).cloned();
        if let (Some(place), Json::Object(book)) = (place, &mut book) {
            book.entry("place").or_insert(place);
        }
        return Ok(Some(book));
    }
    if change.set.is_empty() {
        return Ok(None);
    }
    let request = Request::Book { network: network_name(cli)?, back: 0 };
    let mut book = ask(cli, request).await?.get("book").cloned().unwrap_or_default();
    for said in &change.set {
        set(&mut book, said)?;
    }
    Ok(Some(book))
}

/// Sets `plugin.setting=value` in a book; a value that was a number or yes/no stays one.
fn set(book: &mut Json, said: &str) -> Result<(), Failure> {
    let wrong = || Failure::Usage(format!("`{said}` is no setting; write deposit.late-day=\"2.00 EUR\""));
    let (place, value) = said.split_once('=').ok_or_else(wrong)?;
    let (plugin, setting) = place.split_once('.').ok_or_else(wrong)?;
    if plugin == "place" {
        return place_of(book, setting, value);
    }
    let bindings = book.get_mut("bindings").and_then(Json::as_array_mut).ok_or_else(wrong)?;
    let mut known = Vec::new();
    for binding in bindings {
        if text(binding, "plugin") != plugin {
            known.push(text(binding, "plugin"));
            continue;
        }
        let Some(settings) = binding.get_mut("settings").and_then(Json::as_object_mut) else { continue };
        let names: Vec<String> = settings.keys().cloned().collect();
        let old = settings.get_mut(setting).ok_or_else(|| {
            Failure::Usage(format!("`{plugin}` has no setting `{setting}`; it has {}", names.join(", ")))
        })?;
        *old = match old {
            Json::String(_) => json!(value),
            _ => serde_json::from_str(value).map_err(|_| wrong())?,
        };
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "there is no calculation `{plugin}` in these rules; there are {}",
        known.join(", ")
    )))
}

/// Sets `place.name` or `place.zone`.
fn place_of(book: &mut Json, setting: &str, value: &str) -> Result<(), Failure> {
    let of = |name: &str| text(book.get("place").unwrap_or(&Json::Null), name);
    let (name, zone) = match setting {
        "name" => (value.to_owned(), of("zone")),
        "zone" => (of("name"), value.to_owned()),
        _ => return Err(Failure::Usage("a place has a `name` and a `zone`".into())),
    };
    let place = Place::read(&name, &zone).map_err(|bad| Failure::Usage(bad.to_string()))?;
    if let Json::Object(book) = book {
        match place {
            Some(place) => book.insert("place".into(), json!(place)),
            None => book.remove("place"),
        };
    }
    Ok(())
}

async fn show(cli: &Cli, amendment: &str) -> Result<(), Failure> {
    let stands = one(cli, amendment).await?;
    say(cli.json, &stands, || described(&stands));
    Ok(())
}

/// An amendment in a line.
fn line(stands: &Json) -> String {
    let due = minute(stands, "due").map(|due| format!(", until {due}")).unwrap_or_default();
    let id = short(&text(stands, "id"));
    format!("{id}  \"{}\": {}{due}\n", text(stands, "title"), text(stands, "is"))
}

/// All about one.
fn described(stands: &Json) -> String {
    let mut said = line(stands);
    let mut add = |line: String| {
        said.push_str("  ");
        said.push_str(&line);
        said.push('\n');
    };
    let sponsors: Vec<&str> = list_of(stands, "sponsors").filter_map(Json::as_str).collect();
    add(format!(
        "written by {}{}",
        text(stands, "author"),
        match sponsors.is_empty() {
            true => String::new(),
            false => format!("; {} want it discussed", sponsors.join(", ")),
        }
    ));
    for note in [text(stands, "note"), text(stands, "reason")].iter().filter(|note| !note.is_empty()) {
        add(format!("\"{note}\""));
    }
    for one in list_of(stands, "differences") {
        add(format!("changes: {}", text(one, "says")));
    }
    for effect in list_of(stands, "effects") {
        add(format!("does: {effect}"));
    }
    if let Some(first) = stands.get("insteadOf").and_then(Json::as_str) {
        add(format!("instead of \"{first}\""));
    }
    for (n, option) in list_of(stands, "options").filter_map(Json::as_str).enumerate() {
        add(format!("voted on together: {n} is \"{option}\""));
    }
    for problem in list_of(stands, "problems").chain(list_of(stands, "failed")).filter_map(Json::as_str) {
        add(format!("cannot be put in force: {problem}"));
    }
    trial_in_lines(stands, &mut add);
    add(format!("at stake: {}", text(stands, "stake")));
    add(text(stands, "decidedBy"));
    if let Some(vote) = stands.get("vote").filter(|vote| vote.is_object()) {
        let number = |name: &str| vote.get(name).and_then(Json::as_u64).unwrap_or_default();
        let takes = match number("takes") {
            0 => String::new(),
            takes => format!("; it takes {takes}"),
        };
        let proxies = match number("byProxy") {
            0 => String::new(),
            n => format!(", and {n} by somebody they had named"),
        };
        if vote.get("sealed") == Some(&json!(true)) && vote.get("closed") == Some(&json!(false)) {
            add("ballots stay closed until the vote is over; whoever runs the node could read them on its disk".to_owned());
        }
        add(format!("of {} who could vote, {} did{proxies}{takes}", number("couldVote"), number("voted")));
    }
    for words in list_of(stands, "result").filter_map(Json::as_str) {
        add(words.to_owned());
    }
    add(format!("next: {}", next(&text(stands, "status"), &text(stands, "id"))));
    said
}

/// What came of trying it, before the vote began.
fn trial_in_lines(stands: &Json, add: &mut dyn FnMut(String)) {
    let Some(trial) = stands.get("trial").filter(|trial| trial.is_object()) else { return };
    let nothing = Json::Null;
    let part = |name: &str| trial.get(name).unwrap_or(&nothing);
    let number = |json: &Json, name: &str| json.get(name).and_then(Json::as_u64).unwrap_or_default();
    let past = part("past");
    match past.get("failed").and_then(Json::as_str) {
        Some(problem) => add(format!("could not be tried on what happened so far: {problem}")),
        None => {
            let judged = past.get("coverage").map(|coverage| number(coverage, "judged")).unwrap_or_default();
            add(format!("tried on {judged} things that happened: {}", text(past, "words")));
            for act in list_of(past, "acts").filter(|act| text(act, "is") != "equal") {
                let (refused, allowed) = (number(act, "refused"), number(act, "allowed"));
                let (name, is) = (text(act, "act"), text(act, "is"));
                add(format!("  {name}: {is} ({refused} refused, {allowed} allowed)"));
            }
        }
    }
    for (name, whose) in [("scenarios", "its own scenarios"), ("before", "the scenarios in force")] {
        let told = part(name);
        match told.get("failed").and_then(Json::as_str) {
            Some(problem) => add(format!("{whose} could not be played: {problem}")),
            None => add(format!(
                "{whose}: {} played, {} come out differently",
                number(told, "played"),
                number(told, "differ")
            )),
        }
        for one in list_of(told, "different") {
            add(format!("  \"{}\": {} ({})", text(one, "name"), text(one, "how"), text(one, "is")));
        }
    }
}

fn list_of<'a>(json: &'a Json, name: &str) -> impl Iterator<Item = &'a Json> {
    json.get(name).map(rows).unwrap_or_default().iter()
}

/// What comes next, for whoever reads a line at a time.
fn next(status: &str, id: &str) -> String {
    let id = short(id);
    match status {
        "draft" => format!("another member says `reflow amendment sponsor {id}`"),
        "sponsored" => {
            format!("whoever wrote it says `reflow amendment freeze {id}` when it has been discussed")
        }
        "voting" => format!("members say `reflow amendment vote {id} yes` (or no, abstain, object)"),
        "waiting" => "it comes into force by itself".to_owned(),
        "vetoed" => {
            format!("it goes on by itself; before that, `reflow amendment override {id}` asks everybody")
        }
        "superseded" => format!("`reflow amendment redraft {id}` writes it anew on the rules as they are"),
        "review-due" => format!("`reflow amendment renew {id}`, or a change that takes it back"),
        "enacted" => "nothing; `reflow amendment new --rollback` writes down the way back".to_owned(),
        _ => "nothing".to_owned(),
    }
}

/// Judges the past again under other rules.
pub async fn what_if(cli: &Cli, asked: &WhatIf) -> Result<(), Failure> {
    let folder = std::path::Path::new(&asked.candidate);
    let (amendment, book) = match folder.join("charter.toml").is_file() {
        true => {
            let charter = Charter::read(folder, &cli.plugins)?;
            (None, Some(charter.book.to_json().map_err(pipeline::Rejection::from)?))
        }
        false => (Some(asked.candidate.clone()), None),
    };
    let (network, agent) = (network_name(cli)?, cli.agent.clone());
    let found = ask(cli, Request::WhatIf { network, agent, amendment, book, last: asked.last }).await?;
    if let Some(folder) = &asked.corrections {
        let written = corrections(&found, folder)?;
        eprintln!(
            "{written} corrections in `{}`; look at each, and send it with `reflow act`",
            folder.display()
        );
    }
    say(cli.json, &found, || what_if_in_lines(&found));
    Ok(())
}

/// A draft of a command for each member who would have been better off: the network gives back what they lost. What
/// somebody would have owed more is nobody's to ask for: no rule holds for what was before it.
fn corrections(found: &Json, folder: &std::path::Path) -> Result<usize, Failure> {
    let unwritten = |error: std::io::Error| Failure::Unreachable(format!("`{}`: {error}", folder.display()));
    std::fs::create_dir(folder).map_err(unwritten)?;
    let network = text(found, "network");
    let better = |row: &&Json| row.get("change").and_then(Json::as_i64).is_some_and(|change| change > 0);
    let rows = list_of(found, "agents").filter(better).filter(|row| text(row, "id") != network);
    let mut written = 0;
    for row in rows {
        written += 1;
        let note =
            format!("Correction: {} less under the rules {}", text(row, "shown"), text(found, "candidate"));
        let event = json!({
            "action": "transfer", "provider": network, "receiver": text(row, "id"), "note": note,
            "resourceQuantity": {"hasNumericalValue": text(row, "amount"), "hasUnit": text(row, "unitId")},
        });
        let command = json!({"acts": [{"act": "record", "event": event}]});
        let safe: String =
            text(row, "name").chars().filter(|letter| letter.is_alphanumeric()).take(40).collect();
        let path = folder.join(format!("{written:04}-{safe}.json"));
        let bytes = serde_json::to_vec_pretty(&command).map_err(|error| Failure::Usage(error.to_string()))?;
        std::fs::write(&path, bytes).map_err(unwritten)?;
    }
    Ok(written)
}

fn what_if_in_lines(found: &Json) -> String {
    let covered = |name: &str| found["coverage"].get(name).and_then(Json::as_u64).unwrap_or_default();
    let mut said = format!(
        "entries {} to {}: {} commands judged again, {} as they were\n",
        covered("from"),
        covered("to"),
        covered("judged"),
        covered("same")
    );
    let count = |name: &str| found.get(name).and_then(Json::as_u64).unwrap_or_default();
    said.push_str(&format!("{}\n", text(found, "words")));
    for act in list_of(found, "acts").filter(|act| text(act, "is") != "equal") {
        said.push_str(&format!("  {}: {}\n", text(act, "act"), text(act, "is")));
    }
    for (list, all, what) in [
        ("wouldHaveBeenRefused", "refused", "would be refused"),
        ("wouldHaveBeenAllowed", "allowed", "was refused"),
    ] {
        let shown = list_of(found, list).count() as u64;
        for flip in list_of(found, list) {
            let at = minute(flip, "at").unwrap_or_default();
            let (name, act, sentence) = (text(flip, "name"), text(flip, "act"), text(flip, "sentence"));
            said.push_str(&format!("  {at}  {name}: {act} {what}: {sentence}\n"));
        }
        if count(all) > shown {
            said.push_str(&format!("  and {} that you may not see one by one\n", count(all) - shown));
        }
    }
    for (list, what) in
        [("agents", "promised more (or less) in the end"), ("things", "for their use, more or less")]
    {
        if list_of(found, list).next().is_some() {
            said.push_str(&format!("{what}:\n"));
        }
        for row in list_of(found, list) {
            said.push_str(&format!("  {}: {}\n", text(row, "name"), text(row, "shown")));
        }
    }
    said
}

/// Counts again: from the node, or from a file without any node.
pub async fn tally(cli: &Cli, tally: &Tally) -> Result<(), Failure> {
    let file = match tally.file {
        true => {
            let bytes = std::fs::read(&tally.what)
                .map_err(|error| Failure::Unreachable(format!("`{}`: {error}", tally.what)))?;
            pipeline::parse_json(&bytes)?
        }
        false => {
            let (network, agent) = (network_name(cli)?, cli.agent.clone());
            ask(cli, Request::Tally { network, agent, which: tally.what.clone() }).await?
        }
    };
    if tally.export {
        let text = serde_json::to_string_pretty(&file).map_err(|error| Failure::Usage(error.to_string()))?;
        println!("{text}");
        return Ok(());
    }
    let (said, again) = recount(&file)
        .ok_or_else(|| Failure::Usage(format!("`{}` is no vote that was counted", tally.what)))?;
    if said != again {
        return Err(Failure::Refused {
            code: "different".into(),
            sentence: format!("counted again, `{}` comes to something else", text(&file, "title")),
            remedy: "Ask for another export, and compare both with the journal by `reflow verify`.".into(),
            detail: Box::new(json!({"said": said, "again": again})),
        });
    }
    say(cli.json, &again, || {
        let words: Vec<&str> = list_of(&again, "words").filter_map(Json::as_str).collect();
        let by = counted_by(&file).map(|by| {
            format!("; what `{by}` made of the ballots is taken as it is written, and `reflow verify` asks it again")
        });
        let by = by.unwrap_or_default();
        format!("\"{}\"\n  {}\ncounted again: the same{by}", text(&file, "title"), words.join("\n  "))
    });
    Ok(())
}

/// Names whose vote counts, or ends that.
pub async fn proxy(cli: &Cli, proxy: &Proxy) -> Result<(), Failure> {
    match proxy {
        Proxy::New { member, topics, days } => {
            let until = super::in_days(cli, *days).await?;
            let act = json!({"act": "appointProxy", "delegate": agent_of(cli, member).await?, "topics": topics,
                             "hasEnd": until});
            let receipt = act_as(cli, vec![act]).await?;
            let id = made(&receipt, "Proxy").map(|id| id.to_string()).unwrap_or_default();
            say(cli.json, &receipt, || {
                format!("where you do not vote, the vote of {member} counts; `reflow proxy end {id}` ends it")
            });
        }
        Proxy::End { proxy } => {
            let receipt = act_as(cli, vec![json!({"act": "endProxy", "proxy": proxy})]).await?;
            say(cli.json, &receipt, || "only your own vote counts for you now".to_owned());
        }
    }
    Ok(())
}
