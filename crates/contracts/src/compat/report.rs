//! The verdict on a whole set of schemas.

mod display;

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::change::{Change, Level};
use super::comparison::compare;
use super::schema_set::SchemaSet;
use super::version::{Bump, Version};

/// What became of every schema. `Display` is for people, `Serialize` for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Whether every version says what its schema needs.
    pub ok: bool,
    /// Where the old schemas are from.
    pub from: String,
    /// Where the new schemas are from.
    pub to: String,
    /// Every schema of either side, by name.
    pub schemas: Vec<SchemaReport>,
}

/// What became of one schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemaReport {
    /// Its name.
    pub name: String,
    /// Its old version, where it has a readable one.
    pub old_version: Option<Version>,
    /// Its new version, where it has a readable one.
    pub new_version: Option<Version>,
    /// The step that its changes need; none without changes.
    pub required: Option<Level>,
    /// The judgement.
    pub verdict: Verdict,
    /// What changed.
    pub changes: Vec<Change>,
}

/// The judgement on one schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing changed.
    Unchanged,
    /// The version rose by what the changes need, or by more.
    Declared,
    /// There was no such schema before.
    New,
    /// It changed, and its version did not.
    NotDeclared,
    /// Its version rose by less than the changes need.
    UnderDeclared,
    /// Its version is older than before.
    WentBack,
    /// It has no readable version.
    BadVersion,
    /// It is gone, which no version can declare.
    Removed,
}

impl Verdict {
    /// Whether the schema may be published like this.
    pub const fn is_ok(self) -> bool {
        matches!(self, Self::Unchanged | Self::Declared | Self::New)
    }
}

/// Compares every schema and holds each version against what its changes need.
pub fn check(old: &SchemaSet, new: &SchemaSet) -> Report {
    let names: BTreeSet<&str> = old.iter().chain(new.iter()).map(|(name, _)| name).collect();
    let schemas: Vec<SchemaReport> = names
        .into_iter()
        .map(|name| judge(name, old.get(name), new.get(name)))
        .collect();
    Report {
        ok: schemas.iter().all(|schema| schema.verdict.is_ok()),
        from: old.origin().to_owned(),
        to: new.origin().to_owned(),
        schemas,
    }
}

fn judge(name: &str, old: Option<&Value>, new: Option<&Value>) -> SchemaReport {
    let (old_version, new_version) = (old.and_then(version), new.and_then(version));
    let changes = match (old, new) {
        (Some(old), Some(new)) => compare(old, new),
        _ => Vec::new(),
    };
    let required = match new {
        None => Some(Level::Major),
        Some(_) => changes.iter().map(|change| change.level).max(),
    };
    let verdict = match (old, new) {
        (_, None) => Verdict::Removed,
        (None, Some(_)) if new_version.is_some() => Verdict::New,
        (None, Some(_)) => Verdict::BadVersion,
        (Some(_), Some(_)) => weigh(old_version, new_version, required),
    };
    SchemaReport {
        name: name.to_owned(),
        old_version,
        new_version,
        required,
        verdict,
        changes,
    }
}

fn weigh(old: Option<Version>, new: Option<Version>, required: Option<Level>) -> Verdict {
    let (Some(old), Some(new)) = (old, new) else {
        return Verdict::BadVersion;
    };
    match (old.bump_to(new), required) {
        (Bump::Down, _) => Verdict::WentBack,
        (Bump::None, None) => Verdict::Unchanged,
        (Bump::None, Some(_)) => Verdict::NotDeclared,
        (Bump::Up(declared), Some(required)) if declared < required => Verdict::UnderDeclared,
        (Bump::Up(_), _) => Verdict::Declared,
    }
}

fn version(schema: &Value) -> Option<Version> {
    schema.get("$version")?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests;
