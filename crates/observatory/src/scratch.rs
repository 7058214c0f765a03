//! A directory of a run's own.

use std::io;
use std::path::{Path, PathBuf};

/// A directory under the system's temporary one. It stays unless [`Scratch::remove`] is called, because a run
/// that went wrong needs its evidence.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes a new, empty directory whose name begins with `purpose`.
    ///
    /// # Errors
    /// What the file system says.
    pub(crate) fn create(purpose: &str) -> io::Result<Self> {
        let base = std::env::temp_dir();
        let pid = std::process::id();
        for attempt in 0.. {
            let path = base.join(format!("observatory-{purpose}-{pid}-{attempt}"));
            match std::fs::create_dir(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 1000 => {}
                Err(error) => return Err(error),
                Ok(()) => return Ok(Self(path)),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Removes it with all that is in it.
    ///
    /// # Errors
    /// What the file system says.
    pub(crate) fn remove(self) -> io::Result<()> {
        std::fs::remove_dir_all(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_directory_is_new_and_goes_when_told() {
        let (a, b) = (Scratch::create("test").unwrap(), Scratch::create("test").unwrap());
        assert_ne!(a.path(), b.path());
        let path = a.path().to_owned();
        std::fs::write(path.join("file"), "x").unwrap();
        a.remove().unwrap();
        assert!(!path.exists());
        b.remove().unwrap();
    }
}
