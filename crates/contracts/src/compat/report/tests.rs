use serde_json::{Value, json};

use super::*;
use crate::compat::SchemaSet;

fn schema(version: &str, required: &[&str], description: &str) -> Value {
    json!({
        "$version": version, "description": description, "type": "object", "required": required,
        "properties": {"a": {"type": "string"}}
    })
}

fn set(files: &[(&str, &Value)]) -> SchemaSet {
    let dir = tempfile::tempdir().unwrap();
    for (name, schema) in files {
        std::fs::write(dir.path().join(format!("{name}.json")), schema.to_string()).unwrap();
    }
    SchemaSet::from_dir(dir.path()).unwrap()
}

fn verdict(old: &Value, new: &Value) -> Verdict {
    let report = check(&set(&[("job", old)]), &set(&[("job", new)]));
    assert_eq!(report.ok, report.schemas[0].verdict.is_ok());
    report.schemas[0].verdict
}

#[test]
fn an_unchanged_schema_passes_with_or_without_a_step() {
    let old = schema("1.0.0", &[], "x");
    assert_eq!(verdict(&old, &old), Verdict::Unchanged);
    assert_eq!(verdict(&old, &schema("2.0.0", &[], "x")), Verdict::Declared);
}

#[test]
fn any_change_without_a_step_fails() {
    let old = schema("1.0.0", &[], "x");
    assert_eq!(verdict(&old, &schema("1.0.0", &[], "y")), Verdict::NotDeclared);
    assert_eq!(verdict(&old, &schema("1.0.0", &["a"], "x")), Verdict::NotDeclared);
}

#[test]
fn a_step_that_is_too_small_fails_and_one_that_is_too_big_passes() {
    let old = schema("1.2.3", &[], "x");
    let major = |version: &str| schema(version, &["a"], "x");
    let patch = |version: &str| schema(version, &[], "y");
    assert_eq!(verdict(&old, &major("1.2.4")), Verdict::UnderDeclared);
    assert_eq!(verdict(&old, &major("1.3.0")), Verdict::UnderDeclared);
    assert_eq!(verdict(&old, &major("2.0.0")), Verdict::Declared);
    assert_eq!(verdict(&old, &patch("1.2.4")), Verdict::Declared);
    assert_eq!(verdict(&old, &patch("1.3.0")), Verdict::Declared);
}

#[test]
fn a_version_never_goes_back() {
    let old = schema("1.2.3", &[], "x");
    assert_eq!(verdict(&old, &schema("1.2.2", &[], "x")), Verdict::WentBack);
    assert_eq!(verdict(&old, &schema("0.9.0", &["a"], "x")), Verdict::WentBack);
}

#[test]
fn a_missing_or_unreadable_version_fails() {
    let old = schema("1.0.0", &[], "x");
    assert_eq!(verdict(&old, &schema("one", &[], "x")), Verdict::BadVersion);
    assert_eq!(verdict(&json!({"type": "object"}), &old), Verdict::BadVersion);
}

#[test]
fn a_removed_schema_fails_and_a_new_one_passes() {
    let (a, bad) = (schema("1.0.0", &[], "x"), json!({}));
    let report = check(
        &set(&[("a", &a), ("b", &a)]),
        &set(&[("b", &a), ("c", &a), ("d", &bad)]),
    );
    let verdicts: Vec<Verdict> = report.schemas.iter().map(|schema| schema.verdict).collect();
    assert_eq!(
        verdicts,
        [
            Verdict::Removed,
            Verdict::Unchanged,
            Verdict::New,
            Verdict::BadVersion
        ]
    );
    assert_eq!(report.schemas[0].required, Some(Level::Major));
    assert!(!report.ok);
}

#[test]
fn people_read_one_line_for_each_change_and_the_verdict() {
    let report = check(
        &set(&[("job", &schema("1.0.0", &[], "x"))]),
        &set(&[("job", &schema("1.1.0", &["a"], "y"))]),
    );
    let text = report.to_string();
    let lines: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "FAIL job 1.0.0 -> 1.1.0: a major step is needed, the version rose by less",
            "       patch /description: `description` changed",
            "       major /required: the optional field `a` must be given now",
            "failed: 1 of 1 schemas",
        ]
    );
}

#[test]
fn programs_read_the_same_as_json() {
    let report = check(
        &set(&[("job", &schema("1.0.0", &[], "x"))]),
        &set(&[("job", &schema("1.0.1", &[], "y"))]),
    );
    let mut json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["ok"], true);
    assert_eq!(
        json["schemas"][0].take(),
        json!({
            "name": "job", "oldVersion": "1.0.0", "newVersion": "1.0.1", "required": "patch", "verdict": "declared",
            "changes": [{
                "path": "/description", "kind": "documentation", "level": "patch",
                "description": "`description` changed"
            }]
        })
    );
}
