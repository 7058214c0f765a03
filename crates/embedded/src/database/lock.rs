//! One process at a time.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use crate::error::OpenError;

/// The file that is locked.
const FILE: &str = "observatory.lock";

/// Holds the directory until it is dropped, or the process dies.
#[derive(Debug)]
pub(crate) struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Makes the directory if need be and locks it.
    pub(crate) fn take(directory: &Path) -> Result<Self, OpenError> {
        let unusable = |source: io::Error| OpenError::Directory {
            path: directory.to_owned(),
            source,
        };
        std::fs::create_dir_all(directory).map_err(unusable)?;
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(directory.join(FILE))
            .map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse(directory.to_owned())),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }
}
