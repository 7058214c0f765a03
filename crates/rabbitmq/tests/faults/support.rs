//! Messages, a bus, and how long things may take.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::SystemClock;
use ports::{BusError, EventBus, Headers, Message, Parcel, parcels};
use rabbitmq_adapter::{Options, RabbitMq};
use testkit::wait_for;

/// Far above what a broker needs to come back on a slow machine.
pub(crate) const HEALED: Duration = Duration::from_mins(2);

/// The limits of these tests' buses: short, so that waiting for them is cheap.
pub(crate) const LIMIT: Duration = Duration::from_secs(2);

/// What a call may take beyond its limits on a busy machine.
pub(crate) const SLACK: Duration = Duration::from_secs(3);

pub(crate) fn options() -> Options {
    Options {
        publish_limit: LIMIT,
        connect_limit: LIMIT,
        ..Options::new(Arc::new(SystemClock))
    }
}

pub(crate) fn open(url: &str) -> Arc<RabbitMq> {
    RabbitMq::open(url, options()).expect("the URL reads as one")
}

/// Message number `number`.
pub(crate) fn message(key: &'static str, number: u64) -> Vec<Arc<Parcel>> {
    parcels([Message {
        routing_key: key.into(),
        headers: Headers::default(),
        body: Bytes::from(number.to_string()),
    }])
}

/// The number of a message of [`message`].
pub(crate) fn number(parcel: &Parcel) -> u64 {
    let text = std::str::from_utf8(&parcel.body).expect("the body is text");
    text.parse().expect("the text is a number")
}

/// Publishes a message as often as it takes.
pub(crate) async fn published(bus: &RabbitMq, key: &'static str, number: u64) {
    let publish = || bus.publish(message(key, number));
    wait_for(HEALED, "a confirmed publication", publish).await;
}

/// How long a failing call took, and with what.
pub(crate) async fn failure<T>(call: impl Future<Output = Result<T, BusError>>) -> (Duration, BusError) {
    let since = tokio::time::Instant::now();
    match call.await {
        Ok(_) => panic!("the call succeeded"),
        Err(error) => (since.elapsed(), error),
    }
}
