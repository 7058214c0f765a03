//! The live stats.

use std::sync::Arc;

use domain::SystemClock;
use ports::LiveStats;
use redis_adapter::{Options, Redis};

use super::{OpenError, Opened, Port};
use crate::sections::Server;

/// Opens the live stats.
///
/// # Errors
/// [`OpenError`].
pub fn open(server: &Server) -> Result<Opened<dyn LiveStats>, OpenError> {
    let options = Options {
        authorities: server.pem(),
        ..Options::new(Arc::new(SystemClock))
    };
    let stats = Redis::open(server.url.secret(), options).map_err(|error| OpenError {
        port: Port::LiveStats,
        reason: error.to_string(),
    })?;
    Ok(Opened {
        port: stats,
        // It holds nothing that Redis would have to be told of.
        close: Box::pin(std::future::ready(())),
    })
}
