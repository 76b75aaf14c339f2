//! Packages: what is packed stays what it is, signatures hold or nothing is taken, and a network binds what those have signed
//! whom it trusts.

use std::path::Path;

use serde_json::{Value as Json, json};
use tests::town::Town;
use tests::{Folder, Outcome, cli, guests, plugins};

fn run(args: &[&str]) -> Outcome {
    cli(Path::new("/nowhere"), None, args)
}

/// A key, and its public half.
fn key(work: &Folder, name: &str) -> (String, String) {
    let file = work.join(name).display().to_string();
    let made = run(&["--json", "key", "new", &file]).ok().json();
    (file, made["key"].as_str().expect("a key").to_owned())
}

/// What admission found stands in the node's own journal, and is told.
fn on_shelf(data: &Path, (component, key): (&Json, &str)) {
    let shelf = cli(data, None, &["--json", "plugin", "list"]).ok().json();
    let rows = shelf.as_array().expect("a list");
    let versions: Vec<&Json> = rows.iter().map(|row| &row["version"]).collect();
    assert_eq!(versions, ["0.10.0", "0.9.0"]);
    assert_eq!((&rows[1]["component"], &rows[1]["signedBy"]), (component, &json!([key])));
    for row in rows {
        let held = &row["admission"]["held"];
        assert!(held["laws"].as_array().expect("laws").len() > 5, "{row}");
        assert!(held["fuelPerItem"].as_u64() > Some(0), "{row}");
        assert_eq!((&row["admission"]["structure"]["memories"], &row["revoked"]), (&json!(1), &Json::Null));
    }
    let told = cli(data, None, &["plugin", "list"]).ok().out;
    assert!(told.contains("deposit 0.9.0") && told.contains("held to") && told.contains(key), "{told}");
}

#[test]
fn what_is_packed_stays_what_it_is_and_carries_its_signatures() {
    let work = Folder::new("packages");
    let (ours, theirs) = (work.join("ours").display().to_string(), work.join("theirs").display().to_string());
    let (first, second) =
        (guests::version(&work.0, "deposit", "0.9.0"), guests::version(&work.0, "deposit", "0.10.0"));
    let packed = run(&["--json", "plugin", "pack", &first, "--into", &ours]).ok().json();
    run(&["plugin", "pack", &second, "--into", &ours]).ok();
    assert_eq!(packed["version"], "0.9.0");
    let again = run(&["--json", "plugin", "pack", &first, "--into", &ours]).ok().json();
    assert_eq!(again, packed, "the same again changes nothing");
    let standing =
        guests::edited(&work.0, "standing", "deposit", |manifest| manifest["version"] = json!("0.9.0"));
    let other = run(&["plugin", "pack", &standing.display().to_string(), "--into", &ours]);
    assert_eq!(other.status, 1, "{}", other.err);
    assert!(other.err.contains("a version stays what it is"), "{}", other.err);
    let package = work.join("ours/deposit/0.9.0").display().to_string();
    let (amara, public) = key(&work, "amara.keys");
    assert_eq!(run(&["plugin", "sign", &package]).status, 2, "with which key?");
    let signed = run(&["--json", "--key", &amara, "plugin", "sign", &package]).ok().json();
    assert_eq!(signed["signedBy"], json!([public]));
    run(&["--key", &amara, "plugin", "sign", &package]).ok();
    let there = run(&["--json", "plugin", "publish", &package, "--to", &theirs]).ok().json();
    assert_eq!((&there["signedBy"], &there["component"]), (&json!([public]), &packed["component"]));
    // The newest, where none is named; by number, not by letter.
    let data = work.join("data");
    let install =
        |what: &str, from: &str| cli(&data, None, &["--json", "plugin", "install", what, "--from", from]);
    assert_eq!(install("deposit", &ours).ok().json()["version"], "0.10.0");
    let installed = install("deposit@0.9.0", &theirs).ok().json();
    assert_eq!((&installed["component"], &installed["signedBy"]), (&packed["component"], &json!([public])));
    on_shelf(&data, (&packed["component"], &public));
    cli(&data, None, &["verify"]).ok();
    for (what, from) in
        [("deposit@0.8.0", &ours), ("nothing", &ours), ("deposit", &work.join("no").display().to_string())]
    {
        assert_eq!(install(what, from).status, 1, "{what}");
    }
    // What was tampered with on the way is not taken.
    let damaged = |file: &str, edit: &dyn Fn(Vec<u8>) -> Vec<u8>| {
        let copy = Folder::new("damaged");
        tests::copy(&work.join("theirs/deposit/0.9.0"), &copy.0);
        let file = copy.join("0.9.0").join(file);
        std::fs::write(&file, edit(std::fs::read(&file).expect("a file"))).expect("it is written");
        cli(&data, None, &["--json", "plugin", "install", &copy.join("0.9.0").display().to_string()])
    };
    let text = |from: &'static str, to: &'static str| {
        move |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).replacen(from, to, 1).into_bytes()
    };
    let (_, another) = key(&work, "other.keys");
    let other_key = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).replace(&public, &another).into_bytes();
    for (what, outcome) in [
        ("another component", damaged("plugin.wasm", &|_| std::fs::read(&second).expect("a component"))),
        ("a signature of somebody else", damaged("signatures.json", &other_key)),
        (
            "a changed signature",
            damaged("signatures.json", &text("\"signature\": \"", "\"signature\": \"00")),
        ),
        ("no list", damaged("signatures.json", &text("[", "{"))),
        ("half a component", damaged("plugin.wasm", &|bytes| bytes[..bytes.len() / 2].to_vec())),
    ] {
        assert_eq!(outcome.status, 1, "{what}: {}{}", outcome.out, outcome.err);
    }
}

#[test]
fn what_is_larger_than_any_rule_is_not_even_read() {
    let (work, data) = (Folder::new("huge"), Folder::new("huge-data"));
    let file = std::fs::File::create(work.join("huge.wasm")).expect("a file");
    file.set_len(200 << 20).expect("a file with nothing in it");
    let huge = work.join("huge.wasm").display().to_string();
    for args in [
        ["plugin", "install", &huge],
        ["plugin", "admit", &huge],
        ["plugin", "inspect", &huge],
        ["plugin", "laws", &huge],
    ] {
        let outcome = cli(&data.0, None, &[&["--json"], &args[..]].concat());
        assert_eq!((outcome.status, &outcome.json()["code"]), (1, &json!("component-too-large")), "{args:?}");
        assert!(outcome.out.contains("209715200 bytes"), "{}", outcome.out);
    }
}

#[test]
fn a_network_binds_what_those_have_signed_whom_it_trusts() {
    let town = Town::found("trust");
    let work = Folder::new("trust-packages");
    let ((amara, one), (kofi, two)) = (key(&work, "amara.keys"), key(&work, "kofi.keys"));
    let registry = work.join("registry").display().to_string();
    let newer = guests::version(&work.0, "deposit", "0.2.0");
    run(&["plugin", "pack", &newer, "--into", &registry]).ok();
    let package = work.join("registry/deposit/0.2.0").display().to_string();
    let bind = |title: &str| {
        town.run(
            "Ines",
            &["--json", "plugin", "bind", "deposit@0.2.0", "--from", &registry, "--title", title],
        )
    };
    assert_eq!(town.does("Ines", &["trust", "list"]), json!({"needed": 0, "keys": {}}));
    // Whom to trust is decided as the constitution is.
    town.does("Ines", &["trust", "add", "Amara", &one]);
    let amendment = town.amendment("Trust the key of Amara");
    assert!(amendment.to_string().contains("has to be signed by 1 of Amara"), "{amendment}");
    town.enacted("Trust the key of Amara");
    let unsigned = bind("Unsigned");
    assert_eq!(
        (unsigned.status, &unsigned.json()["code"]),
        (1, &json!("unsigned-plugin")),
        "{}",
        unsigned.out
    );
    run(&["--key", &kofi, "plugin", "sign", &package]).ok();
    assert_eq!(bind("By a stranger").json()["code"], "unsigned-plugin", "nobody trusts that key");
    run(&["--key", &amara, "plugin", "sign", &package]).ok();
    let bound = bind("Bind the newer deposit").ok().json();
    assert_eq!(
        (&bound["bound"]["version"], &bound["bound"]["instead"]),
        (&json!("0.2.0"), &json!("deposit"))
    );
    town.enacted("Bind the newer deposit");
    let keeping = town.does("Ines", &["trust", "list"]);
    assert_eq!(keeping, json!({"needed": 1, "keys": {"Amara": one}}));
    town.verify();
    // What is bound already stays, whoever is trusted; settings of it change without anybody's signature.
    town.does("Ines", &["trust", "add", "Kofi", &two, "--needed", "2"]);
    town.enacted("Trust the key of Kofi");
    town.does("Amara", &["amendment", "new", "Cheaper", "--set", "deposit.late-day=0.50 EUR"]);
    for (name, public, more, says) in [
        ("x", "z6Mkshort!", vec![], "no Ed25519 key"),
        ("x", one.as_str(), vec![], "one key has two names"),
        (
            "x",
            "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
            vec!["--needed", "9"],
            "no more than there are",
        ),
    ] {
        let outcome = town.run("Ines", &[&["--json", "trust", "add", name, public], &more[..]].concat());
        let report =
            outcome.out + &town.run("Ines", &["--json", "amendment", "show", "Trust the key of x"]).out;
        assert!(report.contains(says), "{says}: {report}");
        town.does("Ines", &["amendment", "withdraw", "Trust the key of x"]);
    }
    assert_eq!(town.refused("Ines", &["trust", "remove", "Nobody"]), "unknown-key");
}

#[test]
fn a_rule_that_nobody_bound_before_is_brought_to_a_vote() {
    let town = Town::found("bind");
    let component = plugins().join("needs-first.wasm").display().to_string();
    let work = Folder::new("bind-policies");
    let policies = work.join("rounds.cedar").display().to_string();
    let text = "@id(\"stewards-share-out\")\n@title(\"Stewards share out\")\npermit (principal in Role::\"steward\", \
                action == Action::\"allocate\", resource);\n";
    std::fs::write(&policies, text).expect("policies");
    let args = ["plugin", "bind", &component, "--acts", "allocate", "--policy", &policies];
    let bound: Json = town.does("Ines", &[&args[..], &["--instead", "nearest"]].concat());
    assert_eq!(bound["bound"]["instead"], "nearest", "{bound}");
    assert_eq!(town.stands("Bind needs-first 0.1.0"), "draft");
    assert_eq!(town.run("Ines", &["plugin", "bind", "needs-first"]).status, 2, "from where?");
    town.run("Ines", &["plugin", "pause", "deposit", "--because", "It looks wrong."]).ok();
    let price = town.run("Amara", &["--json", "quote", "Hammer drill", "--days", "3"]);
    assert_eq!(price.status, 1, "what is held still says no price: {}", price.out);
}
