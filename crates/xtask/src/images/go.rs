//! The root of an image from a program in Go: the program, and what it cannot do without.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use test_images::Recipe;

use crate::run::say;

/// The user of the image, who owns `/data`.
const USER: u32 = 10_001;

/// Writes the root as a tarball. `scratch` is an empty directory.
pub(super) fn root(recipe: &Recipe, scratch: &Path, tarball: &Path) -> Result<()> {
    let root = scratch.join("root");
    lay_out(&root).context("cannot lay out the image")?;
    build(recipe, &root.join("server"))?;
    super::tarball(&root, tarball)
}

fn lay_out(root: &Path) -> std::io::Result<()> {
    for (directory, mode) in [("etc", 0o755), ("tmp", 0o1777), ("data", 0o700)] {
        let path = root.join(directory);
        fs::create_dir_all(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
    }
    chown(root.join("data"), Some(USER), Some(USER))?;
    let user = format!("root:x:0:0::/:/none\nserver:x:{USER}:{USER}::/data:/none\n");
    fs::write(root.join("etc/passwd"), user)?;
    fs::write(root.join("etc/group"), format!("root:x:0:\nserver:x:{USER}:\n"))?;
    fs::write(root.join("etc/nsswitch.conf"), "hosts: files dns\n")
}

/// Builds the recipe's program without C, so that it needs nothing beside it. The recipe stays as it is.
fn build(recipe: &Recipe, to: &Path) -> Result<()> {
    let arguments = ["build", "-mod=readonly", "-trimpath", "-ldflags=-s -w", "-o"];
    say(&format!("$ go {} {}", arguments.join(" "), to.display()));
    let status = Command::new("go")
        .args(arguments)
        .arg(to)
        .arg(".")
        .current_dir(recipe.path("."))
        .env("CGO_ENABLED", "0")
        .status()
        .context("cannot start go")?;
    if !status.success() {
        bail!("go ended with {status}");
    }
    Ok(())
}
