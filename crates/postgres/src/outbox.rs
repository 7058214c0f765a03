//! What leaves without a message of its own.

use std::sync::Arc;

use domain::JobEvent;
use jiff::Timestamp;
use ports::{NewJob, OutboxEntry, Post};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::codes::count;
use crate::core::{Operation, Session};
use crate::error::Failure;

/// An entry, JSON.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Entry<E> {
    Event(E),
    Created(Created),
}

/// A job that a schedule made. Whatever else is to know of it is in its text.
#[derive(Serialize, Deserialize)]
struct Created {
    accepted_at: Timestamp,
    correlation_id: Uuid,
    body: String,
}

/// An event as it is left for the relay.
pub(crate) fn event_text(event: &JobEvent) -> Result<String, Failure> {
    text(&Entry::Event(event))
}

/// The announcement of a job as it is left for the relay.
pub(crate) fn announcement_text(job: &NewJob) -> Result<String, Failure> {
    let body = std::str::from_utf8(&job.body).map_err(|error| Failure::Refused(error.to_string()))?;
    text(&Entry::<&JobEvent>::Created(Created {
        accepted_at: job.accepted_at,
        correlation_id: job.correlation_id,
        body: body.to_owned(),
    }))
}

fn text(entry: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(entry).map_err(|error| Failure::Refused(error.to_string()))
}

/// Leaves entries for the relay, in their order.
pub(crate) async fn put(connection: &mut PgConnection, entries: &[String]) -> Result<(), Failure> {
    if entries.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO outbox (entry)
               SELECT entry FROM unnest($1::text[]) WITH ORDINALITY AS u (entry, place) ORDER BY place";
    sqlx::query(sql).bind(entries).execute(connection).await?;
    Ok(())
}

/// Reads the oldest entries.
pub(crate) struct Oldest(pub(crate) usize);

impl Operation for Oldest {
    type Answer = Vec<OutboxEntry>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Vec<OutboxEntry>, Failure> {
        let sql = "SELECT seq, entry FROM outbox ORDER BY seq LIMIT $1";
        let query = sqlx::query_as(sql).bind(count(self.0));
        let found: Vec<(i64, String)> = query.fetch_all(&mut *session.connection).await?;
        let entry = |(seq, text): (i64, String)| {
            let post = post(&text).map_err(|error| Failure::corrupt(format_args!("outbox {seq}"), error))?;
            Ok(OutboxEntry {
                seq: seq.cast_unsigned(),
                post,
            })
        };
        found.into_iter().map(entry).collect()
    }
}

fn post(text: &str) -> Result<Post, serde_json::Error> {
    Ok(match serde_json::from_str(text)? {
        Entry::Event(event) => Post::Event(event),
        Entry::Created(created) => {
            let job = serde_json::from_str(&created.body)?;
            let (accepted_at, correlation_id) = (created.accepted_at, created.correlation_id);
            let job = NewJob::from_job(&job, accepted_at, correlation_id, created.body.into());
            Post::Created(Arc::new(job))
        }
    })
}

/// Forgets entries that are published.
pub(crate) struct Clear(pub(crate) Vec<i64>);

impl Operation for Clear {
    type Answer = ();

    async fn run(&self, session: &mut Session<'_>) -> Result<(), Failure> {
        // Two relays may clear the same entries; what one of them has locked is gone for the other one, too.
        let sql = "DELETE FROM outbox WHERE seq IN
                   (SELECT seq FROM outbox WHERE seq = ANY($1) ORDER BY seq FOR UPDATE SKIP LOCKED)";
        sqlx::query(sql)
            .bind(&self.0)
            .execute(&mut *session.connection)
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use contracts::EventType;

    use super::*;

    #[test]
    fn events_and_announcements_come_back_as_they_were() {
        let event = JobEvent {
            job_id: Uuid::from_u128(7),
            job_type: "a\0b".to_owned(),
            created_at: Timestamp::UNIX_EPOCH,
            correlation_id: Uuid::from_u128(8),
            event_type: EventType::Retrying,
            attempt: 2,
            at: Timestamp::UNIX_EPOCH,
            worker: None,
            error: Some("\0".to_owned()),
            run_micros: None,
            run_at: None,
            round: 3,
        };
        let kept = event_text(&event).unwrap();
        assert!(!kept.contains('\0'), "{kept}");
        assert_eq!(post(&kept).unwrap(), Post::Event(event));
        let body = r#"{"id":"00000000-0000-0000-0000-000000000009","type":"mail","status":"PENDING",
            "createdAt":"2025-10-09T08:53:20Z","tags":["eu"],"payload":{"n":12345678901234567890123}}"#;
        let job = serde_json::from_str(body).unwrap();
        let job = NewJob::from_job(&job, Timestamp::UNIX_EPOCH, Uuid::from_u128(4), body.into());
        let kept = announcement_text(&job).unwrap();
        assert_eq!(post(&kept).unwrap(), Post::Created(Arc::new(job)));
        assert!(post("{}").is_err());
    }
}
