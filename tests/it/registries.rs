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
