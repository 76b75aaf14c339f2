//! The desk: a tablet with a role of its own, at which members and things are scanned.

use serde_json::json;
use tests::http::{Answer, Browser};
use tests::town::Town;

use crate::founded::NETWORK;

fn page(path: &str) -> String {
    format!("/n/{NETWORK}/{path}")
}

/// Opens a page, and whatever it leads to.
fn follow(browser: &Browser, answer: Answer) -> Answer {
    match answer.status {
        303 => browser.get(answer.header("location")),
        _ => answer,
    }
}

/// A tablet that was written down, admitted and signed in.
fn tablet(town: &Town) -> Browser {
    town.does("Ines", &["member", "add", "Counter", "--device", "--role", "desk"]);
    town.does("Ines", &["member", "account", "Jonas", "--password", "jonas-secret"]);
    let jonas = Browser::sign_in(town.base(), NETWORK, "Jonas", "jonas-secret");
    let counter = jonas.get(&page(&format!("people/{}", town.agent("Counter"))));
    let made = jonas.submit(&counter, "/invite", &[]);
    let mut links = made.body.split("href=\"").filter_map(|rest| rest.split('"').next());
    let link = links.find(|link| link.contains("/invited/")).expect("a link");
    let link = link.split_once("/n/").expect("a path").1;
    let opened = Browser::new(town.base()).post(&format!("/n/{link}"), &[("password", "counter-secret")]);
    opened.browser(town.base())
}

#[test]
fn a_desk_lends_hands_over_and_takes_back() {
    let town = Town::found("desk");
    let tablet = tablet(&town);
    assert_eq!(tablet.get(&page("")).header("location"), page("desk"), "its home is the desk");
    let scan = |text: &str| {
        let text: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
        follow(&tablet, tablet.get(&page(&format!("desk?scan={text}"))))
    };
    let (amara, drill) = (town.agent("Amara"), town.tools.drill.clone());
    // A card, a name, how a name begins, a label, an address that somebody else's printer made.
    for text in
        [format!("https://tools.example{}", page(&format!("people/{amara}"))), "amara".into(), "Ama".into()]
    {
        scan(&text).says("<h2>Amara</h2>").says("Nothing is open");
    }
    for text in [format!("http://x/n/{NETWORK}/story/{drill}"), drill.clone(), "hammer drill".into()] {
        scan(&text).says("<h2>Hammer drill</h2>").says("Who takes it?");
    }
    let sly = tablet.get(&page("desk?scan=amara&thing=%0d%0aset-cookie:x"));
    assert_eq!(
        (sly.status, sly.header("location")),
        (303, page(&format!("desk?who={amara}&thing=")).as_str())
    );
    for text in [
        "nobody",
        "https://x/y",
        "<b>",
        "00000000-0000-7000-8000-000000000000",
        "\u{202e}x",
        &"x".repeat(600),
    ] {
        let answer = scan(text);
        assert_eq!(answer.status, 404, "{text}");
        answer.says("no label says so");
        assert!(!answer.body.contains("<b><b>"));
    }
    // Lent and handed over in one; the form sent twice is one loan.
    let both = tablet.get(&page(&format!("desk?who={amara}&thing={drill}")));
    let (path, fields) = both.form("/desk/lend");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    let fields = [&fields[..], &[("days", "3")]].concat();
    for _ in 0..2 {
        let done = follow(&tablet, tablet.post(&path, &fields));
        done.says("Handed over").says("They have").says("Hammer drill");
    }
    // Brought back: nobody has to say who they are.
    let back = scan("hammer drill");
    back.says("on loan to Amara").form("/desk/back");
    follow(&tablet, tablet.submit(&back, "/desk/back", &[])).says("Taken back");
    scan("hammer drill").says("Who takes it?");
    // What rules are against is refused here too, with the reason: a chainsaw takes training.
    let saw = town.tools.chainsaw.clone();
    tablet.get(&page(&format!("desk?who={amara}&thing={saw}"))).says("train").form_is_missing("/desk/lend");
    // Somebody who only belongs can look, and is refused.
    let member = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let word = member.get(&page("desk")).word();
    let command = "01a00000-0000-7000-8000-000000000001";
    let forged = member.post(
        &page("desk/lend"),
        &[("word", &word), ("command", command), ("thing", &drill), ("who", &town.agent("Kofi"))],
    );
    follow(&member, forged).says("You can borrow only for yourself");
    assert_eq!(member.post(&page("desk/lend"), &[("thing", &drill), ("who", &amara)]).status, 403);
    assert_eq!(tablet.post(&page("desk/sell"), &[("word", &tablet.get(&page("desk")).word())]).status, 400);
    town.verify();
}

#[test]
fn of_what_is_called_alike_some_are_offered() {
    let town = Town::found("desk-alike");
    let tablet = tablet(&town);
    let thing = |n: usize| {
        json!({"act": "record", "newResource": {"name": format!("Crate {n}")}, "event": {
            "action": "raise", "provider": town.agent("Ines"), "receiver": town.agent("Ines"),
            "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": town.tools.piece}}})
    };
    town.acts("Ines", &(0..14).map(thing).collect());
    let several = tablet.get(&page("desk?scan=crate"));
    several.says("Which one?");
    assert_eq!(several.body.matches("?thing=").count(), 12, "{}", several.body);
}

#[test]
fn a_shelf_is_held_against_the_books() {
    let town = Town::found("stock");
    let tablet = tablet(&town);
    town.lend("Amara", "Hammer drill", 3);
    let form = tablet.get(&page("desk/stock"));
    assert_eq!(tablet.submit(&form, "/desk/stock", &[("codes", " \n ")]).status, 422);
    let many = "x\n".repeat(2_001);
    assert_eq!(tablet.submit(&form, "/desk/stock", &[("codes", &many)]).status, 422);
    let codes = format!("{}\n{}\nno such thing\n<i>", town.tools.chainsaw, town.tools.drill);
    let taken = tablet.submit(&form, "/desk/stock", &[("codes", &codes)]);
    taken.says("1 as the books say").says("here unexpectedly").says("&#60;i&#62;").says("no such thing");
    let (missing, rest) = taken.body.split_once("Here, though the books say otherwise").expect("both parts");
    assert!(missing.contains("Should be here and was not scanned"));
    assert!(
        rest.contains("Hammer drill") && !missing.contains("Hammer drill"),
        "it is with Amara, not missing"
    );
}
