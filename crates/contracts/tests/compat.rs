//! The compatibility checker on the pairs under the workspace's `tests/contracts/compat`, and on the
//! contracts as they were published first.

use std::path::{Path, PathBuf};

use contracts::compat::{Level, SchemaSet, Verdict, check, compare};
use serde_json::{Value, json};

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/contracts")
        .join(name)
}

fn pairs() -> Vec<PathBuf> {
    let listing = directory("compat").read_dir().expect("the directory of pairs");
    let mut pairs: Vec<PathBuf> = listing
        .map(|entry| entry.expect("a listed pair").path())
        .collect();
    assert!(pairs.len() >= 16, "only {} pairs", pairs.len());
    pairs.sort();
    pairs
}

fn read(pair: &Path, file: &str) -> Value {
    let path = pair.join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What the checker finds, as `expected.json` spells it.
fn found(old: &Value, new: &Value) -> Value {
    let changes = compare(old, new);
    let level: Option<Level> = changes.iter().map(|change| change.level).max();
    let changes: Vec<Value> = changes
        .iter()
        .map(|change| json!({"path": change.path, "kind": change.kind, "level": change.level}))
        .collect();
    json!({ "level": level, "changes": changes })
}

#[test]
fn every_pair_is_judged_as_expected() {
    for pair in pairs() {
        let found = found(&read(&pair, "old.json"), &read(&pair, "new.json"));
        let expected = read(&pair, "expected.json");
        assert_eq!(found, expected, "{}: found {found:#}", pair.display());
    }
}

#[test]
fn no_schema_differs_from_itself() {
    for pair in pairs() {
        for file in ["old.json", "new.json"] {
            let schema = read(&pair, file);
            assert_eq!(compare(&schema, &schema), [], "{}", pair.display());
        }
    }
    for (name, schema) in SchemaSet::current().iter() {
        assert_eq!(compare(schema, schema), [], "{name}");
    }
}

#[test]
fn the_published_contracts_are_kept_up_to_minor_changes() {
    let report = check(
        &SchemaSet::from_dir(&directory("published")).unwrap(),
        &SchemaSet::current(),
    );
    assert!(report.ok, "{report}");
    let published = report
        .schemas
        .iter()
        .filter(|schema| schema.verdict != Verdict::New);
    let needed: Vec<_> = published
        .map(|schema| (schema.name.as_str(), schema.required))
        .collect();
    assert_eq!(
        needed,
        [
            ("event-envelope", Some(Level::Minor)),
            ("job", Some(Level::Minor)),
            ("job-accepted", Some(Level::Patch)),
        ],
        "{report}"
    );
}
