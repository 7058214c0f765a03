//! Routing keys as they are stored: a number for each that is known, and text for any other.

use std::borrow::Cow;

use contracts::{EventType, Priority};
use ports::routing;

use crate::codec::{Malformed, Reader, put_bytes};
use crate::codes::{event_code, event_type};

/// Stands before a key that has no number.
const TEXT: u8 = 0;

/// The numbers of the keys that are no event types. They are in databases already: append, never change.
const KEYS: [(u8, &str); 6] = [
    (101, routing::DISPATCH),
    (102, routing::DEAD_LETTER),
    (103, routing::created(Priority::High)),
    (104, routing::created(Priority::Low)),
    (105, routing::dispatch(Priority::High)),
    (106, routing::dispatch(Priority::Low)),
];

pub(super) fn put(out: &mut Vec<u8>, routing_key: &str) {
    if let Some(code) = code(routing_key) {
        return out.push(code);
    }
    out.push(TEXT);
    put_bytes(out, routing_key.as_bytes());
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Cow<'static, str>, Malformed> {
    let code = reader.byte()?;
    if code == TEXT {
        return Ok(reader.text()?.to_owned().into());
    }
    let known = KEYS.iter().find(|(known, _)| *known == code);
    Ok(match known {
        Some((_, key)) => (*key).into(),
        None => event_type(code)?.as_str().into(),
    })
}

fn code(routing_key: &str) -> Option<u8> {
    if let Ok(event_type) = routing_key.parse::<EventType>() {
        return Some(event_code(event_type));
    }
    let known = KEYS.iter().find(|(_, key)| *key == routing_key);
    known.map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_comes_back_and_known_ones_take_a_byte() {
        let events = EventType::ALL.map(EventType::as_str);
        let others = KEYS.map(|(_, key)| key);
        for key in events.into_iter().chain(others) {
            let mut out = Vec::new();
            put(&mut out, key);
            assert_eq!((out.len(), read(&mut Reader::new(&out)).as_deref()), (1, Ok(key)));
        }
        let mut out = Vec::new();
        put(&mut out, "job.of.tomorrow");
        assert_eq!(read(&mut Reader::new(&out)).as_deref(), Ok("job.of.tomorrow"));
    }

    #[test]
    fn an_unknown_number_is_refused() {
        assert_eq!(read(&mut Reader::new(&[99])), Err(Malformed::Bad("event type")));
    }
}
