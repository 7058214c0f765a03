//! Every fixture under the workspace's `tests/contracts`, found by listing its directory.
//!
//! A name says which contract and why: `negative/job__numeric-status.json`. Beside a negative fixture a
//! `.reason` file holds a part of the answer that it must get.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use contracts::{
    DeadLetter, Envelope, Job, MAX_DEAD_LETTER_DEPTH, Violation, parse_strict, parse_strict_within, validator,
};
use serde_json::Value;

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/contracts")
        .join(name)
}

/// The files with this extension: never none, so that a lost directory does not pass.
fn files(name: &str, extension: &str) -> Vec<PathBuf> {
    let listing = directory(name)
        .read_dir()
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let paths = listing.map(|entry| entry.expect("a listed file").path());
    let mut files: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    assert!(!files.is_empty(), "no *.{extension} in {name}");
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_stem()
        .expect("a file has a name")
        .to_string_lossy()
        .into_owned()
}

fn contract(path: &Path) -> String {
    let name = name(path);
    name.split_once("__")
        .unwrap_or_else(|| panic!("{name} names no contract"))
        .0
        .to_owned()
}

/// What a service would say to these bytes.
fn judge(contract: &str, bytes: &[u8]) -> Result<(), String> {
    let document = |result: Result<Value, contracts::StrictError>| result.map_err(|error| error.to_string());
    let joined = |violations: Vec<Violation>| {
        violations
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("; ")
    };
    match contract {
        "event" => Envelope::from_slice(bytes)
            .map(drop)
            .map_err(|rejection| rejection.to_string()),
        "event-envelope" => validator()
            .envelope(&document(parse_strict(bytes))?)
            .map_err(joined),
        "job" => validator().job(&document(parse_strict(bytes))?).map_err(joined),
        "job-submission" => validator()
            .submission(&document(parse_strict(bytes))?)
            .map_err(joined),
        "job-accepted" => validator()
            .job_accepted(&document(parse_strict(bytes))?)
            .map_err(joined),
        "dead-letter" => {
            let letter = document(parse_strict_within(bytes, MAX_DEAD_LETTER_DEPTH))?;
            validator().dead_letter(&letter).map_err(joined)
        }
        other => panic!("no contract is called {other}"),
    }
}

#[test]
fn every_golden_fixture_is_accepted() {
    for path in files("golden", "json") {
        let verdict = judge(&contract(&path), &std::fs::read(&path).unwrap());
        assert_eq!(verdict, Ok(()), "{}", name(&path));
    }
}

#[test]
fn every_golden_fixture_fits_the_types() {
    for path in files("golden", "json") {
        let bytes = std::fs::read(&path).unwrap();
        let read = match contract(&path).as_str() {
            "event" => Envelope::from_slice(&bytes)
                .unwrap()
                .job()
                .map(drop)
                .map_err(|error| error.to_string()),
            "event-envelope" => serde_json::from_slice::<Envelope>(&bytes)
                .map(drop)
                .map_err(|error| error.to_string()),
            "job" => serde_json::from_slice::<Job>(&bytes)
                .map(drop)
                .map_err(|error| error.to_string()),
            "dead-letter" => serde_json::from_slice::<DeadLetter>(&bytes)
                .map(drop)
                .map_err(|error| error.to_string()),
            _ => Ok(()),
        };
        assert_eq!(read, Ok(()), "{}", name(&path));
    }
}

#[test]
fn every_negative_fixture_is_refused_for_the_expected_reason() {
    for path in files("negative", "json") {
        let reason = std::fs::read_to_string(path.with_extension("reason")).unwrap_or_default();
        let reason = reason.trim();
        assert!(!reason.is_empty(), "{} has no .reason file", name(&path));
        let told = judge(&contract(&path), &std::fs::read(&path).unwrap()).expect_err(&name(&path));
        assert!(
            told.contains(reason),
            "{}: expected `{reason}` in `{told}`",
            name(&path)
        );
    }
}

#[test]
fn every_reason_belongs_to_a_fixture() {
    for path in files("negative", "reason") {
        assert!(
            path.with_extension("json").exists(),
            "{} has no fixture",
            name(&path)
        );
    }
}

#[test]
fn every_schema_has_golden_and_negative_fixtures() {
    for directory in ["golden", "negative"] {
        let covered: BTreeSet<String> = files(directory, "json")
            .iter()
            .map(|path| contract(path))
            .collect();
        for schema in contracts::schemas::ALL {
            assert!(
                covered.contains(schema.name),
                "{} has no {directory} fixture",
                schema.name
            );
        }
    }
}

#[test]
fn every_published_job_that_is_pending_is_a_valid_submission() {
    let published: Vec<Value> = files("golden", "json")
        .iter()
        .filter(|path| contract(path) == "job")
        .map(|path| parse_strict(&std::fs::read(path).unwrap()).unwrap())
        .filter(|job| job["status"] == "PENDING" && job["type"].as_str().is_some_and(|name| name == "echo"))
        .collect();
    assert!(published.len() > 3, "only {} jobs", published.len());
    for job in published {
        assert_eq!(validator().submission(&job), Ok(()), "{job}");
    }
}
