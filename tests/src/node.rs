//! The binary: run to its end, or started as a node.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value as Json;

use crate::{binary, compiled, plugins, root};

/// What a run of the binary came to.
#[derive(Debug)]
pub struct Outcome {
    /// The exit status.
    pub status: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Outcome {
    /// The document on standard output.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }

    /// Checks that it went well.
    pub fn ok(self) -> Outcome {
        assert_eq!(self.status, 0, "{}{}", self.out, self.err);
        self
    }
}

/// A database address beside the folder, for PostgreSQL.
pub type Database<'a> = Option<&'a str>;

fn command(data: &Path, database: Database, args: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command
        .current_dir(root())
        .env("REFLOW_PLUGINS", plugins())
        .env("REFLOW_CACHE", compiled())
        .env_remove("REFLOW_DATABASE")
        .arg("--data")
        .arg(data)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(address) = database {
        command.env("REFLOW_DATABASE", address);
    }
    command
}

/// Runs the binary to its end, with text on its standard input.
pub fn cli_with(data: &Path, database: Database, args: &[&str], input: &str) -> Outcome {
    let mut child = command(data, database, args).spawn().expect("the binary runs");
    child.stdin.take().expect("stdin").write_all(input.as_bytes()).expect("stdin is read");
    let output = child.wait_with_output().expect("the binary ends");
    Outcome {
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs the binary to its end.
pub fn cli(data: &Path, database: Database, args: &[&str]) -> Outcome {
    cli_with(data, database, args, "")
}

/// Starts the binary and leaves it running.
pub fn start(data: &Path, args: &[&str]) -> Child {
    command(data, None, args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs")
}

/// A running node.
pub struct Node {
    child: Child,
    /// Its address.
    pub base: String,
    /// Where the operator's programs are, if it was told to have such a place.
    pub admin: String,
}

impl Node {
    /// Starts `reflow serve` on a free port and waits until it is ready.
    pub fn serve(data: &Path, database: Database) -> Node {
        Node::wait(command(data, database, &["serve", "--listen", "127.0.0.1:0"]))
    }

    /// The same with more arguments.
    pub fn serve_with(data: &Path, more: &[&str]) -> Node {
        Node::wait(command(data, None, &[&["serve", "--listen", "127.0.0.1:0"], more].concat()))
    }

    /// The same at an address that is known beforehand.
    pub fn serve_at(data: &Path, address: &str) -> Node {
        Node::wait(command(data, None, &["serve", "--listen", address]))
    }

    /// The same with a listener for the operator's programs.
    pub fn serve_with_admin(data: &Path, database: Database) -> Node {
        let args = ["serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"];
        Node::wait(command(data, database, &args))
    }

    /// The same with a log, of which a part of the lines are of interest: where it is written.
    pub fn serve_logged(data: &Path, more: &str) -> (Node, PathBuf) {
        let log = data.join("log");
        let script = format!("exec \"$@\" {more} 2> {}", log.display());
        (Node::serve_under(&["sh", "-c", &script, "sh"], data), log)
    }

    /// Asks the node to read again what it reads from files.
    pub fn ask_to_read_again(&self) {
        use rustix::process::{Pid, Signal, kill_process};
        kill_process(Pid::from_child(&self.child), Signal::HUP).expect("SIGHUP");
    }

    /// Starts it under another program, whose last arguments are the node's command line.
    pub fn serve_under(program: &[&str], data: &Path) -> Node {
        let serve = command(data, None, &["serve", "--listen", "127.0.0.1:0"]);
        let mut under = Command::new(program.first().expect("a program"));
        under.args(&program[1..]).arg(serve.get_program()).args(serve.get_args());
        under.current_dir(root()).env("REFLOW_PLUGINS", plugins()).env("REFLOW_CACHE", compiled());
        under.env_remove("REFLOW_DATABASE");
        Node::wait(under)
    }

    fn wait(mut command: Command) -> Node {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        let out = child.stdout.take().expect("stdout");
        let mut log = child.stderr.take().expect("stderr");
        // It is read to its end: a node whose log nobody takes stands still when the pipe is full.
        let log = std::thread::spawn(move || {
            let mut text = Vec::new();
            log.read_to_end(&mut text).map(|_| String::from_utf8_lossy(&text).into_owned())
        });
        let (mut said, mut admin) = (String::new(), String::new());
        for line in BufReader::new(out).lines() {
            let line = line.expect("the node speaks text");
            if let Some(base) = line.strip_prefix("admin ") {
                base.clone_into(&mut admin);
            }
            if let Some(base) = line.strip_prefix("ready ") {
                return Node { base: base.to_owned(), admin, child };
            }
            said.push_str(&line);
        }
        let _ = child.kill();
        let _ = child.wait();
        let log = log.join().expect("the log is read").unwrap_or_default();
        panic!("the node did not become ready: {said}{log}");
    }

    /// The process's id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Memory that the node holds, kilobytes.
    pub fn memory_kb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).expect("the node lives");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        line.split_whitespace().next().and_then(|kb| kb.parse().ok()).expect("a number")
    }

    /// Asks the node to stop, as an operator would.
    pub fn ask_to_stop(&self) {
        use rustix::process::{Pid, Signal, kill_process};
        kill_process(Pid::from_child(&self.child), Signal::TERM).expect("SIGTERM");
    }

    /// Waits until it has ended by itself; its exit status.
    pub fn ended(mut self) -> Option<i32> {
        self.child.wait().expect("the node ends").code()
    }

    /// Pulls the plug: SIGKILL, nothing flushed.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
