//! The job store.

use std::sync::Arc;

use domain::SystemClock;
use ports::JobStore;
use postgres_adapter::{Options, PostgresStore};

use super::{OpenError, Opened, Port};
use crate::sections::JobServer;

/// Opens the job store. `program` is what the database's list of sessions shows.
///
/// # Errors
/// [`OpenError`].
pub fn open(server: &JobServer, program: &str) -> Result<Opened<dyn JobStore>, OpenError> {
    let options = Options {
        name: program.to_owned(),
        authorities: server.server.pem(),
        max_connections: server.connections,
        ..Options::new(Arc::new(SystemClock))
    };
    let url = server.server.url.secret();
    let store = PostgresStore::open(url, options).map_err(|error| OpenError {
        port: Port::JobStore,
        reason: error.to_string(),
    })?;
    let closing = Arc::clone(&store);
    Ok(Opened {
        port: store,
        close: Box::pin(async move { closing.close().await }),
    })
}
