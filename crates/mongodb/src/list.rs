//! Lists of events, newest first.

use mongodb::bson::doc;
use ports::{Cursor, EventQuery, LoggedEvent, Page, StoreError};

use crate::document::{self, EVENTS};
use crate::log::{Log, find};
use crate::place::Pages;

/// A page of the events that `query` lets through.
pub(crate) async fn list(
    log: &Log,
    query: &EventQuery,
    cursor: Option<&Cursor>,
    limit: usize,
) -> Result<Page<LoggedEvent>, StoreError> {
    let before = Pages::Events.read(cursor)?;
    let mut filter = doc! { "position": { "$lt": before } };
    if let Some(job_id) = query.job_id {
        filter.insert("jobid", job_id.to_string());
    }
    match query.event_type {
        Some(event_type) => filter.insert("eventtype", event_type.as_str()),
        // What fills a place has no type.
        None => filter.insert("eventtype", doc! { "$exists": true }),
    };
    let order = doc! { "position": -1 };
    let mut found = find(&log.events, filter, order, limit.saturating_add(1)).await?;
    let is_full = found.len() > limit;
    found.truncate(limit);
    let last = found
        .last()
        .map(|document| document::position(EVENTS, document))
        .transpose()?;
    let mut items = Vec::with_capacity(found.len());
    for document in &found {
        items.extend(document::event(document)?);
    }
    Ok(Page {
        items,
        next: is_full.then(|| Pages::Events.write(last.unwrap_or(before))),
    })
}
