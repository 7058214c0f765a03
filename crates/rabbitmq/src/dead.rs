//! Messages that the broker itself gave up, told as dead letters of the contract.
//!
//! The broker moves such a message as it is and writes the history of its death into a header.

use jiff::Timestamp;
use lapin::message::Delivery;
use lapin::types::{AMQPValue, FieldTable};
use ports::{Message, dead_letter_message};

use crate::wire;

/// Who gives up, in the letter.
const SERVICE: &str = "bus";

/// The letter of a message that a consumer refused too often.
pub(crate) fn refused(message: &Message, queue: &str, returns: u32, now: Timestamp) -> Message {
    letter(message, &reason("delivery limit reached", queue, returns), now)
}

/// What a delivery says, as the letter it is meant to be: told by the broker's own clock, so that a second delivery
/// says the same.
pub(crate) fn read(delivery: Delivery, now: Timestamp) -> Message {
    let Some(death) = Death::of(&delivery) else {
        return wire::message(delivery);
    };
    let returns = wire::returns(&delivery);
    let mut message = wire::message(delivery);
    message.routing_key = wire::routing_key(&death.routing_key);
    let what = match death.reason.as_str() {
        "delivery_limit" => "delivery limit of the broker reached",
        other => other,
    };
    letter(
        &message,
        &reason(what, &death.queue, returns),
        death.at.unwrap_or(now),
    )
}

fn reason(what: &str, queue: &str, returns: u32) -> String {
    format!("{what}: came back {returns} times to {queue}")
}

fn letter(message: &Message, reason: &str, at: Timestamp) -> Message {
    dead_letter_message(message, reason, SERVICE, env!("CARGO_PKG_VERSION"), at)
}

/// How the broker gave up a message.
struct Death {
    reason: String,
    queue: String,
    routing_key: String,
    at: Option<Timestamp>,
}

impl Death {
    /// The first death of a message, if it died at all.
    fn of(delivery: &Delivery) -> Option<Self> {
        let headers = delivery.properties.headers().as_ref()?;
        let AMQPValue::FieldArray(deaths) = headers.inner().get("x-death")? else {
            return None;
        };
        let Some(AMQPValue::FieldTable(death)) = deaths.as_slice().last() else {
            return None;
        };
        Some(Self {
            reason: wire::text(death, "reason").unwrap_or_default(),
            queue: wire::text(death, "queue").unwrap_or_default(),
            routing_key: routing_key(death).unwrap_or_default(),
            at: moment(death),
        })
    }
}

fn routing_key(death: &FieldTable) -> Option<String> {
    match death.inner().get("routing-keys")? {
        AMQPValue::FieldArray(keys) => match keys.as_slice().first()? {
            AMQPValue::LongString(key) => Some(key.to_string()),
            AMQPValue::ShortString(key) => Some(key.to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn moment(death: &FieldTable) -> Option<Timestamp> {
    match death.inner().get("time")? {
        AMQPValue::Timestamp(seconds) => Timestamp::from_second(i64::try_from(*seconds).ok()?).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contracts::DeadLetter;
    use lapin::BasicProperties;
    use lapin::types::FieldArray;
    use ports::routing;

    fn died() -> Delivery {
        let mut death = FieldTable::default();
        death.insert("reason".into(), AMQPValue::LongString("delivery_limit".into()));
        death.insert("queue".into(), AMQPValue::LongString("jobs.created".into()));
        death.insert("time".into(), AMQPValue::Timestamp(1_700_000_000));
        let keys = vec![AMQPValue::LongString("job.created".into())];
        death.insert("routing-keys".into(), AMQPValue::FieldArray(keys.into()));
        let deaths: FieldArray = vec![AMQPValue::FieldTable(death)].into();
        let mut headers = FieldTable::default();
        headers.insert("x-death".into(), AMQPValue::FieldArray(deaths));
        headers.insert("x-delivery-count".into(), AMQPValue::LongLongInt(9));
        let mut delivery = Delivery::mock(
            1,
            "".into(),
            routing::DEAD_LETTER.into(),
            false,
            b"{\"a\":1}".to_vec(),
        );
        delivery.properties = BasicProperties::default().with_headers(headers);
        delivery
    }

    #[test]
    fn what_the_broker_gave_up_reads_as_a_dead_letter_of_that_moment() {
        let message = read(died(), Timestamp::UNIX_EPOCH);
        assert_eq!(message.routing_key, routing::DEAD_LETTER);
        let letter: DeadLetter = serde_json::from_slice(&message.body).unwrap();
        assert_eq!(letter.original_event["a"], 1);
        assert_eq!(
            letter.validation_error,
            "delivery limit of the broker reached: came back 9 times to jobs.created"
        );
        assert_eq!(letter.rejected_at, Timestamp::from_second(1_700_000_000).unwrap());
    }

    #[test]
    fn a_letter_that_was_published_as_one_stays_as_it_is() {
        let mut delivery = died();
        delivery.properties = BasicProperties::default();
        let message = read(delivery, Timestamp::UNIX_EPOCH);
        assert_eq!(&message.body[..], b"{\"a\":1}");
    }
}
