//! The cluster as text: what `k8s/` says, in `k8s/rendered`, where people review it and those without Nix apply it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::run::{root, say, succeeds};

/// The profiles; each has a file of values.
const PROFILES: [&str; 2] = ["kind", "production"];

/// What `k8s/render.nix` says of a profile.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rendered {
    files: BTreeMap<String, String>,
    kind_config: Option<String>,
}

/// Writes the files anew, or says which of them are not what `k8s/` says.
pub(crate) fn task(check: bool) -> Result<()> {
    let wanted = wanted()?;
    let found = found()?;
    let stale = differences(&wanted, &found);
    if check {
        ensure!(
            stale.is_empty(),
            "not what k8s/ says, `cargo xtask manifests` writes them anew: {}",
            stale.join(", ")
        );
        return Ok(());
    }
    for path in found.keys().filter(|path| !wanted.contains_key(*path)) {
        fs::remove_file(directory().join(path)).with_context(|| format!("cannot remove {path}"))?;
    }
    for (path, text) in &wanted {
        write(&directory().join(path), text)?;
    }
    say(&format!(
        "{} files, {} of them changed",
        wanted.len(),
        stale.len()
    ));
    Ok(())
}

/// Whether this machine has Nix.
pub(crate) fn has_nix() -> bool {
    succeeds("nix-instantiate", &["--version"])
}

/// Reads every file of Nix, so that none is committed that does not parse. Returns how many there are.
pub(crate) fn parse() -> Result<usize> {
    let mut files = Vec::new();
    for place in ["flake.nix", "nix", "k8s", "tests/vm"] {
        collect(&root().join(place), "nix", &mut files)?;
    }
    for file in &files {
        nix(&["--parse", &file.to_string_lossy()])?;
    }
    Ok(files.len())
}

fn directory() -> PathBuf {
    root().join("k8s/rendered")
}

/// Path below the directory → text, as `k8s/` has it now.
fn wanted() -> Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for profile in PROFILES {
        let rendered = render(profile)?;
        let files = rendered.files.into_iter();
        all.extend(files.map(|(name, text)| (format!("{profile}/{name}"), text)));
        all.extend(
            rendered
                .kind_config
                .map(|text| ("kind-config.yaml".to_owned(), text)),
        );
    }
    Ok(all)
}

fn render(profile: &str) -> Result<Rendered> {
    let file = root().join("k8s/render.nix");
    let arguments = ["--eval", "--strict", "--json", "--argstr", "profile", profile];
    let output = nix(&[&arguments[..], &[&file.to_string_lossy()]].concat())?;
    serde_json::from_slice(&output).with_context(|| format!("what k8s/render.nix says of {profile}"))
}

/// What is there now.
fn found() -> Result<BTreeMap<String, String>> {
    let mut files = Vec::new();
    for extension in ["yaml", "json"] {
        collect(&directory(), extension, &mut files)?;
    }
    files
        .into_iter()
        .map(|file| {
            let path = file.strip_prefix(directory())?.to_string_lossy().into_owned();
            Ok((path, fs::read_to_string(&file)?))
        })
        .collect()
}

/// The files that differ, are missing or are too many.
fn differences(wanted: &BTreeMap<String, String>, found: &BTreeMap<String, String>) -> Vec<String> {
    let paths: BTreeSet<_> = wanted.keys().chain(found.keys()).collect();
    let differs = |path: &&String| wanted.get(*path) != found.get(*path);
    paths.into_iter().filter(differs).cloned().collect()
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn nix(arguments: &[&str]) -> Result<Vec<u8>> {
    let output = Command::new("nix-instantiate")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .context("cannot start nix-instantiate; Debian's package is nix-bin")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`nix-instantiate {}`: {}", arguments.join(" "), said.trim());
    }
    Ok(output.stdout)
}

/// Files below a place, or the place itself, that have an extension. A place that is not there has none.
fn collect(place: &Path, extension: &str, files: &mut Vec<PathBuf>) -> Result<()> {
    if place.is_dir() {
        for entry in fs::read_dir(place)? {
            collect(&entry?.path(), extension, files)?;
        }
    } else if place.extension().is_some_and(|found| found == extension) {
        files.push(place.to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_changed_vanished_or_came_are_named() {
        let map = |pairs: &[(&str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
            pairs.collect::<BTreeMap<_, _>>()
        };
        let wanted = map(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let found = map(&[("a", "1"), ("b", "x"), ("d", "4")]);
        assert_eq!(differences(&wanted, &found), ["b", "c", "d"]);
    }
}
