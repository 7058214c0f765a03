//! The suites of the ports on real servers, and what the adapters do when those fail.

use anyhow::Result;

use crate::images;
use crate::run::cargo_test;

/// The crates whose tests need servers, each with its feature `containers`.
const CRATES: [&str; 6] = [
    "testkit",
    "rabbitmq-adapter",
    "postgres-adapter",
    "redis-adapter",
    "mongodb-adapter",
    "observatory-roles",
];

pub(super) fn run() -> Result<String> {
    images::make(&[])?;
    let features = CRATES.map(|name| format!("{name}/containers")).join(",");
    let packages = CRATES.iter().flat_map(|name| ["--package", name]);
    let arguments: Vec<&str> = packages.chain(["--features", &features]).collect();
    let count = cargo_test(&arguments, &[])?;
    Ok(format!("{count} tests"))
}
