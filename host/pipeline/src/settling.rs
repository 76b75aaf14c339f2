//! Cases, exceptions and applications to join, as people and programs read them.

use std::sync::Arc;

use governance::{AnyAct, cases};
use ledger::Act;
use serde_json::{Value as Json, json};
use valueflows::{Class, Id, Prop, Record};

use crate::decision::Receipt;
use crate::entry::Written;
use crate::error::Rejection;
use crate::limits::{REPORT_ROWS, REPORT_ROWS_MAX};
use crate::reader::Reader;

/// The act that an exception would be made in, by the name of its CedarAction, and the offer or the thing that it is
/// about; none for what nobody is excepted in.
pub fn excepted_as(act: &AnyAct) -> Option<(String, Option<Id>)> {
    match act {
        AnyAct::Economic(Act::Accept { intent, .. }) => Some(("borrow".to_owned(), Some(*intent))),
        AnyAct::Economic(Act::Record { event, .. }) => Some((event.action()?.to_string(), None)),
        _ => None,
    }
}

impl Reader {
    /// Every record of a class that the reader may see, oldest first.
    pub async fn every(&mut self, class: Class) -> Result<Vec<Arc<Record>>, Rejection> {
        let (mut found, mut after) = (Vec::new(), 0);
        loop {
            let page = self.list(class, after, REPORT_ROWS).await?;
            found.extend(page.records);
            if found.len() > REPORT_ROWS_MAX {
                return Err(Rejection::TooMuchToRead);
            }
            match page.next {
                Some(next) => after = next,
                None => return Ok(found),
            }
        }
    }

    /// A record of a class by its id, or by the beginning of it (eight characters at least); of several the newest.
    pub async fn named_in(&mut self, class: Class, name: &str) -> Result<Option<Arc<Record>>, Rejection> {
        if let Ok(id) = name.parse::<Id>() {
            return Ok(self.get(id).await?.filter(|record| record.class == class));
        }
        let all = self.every(class).await?;
        let begins = |record: &&Arc<Record>| name.len() >= 8 && record.id.to_string().starts_with(name);
        Ok(all.iter().rev().find(begins).cloned())
    }

    async fn titles(&mut self, ids: &[Id]) -> Result<Vec<String>, Rejection> {
        let mut titles = Vec::with_capacity(ids.len());
        for id in ids {
            titles.push(self.title(*id).await?);
        }
        Ok(titles)
    }

    async fn titled(&mut self, record: &Record, prop: Prop) -> Result<Option<String>, Rejection> {
        match record.fields.id(prop) {
            Some(id) => Ok(Some(self.title(id).await?)),
            None => Ok(None),
        }
    }

    /// The decision that a case is about: whoever sees the case sees it, where it was made about whoever opened it.
    pub async fn appealed(&mut self, case: &Record) -> Result<Option<(Receipt, Written)>, Rejection> {
        let command = case.fields.text(Prop::Subject).and_then(|id| id.parse::<Id>().ok());
        let (Some(command), Some(author)) = (command, case.fields.id(Prop::Author)) else { return Ok(None) };
        let judged = self.judged(command).await?;
        match judged.filter(|(_, written)| written.command.agent == author) {
            Some(own) => Ok(Some(own)),
            None => self.decision(command).await,
        }
    }

    /// A case as a document.
    pub async fn case(&mut self, case: &Record) -> Result<Json, Rejection> {
        let fields = &case.fields;
        let parties: Vec<Id> = cases::parties(case).collect();
        let parties = self.titles(&parties).await?;
        let mut said = Vec::new();
        for one in fields.document(Prop::Statements).and_then(Json::as_array).into_iter().flatten() {
            let by = one.get("by").and_then(Json::as_str).and_then(|id| id.parse().ok());
            let by = match by {
                Some(id) => self.title(id).await?,
                None => String::new(),
            };
            said.push(json!({"by": by, "at": one.get("at"), "says": one.get("says")}));
        }
        let decision = self.appealed(case).await?.map(|(receipt, _)| receipt.to_json());
        let time = |prop| fields.instant(prop).map(|at| at.0);
        Ok(json!({
            "id": case.id, "kind": fields.text(Prop::Kind), "status": fields.text(Prop::Status),
            "open": case.is_open(), "author": self.titled(case, Prop::Author).await?, "parties": parties,
            "about": self.titled(case, Prop::ResourceInventoriedAs).await?,
            "decision": fields.text(Prop::Subject), "decided": decision,
            "assignee": self.titled(case, Prop::Assignee).await?,
            "isMine": fields.id(Prop::Assignee) == Some(self.agent),
            "isParty": fields.ids(Prop::Parties).contains(&self.agent),
            "isAuthor": fields.id(Prop::Author) == Some(self.agent),
            "escalated": fields.integer(Prop::Escalated).unwrap_or_default(), "statements": said,
            "created": time(Prop::Created), "due": time(Prop::Due), "ended": time(Prop::HasEnd),
        }))
    }

    /// An exception as a document.
    pub async fn exception(&mut self, exception: &Record) -> Result<Json, Rejection> {
        let fields = &exception.fields;
        let most = match fields.quantity(Prop::ResourceQuantity) {
            Some(quantity) => {
                let decimals = self.decimals(quantity.unit).await?;
                Some(format!("{} {}", quantity.decimal(decimals), self.title(quantity.unit).await?))
            }
            None => None,
        };
        let rule = fields.text(Prop::Subject);
        let title = rule.and_then(|rule| self.rules.compiled.says(rule, "title")).map(str::to_owned);
        Ok(json!({
            "id": exception.id, "member": self.titled(exception, Prop::Member).await?,
            "permits": fields.texts(Prop::Acts).first(), "rule": rule, "title": title,
            "thing": self.titled(exception, Prop::ResourceInventoriedAs).await?,
            "days": fields.integer(Prop::Days), "most": most,
            "by": self.titled(exception, Prop::Author).await?, "reason": fields.text(Prop::Reason),
            "case": fields.id(Prop::Concerns), "status": fields.text(Prop::Status), "open": exception.is_open(),
            "until": fields.instant(Prop::HasEnd).map(|at| at.0),
        }))
    }

    /// A delegation as a document.
    pub async fn delegation(&mut self, delegation: &Record) -> Result<Json, Rejection> {
        let fields = &delegation.fields;
        let ends = fields.instant(Prop::HasEnd);
        Ok(json!({
            "id": delegation.id, "delegator": self.titled(delegation, Prop::Delegator).await?,
            "delegate": self.titled(delegation, Prop::Delegate).await?, "acts": fields.texts(Prop::Acts),
            "until": ends.map(|at| at.0),
            "open": delegation.is_open() && ends.is_some_and(|ends| self.time() < ends),
        }))
    }

    /// An application to join as a document.
    pub async fn application(&mut self, application: &Record) -> Result<Json, Rejection> {
        let fields = &application.fields;
        let vouchers = fields.ids(Prop::Vouchers).to_vec();
        let joining = self.rules.compiled.book.joining.clone();
        let takes = joining.as_ref().map(|joining| joining.vouchers).unwrap_or_default();
        Ok(json!({
            "id": application.id, "name": self.titled(application, Prop::Member).await?,
            "agent": fields.id(Prop::Member), "way": fields.text(Prop::Kind),
            "status": fields.text(Prop::Status), "open": application.is_open(),
            "answers": fields.document(Prop::Answers), "vouchers": self.titles(&vouchers).await?,
            "takes": takes, "certified": fields.texts(Prop::Training),
            "reason": fields.text(Prop::Reason), "isMine": fields.id(Prop::Member) == Some(self.agent),
            "vouched": vouchers.contains(&self.agent),
            "created": fields.instant(Prop::Created).map(|at| at.0),
            "due": fields.instant(Prop::Due).map(|at| at.0),
        }))
    }
}
