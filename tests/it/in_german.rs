//! Whoever reads German reads German: what rules and calculations refuse, what settings are called, what became of a table.

use tests::Folder;
use tests::founded::{NETWORK, found};
use tests::http::Browser;
use tests::node::Node;

use crate::taking_part::page;

fn german(node: &Node, name: &str) -> Browser {
    let browser = Browser::sign_in(&node.base, NETWORK, name, &format!("{}-secret", name.to_lowercase()));
    browser.also(&node.base, &browser.get("/language/de"))
}

#[test]
fn what_is_refused_is_said_in_german() {
    let data = Folder::new("german");
    let library = found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let (amara, kofi) = (german(&node, "Amara"), german(&node, "Kofi"));
    let thing = page(&format!("things/{}", library.drill));
    let borrow = kofi.get(&thing).link("Ausleihen");
    // A calculation refuses, in its own words, with the number that it put in.
    let long = kofi.get(&format!("{}?days=400", borrow.split('?').next().unwrap_or(&borrow)));
    long.says("Das kann höchstens ").says(" Tage am Stück ausgeliehen werden.");
    // The books refuse: by the page, and when the form that is still open is sent.
    let quote = kofi.get(&borrow);
    amara.submit(&amara.get(&borrow), "/borrow/", &[]).says("Erledigt");
    let refused = kofi.submit(&quote, "/borrow/", &[]);
    refused.says("Das ist schon jemandem versprochen.").says("Frag noch einmal, wenn es wieder frei ist.");
    // Rules and settings by their German titles.
    let rules = amara.get(&page("rules"));
    rules.says("Pfand und Gebühr: ein Pfand je nach Werkzeug").says("Längste Ausleihe, in Tagen");
    amara.get(&page("changes/new")).says("Pfand für ein gewöhnliches Werkzeug");
    // A table with a column that nobody reads.
    let tables = amara.get(&page("tables"));
    let file = ("file", "name,shoe size\nLena,38\n".as_bytes());
    let tried = amara.submit_file(&tables, "/tables", &[("table", "members")], file);
    tried.says("Die Spalte „shoe size“ ist nicht gelesen worden.");
}
