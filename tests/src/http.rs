//! A browser without a screen: one cookie, no redirects followed, forms as fields.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use serde_json::Value as Json;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Somebody at a browser.
pub struct Browser {
    agent: ureq::Agent,
    base: String,
    cookie: String,
    bearer: String,
}

/// A subscription that is followed.
pub struct Stream {
    /// The line with the status.
    pub status: String,
    lines: BufReader<TcpStream>,
}

impl Stream {
    /// The next event: its name, its id, its data; none when the stream has ended.
    pub fn event(&mut self) -> Option<(String, Option<u64>, Json)> {
        let (mut name, mut id) = (String::new(), None);
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end();
            if let Some(event) = line.strip_prefix("event: ") {
                event.clone_into(&mut name);
            } else if let Some(at) = line.strip_prefix("id: ") {
                id = at.parse().ok();
            } else if let Some(data) = line.strip_prefix("data:") {
                return Some((name, id, serde_json::from_str(data.trim()).unwrap_or_default()));
            } else if line == "0" {
                return None;
            }
        }
    }

    /// The data of the next answer.
    pub fn next_data(&mut self) -> Json {
        let (name, _, mut data) = self.event().expect("an event");
        assert!(name == "next" && data.get("errors").is_none(), "{name}: {data}");
        data["data"].take()
    }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Where it sends the reader.
    pub location: Option<String>,
    /// The body.
    pub body: String,
    cookie: Option<String>,
    headers: ureq::http::HeaderMap,
}

impl Browser {
    /// Nobody yet.
    pub fn new(base: &str) -> Browser {
        Browser::over(base, TlsConfig::default())
    }

    /// Nobody yet, who believes a certificate (in PEM) and no other.
    pub fn trusting(base: &str, certificate: &str) -> Browser {
        let certificate = Certificate::from_pem(certificate.as_bytes()).expect("a certificate");
        let roots = RootCerts::new_with_certs(&[certificate]);
        Browser::over(base, TlsConfig::builder().root_certs(roots).build())
    }

    fn over(base: &str, tls: TlsConfig) -> Browser {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(std::time::Duration::from_secs(60)))
            .tls_config(tls)
            .build();
        Browser { agent: config.into(), base: base.to_owned(), cookie: String::new(), bearer: String::new() }
    }

    /// Loads a page with headers of one's own; none where no line comes about.
    pub fn try_get(&self, path: &str, headers: &[(&str, &str)]) -> Option<Answer> {
        let mut request = self.agent.get(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.call().ok().map(|answer| read(Ok(answer)))
    }

    /// Signs in to a network.
    pub fn sign_in(base: &str, network: &str, name: &str, password: &str) -> Browser {
        let mut browser = Browser::new(base);
        let answer =
            browser.post(&format!("/n/{network}/sign-in"), &[("name", name), ("password", password)]);
        assert_eq!(answer.status, 303, "{name} signs in: {}", answer.body);
        browser.cookie = answer.cookie.expect("a cookie");
        browser
    }

    /// Somebody who is signed in already.
    pub fn with_token(base: &str, token: &str) -> Browser {
        Browser { cookie: format!("reflow={token}"), ..Browser::new(base) }
    }

    /// The same session, with the cookie that an answer sets beside its own.
    pub fn also(&self, base: &str, answer: &Answer) -> Browser {
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default();
        Browser { cookie: format!("{}; {cookie}", self.cookie), ..Browser::new(base) }
    }

    /// Sends bytes to the command door of a node that may die meanwhile.
    pub fn try_command(&self, network: &str, word: &str, body: &[u8]) -> Option<(u16, String)> {
        let request = self
            .agent
            .post(format!("{}/api/v1/networks/{network}/commands", self.base))
            .header("cookie", &self.cookie)
            .header("x-reflow-word", word);
        let mut answer = request.send(body).ok()?;
        let body = answer.body_mut().read_to_string().ok()?;
        Some((answer.status().as_u16(), body))
    }

    /// The session's token.
    pub fn token(&self) -> &str {
        self.cookie.strip_prefix("reflow=").unwrap_or_default()
    }

    /// Loads a page.
    pub fn get(&self, path: &str) -> Answer {
        let request = self
            .agent
            .get(format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .header("authorization", &self.bearer);
        read(request.call())
    }

    /// A program with a token.
    pub fn with_bearer(base: &str, token: &str) -> Browser {
        Browser { bearer: format!("Bearer {token}"), ..Browser::new(base) }
    }

    /// Sends DELETE to a program's door, with the session's form word.
    pub fn end(&self, path: &str, word: &str) -> (u16, Json) {
        let request = self
            .agent
            .delete(format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .header("authorization", &self.bearer)
            .header("x-reflow-word", word);
        document(read(request.call()))
    }

    /// Asks a program's door.
    pub fn ask(&self, path: &str) -> (u16, Json) {
        document(self.get(path))
    }

    /// Sends a document to a program's door, with the session's form word.
    pub fn tell(&self, path: &str, word: &str, body: &Json) -> (u16, Json) {
        let request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .header("authorization", &self.bearer)
            .header("x-reflow-word", word)
            .content_type("application/json");
        document(read(request.send(body.to_string().as_bytes())))
    }

    /// Sends bytes as JSON to a program's door, with the session's form word.
    pub fn send_json(&self, path: &str, word: &str, body: &[u8]) -> Answer {
        let request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .header("x-reflow-word", word)
            .content_type("application/json");
        read(request.send(body))
    }

    /// Sends plain text to a program's door.
    pub fn send_text(&self, path: &str, body: &str) -> Answer {
        read(self.agent.post(format!("{}{path}", self.base)).header("cookie", &self.cookie).send(body))
    }

    /// Asks a question in GraphQL.
    pub fn graphql(&self, word: &str, query: &str, variables: &Json) -> (u16, Json) {
        self.tell("/graphql", word, &serde_json::json!({"query": query, "variables": variables}))
    }

    /// What a question in GraphQL is answered with; it must be answered whole.
    pub fn data(&self, word: &str, query: &str, variables: &Json) -> Json {
        let (status, mut answer) = self.graphql(word, query, variables);
        assert!(status == 200 && answer.get("errors").is_none(), "{status} {answer}");
        answer["data"].take()
    }

    /// Follows a subscription from a position.
    pub fn follow(&self, query: &str, from: Option<u64>) -> Stream {
        let address = self.base.trim_start_matches("http://");
        let mut socket = TcpStream::connect(address).expect("the node listens");
        socket.set_read_timeout(Some(std::time::Duration::from_secs(30))).expect("a timeout");
        let body = serde_json::json!({"query": query}).to_string();
        let (cookie, bearer) = (&self.cookie, &self.bearer);
        let from = from.map_or(String::new(), |from| format!("last-event-id: {from}\r\n"));
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: node\r\ncookie: {cookie}\r\nauthorization: {bearer}\r\n{from}\
             accept: text/event-stream\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        socket.write_all(head.as_bytes()).expect("sent");
        let mut lines = BufReader::new(socket);
        let mut status = String::new();
        lines.read_line(&mut status).expect("a status");
        Stream { status, lines }
    }

    /// Sends a form.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.agent.post(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        read(request.send_form(fields.iter().copied()))
    }

    /// Sends bytes with headers of one's own.
    pub fn send_with(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = self.agent.post(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(request.send(body))
    }

    /// Sends a form with a file in it.
    pub fn upload(&self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        let line = "a-line-between-parts";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part =
                format!("--{line}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
        let head = format!(
            "--{line}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"x\"\r\n\r\n",
            file.0
        );
        body.extend(head.into_bytes());
        body.extend(file.1);
        body.extend(format!("\r\n--{line}--\r\n").into_bytes());
        let kind = format!("multipart/form-data; boundary={line}");
        let request = self.agent.post(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        read(request.header("content-type", kind).send(&body[..]))
    }

    /// Sends bytes with a word for the command door.
    pub fn command(&self, network: &str, word: &str, body: &[u8]) -> Answer {
        let request = self
            .agent
            .post(format!("{}/api/v1/networks/{network}/commands", self.base))
            .header("cookie", &self.cookie)
            .header("x-reflow-word", word);
        read(request.send(body))
    }

    /// Sends the form on a page whose action ends so, with its hidden fields, a few more, and a file.
    pub fn submit_file(
        &self,
        page: &Answer,
        action: &str,
        more: &[(&str, &str)],
        file: (&str, &[u8]),
    ) -> Answer {
        let (path, fields) = page.form(action);
        let hidden = fields.iter().map(|(name, value)| (&**name, &**value));
        let fields: Vec<(&str, &str)> = hidden.chain(more.iter().copied()).collect();
        self.upload(&path, &fields, file)
    }

    /// Sends the form on a page whose action ends so, with its hidden fields and a few more, and loads
    /// the page that it leads to.
    pub fn submit(&self, page: &Answer, action: &str, more: &[(&str, &str)]) -> Answer {
        let (path, mut fields) = page.form(action);
        fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        let answer = self.post(&path, &fields);
        match &answer.location {
            Some(next) => self.get(next),
            None => answer,
        }
    }
}

fn document(answer: Answer) -> (u16, Json) {
    let body = serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("no JSON: {}", answer.body));
    (answer.status, body)
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut answer = answer.expect("the node answers");
    let header =
        |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let cookie = header("set-cookie").and_then(|cookie| cookie.split(';').next().map(str::to_owned));
    let location = header("location");
    let status = answer.status().as_u16();
    let body = answer.body_mut().read_to_vec().unwrap_or_default();
    let body = String::from_utf8_lossy(&body).into_owned();
    let headers = answer.headers().clone();
    Answer { status, location, body, cookie, headers }
}

impl Answer {
    /// Whoever this answer signed in.
    pub fn browser(&self, base: &str) -> Browser {
        Browser { cookie: self.cookie.clone().expect("a session"), ..Browser::new(base) }
    }

    /// A header of the answer; empty if it has none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The action and hidden fields of the first form whose action ends with `action` or contains it.
    pub fn form(&self, action: &str) -> (String, BTreeMap<String, String>) {
        for part in self.body.split("<form").skip(1) {
            let form = part.split("</form>").next().unwrap_or_default();
            let path = attribute(form, "action").unwrap_or_default();
            if form.contains("method=\"post\"") && path.contains(action) {
                let inputs = form.split("<input").skip(1).filter(|input| input.contains("type=\"hidden\""));
                let fields =
                    inputs.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)));
                return (path, fields.collect());
            }
        }
        panic!("no form `{action}` on this page:\n{}", self.body);
    }

    /// That there is no such form.
    pub fn form_is_missing(&self, action: &str) {
        let found = self
            .body
            .split("<form")
            .skip(1)
            .any(|part| attribute(part, "action").is_some_and(|path| path.contains(action)));
        assert!(!found, "there is a form `{action}`:\n{}", self.body);
    }

    /// The word that the session's forms carry.
    pub fn word(&self) -> String {
        self.form("/").1["word"].clone()
    }

    /// The first link whose text is this.
    pub fn link(&self, text: &str) -> String {
        let upto = self.body.split(&format!(">{text}<")).next().unwrap_or_default();
        let tag = upto.rsplit("<a").next().unwrap_or_default();
        attribute(tag, "href").unwrap_or_else(|| panic!("no link `{text}` on this page:\n{}", self.body))
    }

    /// Checks that the page says something.
    pub fn says(&self, text: &str) -> &Answer {
        // Amounts and their units are kept on one line.
        let body = self.body.replace('\u{a0}', " ");
        assert!(body.contains(text), "the page does not say `{text}`:\n{}", self.body);
        self
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
    Some(rest.split('"').next()?.to_owned())
}
