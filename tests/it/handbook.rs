//! The operator's handbook does what it says: its commands are run as they stand, with folders and ports of their
//! own, and what is packed for operators is what the unit and the settings say.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tests::{Folder, binary, cli, plugins, root, skip};

/// The blocks of a text that are to be run, with the text above each cut off.
fn blocks(text: &str) -> Vec<&str> {
    text.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect()
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn has(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// One script that runs every block and writes what it says into a file of its own.
fn script(blocks: &[&str], place: &Path) -> String {
    let (members, admin) = (free_port().to_string(), free_port().to_string());
    let own = |block: &str| {
        block
            .replace("sudo -u reflow ", "")
            .replace("/usr/share/reflow", &root().display().to_string())
            .replace("/var/lib/reflow", &place.join("data").display().to_string())
            .replace("127.0.0.1:4700", &format!("127.0.0.1:{members}"))
            .replace("127.0.0.1:4701", &format!("127.0.0.1:{admin}"))
    };
    let mut script = "set -euo pipefail\ntrap 'jobs -p | xargs --no-run-if-empty kill' EXIT\n".to_owned();
    for (n, block) in blocks.iter().enumerate() {
        script.push_str(&format!("echo '== block {n}' >&2\n{{\n{}}} > said-{n}\n", own(block)));
    }
    script
}

#[test]
fn the_handbooks_commands_work() {
    if !has("curl") {
        return skip("the_handbooks_commands_work", "curl is not installed");
    }
    let text = std::fs::read_to_string(root().join("host/OPERATING.md")).expect("the handbook");
    let blocks = blocks(&text);
    assert!(blocks.len() > 5, "{blocks:?}");
    let place = Folder::new("handbook");
    let path = std::env::var("PATH").unwrap_or_default();
    let programs = binary().parent().expect("a folder").display().to_string();
    let output = Command::new("bash")
        .arg("-c")
        .arg(script(&blocks, &place.0))
        .current_dir(&place.0)
        .env("PATH", format!("{programs}:{path}"))
        .env("REFLOW_PLUGINS", plugins())
        // What the package's settings say.
        .env("REFLOW_DATA", place.join("data"))
        .env_remove("REFLOW_DATABASE")
        .output()
        .expect("bash runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    for (n, block) in blocks.iter().enumerate() {
        let said = std::fs::read_to_string(place.join(&format!("said-{n}"))).expect("what it said");
        for wanted in block.lines().filter_map(|line| line.strip_prefix("# => ")) {
            let wanted = wanted.replace("/var/lib/reflow", &place.join("data").display().to_string());
            assert!(said.contains(&wanted), "block {n} does not say `{wanted}`: {said}{errors}");
        }
    }
}

/// The package, made and unpacked: where it lies, and what the packer said. None without the packer.
fn package(out: &Folder) -> Option<(PathBuf, String)> {
    if !has("dpkg-deb") {
        return None;
    }
    // The binary of a test is large; what stands for it is not.
    let stand_in = out.join("reflow");
    let exec = format!("#!/bin/sh\nexec {} \"$@\"\n", binary().display());
    std::fs::write(&stand_in, exec).expect("a file");
    std::fs::set_permissions(&stand_in, std::fs::Permissions::from_mode(0o755)).expect("its rights");
    let pack = Command::new(root().join("host/reflow/dist/pack"))
        .args([stand_in, plugins(), out.0.clone()])
        .output()
        .expect("the packer runs");
    assert!(pack.status.success(), "{}", String::from_utf8_lossy(&pack.stderr));
    let made = String::from_utf8_lossy(&pack.stdout).into_owned();
    let tree = out.join("tree");
    let unpack = Command::new("dpkg-deb").arg("--extract").arg(named(&made, ".deb")).arg(&tree).status();
    assert!(unpack.is_ok_and(|status| status.success()));
    Some((tree, made))
}

/// The packed file that ends so.
fn named(made: &str, end: &str) -> String {
    let found = made.lines().find(|line| line.ends_with(end));
    found.unwrap_or_else(|| panic!("no {end}: {made}")).to_owned()
}

#[test]
fn the_package_holds_what_its_unit_starts() {
    let out = Folder::new("package");
    let Some((tree, made)) = package(&out) else {
        return skip("the_package_holds_what_its_unit_starts", "dpkg-deb is not installed");
    };
    let listed =
        Command::new("tar").arg("--list").arg("--file").arg(named(&made, ".tar.gz")).output().expect("tar");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    for file in [
        "usr/bin/reflow",
        "usr/share/reflow/plugins/standing.wasm",
        "usr/share/reflow/policies/tool-library/charter.toml",
        "usr/share/doc/reflow/OPERATING.md",
        "etc/reflow/reflow.toml",
        "lib/systemd/system/reflow.service",
    ] {
        assert!(tree.join(file).exists() && listed.contains(&format!("/{file}\n")), "{file} in {listed}");
    }
    // The unit starts the packed binary, which takes the packed settings as they are.
    let unit = std::fs::read_to_string(tree.join("lib/systemd/system/reflow.service")).expect("a unit");
    assert!(unit.contains("ExecStart=/usr/bin/reflow serve\n"), "{unit}");
    let check = Command::new(tree.join("usr/bin/reflow"))
        .args(["config", "check", "--config"])
        .arg(tree.join("etc/reflow/reflow.toml"))
        .output()
        .expect("the binary runs");
    let said = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(check.status.success() && said.contains("data: /var/lib/reflow  (file)"), "{said}");
    // What stands in the settings as an example is a setting too.
    let text = std::fs::read_to_string(tree.join("etc/reflow/reflow.toml")).expect("settings");
    let example =
        |line: &str| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).map(str::to_owned);
    let names_a_file = |line: &String| line.starts_with("tls-") || line.starts_with("database-file");
    let lines = text.lines().map(|line| example(line).unwrap_or_else(|| line.to_owned()));
    let all: Vec<String> = lines.filter(|line| !names_a_file(line)).collect();
    std::fs::write(out.join("all.toml"), all.join("\n")).expect("settings");
    let all = out.join("all.toml").display().to_string();
    cli(&out.0, None, &["config", "check", "--config", &all]).ok();
}

#[test]
fn the_unit_is_one_that_systemd_reads() {
    let out = Folder::new("unit");
    let Some((tree, _)) = package(&out).filter(|_| has("systemd-analyze")) else {
        let why = "dpkg-deb or systemd-analyze is not installed";
        return skip("the_unit_is_one_that_systemd_reads", why);
    };
    let mut verify = Command::new("systemd-analyze");
    let verify = verify.args(["verify", "--man=no", "--root"]).arg(&tree).arg("reflow.service").output();
    let said = String::from_utf8_lossy(&verify.expect("it runs").stderr).into_owned();
    // What it says about a line has the line's number.
    let about = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
    assert!(!said.split("reflow.service:").skip(1).any(about), "{said}");
}
