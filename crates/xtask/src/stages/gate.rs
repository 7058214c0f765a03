//! The whole system in containers.

use anyhow::Result;

use crate::images;
use crate::run::cargo_test;

/// The variable that names the tag of our images, for the gate.
const TAG: &str = "OBSERVATORY_GATE_TAG";

pub(super) fn run() -> Result<String> {
    images::make(&[])?;
    // Whoever names a tag has made the images already.
    if std::env::var_os(TAG).is_none() {
        images::services()?;
    }
    let count = cargo_test(
        &[
            "--package",
            "gate",
            "--features",
            "gate/containers",
            "--test",
            "gate",
        ],
        &[],
    )?;
    Ok(format!("{count} tests"))
}
