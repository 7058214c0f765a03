//! How a database is opened.

use std::sync::Arc;

use domain::Clock;

/// The default of [`OpenOptions::max_backlog_bytes`].
const MAX_BACKLOG: u64 = 8 << 30;

/// How to open a database.
#[derive(Clone)]
pub struct OpenOptions {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) max_backlog_bytes: u64,
    pub(crate) keep_leases: bool,
}

impl OpenOptions {
    /// The defaults, with the clock that tells when something was kept.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            max_backlog_bytes: MAX_BACKLOG,
            keep_leases: false,
        }
    }

    /// How many bytes of messages may wait before the bus says that it is full; 8 GiB by default. Events of
    /// jobs that were accepted already may use a quarter more, so that a full bus can still drain.
    #[must_use]
    pub fn max_backlog_bytes(mut self, bytes: u64) -> Self {
        self.max_backlog_bytes = bytes;
        self
    }

    /// Whether workers of earlier processes keep their leases. By default they end at once: whoever opens
    /// the database has its lock, so those processes are dead. `true` is for workers that live elsewhere.
    #[must_use]
    pub fn keep_leases(mut self, keep: bool) -> Self {
        self.keep_leases = keep;
        self
    }
}

impl std::fmt::Debug for OpenOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenOptions")
            .field("max_backlog_bytes", &self.max_backlog_bytes)
            .field("keep_leases", &self.keep_leases)
            .finish_non_exhaustive()
    }
}
