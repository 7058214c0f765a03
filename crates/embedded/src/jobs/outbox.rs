//! What leaves without a message of its own.

use std::sync::Arc;

use domain::JobEvent;
use jiff::Timestamp;
use ports::{NewJob, OutboxEntry, Post};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Failure;

/// A row, JSON. The first programs knew events only and wrote them bare; so they are still written.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Entry {
    Created { created: Created },
    Event(Box<JobEvent>),
}

/// A job that a schedule made. Whatever else is to know of it is in its text.
#[derive(Serialize, Deserialize)]
struct Created {
    accepted_at: Timestamp,
    correlation_id: Uuid,
    body: String,
}

/// Leaves an event for the relay.
pub(super) fn put(connection: &Connection, event: &JobEvent) -> Result<(), Failure> {
    insert(connection, event)
}

/// Leaves the announcement of a job for the relay.
pub(super) fn announce(connection: &Connection, job: &NewJob) -> Result<(), Failure> {
    let refused = |error: std::str::Utf8Error| Failure::Refused(error.to_string());
    let created = Created {
        accepted_at: job.accepted_at,
        correlation_id: job.correlation_id,
        body: std::str::from_utf8(&job.body).map_err(refused)?.to_owned(),
    };
    insert(connection, &Entry::Created { created })
}

fn insert(connection: &Connection, entry: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_vec(entry).map_err(|error| Failure::Refused(error.to_string()))?;
    let mut insert = connection.prepare_cached("INSERT INTO outbox (event) VALUES (?1)")?;
    insert.execute([text])?;
    Ok(())
}

/// The oldest entries.
pub(super) fn oldest(connection: &Connection, limit: i64) -> Result<Vec<OutboxEntry>, Failure> {
    let mut find = connection.prepare_cached("SELECT seq, event FROM outbox ORDER BY seq LIMIT ?1")?;
    let mut rows = find.query([limit])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let text: Vec<u8> = row.get(1)?;
        let post = post(&text).map_err(|error| Failure::Corrupt(format!("outbox {seq}: {error}")))?;
        entries.push(OutboxEntry {
            seq: seq.cast_unsigned(),
            post,
        });
    }
    Ok(entries)
}

fn post(text: &[u8]) -> Result<Post, serde_json::Error> {
    Ok(match serde_json::from_slice(text)? {
        Entry::Event(event) => Post::Event(*event),
        Entry::Created { created } => {
            let job = serde_json::from_str(&created.body)?;
            let (accepted_at, correlation_id) = (created.accepted_at, created.correlation_id);
            let job = NewJob::from_job(&job, accepted_at, correlation_id, created.body.into());
            Post::Created(Arc::new(job))
        }
    })
}

/// Forgets entries that are published.
pub(super) fn clear(connection: &Connection, seqs: &[u64]) -> Result<(), Failure> {
    let mut delete = connection.prepare_cached("DELETE FROM outbox WHERE seq = ?1")?;
    for seq in seqs {
        delete.execute([seq.cast_signed()])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use contracts::EventType;

    use super::super::fixtures::{Desk, at, facts};
    use super::*;

    #[test]
    fn events_of_the_programs_before_are_read() {
        let text = r#"{"job_id":"00000000-0000-0000-0000-000000000007","job_type":"echo",
            "created_at":"2025-10-09T08:53:20Z","correlation_id":"00000000-0000-0000-0000-000000000008",
            "event_type":"job.retrying","attempt":2,"at":"2025-10-09T08:53:21Z","error":"no luck"}"#;
        let Post::Event(event) = post(text.as_bytes()).unwrap() else {
            panic!("it is an event")
        };
        assert_eq!(
            (event.event_type, event.attempt, event.round),
            (EventType::Retrying, 2, 0)
        );
        assert_eq!(event.error.as_deref(), Some("no luck"));
    }

    #[test]
    fn events_and_announcements_come_back_as_they_were() {
        let event = JobEvent {
            round: 3,
            ..facts(7).event(EventType::Retrying, 2, at(1))
        };
        let body = r#"{"id":"00000000-0000-0000-0000-000000000009","type":"mail","status":"PENDING",
            "createdAt":"2025-10-09T08:53:20Z","priority":"high","uniqueKey":"k","schedule":"nightly",
            "tags":["eu"],"payload":{"n":12345678901234567890123}}"#;
        let job = serde_json::from_str(body).unwrap();
        let job = NewJob::from_job(&job, at(5), Uuid::from_u128(4), body.into());
        let desk = Desk::new();
        put(&desk.connection, &event).unwrap();
        announce(&desk.connection, &job).unwrap();
        let posts: Vec<Post> = oldest(&desk.connection, 9)
            .unwrap()
            .into_iter()
            .map(|entry| entry.post)
            .collect();
        assert_eq!(posts, [Post::Event(event), Post::Created(Arc::new(job))]);
        desk.connection
            .execute("INSERT INTO outbox (event) VALUES (?1)", ["{}"])
            .unwrap();
        assert!(matches!(oldest(&desk.connection, 9), Err(Failure::Corrupt(_))));
    }
}
