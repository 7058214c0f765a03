//! Messages as AMQP carries them.

use std::borrow::Cow;

use bytes::Bytes;
use contracts::{EventType, Priority};
use lapin::BasicProperties;
use lapin::message::Delivery;
use lapin::types::{AMQPValue, FieldTable};
use ports::{Headers, Message, Parcel, routing};
use uuid::Uuid;

/// Survives a restart of the broker.
const PERSISTENT: u8 = 2;

/// The longest routing key that AMQP can carry, in bytes.
const MAX_KEY: usize = 255;

/// Names of headers on the broker.
mod header {
    pub(super) const ATTEMPT: &str = "attempt";
    pub(super) const TRACEPARENT: &str = "traceparent";
    /// Set by the broker: how often the message came back.
    pub(super) const DELIVERY_COUNT: &str = "x-delivery-count";
}

/// Whether AMQP can carry the routing key at all.
pub(crate) fn is_routable(message: &Message) -> bool {
    message.routing_key.len() <= MAX_KEY
}

/// What the broker is told beside the body. The message is known by its event's identifier.
pub(crate) fn properties(parcel: &Parcel) -> BasicProperties {
    let properties = BasicProperties::default()
        .with_content_type("application/json".into())
        .with_delivery_mode(PERSISTENT)
        .with_headers(table(&parcel.headers));
    let properties = match parcel.headers.correlation_id {
        Some(id) => properties.with_correlation_id(id.to_string().into()),
        None => properties,
    };
    match parcel.event() {
        Ok(event) => properties.with_message_id(event.envelope.event_id.to_string().into()),
        Err(_no_event) => properties,
    }
}

fn table(headers: &Headers) -> FieldTable {
    let mut table = FieldTable::default();
    if let Some(traceparent) = &headers.traceparent {
        table.insert(
            header::TRACEPARENT.into(),
            AMQPValue::LongString(traceparent.as_str().into()),
        );
    }
    if let Some(attempt) = headers.attempt {
        table.insert(header::ATTEMPT.into(), AMQPValue::LongLongInt(attempt.into()));
    }
    table
}

/// The message of a delivery, as it was published.
pub(crate) fn message(delivery: Delivery) -> Message {
    Message {
        routing_key: routing_key(delivery.routing_key.as_str()),
        headers: headers(&delivery.properties),
        body: Bytes::from(delivery.data),
    }
}

/// How often a delivery has come back before.
pub(crate) fn returns(delivery: &Delivery) -> u32 {
    let headers = delivery.properties.headers().as_ref();
    let count = headers.and_then(|table| integer(table, header::DELIVERY_COUNT));
    count.and_then(|count| count.try_into().ok()).unwrap_or(0)
}

fn headers(properties: &BasicProperties) -> Headers {
    let table = properties.headers().as_ref();
    let attempt = table.and_then(|table| integer(table, header::ATTEMPT));
    let correlation = properties.correlation_id().as_ref();
    Headers {
        correlation_id: correlation.and_then(|id| Uuid::parse_str(id.as_str()).ok()),
        traceparent: table.and_then(|table| text(table, header::TRACEPARENT)),
        attempt: attempt.and_then(|attempt| attempt.try_into().ok()),
    }
}

/// The key without an allocation, where it is one of ours.
pub(crate) fn routing_key(key: &str) -> Cow<'static, str> {
    let events = EventType::ALL.iter().map(|kind| kind.as_str());
    let known = events
        .chain(Priority::ALL.map(routing::created))
        .chain(Priority::ALL.map(routing::dispatch))
        .chain([routing::DEAD_LETTER]);
    match known.into_iter().find(|known| *known == key) {
        Some(known) => Cow::Borrowed(known),
        None => Cow::Owned(key.to_owned()),
    }
}

/// A text of a table; the broker keeps both kinds of strings.
pub(crate) fn text(table: &FieldTable, key: &str) -> Option<String> {
    match table.inner().get(key)? {
        AMQPValue::LongString(text) => Some(text.to_string()),
        AMQPValue::ShortString(text) => Some(text.to_string()),
        _ => None,
    }
}

/// A whole number of a table, however wide its sender made it.
pub(crate) fn integer(table: &FieldTable, key: &str) -> Option<i64> {
    match *table.inner().get(key)? {
        AMQPValue::ShortShortInt(number) => Some(number.into()),
        AMQPValue::ShortShortUInt(number) => Some(number.into()),
        AMQPValue::ShortInt(number) => Some(number.into()),
        AMQPValue::ShortUInt(number) => Some(number.into()),
        AMQPValue::LongInt(number) => Some(number.into()),
        AMQPValue::LongUInt(number) => Some(number.into()),
        AMQPValue::LongLongInt(number) => Some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivered(message: &Message) -> Delivery {
        let body = message.body.to_vec();
        let mut delivery = Delivery::mock(1, "".into(), (*message.routing_key).into(), false, body);
        delivery.properties = properties(&Parcel::from(message.clone()));
        delivery
    }

    #[test]
    fn a_message_is_delivered_as_it_was_published() {
        let full = Headers {
            correlation_id: Some(Uuid::from_u128(7)),
            traceparent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".into()),
            attempt: Some(u32::MAX),
        };
        for headers in [Headers::default(), full] {
            let sent = Message {
                routing_key: routing::DISPATCH.into(),
                headers,
                body: Bytes::from_static(b"\x00{}"),
            };
            assert_eq!(message(delivered(&sent)), sent);
        }
    }

    #[test]
    fn headers_of_another_kind_are_no_headers() {
        let mut table = FieldTable::default();
        table.insert(header::ATTEMPT.into(), AMQPValue::LongLongInt(-1));
        table.insert(header::TRACEPARENT.into(), AMQPValue::Boolean(true));
        let properties = BasicProperties::default()
            .with_headers(table)
            .with_correlation_id("no uuid".into());
        assert_eq!(headers(&properties), Headers::default());
    }

    #[test]
    fn keys_of_ours_are_not_copied() {
        assert!(matches!(routing_key("job.completed"), Cow::Borrowed(_)));
        assert!(matches!(routing_key("dispatch.low"), Cow::Borrowed(_)));
        assert_eq!(routing_key("jobs.created"), "jobs.created");
    }

    #[test]
    fn a_key_longer_than_amqp_allows_is_not_routable() {
        let keyed = |length| Message {
            routing_key: "x".repeat(length).into(),
            headers: Headers::default(),
            body: Bytes::new(),
        };
        assert!(is_routable(&keyed(MAX_KEY)) && !is_routable(&keyed(MAX_KEY + 1)));
    }
}
