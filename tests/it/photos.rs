//! A thing's picture: who may give it one, who sees it, what is kept of it, and when it goes.

use serde_json::json;
use tests::http::Browser;
use tests::node::Node;
use tests::town::Town;
use tests::{Folder, alter, cli};

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
fn a_database_of_the_days_when_pictures_had_a_table_of_their_own_keeps_them() {
    let mut town = Town::found("photos-before");
    town.does("Ines", &["member", "account", "Ines", "--password", "ines-secret"]);
    let ines = Browser::sign_in(town.base(), NETWORK, "Ines", "ines-secret");
    let thing = page(&format!("things/{}", town.tools.drill));
    ines.submit_file(&ines.get(&thing), "/photo", &[], ("photo", POINT));
    let shown = ines.get(&format!("{thing}/photo.jpg"));
    assert_eq!(shown.status, 200);
    town.close();
    let before = "CREATE TABLE picture (network BIGINT NOT NULL, record BLOB NOT NULL, name TEXT NOT NULL, \
                  size BIGINT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (network, record)); \
                  INSERT INTO picture SELECT network, record, name, size, bytes FROM blob; DROP TABLE blob; \
                  UPDATE meta SET value = '6' WHERE name = 'schema'";
    alter(&town.data.join("reflow.sqlite"), before);
    town.open();
    let ines = Browser::sign_in(town.base(), NETWORK, "Ines", "ines-secret");
    let still = ines.get(&format!("{thing}/photo.jpg"));
    assert_eq!((still.status, &still.body), (200, &shown.body));
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

/// A PDF of one page that says who made it and runs a script.
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/Metadata 5 0 R>>\nendobj\n\
2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n\
3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>\nendobj\n\
4 0 obj\n<</Length 23>>\nstream\n0 0 100 100 re f % drawn\nendstream\nendobj\n\
5 0 obj\n<</Type/Metadata/Subtype/XML/Length 9>>\nstream\nsecretly!\nendstream\nendobj\n\
6 0 obj\n<</Author(Amara Secret)>>\nendobj\n\
trailer\n<</Root 1 0 R/Info 6 0 R/Size 7>>\nstartxref\n0\n%%EOF\n";

#[test]
fn papers_go_with_a_thing_and_say_nothing_of_who_made_them() {
    let town = Town::found("papers");
    town.does("Ines", &["member", "account", "Ines", "--password", "ines-secret"]);
    let ines = Browser::sign_in(town.base(), NETWORK, "Ines", "ines-secret");
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let thing = page(&format!("things/{}", town.tools.drill));
    amara.get(&thing).form_is_missing("/papers");
    let send = |bytes: &[u8]| {
        let (path, fields) = ines.get(&thing).form("/papers");
        // The form that takes one away comes first, where there is one.
        let own = fields.iter().filter(|(name, _)| *name != "remove");
        let sealed: Vec<(&str, &str)> = own.map(|(name, value)| (&**name, &**value)).collect();
        ines.upload(&path, &sealed, ("paper", bytes))
    };
    // Neither text nor a PDF; a PDF that is none; one that is locked.
    let locked = String::from_utf8_lossy(PDF)
        .replace("/Info 6 0 R", "/Encrypt<</Filter/Standard/V 1/R 2/O(x)/U(x)/P 0>>");
    for bytes in [&b"\x7fELF\x01\0"[..], b"", b"%PDF-1.4\nnothing", locked.as_bytes()] {
        assert_eq!(send(bytes).status, 422, "{bytes:?}");
    }
    // Too long for the door, and too long within it: nothing is cut.
    assert_eq!(send(&vec![b'x'; (4 << 20) + (20 << 10)]).status, 413);
    assert_eq!(send(&vec![b'x'; (4 << 20) + 1]).status, 413);
    for paper in [&b"\xef\xbb\xbfCharge it for\r\nan hour."[..], PDF] {
        let done = send(paper);
        assert_eq!(done.header("location"), thing, "{}", ines.get(done.header("location")).body);
    }
    let listed = amara.get(&thing);
    listed.says("Papers");
    let paths: Vec<&str> = listed.body.split("href=\"").filter_map(|part| part.split('"').next()).collect();
    let papers: Vec<&&str> = paths.iter().filter(|path| path.contains("/papers/")).collect();
    assert_eq!(papers.len(), 2, "{paths:?}");
    let (text, pdf) = (amara.get(papers[0]), amara.get(papers[1]));
    assert_eq!(
        (text.header("content-type"), &*text.body),
        ("text/plain; charset=utf-8", "Charge it for\nan hour.")
    );
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert!(pdf.header("content-disposition").starts_with("attachment; filename*=UTF-8''"));
    assert!(pdf.body.contains("% drawn"), "{}", pdf.body);
    for gone in ["Secret", "secretly", "JavaScript", "alert"] {
        assert!(!pdf.body.contains(gone), "{gone}: {}", pdf.body);
    }
    assert_eq!(Browser::new(town.base()).get(papers[1]).status, 303, "not for strangers");
    assert_eq!(amara.get(&format!("{thing}/papers/x")).status, 404);
    // They go along in a backup; one is taken away; the rest is erased with the thing.
    let file = town.data.join("node.tar").display().to_string();
    cli(&town.data.0, None, &["backup", &file, "--unencrypted"]).ok();
    let into = Folder::new("papers-there");
    cli(&into.0, None, &["restore", &file]).ok();
    let there = Node::serve(&into.0, None);
    let far = Browser::sign_in(&there.base, NETWORK, "Amara", "amara-secret").get(papers[1]);
    assert_eq!((far.status, &far.body), (200, &pdf.body));
    let (path, fields) = ines.get(&thing).form("/papers");
    let sealed: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert!(sealed.iter().any(|(name, _)| *name == "remove"), "{sealed:?}");
    ines.upload(&path, &sealed, ("none", b""));
    assert_eq!([amara.get(papers[0]).status, amara.get(papers[1]).status], [404, 200]);
    // No more than eight.
    for n in 0..7 {
        assert_eq!(send(format!("page {n}").as_bytes()).status, 303);
    }
    assert_eq!(send(b"one more").status, 422);
    town.does("Ines", &["erase", &town.tools.drill, "--because", "it shows somebody's face"]);
    assert_eq!(amara.get(papers[1]).status, 404);
    town.verify();
}
