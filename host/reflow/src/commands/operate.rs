//! What an operator does to a network whatever its rules say: pause it, end that, bring rules to one that nobody
//! could change any more. Each is an entry of that network, with a reason that everybody reads.

use serde_json::json;

use super::{absolute, ask};
use crate::cli::{Cli, Network};
use crate::console::Request;
use crate::output::{Failure, say};

/// Does what was asked.
pub(super) async fn run(cli: &Cli, network: &Network) -> Result<(), Failure> {
    match network {
        Network::Pause { name, plugin, hours, because } => {
            let request = Request::Pause {
                network: name.clone(),
                plugin: plugin.clone(),
                hours: *hours,
                reason: because.clone(),
            };
            let reply = ask(cli, request).await?;
            let what = plugin.as_ref().map_or(String::new(), |plugin| format!("`{plugin}` of "));
            say(cli.json, &reply, || {
                format!("{what}`{name}` is paused for {hours} hours; everybody reads why")
            });
        }
        Network::Resume { name, plugin } => {
            let request = Request::Resume { network: name.clone(), plugin: plugin.clone() };
            let ended = ask(cli, request).await?;
            say(cli.json, &ended, || format!("`{name}` goes on"));
        }
        Network::Recover { name, rules, because } => {
            let request = Request::Recover {
                network: name.clone(),
                rules: absolute(rules),
                plugins: absolute(&cli.plugins),
                reason: because.clone(),
            };
            let reply = ask(cli, request).await?;
            say(cli.json, &reply, || {
                format!(
                    "members of `{name}` can say no to these rules for thirty days: `reflow amendment withdraw`; then \
                     they are in force"
                )
            });
        }
        _ => say(cli.json, &json!({}), String::new),
    }
    Ok(())
}
