//! The database file: opened by one process at a time, brought up to date, closed in order.

mod connection;
mod lock;
mod migrate;
mod options;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use ports::{EventBus, EventLog, JobStore, LiveStats};

use crate::bus::{Bus, BusAdapter};
use crate::core::Core;
use crate::error::OpenError;
use crate::events::EventLogAdapter;
use crate::jobs::{CatchUp, JobStoreAdapter, Recent};
use crate::known::Known;
use crate::readers::Readers;
use crate::stats::LiveStatsAdapter;
use crate::writer::{self, Attendants, Closing, Inbox, WriterThread};
use lock::DirectoryLock;

pub use options::OpenOptions;

/// The file in the data directory.
const FILE: &str = "observatory.sqlite";

/// An open database. Its adapters answer `Unavailable` once it is closed or dropped.
///
/// Dropping it without [`Database::close`] is safe: what was answered is durable, and what was delivered but
/// perhaps not yet settled is delivered again.
pub struct Database {
    pub(crate) core: Core,
    bus: Arc<Bus>,
    recent: Arc<Recent>,
    pub(crate) catch_up: CatchUp,
    known: Arc<Known>,
    thread: WriterThread,
    lock: Mutex<Option<DirectoryLock>>,
}

impl Database {
    /// Opens the database in `directory`, which is made if it is not there.
    ///
    /// Blocks for as long as a start takes: some milliseconds, longer after a crash under load.
    ///
    /// # Errors
    /// [`OpenError`]; [`OpenError::InUse`] when somebody else has it open.
    pub fn open(directory: impl AsRef<Path>, options: OpenOptions) -> Result<Self, OpenError> {
        let directory = directory.as_ref();
        let lock = DirectoryLock::take(directory)?;
        let file = directory.join(FILE);
        let mut connection = connection::open(&file)?;
        migrate::migrate(&mut connection)?;
        let in_order = connection::take_over(&connection, options.keep_leases)?;
        let inbox = Arc::new(Inbox::new());
        let core = Core {
            inbox: Arc::clone(&inbox),
            readers: Readers::open(&file)?,
            clock: options.clock,
        };
        let bus = Bus::recover(&connection, core.clone(), options.max_backlog_bytes, in_order)?;
        let known = Arc::new(Known::open(&connection)?);
        let (bus, recent) = (Arc::new(bus), Arc::new(Recent::default()));
        let attendants = vec![
            Arc::clone(&bus) as _,
            Arc::clone(&recent) as _,
            Arc::clone(&known) as _,
        ];
        let attendants = Attendants(attendants);
        let thread = writer::start(connection, inbox, Arc::new(attendants)).map_err(OpenError::Thread)?;
        Ok(Self {
            core,
            bus,
            recent,
            catch_up: CatchUp::default(),
            known,
            thread,
            lock: Mutex::new(Some(lock)),
        })
    }

    /// The event bus.
    pub fn bus(&self) -> Arc<dyn EventBus> {
        Arc::new(BusAdapter::new(Arc::clone(&self.bus)))
    }

    /// The job store.
    pub fn job_store(&self) -> Arc<dyn JobStore> {
        let recent = Arc::clone(&self.recent);
        Arc::new(JobStoreAdapter::new(
            self.core.clone(),
            recent,
            self.catch_up.clone(),
        ))
    }

    /// The event log.
    pub fn event_log(&self) -> Arc<dyn EventLog> {
        Arc::new(EventLogAdapter::new(self.core.clone(), Arc::clone(&self.known)))
    }

    /// The live stats.
    pub fn live_stats(&self) -> Arc<dyn LiveStats> {
        Arc::new(LiveStatsAdapter::new(self.core.clone(), Arc::clone(&self.known)))
    }

    /// Does what waits, makes everything durable and lets the directory go. Blocks until then; calling it
    /// again does nothing.
    pub fn close(&self) {
        self.end(Closing::Drain);
    }

    fn end(&self, how: Closing) {
        self.core.inbox.close(how);
        self.bus.end_subscriptions();
        self.core.readers.close();
        self.thread.join();
        drop(self.lock.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.end(Closing::Abort);
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
