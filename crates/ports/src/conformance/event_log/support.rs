//! Events that are told apart by a number.

use std::sync::Arc;

use bytes::Bytes;
use contracts::{DeadLetter, EventType};
use domain::{Clock, SystemClock};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::super::wait::within;
use crate::{Cursor, EventLog, EventQuery, Followed, LetterState, LoggedEvent, Page, StoredDeadLetter};

/// What the cases of this suite are given.
pub(super) type LogHarness = dyn super::super::Harness<dyn EventLog>;

/// No conditions.
pub(super) const ALL: EventQuery = EventQuery {
    job_id: None,
    event_type: None,
};

/// Event or letter `number`'s identifier; such identifiers do not sort by number.
pub(super) fn id(number: u64) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, &number.to_be_bytes())
}

/// The job of event `number`: three jobs take turns.
pub(super) fn job_of(number: u64) -> Uuid {
    Uuid::from_u128(u128::from(number % 3))
}

/// Event `number`: all types take turns.
pub(super) fn event(number: u64) -> LoggedEvent {
    let types = EventType::ALL;
    let turn = usize::try_from(number).unwrap_or(0) % types.len();
    LoggedEvent {
        event_id: id(number),
        job_id: job_of(number),
        event_type: types[turn],
        occurred_at: moment(1_760_000_000_123_456 + number.cast_signed()),
        body: Bytes::from(format!("{{\"eventId\":\"{}\",\"number\":{number}}}", id(number))),
    }
}

/// Events `numbers`.
pub(super) fn events(numbers: std::ops::Range<u64>) -> Vec<LoggedEvent> {
    numbers.map(event).collect()
}

/// A moment by its microsecond.
pub(super) fn moment(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX)
}

/// An hour before or after now, by the machine's clock, which adapters keep time by.
pub(super) fn hours_from_now(hours: i64) -> Timestamp {
    SystemClock
        .now()
        .saturating_add(SignedDuration::from_hours(hours))
        .unwrap_or(Timestamp::MAX)
}

/// Letter `number`, open.
pub(super) fn letter(number: u64) -> StoredDeadLetter {
    StoredDeadLetter {
        id: id(number),
        letter: DeadLetter {
            original_event: serde_json::json!({ "number": number, "odd": "\u{0}\u{1f980}'\"", "none": null }),
            validation_error: format!("number {number} has no meaning"),
            rejected_at: moment(1_760_000_000_654_321),
            correlation_id: number.is_multiple_of(2).then(|| "c-1".to_owned()),
            service: "processor".to_owned(),
            service_version: number.is_multiple_of(3).then(|| "1.2.3".to_owned()),
        },
        state: LetterState::Open,
    }
}

/// Letters `numbers`.
pub(super) fn letters(numbers: std::ops::Range<u64>) -> Vec<StoredDeadLetter> {
    numbers.map(letter).collect()
}

/// A log whose calls succeed within the limit, or fail the case.
#[derive(Clone)]
pub(super) struct Log(pub(super) Arc<dyn EventLog>);

impl Log {
    pub(super) async fn fresh(harness: &LogHarness) -> Self {
        Self(harness.fresh().await)
    }

    /// Crashes and comes back.
    pub(super) async fn reopen(self, harness: &LogHarness) -> Self {
        drop(self);
        Self(harness.reopen().await)
    }

    pub(super) async fn append(&self, events: Vec<LoggedEvent>) -> usize {
        within("appending", self.0.append(events)).await
    }

    pub(super) async fn page(
        &self,
        query: &EventQuery,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Page<LoggedEvent> {
        let page = within("reading", self.0.events(query, cursor, limit)).await;
        assert!(
            page.items.len() <= limit,
            "a page of {} where {limit} were asked for",
            page.items.len()
        );
        page
    }

    /// The whole list, in pages of `limit`.
    pub(super) async fn read(&self, query: &EventQuery, limit: usize) -> Vec<LoggedEvent> {
        let (mut all, mut cursor) = (Vec::new(), None);
        loop {
            let page = self.page(query, cursor.as_ref(), limit).await;
            assert!(
                !page.items.is_empty() || page.next.is_none(),
                "an empty page in the middle of a list"
            );
            all.extend(page.items);
            assert!(all.len() <= 100_000, "the list does not end");
            match page.next {
                Some(next) => cursor = Some(next),
                None => return all,
            }
        }
    }

    /// What comes after `after`, at most `limit`.
    pub(super) async fn follow(&self, after: Option<&Cursor>, limit: usize) -> Followed {
        let followed = within("following", self.0.follow(after, limit)).await;
        let count = followed.events.len();
        assert!(count <= limit, "{count} events where {limit} were asked for");
        followed
    }

    pub(super) async fn append_letters(&self, letters: Vec<StoredDeadLetter>) -> usize {
        within("appending dead letters", self.0.append_dead_letters(letters)).await
    }

    pub(super) async fn letter(&self, id: Uuid) -> Option<StoredDeadLetter> {
        within("reading a dead letter", self.0.dead_letter(id)).await
    }

    pub(super) async fn settle(&self, ids: Vec<Uuid>, state: LetterState) -> Vec<Uuid> {
        within("settling dead letters", self.0.settle_dead_letters(ids, state)).await
    }

    pub(super) async fn open_letters(&self) -> u64 {
        within("counting open dead letters", self.0.open_dead_letters()).await
    }

    /// All dead letters, in pages of `limit`.
    pub(super) async fn read_letters(&self, limit: usize) -> Vec<StoredDeadLetter> {
        self.read_letters_of(None, limit).await
    }

    /// The dead letters of one state or all, in pages of `limit`.
    pub(super) async fn read_letters_of(
        &self,
        state: Option<LetterState>,
        limit: usize,
    ) -> Vec<StoredDeadLetter> {
        let (mut all, mut cursor): (Vec<_>, Option<Cursor>) = (Vec::new(), None);
        loop {
            let page = self.0.dead_letters(state, cursor.as_ref(), limit);
            let page = within("reading dead letters", page).await;
            assert!(
                page.items.len() <= limit,
                "a page of {} where {limit} were asked for",
                page.items.len()
            );
            all.extend(page.items);
            assert!(all.len() <= 100_000, "the list does not end");
            match page.next {
                Some(next) => cursor = Some(next),
                None => return all,
            }
        }
    }

    pub(super) async fn prune(&self, before: Timestamp, limit: usize) -> usize {
        within("pruning", self.0.prune(before, limit)).await
    }
}
