//! The suites of the four ports, on the SQLite adapters.
//!
//! A crash here is a copy of the files as they are while the database is open and running: whatever a clean
//! end would still write is missing, as after `kill -9`.

mod together;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use async_trait::async_trait;
use domain::SystemClock;
use embedded::{Database, OpenOptions};
use ports::conformance::Harness;
use ports::{EventBus, EventLog, JobStore, LiveStats};
use tempfile::TempDir;

/// The database, with the directory of its present life.
struct Embedded(Mutex<Option<(Database, TempDir)>>);

impl Embedded {
    fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Opens an empty database, or a copy of the present one as it is now, and asks it for a port.
    fn open<P>(&self, crashed: bool, port: impl Fn(&Database) -> P) -> P {
        let directory = tempfile::tempdir().expect("a test needs a directory");
        let mut present = self.0.lock().expect("one case per harness");
        if crashed {
            let (_, old) = present.as_ref().expect("a crash comes after a start");
            copy_as_it_is(old.path(), directory.path());
        }
        drop(present.take());
        // The workers of these cases live in no process of this database: a crash does not end their leases.
        let options = OpenOptions::new(Arc::new(SystemClock)).keep_leases(true);
        let database = Database::open(directory.path(), options).expect("the database opens");
        let port = port(&database);
        *present = Some((database, directory));
        port
    }
}

/// Copies a running database, the write-ahead log first, again until nothing was written meanwhile.
fn copy_as_it_is(from: &Path, to: &Path) {
    loop {
        let before = stamps(from);
        for (file, ..) in &before {
            let name = file.file_name().expect("a file has a name");
            fs::copy(file, to.join(name)).expect("the file can be copied");
        }
        if stamps(from) == before {
            return;
        }
    }
}

/// The files that survive a crash, with what changes when somebody writes to them; the log before the database.
fn stamps(directory: &Path) -> Vec<(PathBuf, u64, SystemTime)> {
    let entries = fs::read_dir(directory).expect("the directory is there");
    let paths = entries.map(|entry| entry.expect("the directory can be read").path());
    let mut stamps: Vec<_> = paths
        .filter(|path| matches!(path.extension(), Some(end) if end == "sqlite" || end == "sqlite-wal"))
        .map(|path| {
            let about = fs::metadata(&path).expect("the file is there");
            let written = about.modified().expect("the file system keeps times");
            (path, about.len(), written)
        })
        .collect();
    stamps.sort();
    stamps.reverse();
    assert_eq!(stamps.len(), 2, "a database and its write-ahead log");
    stamps
}

macro_rules! harness {
    ($port:ty, $of:ident) => {
        #[async_trait]
        impl Harness<$port> for Embedded {
            async fn fresh(&self) -> Arc<$port> {
                self.open(false, Database::$of)
            }

            async fn reopen(&self) -> Arc<$port> {
                self.open(true, Database::$of)
            }
        }
    };
}

harness!(dyn EventBus, bus);
harness!(dyn JobStore, job_store);
harness!(dyn EventLog, event_log);
harness!(dyn LiveStats, live_stats);

mod bus {
    ports::bus_suite!(super::Embedded::new());
}

mod job_store {
    ports::job_store_suite!(super::Embedded::new());
}

mod event_log {
    ports::event_log_suite!(super::Embedded::new());
}

mod live_stats {
    ports::live_stats_suite!(super::Embedded::new());
}
