//! Formatting, clippy and rustdoc.

use anyhow::Result;

use crate::run::cargo;

pub(super) fn run() -> Result<String> {
    cargo(&["fmt", "--all", "--check"])?;
    let clippy = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--locked",
    ];
    cargo(&[&clippy[..], &["--", "-D", "warnings"]].concat())?;
    let doc = ["doc", "--workspace", "--no-deps", "--document-private-items"];
    cargo(&[&doc[..], &["--locked"]].concat())?;
    Ok("fmt, clippy, doc".to_owned())
}
