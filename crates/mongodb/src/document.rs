//! Events as documents.
//!
//! | field | what it is |
//! |---|---|
//! | `_id`, `eventid` | the event's identifier |
//! | `eventtype`, `jobid`, `occurredat` | what happened, to which job, when, in text to the microsecond |
//! | `correlationid`, `contractversion` | from the envelope, where it has them |
//! | `body` | the envelope as it was published: text, or bytes where it is none |
//! | `position` | the event's place in the log |
//! | `keptat` | when it was kept |
//!
//! A document that has a position alone, under an `_id` that begins with `-`, fills a place that no event will take.

use std::str;

use bytes::Bytes;
use contracts::EventType;
use jiff::Timestamp;
use mongodb::bson::raw::{RawBsonRef, RawDocument, RawDocumentBuf, cstr};
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{DateTime, RawBinaryRef};
use ports::{LoggedEvent, StoreError};
use serde::Deserialize;
use uuid::Uuid;

use crate::failure::corrupt;

/// The collection of events.
pub const EVENTS: &str = "job_events";

/// What a person looks for in an envelope beside what the port tells.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    contract_version: Option<String>,
    correlation_id: Option<String>,
}

/// A time as it is stored, to the microsecond.
pub(crate) fn time_text(at: Timestamp) -> String {
    let at = Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at);
    at.to_string()
}

/// A time as the server keeps it, to the millisecond.
pub(crate) fn moment(at: Timestamp) -> DateTime {
    DateTime::from_millis(at.as_millisecond())
}

/// An event at its place in the log.
pub(crate) fn of_event(event: &LoggedEvent, position: i64, kept_at: Timestamp) -> RawDocumentBuf {
    let head: Head = serde_json::from_slice(&event.body).unwrap_or_default();
    let id = event.event_id.to_string();
    let mut document = RawDocumentBuf::new();
    document.append(cstr!("_id"), id.as_str());
    document.append(cstr!("eventid"), id.as_str());
    document.append(cstr!("eventtype"), event.event_type.as_str());
    document.append(cstr!("jobid"), event.job_id.to_string().as_str());
    document.append(cstr!("occurredat"), time_text(event.occurred_at).as_str());
    if let Some(text) = &head.correlation_id {
        document.append(cstr!("correlationid"), text.as_str());
    }
    if let Some(text) = &head.contract_version {
        document.append(cstr!("contractversion"), text.as_str());
    }
    document.append(cstr!("position"), position);
    document.append(cstr!("keptat"), moment(kept_at));
    match str::from_utf8(&event.body) {
        Ok(text) if !text.contains('\0') => document.append(cstr!("body"), text),
        _ => document.append(
            cstr!("body"),
            RawBinaryRef {
                subtype: BinarySubtype::Generic,
                bytes: &event.body,
            },
        ),
    }
    document
}

/// What fills a place that no event will take.
pub(crate) fn filler(position: i64, kept_at: Timestamp) -> RawDocumentBuf {
    let mut document = RawDocumentBuf::new();
    document.append(cstr!("_id"), format!("-{position}").as_str());
    document.append(cstr!("position"), position);
    document.append(cstr!("keptat"), moment(kept_at));
    document
}

/// The place of a document.
pub(crate) fn position(collection: &str, document: &RawDocument) -> Result<i64, StoreError> {
    document
        .get_i64("position")
        .map_err(|error| corrupt(collection, error))
}

/// When a document was kept, in milliseconds since 1970.
pub(crate) fn kept_at(collection: &str, document: &RawDocument) -> Result<i64, StoreError> {
    let kept_at = document.get_datetime("keptat");
    let kept_at = kept_at.map_err(|error| corrupt(collection, error))?;
    Ok(kept_at.timestamp_millis())
}

/// The event of a document; `None` where it fills a place.
pub(crate) fn event(document: &RawDocument) -> Result<Option<LoggedEvent>, StoreError> {
    let text = |name| document.get_str(name).map_err(|error| corrupt(EVENTS, error));
    let id = text("_id")?;
    if id.starts_with('-') {
        return Ok(None);
    }
    Ok(Some(LoggedEvent {
        event_id: uuid(id)?,
        job_id: uuid(text("jobid")?)?,
        event_type: text("eventtype")?
            .parse::<EventType>()
            .map_err(|error| corrupt(EVENTS, error))?,
        occurred_at: text("occurredat")?
            .parse()
            .map_err(|error: jiff::Error| corrupt(EVENTS, error))?,
        body: body(document)?,
    }))
}

fn uuid(text: &str) -> Result<Uuid, StoreError> {
    Uuid::try_parse(text).map_err(|error| corrupt(EVENTS, error))
}

fn body(document: &RawDocument) -> Result<Bytes, StoreError> {
    let body = document.get("body").map_err(|error| corrupt(EVENTS, error))?;
    match body {
        Some(RawBsonRef::String(text)) => Ok(Bytes::copy_from_slice(text.as_bytes())),
        Some(RawBsonRef::Binary(binary)) => Ok(Bytes::copy_from_slice(binary.bytes)),
        other => Err(corrupt(EVENTS, format_args!("its body is {other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logged(body: &'static [u8], micros: i64) -> LoggedEvent {
        LoggedEvent {
            event_id: Uuid::from_u128(1),
            job_id: Uuid::from_u128(2),
            event_type: EventType::Failed,
            occurred_at: Timestamp::from_microsecond(micros).unwrap(),
            body: Bytes::from_static(body),
        }
    }

    #[test]
    fn an_event_comes_back_as_it_was() {
        let bodies: [&[u8]; 5] = [b"{}", b"", b"{\"a\" :1e999, \"a\":0}", b"a\0b", b"\xff\xfe"];
        let times = [0, -1, -377_705_000_000_000_001, 253_402_200_000_999_999, 1];
        for (body, micros) in bodies.into_iter().zip(times) {
            let sent = logged(body, micros);
            let document = of_event(&sent, 42, Timestamp::UNIX_EPOCH);
            assert_eq!(event(&document), Ok(Some(sent)));
            assert_eq!(position(EVENTS, &document), Ok(42));
            assert_eq!(kept_at(EVENTS, &document), Ok(0));
        }
    }

    #[test]
    fn a_person_finds_the_envelope_in_the_document() {
        let body = br#"{"contractVersion":"1.1.0","correlationId":"c-1","payload":{"id":[1,{}]}}"#;
        let document = of_event(&logged(body, 0), 1, Timestamp::UNIX_EPOCH);
        let text = |name| document.get_str(name).unwrap();
        assert_eq!(text("contractversion"), "1.1.0");
        assert_eq!(text("correlationid"), "c-1");
        assert_eq!(text("eventtype"), "job.failed");
        assert_eq!(text("occurredat"), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn a_filler_is_no_event() {
        let document = filler(7, Timestamp::UNIX_EPOCH);
        assert_eq!(event(&document), Ok(None));
        assert_eq!(position(EVENTS, &document), Ok(7));
    }

    #[test]
    fn a_document_of_somebody_else_is_named() {
        let mut document = RawDocumentBuf::new();
        document.append(cstr!("_id"), "x");
        assert!(matches!(event(&document), Err(StoreError::Corrupt(text)) if text.contains(EVENTS)));
        assert!(position(EVENTS, &document).is_err());
    }
}
