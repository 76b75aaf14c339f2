//! The clock of the machine goes back: the books' time does not, and order is the journal's.

use serde_json::Value as Json;
use tests::founded::{NETWORK, found};
use tests::load::Seat;
use tests::node::Node;
use tests::{Folder, alter, copy};

#[test]
fn a_clock_that_was_years_ahead_does_no_harm() {
    let base = Folder::new("clock-base");
    let library = found(&base.0, None);
    // What a node leaves behind whose clock was ahead by an hour, or by ten years.
    for ahead_us in [3_600_000_000i64, 10 * 365 * 86_400_000_000] {
        let data = Folder::new("clock");
        copy(&base.join("reflow.sqlite"), &data.join("reflow.sqlite"));
        let now = std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_micros() as i64;
        let statement =
            format!("UPDATE network SET sandbox = 0, clock = {} WHERE name = '{NETWORK}'", now + ahead_us);
        assert_eq!(alter(&data.join("reflow.sqlite"), &statement), 1);
        let node = Node::serve(&data.0, None);
        let seat = Seat::take(&node, &library);
        let send = |n: u32| -> Json {
            let command = seat.command(&format!("01926b5e-7d00-7000-8000-{n:012x}"), 1);
            let (status, body) = seat.send(&node.base, &command).expect("an answer");
            assert_eq!(status, 200, "{body}");
            serde_json::from_str(&body).expect("a receipt")
        };
        let receipts = [send(1), send(2), send(3)];
        for pair in receipts.windows(2) {
            assert_eq!(pair[1]["seq"].as_u64(), pair[0]["seq"].as_u64().map(|seq| seq + 1));
            assert_ne!(pair[0]["made"], pair[1]["made"], "ids stay apart");
        }
        let times: Vec<i64> =
            receipts.iter().map(|receipt| receipt["at"].as_i64().expect("a time")).collect();
        assert!(times[0] >= now + ahead_us && times.is_sorted(), "{times:?}");
        assert_eq!(send(2), receipts[1], "and what was answered stays answered");
    }
}
