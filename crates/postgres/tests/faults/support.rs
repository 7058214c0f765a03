//! Jobs, stores, and how long things may take.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use contracts::Priority;
use domain::{AttemptResult, Outcome, SystemClock};
use jiff::Timestamp;
use ports::{Claim, ClaimRequest, ClaimTicket, NewJob, StoreError};
use postgres_adapter::{Options, PostgresStore};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};
use testkit::servers::PostgresServer;
use tokio::sync::OnceCell;
use tokio::time::Instant;
use uuid::Uuid;

/// Far above what a server needs to come back on a slow machine.
pub(crate) const HEALED: Duration = Duration::from_mins(2);

/// The limits of these tests' stores: short, so that waiting for them is cheap.
pub(crate) const LIMIT: Duration = Duration::from_secs(2);

/// What a call may take beyond its limits on a busy machine.
pub(crate) const SLACK: Duration = Duration::from_secs(5);

/// Far beyond every moment of a test.
pub(crate) const LATER: i64 = 1_000_000;

static SERVER: OnceCell<PostgresServer> = OnceCell::const_new();
static SCHEMAS: AtomicU32 = AtomicU32::new(0);
static CLAIMS: AtomicU64 = AtomicU64::new(1);

/// The server that most tests share.
pub(crate) async fn server() -> &'static PostgresServer {
    SERVER.get_or_init(PostgresServer::start).await
}

pub(crate) fn url(server: &PostgresServer) -> String {
    server.url("observatory")
}

/// The options of a store with tables of its own.
pub(crate) fn options() -> Options {
    Options {
        schema: Some(format!("fault_{}", SCHEMAS.fetch_add(1, Ordering::Relaxed))),
        call_limit: LIMIT,
        lock_limit: LIMIT,
        connect_limit: LIMIT,
        acquire_limit: LIMIT,
        ..Options::new(Arc::new(SystemClock))
    }
}

pub(crate) fn open(server: &PostgresServer, options: &Options) -> Arc<PostgresStore> {
    PostgresStore::open(&url(server), options.clone()).expect("the URL reads as one")
}

/// A connection beside those of the stores, in the schema of some options.
pub(crate) async fn connect(server: &PostgresServer, options: &Options) -> PgConnection {
    let mut connection = PgConnection::connect(&url(server))
        .await
        .expect("the server is there");
    let schema = options.schema.clone().unwrap_or_default();
    let sql = AssertSqlSafe(format!("SET search_path = {schema}"));
    connection.execute(sql).await.expect("the path is one");
    connection
}

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_760_000_000 + second).expect("it is a moment")
}

pub(crate) fn job(number: u64) -> Arc<NewJob> {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, &number.to_be_bytes());
    Arc::new(NewJob {
        id,
        job_type: "echo".to_owned(),
        created_at: at(0),
        accepted_at: at(0),
        correlation_id: id,
        traceparent: None,
        tags: Vec::new(),
        priority: Priority::Normal,
        run_at: None,
        unique_key: None,
        schedule: None,
        body: "{}".into(),
    })
}

pub(crate) fn keyed(number: u64, key: &str) -> Arc<NewJob> {
    Arc::new(NewJob {
        unique_key: Some(key.to_owned()),
        ..(*job(number)).clone()
    })
}

pub(crate) fn announced(job: Arc<NewJob>) -> ClaimRequest {
    ClaimRequest {
        job,
        attempt: 1,
        dispatched: false,
    }
}

/// A ticket of a number that was never used before.
pub(crate) fn ticket(worker: &str) -> ClaimTicket {
    ClaimTicket {
        worker: worker.to_owned(),
        claim: CLAIMS.fetch_add(1, Ordering::Relaxed),
        now: at(1),
    }
}

/// The jobs that were started, with their tokens.
pub(crate) fn started(claims: &[Claim]) -> Vec<(Uuid, u32)> {
    let begun = |claim: &Claim| match claim {
        Claim::Started(started) => Some((started.event.job_id, started.attempt)),
        _ => None,
    };
    claims.iter().filter_map(begun).collect()
}

pub(crate) fn completed(worker: &str, (job_id, attempt): (Uuid, u32)) -> AttemptResult {
    AttemptResult {
        job_id,
        attempt,
        worker: worker.to_owned(),
        at: at(2),
        run_micros: 5,
        outcome: Outcome::Completed { result: None },
        log: Vec::new(),
    }
}

/// How long a failing call took, and with what.
pub(crate) async fn failure<T>(call: impl Future<Output = Result<T, StoreError>>) -> (Duration, StoreError) {
    let since = Instant::now();
    match call.await {
        Ok(_) => panic!("the call succeeded"),
        Err(error) => (since.elapsed(), error),
    }
}
