//! A throw-away PostgreSQL from the installed binaries, on a socket in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Folder;

/// A running server; stopped and removed when it is dropped.
pub struct Postgres {
    folder: Folder,
    binaries: PathBuf,
}

/// The newest installed PostgreSQL's binaries.
fn binaries() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|e| e.path().join("bin")).collect();
    found.retain(|path| path.join("initdb").exists());
    found.sort();
    found.pop()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// The server refuses to run as root: as root, everything is done as `nobody`.
fn as_ordinary(program: &Path) -> Command {
    match is_root() {
        true => {
            let mut command = Command::new("runuser");
            command.args(["-u", "nobody", "--"]).arg(program);
            command
        }
        false => Command::new(program),
    }
}

impl Postgres {
    /// Starts one; `None` where no binaries are installed.
    pub fn start() -> Option<Postgres> {
        let binaries = binaries()?;
        let folder = Folder::new("pg");
        if is_root() {
            let owned = Command::new("chown").arg("nobody").arg(&folder.0).status();
            assert!(owned.is_ok_and(|status| status.success()), "chown of the server's folder");
        }
        let run = |program: &str, args: &[&str]| {
            let output = as_ordinary(&binaries.join(program))
                .args(args)
                .current_dir(&folder.0)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .output()
                .expect("PostgreSQL's binaries run");
            assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        };
        let data = folder.join("data").display().to_string();
        run("initdb", &["-D", &data, "-U", "reflow", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        let postgres = Postgres { folder, binaries };
        postgres.resume();
        Some(postgres)
    }

    fn control(&self, args: &[&str]) {
        let data = self.folder.join("data").display().to_string();
        let status = as_ordinary(&self.binaries.join("pg_ctl"))
            .args(["-D", &data, "-w"])
            .args(args)
            .current_dir(&self.folder.0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(status.is_ok_and(|status| status.success()), "pg_ctl {args:?}");
    }

    /// Stops the server as a power cut would: nobody is told, nothing is flushed.
    pub fn pull_the_plug(&self) {
        self.control(&["-m", "immediate", "stop"]);
    }

    /// Starts the server (again).
    pub fn resume(&self) {
        let socket = self.folder.0.display().to_string();
        let options =
            format!("-c listen_addresses= -c unix_socket_directories={socket} -c max_connections=60");
        let log = self.folder.join("log").display().to_string();
        self.control(&["-l", &log, "-o", &options, "start"]);
    }

    /// The folder of its socket.
    pub fn socket(&self) -> String {
        self.folder.0.display().to_string()
    }

    /// One of its programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.binaries.join(name)
    }

    /// A new, empty database's address.
    pub fn database(&self, name: &str) -> String {
        let socket = self.folder.0.display().to_string();
        let output =
            as_ordinary(&self.binaries.join("createdb")).args(["-h", &socket, "-U", "reflow", name]).output();
        let output = output.expect("createdb runs");
        assert!(output.status.success(), "createdb: {}", String::from_utf8_lossy(&output.stderr));
        self.address(name)
    }

    /// The address of a database.
    pub fn address(&self, name: &str) -> String {
        format!("postgres://reflow@localhost/{name}?host={}", self.folder.0.display())
    }

    /// Copies a database that nobody is using.
    pub fn copy_database(&self, from: &str, to: &str) {
        let socket = self.folder.0.display().to_string();
        let run = |program: &str, args: &[&str]| {
            let output = as_ordinary(&self.binaries.join(program))
                .args(["-h", &socket, "-U", "reflow"])
                .args(args)
                .output();
            let output = output.expect("PostgreSQL's binaries run");
            assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        };
        run("dropdb", &["--if-exists", to]);
        run("createdb", &["-T", from, to]);
    }

    /// Runs a SQL file in a database.
    pub fn load(&self, name: &str, file: &Path) {
        let socket = self.folder.0.display().to_string();
        let sql = std::fs::File::open(file).expect("the SQL file");
        let output = as_ordinary(&self.binaries.join("psql"))
            .args(["-h", &socket, "-U", "reflow", "-d", name, "-q", "-v", "ON_ERROR_STOP=1"])
            .stdin(sql)
            .output()
            .expect("psql runs");
        assert!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// A database as SQL.
    pub fn dump(&self, name: &str) -> String {
        let socket = self.folder.0.display().to_string();
        let output = as_ordinary(&self.binaries.join("pg_dump"))
            .args(["-h", &socket, "-U", "reflow", "--no-owner", "--no-privileges", name])
            .output()
            .expect("pg_dump runs");
        assert!(output.status.success(), "pg_dump: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.folder.join("data").display().to_string();
        let _ = as_ordinary(&self.binaries.join("pg_ctl"))
            .args(["-D", &data, "-m", "immediate", "stop"])
            .output();
    }
}
