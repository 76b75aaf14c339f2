//! Acting in somebody's name on pages: let, done, seen, ended.

use tests::http::Browser;
use tests::town::Town;

use crate::founded::NETWORK;
use crate::taking_part::page;

#[test]
fn somebody_acts_for_somebody_as_far_as_they_were_let() {
    let town = Town::found("acting-for");
    town.does("Ines", &["member", "password", "Kofi", "--password", "kofi-secret"]);
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let kofi = Browser::sign_in(town.base(), NETWORK, "Kofi", "kofi-secret");
    let (to, thing) = (page(&format!("people/{}", town.agent("Kofi"))), town.tools.drill.clone());
    let (form, mine) = (amara.get(&to), town.agent("Amara"));
    let nobody = amara.submit(&form, "/delegate", &[("name", "x"), ("until", "tomorrow")]);
    assert_eq!(nobody.status, 404);
    // A day that is none; more than one may say in another's name.
    assert_eq!(amara.submit(&form, "/delegate", &[("name", &mine), ("until", "soonish")]).status, 422);
    let forged = [("act", "borrow"), ("until", "tomorrow"), ("name", &town.agent("Ines"))];
    amara.submit(&form, "/delegate", &forged).says("only in your own name");
    amara.submit(
        &amara.get(&to),
        "/delegate",
        &[("name", &mine), ("act", "borrow"), ("until", "2027-01-31")],
    );
    let mine = kofi.get(&page("me"));
    mine.says("Amara lets Kofi act in their name until");
    let begun = kofi.post(&mine.form("/act-for/").0, &[("word", &mine.word())]);
    let for_amara = kofi.also(town.base(), &begun);
    for_amara.get(&page("")).says("Kofi, for Amara").says("Hello Amara");
    // What was delegated, in her name; what was not, with the reason; nothing of what is only one's own.
    let borrow = for_amara.get(&page(&format!("things/{thing}")));
    let borrow =
        borrow.body.split("href=\"").find(|rest| rest.contains("/borrow/")).expect("it can be borrowed");
    let form = for_amara.get(borrow.split('"').next().expect("an address"));
    for_amara.submit(&form, "/borrow/", &[]);
    let agreed = amara.get(&page("loans"));
    agreed.says("Hammer drill").says("Amara");
    let off = for_amara.get(&page("loans"));
    for_amara.submit(&off, "/withdraw/", &[]).says("keeps within what was delegated");
    assert_eq!(for_amara.get(&page("keeping")).status, 403);
    // A form that was opened for oneself is none for another.
    assert_eq!(for_amara.post(&page("me/elsewhere"), &[("word", &mine.word())]).status, 403);
    // Nobody acts by a delegation of others, or by one that has ended.
    let begin = mine.form("/act-for/").0;
    let ines = town.does("Ines", &["member", "account", "Ines", "--password", "ines-secret"]);
    assert!(ines.is_object());
    let ines = Browser::sign_in(town.base(), NETWORK, "Ines", "ines-secret");
    assert_eq!(ines.post(&begin, &[("word", &ines.get(&page("me")).word())]).status, 404);
    ines.also(town.base(), &begun).get(&page("")).says("Hello Ines");
    amara.submit(&amara.get(&page("me")), "/delegations/", &[]);
    for_amara.get(&page("")).says("Hello Kofi");
    town.verify();
}
