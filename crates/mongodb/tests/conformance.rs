//! The suite of the event log, on a MongoDB-compatible server (`FerretDB`) in a container: every case in a database of
//! its own.
//!
//! A crash here is the loss of every connection with all that was in this process; the server itself is killed in
//! `faults`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use domain::SystemClock;
use mongodb_adapter::{MongoDb, Options};
use ports::EventLog;
use ports::conformance::Harness;
use testkit::servers::MongoDbServer;
use tokio::sync::{Mutex, OnceCell};

/// One server for all cases.
static SERVER: OnceCell<MongoDbServer> = OnceCell::const_new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A database, with the log of its present life.
struct Database {
    number: u32,
    present: Mutex<Option<Arc<MongoDb>>>,
}

impl Database {
    fn new() -> Self {
        Self {
            number: DATABASES.fetch_add(1, Ordering::Relaxed),
            present: Mutex::default(),
        }
    }

    async fn open(&self) -> Arc<dyn EventLog> {
        let server = SERVER.get_or_init(MongoDbServer::start).await;
        let url = server.url().replace("/?", &format!("/case-{}?", self.number));
        let log = MongoDb::open(&url, Options::new(Arc::new(SystemClock))).await;
        let log = log.expect("the URL reads as one");
        *self.present.lock().await = Some(Arc::clone(&log));
        log
    }
}

#[async_trait]
impl Harness<dyn EventLog> for Database {
    async fn fresh(&self) -> Arc<dyn EventLog> {
        self.open().await
    }

    async fn reopen(&self) -> Arc<dyn EventLog> {
        let present = self.present.lock().await.take();
        present.expect("a crash comes after a start").close().await;
        self.open().await
    }
}

mod event_log {
    ports::event_log_suite!(super::Database::new());
}
