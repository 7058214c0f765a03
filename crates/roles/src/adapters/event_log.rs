//! The event log.

use std::sync::Arc;

use domain::SystemClock;
use mongodb_adapter::{MongoDb, Options};
use ports::EventLog;

use super::{OpenError, Opened, Port};
use crate::sections::Server;

/// Opens the event log. `program` is what the server's list of connections shows.
///
/// # Errors
/// [`OpenError`].
pub async fn open(server: &Server, program: &str) -> Result<Opened<dyn EventLog>, OpenError> {
    let options = Options {
        name: program.to_owned(),
        ..Options::new(Arc::new(SystemClock))
    };
    let log = MongoDb::open(server.url.secret(), options)
        .await
        .map_err(|error| OpenError {
            port: Port::EventLog,
            reason: error.to_string(),
        })?;
    let closing = Arc::clone(&log);
    Ok(Opened {
        port: log,
        close: Box::pin(async move { closing.close().await }),
    })
}
