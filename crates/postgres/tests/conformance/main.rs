//! The suite of the job store, on a server in a container: every case in a schema of its own.
//!
//! A crash here is the loss of every connection with all that was in this process; the server itself is killed in
//! `faults`.

mod alternating;
mod indexed;
mod plans;
mod time;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::SystemClock;
use ports::JobStore;
use ports::conformance::Harness;
use postgres_adapter::{Options, PostgresStore};
use testkit::servers::PostgresServer;
use tokio::sync::OnceCell;

/// One server for all cases.
static SERVER: OnceCell<PostgresServer> = OnceCell::const_new();

/// Tells the schemas of the cases apart.
static CASES: AtomicU32 = AtomicU32::new(0);

/// A schema, with the store of its present life.
struct Schema(Mutex<Option<(String, Arc<PostgresStore>)>>);

impl Schema {
    fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// A store with tables of its own.
    async fn empty(&self) -> Arc<PostgresStore> {
        let name = format!("case_{}", CASES.fetch_add(1, Ordering::Relaxed));
        let store = open(&name).await;
        *self.0.lock().expect("one case per harness") = Some((name, Arc::clone(&store)));
        store
    }

    /// The name of the schema.
    fn name(&self) -> String {
        let present = self.0.lock().expect("one case per harness").clone();
        present.expect("there is a store").0
    }

    /// Another store on the same tables.
    async fn another(&self) -> Arc<PostgresStore> {
        let present = self.0.lock().expect("one case per harness").clone();
        let (name, _) = present.expect("another one comes after the first");
        open(&name).await
    }

    /// The store after a crash.
    async fn crashed(&self) -> Arc<PostgresStore> {
        let before = self.0.lock().expect("one case per harness").take();
        let (name, before) = before.expect("a crash comes after a start");
        drop(before);
        let store = open(&name).await;
        *self.0.lock().expect("one case per harness") = Some((name, Arc::clone(&store)));
        store
    }
}

async fn server_url() -> String {
    SERVER.get_or_init(PostgresServer::start).await.url("observatory")
}

async fn open(schema: &str) -> Arc<PostgresStore> {
    let options = Options {
        schema: Some(schema.to_owned()),
        ..Options::new(Arc::new(SystemClock))
    };
    PostgresStore::open(&server_url().await, options).expect("the URL reads as one")
}

#[async_trait]
impl Harness<dyn JobStore> for Schema {
    async fn fresh(&self) -> Arc<dyn JobStore> {
        self.empty().await
    }

    async fn reopen(&self) -> Arc<dyn JobStore> {
        self.crashed().await
    }
}

mod job_store {
    ports::job_store_suite!(super::Schema::new());
}

/// The same cases, each in two processes at once.
mod two_processes {
    ports::job_store_suite!(super::alternating::Processes::new());
}
