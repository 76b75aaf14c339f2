//! Who is let in, at the edges of time and length.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use identity::hook::{self, Signed, WINDOW_US};
use identity::{Entered, IdentityError, add_account, factor, sign_in, token};
use store::Store;
use tests::Folder;
use valueflows::{Id, Instant};

const NOW: Instant = Instant(1_800_000_000_000_000);
const AMARA: Id = Id([2; 16]);
const WHO: (&str, &str) = ("Amara", "amara-secret");

async fn store(name: &str) -> (Folder, Store) {
    let folder = Folder::new(name);
    let store = Store::open_sqlite(&folder.join("door.sqlite")).await.unwrap();
    store.migrate().await.unwrap();
    (folder, store)
}

/// The code of a secret at a time.
fn code(typed: &str, at: Instant) -> String {
    let secret = totp_rs::Secret::try_from_base32(typed).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(at.0 / 1_000_000).unwrap()).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_step_has_its_time() {
    let (_folder, store) = store("second-step-time").await;
    add_account(&store, 1, WHO, AMARA, NOW).await.unwrap();
    let account = store.account(1, "Amara").await.unwrap().unwrap();
    factor::begin(&store, &account, [5; 32]).await.unwrap();
    let typed = factor::setup(&store, &account, "a:b").await.unwrap().unwrap().typed;
    // One that is being set up already is gone on with.
    factor::begin(&store, &account, [6; 32]).await.unwrap();
    assert_eq!(factor::setup(&store, &account, "a:b").await.unwrap().unwrap().typed, typed);
    let random: Vec<u8> = (0..100).collect();
    let codes = factor::confirm(&store, &account, &code(&typed, NOW), &random, NOW).await.unwrap();
    assert_eq!(codes.len(), factor::CODES);
    let too_little = factor::renew_codes(&store, &account, &random[..99]).await;
    assert!(matches!(too_little, Err(IdentityError::Hasher(_))), "fewer codes than there should be are none");
    assert!(matches!(sign_in(&store, 1, WHO, [1; 32], NOW).await, Ok(Entered::Code(_))));
    let pending = factor::pending(&store, &account, [3; 32], NOW).await.unwrap();
    let waits = async |network, at: i64| {
        factor::waiting(&store, network, &pending, NOW.plus_us(at)).await.unwrap().is_some()
    };
    assert!(waits(1, factor::PENDING_US - 1).await, "just in time");
    assert!(!waits(1, factor::PENDING_US).await, "too late");
    assert!(!waits(2, 0).await, "another network's");
    // Half a minute late is a clock that is a little wrong; more is not now.
    for (late_s, fits) in [(95, false), (31, true)] {
        let made = NOW.plus_us(120_000_000);
        let checked =
            factor::check(&store, &account, &code(&typed, made), made.plus_us(late_s * 1_000_000)).await;
        assert_eq!(checked.is_ok(), fits, "{late_s}");
    }
    // A password that was changed meanwhile ends it.
    store.set_password(account.key, "$another$").await.unwrap();
    assert!(!waits(1, 0).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_signed_has_its_time_and_its_length() {
    let (_folder, store) = store("signed").await;
    let expires = NOW.plus_us(Instant::DAY_US);
    let (agent, delegation, name) = (AMARA, Id([8; 16]), "till".to_owned());
    let key = token::Token { network: 1, account: 0, agent, delegation, name, expires };
    let text = token::issue(&store, &key, [4; 32], NOW).await.unwrap();
    let hook = hook::of(&store, &text, [9; 32]).await.unwrap();
    let sent = async |id: String, late_s: i64, before: &str| {
        let timestamp = (NOW.0 / 1_000_000 - late_s).to_string();
        let own = tests::webhook_signature(&hook.secret, &id, &timestamp, "{}");
        let signature = format!("{before}{own}");
        let signed = Signed { id: &id, timestamp: &timestamp, signature: &signature };
        hook::sender(&store, &hook.name, signed, b"{}", NOW).await.unwrap().is_some()
    };
    let window_s = WINDOW_US / 1_000_000;
    for (what, id, late_s, before, fits) in [
        ("now", 1, 0, "", true),
        ("as old as it may be", 1, window_s, "", true),
        ("older", 1, window_s + 1, "", false),
        ("from as far ahead as it may be", 1, -window_s, "", true),
        ("from further ahead", 1, -window_s - 1, "", false),
        ("a name as long as it may be", 200, 0, "", true),
        ("a longer one", 201, 0, "", false),
        ("none", 0, 0, "", false),
        ("the fourth signature", 1, 0, "v1,AA v1,AA v2,AA ", true),
        ("the fifth", 1, 0, "v1,AA v1,AA v1,AA v1,AA ", false),
    ] {
        assert_eq!(sent("m".repeat(id), late_s, before).await, fits, "{what}");
    }
}
