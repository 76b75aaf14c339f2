//! A real browser: Debian's Chromium, driven by the scripts in `tests/browser` through playwright-core.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value as Json;

use crate::{built, root};

/// What is missing for a browser, if anything is.
pub fn missing() -> Option<&'static str> {
    let runs = |program: &str| {
        Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
    };
    match () {
        () if !runs("node") => Some("Node.js is not installed"),
        () if chromium().is_none() => Some("Chromium is not installed"),
        () if !packages().join("node_modules/playwright-core").is_dir() => {
            Some("playwright-core is not installed")
        }
        () => None,
    }
}

/// What is missing for a script that needs one of the packages, but no browser.
pub fn missing_package(name: &str) -> Option<&'static str> {
    let runs = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
    match runs && packages().join("node_modules").join(name).is_dir() {
        true => None,
        false => Some("Node.js, or a package of npm, is not installed"),
    }
}

fn chromium() -> Option<PathBuf> {
    let known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    known.into_iter().map(PathBuf::from).find(|path| path.exists())
}

fn packages() -> PathBuf {
    target().join("browser")
}

/// The target folder.
fn target() -> PathBuf {
    built().parent().map(Path::to_owned).unwrap_or_else(|| root().join("target"))
}

/// Begins one of the scripts on a plan, once it says that it is up; nothing, where it ends before that.
pub fn begin(script: &str, plan: &Json) -> Option<Running> {
    let mut child = Command::new("node")
        .arg(root().join("tests/browser").join(script))
        .env("REFLOW_BROWSER", packages())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("node runs");
    writeln!(child.stdin.as_mut().expect("stdin"), "{plan}").expect("the plan is read");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    let running = Running(child);
    lines.find(|line| line.as_ref().map_or(true, |line| line == "up"))?.ok().map(|_| running)
}

/// A script that runs until this is dropped.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Where screenshots are kept.
pub fn screenshots() -> PathBuf {
    target().join("screenshots")
}

/// Runs one of the scripts on a plan; the document that it prints.
pub fn run(script: &str, plan: &Json) -> Json {
    let mut child = Command::new("node")
        .arg(root().join("tests/browser").join(script))
        .env("REFLOW_BROWSER", packages())
        .env("REFLOW_CHROMIUM", chromium().unwrap_or_else(|| Path::new("chromium").to_owned()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node runs");
    child.stdin.take().expect("stdin").write_all(plan.to_string().as_bytes()).expect("the plan is read");
    let output = child.wait_with_output().expect("node ends");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script}: {out}{err}");
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{script}: {error}: {out}{err}"))
}
