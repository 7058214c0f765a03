#![allow(missing_docs)]
use std::sync::{Arc, Mutex};
use async_trait::async_trait;
use domain::SystemClock;
use embedded::{Database, OpenOptions};
use ports::conformance::Harness;
use ports::{EventBus, EventLog, JobStore, LiveStats};

struct H { dir: tempfile::TempDir, db: Mutex<Option<Database>> }
impl H {
    fn new() -> Self { Self { dir: tempfile::tempdir().unwrap(), db: Mutex::new(None) } }
    fn open(&self) {
        let mut db = self.db.lock().unwrap();
        drop(db.take());
        *db = Some(Database::open(self.dir.path(), OpenOptions::new(Arc::new(SystemClock)).keep_leases(true)).unwrap());
    }
}
macro_rules! h { ($t:ty, $m:ident) => {
#[async_trait]
impl Harness<$t> for H {
    async fn fresh(&self) -> Arc<$t> { self.open(); self.db.lock().unwrap().as_ref().unwrap().$m() }
    async fn reopen(&self) -> Arc<$t> { self.open(); self.db.lock().unwrap().as_ref().unwrap().$m() }
}}}
h!(dyn EventBus, bus);
h!(dyn JobStore, job_store);
h!(dyn EventLog, event_log);
h!(dyn LiveStats, live_stats);
mod bus { ports::bus_suite!(super::H::new()); }
mod jobs { ports::job_store_suite!(super::H::new()); }
mod events { ports::event_log_suite!(super::H::new()); }
mod stats { ports::live_stats_suite!(super::H::new()); }
