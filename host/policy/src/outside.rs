//! Cedar for outsiders: policies, schema, entities and requests as they bring them, decided by the same
//! engine that decides here, so that a public corpus can be replayed against a node. Nothing of any
//! network is read.

use std::str::FromStr;

use cedar_policy::{
    AuthorizationError, Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request, Schema,
    ValidationMode, Validator,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::book::RuleBook;
use crate::error::BookError;
use crate::limits::OUTSIDE_REQUESTS_MAX;
use crate::stack::deep;

/// What an outsider brings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Cedar text; policies are called `policy0`, `policy1` … in its order.
    pub policies: String,
    /// Cedar's schema syntax as text, or its JSON form.
    #[serde(default)]
    pub schema: Option<Json>,
    /// Entities in Cedar's JSON form.
    #[serde(default)]
    pub entities: Option<Json>,
    /// What is asked.
    pub requests: Vec<Asked>,
}

/// One request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Asked {
    principal: Json,
    action: Json,
    resource: Json,
    #[serde(default)]
    context: Option<Json>,
    /// Whether the request must fit the schema; it must, unless this says otherwise.
    #[serde(default)]
    validate_request: Option<bool>,
}

/// What Cedar says of one request.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// `allow` or `deny`.
    pub decision: &'static str,
    /// The policies that settled it, sorted.
    pub reasons: Vec<String>,
    /// The policies that erred, sorted, each with its error.
    pub errors: Vec<Erred>,
}

/// A policy that erred.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Erred {
    /// The policy.
    pub policy: String,
    /// Its error.
    pub error: String,
}

/// Everything that came of a question.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// What strict validation finds, if there is a schema.
    pub problems: Vec<String>,
    /// One answer a request.
    pub results: Vec<Said>,
}

fn shape(what: &str, error: &dyn std::fmt::Display) -> BookError {
    BookError::Shape(format!("{what}: {error}"))
}

/// Decides every request, or says what cannot be read.
pub fn decide(question: Question) -> Result<Outcome, BookError> {
    deep(|| decide_deep(question))
}

fn decide_deep(question: Question) -> Result<Outcome, BookError> {
    let Question { policies, schema, entities, requests } = question;
    if requests.len() > OUTSIDE_REQUESTS_MAX {
        return Err(BookError::TooMuch(format!("at most {OUTSIDE_REQUESTS_MAX} requests at once")));
    }
    let policies = PolicySet::from_str(&policies).map_err(|error| shape("policies", &error))?;
    let schema = schema.map(read_schema).transpose()?;
    let problems = schema.as_ref().map(|schema| validate(schema, &policies)).unwrap_or_default();
    let entities = match entities {
        None => Entities::empty(),
        Some(json) => Entities::from_json_value(json, schema.as_ref())
            .map_err(|error| shape("entities", &in_one_line(&error)))?,
    };
    let results = requests
        .into_iter()
        .enumerate()
        .map(|(n, asked)| {
            let request = read_request(asked, schema.as_ref())
                .map_err(|problem| BookError::Shape(format!("request {n}: {problem}")))?;
            Ok(say(&policies, &request, &entities))
        })
        .collect::<Result<_, BookError>>()?;
    Ok(Outcome { problems, results })
}

/// One test as `cedar run-tests` reads it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Test {
    name: String,
    request: TestRequest,
    #[serde(default)]
    entities: Option<Json>,
    decision: String,
    /// The policies that have to be among those that settled it.
    #[serde(default)]
    reason: Vec<String>,
    #[serde(default)]
    num_errors: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TestRequest {
    principal: String,
    action: String,
    resource: String,
    #[serde(default)]
    context: Option<Json>,
}

/// Runs tests in the format of `cedar run-tests` against a book's policies; each with what came out differently.
pub fn run_tests(book: &RuleBook, tests: Json) -> Result<Vec<(String, Option<String>)>, BookError> {
    let tests: Vec<Test> = serde_json::from_value(tests).map_err(|error| shape("tests", &error))?;
    let compiled = crate::compile::compile(book)?;
    tests.into_iter().map(|test| Ok((test.name.clone(), differs(&compiled.policies, test)?))).collect()
}

fn differs(policies: &PolicySet, test: Test) -> Result<Option<String>, BookError> {
    let at = |what: &str| format!("test `{}`: {what}", test.name);
    let uid = |text: &str, what: &str| EntityUid::from_str(text).map_err(|error| shape(&at(what), &error));
    let context = match test.request.context {
        None => Context::empty(),
        Some(json) => Context::from_json_value(json, None).map_err(|error| shape(&at("context"), &error))?,
    };
    let request = Request::new(
        uid(&test.request.principal, "principal")?,
        uid(&test.request.action, "action")?,
        uid(&test.request.resource, "resource")?,
        context,
        None,
    )
    .map_err(|error| shape(&at("request"), &error))?;
    let entities = match test.entities {
        None => Entities::empty(),
        Some(json) => Entities::from_json_value(json, None)
            .map_err(|error| shape(&at("entities"), &in_one_line(&error)))?,
    };
    let said = say(policies, &request, &entities);
    if said.decision != test.decision || said.errors.len() != test.num_errors {
        let (decision, errors) = (said.decision, said.errors.len());
        return Ok(Some(format!(
            "it is `{decision}` by {} with {errors} errors, and should be `{}` with {}",
            said.reasons.join(", "),
            test.decision,
            test.num_errors
        )));
    }
    let missing = test.reason.iter().find(|reason| !said.reasons.contains(reason));
    Ok(missing.map(|reason| format!("`{reason}` is not among what settled it: {}", said.reasons.join(", "))))
}

/// An error and what caused it, in one line.
fn in_one_line(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

fn read_schema(schema: Json) -> Result<Schema, BookError> {
    match schema {
        Json::String(text) => Schema::from_cedarschema_str(&text)
            .map(|(schema, _)| schema)
            .map_err(|error| shape("schema", &error)),
        json => Schema::from_json_value(json).map_err(|error| shape("schema", &error)),
    }
}

fn validate(schema: &Schema, policies: &PolicySet) -> Vec<String> {
    let result = Validator::new(schema.clone()).validate(policies, ValidationMode::Strict);
    result.validation_errors().map(ToString::to_string).collect()
}

fn read_request(asked: Asked, schema: Option<&Schema>) -> Result<Request, String> {
    let uid = |what: &str, json: Json| {
        EntityUid::from_json(json).map_err(|error| format!("{what}: {}", in_one_line(&error)))
    };
    let principal = uid("principal", asked.principal)?;
    let action = uid("action", asked.action)?;
    let resource = uid("resource", asked.resource)?;
    let schema = schema.filter(|_| asked.validate_request != Some(false));
    let context = match asked.context {
        None => Context::empty(),
        Some(json) => Context::from_json_value(json, schema.map(|schema| (schema, &action)))
            .map_err(|error| format!("context: {}", in_one_line(&error)))?,
    };
    Request::new(principal, action, resource, context, schema).map_err(|error| in_one_line(&error))
}

fn say(policies: &PolicySet, request: &Request, entities: &Entities) -> Said {
    let response = Authorizer::new().is_authorized(request, policies, entities);
    let mut reasons: Vec<String> = response.diagnostics().reason().map(ToString::to_string).collect();
    let mut errors: Vec<Erred> = response
        .diagnostics()
        .errors()
        .map(|error| match error {
            AuthorizationError::PolicyEvaluationError(error) => {
                Erred { policy: error.policy_id().to_string(), error: error.inner().to_string() }
            }
        })
        .collect();
    reasons.sort();
    errors.sort();
    let decision = match response.decision() {
        Decision::Allow => "allow",
        Decision::Deny => "deny",
    };
    Said { decision, reasons, errors }
}
