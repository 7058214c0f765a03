//! Everything that needs no server.

use anyhow::Result;

use crate::run::cargo_test;

pub(super) fn run() -> Result<String> {
    let count = cargo_test(&["--workspace"], &[])?;
    Ok(format!("{count} tests"))
}
