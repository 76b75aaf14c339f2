//! A small tool library, founded over the command line: what most tests start from.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::http::Browser;
use crate::node::{Database, Node, cli_with};
use crate::{Folder, cli, root};
use serde_json::{Value as Json, json};

/// The network's name.
pub const NETWORK: &str = "library";

/// A founded library: what things are called and where they are.
#[derive(Clone)]
pub struct Library {
    pub founding: Json,
    pub amara: String,
    pub ines: String,
    pub piece: String,
    pub euro: String,
    pub chainsaw: String,
    pub drill: String,
    pub ladder: String,
}

/// A receipt's first record of a class.
pub fn made(receipt: &Json, class: &str) -> String {
    let rows = receipt["made"].as_array().expect("what was made");
    let row = rows.iter().find(|row| row[0] == class).unwrap_or_else(|| panic!("no {class} in {receipt}"));
    row[1].as_str().expect("an id").to_owned()
}

/// Sends acts as somebody over the command line; the receipt.
pub fn act(data: &Path, database: Database, agent: &str, acts: &Json) -> Json {
    let args = ["--network", NETWORK, "--as", agent, "--json", "act", "-"];
    cli_with(data, database, &args, &acts.to_string()).ok().json()
}

/// Founds the library with two stewards, a member, and three tools.
pub fn found(data: &Path, database: Database) -> Library {
    match database {
        None => copied(data),
        Some(_) => found_with(data, database, &root().join("policies/tool-library")),
    }
}

/// A library that was founded once and is copied from then on: its founding takes a dozen programs, and most tests
/// begin with one. The copies are of one network; what needs two networks founds them with [`found_with`].
fn copied(data: &Path) -> Library {
    static KEPT: OnceLock<(PathBuf, Library)> = OnceLock::new();
    let (kept, library) = KEPT.get_or_init(|| {
        let folder = kept_folder();
        let library = found_with(&folder, None, &root().join("policies/tool-library"));
        (folder, library)
    });
    crate::copy(&kept.join("."), data);
    library.clone()
}

/// Where the library that is copied lies: nobody takes it away when the tests end, so what earlier ones left goes now.
fn kept_folder() -> PathBuf {
    const NAME: &str = "reflow-founded-";
    let temporary = std::env::temp_dir();
    for old in std::fs::read_dir(&temporary).expect("a temporary folder").flatten() {
        let process = old.file_name().to_string_lossy().strip_prefix(NAME).map(str::to_owned);
        if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            let _ = std::fs::remove_dir_all(old.path());
        }
    }
    let folder = temporary.join(format!("{NAME}{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    folder
}

/// The same under another rule set.
pub fn found_with(data: &Path, database: Database, rules: &Path) -> Library {
    let rules = rules.display().to_string();
    let args = [
        "--json",
        "network",
        "new",
        NETWORK,
        "--rules",
        &rules,
        "--sandbox",
        "--steward",
        "Ines",
        "--steward",
        "Jonas",
    ];
    let founding = cli(data, database, &args).ok().json();
    let members = cli(data, database, &["--network", NETWORK, "--json", "member", "list"]).ok().json();
    let ines = members[0]["agent"].as_str().expect("an id").to_owned();
    let add = |name: &str, password: &str| {
        let args =
            ["--network", NETWORK, "--as", "Ines", "--json", "member", "add", name, "--password", password];
        cli(data, database, &args).ok().json()
    };
    let amara = add("Amara", "amara-secret")["agent"].as_str().expect("an id").to_owned();
    let keeper = add("Kofi", "kofi-secret");
    assert!(keeper["agent"].is_string());
    let receipt = &founding["receipt"];
    let units: Vec<&Json> =
        receipt["made"].as_array().expect("made").iter().filter(|row| row[0] == "Unit").collect();
    let unit = |n: usize| units[n][1].as_str().expect("a unit").to_owned();
    let (piece, euro) = (unit(0), unit(1));
    let library = made(receipt, "Organization");
    let spec = |name: &str, training: &[&str]| {
        let fields = json!({"name": name, "requiresTraining": training,
            "resourceClassifiedAs": if training.is_empty() { json!([]) } else { json!(["dangerous"]) }});
        let acts = json!([{"act": "define", "class": "ResourceSpecification", "fields": fields}]);
        made(&act(data, database, "Ines", &acts), "ResourceSpecification")
    };
    let tool = |name: &str, spec: &str| {
        let one = json!({"hasNumericalValue": "1", "hasUnit": piece});
        let acts = json!([{"act": "record",
            "event": {"action": "raise", "provider": library, "receiver": library, "resourceQuantity": one},
            "newResource": {"name": name, "conformsTo": spec}}]);
        let thing = made(&act(data, database, "Ines", &acts), "EconomicResource");
        let acts = json!([{"act": "publish", "proposal": {"purpose": "offer", "name": name},
            "intents": [{"action": "transferCustody", "provider": library, "resourceInventoriedAs": thing, "resourceQuantity": one}]}]);
        act(data, database, "Ines", &acts);
        thing
    };
    let (dangerous, plain) = (spec("Chainsaw", &["chainsaw"]), spec("Drill", &[]));
    Library {
        chainsaw: tool("Chainsaw", &dangerous),
        drill: tool("Hammer drill", &plain),
        ladder: tool("Ladder", &plain),
        founding,
        amara,
        ines,
        piece,
        euro,
    }
}

/// A running library, with a member at its doors.
pub struct Door {
    pub data: Folder,
    pub node: Node,
    pub library: Library,
    pub amara: Browser,
    pub word: String,
}

/// Founds a library, serves it, and signs Amara in.
pub fn door(name: &str) -> Door {
    let data = Folder::new(name);
    let library = found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let amara = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
    let word = amara.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
    Door { data, node, library, amara, word }
}

/// A command's id, by a number.
pub fn id_of(n: u32) -> String {
    format!("01926b5e-7d00-7000-8000-{n:012x}")
}
