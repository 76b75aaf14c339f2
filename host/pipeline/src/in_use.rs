//! Which rules are in use: how often each decided, refused, was excepted from and was appealed against. A rule that
//! nobody ever meets may be one too many, one that everybody is excepted from another one than it should be.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use governance::{AnyAct, CaseAct, GoverningAct};
use serde_json::{Value as Json, json};
use valueflows::Id;

use crate::entry::Written;
use crate::error::Rejection;
use crate::limits::{VERIFY_BATCH, WHAT_IF_MAX};
use crate::reader::Reader;

/// How often.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    decided: u64,
    refused: u64,
    excepted: u64,
    appealed: u64,
}

#[derive(Default)]
struct Uses {
    rules: BTreeMap<String, Count>,
    /// The rules that refused a command: an appeal is against these.
    refusals: HashMap<Id, Vec<String>>,
    /// What could not be decided because a calculation gave no answer, by what was said of it.
    failures: HashMap<String, u64>,
    commands: u64,
    refused: u64,
}

impl Uses {
    fn take(&mut self, written: &Written) {
        self.commands += 1;
        match written.decision() {
            Ok(()) => {
                for ruling in written.judged.get("acts").and_then(Json::as_array).into_iter().flatten() {
                    for policy in settled(ruling) {
                        self.rules.entry(policy).or_default().decided += 1;
                    }
                    let lifted = ruling.get("exception").and_then(|exception| exception.get(1)?.as_str());
                    if let Some(rule) = lifted {
                        self.rules.entry(rule.to_owned()).or_default().excepted += 1;
                    }
                }
            }
            Err(refused) => {
                self.refused += 1;
                if refused.by == "plugin" && refused.code.starts_with("plugin-") {
                    *self.failures.entry(refused.sentence.clone()).or_default() += 1;
                }
                let by: BTreeSet<String> = refused.reasons.into_iter().map(|reason| reason.policy).collect();
                for policy in &by {
                    self.rules.entry(policy.clone()).or_default().refused += 1;
                }
                self.refusals.insert(written.command.id, by.into_iter().collect());
            }
        }
        for act in &written.command.acts {
            if let AnyAct::Governing(GoverningAct::Case(CaseAct::Open { decision: Some(decision), .. })) = act
                && written.decision().is_ok()
            {
                for policy in self.refusals.get(decision).cloned().unwrap_or_default() {
                    self.rules.entry(policy).or_default().appealed += 1;
                }
            }
        }
    }
}

/// The rules that settled an act, and what followed from it.
pub(crate) fn settled(ruling: &Json) -> BTreeSet<String> {
    let list = |json: &Json, name: &str| json.get(name).and_then(Json::as_array).cloned().unwrap_or_default();
    let own = list(ruling, "policies").into_iter().filter_map(|policy| policy.as_str().map(str::to_owned));
    let duties = list(ruling, "duties").into_iter().flat_map(|call| list(&call, "acts"));
    own.chain(duties.flat_map(|act| settled(&act))).collect()
}

/// The rules that settled a command, as its entry says.
pub fn settled_by(judged: &Json) -> Vec<String> {
    let acts = judged.get("acts").and_then(Json::as_array);
    let all: BTreeSet<String> = acts.into_iter().flatten().flat_map(settled).collect();
    all.into_iter().collect()
}

impl Reader {
    /// The command whose entry has a number; its decision is still the reader's to see or not.
    pub async fn command_at(&mut self, seq: u64) -> Result<Option<Id>, Rejection> {
        let entries = self.node.store.entries_from(&self.head, seq, 1).await?;
        let Some((entry, _)) = entries.first().filter(|(entry, _)| entry.seq == seq) else { return Ok(None) };
        let written = Written::read(&entry.body()?);
        Ok(Some(written.map_err(|error| Rejection::Internal(error.to_string()))?.command.id))
    }

    /// How the rules were used in the last so many entries. It counts what everybody did, and names nobody.
    pub async fn rules_in_use(&mut self, last: u64) -> Result<Json, Rejection> {
        let head = self.head.clone();
        let from = head.seq.saturating_sub(last.min(WHAT_IF_MAX)).max(1) + 1;
        let (mut seq, mut uses) = (from, Uses::default());
        while seq <= head.seq {
            let entries = self.node.store.entries_from(&head, seq, VERIFY_BATCH).await?;
            let Some((newest, _)) = entries.last() else { break };
            seq = newest.seq + 1;
            for (entry, _) in &entries {
                let written = Written::read(&entry.body()?);
                uses.take(&written.map_err(|error| Rejection::Internal(error.to_string()))?);
            }
        }
        let compiled = &self.rules.compiled;
        let mut rows = Vec::new();
        let known = compiled.book.policies.iter().map(|policy| policy.id.clone());
        let all: BTreeSet<String> = known.chain(uses.rules.keys().cloned()).collect();
        for id in all {
            let Count { decided, refused, excepted, appealed } =
                uses.rules.get(&id).copied().unwrap_or_default();
            let title = compiled.says(&id, "title").unwrap_or(&id);
            let in_force = compiled.book.policies.iter().any(|policy| policy.id == id);
            rows.push(json!({
                "rule": id, "title": title, "inForce": in_force, "decided": decided, "refused": refused,
                "excepted": excepted, "appealed": appealed,
            }));
        }
        let sum = |row: &Json| -> u64 {
            ["decided", "refused", "excepted", "appealed"]
                .iter()
                .filter_map(|name| row.get(*name).and_then(Json::as_u64))
                .sum()
        };
        rows.sort_by_key(|row| std::cmp::Reverse(sum(row)));
        // What was said names the calculation that failed.
        let failed = |plugin: &str| -> u64 {
            let named = format!("`{plugin}`");
            uses.failures.iter().filter(|(said, _)| said.contains(&named)).map(|(_, count)| count).sum()
        };
        let failures: serde_json::Map<String, Json> = self
            .rules
            .bound
            .iter()
            .map(|bound| (bound.binding.plugin.clone(), json!(failed(&bound.binding.plugin))))
            .collect();
        Ok(json!({
            "failures": failures, "from": from, "to": head.seq, "commands": uses.commands, "refused": uses.refused, "rules": rows,
        }))
    }
}
