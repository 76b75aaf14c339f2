//! Notices outside: a feed and a calendar under an address of one's own.

use serde_json::json;
use tests::http::Browser;
use tests::town::Town;

use crate::founded::NETWORK;
use crate::taking_part::{page, path_with};

#[test]
fn a_feed_and_a_calendar_tell_what_waits_for_whoever_has_the_address() {
    let town = Town::found("notices");
    let rename = json!([{"act": "revise", "class": "EconomicResource", "record": town.tools.drill, "version": 1,
                         "fields": {"name": "Drill <b>&;,\nBEGIN:VEVENT"}}]);
    town.command("Ines", "01a00000-0000-7000-8000-0000000000f1", &rename);
    town.lend("Amara", "Drill <b>&;,\nBEGIN:VEVENT", 3);
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let form = amara.get(&page("me/feed"));
    assert_eq!(amara.post(&page("me/feed/make"), &[]).status, 403);
    let made = amara.submit(&form, "/me/feed/make", &[]);
    let atom = path_with(&made, "notices.atom");
    let stranger = Browser::new(town.base());
    let feed = stranger.get(&atom);
    assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
    assert_eq!(feed.header("cache-control"), "no-store");
    feed.says("<title>Bring Drill &lt;b&gt;&amp;;, BEGIN:VEVENT back: due in 3 days")
        .says("urn:reflow:library:return-");
    let calendar = stranger.get(&atom.replace("notices.atom", "calendar.ics"));
    assert_eq!(calendar.header("content-type"), "text/calendar; charset=utf-8");
    calendar.says("DTSTART;VALUE=DATE:2026").says("\\;\\,");
    assert_eq!(calendar.body.matches("\nBEGIN:VEVENT").count(), 1, "{}", calendar.body);
    // In another language; what is no file, no address, another network's.
    stranger.get(&atom.replace("/en/", "/de/")).says("wartet auf dich");
    let short = &atom[..atom.len() - "/en/notices.atom".len() - 1];
    for wrong in [
        atom.replace("notices.atom", "notices.exe"),
        atom.replace(NETWORK, "node"),
        format!("{short}0/en/notices.atom"),
        format!("{short}/en/notices.atom"),
        page(&format!("feed/{}/en/notices.atom", "0".repeat(64))),
    ] {
        if wrong != atom {
            assert_eq!(stranger.get(&wrong).status, 404, "{wrong}");
        }
    }
    // Nobody does anything with it, and another one voids it.
    assert_ne!(stranger.get(&page("")).status, 200);
    let again = amara.submit(&amara.get(&page("me/feed")), "/me/feed/make", &[]);
    assert_eq!(stranger.get(&atom).status, 404);
    let other = path_with(&again, "notices.atom");
    assert_eq!(stranger.get(&other).status, 200);
    amara.submit(&amara.get(&page("me/feed")), "/me/feed/off", &[]);
    assert_eq!(stranger.get(&other).status, 404);
}
