//! Cedar on what an outsider brings: the same engine, nothing of any network, in a child process. A text
//! nested deeply enough overflows the stack of Cedar's parser, which ends the process that it runs in.

use std::io::{Read, Write};
use std::time::Duration;

use policy::outside;
use sandbox::child;
use serde_json::{Value as Json, json};

use crate::error::Rejection;
use crate::limits::{
    DRY_RUN_ANSWER_BYTES_MAX, DRY_RUN_BYTES_MAX, DRY_RUN_CPU_S_MAX, DRY_RUN_SPACE_BYTES_MAX,
    DRY_RUN_WALL_S_MAX,
};
use crate::node::Node;

/// The hidden sub-command under which the binary is its own dry-run child.
pub const COMMAND: &str = "dry-run-child";

impl Node {
    /// Has a child of this binary work on bytes that could hang, eat memory or crash: its answer, whatever became of it,
    /// or why there is none.
    pub fn in_child(
        &self,
        command: &str,
        bytes: &[u8],
        limits: (Duration, u64),
    ) -> Result<Result<Vec<u8>, String>, Rejection> {
        let program = self.shelf.program();
        match tokio::task::block_in_place(|| child::ask(program, command, bytes, limits)) {
            Ok((_, answer)) => Ok(Ok(answer)),
            Err(child::ChildError::Io(problem)) => Err(Rejection::Internal(problem)),
            Err(too_much) => Ok(Err(too_much.to_string())),
        }
    }

    /// Answers a question from outside: a document, or a sentence that says what cannot be read.
    pub fn dry_run(&self, question: &[u8]) -> Result<Result<Json, String>, Rejection> {
        let limits = (Duration::from_secs(DRY_RUN_WALL_S_MAX), DRY_RUN_ANSWER_BYTES_MAX);
        let answer = match self.in_child(COMMAND, question, limits)? {
            Ok(answer) => answer,
            Err(too_much) => return Ok(Err(too_much)),
        };
        // A child that died had no answer: too deep, too large, too long.
        let Ok(mut answer) = serde_json::from_slice::<Json>(&answer) else {
            return Ok(Err("these policies are nested too deeply, or take too much to decide".into()));
        };
        match answer.get("unreadable").and_then(Json::as_str) {
            Some(sentence) => Ok(Err(sentence.to_owned())),
            None => Ok(Ok(answer.get_mut("outcome").map(Json::take).unwrap_or_default())),
        }
    }
}

/// The child's whole life: limits on, question in, answer out. Returns its exit status.
pub fn child_main() -> u8 {
    let mut bytes = Vec::new();
    let limited = child::limit_self(DRY_RUN_CPU_S_MAX, DRY_RUN_SPACE_BYTES_MAX, 0);
    if !limited || std::io::stdin().lock().take(DRY_RUN_BYTES_MAX).read_to_end(&mut bytes).is_err() {
        return 3;
    }
    let outcome = serde_json::from_slice(&bytes)
        .map_err(|error| error.to_string())
        .and_then(|question| outside::decide(question).map_err(|error| error.to_string()));
    let answer = match outcome {
        Ok(outcome) => json!({"outcome": outcome}),
        Err(sentence) => json!({"unreadable": sentence}),
    };
    let written = std::io::stdout().lock().write_all(answer.to_string().as_bytes());
    if written.is_ok() { 0 } else { 3 }
}
