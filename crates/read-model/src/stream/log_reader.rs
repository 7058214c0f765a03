//! Reads the event log forward, in pages of a bounded weight.

use std::sync::Arc;
use std::time::Duration;

use ports::{Cursor, EventLog, Followed, StoreError};

use super::hub::late;
use super::item::Item;
use super::place::Place;

/// The most events of a page.
const MOST_EVENTS: usize = 500;

/// The fewest, however heavy they are.
const FEWEST_EVENTS: usize = 16;

/// What a page should weigh at most, in bytes; it is kept as far as the events are like those of the page before.
const WEIGHT: usize = 1024 * 1024;

/// One reader of the log, at its own pace.
pub(super) struct LogReader {
    log: Arc<dyn EventLog>,
    time: Duration,
    /// How many events the next page may have.
    next: usize,
}

/// Some events in their order.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) items: Vec<Item>,
    /// Where the next page begins.
    pub(super) after: Cursor,
    /// Whether there was nothing behind them when they were read.
    pub(super) is_last: bool,
}

impl LogReader {
    /// A reader that waits for `time` at most.
    pub(super) fn new(log: Arc<dyn EventLog>, time: Duration) -> Self {
        Self {
            log,
            time,
            next: MOST_EVENTS,
        }
    }

    /// The events behind a place; without one none, and the present end of the log.
    pub(super) async fn page(&mut self, after: Option<&Cursor>) -> Result<Page, StoreError> {
        let limit = self.next;
        let followed = tokio::time::timeout(self.time, self.log.follow(after, limit)).await;
        let followed = followed.unwrap_or_else(|_| Err(late()))?;
        self.next = next_limit(&followed);
        Ok(page(after, followed, limit))
    }
}

fn page(before: Option<&Cursor>, followed: Followed, limit: usize) -> Page {
    let Followed { events, cursor } = followed;
    let is_last = events.len() < limit;
    let last = events.len().saturating_sub(1);
    let place = |at: usize, event| match before {
        Some(before) if at < last => Place::inside(before.clone(), event),
        _ => Place::behind(cursor.clone()),
    };
    let items = events.into_iter().enumerate();
    let items = items
        .map(|(at, event)| {
            let place = place(at, event.event_id);
            Item::new(event, place)
        })
        .collect();
    Page {
        items,
        after: cursor,
        is_last,
    }
}

/// How many events of the same weight fit into a page.
fn next_limit(followed: &Followed) -> usize {
    let weight: usize = followed.events.iter().map(|event| event.body.len()).sum();
    let fitting = (WEIGHT * followed.events.len())
        .checked_div(weight)
        .unwrap_or(MOST_EVENTS);
    fitting.clamp(FEWEST_EVENTS, MOST_EVENTS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use contracts::EventType;
    use jiff::Timestamp;
    use ports::LoggedEvent;
    use uuid::Uuid;

    fn followed(sizes: &[usize]) -> Followed {
        let event = |(number, size): (u128, &usize)| LoggedEvent {
            event_id: Uuid::from_u128(number),
            job_id: Uuid::nil(),
            event_type: EventType::Created,
            occurred_at: Timestamp::UNIX_EPOCH,
            body: vec![b' '; *size].into(),
        };
        Followed {
            events: (0..).zip(sizes).map(event).collect(),
            cursor: Cursor::new("end"),
        }
    }

    #[test]
    fn heavy_events_make_short_pages_and_light_ones_long_pages() {
        assert_eq!(next_limit(&followed(&[])), MOST_EVENTS);
        assert_eq!(next_limit(&followed(&[0, 0])), MOST_EVENTS);
        assert_eq!(next_limit(&followed(&[700; 500])), MOST_EVENTS);
        assert_eq!(next_limit(&followed(&[8 * 1024; 10])), 128);
        assert_eq!(next_limit(&followed(&[1024 * 1024; 3])), FEWEST_EVENTS);
    }

    #[test]
    fn only_the_last_event_of_a_page_is_at_a_cursor_of_the_log() {
        let before = Cursor::new("begin");
        let page = page(Some(&before), followed(&[2, 2, 2]), 3);
        assert!(!page.is_last);
        let ids: Vec<String> = page
            .items
            .iter()
            .map(|item| frame_id(&item.entry().frame))
            .collect();
        assert_eq!(
            ids,
            [
                "begin~00000000000000000000000000000000",
                "begin~00000000000000000000000000000001",
                "end"
            ]
        );
    }

    fn frame_id(frame: &[u8]) -> String {
        let text = String::from_utf8_lossy(frame);
        let line = text.lines().find_map(|line| line.strip_prefix("id: "));
        line.unwrap().to_owned()
    }
}
