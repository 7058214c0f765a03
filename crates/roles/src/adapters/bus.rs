//! The event bus.

use std::sync::Arc;

use domain::SystemClock;
use ports::EventBus;
use rabbitmq_adapter::{Options, RabbitMq};

use super::{OpenError, Opened, Port};
use crate::sections::Server;

/// Opens the bus. `program` is what the broker's list of connections shows.
///
/// # Errors
/// [`OpenError`].
pub fn open(server: &Server, program: &str) -> Result<Opened<dyn EventBus>, OpenError> {
    let options = Options {
        name: program.to_owned(),
        authorities: server.pem(),
        ..Options::new(Arc::new(SystemClock))
    };
    let bus = RabbitMq::open(server.url.secret(), options).map_err(|error| OpenError {
        port: Port::Bus,
        reason: error.to_string(),
    })?;
    let closing = Arc::clone(&bus);
    Ok(Opened {
        port: bus,
        close: Box::pin(async move { closing.close().await }),
    })
}
