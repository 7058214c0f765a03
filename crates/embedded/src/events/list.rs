//! Lists of events, newest first.

use contracts::EventType;
use ports::{EventQuery, LoggedEvent, Page};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::codec::Malformed;
use crate::codes::{event_code, event_type, moment};
use crate::error::Failure;
use crate::place::Place;

/// A page of the events that `query` lets through.
pub(super) fn list(
    connection: &Connection,
    query: &EventQuery,
    before: i64,
    limit: usize,
) -> Result<Page<LoggedEvent>, Failure> {
    let mut find = connection.prepare_cached(sql(query))?;
    let wanted = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
    let job_id = query.job_id.map(Uuid::into_bytes);
    let mut rows = find.query(params![before, wanted, job_id, query.event_type.map(event_code)])?;
    let mut items = Vec::new();
    let mut last = before;
    while let Some(row) = rows.next()? {
        if items.len() == limit {
            let next = Some(Place::Events.write(last));
            return Ok(Page { items, next });
        }
        last = row.get(0)?;
        items.push(event(row, last)?);
    }
    Ok(Page { items, next: None })
}

/// Which index serves the query. (`+` keeps a condition from being served by an index.)
fn sql(query: &EventQuery) -> &'static str {
    match (query.job_id, query.event_type) {
        (Some(_), _) => {
            "SELECT seq, job_id, event_id, event_type, occurred_at, body FROM events INDEXED BY events_by_job
             WHERE job_id = ?3 AND seq < ?1 AND (?4 IS NULL OR +event_type = ?4) ORDER BY seq DESC LIMIT ?2"
        }
        (None, None | Some(EventType::Created | EventType::Executed | EventType::Completed)) => {
            "SELECT seq, job_id, event_id, event_type, occurred_at, body FROM events
             WHERE seq < ?1 AND (?4 IS NULL OR +event_type = ?4) AND ?3 IS NULL ORDER BY seq DESC LIMIT ?2"
        }
        (None, Some(_)) => {
            "SELECT seq, job_id, event_id, event_type, occurred_at, body FROM events INDEXED BY events_by_type
             WHERE event_type = ?4 AND event_type <> 1 AND event_type <> 4 AND event_type <> 6
               AND seq < ?1 AND ?3 IS NULL
             ORDER BY seq DESC LIMIT ?2"
        }
    }
}

fn event(row: &Row<'_>, seq: i64) -> Result<LoggedEvent, Failure> {
    let corrupt = |what| Failure::corrupt(format_args!("events {seq}"), what);
    Ok(LoggedEvent {
        job_id: uuid(row, 1).map_err(corrupt)?,
        event_id: uuid(row, 2).map_err(corrupt)?,
        event_type: event_type(row.get(3)?).map_err(corrupt)?,
        occurred_at: moment(row.get(4)?).map_err(corrupt)?,
        body: row.get::<_, Vec<u8>>(5)?.into(),
    })
}

pub(super) fn uuid(row: &Row<'_>, column: usize) -> Result<Uuid, Malformed> {
    let bytes = row.get_ref(column).ok().and_then(|value| value.as_blob().ok());
    let bytes = bytes.ok_or(Malformed::Bad("identifier"))?;
    Uuid::from_slice(bytes).map_err(|_| Malformed::Bad("identifier"))
}
