//! The connections of a store.
//!
//! Connections are kept here, not by the driver's own pool, which asks the server for a sign of life before or after
//! every use. One that breaks is found out by its use: the call goes on with another one ([`crate::core`]).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use crate::error::Failure;
use crate::options::Options;

/// How long a connection is used: the server's memory for it grows with what it has seen.
const LIFETIME: Duration = Duration::from_mins(30);

/// How long a connection waits for work before it is given up.
const IDLE: Duration = Duration::from_mins(5);

/// The longest a polite farewell may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// The connections of a store.
pub(crate) struct Connections {
    connect: PgConnectOptions,
    connect_limit: Duration,
    acquire_limit: Duration,
    most: u32,
    permits: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Line>>>,
}

/// A connection with its age.
struct Line {
    connection: PgConnection,
    born: Instant,
    used: Instant,
}

impl Line {
    fn is_old(&self) -> bool {
        self.born.elapsed() > LIFETIME
    }
}

impl Connections {
    pub(crate) fn new(connect: PgConnectOptions, options: &Options) -> Self {
        let most = options.max_connections;
        Self {
            connect,
            connect_limit: options.connect_limit,
            acquire_limit: options.acquire_limit,
            most,
            permits: Arc::new(Semaphore::new(most as usize)),
            idle: Arc::default(),
        }
    }

    /// Takes a connection that is free, or makes one.
    pub(crate) async fn lease(&self) -> Result<Lease, Failure> {
        let permit = timeout(self.acquire_limit, Arc::clone(&self.permits).acquire_owned()).await;
        let permit = match permit {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => return Err(Failure::Unavailable("the store is closed".to_owned())),
            Err(_) => return Err(self.exhausted()),
        };
        let line = match self.pop() {
            Some(line) => line,
            None => self.connect().await?,
        };
        Ok(Lease {
            line: Some(line),
            idle: Arc::clone(&self.idle),
            _permit: permit,
        })
    }

    fn exhausted(&self) -> Failure {
        Failure::Unavailable(format!(
            "all {} connections were in use for {:?}",
            self.most, self.acquire_limit
        ))
    }

    /// Gives up the connections that nobody uses: one has turned out to be broken, and then mostly all are.
    pub(crate) fn mistrust(&self) {
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        drop(idle);
    }

    fn pop(&self) -> Option<Line> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        std::iter::from_fn(|| idle.pop()).find(|line| !line.is_old())
    }

    async fn connect(&self) -> Result<Line, Failure> {
        let connected = timeout(self.connect_limit, PgConnection::connect_with(&self.connect)).await;
        let connection = connected
            .map_err(|_| Failure::Unavailable("the database does not answer".to_owned()))?
            .map_err(|error| Failure::Unavailable(Failure::from(error).to_string()))?;
        let now = Instant::now();
        Ok(Line {
            connection,
            born: now,
            used: now,
        })
    }

    /// Takes leave of the server: no connection is made any more, and those that are in use end with their use.
    pub(crate) async fn close(&self) {
        self.permits.close();
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for line in idle {
            let _it_ends_anyway = timeout(FAREWELL, line.connection.close()).await;
        }
    }
}

/// A connection in use. Unless it is given back it is cut when this value ends: whatever was going on in it is undone
/// by the server.
pub(crate) struct Lease {
    line: Option<Line>,
    idle: Arc<Mutex<Vec<Line>>>,
    _permit: OwnedSemaphorePermit,
}

impl Lease {
    /// The connection.
    ///
    /// # Errors
    /// None in practice: it is there until the lease is given back.
    pub(crate) fn connection(&mut self) -> Result<&mut PgConnection, Failure> {
        let line = self.line.as_mut().map(|line| &mut line.connection);
        line.ok_or_else(|| Failure::Unavailable("the connection was given back".to_owned()))
    }

    /// Gives the connection back, in order and without a transaction.
    pub(crate) fn give_back(mut self) {
        let Some(mut line) = self.line.take() else { return };
        line.used = Instant::now();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        // The latest is used first, so those that have waited for longest are at the bottom.
        if idle.first().is_some_and(|line| line.used.elapsed() > IDLE) {
            idle.remove(0);
        }
        idle.push(line);
    }
}
