//! Signing in: a second step, codes on paper, and the way back in for whoever lost both.

use tests::Folder;
use tests::cli;
use tests::http::Browser;
use tests::node::Node;
use tests::town::Town;

use crate::founded::NETWORK;
use crate::taking_part::{page, path_with};

/// The code that a telephone would show now, or so many half minutes later.
fn code_of(typed: &str, later: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(typed.replace(' ', "")).expect("a secret");
    let totp = totp_rs::Builder::new().with_secret(secret).build().expect("a standard code");
    let now = u64::try_from(tests::seconds()).expect("a time");
    totp.generate(now.saturating_add_signed(later * 30)).to_string()
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map(|(part, _)| part).expect(before)
}

#[test]
fn a_second_step_asks_for_each_code_once() {
    let mut town = Town::found("second-step");
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let other = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let step = page("me/second-step");
    let form = amara.get(&step);
    form.says("Your password alone lets you in");
    assert_eq!(amara.get(&format!("{step}.png")).status, 404, "nothing is being set up");
    assert_eq!(amara.submit(&form, "/begin", &[("password", "wrong")]).status, 422);
    let setup = amara.submit(&form, "/begin", &[("password", "amara-secret")]);
    let typed = between(&setup.body, "Or type this into it: <code>", "</code>").to_owned();
    assert_eq!(amara.get(&format!("{step}.png")).header("cache-control"), "no-store");
    // Until it is confirmed, nobody is asked for it.
    Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret").get(&page("")).says("Amara");
    for wrong in ["", "12345x", &code_of(&typed, 20)] {
        let answer = amara.submit(&setup, "/confirm", &[("code", wrong)]);
        assert_eq!(answer.status, 422, "{wrong}: {}", answer.body);
    }
    let made = amara.submit(&setup, "/confirm", &[("code", &code_of(&typed, 0))]);
    made.says("Write these down");
    let codes: Vec<String> =
        made.body.split("<li><code>").skip(1).map(|rest| rest[..19].to_owned()).collect();
    assert_eq!(codes.len(), 10);
    assert_ne!(other.get(&page("")).status, 200, "whoever came in by the password alone is out");
    assert_eq!(amara.get(&format!("{step}.png")).status, 404, "the secret is not shown again");
    // Guessing has a rate, which begins anew with the node.
    assert_eq!(amara.submit(&setup, "/confirm", &[("code", "1")]).status, 422);
    assert_eq!(amara.submit(&setup, "/confirm", &[("code", "1")]).status, 429);
    town.close();
    town.open();
    let browser = Browser::new(town.base());
    let sign_in = page("sign-in");
    let asked = browser.post(&sign_in, &[("name", "Amara"), ("password", "amara-secret")]);
    asked.says("Your password is right");
    assert_ne!(browser.get(&page("")).status, 200, "not in yet");
    let pending = asked.form("/code").1["pending"].clone();
    let enter = |pending: &str, code: &str| {
        browser.post(&page("sign-in/code"), &[("pending", pending), ("code", code)])
    };
    // The code that confirmed it, one of a step before it, none at all.
    for wrong in [code_of(&typed, 0), code_of(&typed, -1), String::new()] {
        assert_eq!(enter(&pending, &wrong).status, 401, "{wrong}");
    }
    // What was never sealed here, or for another account.
    let mut forged = pending.clone().into_bytes();
    forged[9] = if forged[9] == b'A' { b'B' } else { b'A' };
    for wrong in ["", "x", &String::from_utf8(forged).expect("letters")] {
        let answer = enter(wrong, &codes[0]);
        assert_eq!((answer.status, answer.header("location")), (303, sign_in.as_str()), "{wrong}");
    }
    let on_paper = codes[0].to_uppercase().replace('-', " ");
    let inside = enter(&pending, &on_paper);
    assert_eq!(inside.header("location"), page(""));
    inside.browser(town.base()).get(&step).says("You have 9 codes on paper left");
    assert_eq!(enter(&pending, &codes[0]).status, 401, "each once");
}

#[test]
fn a_second_step_goes_along_and_is_let_go() {
    let town = Town::found("second-step-carried");
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let step = page("me/second-step");
    let setup = amara.submit(&amara.get(&step), "/begin", &[("password", "amara-secret")]);
    let typed = between(&setup.body, "Or type this into it: <code>", "</code>").to_owned();
    amara.submit(&setup, "/confirm", &[("code", &code_of(&typed, 0))]).says("Write these down");
    let renewed = amara.submit(&amara.get(&step), "/codes", &[("password", "amara-secret")]);
    let code = renewed.body.split("<li><code>").nth(1).expect("a code")[..19].to_owned();
    let file = town.data.join("node.tar").display().to_string();
    cli(&town.data.0, None, &["backup", &file, "--unencrypted"]).ok();
    let into = Folder::new("second-step-there");
    cli(&into.0, None, &["restore", &file]).ok();
    let copy = Node::serve(&into.0, None);
    let asks = |base: &str| {
        let browser = Browser::new(base);
        (browser.post(&page("sign-in"), &[("name", "Amara"), ("password", "amara-secret")]), browser)
    };
    let (asked, there) = asks(&copy.base);
    let pending = asked.form("/code").1["pending"].clone();
    let inside = there.post(&page("sign-in/code"), &[("pending", &pending), ("code", &code)]);
    let there = inside.browser(&copy.base);
    there.get(&step).says("You have 9 codes on paper left");
    assert_eq!(there.submit(&there.get(&step), "/off", &[("password", "no")]).status, 422);
    there.submit(&there.get(&step), "/off", &[("password", "amara-secret")]).says("password alone");
    assert_eq!(asks(&copy.base).0.status, 303, "the password alone");
    // Whoever lost telephone and paper gets a new password from the operator, and the second step is gone with the old.
    assert_eq!(asks(town.base()).0.status, 200);
    town.does("Ines", &["member", "password", "Amara", "--password", "amara-again"]);
    let browser = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-again");
    browser.get(&page("")).says("Amara");
}

#[test]
fn two_people_let_somebody_in_again() {
    let town = Town::found("let-back");
    for name in ["Ines", "Jonas"] {
        town.does("Ines", &["member", "account", name, "--password", "steward-secret"]);
    }
    let [ines, jonas] =
        ["Ines", "Jonas"].map(|name| Browser::sign_in(town.base(), NETWORK, name, "steward-secret"));
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let person = page(&format!("people/{}", town.agent("Amara")));
    amara.get(&person).form_is_missing("/let-back");
    let form = ines.get(&person);
    // Nobody says it of themselves, members do not say it of anybody, and one is not enough.
    let own = page(&format!("people/{}", town.agent("Ines")));
    ines.get(&own).form_is_missing("/let-back");
    let (_, fields) = ines.get(&person).form("/let-back");
    let forged = amara.post(
        &format!("{person}/let-back"),
        &[("word", &amara.get(&page("me")).word()), ("command", &fields["command"])],
    );
    amara.get(forged.header("location")).says("Stewards and guardians say");
    ines.submit(&form, "/let-back", &[]);
    let again = ines.get(&person);
    again.says("Ines said so").form_is_missing("/let-back");
    ines.post(&format!("{person}/way-back"), &[("word", &again.word())]);
    again.form_is_missing("/way-back");
    amara.get(&page("")).says("Ines said on").says("tell a steward at once");
    jonas.submit(&jonas.get(&person), "/let-back", &[]);
    // Either makes the link, and nobody in their name; making it anew voids the one before.
    let to = town.agent("Kofi");
    town.does("Ines", &["member", "password", "Kofi", "--password", "kofi-secret"]);
    jonas.submit(
        &jonas.get(&page(&format!("people/{to}"))),
        "/delegate",
        &[("name", &town.agent("Jonas")), ("until", "tomorrow")],
    );
    let kofi = Browser::sign_in(town.base(), NETWORK, "Kofi", "kofi-secret");
    let mine = kofi.get(&page("me"));
    let begun = kofi.post(&mine.form("/act-for/").0, &[("word", &mine.word())]);
    let for_jonas = kofi.also(town.base(), &begun);
    for_jonas.get(&person).says("Kofi, for Jonas").form_is_missing("/way-back");
    let word = for_jonas.get(&page("me")).word();
    assert_eq!(for_jonas.post(&format!("{person}/way-back"), &[("word", &word)]).header("location"), person);
    let made = jonas.submit(&jonas.get(&person), "/way-back", &[]);
    let first = path_with(&made, "/invited/");
    let second = path_with(&ines.submit(&ines.get(&person), "/way-back", &[]), "/invited/");
    let stranger = Browser::new(town.base());
    assert_eq!(stranger.get(&first).status, 404);
    assert_eq!(stranger.post(&second, &[("password", "")]).status, 409);
    stranger.get(&second).says("Choose another password").says("as Amara");
    let inside = stranger.post(&second, &[("password", "amara-again")]);
    inside.browser(town.base()).get(&page("")).says("can give out a link to your account");
    assert_ne!(amara.get(&page("")).status, 200, "whoever was signed in is out");
    assert_eq!(stranger.post(&second, &[("password", "mallory")]).status, 410);
    jonas.get(&person).form_is_missing("/way-back");
    // Somebody's erasure does not make the link unused again.
    town.does("Kofi", &["member", "leave"]);
    town.does("Ines", &["erase", "Kofi", "--because", "he asked"]);
    jonas.get(&person).form_is_missing("/way-back");
    // It is over: it takes two again.
    jonas.get(&person).form("/let-back");
    town.verify();
}
