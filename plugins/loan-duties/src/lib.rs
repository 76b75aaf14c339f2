//! Loan duties: whoever takes a thing on loan promises to bring it back, and owes a fee for each day
//! begun past the date, at the rate that the accepted quote wrote into the agreement.

use sdk::duties::{Cause, Duty, Fallen, Guest, Promise, Verdict};
use sdk::{Action, Commitment, Context, DAY_US, because};

const CLAUSES: usize = 0;

struct LoanDuties;

impl Guest for LoanDuties {
    fn oblige(ctx: Context, causes: Vec<Cause>) -> Vec<Verdict> {
        causes
            .iter()
            .enumerate()
            .map(|(item, cause)| match cause {
                Cause::Happened(row) => handed_over(&ctx, item, *row as usize),
                Cause::FellDue(fallen) => late(&ctx, fallen),
            })
            .collect()
    }
}

/// A thing changed hands under an agreement: if that was the loan, it has to come back.
fn handed_over(ctx: &Context, item: usize, row: usize) -> Verdict {
    let nothing = Verdict::Duties(Vec::new());
    let Some(event) = ctx.events.get(row).filter(|event| event.action == Action::TransferCustody) else {
        return nothing;
    };
    let is_this = |loan: &&Commitment| {
        loan.is("loan") && loan.provider == event.provider && loan.receiver == event.receiver
    };
    let Some(loan) = ctx.commitments_found(CLAUSES, item).find(is_this) else { return nothing };
    let (Some(due), Some(borrower), Some(lender)) = (loan.ends, event.receiver, event.provider) else {
        return Verdict::Unable(because("no-loan"));
    };
    Verdict::Duties(vec![Duty::Commit(Promise {
        action: Action::TransferCustody,
        provider: borrower,
        receiver: lender,
        stock: event.stock,
        quantity: event.quantity,
        classes: vec!["return".into()],
        agreement: event.agreement,
        due: Some(due),
    })])
}

/// A return fell due: another day is begun. The fee for it, and a look again when the next begins.
fn late(ctx: &Context, fallen: &Fallen) -> Verdict {
    let nothing = Verdict::Duties(Vec::new());
    let promise = ctx.commitments.get(fallen.promise as usize);
    let Some(promise) = promise.filter(|promise| promise.is("return")) else { return nothing };
    let (Some(due), Some(borrower), Some(lender)) = (promise.due, promise.provider, promise.receiver) else {
        return nothing;
    };
    let terms = promise.agreement.and_then(|row| ctx.agreements.get(row as usize));
    let rate = terms.and_then(|agreement| agreement.terms.iter().find(|term| term.code == "late-day"));
    let days_begun = (fallen.at - due) / DAY_US + 1;
    let again = Duty::Again(due + days_begun * DAY_US);
    let Some(rate) = rate else { return Verdict::Duties(vec![again]) };
    Verdict::Duties(vec![
        Duty::Commit(Promise {
            action: Action::Transfer,
            provider: borrower,
            receiver: lender,
            stock: None,
            quantity: Some(rate.quantity),
            classes: vec!["late-fee".into()],
            agreement: promise.agreement,
            due: None,
        }),
        again,
    ])
}

sdk::duties::export!(LoanDuties with_types_in sdk::duties);
