//! What every call of the port has in common: a connection, a limit, a transaction, another try.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use rand::RngExt;
use sqlx::Executor;
use sqlx::postgres::PgConnection;
use tokio::sync::OnceCell;
use tokio::time::{Instant, sleep, timeout_at};

use crate::connections::{Connections, Lease};
use crate::error::Failure;
use crate::horizon::Settled;
use crate::known::Known;
use crate::limits::Limiter;
use crate::locks::Locks;
use crate::migrate;
use crate::options::Options;

/// How often a call is tried while others are in the way or connections turn out to be broken.
const TRIES: u32 = 8;

/// The longest pause before the second try; it grows from there.
const PAUSE: Duration = Duration::from_millis(10);

/// What happens within one call. It may be tried several times, so it keeps nothing of a try.
pub(crate) trait Operation: Sync {
    type Answer: Send;

    fn run(&self, session: &mut Session<'_>) -> impl Future<Output = Result<Self::Answer, Failure>> + Send;
}

/// A connection for the time of one try, with what the store remembers.
pub(crate) struct Session<'s> {
    pub(crate) connection: &'s mut PgConnection,
    pub(crate) core: &'s Core,
}

/// What the operations of a store share.
pub(crate) struct Core {
    connections: Connections,
    call_limit: Duration,
    ready: OnceCell<()>,
    pub(crate) options: Options,
    pub(crate) locks: Locks,
    pub(crate) known: Known,
    pub(crate) limits: Limiter,
    pub(crate) settled: Settled,
}

/// How far a try has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing has taken effect.
    Open,
    /// Whether it has taken effect is not known.
    Committing,
}

impl Core {
    pub(crate) fn new(connections: Connections, options: Options) -> Arc<Self> {
        Arc::new(Self {
            connections,
            call_limit: options.call_limit,
            ready: OnceCell::new(),
            locks: Locks::new(options.schema.as_deref()),
            options,
            known: Known::default(),
            limits: Limiter::default(),
            settled: Settled::default(),
        })
    }

    /// One statement, or some that need not be of one moment.
    pub(crate) async fn ask<O: Operation>(&self, operation: &O) -> Result<O::Answer, Failure> {
        self.within(self.call_limit, operation, false).await
    }

    /// All or nothing.
    pub(crate) async fn transact<O: Operation>(&self, operation: &O) -> Result<O::Answer, Failure> {
        self.within(self.call_limit, operation, true).await
    }

    /// As [`Core::ask`], within a limit of its own.
    pub(crate) async fn ask_within<O: Operation>(
        &self,
        limit: Duration,
        operation: &O,
    ) -> Result<O::Answer, Failure> {
        self.within(limit, operation, false).await
    }

    async fn within<O: Operation>(
        &self,
        limit: Duration,
        operation: &O,
        in_transaction: bool,
    ) -> Result<O::Answer, Failure> {
        let deadline = Instant::now() + limit;
        let mut tries = 0;
        loop {
            tries += 1;
            let stage = &mut Stage::Open;
            let outcome = timeout_at(deadline, self.attempt(operation, in_transaction, stage)).await;
            let failure = match outcome {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(failure)) => failure,
                Err(_) => {
                    // A server that does not answer one session mostly answers none.
                    self.connections.mistrust();
                    return Err(Failure::too_late());
                }
            };
            let again = match &failure {
                Failure::Contended(_) => true,
                Failure::Broken(_) => *stage == Stage::Open,
                _ => false,
            };
            if !again || tries == TRIES {
                return Err(failure);
            }
            tracing::debug!(%failure, tries, "trying again");
            if matches!(failure, Failure::Contended(_)) {
                sleep(pause(tries)).await;
            }
        }
    }

    async fn attempt<O: Operation>(
        &self,
        operation: &O,
        in_transaction: bool,
        stage: &mut Stage,
    ) -> Result<O::Answer, Failure> {
        self.ready.get_or_try_init(|| self.prepare()).await?;
        let mut lease = self.connections.lease().await?;
        let outcome = self.run(&mut lease, operation, in_transaction, stage).await;
        match &outcome {
            Ok(_) => lease.give_back(),
            Err(failure) if failure.spares_the_connection() => {
                if !in_transaction || execute(lease.connection()?, "ROLLBACK").await.is_ok() {
                    lease.give_back();
                }
            }
            Err(Failure::Broken(_)) => self.connections.mistrust(),
            Err(_) => {}
        }
        outcome
    }

    async fn run<O: Operation>(
        &self,
        lease: &mut Lease,
        operation: &O,
        in_transaction: bool,
        stage: &mut Stage,
    ) -> Result<O::Answer, Failure> {
        let connection = lease.connection()?;
        if in_transaction {
            execute(connection, "BEGIN").await?;
        }
        let mut session = Session {
            connection,
            core: self,
        };
        let answer = operation.run(&mut session).await?;
        if in_transaction {
            *stage = Stage::Committing;
            execute(session.connection, "COMMIT").await?;
        }
        Ok(answer)
    }

    /// Brings the tables up to date, once.
    async fn prepare(&self) -> Result<(), Failure> {
        let mut lease = self.connections.lease().await?;
        migrate::migrate(lease.connection()?, &self.options, &self.locks).await?;
        lease.give_back();
        Ok(())
    }

    pub(crate) async fn close(&self) {
        self.connections.close().await;
    }
}

/// Executes a statement without parameters.
pub(crate) async fn execute(connection: &mut PgConnection, sql: &'static str) -> Result<(), Failure> {
    connection.execute(sql).await?;
    Ok(())
}

/// Some time, so that those who were in one another's way do not meet again.
fn pause(tries: u32) -> Duration {
    let longest = PAUSE * tries * tries;
    longest.mul_f64(rand::rng().random_range(0.2..1.0))
}
