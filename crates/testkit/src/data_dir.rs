//! Directories for a test's data.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A directory that goes with its owner, unless the test fails: then it stays and its path is printed.
#[derive(Debug)]
pub struct DataDir(TempDir);

impl DataDir {
    /// A new, empty directory.
    ///
    /// # Panics
    /// When the temporary directory cannot be written: no test can go on without.
    pub fn new() -> Self {
        let made = tempfile::Builder::new().prefix("observatory-test-").tempdir();
        Self(made.unwrap_or_else(|error| panic!("no directory for test data: {error}")))
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// A place in the directory.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }
}

impl Default for DataDir {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for DataDir {
    #[expect(
        clippy::print_stderr,
        reason = "whoever reads the failure wants to find the data"
    )]
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.disable_cleanup(true);
            eprintln!("the test's data are in {}", self.0.path().display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directory_goes_with_its_owner() {
        let dir = DataDir::new();
        let path = dir.join("file");
        std::fs::write(&path, "x").unwrap();
        assert!(path.exists());
        drop(dir);
        assert!(!path.exists());
    }

    #[test]
    fn the_directory_of_a_failed_test_stays() {
        let kept = std::panic::catch_unwind(|| {
            let dir = DataDir::new();
            let path = dir.path().to_owned();
            std::panic::panic_any(path);
        });
        let path = *kept.unwrap_err().downcast::<PathBuf>().unwrap();
        assert!(path.exists());
        std::fs::remove_dir_all(path).unwrap();
    }
}
