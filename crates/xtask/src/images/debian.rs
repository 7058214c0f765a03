//! The root of an image from packages of Debian.

use std::path::Path;

use anyhow::Result;
use test_images::Recipe;

use crate::run::program;

/// The release whose packages are used, whatever this machine runs.
const SUITE: &str = "trixie";

/// What no image needs.
const EXCLUDED: [&str; 4] = [
    "/usr/share/man/*",
    "/usr/share/locale/*",
    "/usr/share/i18n/locales/*",
    "/usr/share/doc/*",
];

/// Writes the root as a tarball.
pub(super) fn root(recipe: &Recipe, tarball: &Path) -> Result<()> {
    let arguments = arguments(recipe, tarball)?;
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    program("mmdebstrap", &arguments)
}

fn arguments(recipe: &Recipe, tarball: &Path) -> Result<Vec<String>> {
    let mut arguments: Vec<String> = ["--quiet", "--variant=minbase", "--format=tar"]
        .map(str::to_owned)
        .into();
    arguments.push("--aptopt=APT::Install-Recommends \"false\"".to_owned());
    let own = recipe.lines("exclude")?;
    let excluded = EXCLUDED.into_iter().chain(own.iter().map(String::as_str));
    arguments.extend(excluded.map(|path| format!("--dpkgopt=path-exclude={path}")));
    arguments.push("--dpkgopt=path-include=/usr/share/doc/*/copyright".to_owned());
    arguments.push(format!("--include={}", recipe.lines("packages")?.join(",")));
    if recipe.path("root").exists() {
        let overlay = recipe.path("root").canonicalize()?;
        // Before the packages are configured, so that their scripts see it.
        arguments.push(format!("--essential-hook=sync-in \"{}\" /", overlay.display()));
    }
    if recipe.path("setup").exists() {
        let setup = recipe.path("setup").canonicalize()?;
        arguments.push(format!("--customize-hook=copy-in \"{}\" /tmp", setup.display()));
        arguments.push("--customize-hook=chroot \"$1\" sh -eu /tmp/setup".to_owned());
        arguments.push("--customize-hook=rm \"$1/tmp/setup\"".to_owned());
    }
    arguments.push(SUITE.to_owned());
    arguments.push(tarball.to_string_lossy().into_owned());
    Ok(arguments)
}
