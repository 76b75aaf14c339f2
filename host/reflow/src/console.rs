//! The console's own door: what the owner of the data folder asks, done by the running node if there
//! is one, and in this process if there is none. One request a connection, a JSON document each way.

mod acting;
mod files;
pub(crate) mod governing;
mod plans;
mod quote;
mod rounds;
mod settling;
mod shelf;
mod trying;

use std::path::Path;
use std::sync::Arc;

pub use acting::Acting;
use pipeline::{Charter, Node, Place, Receipt, Rejection, Via};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
pub use trying::Trying;
use valueflows::{Class, Id, Prop};

use crate::output::Failure;
pub use plans::{PlanAsked, Planning, WantedThing};

/// Longest request on the socket, bytes.
const REQUEST_BYTES_MAX: u64 = 64 << 20;

/// What the console can ask of a node.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// Found a network.
    Found {
        name: String,
        rules: String,
        plugins: String,
        place: (String, String),
        stewards: Vec<String>,
        sandbox: bool,
        clock_us: Option<i64>,
    },
    /// Lay a rule set's components on the shelf.
    Install { rules: String, plugins: String },
    /// The operator pauses a network or one of its plugins.
    Pause { network: String, plugin: Option<String>, hours: i64, reason: String },
    /// And ends that.
    Resume { network: String, plugin: Option<String> },
    /// The operator brings rules to a network that nobody could change any more.
    Recover { network: String, rules: String, plugins: String, reason: String },
    /// Acts on behalf of somebody, by name; perhaps in the name of somebody else, who has delegated it to them.
    Act(Acting),
    /// What there is to sign in such acts, before they are sent.
    ToSign(Acting),
    /// The key that somebody signs with.
    KeyOf { network: String, agent: String },
    /// What IRIs mean in a network, and its units.
    Elsewhere { network: String, agent: String, iris: Vec<String>, names: bool },
    /// What would come of commands, one after the other; nothing is written.
    Rehearse { network: String, commands: Vec<Json> },
    /// A network, or a part of it, as a file.
    Export { network: String, agent: String, class: Option<String>, resource: Option<String> },
    /// An account for an agent.
    Account { network: String, name: String, password: String, agent: Id },
    /// Another password for an account.
    Password { network: String, name: String, password: String },
    /// A token by which a program does what somebody delegated.
    Token { network: String, agent: String, name: String, delegation: Id },
    /// A network ends here.
    Depart { network: String, to: String },
    /// A network is taken in from a file.
    Adopt { file: String, name: Option<String>, passphrase: Option<String> },
    /// A link by which somebody founds a network on a page.
    FoundingLink { name: String },
    /// The networks.
    Networks,
    /// The members of a network.
    Members { network: String, agent: Option<String> },
    /// The rule changes of a network; one of them, if one is named.
    Amendments { network: String, agent: Option<String>, which: Option<String> },
    /// What the past would have been under other rules: those of a rule change, or a book.
    WhatIf {
        network: String,
        agent: Option<String>,
        amendment: Option<String>,
        book: Option<Json>,
        last: u64,
    },
    /// All that it takes to count a vote again.
    Tally { network: String, agent: Option<String>, which: String },
    /// What time it is in a network's books.
    Time { network: String },
    /// The rules in force, or those so many changes before them.
    Book { network: String, back: usize },
    /// Cases, exceptions or applications to join, by their class; one of them, if one is named.
    Settling { network: String, agent: Option<String>, class: String, which: Option<String> },
    /// Somebody at the door asks to join.
    Apply { network: String, name: String, answers: Vec<String> },
    /// Somebody, or a record, is erased: by somebody whom the rules are asked about, or else by the operator.
    Erase { network: String, agent: Option<String>, what: String, reason: String },
    /// The rules in force, as they are about somebody.
    Standing { network: String, agent: Option<String>, act: Option<String> },
    /// How often each rule was used.
    InUse { network: String, agent: Option<String>, last: u64 },
    /// What somebody may do with a record, by id or by the name of a thing.
    May { network: String, agent: String, what: String },
    /// The id of a thing, by its name.
    Thing { network: String, agent: Option<String>, what: String },
    /// The id of a unit, by its label.
    Unit { network: String, agent: Option<String>, label: String },
    /// How a command was judged, by its id or by the number of its entry.
    Why { network: String, agent: Option<String>, decision: String },
    /// A copy of a sandbox is founded with a calculation bound, and lives through its past again.
    Try(Trying),
    /// A decision in one file, for somebody without the journal.
    Receipt { network: String, agent: Option<String>, decision: String },
    /// Lay a package, or a component, on the shelf.
    Shelve { path: String },
    /// What lies on the shelf.
    OnShelf,
    /// What is revoked, and out of use; once something is revoked (with a reason), or taken back (without).
    Revoked(Option<(String, Option<String>)>),
    /// The rules in force, with a calculation bound in them.
    Bound(Trying),
    /// What a plan would be, or how one stands.
    Plan(PlanAsked),
    /// What could be shared out.
    Rounds { network: String, agent: Option<String> },
    /// What borrowing something would cost.
    Quote { network: String, agent: String, thing: String, days: i64 },
}

/// What comes back.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    /// A document.
    Done(Json),
    /// A refusal: code, sentence, remedy, detail.
    Refused(String, String, String, Json),
    /// Not asked as one asks.
    Misused(String),
    /// Out of reach.
    Failed(String),
}

impl Reply {
    /// The document, or why not.
    pub fn into_result(self) -> Result<Json, Failure> {
        match self {
            Reply::Done(json) => Ok(json),
            Reply::Refused(code, sentence, remedy, detail) => {
                Err(Failure::Refused { code, sentence, remedy, detail: Box::new(detail) })
            }
            Reply::Misused(sentence) => Err(Failure::Usage(sentence)),
            Reply::Failed(sentence) => Err(Failure::Unreachable(sentence)),
        }
    }

    fn from_result(result: Result<Json, Failure>) -> Reply {
        match result {
            Ok(json) => Reply::Done(json),
            Err(Failure::Refused { code, sentence, remedy, detail }) => {
                Reply::Refused(code, sentence, remedy, *detail)
            }
            Err(Failure::Usage(sentence)) => Reply::Misused(sentence),
            Err(Failure::Unreachable(sentence)) => Reply::Failed(sentence),
        }
    }
}

/// Answers the console until the process ends.
pub async fn listen(node: Arc<Node>, socket: &Path) -> Result<(), Failure> {
    if socket.exists() {
        std::fs::remove_file(socket)?;
    }
    let listener = UnixListener::bind(socket)?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let node = node.clone();
            tokio::spawn(async move {
                if let Err(error) = answer(&node, stream).await {
                    tracing::warn!(%error, "the console went away");
                }
            });
        }
    });
    Ok(())
}

async fn answer(node: &Arc<Node>, mut stream: UnixStream) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    (&mut stream).take(REQUEST_BYTES_MAX).read_to_end(&mut bytes).await?;
    let reply = match serde_json::from_slice(&bytes) {
        Ok(request) => Reply::from_result(carry_out(node, request).await),
        Err(error) => Reply::Failed(format!("the request cannot be read: {error}")),
    };
    stream.write_all(&serde_json::to_vec(&reply).unwrap_or_default()).await?;
    stream.shutdown().await
}

/// Asks the running node.
pub async fn ask(socket: &Path, request: &Request) -> Result<Reply, Failure> {
    let unreachable =
        |error: std::io::Error| Failure::Unreachable(format!("the node on `{}`: {error}", socket.display()));
    let mut stream = UnixStream::connect(socket).await.map_err(unreachable)?;
    let bytes = serde_json::to_vec(request).map_err(|error| Failure::Usage(error.to_string()))?;
    stream.write_all(&bytes).await?;
    stream.shutdown().await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    serde_json::from_slice(&answer)
        .map_err(|error| Failure::Unreachable(format!("the node's answer: {error}")))
}

/// Does what the console asks.
pub async fn carry_out(node: &Arc<Node>, request: Request) -> Result<Json, Failure> {
    match request {
        Request::Found { name, rules, plugins, place, stewards, sandbox, clock_us } => {
            let mut charter = governing::charter(&rules, &plugins)?;
            let place = Place::read(&place.0, &place.1).map_err(|bad| Failure::Usage(bad.to_string()))?;
            charter.book.place = place.or(charter.book.place);
            found(node, &name, charter, &stewards, (sandbox, clock_us)).await
        }
        Request::Act(acting) => acting::act(node, &acting).await,
        Request::ToSign(acting) => acting::to_sign(node, &acting).await,
        Request::KeyOf { network, agent } => acting::key_of(node, &network, &agent).await,
        Request::Elsewhere { network, agent, iris, names } => {
            files::elsewhere(node, &network, &agent, (&iris, names)).await
        }
        Request::Export { network, agent, class, resource } => {
            let agent = agent_named(node, &network, &agent).await?;
            files::export(node, &network, agent, (class, resource)).await
        }
        Request::Rehearse { network, commands } => files::rehearse(node, &network, &commands).await,
        Request::Token { network, agent, name, delegation } => {
            token(node, &network, &agent, (name, delegation)).await
        }
        Request::Account { network, name, password, agent } => {
            account(node, &network, (&name, &password), Some(agent)).await
        }
        Request::Password { network, name, password } => {
            account(node, &network, (&name, &password), None).await
        }
        Request::Depart { network, to } => {
            let head = node.depart(&network, &to).await?;
            Ok(json!({"network": head.name, "seq": head.seq, "head": head.hash.to_string()}))
        }
        Request::Adopt { file, name, passphrase } => {
            crate::commands::carry::adopt_here(node, &file, name.as_deref(), passphrase).await
        }
        Request::FoundingLink { name } => Ok(json!({"path": governing::founding_link(node, name).await?})),
        Request::Networks => networks(node).await,
        Request::Members { network, agent } => members(node, &network, agent.as_deref()).await,
        rules @ (Request::Amendments { .. }
        | Request::WhatIf { .. }
        | Request::Tally { .. }
        | Request::Time { .. }
        | Request::Book { .. }
        | Request::Pause { .. }
        | Request::Resume { .. }
        | Request::Recover { .. }
        | Request::Install { .. }) => governing::carry_out(node, rules).await,
        settling @ (Request::Settling { .. }
        | Request::Apply { .. }
        | Request::Erase { .. }
        | Request::Standing { .. }
        | Request::InUse { .. }
        | Request::May { .. }
        | Request::Thing { .. }
        | Request::Unit { .. }
        | Request::Receipt { .. }
        | Request::Why { .. }) => settling::carry_out(node, settling).await,
        Request::Shelve { path } => shelf::put(node, &path).await,
        Request::OnShelf => shelf::list(node).await,
        Request::Revoked(change) => shelf::revoked(node, change).await,
        Request::Bound(trying) => trying::bound(node, trying).await,
        Request::Plan(asked) => plans::answer(node, asked).await,
        Request::Rounds { network, agent } => rounds::list(node, &network, agent.as_deref()).await,
        Request::Try(trying) => trying::carry_out(node, trying).await,
        Request::Quote { network, agent, thing, days } => {
            quote::quote(node, &network, &agent, &thing, days).await
        }
    }
}

/// An account for an agent; without one, another password for an account.
async fn account(
    node: &Arc<Node>,
    network: &str,
    (name, password): (&str, &str),
    agent: Option<Id>,
) -> Result<Json, Failure> {
    let key = node.head(network).await?.key;
    let (outcome, remedy) = match agent {
        Some(agent) => {
            let who = (name, password);
            let added = identity::add_account(node.store(), key, who, agent, pipeline::now()).await;
            (added, "Choose another name.")
        }
        None => {
            let renewed = identity::renew_password(node.store(), key, (name, password)).await;
            (renewed, "See `reflow member list`.")
        }
    };
    outcome.map_err(|error| Failure::refused("account", error.to_string(), remedy))?;
    Ok(json!({"name": name, "agent": agent}))
}

async fn found(
    node: &Arc<Node>,
    name: &str,
    charter: Charter,
    stewards: &[String],
    (sandbox, clock_us): (bool, Option<i64>),
) -> Result<Json, Failure> {
    let begins = clock_us.map(valueflows::Instant);
    let receipt = node.found(name, &charter, stewards, sandbox, begins).await?;
    let rules = node.rules(&node.head(name).await?).await?;
    let components: Vec<Json> = rules
        .bound
        .iter()
        .map(|bound| json!({"plugin": bound.binding.plugin, "component": bound.binding.component}))
        .collect();
    Ok(json!({"network": name, "id": receipt.network, "rules": rules.hash, "components": components,
              "receipt": receipt.to_json()}))
}

/// A receipt, or the failure that a refusal is.
fn decided(receipt: Receipt) -> Result<Receipt, Failure> {
    let document = receipt.to_json();
    match &receipt.decision {
        Ok(()) => Ok(receipt),
        Err(refused) => Err(Failure::Refused {
            code: refused.code.clone(),
            sentence: refused.sentence.clone(),
            remedy: refused.remedy.clone(),
            detail: Box::new(document),
        }),
    }
}

/// Makes a key to what somebody delegated. No account made it, so none lists it.
async fn token(
    node: &Arc<Node>,
    network: &str,
    agent: &str,
    (name, delegation): (String, Id),
) -> Result<Json, Failure> {
    let agent = agent_named(node, network, agent).await?;
    let mut reader = node.reader(network, agent, Via::Console).await?;
    let found = reader.get(delegation).await?.filter(|one| one.class == Class::Delegation && one.is_open());
    let own = found.filter(|one| one.fields.id(Prop::Delegator) == Some(agent));
    let until = own.as_ref().and_then(|one| one.fields.instant(Prop::HasEnd));
    let until = until.ok_or_else(|| {
        let sentence = "nothing of that is delegated in your name".to_owned();
        Failure::refused("no-delegation", sentence, "See `reflow delegation list`.")
    })?;
    let network = reader.head().key;
    let token = identity::token::Token { network, account: 0, agent, delegation, name, expires: until };
    let secret = pipeline::node::random()?;
    let text = identity::token::issue(node.store(), &token, secret, reader.time()).await;
    let text = text.map_err(|error| Failure::refused("token", error.to_string(), "Choose another name."))?;
    let hook = identity::hook::of(node.store(), &text, pipeline::node::random()?).await;
    let hook = hook.map_err(|error| Rejection::Internal(error.to_string()))?;
    let path = api::rest::hooks::path(&reader.head().name, &hook.name);
    let hook = json!({"path": path, "secret": hook.secret});
    Ok(json!({"token": text, "delegation": delegation, "agent": agent, "hook": hook}))
}

async fn networks(node: &Arc<Node>) -> Result<Json, Failure> {
    let mut list = Vec::new();
    for head in node.store().networks().await? {
        let rules = node.rules(&head).await?;
        list.push(json!({
            "name": head.name, "id": head.network, "sandbox": head.sandbox, "entries": head.seq,
            "rules": rules.compiled.book.name, "hash": rules.hash, "state": head.state.as_str(),
            "own": head.key == pipeline::own::KEY,
        }));
    }
    // The node's own network is number 0; people look for theirs first.
    list.sort_by_key(|row| row["own"] == json!(true));
    Ok(Json::Array(list))
}

/// Somebody who reads at the console: whoever was named, or a steward.
pub(crate) async fn reader(
    node: &Arc<Node>,
    network: &str,
    agent: Option<&str>,
) -> Result<pipeline::Reader, Failure> {
    let agent = match agent {
        Some(name) => agent_named(node, network, name).await?,
        None => first_steward(node, network).await?,
    };
    Ok(node.reader(network, agent, Via::Console).await?)
}

async fn members(node: &Arc<Node>, network: &str, agent: Option<&str>) -> Result<Json, Failure> {
    let mut reader = reader(node, network, agent).await?;
    let page = reader.list(Class::Membership, 0, 1_000).await?;
    let mut list = Vec::new();
    for membership in page.records {
        let Some(member) = membership.fields.id(Prop::Member) else { continue };
        list.push(json!({
            "name": reader.title(member).await?, "agent": member,
            "roles": membership.fields.texts(Prop::Roles), "training": membership.fields.texts(Prop::Training),
        }));
    }
    Ok(Json::Array(list))
}

/// Every membership, read as the console: names are only matched, not shown.
async fn memberships(node: &Arc<Node>, network: &str) -> Result<Vec<(Id, String, Vec<String>)>, Failure> {
    let head = node.head(network).await?;
    let (mut list, mut after) = (Vec::new(), 0);
    loop {
        let rows = node.store().list(&head, Class::Membership, after, 500).await?;
        let Some(last) = rows.last() else { return Ok(list) };
        after = last.key;
        for row in &rows {
            let Some(member) = row.record.fields.id(Prop::Member) else { continue };
            let set = node.store().read(&head, &[pipeline::acts::Key::Record(member)]).await?;
            let name = set.records.into_iter().find_map(|(_, kept)| kept).map(|kept| kept.record.title());
            list.push((member, name.unwrap_or_default(), row.record.fields.texts(Prop::Roles).to_vec()));
        }
    }
}

/// The agent with a name, or an id.
pub async fn agent_named(node: &Arc<Node>, network: &str, name: &str) -> Result<Id, Failure> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let found = memberships(node, network).await?.into_iter().find(|(_, known, _)| known == name);
    Ok(found.map(|(id, _, _)| id).ok_or_else(|| Rejection::NoAgent(name.to_owned()))?)
}

async fn first_steward(node: &Arc<Node>, network: &str) -> Result<Id, Failure> {
    let found = memberships(node, network)
        .await?
        .into_iter()
        .find(|(_, _, roles)| roles.iter().any(|role| role == "steward"));
    Ok(found.map(|(id, _, _)| id).ok_or_else(|| Rejection::NoAgent("a steward".to_owned()))?)
}
