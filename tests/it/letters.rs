//! Letters by mail: an address is asked for first, nothing is told twice, and one link ends them.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tests::cli;
use tests::founded::NETWORK;
use tests::http::Browser;
use tests::town::Town;

use crate::taking_part::page;

/// How a mail server is minded.
#[derive(Clone, Copy, Default, PartialEq)]
enum Mood {
    /// It takes every letter.
    #[default]
    Takes,
    /// It takes none to Amara now.
    NotHers,
}

/// A mail server on this machine: its port, and the letters that came to it.
fn server(mood: Arc<Mutex<Mood>>) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (came, letters) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut out) = stream else { return };
            let mood = *mood.lock().expect("a mood");
            let came = came.clone();
            // Each call by itself: a client may keep one open and begin another.
            std::thread::spawn(move || converse(&mut out, mood, &came));
        }
    });
    (port, letters)
}

/// One call: every letter of it is handed on.
fn converse(out: &mut TcpStream, mood: Mood, came: &Sender<String>) {
    let lines = BufReader::new(out.try_clone().expect("a stream")).lines();
    let (mut letter, mut data) = (String::new(), false);
    let mut say = |text: &str| out.write_all(format!("{text}\r\n").as_bytes()).is_ok();
    say("220 here");
    for line in lines.map_while(Result::ok) {
        match line.as_str() {
            "." if data => {
                say("250 kept");
                data = false;
                // Long lines are broken on the way.
                drop(came.send(std::mem::take(&mut letter).replace("=\n", "").replace("=3D", "=")));
            }
            _ if data => letter.push_str(&format!("{line}\n")),
            "DATA" => data = say("354 go on"),
            "QUIT" => drop(say("221 bye")),
            to if mood == Mood::NotHers && to.starts_with("RCPT TO:<amara") => drop(say("451 later")),
            to => {
                if to.starts_with("RCPT") {
                    letter.push_str(&format!("{to}\n"));
                }
                say("250 good");
            }
        }
    }
}

fn next(letters: &Receiver<String>) -> String {
    letters.recv_timeout(Duration::from_secs(60)).expect("a letter")
}

/// The path of a link in a letter.
fn link(letter: &str, what: &str) -> String {
    let (_, rest) = letter
        .split_once(&format!("https://library.example.org/n/{NETWORK}/letters/{what}/"))
        .expect("a link");
    let token: String = rest.chars().take_while(|c| c.is_ascii_hexdigit() || *c == '-').collect();
    page(&format!("letters/{what}/{token}"))
}

/// Three questions at once, and then none for a while.
fn fills_no_letter_box(kofi: &Browser) {
    let begin = kofi.get(&page("me/feed"));
    for n in 0..4 {
        let sent = kofi.submit(&begin, "/me/letters/begin", &[("address", "somebody@example.org")]);
        assert_eq!(sent.status, if n < 3 { 200 } else { 429 }, "{n}");
    }
}

fn configuration(mode: &str, port: u16) -> String {
    format!(
        "mode = \"{mode}\"\nbase-url = \"https://library.example.org\"\n[mail]\nserver = \"127.0.0.1\"\nport = {port}\n\
         security = \"none\"\nfrom = \"Library <library@example.org>\"\n"
    )
}

fn sign_in(town: &Town, name: &str) -> Browser {
    Browser::sign_in(town.base(), NETWORK, name, &format!("{}-secret", name.to_lowercase()))
}

#[test]
fn a_server_that_takes_one_letter_later_is_given_the_others() {
    let mut town = Town::found("letters-later");
    let mood = Arc::<Mutex<Mood>>::default();
    let (port, letters) = server(mood.clone());
    town.close();
    std::fs::write(town.data.0.join("reflow.toml"), configuration("clear", port)).expect("written");
    town.open();
    for (name, thing) in [("Amara", "Hammer drill"), ("Kofi", "Ladder")] {
        town.lend(name, thing, 3);
        let member = sign_in(&town, name);
        let address = format!("{}@example.org", name.to_lowercase());
        member.submit(&member.get(&page("me/feed")), "/me/letters/begin", &[("address", &address)]);
        Browser::new(town.base()).post(&link(&next(&letters), "confirm"), &[]).says("Done.");
    }
    town.close();
    *mood.lock().expect("a mood") = Mood::NotHers;
    town.open();
    let told = next(&letters);
    assert!(told.contains("RCPT TO:<kofi@example.org>"), "{told}");
}

#[test]
fn letters_come_to_whoever_asked_for_them_and_say_nothing_twice() {
    let mut town = Town::found("letters");
    let (port, letters) = server(Arc::default());
    let config = town.data.0.join("reflow.toml");
    let says = |mode: &str| configuration(mode, port);
    // Without it, nothing of it is on the page.
    sign_in(&town, "Amara").get(&page("me/feed")).form_is_missing("/me/letters/begin");
    town.lend("Amara", "Hammer drill", 3);
    town.close();
    std::fs::write(&config, says("onion-only")).expect("written");
    let refused = cli(&town.data.0, None, &["config", "check"]);
    assert!(refused.status == 2 && refused.err.contains("onion-only"), "{}", refused.err);
    std::fs::write(&config, says("clear")).expect("written");
    town.open();

    let amara = sign_in(&town, "Amara");
    let form = amara.get(&page("me/feed"));
    let no = amara.submit(&form, "/me/letters/begin", &[("address", "amara@x\r\nBcc: all@example.org")]);
    assert_eq!(no.status, 422);
    let asked = amara.submit(&form, "/me/letters/begin", &[("address", "amara@example.org")]);
    asked.says("Open the letter that was sent to amara@example.org");
    let confirm = next(&letters);
    assert!(confirm.contains("RCPT TO:<amara@example.org>") && !confirm.contains("Hammer"), "{confirm}");
    // Opening the link does nothing yet; mail programs open them by themselves.
    let (path, anybody) = (link(&confirm, "confirm"), Browser::new(town.base()));
    anybody.get(&path).says("Do you want to be told by mail");
    amara.get(&page("me/feed")).says("Open the letter");
    let forged = path.replace(|c: char| c.is_ascii_digit(), "0");
    assert_eq!(anybody.post(&forged, &[]).status, 410);
    anybody.post(&path, &[]).says("Done.");
    amara.get(&page("me/feed")).says("Letters go to amara@example.org");

    // What waits is looked for when the node begins, and now and then.
    town.close();
    town.open();
    let told = next(&letters);
    assert!(told.contains("Hammer drill") && told.contains("List-Unsubscribe-Post"), "{told}");
    let end = link(&told, "end");

    // Nothing twice: by the time that somebody else is told, she would have been told again.
    let kofi = sign_in(&town, "Kofi");
    town.lend("Kofi", "Ladder", 3);
    kofi.submit(&kofi.get(&page("me/feed")), "/me/letters/begin", &[("address", "kofi@example.org")]);
    let confirm = next(&letters);
    Browser::new(town.base()).post(&link(&confirm, "confirm"), &[]);
    town.close();
    town.open();
    let told = next(&letters);
    assert!(told.contains("RCPT TO:<kofi@example.org>"), "{told}");

    // One link ends them, and nothing of the address stays.
    Browser::new(town.base()).post(&end, &[("List-Unsubscribe", "One-Click")]).says("Done.");
    assert_eq!(Browser::new(town.base()).post(&end, &[]).status, 410, "it leads nowhere any more");
    sign_in(&town, "Amara").get(&page("me/feed")).says("What waits for you can come by mail");
    fills_no_letter_box(&sign_in(&town, "Kofi"));
}
