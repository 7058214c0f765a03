//! `observatory contracts check`: do the versions of the schemas say what changed?

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use contracts::compat::{self, LoadError, SchemaSet};

use crate::output::OutputArgs;

/// Where this repository keeps its schemas.
const SCHEMAS: &str = "crates/contracts/schemas";

/// What `observatory contracts check` can be told.
#[derive(Args, Clone, Debug)]
pub(crate) struct CheckArgs {
    /// What to compare with: a directory of schemas (or of a checkout), or a git revision
    #[arg(long, value_name = "GIT_REV|DIR")]
    against: String,

    /// The schemas to check [default: those of this build]
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,

    /// Where a git revision keeps its schemas, from the top of the repository
    #[arg(long, value_name = "PATH", default_value = SCHEMAS)]
    path_in_repo: String,

    #[command(flatten)]
    output: OutputArgs,
}

/// Compares and reports.
///
/// # Errors
/// When either side cannot be read. An under-declared change is no error but exit code 1.
pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let old = old_schemas(&args.against, &args.path_in_repo)?;
    let new = match &args.schemas {
        Some(dir) => SchemaSet::from_dir(&schema_dir(dir))?,
        None => SchemaSet::current(),
    };
    let report = compat::check(&old, &new);
    args.output.print(&report, &report)?;
    Ok(if report.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A directory if there is one of that name, a revision of the repository that we are in otherwise.
fn old_schemas(against: &str, path_in_repo: &str) -> Result<SchemaSet, LoadError> {
    let dir = Path::new(against);
    if dir.is_dir() {
        SchemaSet::from_dir(&schema_dir(dir))
    } else {
        SchemaSet::from_git(against, Path::new("."), path_in_repo)
    }
}

fn schema_dir(dir: &Path) -> PathBuf {
    let inside = dir.join(SCHEMAS);
    if inside.is_dir() { inside } else { dir.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_taken_as_one_and_a_checkout_is_looked_into() {
        let scratch = crate::scratch::Scratch::create("check").unwrap();
        let schemas = scratch.path().join(SCHEMAS);
        std::fs::create_dir_all(&schemas).unwrap();
        std::fs::write(schemas.join("job.json"), r#"{"$version":"1.0.0"}"#).unwrap();
        for dir in [scratch.path(), &schemas] {
            let set = old_schemas(dir.to_str().unwrap(), SCHEMAS).unwrap();
            assert_eq!(set.iter().count(), 1);
        }
        scratch.remove().unwrap();
    }

    #[test]
    fn a_directory_without_schemas_is_an_error() {
        let scratch = crate::scratch::Scratch::create("check").unwrap();
        let set = old_schemas(scratch.path().to_str().unwrap(), SCHEMAS);
        assert!(matches!(set, Err(LoadError::Empty { .. })));
        scratch.remove().unwrap();
    }
}
