//! Where the data is kept.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// The directory's name under the platform's place for data.
const NAME: &str = "task-observatory";

/// The directory that was asked for, or the platform's conventional one, created if it is missing.
pub(super) fn resolve(asked: Option<&Path>) -> anyhow::Result<PathBuf> {
    let directory = match asked {
        Some(directory) => directory.to_owned(),
        None => conventional(|name| env::var_os(name).map(PathBuf::from))?,
    };
    std::fs::create_dir_all(&directory)
        .with_context(|| format!("cannot create the data directory {}", directory.display()))?;
    Ok(directory)
}

/// `$XDG_DATA_HOME` or `~/.local/share` on Unix, `~/Library/Application Support` on macOS,
/// `%LOCALAPPDATA%` on Windows.
fn conventional(variable: impl Fn(&str) -> Option<PathBuf>) -> anyhow::Result<PathBuf> {
    let home = |below: &str| variable("HOME").map(|home| home.join(below));
    let base = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        home("Library/Application Support")
    } else {
        // The XDG specification says that a relative path is to be ignored.
        variable("XDG_DATA_HOME")
            .filter(|path| path.is_absolute())
            .or_else(|| home(".local/share"))
    };
    match base {
        Some(base) => Ok(base.join(NAME)),
        None => bail!("no home directory to keep data in; name a directory with --data-dir"),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn xdg_wins_over_home_and_home_is_the_fallback() {
        let both = |name: &str| match name {
            "XDG_DATA_HOME" => Some(PathBuf::from("/data")),
            "HOME" => Some(PathBuf::from("/home/me")),
            _ => None,
        };
        assert_eq!(conventional(both).unwrap(), Path::new("/data/task-observatory"));
        let home = |name: &str| both(name).filter(|_| name == "HOME");
        assert_eq!(
            conventional(home).unwrap(),
            Path::new("/home/me/.local/share/task-observatory")
        );
        let error = conventional(|_| None).unwrap_err().to_string();
        assert!(error.contains("--data-dir"), "{error}");
    }
}
