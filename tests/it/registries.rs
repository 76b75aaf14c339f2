//! Packages in a registry of container images: Debian's docker-registry, on this machine.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::json;
use tests::http::Browser;
use tests::{Folder, Outcome, cli, guests, skip, soon};

/// `reader` and `secret`, as the registry keeps them.
const READER: &str = "reader:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

/// A registry, as long as it lives.
struct Registry {
    child: Child,
    folder: Folder,
    address: String,
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Registry {
    /// One, perhaps for those alone who sign in; none where the machine has none.
    fn start(name: &str, signed_in: bool) -> Option<Registry> {
        let folder = Folder::new(name);
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let address = format!("127.0.0.1:{port}");
        let (keeps, users) = (folder.join("kept"), folder.join("users"));
        std::fs::write(&users, READER).expect("a file of users");
        let auth = format!("auth:\n  htpasswd:\n    realm: ours\n    path: {}\n", users.display());
        let config = format!(
            "version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: {}\nhttp:\n  addr: {address}\n{}",
            keeps.display(),
            if signed_in { auth.as_str() } else { "" }
        );
        let file = folder.join("config.yml");
        std::fs::write(&file, config).expect("a configuration");
        let beside = tests::built().parent().map(|target| target.join("registry/usr/bin/docker-registry"));
        let program = beside.filter(|program| program.exists()).unwrap_or_else(|| "docker-registry".into());
        let mut command = Command::new(program);
        let child =
            command.arg("serve").arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
        let base = format!("http://{address}");
        soon("the registry answers", || Browser::new(&base).try_get("/v2/", &[]));
        Some(Registry { child, folder, address })
    }

    /// Changes a byte of a component that lies there.
    fn damage(&self, digest: &str) {
        let blobs = self.folder.join("kept/docker/registry/v2/blobs/sha256");
        let blob = blobs.join(&digest[..2]).join(digest).join("data");
        let mut bytes = std::fs::read(&blob).expect("the component lies there");
        bytes[100] ^= 1;
        std::fs::write(&blob, bytes).expect("it is damaged");
    }

    /// Keeps a repository under another name, too.
    fn under_another_name(&self, from: &str, to: &str) {
        let all = self.folder.join("kept/docker/registry/v2/repositories/our-rules");
        tests::copy(&all.join(from), &all.join(to));
    }

    fn place(&self) -> String {
        format!("oci://{}/our-rules", self.address)
    }
}

fn reflow(data: &Path, args: &[&str]) -> Outcome {
    cli(data, None, &[&["--json"], args].concat())
}

/// A package with its signatures: its folder, its digest.
fn packed(work: &Folder, version: &str, keys: &[&str]) -> (String, String) {
    let file = guests::version(&work.0, "deposit", version);
    let registry = work.join("packages").display().to_string();
    let packed = reflow(&work.0, &["plugin", "pack", &file, "--into", &registry]).ok().json();
    let folder = packed["folder"].as_str().expect("a folder").to_owned();
    for key in keys {
        reflow(&work.0, &["--key", key, "plugin", "sign", &folder]).ok();
    }
    (folder, packed["component"].as_str().expect("a digest").to_owned())
}

fn key(work: &Folder, name: &str) -> (String, String) {
    let file = work.join(name).display().to_string();
    let made = reflow(&work.0, &["key", "new", &file]).ok().json();
    (file, made["key"].as_str().expect("a key").to_owned())
}

/// A rule set goes through a registry, whatever it is: by name and version, with those who stand for it, or not at all.
fn rule_sets_go_through(registry: &str) {
    let images = registry.starts_with("oci://");
    let work = Folder::new("rules-travel");
    let file = |name: &str| work.join(name).display().to_string();
    let plugins = tests::plugins().display().to_string();
    let run = |args: &[&str]| reflow(&work.0, &[&["--plugins", &*plugins, "ruleset"], args].concat());
    let ((amara, one), (kofi, two)) = (key(&work, "amara"), key(&work, "kofi"));
    let publish = |from: &str, version: &str, more: &[&str]| {
        run(&[&["publish", from, "--version", version, "--to", registry], more].concat())
    };
    let fetch = |what: &str, into: &str, more: &[&str]| {
        run(&[&["fetch", what, "--from", registry, "--into", &*file(into)], more].concat())
    };
    assert_ne!(fetch("ours", "none", &[]).status, 0);
    run(&["new", &file("ours"), "--from", "policies/tool-library"]).ok();
    let checked = run(&["check", &file("ours")]).ok().json();
    let first = publish(&file("ours"), "0.9.0", &["--key", &amara]).ok().json();
    assert_eq!((&first["name"], &first["signedBy"]), (&json!("ours"), &json!([one])));
    // As a file it is the same, and whoever publishes it once more stands for it, too.
    run(&["pack", &file("ours"), &file("packed.tar.gz")]).ok();
    let again = publish(&file("packed.tar.gz"), "0.9.0", &["--key", &kofi]).ok().json();
    assert_eq!(again["digest"], first["digest"]);
    let fetched = fetch("ours", "fetched.tar.gz", &["--signed-by", &one, "--signed-by", &two]).ok().json();
    assert_eq!(fetched["digest"], first["digest"]);
    assert_eq!((&fetched["hash"], &fetched["forkedFrom"]), (&checked["hash"], &checked["forkedFrom"]));
    assert_eq!(fetched["forkedFrom"]["name"], "tool-library");
    let same =
        |one: &str, other: &str| std::fs::read(work.join(one)).ok() == std::fs::read(work.join(other)).ok();
    assert!(same("packed.tar.gz", "fetched.tar.gz"));
    assert_eq!(run(&["check", &file("fetched.tar.gz")]).ok().json()["hash"], checked["hash"]);
    // A newer one, other rules; what is older stays what it is.
    let charter = work.join("ours/charter.toml");
    let text = std::fs::read_to_string(&charter).expect("a charter");
    std::fs::write(&charter, text.replacen("days-most = 28", "days-most = 14", 1)).expect("another charter");
    let refused = publish(&file("ours"), "0.9.0", &[]);
    assert_eq!((refused.status, &refused.json()["code"]), (1, &json!("bad-package")), "{}", refused.out);
    let second = publish(&file("ours"), "0.10.0", &[]).ok().json();
    assert_ne!(second["digest"], first["digest"]);
    let (old, new) =
        (first["digest"].as_str().expect("a digest"), second["digest"].as_str().expect("a digest"));
    assert_eq!(fetch("ours", "newest.tar.gz", &["--digest", new]).ok().json()["version"], "0.10.0");
    fetch("ours@0.9.0", "fetched.tar.gz", &["--digest", old]).ok();
    // What is asked for, what is asked of it, where to, and what is said.
    let table: [(&str, &[&str], &str, i32, &str); 5] = [
        ("ours", &["--signed-by", &one], "other.tar.gz", 1, "not-signed"),
        ("ours", &["--digest", old], "other.tar.gz", 1, "bad-package"),
        ("ours@0.9.0", &[], "newest.tar.gz", 2, "usage"),
        ("ours@0.8.0", &[], "other.tar.gz", 1, if images { "unknown-package" } else { "bad-package" }),
        ("../ours@0.9.0", &[], "other.tar.gz", 1, ""),
    ];
    for (what, more, into, status, code) in table {
        let outcome = fetch(what, into, more);
        let said = outcome.json();
        assert!(code.is_empty() || said["code"] == code, "{what} {more:?}: {said}");
        assert!(outcome.status >= status && !work.join("other.tar.gz").exists(), "{what} {more:?}: {said}");
    }
    for version in ["one", "..", "1/2", ""] {
        assert_eq!(publish(&file("ours"), version, &[]).status, 1, "{version}");
    }
    // Networks are founded by it as by a folder.
    let rules = file("fetched.tar.gz");
    reflow(&work.0, &["network", "new", "town", "--rules", &rules, "--sandbox", "--steward", "Ines"]).ok();
    cli(&work.0, None, &["verify"]).ok();
}

#[test]
fn rule_sets_go_through_a_folder() {
    let shared = Folder::new("rules-shared");
    let place = shared.0.display().to_string();
    rule_sets_go_through(&place);
    // What lies there under a signature and is something else is not taken; nor is what lies under another's name.
    let work = Folder::new("rules-changed");
    let fetch = |what: &str| {
        let into = work.join("fetched").display().to_string();
        reflow(&work.0, &["ruleset", "fetch", what, "--from", &place, "--into", &into])
    };
    std::fs::create_dir(shared.join("theirs")).expect("a folder");
    tests::copy(&shared.join("ours/0.10.0"), &shared.join("theirs"));
    let other = fetch("theirs@0.10.0");
    assert_eq!((other.status, &other.json()["code"]), (1, &json!("bad-package")), "{}", other.out);
    // A rule set may be larger than any one of its components, but not as large as it likes.
    let plugins = tests::plugins().display().to_string();
    let with = |args: &[&str]| reflow(&work.0, &[&["--plugins", &*plugins, "ruleset"], args].concat());
    let large = work.join("large").display().to_string();
    with(&["new", &large, "--from", "policies/tool-library"]).ok();
    let mut seed = 1_u64;
    let noise = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        format!("{seed:016x}\n")
    });
    std::fs::write(work.join("large/noise.md"), noise.take(700_000).collect::<String>())
        .expect("a long text");
    with(&["publish", &large, "--version", "1.0.0", "--to", &place]).ok();
    let packed = std::fs::metadata(shared.join("large/1.0.0/rules.tar.gz")).expect("it lies there").len();
    assert!(packed > 5 << 20, "{packed}");
    fetch("large@1.0.0").ok();
    std::fs::remove_file(work.join("fetched")).expect("it was fetched");
    let file = std::fs::File::create(shared.join("large/1.0.0/rules.tar.gz")).expect("another file");
    file.set_len((64 << 20) + 1).expect("a file with nothing in it");
    let refused = fetch("large@1.0.0");
    assert!(refused.status == 1 && refused.out.contains("more than 67108864 bytes"), "{}", refused.out);
    // A version is of one kind.
    std::fs::create_dir_all(shared.join("tool-library/1.0.0")).expect("a folder");
    std::fs::write(shared.join("tool-library/1.0.0/plugin.wasm"), "a plugin").expect("a plugin");
    let kinds = with(&["publish", "policies/tool-library", "--version", "1.0.0", "--to", &place]);
    assert!(kinds.status == 1 && kinds.out.contains("another kind"), "{}", kinds.out);
    let signed = shared.join("ours/0.9.0/rules.tar.gz");
    let newer = std::fs::read(shared.join("ours/0.10.0/rules.tar.gz")).expect("a newer one");
    std::fs::write(&signed, newer).expect("something else");
    let changed = fetch("ours@0.9.0");
    assert!(changed.status == 1 && changed.out.contains("does not hold"), "{}", changed.out);
}

#[test]
fn rule_sets_go_through_a_registry_of_images() {
    match Registry::start("images-of-rules", false) {
        Some(registry) => rule_sets_go_through(&registry.place()),
        None => skip("rule_sets_go_through_a_registry_of_images", "docker-registry is not installed"),
    }
}

#[test]
fn packages_go_through_a_registry_of_images() {
    let Some(registry) = Registry::start("images", false) else {
        return skip("packages_go_through_a_registry_of_images", "docker-registry is not installed");
    };
    let (work, data) = (Folder::new("images-work"), Folder::new("images-data"));
    let ((amara, one), (kofi, two)) = (key(&work, "amara"), key(&work, "kofi"));
    let place = registry.place();
    let publish = |folder: &str| reflow(&work.0, &["plugin", "publish", folder, "--to", &place]);
    let install = |what: &str| reflow(&data.0, &["plugin", "install", what, "--from", &place]);
    assert_eq!(install("deposit").json()["code"], "unknown-package");
    let (first, digest) = packed(&work, "0.9.0", &[&amara]);
    publish(&first).ok();
    publish(&first).ok();
    let (second, newer) = packed(&work, "0.10.0", &[]);
    publish(&second).ok();
    let newest = install("deposit").ok().json();
    assert_eq!(
        (&newest["version"], &newest["component"], &newest["signedBy"]),
        (&json!("0.10.0"), &json!(newer), &json!([]))
    );
    let named = install("deposit@0.9.0").ok().json();
    assert_eq!((&named["component"], &named["signedBy"]), (&json!(digest), &json!([one])));
    // Whoever signs later puts their signature beside those that are there.
    let other = Folder::new("images-kofi");
    tests::copy(&work.join("packages/deposit/0.9.0"), &other.0);
    let theirs = other.join("0.9.0").display().to_string();
    std::fs::write(other.join("0.9.0/signatures.json"), "[]").expect("no signatures");
    reflow(&work.0, &["--key", &kofi, "plugin", "sign", &theirs]).ok();
    publish(&theirs).ok();
    assert_eq!(install("deposit@0.9.0").ok().json()["signedBy"], json!([two, one]));
    // A version stays what it is.
    let changed = Folder::new("images-changed");
    let same = guests::edited(&changed.0, "standing", "deposit", |manifest| {
        manifest["name"] = json!("deposit");
        manifest["version"] = json!("0.9.0");
    });
    let into = changed.join("packages").display().to_string();
    let packed =
        reflow(&changed.0, &["plugin", "pack", &same.display().to_string(), "--into", &into]).ok().json();
    assert_eq!(publish(packed["folder"].as_str().expect("a folder")).json()["code"], "bad-package");
    for (what, status, code) in [
        ("deposit@0.8.0", 1, "unknown-package"),
        ("nothing", 1, "unknown-package"),
        ("../deposit", 2, "usage"),
    ] {
        let outcome = install(what);
        assert_eq!(
            (outcome.status, &outcome.json()["code"]),
            (status, &json!(code)),
            "{what}: {}",
            outcome.out
        );
    }
    for address in ["oci://127.0.0.1:9/our-rules", "oci://registry.invalid", "oci://"] {
        let outcome = reflow(&data.0, &["plugin", "install", "deposit", "--from", address]);
        assert!(outcome.status >= 2, "{address}: {}", outcome.out);
    }
    registry.under_another_name("deposit", "points");
    assert_eq!(install("points@0.9.0").json()["code"], "bad-package", "it says that it is another");
    // Other bytes than were asked for are not taken, whoever keeps them.
    registry.damage(&digest);
    let damaged = install("deposit@0.9.0");
    assert_ne!(damaged.status, 0, "{}", damaged.out);
    cli(&data.0, None, &["verify"]).ok();
}

#[test]
fn a_registry_that_asks_who_asks_is_told() {
    let Some(registry) = Registry::start("private-images", true) else {
        return skip("a_registry_that_asks_who_asks_is_told", "docker-registry is not installed");
    };
    let (work, place) = (Folder::new("private-work"), registry.place());
    let (folder, digest) = packed(&work, "0.9.0", &[]);
    let args = ["plugin", "publish", &folder, "--to", &place];
    assert_eq!(reflow(&work.0, &args).json()["code"], "registry-refused");
    let with = |login: &str, args: &[&str]| {
        let mut command = Command::new(tests::binary());
        command.args(["--json", "--data"]).arg(&work.0).args(args).env("REFLOW_REGISTRY_LOGIN", login);
        command.output().expect("it runs")
    };
    assert!(!with("reader:wrong", &args).status.success());
    assert!(with("reader:secret", &args).status.success());
    let install = ["plugin", "install", "deposit@0.9.0", "--from", &place];
    assert_eq!(reflow(&work.0, &install).json()["code"], "registry-refused");
    let installed = with("reader:secret", &install);
    assert!(String::from_utf8_lossy(&installed.stdout).contains(&digest), "{installed:?}");
}
