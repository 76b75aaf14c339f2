//! Signing in through another service: in a browser against a provider that others wrote, and what is no way back.

use std::net::TcpListener;

use serde_json::json;
use tests::chromium;
use tests::founded::NETWORK;
use tests::http::Browser;
use tests::node::Node;
use tests::town::Town;
use tests::{cli, skip};

fn port() -> u16 {
    let listener = TcpListener::bind("localhost:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Says in a node's own configuration what it signs in through.
fn configure(town: &Town, (own, issuer): (u16, &str), mode: &str) {
    let secret = town.data.0.join("oidc-secret");
    std::fs::write(&secret, "a secret of the client\n").expect("written");
    let text = format!(
        "mode = \"{mode}\"\nbase-url = \"http://127.0.0.1:{own}\"\n[oidc]\nname = \"Example\"\nissuer = \"{issuer}\"\n\
         client-id = \"reflow\"\nclient-secret-file = \"{}\"\n",
        secret.display()
    );
    std::fs::write(town.data.0.join("reflow.toml"), text).expect("written");
}

#[test]
fn whoever_is_known_elsewhere_signs_in_once_it_is_tied() {
    const NAME: &str = "whoever_is_known_elsewhere_signs_in_once_it_is_tied";
    if let Some(why) = chromium::missing() {
        return skip(NAME, why);
    }
    let mut town = Town::found("through");
    town.close();
    let (own, theirs) = (port(), port());
    configure(&town, (own, &format!("http://localhost:{theirs}")), "clear");
    let back = format!("http://127.0.0.1:{own}/signed-in-through");
    let Some(_provider) = chromium::begin("provider.mjs", &json!({"port": theirs, "back": back})) else {
        return skip(NAME, "oidc-provider does not run on this Node.js");
    };
    let node = Node::serve_at(&town.data.0, &format!("127.0.0.1:{own}"));
    let said = chromium::run(
        "through.mjs",
        &json!({
            "base": node.base, "network": NETWORK, "name": "Amara", "password": "amara-secret",
            "out": chromium::screenshots().join("through"),
        }),
    );
    for (step, says) in [
        ("unknown", "Nobody here is tied to you at Example"),
        ("tied", "From now on you can sign in through Example"),
        ("me", "Whoever gets in there gets in here"),
        ("home", "Amara"),
        ("other", "Nobody here is tied to you at Example"),
    ] {
        assert!(said[step].as_str().is_some_and(|said| said.contains(says)), "{step}: {said}");
    }
    drop(node);
    town.open();
    // She leaves it again.
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let me = amara.get(&format!("/n/{NETWORK}/me"));
    amara.submit(&me, "/me/through/end", &[]).says("You can sign in with what you are called at Example");
    town.verify();
}

#[test]
fn what_is_no_way_back_is_refused() {
    let mut town = Town::found("through-strayed");
    let hidden = Browser::new(town.base());
    hidden.get(&format!("/n/{NETWORK}/sign-in")).form("/sign-in");
    assert_eq!(hidden.get("/signed-in-through?code=x&state=y").status, 404, "nobody named a service");
    town.close();
    let own = port();
    // In the clear to another machine, or at all in onion-only mode: not even begun.
    for (issuer, mode, says) in [
        ("http://id.example.org", "clear", "is not https"),
        ("https://id.example.org", "onion-only", "onion-only"),
        ("ftp://id.example.org", "clear", "is not https"),
    ] {
        configure(&town, (own, issuer), mode);
        let refused = cli(&town.data.0, None, &["config", "check"]);
        assert!(refused.status == 2 && refused.err.contains(says), "{issuer}: {}", refused.err);
    }
    let config = |text: &str| {
        std::fs::write(town.data.0.join("reflow.toml"), text).expect("written");
        cli(&town.data.0, None, &["config", "check"])
    };
    let mail = "[mail]\nserver = \"127.0.0.1\"\nsecurity = \"none\"\nfrom = \"a@example.org\"\n";
    for (text, says) in [
        ("mode = \"onion-only\"\notlp = \"http://127.0.0.1:4318\"\n".to_owned(), "take `otlp` out"),
        (mail.to_owned(), "base-url"),
        (
            "[oidc]\nname = \"x\"\nissuer = \"https://id.example.org\"\nclient-id = \"x\"\n".to_owned(),
            "base-url",
        ),
        (
            format!("base-url = \"https://a.example.org\"\n{}", mail.replace("127.0.0.1", "192.0.2.1")),
            "starttls",
        ),
    ] {
        let refused = config(&text);
        assert!(refused.status == 2 && refused.err.contains(says), "{text}: {}", refused.err);
    }
    configure(&town, (own, &format!("http://127.0.0.1:{}", port())), "clear");
    town.open();
    let anybody = Browser::new(town.base());
    assert_eq!(anybody.get(&format!("/n/{NETWORK}/sign-in/through")).status, 502, "nobody is there");
    let forged = "eyJuZXR3b3JrIjoibGlicmFyeSJ9.AAAA";
    for cookie in
        ["", "reflow-away=", "reflow-away=x.y", &format!("reflow-away={forged}"), &"a".repeat(9_000)]
    {
        for query in ["", "?code=x", "?state=y", "?code=x&state=y", "?error=access_denied&state=y"] {
            let answer = anybody.try_get(&format!("/signed-in-through{query}"), &[("cookie", cookie)]);
            let status = answer.expect("an answer").status;
            assert!(status == 400 || status == 431, "{cookie:.40} {query}: {status}");
        }
    }
}

#[test]
fn a_passkey_signs_in_and_says_of_nobody_whether_they_have_one() {
    const NAME: &str = "a_passkey_signs_in_and_says_of_nobody_whether_they_have_one";
    if let Some(why) = chromium::missing() {
        return skip(NAME, why);
    }
    let town = Town::found("passkeys");
    // A node that is known by a number has none; one that is known by a name has.
    let numbered = Browser::new(town.base()).get(&format!("/n/{NETWORK}/sign-in"));
    assert!(!numbered.body.contains("passkey"), "{}", numbered.body);
    let base = town.base().replace("127.0.0.1", "localhost");
    let said = chromium::run(
        "passkey.mjs",
        &json!({
            "base": base, "network": NETWORK, "name": "Amara", "password": "amara-secret",
            "out": chromium::screenshots().join("passkey"),
        }),
    );
    let says = |step: &str| said[step].as_str().unwrap_or_default().to_owned();
    assert!(says("made").contains("my telephone"), "{said}");
    assert!(says("home").contains("Amara"), "{said}");
    assert!(says("Kofi").ends_with('1') && says("Kofi") == says("Nobody At All"), "{said}");
    assert!(!says("gone").contains("my telephone"), "{said}");
    // What nobody was asked for signs nobody in, whatever it says.
    let anybody = Browser::new(&base);
    for (token, answer) in [("", ""), ("x", "{}"), (&*"0".repeat(64), "[]"), ("x", &*"9".repeat(20_000))] {
        let path = format!("/n/{NETWORK}/sign-in/passkey");
        let status = anybody.post(&path, &[("name", "Amara"), ("token", token), ("answer", answer)]).status;
        assert!([200, 401, 413].contains(&status), "{token:.9} {answer:.9}: {status}");
        assert!(status != 200 || token.is_empty(), "only a new question is answered so");
    }
}
