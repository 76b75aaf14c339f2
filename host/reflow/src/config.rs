//! The configuration: a file, under what the environment and the command line say.
//!
//! The command line's own library lays flags over the environment; this lays both over the file, so that each
//! setting has one name everywhere: `admin-listen` in the file, `REFLOW_ADMIN_LISTEN`, `--admin-listen`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pipeline::quotas::{Quota, Quotas};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::cli::{self, Cli, Command, Listen, LogFormat};
use crate::output::{Failure, say};
use crate::{serve, telemetry};

/// What the file may say.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Config {
    /// The data folder; in the data folder's own file it says nothing new.
    pub data: Option<PathBuf>,
    /// Where built plugins lie.
    pub plugins: Option<PathBuf>,
    /// Where members are served.
    pub listen: Option<String>,
    /// The address under which people know this node.
    pub base_url: Option<String>,
    /// The certificate to show.
    pub tls_certificate: Option<PathBuf>,
    /// The key to it.
    pub tls_key: Option<PathBuf>,
    /// Proxies that are believed.
    pub trusted_proxies: Option<Vec<String>>,
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
    /// How.
    pub log_format: Option<LogFormat>,
    /// A collector of traces.
    pub otlp: Option<String>,
    /// How the node goes out: `clear`, or `onion-only`, in which nothing goes out in the clear.
    pub mode: egress::Mode,
    /// The server through which letters are sent; without it, none are.
    pub mail: Option<egress::MailServer>,
    /// Another service through which people can sign in, by OpenID Connect.
    pub oidc: Option<identity::oidc::Settings>,
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

/// Where a node that was installed as a package has its configuration.
const PACKAGED: &str = "/etc/reflow/reflow.toml";
const DATA: &str = "./reflow-data";

/// Reads the file that the command line names, or the one in the data folder, or, where no folder is named
/// either, the package's.
pub fn read(cli: &Cli) -> Result<(Config, Option<PathBuf>), Failure> {
    let usual = cli.data_said.as_deref().unwrap_or(Path::new(DATA)).join("reflow.toml");
    let path = match &cli.config {
        Some(path) => path.clone(),
        None if usual.exists() => usual,
        None if cli.data_said.is_none() && Path::new(PACKAGED).exists() => PACKAGED.into(),
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

/// A setting: what it came to, and which layer said so.
#[derive(Debug, Clone)]
pub struct Setting {
    name: String,
    value: Json,
    from: &'static str,
}

/// Settings as they are laid over each other.
#[derive(Default)]
struct Layers(Vec<Setting>);

impl Layers {
    /// One that may be left open.
    fn lay<T: Clone + Serialize>(&mut self, name: &str, said: Option<T>, filed: &Option<T>) -> Option<T> {
        let from = match (&said, filed) {
            (Some(_), _) => "environment or flag",
            (None, Some(_)) => "file",
            (None, None) => "default",
        };
        let value = said.or_else(|| filed.clone());
        self.0.push(Setting { name: name.into(), value: json!(value), from });
        value
    }

    /// One that has a value in any case.
    fn lay_over<T: Clone + Serialize>(
        &mut self,
        name: &str,
        said: Option<T>,
        filed: &Option<T>,
        usual: T,
    ) -> T {
        let value = self.lay(name, said, filed).unwrap_or(usual);
        if let Some(last) = self.0.last_mut() {
            last.value = json!(value);
        }
        value
    }
}

impl Cli {
    /// Fills in from the file what neither environment nor flags say.
    pub fn fill(&mut self, config: &Config) -> Result<(), Failure> {
        let mut layers = Layers::default();
        self.data = layers.lay_over("data", self.data_said.clone(), &config.data, DATA.into());
        let built = PathBuf::from("./target/plugins");
        self.plugins = layers.lay_over("plugins", self.plugins_said.clone(), &config.plugins, built);
        self.fill_database(&mut layers, config)?;
        let log = &mut self.log;
        log.log = Some(layers.lay_over("log", log.log.take(), &config.log, "warn".into()));
        let format = layers.lay_over("log-format", log.log_format, &config.log_format, LogFormat::Text);
        log.log_format = Some(format);
        log.otlp = layers.lay("otlp", log.otlp.take(), &config.otlp);
        if let Command::Serve(listen) | Command::Config(cli::Config::Check(listen)) = &mut self.command {
            listen.fill(&mut layers, config);
        } else if let Command::Demo(demo) = &mut self.command {
            demo.listen.fill(&mut layers, config);
        }
        self.quotas = config.quotas.quotas();
        (self.mode, self.mail, self.oidc) = (config.mode, config.mail.clone(), config.oidc.clone());
        self.settings = layers.0;
        Ok(())
    }

    fn fill_database(&mut self, layers: &mut Layers, config: &Config) -> Result<(), Failure> {
        let said = match &self.database_file {
            Some(path) => Some(address(path)?),
            None => self.database.take(),
        };
        let filed = match (&config.database_file, &said) {
            (Some(path), None) => Some(address(path)?),
            _ => config.database.clone(),
        };
        self.database = layers.lay("database", said, &filed);
        if let Some(last) = layers.0.last_mut() {
            // Whoever reads this over somebody's shoulder does not need the password.
            last.value = match self.database.as_deref().map(|address| address.split_once('@')) {
                Some(Some((_, rest))) => json!(format!("postgres://…@{rest}")),
                Some(None) => last.value.take(),
                None => json!("sqlite, in the data folder"),
            };
        }
        Ok(())
    }
}

impl Listen {
    fn fill(&mut self, layers: &mut Layers, config: &Config) {
        let doors = layers.lay_over("listen", self.listen.take(), &config.listen, "127.0.0.1:4700".into());
        self.listen = Some(doors);
        self.base_url = layers.lay("base-url", self.base_url.take(), &config.base_url);
        let certificate = self.tls_certificate.take();
        self.tls_certificate = layers.lay("tls-certificate", certificate, &config.tls_certificate);
        self.tls_key = layers.lay("tls-key", self.tls_key.take(), &config.tls_key);
        let proxies = std::mem::take(&mut self.trusted_proxies);
        let said = (!proxies.is_empty()).then_some(proxies);
        let filed = &config.trusted_proxies;
        self.trusted_proxies = layers.lay_over("trusted-proxies", said, filed, Vec::new());
        self.admin_listen = layers.lay("admin-listen", self.admin_listen.take(), &config.admin_listen);
        self.dry_run = Some(layers.lay_over("dry-run", self.dry_run, &config.dry_run, false));
    }
}

/// Says what the configuration comes to, and where each part of it stands; anything wrong is refused.
pub fn check(cli: &Cli, listen: &Listen) -> Result<(), Failure> {
    serve::outside(listen, None)?;
    serve::tls(listen)?;
    telemetry::check(&cli.log)?;
    crate::beside::ready(cli, listen)?;
    let config = read(cli)?;
    let mut rows = vec![Setting {
        name: "config".into(),
        value: json!(config.1),
        from: if cli.config.is_some() { "environment or flag" } else { "default" },
    }];
    rows.extend(cli.settings.iter().cloned());
    let from = if config.1.is_some() { "file" } else { "default" };
    let filed = |name: String, value: Json| Setting { name, value, from };
    let Config { quotas, mode, mail, oidc, .. } = config.0;
    rows.push(filed("mode".into(), json!(mode)));
    rows.push(filed("mail".into(), json!(mail.map(|mail| mail.server))));
    rows.push(filed("oidc".into(), json!(oidc.map(|oidc| oidc.issuer))));
    rows.push(filed("quotas.each".into(), json!(quotas.each)));
    let named = quotas.network.iter();
    rows.extend(named.map(|(name, quota)| filed(format!("quotas.network.{name}"), json!(quota))));
    let document: Vec<Json> =
        rows.iter().map(|row| json!({"setting": row.name, "value": row.value, "from": row.from})).collect();
    say(cli.json, &json!(document), || rows.iter().map(Setting::line).collect());
    Ok(())
}

impl Setting {
    fn line(&self) -> String {
        let shown = match &self.value {
            Json::Null => "-".to_owned(),
            Json::String(text) => text.clone(),
            Json::Array(list) if list.is_empty() => "-".to_owned(),
            other => other.to_string(),
        };
        format!("{}: {shown}  ({})\n", self.name, self.from)
    }
}
