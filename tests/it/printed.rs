//! What is made to be looked at or put on paper: notices for those who cannot sign in, and pictures of what moved.

use serde_json::json;
use tests::founded::NETWORK;
use tests::http::Browser;
use tests::town::Town;

use crate::taking_part::page;

fn is_picture(browser: &Browser, path: &str) {
    let answer = browser.get(path);
    assert_eq!((answer.status, answer.header("content-type")), (200, "image/png"), "{path}");
    let bytes: usize = answer.header("content-length").parse().expect("how long it is");
    assert!((100..200_000).contains(&bytes), "{path}: {bytes}");
}

#[test]
fn notices_go_to_paper_for_those_who_cannot_sign_in() {
    let town = Town::found("printed");
    town.acts("Ines", &json!([{"act": "admit", "name": "Otto", "roles": []}]));
    town.lend("Otto", "Ladder", 3);
    town.lend("Amara", "Hammer drill", 3);
    let sign_in =
        |name: &str| Browser::sign_in(town.base(), NETWORK, name, &format!("{}-secret", name.to_lowercase()));
    town.does("Ines", &["member", "account", "Jonas", "--password", "jonas-secret"]);
    let jonas = sign_in("Jonas");
    jonas.get(&page("keeping")).says("Notices to print");
    let sheet = jonas.get(&page("keeping/printed"));
    sheet.says("Otto").says("You have Ladder");
    assert!(!sheet.body.contains("Hammer drill"), "Amara reads hers here: {}", sheet.body);
    jonas.get(&page("keeping/printed?all=1")).says("You have Hammer drill");
    assert_eq!(Browser::new(town.base()).get(&page("keeping/printed?all=1")).status, 303);
}

#[test]
fn pictures_show_whose_hands_it_went_through_and_what_moved() {
    let town = Town::found("pictures-moved");
    town.does("Ines", &["member", "account", "Jonas", "--password", "jonas-secret"]);
    let jonas = Browser::sign_in(town.base(), NETWORK, "Jonas", "jonas-secret");
    let thing = page(&format!("things/{}", town.tools.drill));
    assert!(!jonas.get(&thing).body.contains("hands.png"), "it has been nowhere yet");
    town.lend("Amara", "Hammer drill", 3);
    town.acts("Ines", &town.taking_back("Hammer drill", "Amara"));
    jonas.get(&thing).says("Through whose hands it has gone");
    is_picture(&jonas, &format!("{thing}/hands.png"));
    assert_eq!(jonas.get(&page("things/x/hands.png")).status, 404);
    let flows = jonas.get(&page("flows"));
    flows.says("How often").says("Amara").says("library");
    is_picture(&jonas, &page("flows.png"));
    // What is larger than a door lets through is answered with a page, once it was all sent.
    let long = "x".repeat((1 << 20) + 9);
    let answer = jonas.post(&page("tables"), &[("table", &long)]);
    assert_eq!(answer.status, 413);
    answer.says("What you sent is too large");
}
