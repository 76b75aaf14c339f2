//! A thing's picture: who may give it one, who sees it, what is kept of it, and when it goes.

use serde_json::json;
use tests::http::Browser;
use tests::node::Node;
use tests::town::Town;
use tests::{Folder, cli};

use crate::founded::NETWORK;
use crate::taking_part::page;

/// A PNG of one white point, which every reader reads.
const POINT: &[u8] = b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00\x3a\x7e\x9b\x55\x00\x00\x00\x0a\x49\x44\x41\x54\x78\xda\x63\xf8\x0f\x00\x01\x01\x01\x00\x1c\xb0\x8c\x99\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

#[test]
fn a_thing_has_a_picture_that_goes_along_and_goes_away() {
    let town = Town::found("photos");
    town.does("Ines", &["member", "account", "Ines", "--password", "ines-secret"]);
    let ines = Browser::sign_in(town.base(), NETWORK, "Ines", "ines-secret");
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let thing = page(&format!("things/{}", town.tools.drill));
    let picture = format!("{thing}/photo.jpg");
    assert_eq!(amara.get(&picture).status, 404);
    amara.get(&thing).form_is_missing("/photo");
    let (path, fields) = ines.get(&thing).form("/photo");
    let sealed: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    // No photograph, none at all, one without the session's word.
    for bytes in [&b"hello"[..], b""] {
        assert_eq!(ines.upload(&path, &sealed, ("photo", bytes)).status, 422);
    }
    assert_eq!(ines.upload(&path, &sealed[..1], ("photo", POINT)).status, 403, "{sealed:?}");
    // Whoever may not mend the thing is refused with the reason, and nothing is left behind.
    let word = amara.get(&page("me")).word();
    let forged = [("word", word.as_str()), ("command", "01a00000-0000-7000-8000-0000000000aa")];
    let no = amara.upload(&path, &forged, ("photo", POINT));
    amara.get(no.header("location")).says("only how your own tools");
    assert_eq!(amara.get(&picture).status, 404);
    for _ in 0..2 {
        assert_eq!(ines.upload(&path, &sealed, ("photo", POINT)).header("location"), thing);
    }
    let shown = amara.get(&picture);
    assert_eq!((shown.status, shown.header("content-type")), (200, "image/jpeg"));
    amara.get(&thing).says("photo.jpg");
    assert_eq!(Browser::new(town.base()).get(&picture).status, 303, "not for strangers");
    assert_ne!(
        Browser::new(town.base()).get(&page(&format!("story/{}/photo.jpg", town.tools.drill))).status,
        200
    );
    // It goes along in a backup, and is the same there.
    let file = town.data.join("node.tar").display().to_string();
    cli(&town.data.0, None, &["backup", &file, "--unencrypted"]).ok();
    let into = Folder::new("photos-there");
    cli(&into.0, None, &["restore", &file]).ok();
    let there = Node::serve(&into.0, None);
    let far = Browser::sign_in(&there.base, NETWORK, "Amara", "amara-secret").get(&picture);
    assert_eq!((far.status, far.header("content-length")), (200, shown.header("content-length")));
    // What anybody writes into a record as its picture is shown as none.
    let other = json!([{"act": "revise", "class": "EconomicResource", "record": town.tools.ladder, "version": 1,
                        "fields": {"image": "https://elsewhere.example/x.png"}}]);
    town.command("Ines", "01a00000-0000-7000-8000-0000000000ab", &other);
    let ladder = amara.get(&page(&format!("things/{}", town.tools.ladder)));
    assert!(!ladder.body.contains("elsewhere.example") && !ladder.body.contains("photo.jpg"));
    // Taken away, and erased with the thing.
    let again = ines.get(&thing);
    let (path, fields) = again.form("/photo");
    let sealed: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    ines.upload(&path, &[&sealed[..], &[("remove", "1")]].concat(), ("none", b""));
    assert_eq!(amara.get(&picture).status, 404);
    let (path, fields) = ines.get(&thing).form("/photo");
    let sealed: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    ines.upload(&path, &sealed, ("photo", POINT));
    assert_eq!(amara.get(&picture).status, 200);
    town.does("Ines", &["erase", &town.tools.drill, "--because", "it shows somebody's face"]);
    assert_eq!(amara.get(&picture).status, 404);
    town.verify();
}

#[test]
fn a_network_has_so_much_room_for_pictures() {
    let mut town = Town::found("photos-room");
    town.close();
    let settings = format!("[quotas.network.{NETWORK}]\npictures = 700\n");
    std::fs::write(town.data.join("reflow.toml"), settings).expect("the settings are written");
    town.open();
    town.does("Ines", &["member", "account", "Ines", "--password", "ines-secret"]);
    let ines = Browser::sign_in(town.base(), NETWORK, "Ines", "ines-secret");
    let send = |thing: &str| {
        let (path, fields) = ines.get(&page(&format!("things/{thing}"))).form("/photo");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        ines.upload(&path, &fields, ("photo", POINT)).status
    };
    // One fits, also in place of itself, and a second beside it does not.
    assert_eq!([send(&town.tools.drill), send(&town.tools.drill), send(&town.tools.ladder)], [303, 303, 507]);
    ines.get(&page("keeping")).says("Pictures");
}

#[test]
fn a_year_of_a_thing_is_shown_in_a_picture_and_in_words() {
    let town = Town::found("year");
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let thing = page(&format!("things/{}", town.tools.drill));
    assert!(!amara.get(&thing).body.contains("year.png"), "it was never out");
    town.lend("Amara", "Hammer drill", 5);
    town.days(2);
    amara.get(&thing).says("Out on 3 days of the past year");
    let picture = amara.get(&format!("{thing}/year.png"));
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
    assert_eq!(amara.get(&page("things/x/year.png")).status, 404);
    assert_eq!(Browser::new(town.base()).get(&format!("{thing}/year.png")).status, 303);
}
