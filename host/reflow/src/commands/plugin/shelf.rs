//! From a component to a network that is bound to it: packages, signatures, the shelf, a rule change.

use std::path::{Path, PathBuf};

use kit::Package;
use kit::package::{Kind, Label, is_package};
use serde_json::{Value as Json, json};

use super::trying;
use crate::cli::{Binding, Cli, Named, Target, Trust};
use crate::commands::{act_as, ask, key, made, network_name, registry, text};
use crate::console::Request;
use crate::output::{Failure, say};

/// Puts a plugin into a registry.
pub fn pack(cli: &Cli, (plugin, target): (&Path, &Target), registry: &Path) -> Result<(), Failure> {
    let component = trying::component(cli, plugin, target)?;
    let bytes = kit::read(&component)?;
    let package = Package::pack(Label::of_plugin(&bytes)?, bytes, registry)?;
    say(cli.json, &shown(&package), || {
        let folder = package.folder.display();
        format!(
            "packed {}\nnext: `reflow plugin sign {folder} --key FILE`, and `reflow plugin publish {folder} --to DIR`",
            line(&package)
        )
    });
    Ok(())
}

/// Signs a package.
pub fn sign(cli: &Cli, folder: &Path) -> Result<(), Failure> {
    let file = cli.key.as_ref().ok_or_else(|| {
        Failure::Usage("say with which key: `--key FILE`; make one with `reflow key new FILE`".to_owned())
    })?;
    let mut package = Package::open(folder)?;
    package.sign(&key::of_file(file)?);
    package.write()?;
    say(cli.json, &shown(&package), || line(&package));
    Ok(())
}

/// Puts a package into another registry.
pub async fn publish(cli: &Cli, folder: &Path, registry: &Path) -> Result<(), Failure> {
    let there = registry::publish(cli, Package::open(folder)?, registry).await?;
    say(cli.json, &shown(&there), || {
        format!(
            "published {}\nnext: `reflow plugin install {}@{} --from {}`",
            line(&there),
            there.label.name,
            there.label.version,
            registry.display()
        )
    });
    Ok(())
}

fn shown(package: &Package) -> Json {
    let keys: Vec<&String> = package.signatures.iter().map(|one| &one.key).collect();
    json!({"plugin": package.label.name, "version": package.label.version, "component": package.digest,
           "folder": package.folder, "signedBy": keys})
}

fn line(package: &Package) -> String {
    let Label { name, version, .. } = &package.label;
    format!(
        "{name} {version} ({})\n  {}\n  {}",
        package.digest,
        package.folder.display(),
        registry::signed_by(package)
    )
}

/// Where a plugin lies that somebody names.
async fn found(cli: &Cli, named: &Named) -> Result<PathBuf, Failure> {
    let path = Path::new(&named.plugin);
    let Some(registry) = &named.from else {
        return match is_package(path) || path.is_file() {
            true => Ok(std::path::absolute(path)?),
            false => Err(Failure::Usage(format!(
                "`{}` is neither a package nor a component; say with `--from` in which registry it is",
                named.plugin
            ))),
        };
    };
    let package = registry::fetch(cli, Kind::Plugin, &named.plugin, registry).await?;
    Ok(std::path::absolute(package.folder)?)
}

async fn laid(cli: &Cli, named: &Named) -> Result<(PathBuf, Json), Failure> {
    let path = found(cli, named).await?;
    let bar = crate::commands::waiting(cli, format!("looking whether `{}` is admitted", named.plugin));
    let reply = ask(cli, Request::Shelve { path: path.display().to_string() }).await;
    bar.finish_and_clear();
    Ok((path, reply?))
}

/// Lays a plugin on the shelf.
pub async fn install(cli: &Cli, named: &Named) -> Result<(), Failure> {
    let (_, reply) = laid(cli, named).await?;
    say(cli.json, &reply, || {
        format!(
            "{} {} lies on the shelf, where it has no effect until rules name it: {}\nnext: `reflow plugin bind {} --network \
             NETWORK --as SOMEBODY`",
            text(&reply, "plugin"),
            text(&reply, "version"),
            text(&reply, "component"),
            named.plugin
        )
    });
    Ok(())
}

/// What lies on the shelf.
pub async fn list(cli: &Cli) -> Result<(), Failure> {
    let reply = ask(cli, Request::OnShelf).await?;
    say(cli.json, &reply, || {
        let rows: Vec<String> = reply.as_array().into_iter().flatten().map(on_shelf).collect();
        match rows.is_empty() {
            true => "nothing lies on the shelf".to_owned(),
            false => rows.join("\n"),
        }
    });
    Ok(())
}

fn on_shelf(one: &Json) -> String {
    let title = format!("{} {}  {}", text(one, "plugin"), text(one, "version"), text(one, "component"));
    let keys: Vec<&str> =
        one.get("signedBy").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect();
    let signed = if keys.is_empty() {
        "signed by nobody".to_owned()
    } else {
        format!("signed by {}", keys.join(", "))
    };
    let held =
        one.get("admission").and_then(|admission| admission.get("held")).filter(|held| held.is_object());
    let number = |name: &str| held.and_then(|held| held.get(name)).and_then(Json::as_u64).unwrap_or_default();
    let laws = held.and_then(|held| held.get("laws")).and_then(Json::as_array).map_or(0, Vec::len);
    let found = match held {
        Some(_) => format!(
            "held to {laws} laws; a call takes {} of fuel, and {} for each item more",
            number("fuelBase"),
            number("fuelPerItem")
        ),
        None => "admitted before it was written down what was found".to_owned(),
    };
    let revoked = match one.get("revoked").and_then(Json::as_str) {
        Some(because) => format!("\n  REVOKED: {because}"),
        None => String::new(),
    };
    format!(
        "{title}\n  {} bytes, {signed}\n  {found}{revoked}",
        one.get("bytes").cloned().unwrap_or_default()
    )
}

/// Revokes, takes a revocation back, or says what is revoked; and what follows from it in which network.
pub async fn revoke(cli: &Cli, what: Option<&str>, because: Option<&str>, undo: bool) -> Result<(), Failure> {
    if what.is_some() && because.is_none() && !undo {
        return Err(Failure::Usage("say why, with `--because`: everybody reads it".to_owned()));
    }
    let change = what.map(|what| (what.to_owned(), because.map(str::to_owned)));
    let reply = ask(cli, Request::Revoked(change)).await?;
    say(cli.json, &reply, || {
        let rows = |name: &str| reply.get(name).and_then(Json::as_array).cloned().unwrap_or_default();
        let revoked = rows("revoked")
            .into_iter()
            .map(|one| format!("revoked: {}  {}\n", text(&one, "what"), text(&one, "because")));
        let withheld = rows("withheld").into_iter().map(|one| {
            let then = match one.get("instead").filter(|instead| !instead.is_null()) {
                Some(instead) => format!("{} answers in its place", text(instead, "component")),
                None => "what needs it is refused, until other rules come into force".to_owned(),
            };
            let (network, plugin) = (text(&one, "network"), text(&one, "plugin"));
            format!("`{network}`: `{plugin}` ({}) is out of use; {then}\n", text(&one, "component"))
        });
        let lines: String = revoked.chain(withheld).collect();
        match lines.is_empty() {
            true => "nothing is revoked, and everything is in use".to_owned(),
            false => lines,
        }
    });
    Ok(())
}

/// Lays it on the shelf, and writes a rule change down that binds it.
pub async fn bind(
    cli: &Cli,
    named: &Named,
    how: &Binding,
    (title, because): (Option<&str>, Option<&str>),
) -> Result<(), Failure> {
    let (path, _) = laid(cli, named).await?;
    let component = if is_package(&path) { path.join("plugin.wasm") } else { path };
    let reply = ask(cli, Request::Bound(trying::trying(network_name(cli)?, &component, how)?)).await?;
    let bound = reply.get("bound").cloned().unwrap_or_default();
    let title = title.map_or_else(
        || format!("Bind {} {}", text(&bound, "plugin"), text(&bound, "version")),
        str::to_owned,
    );
    let book = reply.get("book").cloned().unwrap_or_default();
    let receipt = draft(cli, &title, because, book).await?;
    say(cli.json, &json!({"receipt": receipt, "title": title, "bound": bound}), || drafted(&title));
    Ok(())
}

async fn draft(cli: &Cli, title: &str, because: Option<&str>, book: Json) -> Result<Json, Failure> {
    let act = json!({"act": "draftAmendment", "title": title, "effects": [], "note": because.unwrap_or_default(),
                     "book": book});
    act_as(cli, vec![act]).await
}

fn drafted(title: &str) -> String {
    format!(
        "written down as the rule change \"{title}\"; nothing has changed yet\nnext: `reflow amendment sponsor \"{title}\"`, by somebody else"
    )
}

/// Whom a network trusts, and bringing to a vote whom it does.
pub async fn trust(cli: &Cli, trust: &Trust) -> Result<(), Failure> {
    let request = Request::Book { network: network_name(cli)?, back: 0 };
    let mut book = ask(cli, request).await?.get("book").cloned().unwrap_or_default();
    let now = book.get("trust").cloned().unwrap_or_else(|| json!({"needed": 0, "keys": {}}));
    let mut keys = now.get("keys").and_then(Json::as_object).cloned().unwrap_or_default();
    let before = now.get("needed").and_then(Json::as_u64).unwrap_or_default();
    let (title, needed, because) = match trust {
        Trust::List => {
            say(cli.json, &now, || match keys.is_empty() {
                true => "whatever lies on the shelf of this node can be bound: nobody has to sign".to_owned(),
                false => {
                    let each = keys
                        .iter()
                        .map(|(name, key)| format!("{name}  {}\n", key.as_str().unwrap_or_default()));
                    format!(
                        "what a rule change binds has to be signed by {before} of\n{}",
                        each.collect::<String>()
                    )
                }
            });
            return Ok(());
        }
        Trust::Add { name, public, needed, because } => {
            keys.insert(name.clone(), json!(public));
            (format!("Trust the key of {name}"), *needed, because)
        }
        Trust::Remove { name, needed, because } => {
            if keys.remove(name).is_none() {
                return Err(Failure::refused(
                    "unknown-key",
                    format!("no key is called `{name}`"),
                    "See `reflow trust list`.",
                ));
            }
            (format!("Trust the key of {name} no more"), *needed, because)
        }
    };
    let needed =
        needed.unwrap_or_else(|| usize::try_from(before).unwrap_or_default().clamp(1, keys.len().max(1)));
    if let Json::Object(book) = &mut book {
        match keys.is_empty() {
            true => book.remove("trust"),
            false => book.insert("trust".to_owned(), json!({"needed": needed, "keys": keys})),
        };
    }
    let receipt = draft(cli, &title, because.as_deref(), book).await?;
    let made = made(&receipt, "Amendment");
    say(cli.json, &json!({"receipt": receipt, "title": title, "amendment": made}), || drafted(&title));
    Ok(())
}
