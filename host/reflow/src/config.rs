//! The configuration: a file, under what the environment and the command line say.
//!
//! The command line's own library lays flags over the environment; this lays both over the file, so that each
//! setting has one name everywhere: `admin-listen` in the file, `REFLOW_ADMIN_LISTEN`, `--admin-listen`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pipeline::quotas::{Quota, Quotas};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::cli::{Cli, Command};
use crate::output::{Failure, say};

/// What the file may say.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Config {
    /// Where members are served.
    pub listen: Option<String>,
    /// Where the operator's programs are: `/livez`, `/readyz`, `/metrics`. Not for the world.
    pub admin_listen: Option<String>,
    /// PostgreSQL instead of the embedded database.
    pub database: Option<String>,
    /// A file that holds that address, for one with a password in it.
    pub database_file: Option<PathBuf>,
    /// Whether signed-in people may try Cedar policies of their own.
    pub dry_run: Option<bool>,
    /// What is logged: `warn`, `info`, `pipeline=debug`.
    pub log: Option<String>,
    /// What each network may use, and those that may use something else, by name.
    pub quotas: Limits,
}

/// Quotas as the file says them.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Every network that is not named.
    pub each: Quota,
    /// Those that are.
    pub network: BTreeMap<String, Quota>,
}

impl Limits {
    /// As the node takes them.
    pub fn quotas(&self) -> Quotas {
        Quotas { each: self.each, named: self.network.clone().into_iter().collect() }
    }
}

/// Reads the file that the command line names, or the one in the data folder, if there is one.
pub fn read(cli: &Cli) -> Result<(Config, Option<PathBuf>), Failure> {
    let usual = cli.data.join("reflow.toml");
    let path = match &cli.config {
        Some(path) => path.clone(),
        None if usual.exists() => usual,
        None => return Ok((Config::default(), None)),
    };
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Failure::Unreachable(format!("`{}`: {error}", path.display())))?;
    let config = toml::from_str(&text)
        .map_err(|error| Failure::Usage(format!("`{}`: {}", path.display(), error.to_string().trim_end())))?;
    Ok((config, Some(path)))
}

fn address(path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Unreachable(format!("`{}`: {error}", path.display())))?;
    Ok(text.trim().to_owned())
}

impl Cli {
    /// Fills in from the file what neither environment nor flags say.
    pub fn fill(&mut self, config: &Config) -> Result<(), Failure> {
        if self.database.is_none() {
            self.database = match (&self.database_file, &config.database, &config.database_file) {
                (Some(path), ..) | (None, None, Some(path)) => Some(address(path)?),
                (None, database, _) => database.clone(),
            };
        }
        self.quotas = config.quotas.quotas();
        let listen = match &mut self.command {
            Command::Serve(listen) => listen,
            Command::Demo(demo) => &mut demo.listen,
            _ => return Ok(()),
        };
        listen.listen = listen.listen.take().or(config.listen.clone());
        listen.admin_listen = listen.admin_listen.take().or(config.admin_listen.clone());
        listen.dry_run |= config.dry_run.unwrap_or_default();
        Ok(())
    }
}

/// Says what the configuration comes to, and where each part of it stands; anything wrong was refused before.
pub fn check(cli: &Cli) -> Result<(), Failure> {
    let (config, path) = read(cli)?;
    let from = |flag: bool, filed: bool| match (flag, filed) {
        (true, _) => "environment or flag",
        (false, true) => "file",
        (false, false) => "default",
    };
    let flagged = |name: &str| std::env::var_os(name).is_some();
    let secret = cli.database.as_ref().map(|address| match address.split_once('@') {
        Some((_, rest)) => format!("postgres://…@{rest}"),
        None => address.clone(),
    });
    let filed = config.database.is_some() || config.database_file.is_some();
    let named =
        cli.database.is_some() && (!filed || flagged("REFLOW_DATABASE") || cli.database_file.is_some());
    let mut rows: Vec<(String, Json, &str)> = vec![
        ("data".into(), json!(cli.data), from(cli.data != Path::new("./reflow-data"), false)),
        ("config".into(), json!(path), from(cli.config.is_some(), false)),
        ("database".into(), json!(secret.unwrap_or("sqlite, in the data folder".into())), from(named, filed)),
        ("listen".into(), json!(config.listen), from(flagged("REFLOW_LISTEN"), config.listen.is_some())),
        (
            "admin-listen".into(),
            json!(config.admin_listen),
            from(flagged("REFLOW_ADMIN_LISTEN"), config.admin_listen.is_some()),
        ),
        ("dry-run".into(), json!(config.dry_run), from(flagged("REFLOW_DRY_RUN"), config.dry_run.is_some())),
        ("log".into(), json!(config.log), from(flagged("REFLOW_LOG"), config.log.is_some())),
        ("quotas.each".into(), json!(config.quotas.each), "file"),
    ];
    for (name, quota) in &config.quotas.network {
        rows.push((format!("quotas.network.{name}"), json!(quota), "file"));
    }
    let document: Vec<Json> = rows
        .iter()
        .map(|(name, value, from)| json!({"setting": name, "value": value, "from": from}))
        .collect();
    say(cli.json, &json!(document), || {
        let shown = |value: &Json| match value {
            Json::Null => "-".to_owned(),
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        rows.iter().map(|(name, value, from)| format!("{name}: {}  ({from})\n", shown(value))).collect()
    });
    Ok(())
}
