//! The API document: every route is in it, and its examples are true.

use serde_json::{Value, json};

use super::listener::ask;
use super::support::App;

async fn document() -> Value {
    App::new().get("/openapi.json").await.json()
}

const ROUTES: [&str; 23] = [
    "/alerts",
    "/dead-letters",
    "/dead-letters/{id}",
    "/docs",
    "/errors",
    "/events",
    "/health",
    "/healthz",
    "/jobs",
    "/jobs/recent",
    "/jobs/{id}",
    "/jobs/{id}/events",
    "/jobs/{id}/timeline",
    "/limits",
    "/livez",
    "/metrics",
    "/openapi.json",
    "/readyz",
    "/schedules",
    "/schedules/{name}",
    "/stats",
    "/stats/history",
    "/stream",
];

#[tokio::test]
async fn every_route_is_documented_and_every_documented_route_exists() {
    let document = document().await;
    let documented: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(documented, ROUTES);
    let app = App::new();
    for path in documented {
        // A path that stands for many is answered as one of them that is no id.
        assert_ne!(ask(&app, path, None).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn every_operation_says_what_it_does() {
    let document = document().await;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(
                operation["summary"].as_str().is_some_and(|text| !text.is_empty()),
                "{method} {path}"
            );
            assert!(operation["tags"][0].is_string(), "{method} {path}");
        }
    }
}

/// Everything that is referred to, wherever it is.
fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str);
            own.into_iter()
                .chain(members.values().flat_map(references))
                .collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let document = document().await;
    let references = references(&document);
    assert!(references.len() > 10);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

/// The schema of a component, with all the others to refer to.
fn check(document: &Value, schema: &Value, example: &Value, place: &str) {
    let mut whole = schema.clone();
    whole["components"] = document["components"].clone();
    let validator = jsonschema::draft202012::new(&whole).unwrap_or_else(|error| panic!("{place}: {error}"));
    if let Err(error) = validator.validate(example) {
        panic!("{place}: {error} at {}", error.instance_path());
    }
}

/// Every example of a media type, with its place.
fn examples(media: &Value) -> Vec<&Value> {
    let named = media["examples"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, example)| &example["value"]);
    named.chain(media.get("example")).collect()
}

#[tokio::test]
async fn every_example_is_valid_by_its_schema() {
    let document = document().await;
    let mut checked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for operation in operations.as_object().unwrap().values() {
            let bodies = operation["responses"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(_, response)| response);
            for body in bodies.chain(operation.get("requestBody")) {
                for media in body["content"]
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(_, media)| media)
                {
                    for example in examples(media) {
                        check(&document, &media["schema"], example, path);
                        checked += 1;
                    }
                }
            }
        }
    }
    assert!(checked >= 15, "{checked}");
}

#[tokio::test]
async fn names_are_those_of_the_contract() {
    let document = document().await;
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["JobStatus"]["enum"].as_array().unwrap().len(), 9);
    assert_eq!(schemas["EventType"]["enum"][0], "job.created");
    assert_eq!(schemas["EventEnvelope"]["required"].as_array().unwrap().len(), 8);
}

#[tokio::test]
async fn the_document_is_what_it_was() {
    let mut document = document().await;
    document["info"]["version"] = json!("[version]");
    insta::assert_json_snapshot!(document);
}
