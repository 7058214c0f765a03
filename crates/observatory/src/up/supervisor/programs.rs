//! Where the programs of the roles are.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::role::Role;

/// Makes what is missing.
const BUILD: &str = "cargo build --release -p observatory-roles";

/// The program of every role.
#[derive(Clone, Debug, Default)]
pub(super) struct Programs(Vec<(Role, PathBuf)>);

impl Programs {
    /// The program of a role.
    pub(super) fn of(&self, role: Role) -> &Path {
        // Every role has one: `find` saw to it.
        let found = self.0.iter().find(|(known, _)| *known == role);
        found.map_or(Path::new(role.program()), |(_, path)| path)
    }
}

/// Finds the programs: in `bin_dir` alone where that is given, otherwise beside our own program and then in PATH.
///
/// # Errors
/// Names every program that is missing, where it was looked for, and how it is made.
pub(super) fn find(bin_dir: Option<&Path>) -> anyhow::Result<Programs> {
    if let Some(directory) = bin_dir {
        return in_directories(&[directory.to_owned()], &directory.display().to_string());
    }
    let own = env::current_exe().context("cannot find the observatory's own program file")?;
    let beside = own.parent().map(Path::to_owned).unwrap_or_default();
    let place = format!("{} or in PATH", beside.display());
    let path = env::var_os("PATH").unwrap_or_default();
    let directories: Vec<PathBuf> = std::iter::once(beside).chain(env::split_paths(&path)).collect();
    in_directories(&directories, &place)
}

fn in_directories(directories: &[PathBuf], place: &str) -> anyhow::Result<Programs> {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for role in Role::ALL {
        match directories.iter().find_map(|directory| program(directory, role)) {
            Some(path) => found.push((role, path)),
            None => missing.push(role.program()),
        }
    }
    if missing.is_empty() {
        return Ok(Programs(found));
    }
    bail!(
        "{} not found in {place}; build with `{BUILD}`, or name the directory with --bin-dir DIR",
        missing.join(", ")
    )
}

fn program(directory: &Path, role: Role) -> Option<PathBuf> {
    let path = directory
        .join(role.program())
        .with_extension(env::consts::EXE_EXTENSION);
    is_program(&path).then_some(path)
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    const EXECUTE: u32 = 0o111;
    path.metadata()
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & EXECUTE != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// A directory with these programs in it.
    fn with(roles: &[Role]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for role in roles {
            let path = directory.path().join(role.program());
            std::fs::write(&path, "").unwrap();
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        }
        directory
    }

    #[test]
    fn the_first_directory_that_has_a_program_wins() {
        let (first, second) = (with(&[Role::Gateway]), with(&Role::ALL));
        let directories = [first.path().to_owned(), second.path().to_owned()];
        let programs = in_directories(&directories, "there").unwrap();
        assert!(programs.of(Role::Gateway).starts_with(first.path()));
        assert!(programs.of(Role::WebUi).starts_with(second.path()));
    }

    #[test]
    fn every_missing_program_is_named_with_what_makes_it() {
        let directory = with(&[Role::Gateway, Role::ReadModel, Role::WebUi]);
        let not_to_run = directory.path().join(Role::Processor.program());
        std::fs::write(not_to_run, "").unwrap();
        let error = find(Some(directory.path())).unwrap_err().to_string();
        let place = directory.path().display().to_string();
        for part in [
            "observatory-processor, observatory-metrics-engine not found",
            &place,
            BUILD,
            "--bin-dir",
        ] {
            assert!(error.contains(part), "{error}");
        }
        assert!(!error.contains("observatory-gateway"), "{error}");
    }
}
