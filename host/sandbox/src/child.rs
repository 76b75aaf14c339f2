//! Work that hostile input could make hang, eat memory or crash, done in a child process of the same
//! binary: limits on processor time, address space and files set by the child itself, wall clock and
//! length of the answer by the parent. A child that dies takes nobody along.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use thiserror::Error;

/// Why a child gave no answer.
#[derive(Debug, Error)]
pub enum ChildError {
    /// It could not be started or talked to.
    #[error("the child process: {0}")]
    Io(String),
    /// It took too long.
    #[error("it took longer than {0} seconds")]
    TooSlow(u64),
    /// It answered without end.
    #[error("it answered with more than {0} bytes")]
    TooMuch(u64),
}

impl From<std::io::Error> for ChildError {
    fn from(error: std::io::Error) -> ChildError {
        ChildError::Io(error.to_string())
    }
}

/// How a child is waited for: the one place in this room that looks at a clock, and no answer of a
/// plugin comes of it.
#[expect(clippy::disallowed_methods, reason = "a deadline for a child process, never part of an answer")]
fn wall_clock() -> Instant {
    Instant::now()
}

/// Gives bytes to a child and takes its answer: `program` is this binary, `argument` a hidden
/// sub-command of it.
pub fn ask(
    program: &Path,
    argument: &str,
    bytes: &[u8],
    (wall, most): (Duration, u64),
) -> Result<(ExitStatus, Vec<u8>), ChildError> {
    let mut child = Command::new(program)
        .arg(argument)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .env_clear()
        .spawn()?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else {
        return Err(ChildError::Io("no pipes".into()));
    };
    let bytes = bytes.to_vec();
    // A child that does not read to the end breaks the pipe, which its answer will tell.
    let writer = std::thread::spawn(move || stdin.write_all(&bytes));
    let reader = std::thread::spawn(move || {
        let mut answer = Vec::new();
        stdout.take(most).read_to_end(&mut answer).map(|_| answer)
    });
    let deadline = wall_clock() + wall;
    while !reader.is_finished() {
        if wall_clock() > deadline {
            let _ = child.kill();
            let _ = child.wait();
            return Err(ChildError::TooSlow(wall.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let answer = reader.join().map_err(|_| ChildError::Io("the reader died".into()))??;
    if answer.len() as u64 >= most {
        let _ = child.kill();
        let _ = child.wait();
        return Err(ChildError::TooMuch(most));
    }
    let status = child.wait()?;
    let _ = writer.join();
    Ok((status, answer))
}

/// Limits on this very process, for a child: seconds of processor time, bytes of address space, bytes of
/// any one file. Whether they hold.
pub fn limit_self(cpu_s: u64, space_bytes: u64, file_bytes: u64) -> bool {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limit = |value| Rlimit { current: Some(value), maximum: Some(value) };
    setrlimit(Resource::Cpu, limit(cpu_s)).is_ok()
        && setrlimit(Resource::As, limit(space_bytes)).is_ok()
        && setrlimit(Resource::Fsize, limit(file_bytes)).is_ok()
}
