//! The suites of the four ports, on the SQLite adapters.
//!
//! A crash here is a copy of the files as they are while the database is open and running: whatever a clean
//! end would still write is missing, as after `kill -9`.

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

/// The ports share a file, and must not share anything else.
mod together {
    use std::collections::BTreeSet;
    use std::ops::Range;
    use std::sync::Arc;

    use bytes::Bytes;
    use contracts::EventType;
    use domain::event_id;
    use embedded::Database;
    use jiff::Timestamp;
    use ports::{EventLog, EventQuery, LiveStats, LoggedEvent, StatEvent};
    use uuid::Uuid;

    use super::Embedded;

    /// More jobs than one generation of anything that is kept in memory.
    const JOBS: u64 = 5_000;

    struct Derived {
        log: Arc<dyn EventLog>,
        stats: Arc<dyn LiveStats>,
    }

    impl Derived {
        fn of(database: &Database) -> Self {
            Self {
                log: database.event_log(),
                stats: database.live_stats(),
            }
        }

        async fn append(&self, numbers: Range<u64>) -> usize {
            self.log
                .append(numbers.map(logged).collect())
                .await
                .expect("the log answers")
        }

        async fn apply(&self, numbers: Range<u64>) -> usize {
            self.stats
                .apply(numbers.map(counted).collect())
                .await
                .expect("the stats answer")
        }

        async fn logged(&self) -> BTreeSet<Uuid> {
            let (mut all, mut cursor) = (BTreeSet::new(), None);
            loop {
                let page = self
                    .log
                    .events(&EventQuery::default(), cursor.as_ref(), 1000)
                    .await;
                let page = page.expect("the log answers");
                let before = all.len() + page.items.len();
                all.extend(page.items.into_iter().map(|event| event.event_id));
                assert_eq!(all.len(), before, "an event is there twice");
                cursor = page.next;
                if cursor.is_none() {
                    return all;
                }
            }
        }

        async fn count(&self) -> u64 {
            self.stats
                .snapshot()
                .await
                .expect("the stats answer")
                .count(EventType::Executed)
        }
    }

    fn counted(number: u64) -> StatEvent {
        let job_id = Uuid::new_v5(&Uuid::NAMESPACE_DNS, &(number % JOBS).to_be_bytes());
        let attempt = u32::try_from(number / JOBS).expect("few attempts");
        StatEvent {
            event_id: event_id(job_id, attempt, EventType::Executed),
            job_id,
            job_type: "echo".to_owned(),
            event_type: EventType::Executed,
            at: Timestamp::UNIX_EPOCH,
            failure: None,
        }
    }

    fn logged(number: u64) -> LoggedEvent {
        let StatEvent {
            event_id,
            job_id,
            event_type,
            at,
            ..
        } = counted(number);
        LoggedEvent {
            event_id,
            job_id,
            event_type,
            occurred_at: at,
            body: Bytes::from_static(b"{}"),
        }
    }

    fn ids(numbers: Range<u64>) -> BTreeSet<Uuid> {
        numbers.map(|number| logged(number).event_id).collect()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_the_log_knows_the_stats_do_not_and_the_other_way_round() {
        let harness = Embedded::new();
        let derived = harness.open(false, Derived::of);
        assert_eq!(
            (derived.append(0..100).await, derived.apply(50..150).await),
            (100, 100)
        );
        assert_eq!(
            (derived.apply(0..150).await, derived.append(0..150).await),
            (50, 50)
        );
        drop(derived);
        let derived = harness.open(true, Derived::of);
        assert_eq!(
            (derived.append(0..160).await, derived.apply(0..170).await),
            (10, 20)
        );
        assert_eq!(
            (derived.logged().await, derived.count().await),
            (ids(0..160), 170)
        );
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn either_catches_up_with_the_other_over_crashes() {
        let harness = Embedded::new();
        let mut derived = harness.open(false, Derived::of);
        for start in (0..24_000).step_by(800) {
            let end = start + 800;
            let (unlogged, uncounted) = if start % 1600 == 0 { (0, 500) } else { (300, 0) };
            assert_eq!(derived.append(start..end - unlogged).await as u64, 800 - unlogged);
            assert_eq!(
                derived.apply(start..end - uncounted).await as u64,
                800 - uncounted
            );
            if start % 2400 == 0 {
                drop(derived);
                derived = harness.open(true, Derived::of);
            }
            let from = start.saturating_sub(9_000);
            let caught_up = (
                derived.append(from..end).await as u64,
                derived.apply(from..end).await as u64,
            );
            assert_eq!(caught_up, (unlogged, uncounted));
        }
        drop(derived);
        let derived = harness.open(true, Derived::of);
        assert_eq!(
            (derived.append(0..24_000).await, derived.apply(0..24_000).await),
            (0, 0)
        );
        assert_eq!(
            (derived.logged().await, derived.count().await),
            (ids(0..24_000), 24_000)
        );
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn concurrent_appends_and_applies_of_the_same_events_take_each_once() {
        let harness = Embedded::new();
        let derived = Arc::new(harness.open(false, Derived::of));
        let mut callers = tokio::task::JoinSet::new();
        for caller in 0..4_u64 {
            let derived = Arc::clone(&derived);
            callers.spawn(async move {
                let (mut kept, mut counted) = (0, 0);
                for batch in (0..40).map(|batch| (batch * 150 + caller * 50) % 6_000) {
                    kept += derived.append(batch..batch + 200).await;
                    counted += derived.apply(batch..batch + 200).await;
                }
                (kept, counted)
            });
        }
        let answers = callers.join_all().await;
        let logged = derived.logged().await;
        assert_eq!(answers.iter().map(|(kept, _)| kept).sum::<usize>(), logged.len());
        assert_eq!(
            answers.iter().map(|(_, counted)| *counted as u64).sum::<u64>(),
            derived.count().await
        );
        assert_eq!(logged.len() as u64, derived.count().await);
    }
}
