//! Loan duties: whoever takes a thing on loan promises to bring it back, and owes a fee for each day begun past the date,
//! at the rate that the accepted quote wrote into the agreement.

use sdk::duties::{Cause, Duties, Duty, Promise, Verdict};
use sdk::{Action, Asked, Commitment, DAY_US, Event, because};

struct LoanDuties;

impl Duties for LoanDuties {
    /// A thing changed hands under an agreement: if that was the loan, it has to come back.
    fn happened(cause: &Asked<Cause>, event: &Event) -> Verdict {
        let is_this = |clause: &&Commitment| {
            clause.is("loan") && clause.provider == event.provider && clause.receiver == event.receiver
        };
        if event.action != Action::TransferCustody {
            return Verdict::nothing();
        }
        let Some(loan) = cause.commitments("clauses").find(is_this) else { return Verdict::nothing() };
        let (Some(due), Some(borrower), Some(lender)) = (loan.ends, event.receiver, event.provider) else {
            return Verdict::Unable(because("no-loan"));
        };
        Verdict::Duties(vec![Duty::Commit(Promise {
            action: Action::TransferCustody,
            provider: borrower,
            receiver: lender,
            stock: event.stock,
            spec: None,
            quantity: event.quantity,
            effort: None,
            classes: vec!["return".into()],
            agreement: event.agreement,
            due: Some(due),
        })])
    }

    /// A return fell due: another day is begun. The fee for it, and a look again when the next begins.
    fn fell_due(cause: &Asked<Cause>, promise: &Commitment, at: i64) -> Verdict {
        let (Some(due), Some(borrower), Some(lender)) = (promise.due, promise.provider, promise.receiver)
        else {
            return Verdict::nothing();
        };
        if !promise.is("return") {
            return Verdict::nothing();
        }
        let days_begun = (at - due) / DAY_US + 1;
        let again = Duty::Again(due + days_begun * DAY_US);
        let rate = cause.ctx.agreement(promise.agreement).and_then(|terms| terms.term("late-day"));
        let Some(rate) = rate else { return Verdict::Duties(vec![again]) };
        let fee = Duty::Commit(Promise {
            action: Action::Transfer,
            provider: borrower,
            receiver: lender,
            stock: None,
            spec: None,
            quantity: Some(rate),
            effort: None,
            classes: vec!["late-fee".into()],
            agreement: promise.agreement,
            due: None,
        });
        Verdict::Duties(vec![fee, again])
    }
}

sdk::duties!(LoanDuties);
