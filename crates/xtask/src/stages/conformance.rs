//! The suites of the ports on real servers, and what the adapters do when those fail.

use anyhow::Result;

use crate::images;
use crate::run::cargo_test;

/// The crates whose tests need servers, each with its feature `containers`.
const CRATES: [&str; 5] = [
    "testkit",
    "rabbitmq-adapter",
    "postgres-adapter",
    "redis-adapter",
    "observatory-roles",
];
/// The server of its tests goes through all documents for most questions: it has time for one test at once.
const ALONE: &str = "mongodb-adapter";

pub(super) fn run() -> Result<String> {
    images::make(&[])?;
    let features = CRATES.map(|name| format!("{name}/containers")).join(",");
    let packages = CRATES.iter().flat_map(|name| ["--package", name]);
    let arguments: Vec<&str> = packages.chain(["--features", &features]).collect();
    let together = cargo_test(&arguments, &[])?;
    let feature = format!("{ALONE}/containers");
    let alone = [
        "--package",
        ALONE,
        "--features",
        &feature,
        "--",
        "--test-threads",
        "1",
    ];
    let count = together + cargo_test(&alone, &[])?;
    Ok(format!("{count} tests"))
}
