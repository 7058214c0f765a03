//! The compatibility checker: which changes of a schema are a patch, a minor or a major one, and whether
//! its `$version` says so. The rules are written down for people in `schemas/RULES.md`.
//!
//! Start at [`check`], which compares two [`SchemaSet`]s and gives a [`Report`]; [`compare`] is its core.
//! What the checker does not understand it calls major and says so.

mod change;
mod comparison;
mod git;
mod node;
mod report;
mod rules;
mod schema_set;
mod version;

pub use change::{Change, Kind, Level};
pub use comparison::compare;
pub use report::{Report, SchemaReport, Verdict, check};
pub use schema_set::{LoadError, SchemaSet};
pub use version::{BadVersion, Bump, Version};
