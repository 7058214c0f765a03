//! Our programs as they are shipped: release builds that need nothing beside them.

use std::path::PathBuf;

use anyhow::Result;

use crate::run::{cargo_with, root};

/// Where the architecture's C library can be linked statically.
fn target() -> String {
    format!("{}-unknown-linux-gnu", std::env::consts::ARCH)
}

/// Builds packages.
///
/// # Errors
/// When they do not build.
pub(crate) fn build(packages: &[&str]) -> Result<()> {
    let target = target();
    let packages = packages.iter().flat_map(|name| ["--package", name]);
    let arguments: Vec<&str> = ["build", "--release", "--locked", "--target", &target]
        .into_iter()
        .chain(packages)
        .collect();
    // For the target alone: what runs while building is linked as ever.
    let variable = format!(
        "CARGO_TARGET_{}_RUSTFLAGS",
        target.to_uppercase().replace('-', "_")
    );
    cargo_with(&arguments, &[(&variable, "-C target-feature=+crt-static")])
}

/// Where they are.
pub(crate) fn directory() -> PathBuf {
    let targets = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    targets.join(target()).join("release")
}

/// One of them.
pub(crate) fn path(name: &str) -> PathBuf {
    directory().join(name)
}
