//! The API document: every route is in it, and its examples are true.

use serde_json::{Value, json};

use super::support::App;

async fn document() -> Value {
    App::new().get("/openapi.json").await.json()
}

const ROUTES: [&str; 32] = [
    "/dead-letters/{id}/discard",
    "/dead-letters/{id}/replay",
    "/dead-letters:discard",
    "/dead-letters:replay",
    "/docs",
    "/healthz",
    "/jobs",
    "/jobs/batch",
    "/jobs/{id}",
    "/jobs/{id}/cancel",
    "/jobs/{id}/retry",
    "/jobs:cancel",
    "/jobs:delete",
    "/jobs:retry",
    "/limits",
    "/limits/{type}",
    "/limits/{type}/pause",
    "/limits/{type}/resume",
    "/livez",
    "/metrics",
    "/openapi.json",
    "/pause",
    "/proxy/alerts",
    "/proxy/targets",
    "/readyz",
    "/resume",
    "/schedules",
    "/schedules/{name}",
    "/schedules/{name}/pause",
    "/schedules/{name}/resume",
    "/schedules/{name}/run",
    "/schedules:preview",
];

#[tokio::test]
async fn every_route_is_documented_and_every_documented_route_exists() {
    let document = document().await;
    let documented: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(documented, ROUTES);
    let app = App::new();
    for path in documented {
        assert_ne!(app.get(path).await.status, 404, "{path}");
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
    assert!(checked >= 40, "{checked}");
}

#[tokio::test]
async fn the_examples_of_jobs_are_accepted() {
    let document = document().await;
    let bodies = &document["paths"]["/jobs"]["post"]["requestBody"]["content"]["application/json"];
    let jobs = examples(bodies);
    assert_eq!(jobs.len(), 4);
    for job in jobs {
        assert_eq!(App::new().post(job.to_string()).await.status, 202, "{job}");
    }
}

#[tokio::test]
async fn the_schema_of_a_job_is_that_of_the_contract() {
    let document = document().await;
    let component = &document["components"]["schemas"]["JobSubmission"];
    assert_eq!(component["required"], json!(["type"]));
    assert_eq!(component["properties"]["status"]["const"], "PENDING");
    assert_eq!(
        document["components"]["schemas"]["JobAccepted"]["additionalProperties"],
        false
    );
}

#[tokio::test]
async fn the_document_is_what_it_was() {
    let mut document = document().await;
    document["info"]["version"] = json!("[version]");
    insta::assert_json_snapshot!(document);
}
