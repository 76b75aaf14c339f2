//! Changing how something is described, and finding that somebody else was quicker.

use tests::http::Browser;
use tests::town::Town;

use crate::founded::NETWORK;
use crate::taking_part::page;

#[test]
fn an_edit_that_comes_too_late_shows_both_versions() {
    let town = Town::found("edits");
    for name in ["Ines", "Jonas"] {
        town.does("Ines", &["member", "account", name, "--password", "steward-secret"]);
    }
    let [ines, jonas] =
        ["Ines", "Jonas"].map(|name| Browser::sign_in(town.base(), NETWORK, name, "steward-secret"));
    let address = page(&format!("edit/{}", town.tools.drill));
    let (hers, his) = (ines.get(&address), jonas.get(&address));
    for _ in 0..2 {
        // Sent twice is sent once, though the first has changed what the second was made for.
        let said = [("name", "Hammer drill, red"), ("note", "The <b>red</b> one"), ("label", "HD-1")];
        ines.submit(&hers, "/edit/", &said).says("Hammer drill, red").says("The &#60;b&#62;red");
    }
    let late = jonas.submit(&his, "/edit/", &[("name", "Drill"), ("note", ""), ("label", "HD-1")]);
    assert_eq!(late.status, 409);
    late.says("Somebody has changed this meanwhile")
        .says("value=\"Drill\"")
        .says("It is now: Hammer drill, red");
    late.says("It is now: The &#60;b&#62;red");
    assert!(!late.body.contains("now-label"), "the two agree on the label");
    let again = [("name", "Drill, red"), ("note", ""), ("label", "HD-1")];
    let done = jonas.submit(&late, "/edit/", &again);
    done.says("Drill, red");
    assert!(!done.body.contains("The &#60;b&#62;red"));
    // What cannot be, and who may not.
    let form = ines.get(&address);
    assert_eq!(ines.submit(&form, "/edit/", &[("name", " ")]).status, 422);
    let long = "x".repeat(201);
    ines.submit(&form, "/edit/", &[("name", &long)]).says("longer than 200 characters").says(&long);
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    amara.submit(&amara.get(&address), "/edit/", &[("name", "Mine")]).says("only how your own tools");
    let me = page(&format!("edit/{}", town.agent("Amara")));
    amara.submit(&amara.get(&me), "/edit/", &[("name", "Amara O.")]).says("Amara O.");
    let unit = page(&format!("edit/{}", town.tools.euro));
    for missing in [unit, page("edit/x")] {
        assert_eq!(amara.get(&missing).status, 404, "{missing}");
    }
    assert_eq!(amara.post(&me, &[("name", "x")]).status, 403);
    town.verify();
}
