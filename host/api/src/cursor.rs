//! Cursors: where the next page of one list begins. Opaque to clients, and of no use in another list.
//!
//! A cursor names the key of the last record seen, so that what is written meanwhile neither repeats a
//! record nor skips one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Longest cursor that is looked at, bytes.
const CURSOR_BYTES_MAX: usize = 200;

/// The cursor after a key of a list.
pub fn after(list: &str, key: i64) -> String {
    URL_SAFE_NO_PAD.encode(format!("{key}.{list}"))
}

/// The key in a cursor, if it is one of this list's.
pub fn key(list: &str, cursor: &str) -> Option<i64> {
    if cursor.len() > CURSOR_BYTES_MAX {
        return None;
    }
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (key, of) = text.split_once('.')?;
    (of == list).then(|| key.parse().ok()).flatten().filter(|key| *key >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_list() {
        let cursor = after("one/EconomicEvent", 7);
        assert_eq!(key("one/EconomicEvent", &cursor), Some(7));
        let long = after(&"x".repeat(300), 7);
        let negative = after("one/EconomicEvent", -7);
        let table = [
            ("one/Intent", &*cursor),
            ("two/EconomicEvent", &*cursor),
            ("one/EconomicEvent", &cursor[1..]),
            ("one/EconomicEvent", ""),
            ("one/EconomicEvent", "not base64!"),
            ("one/EconomicEvent", &*negative),
            ("one/EconomicEvent", &*long),
        ];
        for (list, cursor) in table {
            assert_eq!(key(list, cursor), None, "{list} {cursor}");
        }
    }
}
