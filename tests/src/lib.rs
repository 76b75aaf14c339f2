//! The harness: the built binary, throw-away folders and databases, a small HTTP client.

pub mod chaos;
pub mod chromium;
pub mod founded;
pub mod guests;
pub mod http;
pub mod load;
pub mod node;
pub mod postgres;
pub mod town;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

pub use node::{Node, Outcome, cli};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

/// The root of the repository: found when the test runs, since a target folder may serve two checkouts.
pub fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = here.or_else(|| std::env::current_dir().ok()).unwrap_or_default();
    let root = here.ancestors().find(|folder| folder.join("rust-toolchain.toml").exists());
    root.map(Path::to_owned).expect("tests run under cargo, in a checkout")
}

/// The folder that cargo builds into for this profile.
pub fn built() -> PathBuf {
    // Tests lie in `deps` below it, programs in the folder itself.
    let exe = std::env::current_exe().unwrap_or_default();
    let folder = exe.parent().map(Path::to_owned).unwrap_or_default();
    if folder.ends_with("deps") { folder.parent().map(Path::to_owned).unwrap_or_default() } else { folder }
}

/// The built binary.
pub fn binary() -> PathBuf {
    let binary = built().join("reflow");
    assert!(binary.exists(), "`{}` is not built; run `make test`", binary.display());
    binary
}

/// Where compiled rules are kept, for all nodes of the tests: a component is admitted once and not in each data folder.
pub fn compiled() -> PathBuf {
    built().with_file_name("compiled")
}

/// Where the built plugins lie.
pub fn plugins() -> PathBuf {
    let named = std::env::var_os("REFLOW_PLUGINS").map(PathBuf::from);
    let plugins = named.unwrap_or_else(|| built().parent().unwrap_or(&root()).join("plugins"));
    assert!(plugins.join("standing.wasm").exists(), "no plugins in `{}`; run `make test`", plugins.display());
    plugins
}

/// The plugins that are shipped, by name.
pub fn shipped() -> Vec<String> {
    let folders = std::fs::read_dir(root().join("plugins")).expect("plugins").flatten();
    let mut names: Vec<String> = folders
        .filter(|folder| folder.path().join("plugin.toml").exists())
        .map(|folder| folder.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(names.len() > 5, "{names:?}");
    names
}

/// A folder of its own, removed when it is dropped.
pub struct Folder(pub PathBuf);

impl Folder {
    /// A new one.
    pub fn new(name: &str) -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("reflow-test-{}-{n}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Folder(path)
    }

    /// A path in it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Copies a folder, files and folders alike.
pub fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(status.is_ok_and(|status| status.success()), "cp -a {} {}", from.display(), to.display());
}

/// Builds C that stands before the C library's functions; the variable that puts it there, none without a compiler.
pub fn preload(folder: &Folder, source: &str) -> Option<String> {
    let (file, object) = (folder.join("preload.c"), folder.join("preload.so"));
    std::fs::write(&file, source).expect("the source");
    let mut gcc = Command::new("gcc");
    let built = gcc.args(["-shared", "-fPIC", "-o"]).arg(&object).arg(&file).arg("-ldl").status();
    built.is_ok_and(|status| status.success()).then(|| format!("LD_PRELOAD={}", object.display()))
}

/// Waits for something that comes about within moments; what does not come about within two minutes fails.
#[expect(clippy::disallowed_methods, reason = "what does not come about must end")]
pub fn soon<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let since = std::time::Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(since.elapsed() < std::time::Duration::from_secs(120), "it never came about: {what}");
    }
}

/// Notes that a test could not run for want of a part of the machine; the runner counts and names it.
pub fn skip(test: &str, why: &str) {
    eprintln!("SKIP {test}: {why}");
    if let Some(file) = std::env::var_os("REFLOW_SKIPS") {
        use std::io::Write;
        let file = std::fs::OpenOptions::new().create(true).append(true).open(file);
        let _ = file.and_then(|mut file| writeln!(file, "{test}: {why}"));
    }
}

/// One statement in a copy of a database; how many rows it changed.
pub fn alter(database: &Path, statement: &str) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(database);
        let mut connection = options.connect().await.expect("the database opens");
        let changed = sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned()))
            .execute(&mut connection)
            .await
            .expect("the statement runs")
            .rows_affected();
        connection.close().await.expect("the database closes");
        changed
    })
}

/// Writes a rule set into a folder that has calculations at hand which can count votes.
pub fn counting_rules(folder: &Path) {
    let charter = format!(
        "name = \"counted\"\ntitle = \"A test.\"\n[[units]]\nlabel = \"piece\"\nsymbol = \"pc\"\ndecimals = 0\n\
         [[plugins]]\nname = \"schulze\"\n[[plugins]]\nname = \"two-chambers\"\n\
         settings = {{ first = \"maker\", second = \"user\" }}\n{}",
        decisions()
    );
    std::fs::write(folder.join("charter.toml"), charter).expect("a charter");
    let policy = "@id(\"all\") permit (principal, action, resource);";
    std::fs::write(folder.join("rules.cedar"), policy).expect("a policy");
}

/// How rules are changed, for rule sets that tests make up: as in the simplest that is shipped.
pub fn decisions() -> String {
    let charter =
        std::fs::read_to_string(root().join("policies/open-books/charter.toml")).expect("a charter");
    let at = charter.find("\n[decisions.").expect("ways of deciding");
    charter[at..].to_owned()
}

/// Seconds since 1970, for what is signed or shown by the time.
#[expect(clippy::disallowed_methods, reason = "a sender and a telephone have clocks of their own")]
pub fn seconds() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
    i64::try_from(since.as_secs()).expect("seconds")
}

/// The signature of a webhook's message, written down once more from the standard.
pub fn webhook_signature(secret: &str, id: &str, timestamp: &str, body: &str) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use hmac::{KeyInit, Mac};
    let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("Base64");
    let mut mac = <hmac::Hmac<sha2::Sha256> as KeyInit>::new_from_slice(&key).expect("a key");
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}
