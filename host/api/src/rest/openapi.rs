//! The OpenAPI document: put together from the endpoints' own rows and the property table, so that it
//! cannot say anything else than what is served.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};
use valueflows::{Card, Class, Kind, Property};

use super::{
    commands, decisions, dry_run, events, export, flow, hooks, members, networks, quotes, records, reports,
    rules, tokens, vocabulary,
};
use crate::seat::Door;

const JSON: &str = "application/json";

/// An endpoint, as the document describes it and the router serves it.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// `get` or `post`.
    pub method: &'static str,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    id: &'static str,
    summary: &'static str,
    body: Option<&'static str>,
    answer: &'static str,
    query: &'static [(&'static str, &'static str)],
    public: bool,
    kind: &'static str,
}

impl Endpoint {
    /// One that answers with a document.
    pub const fn get(
        path: &'static str,
        id: &'static str,
        summary: &'static str,
        answer: &'static str,
    ) -> Endpoint {
        Endpoint {
            method: "get",
            path,
            id,
            summary,
            body: None,
            answer,
            query: &[],
            public: false,
            kind: JSON,
        }
    }

    /// One that takes a document.
    pub const fn post(
        path: &'static str,
        id: &'static str,
        summary: &'static str,
        body: &'static str,
        answer: &'static str,
    ) -> Endpoint {
        Endpoint {
            method: "post",
            path,
            id,
            summary,
            body: Some(body),
            answer,
            query: &[],
            public: false,
            kind: JSON,
        }
    }

    /// One that ends something.
    pub const fn delete(
        path: &'static str,
        id: &'static str,
        summary: &'static str,
        answer: &'static str,
    ) -> Endpoint {
        Endpoint { method: "delete", ..Endpoint::get(path, id, summary, answer) }
    }

    /// One that asks nobody who they are.
    pub const fn for_anybody(mut self) -> Endpoint {
        self.public = true;
        self
    }

    /// One whose answer is of another media type.
    pub const fn answering(mut self, kind: &'static str) -> Endpoint {
        self.kind = kind;
        self
    }

    /// One whose answer comes in pages.
    pub const fn paged(self) -> Endpoint {
        self.with_query(&[
            ("after", "The `next` of the page before"),
            ("limit", "How many at most, up to 100"),
        ])
    }

    /// One that takes parameters behind the question mark.
    pub const fn with_query(mut self, query: &'static [(&'static str, &'static str)]) -> Endpoint {
        self.query = query;
        self
    }
}

/// The document itself.
pub const DOCUMENT: Endpoint =
    Endpoint::get("/api/v1/openapi.json", "openapi", "This document", "Anything").for_anybody();

const ENDPOINTS: &[&Endpoint] = &[
    &networks::LIST,
    &networks::ONE,
    &members::LIST,
    &rules::ONE,
    &decisions::LIST,
    &decisions::ONE,
    &decisions::RECEIPT,
    &commands::SEND,
    &commands::TO_SIGN,
    &commands::ONE,
    &hooks::SEND,
    &events::CAPTURE,
    &records::LIST,
    &records::ONE,
    &flow::TRACE,
    &flow::TRACK,
    &vocabulary::TABLES,
    &reports::ONE,
    &quotes::ONE,
    &export::FILE,
    &tokens::NEW,
    &tokens::LIST,
    &tokens::END,
    &dry_run::DECIDE,
    &DOCUMENT,
];

pub(crate) async fn show(State(door): State<Door>) -> Json<Value> {
    static TEXT: LazyLock<Value> = LazyLock::new(document);
    let mut text = TEXT.clone();
    if let (Some(base), Value::Object(members)) = (&door.base, &mut text) {
        members.insert("servers".into(), json!([{"url": base.to_string()}]));
    }
    Json(text)
}

/// The whole document.
pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for endpoint in ENDPOINTS {
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        if let Value::Object(path) = path {
            path.insert(endpoint.method.into(), operation(endpoint));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "ReflowOS", "version": "1",
            "description": "One node's networks. Every act is a command on one path; each answer says what came of it.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "reflow"},
                "word": {"type": "apiKey", "in": "header", "name": "X-Reflow-Word"},
            },
        },
    })
}

fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

fn operation(endpoint: &Endpoint) -> Value {
    let text = |name: &str, place: &str, what: &str, required: bool| {
        let kind = match name {
            "limit" | "before" => json!({"type": "integer", "minimum": 1}),
            _ => json!({"type": "string"}),
        };
        json!({"name": name, "in": place, "description": what, "required": required, "schema": kind})
    };
    let named = endpoint.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = named.map(|name| text(name, "path", "", true)).collect();
    parameters.extend(endpoint.query.iter().map(|(name, what)| text(name, "query", what, false)));
    let content = |schema: &str| json!({(endpoint.kind): {"schema": reference(schema)}});
    let problem = |what: &str| json!({"description": what, "content": {"application/problem+json": {"schema": reference("Problem")}}});
    let mut answers = json!({
        "200": {"description": "As asked", "content": content(endpoint.answer)},
        "default": problem("Anything else: what went wrong and what to do"),
    });
    let mut operation = json!({
        "operationId": endpoint.id, "summary": endpoint.summary, "parameters": parameters,
        "security": match (endpoint.public, endpoint.method) {
            (true, _) => json!([]),
            (_, "get") => json!([{"token": []}, {"session": []}]),
            _ => json!([{"token": []}, {"session": [], "word": []}]),
        },
    });
    if let (Some(body), Value::Object(operation), Value::Object(answers)) =
        (endpoint.body, &mut operation, &mut answers)
    {
        operation.insert("requestBody".into(), json!({"required": true, "content": content(body)}));
        let refused = "Refused, and written down: by the network's rules (403) or by the books (422)";
        let content = content(endpoint.answer);
        for status in ["403", "422"] {
            answers.insert(status.into(), json!({"description": refused, "content": content}));
        }
    }
    if let Value::Object(operation) = &mut operation {
        operation.insert("responses".into(), answers);
    }
    operation
}

fn list(of: &str) -> Value {
    json!({"type": "object", "required": ["items"], "properties": {
        "items": {"type": "array", "items": reference(of)}, "next": {"type": ["string", "integer", "null"]}}})
}

/// Quotes, tokens, dry runs: what is made on request and stands in no book.
fn asked_for() -> Value {
    let id = json!({"type": "string", "format": "uuid"});
    let time = json!({"type": "string", "format": "date-time"});
    let text = json!({"type": "string"});
    json!({
        "Quote": {"type": "object", "required": ["lines"], "properties": {
            "lines": {"type": "array", "items": {"type": "object", "properties": {
                "code": text, "kind": text, "amount": reference("Measure")}}},
            "expires": {"type": ["string", "null"]}, "accept": {"type": "object"}, "refused": {"type": "object"}}},
        "TokenWish": {"type": "object", "required": ["name"], "properties": {
            "name": text, "id": id, "acts": {"type": "array", "items": text}, "until": time, "delegation": id}},
        "Token": {"type": "object", "required": ["name", "delegation", "agent", "expires"], "properties": {
            "name": text, "delegation": id, "agent": id, "expires": time}},
        "TokenWithSecret": {"type": "object", "required": ["token", "delegation", "expires"], "properties": {
            "token": text, "name": text, "delegation": id, "agent": id, "expires": time,
            "receipt": {"type": ["object", "null"]},
            "hook": {"type": "object", "properties": {"path": text, "secret": text}}}},
        "Tokens": list("Token"),
        "Report": {"type": "object", "required": ["columns", "rows", "position"], "properties": {
            "columns": {"type": "array", "items": text}, "position": {"type": "integer"},
            "rows": {"type": "array", "items": {"type": "object"}}}},
        "Trail": {"type": "object", "required": ["from", "steps", "next"], "properties": {
            "from": {"type": "integer"}, "next": {"type": ["string", "null"]},
            "steps": {"type": "array", "items": {"type": "object", "required": ["step"], "properties": {
                "step": {"type": "integer"}, "from": {"type": ["integer", "null"]},
                "sealed": {"type": "boolean"}, "byMark": {"type": "boolean"},
                "record": {"type": "object"}, "steps": {"type": "array"}}}}}},
        "DryRun": {"type": "object", "required": ["policies", "requests"], "properties": {
            "policies": text, "schema": {"type": ["string", "object", "null"]}, "entities": {"type": ["array", "null"]},
            "requests": {"type": "array", "maxItems": 100, "items": {"type": "object",
                "required": ["principal", "action", "resource"]}}}},
        "DryRunOutcome": {"type": "object", "required": ["problems", "results"], "properties": {
            "problems": {"type": "array", "items": text},
            "results": {"type": "array", "items": {"type": "object", "properties": {
                "decision": {"enum": ["allow", "deny"]}, "reasons": {"type": "array", "items": text},
                "errors": {"type": "array"}}}}}},
    })
}

fn schemas() -> Value {
    let id = json!({"type": "string", "format": "uuid"});
    let time = json!({"type": "string", "format": "date-time"});
    let text = json!({"type": "string"});
    let number = json!({"type": "integer"});
    let mut schemas = json!({
        "Anything": {},
        "Problem": {"type": "object", "required": ["type", "title", "status"], "properties": {
            "type": text, "title": text, "status": number}},
        "Measure": {"type": "object", "required": ["hasNumericalValue"], "properties": {
            "hasNumericalValue": {"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$"}, "hasUnit": id}},
        "Command": {"type": "object", "required": ["id", "agent", "acts"], "properties": {
            "id": id, "agent": id,
            "acts": {"type": "array", "minItems": 1, "maxItems": 1_000, "items": {
                "type": "object", "required": ["act"], "properties": {"act": text}}},
            "signed": {"type": "object", "required": ["key", "signature"], "properties": {
                "key": text, "signature": text, "personal": text, "salt": text}}}},
        "Acts": {"type": "object", "required": ["acts"], "properties": {
            "acts": {"type": "array", "minItems": 1, "maxItems": 1_000, "items": {
                "type": "object", "required": ["act"], "properties": {"act": text}}}}},
        "CapturedEvent": {"type": "object", "required": ["action"], "properties": {
            "id": id, "action": text, "provider": id, "receiver": id, "newResource": {"type": "object"}}},
        "Receipt": {"type": "object", "required": ["command", "seq", "entry", "verdict", "made"], "properties": {
            "network": id, "command": id, "seq": number, "at": number, "entry": text, "book": number,
            "signedBy": {"enum": ["node", "browser", "own"]},
            "verdict": {"enum": ["permit", "refuse"]}, "made": {"type": "array"}, "refused": {"type": "object"}}},
        "ToSign": {"type": "object", "required": ["text"], "properties": {
            "text": text, "personal": text, "salt": text}},
        "CommandWithReceipt": {"type": "object", "properties": {
            "command": reference("Command"), "receipt": reference("Receipt")}},
        "Network": {"type": "object", "required": ["name", "id", "sandbox"], "properties": {
            "name": text, "id": id, "sandbox": {"type": "boolean"}, "time": time, "position": number,
            "hash": text, "root": text, "rules": {"type": "object"}, "you": id}},
        "Networks": list("Network"),
        "Member": {"type": "object", "required": ["agent", "name"], "properties": {
            "agent": id, "name": text, "membership": id, "since": time,
            "roles": {"type": "array", "items": text}, "training": {"type": "array", "items": text}}},
        "Members": list("Member"),
        "Rules": {"type": "object", "required": ["name", "hash", "policies", "since"], "properties": {
            "name": text, "title": text, "hash": text, "schema": text, "policies": {"type": "array"},
            "plugins": {"type": "array"}, "since": {"type": "object"}, "decidedBy": {"type": "object"}}},
        "Decision": {"type": "object", "required": ["command", "position", "verdict"], "properties": {
            "command": id, "position": number, "time": time, "agent": id, "via": text,
            "acts": {"type": "array", "items": text}, "verdict": {"enum": ["permit", "refuse"]},
            "code": {"type": ["string", "null"]}, "sentence": {"type": ["string", "null"]},
            "remedy": {"type": ["string", "null"]}, "reasons": {"type": "array"}, "judged": {"type": "object"}}},
        "Decisions": list("Decision"),
        "Record": {"oneOf": Class::ALL.iter().map(|class| reference(class.as_str())).collect::<Vec<_>>()},
        "Records": list("Record"),
        "Export": {"type": "object", "required": ["@context", "@graph"], "properties": {
            "@context": {"type": "object"}, "@graph": {"type": "array", "items": {"type": "object"}}}},
    });
    if let (Value::Object(schemas), Value::Object(more)) = (&mut schemas, asked_for()) {
        schemas.extend(more);
        for class in Class::ALL {
            schemas.insert(class.as_str().into(), record(*class));
        }
    }
    schemas
}

/// A class of the vocabulary, from its rows of the property table.
fn record(class: Class) -> Value {
    let id = json!({"type": "string", "format": "uuid"});
    let mut properties =
        json!({"id": id, "class": {"const": class.as_str()}, "version": {"type": "integer"}});
    let mut required = vec!["id", "class", "version"];
    for row in class.properties() {
        if let Value::Object(properties) = &mut properties {
            properties.insert(row.prop.as_str().into(), property(row));
        }
        if row.card == Card::One {
            required.push(row.prop.as_str());
        }
    }
    json!({"type": "object", "properties": properties, "required": required})
}

fn property(row: &Property) -> Value {
    let one = match row.kind {
        Kind::Text | Kind::Action => json!({"type": "string"}),
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Integer | Kind::Millionths => json!({"type": "integer"}),
        Kind::Quantity => reference("Measure"),
        Kind::Instant => json!({"type": "string", "format": "date-time"}),
        Kind::Ref(_) => json!({"type": "string", "format": "uuid"}),
        Kind::Terms | Kind::Document => json!({"type": "object"}),
    };
    match row.card {
        Card::Many => json!({"type": "array", "items": one}),
        _ => one,
    }
}
