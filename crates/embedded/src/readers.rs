//! A few connections that only read.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::error::Failure;

/// How many reads run at once.
const CONNECTIONS: usize = 3;

/// How long a read waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a read may take before it is interrupted: a snapshot that is held longer keeps the write-ahead
/// log from starting over.
const LIMIT: Duration = Duration::from_secs(5);

/// The readers' connections.
#[derive(Clone)]
pub(crate) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    free: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn open(database: &Path) -> rusqlite::Result<Self> {
        let connections: rusqlite::Result<Vec<_>> = (0..CONNECTIONS).map(|_| open_one(database)).collect();
        Ok(Self {
            idle: Arc::new(Mutex::new(connections?)),
            free: Arc::new(Semaphore::new(CONNECTIONS)),
        })
    }

    /// Runs `work` on a thread that may block.
    pub(crate) async fn read<T, W>(&self, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        let permit = timeout(PATIENCE, Arc::clone(&self.free).acquire_owned()).await;
        let permit = match permit {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => return Err(Failure::closed()),
            Err(_) => return Err(Failure::Unavailable("too many reads".to_owned())),
        };
        let connection = self.lock().pop().ok_or_else(Failure::closed)?;
        let interrupt = connection.get_interrupt_handle();
        let idle = Arc::clone(&self.idle);
        let reading = tokio::task::spawn_blocking(move || {
            let returned = Returned {
                connection: Some(connection),
                idle,
            };
            let answer = returned
                .connection
                .as_ref()
                .map_or_else(|| Err(Failure::closed()), work);
            drop(returned);
            drop(permit);
            answer
        });
        match timeout(LIMIT, reading).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => Err(Failure::Unavailable(error.to_string())),
            Err(_) => {
                interrupt.interrupt();
                Err(Failure::Unavailable("read took too long".to_owned()))
            }
        }
    }

    /// Refuses new reads and closes the connections that are idle; a busy one closes when it is done.
    pub(crate) fn close(&self) {
        self.free.close();
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives the connection back, also when the work panics.
struct Returned {
    connection: Option<Connection>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Drop for Returned {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push(connection);
        }
    }
}

fn open_one(database: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    connection.busy_timeout(Duration::from_secs(2))?;
    connection.pragma_update(None, "cache_size", -1024)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    Ok(connection)
}
