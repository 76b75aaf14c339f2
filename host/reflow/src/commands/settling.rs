//! `reflow exception`, `reflow case`, `reflow rules`, `reflow may`, `reflow why`, and joining.

use serde_json::{Map, Value as Json, json};

use super::{account, act_as, agent_name, agent_of, ask, day, in_days, network_name, rows, short, text};
use crate::cli::{Case, Cli, Erase, Exception, GrantException, Member, RulesInForce};
use crate::console::Request;
use crate::output::{Failure, say};

async fn settling(cli: &Cli, class: &str, which: Option<&str>) -> Result<Json, Failure> {
    let (network, agent) = (network_name(cli)?, cli.agent.clone());
    let (class, which) = (class.to_owned(), which.map(str::to_owned));
    ask(cli, Request::Settling { network, agent, class, which }).await
}

async fn one(cli: &Cli, class: &str, name: &str) -> Result<Json, Failure> {
    Ok(settling(cli, class, Some(name)).await?.get(0).cloned().unwrap_or_default())
}

async fn id(cli: &Cli, class: &str, name: &str) -> Result<String, Failure> {
    Ok(text(&one(cli, class, name).await?, "id"))
}

fn part<'a>(json: &'a Json, name: &str) -> &'a Json {
    json.get(name).unwrap_or(&Json::Null)
}

/// A thing's id, by its name.
async fn thing(cli: &Cli, name: &str) -> Result<String, Failure> {
    let (network, agent) = (network_name(cli)?, cli.agent.clone());
    let found = ask(cli, Request::Thing { network, agent, what: name.to_owned() }).await?;
    Ok(text(&found, "id"))
}

/// Makes an exception, takes one back, or lists them.
pub(super) async fn exception(cli: &Cli, exception: &Exception) -> Result<(), Failure> {
    match exception {
        Exception::Grant(grant) => self::grant(cli, grant).await,
        Exception::Withdraw { exception } => {
            let act =
                json!({"act": "withdrawException", "exception": id(cli, "Exception", exception).await?});
            let receipt = act_as(cli, vec![act]).await?;
            say(cli.json, &receipt, || "taken back".to_owned());
            Ok(())
        }
        Exception::List => {
            let found = settling(cli, "Exception", None).await?;
            say(cli.json, &found, || match rows(&found) {
                [] => "no exception has been made".to_owned(),
                rows => rows.iter().map(exception_line).collect(),
            });
            Ok(())
        }
    }
}

async fn grant(cli: &Cli, grant: &GrantException) -> Result<(), Failure> {
    let mut act = Map::new();
    let mut put = |name: &str, value: Json| drop(act.insert(name.to_owned(), value));
    put("act", json!("grantException"));
    put("member", json!(agent_of(cli, &grant.member).await?));
    put("permits", json!(grant.act));
    put("hasEnd", json!(in_days(cli, grant.within).await?));
    put("reason", json!(grant.because));
    if let Some(rule) = &grant.rule {
        put("rule", json!(rule));
    }
    if let Some(name) = &grant.thing {
        put("resourceInventoriedAs", json!(thing(cli, name).await?));
    }
    if let Some(days) = grant.days {
        put("days", json!(days));
    }
    if let Some(most) = &grant.most {
        put("resourceQuantity", amount(cli, most).await?);
    }
    if let Some(case) = &grant.case {
        put("concerns", json!(id(cli, "Case", case).await?));
    }
    let receipt = act_as(cli, vec![Json::Object(act)]).await?;
    let made = super::made(&receipt, "Exception").map(|id| id.to_string()).unwrap_or_default();
    say(cli.json, &receipt, || {
        format!("{} may {} once, within {} days ({})", grant.member, grant.act, grant.within, short(&made))
    });
    Ok(())
}

/// `5.00 EUR` as a command says it.
async fn amount(cli: &Cli, said: &str) -> Result<Json, Failure> {
    let wrong = || Failure::Usage(format!("`{said}` is no amount; write \"5.00 EUR\""));
    let (number, unit) = said.split_once(' ').ok_or_else(wrong)?;
    let (network, agent) = (network_name(cli)?, cli.agent.clone());
    let found = ask(cli, Request::Unit { network, agent, label: unit.to_owned() }).await?;
    Ok(json!({"hasNumericalValue": number, "hasUnit": text(&found, "id")}))
}

fn exception_line(row: &Json) -> String {
    let about = row.get("thing").and_then(Json::as_str).map(|thing| format!(" {thing}")).unwrap_or_default();
    let rule = row.get("title").and_then(Json::as_str).map(|rule| format!(", not asked: \"{rule}\""));
    let days = row.get("days").and_then(Json::as_i64).map(|days| format!(", for {days} days at most"));
    let most = row.get("most").and_then(Json::as_str).map(|most| format!(", {most} at most"));
    let until = day(row, "until").unwrap_or_default();
    format!(
        "{}  {} may {}{about} once until {until}{}{}{}: {}; by {}: \"{}\"\n",
        short(&text(row, "id")),
        text(row, "member"),
        text(row, "permits"),
        days.unwrap_or_default(),
        most.unwrap_or_default(),
        rule.unwrap_or_default(),
        text(row, "status"),
        text(row, "by"),
        text(row, "reason"),
    )
}

/// Opens a case, goes on with one, or says how they stand.
pub(super) async fn case(cli: &Cli, case: &Case) -> Result<(), Failure> {
    let step = match case {
        Case::Open { decision, about, against, because } => {
            return open(cli, (decision.as_deref(), about.as_deref()), against, because).await;
        }
        Case::List => {
            let found = settling(cli, "Case", None).await?;
            say(cli.json, &found, || match rows(&found) {
                [] => "no case that you could see".to_owned(),
                rows => rows.iter().map(case_line).collect(),
            });
            return Ok(());
        }
        Case::Show { case } => {
            let found = one(cli, "Case", case).await?;
            say(cli.json, &found, || described(&found));
            return Ok(());
        }
        Case::Say { case, says } => (case, json!({"act": "sayInCase", "statement": says}), None),
        Case::Assign { case, member } => {
            (case, json!({"act": "assignCase", "assignee": agent_of(cli, member).await?}), None)
        }
        Case::Close { case, outcome, because, with } => {
            (case, json!({"act": "closeCase", "outcome": outcome, "statement": because}), with.as_deref())
        }
        Case::Withdraw { case } => (case, json!({"act": "withdrawCase"}), None),
    };
    let (name, mut act, with) = step;
    let case = id(cli, "Case", name).await?;
    if let Json::Object(act) = &mut act {
        act.insert("case".into(), json!(case));
    }
    let mut acts = vec![act];
    if let Some(file) = with {
        let bytes = std::fs::read(file)
            .map_err(|error| Failure::Unreachable(format!("`{}`: {error}", file.display())))?;
        let json = pipeline::parse_json(&bytes)?;
        let more = json.as_array().or_else(|| json.get("acts").and_then(Json::as_array));
        let wrong = || Failure::Usage(format!("`{}` holds no list of acts", file.display()));
        acts.extend(more.ok_or_else(wrong)?.iter().cloned());
    }
    let receipt = act_as(cli, acts).await?;
    let found = one(cli, "Case", &case).await.unwrap_or_default();
    say(cli.json, &json!({"receipt": receipt, "case": found}), || match found.is_object() {
        true => case_line(&found),
        // Whoever handed it on does not see it any more.
        false => "done; it is somebody else's now".to_owned(),
    });
    Ok(())
}

async fn open(
    cli: &Cli,
    (decision, about): (Option<&str>, Option<&str>),
    against: &[String],
    because: &str,
) -> Result<(), Failure> {
    let mut parties = Vec::new();
    for name in against {
        parties.push(agent_of(cli, name).await?);
    }
    let mut act = json!({"act": "openCase", "against": parties, "statement": because});
    if let (Some(decision), Json::Object(act)) = (decision, &mut act) {
        let command = text(part(&asked_why(cli, decision).await?, "receipt"), "command");
        act.insert("decision".into(), json!(command));
    }
    if let (Some(name), Json::Object(act)) = (about, &mut act) {
        act.insert("resourceInventoriedAs".into(), json!(thing(cli, name).await?));
    }
    let receipt = act_as(cli, vec![act]).await?;
    let made = super::made(&receipt, "Case").map(|id| id.to_string()).unwrap_or_default();
    let found = one(cli, "Case", &made).await?;
    say(cli.json, &json!({"receipt": receipt, "case": found}), || described(&found));
    Ok(())
}

fn case_line(row: &Json) -> String {
    let due = day(row, "due").map(|due| format!(", by {due}")).unwrap_or_default();
    let who = row.get("assignee").and_then(Json::as_str).unwrap_or("nobody yet");
    let kind = if text(row, "kind") == "appeal" { "appeal" } else { "report" };
    format!(
        "{}  {kind} of {}: {}; {who} looks into it{due}\n",
        short(&text(row, "id")),
        text(row, "author"),
        text(row, "status")
    )
}

fn described(row: &Json) -> String {
    let mut said = case_line(row);
    let parties: Vec<&str> = rows(part(row, "parties")).iter().filter_map(Json::as_str).collect();
    said.push_str(&format!("  between {}\n", parties.join(", ")));
    if let Some(about) = row.get("about").and_then(Json::as_str) {
        said.push_str(&format!("  about {about}\n"));
    }
    let decided = row.get("decided").and_then(|receipt| receipt.get("refused"));
    if let Some(refused) = decided {
        said.push_str(&format!("  against: {}\n", text(refused, "sentence")));
    }
    for one in rows(part(row, "statements")) {
        let at = day(one, "at").unwrap_or_default();
        said.push_str(&format!("  {at} {}: \"{}\"\n", text(one, "by"), text(one, "says")));
    }
    let id = short(&text(row, "id"));
    if row.get("open") == Some(&json!(true)) {
        said.push_str(&format!(
            "  next: parties say `reflow case say {id} …`; {} says `reflow case close {id} upheld|reversed|mediated --because …`\n",
            row.get("assignee").and_then(Json::as_str).unwrap_or("whoever is asked")
        ));
    }
    said
}

/// Joining, step by step.
pub(super) async fn joining(cli: &Cli, member: &Member) -> Result<(), Failure> {
    let (name, act) = match member {
        Member::Apply { name, answers, password } => {
            let request =
                Request::Apply { network: network_name(cli)?, name: name.clone(), answers: answers.clone() };
            let receipt = ask(cli, request).await?;
            let document = account(cli, name, password.as_deref(), receipt).await?;
            let password = text(&document, "password");
            say(cli.json, &document, || {
                format!("{name} asked to join; signs in as `{name}` with the password `{password}`")
            });
            return Ok(());
        }
        Member::Applications => {
            let found = settling(cli, "Application", None).await?;
            say(cli.json, &found, || match rows(&found) {
                [] => "nobody has asked to join".to_owned(),
                rows => rows.iter().map(application_lines).collect(),
            });
            return Ok(());
        }
        Member::Vouch { name, certificate: None } => (name, json!({"act": "vouch"})),
        Member::Vouch { name, certificate: Some(what) } => {
            (name, json!({"act": "vouch", "certificate": what}))
        }
        Member::Accept { name } => (name, json!({"act": "acceptApplication"})),
        Member::Decline { name, because } => (name, json!({"act": "declineApplication", "reason": because})),
        _ => return Ok(()),
    };
    let application = id(cli, "Application", name).await?;
    let mut act = act;
    if let Json::Object(act) = &mut act {
        act.insert("application".into(), json!(application));
    }
    let receipt = act_as(cli, vec![act]).await?;
    let stands = one(cli, "Application", &application).await?;
    say(cli.json, &json!({"receipt": receipt, "application": stands}), || application_lines(&stands));
    Ok(())
}

fn application_lines(row: &Json) -> String {
    let list = |name: &str| -> Vec<String> {
        let all = rows(part(row, name));
        all.iter().filter_map(Json::as_str).map(str::to_owned).collect()
    };
    let takes = row.get("takes").and_then(Json::as_u64).unwrap_or_default();
    let vouched = match (list("vouchers"), takes) {
        (names, 0) if names.is_empty() => String::new(),
        (names, takes) if names.is_empty() => format!("; it takes {takes} who vouch"),
        (names, takes) => format!("; it takes {takes} who vouch, so far {}", names.join(", ")),
    };
    let mut said =
        format!("{}  {}: {}{vouched}\n", short(&text(row, "id")), text(row, "name"), text(row, "status"));
    for pair in rows(part(row, "answers")) {
        let part = |n: usize| pair.get(n).and_then(Json::as_str).unwrap_or_default();
        said.push_str(&format!("  {} \"{}\"\n", part(0), part(1)));
    }
    said
}

/// The rules in force, or how they were used.
pub(super) async fn rules(cli: &Cli, rules: &RulesInForce) -> Result<(), Failure> {
    let (network, agent) = (network_name(cli)?, cli.agent.clone());
    if rules.used {
        let found = ask(cli, Request::InUse { network, agent, last: rules.last }).await?;
        say(cli.json, &found, || used_in_lines(&found));
        return Ok(());
    }
    let whose = agent.clone();
    let found = ask(cli, Request::Standing { network, agent, act: rules.act.clone() }).await?;
    say(cli.json, &found, || {
        let mine = |row: &&Json| whose.is_none() || row.get("mine") == Some(&json!(true));
        rows(&found).iter().filter(mine).map(rule_line).collect()
    });
    Ok(())
}

fn rule_line(row: &Json) -> String {
    let sign = if text(row, "effect") == "permit" { "+" } else { "-" };
    let layer = if row.get("protected") == Some(&json!(true)) { " (constitution)" } else { "" };
    format!("{sign} {}{layer}\n    {}\n", text(row, "title"), text(row, "id"))
}

fn used_in_lines(found: &Json) -> String {
    let number = |json: &Json, name: &str| json.get(name).and_then(Json::as_u64).unwrap_or_default();
    let mut said = format!(
        "entries {} to {}: {} commands, {} refused\n\n decided  refused  excepted  appealed\n",
        number(found, "from"),
        number(found, "to"),
        number(found, "commands"),
        number(found, "refused")
    );
    for row in rows(part(found, "rules")) {
        let of = |name: &str| number(row, name);
        let gone = if row.get("inForce") == Some(&json!(false)) { " (no longer in force)" } else { "" };
        said.push_str(&format!(
            "{:8} {:8} {:9} {:9}  {}{gone}\n",
            of("decided"),
            of("refused"),
            of("excepted"),
            of("appealed"),
            text(row, "title")
        ));
    }
    said
}

/// What somebody may do with something.
pub(super) async fn may(cli: &Cli, what: &str) -> Result<(), Failure> {
    let (network, agent) = (network_name(cli)?, agent_name(cli)?);
    let found = ask(cli, Request::May { network, agent, what: what.to_owned() }).await?;
    say(cli.json, &found, || {
        let mut said = format!("{}\n", text(&found, "about"));
        for row in rows(part(&found, "acts")) {
            match row.get("refused").filter(|refused| refused.is_object()) {
                None => said.push_str(&format!("  yes  {}\n", text(row, "what"))),
                Some(refused) => said.push_str(&format!(
                    "  no   {}: {}\n       {}\n",
                    text(row, "what"),
                    text(refused, "sentence"),
                    text(refused, "remedy")
                )),
            }
        }
        said
    });
    Ok(())
}

async fn asked_why(cli: &Cli, decision: &str) -> Result<Json, Failure> {
    let (network, agent) = (network_name(cli)?, cli.agent.clone());
    ask(cli, Request::Why { network, agent, decision: decision.to_owned() }).await
}

/// Why a decision came out as it did.
pub(super) async fn why(cli: &Cli, decision: &str) -> Result<(), Failure> {
    let found = asked_why(cli, decision).await?;
    say(cli.json, &found, || why_in_lines(&found));
    Ok(())
}

fn why_in_lines(found: &Json) -> String {
    let receipt = part(found, "receipt");
    let acts: Vec<&str> = rows(part(found, "acts")).iter().filter_map(Json::as_str).collect();
    let seq = receipt.get("seq").and_then(Json::as_u64).unwrap_or_default();
    let at = day(receipt, "at").unwrap_or_default();
    let mut said = format!("entry {seq}, {at}: {} ({})\n", acts.join(", "), text(found, "by"));
    let Some(refused) = receipt.get("refused") else {
        said.push_str("permitted\n");
        for row in rows(part(found, "settledBy")) {
            said.push_str(&format!("  by \"{}\" ({})\n", text(row, "title"), text(row, "rule")));
        }
        return said;
    };
    said.push_str(&format!("refused: {}\n  {}\n", text(refused, "sentence"), text(refused, "remedy")));
    for row in rows(part(found, "reasons")) {
        let forbids = text(row, "effect") == "forbid";
        let how = if forbids { "forbidden by" } else { "would be permitted by" };
        said.push_str(&format!("  {how} \"{}\" ({})\n", text(row, "title"), text(row, "rule")));
        for test in rows(part(row, "because")).iter().filter_map(Json::as_str) {
            let holds = if forbids { "holds" } else { "does not hold" };
            said.push_str(&format!("    {test}  ({holds})\n"));
        }
        for instead in rows(part(row, "instead")).iter().filter_map(Json::as_str) {
            said.push_str(&format!("    {instead}\n"));
        }
    }
    said
}

/// Erases somebody, or a record.
pub(super) async fn erase(cli: &Cli, erase: &Erase) -> Result<(), Failure> {
    let agent = if erase.unlawful { None } else { Some(agent_name(cli)?) };
    let (network, what, reason) = (network_name(cli)?, erase.what.clone(), erase.because.clone());
    let found = ask(cli, Request::Erase { network, agent, what, reason }).await?;
    say(cli.json, &found, || {
        let number = |name: &str| found.get(name).and_then(Json::as_u64).unwrap_or_default();
        format!(
            "erased from {} of the journal's entries and {} of its records; the database has been written anew\nbackups that were made before still hold it: erase them too",
            number("entries"),
            number("records")
        )
    });
    Ok(())
}
