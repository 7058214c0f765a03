//! The embedded schemas agree with each other, with the types and with the version table.

use std::collections::BTreeSet;

use contracts::compat::SchemaSet;
use contracts::{Backoff, ENVELOPE_VERSION, EventType, JobStatus};
use serde_json::{Value, json};

const VERSION_TABLE: &str = include_str!("../schemas/VERSIONS.md");

fn schema(name: &str) -> Value {
    SchemaSet::current()
        .get(name)
        .unwrap_or_else(|| panic!("no schema {name}"))
        .clone()
}

fn values(schema: &Value, pointer: &str) -> BTreeSet<String> {
    let list = schema
        .pointer(pointer)
        .and_then(Value::as_array)
        .unwrap_or_else(|| panic!("no list at {pointer}"));
    list.iter()
        .map(|value| value.as_str().expect("a text").to_owned())
        .collect()
}

#[test]
fn every_schema_names_itself_its_dialect_and_its_version() {
    for (name, schema) in SchemaSet::current().iter() {
        assert_eq!(
            schema["$id"],
            json!(format!("https://odd-demonstration.local/schemas/{name}.json"))
        );
        assert_eq!(
            schema["$schema"], "http://json-schema.org/draft-07/schema#",
            "{name}"
        );
        let version = schema["$version"]
            .as_str()
            .unwrap_or_else(|| panic!("{name} has no version"));
        assert!(version.parse::<contracts::compat::Version>().is_ok(), "{name}");
        let row = format!("| {name} | {version} |");
        assert!(VERSION_TABLE.contains(&row), "VERSIONS.md has no row `{row}`");
    }
}

#[test]
fn every_schema_is_valid_against_its_dialect() {
    for (name, schema) in SchemaSet::current().iter() {
        assert!(jsonschema::meta::validate(schema).is_ok(), "{name}");
    }
}

#[test]
fn producers_declare_the_version_of_the_envelope() {
    assert_eq!(schema("event-envelope")["$version"], ENVELOPE_VERSION);
}

#[test]
fn the_types_know_every_value_of_the_schemas_and_no_other() {
    let types: BTreeSet<String> = EventType::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(
        values(&schema("event-envelope"), "/properties/eventType/enum"),
        types
    );
    let statuses: BTreeSet<String> = JobStatus::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(values(&schema("job"), "/properties/status/enum"), statuses);
    for backoff in values(&schema("job"), "/properties/retry/properties/backoff/enum") {
        assert!(
            serde_json::from_value::<Backoff>(json!(backoff)).is_ok(),
            "{backoff}"
        );
    }
}

#[test]
fn a_submission_and_a_job_share_the_schemas_of_their_options() {
    for field in ["tags", "timeoutSeconds", "retry", "payload", "metadata"] {
        let (job, submission) = (schema("job"), schema("job-submission"));
        assert_eq!(
            job["properties"][field], submission["properties"][field],
            "{field}"
        );
        assert!(job["properties"][field].is_object(), "{field}");
    }
}
