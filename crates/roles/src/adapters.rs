//! Which adapters a role gets: decided here, by the schemes of its URLs, and nowhere else.
//!
//! Every adapter connects in the background and again whenever that is needed, so a server that is away is no reason
//! not to start. A role opens only what it needs.

mod bus;
mod event_log;
mod job_store;
mod live_stats;

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;

pub use bus::open as open_bus;
pub use event_log::open as open_event_log;
pub use job_store::open as open_job_store;
pub use live_stats::open as open_live_stats;

/// What a server is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    /// Messages.
    Bus,
    /// Jobs.
    JobStore,
    /// Counters.
    LiveStats,
    /// Events and dead letters.
    EventLog,
}

/// Who speaks to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// `amqp:`, `amqps:`.
    RabbitMq,
    /// `postgres:`, `postgresql:`.
    Postgres,
    /// `redis:`, `rediss:`.
    Redis,
    /// `mongodb:`. For `mongodb+srv:` the driver has no resolver of names.
    MongoDb,
}

/// A scheme that leads to no adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemeError {
    /// Adapters for one process alone.
    #[error(
        "a SQLite file has one process; `observatory up` runs every role in one. A role of its own needs {}",
        .0.schemes()
    )]
    OneProcess(Port),
    /// No adapter of this port.
    #[error("expected a URL with {}", .0.schemes())]
    Unknown(Port),
}

/// The driver for a URL of this scheme behind this port.
///
/// # Errors
/// [`SchemeError`].
pub fn driver(port: Port, scheme: &str) -> Result<Driver, SchemeError> {
    match (port, scheme) {
        (Port::Bus, "amqp" | "amqps") => Ok(Driver::RabbitMq),
        (Port::JobStore, "postgres" | "postgresql") => Ok(Driver::Postgres),
        (Port::LiveStats, "redis" | "rediss") => Ok(Driver::Redis),
        (Port::EventLog, "mongodb") => Ok(Driver::MongoDb),
        (_, "sqlite" | "embedded" | "file") => Err(SchemeError::OneProcess(port)),
        _ => Err(SchemeError::Unknown(port)),
    }
}

impl Port {
    /// The schemes that lead to an adapter, for people.
    pub const fn schemes(self) -> &'static str {
        match self {
            Self::Bus => "amqp:// or amqps://",
            Self::JobStore => "postgres:// or postgresql://",
            Self::LiveStats => "redis:// or rediss://",
            Self::EventLog => "mongodb://",
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bus => "bus",
            Self::JobStore => "job store",
            Self::LiveStats => "live stats",
            Self::EventLog => "event log",
        })
    }
}

/// An open adapter, and how to take leave of its server.
pub struct Opened<T: ?Sized> {
    /// The adapter.
    pub port: Arc<T>,
    /// Takes leave.
    pub close: BoxFuture<'static, ()>,
}

/// An adapter that cannot be opened, ever: its URL or its certificates do not read.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the {port}: {reason}")]
pub struct OpenError {
    /// What it was for.
    pub port: Port,
    /// Why not.
    pub reason: String,
}

/// Opens an adapter to see whether it can be. Nothing is connected to: what an adapter starts in the background never
/// runs.
///
/// # Errors
/// What the adapter says.
pub(crate) fn dry(open: impl FnOnce() -> Result<(), OpenError>) -> Result<(), OpenError> {
    let Ok(runtime) = idle_runtime() else {
        return Ok(());
    };
    let _inside = runtime.enter();
    open()
}

/// As [`dry`], for an adapter that is opened in steps.
///
/// # Errors
/// What the adapter says.
pub(crate) fn dry_async<T: ?Sized>(
    open: impl Future<Output = Result<Opened<T>, OpenError>>,
) -> Result<(), OpenError> {
    let Ok(runtime) = idle_runtime() else {
        return Ok(());
    };
    runtime.block_on(open).map(drop)
}

/// A runtime without threads, whose tasks run only while somebody waits for one. Where there can be none, the role
/// itself will not start either and says so.
fn idle_runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
