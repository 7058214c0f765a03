//! The newest events, as followers of this process have read them.
//!
//! Followers are mostly at the end of the log and want the same events: one of them reads, the others find them here.

use std::collections::VecDeque;

use ports::LoggedEvent;

/// How many places are remembered at most.
const PLACES: usize = 4_096;
/// How many bytes of events are remembered at most, but for the latest event.
const BYTES: usize = 16 * 1024 * 1024;

/// What is at the places behind `from`, without a gap.
#[derive(Debug, Default)]
pub(crate) struct Tail {
    from: i64,
    /// An event, or nothing where a place is filled.
    places: VecDeque<Option<LoggedEvent>>,
    bytes: usize,
}

impl Tail {
    /// A tail in which there is nothing yet, behind `position`.
    pub(crate) fn behind(position: i64) -> Self {
        Self {
            from: position,
            ..Self::default()
        }
    }

    /// The place before the first one that is remembered.
    pub(crate) fn from(&self) -> i64 {
        self.from
    }

    /// The last place that is remembered.
    pub(crate) fn end(&self) -> i64 {
        self.from + i64::try_from(self.places.len()).unwrap_or(i64::MAX)
    }

    /// Remembers what is at the next place.
    pub(crate) fn push(&mut self, place: Option<LoggedEvent>) {
        self.bytes += size(place.as_ref());
        self.places.push_back(place);
        while self.places.len() > 1 && (self.places.len() > PLACES || self.bytes > BYTES) {
            self.forget_one();
        }
    }

    fn forget_one(&mut self) {
        if let Some(place) = self.places.pop_front() {
            self.from += 1;
            self.bytes -= size(place.as_ref());
        }
    }

    /// Forgets what is up to `position`.
    pub(crate) fn forget(&mut self, position: i64) {
        while self.from < position && !self.places.is_empty() {
            self.forget_one();
        }
    }

    /// Goes on behind `position` and forgets everything before.
    pub(crate) fn skip_to(&mut self, position: i64) {
        *self = Self::behind(position);
    }

    /// The events behind `position`, at most `limit`, and the place up to which they were taken.
    pub(crate) fn take(&self, position: i64, limit: usize) -> (Vec<LoggedEvent>, i64) {
        let mut seen = position.max(self.from);
        let skipped = usize::try_from(seen - self.from).unwrap_or(usize::MAX);
        let mut events = Vec::new();
        for place in self.places.iter().skip(skipped) {
            if events.len() == limit {
                break;
            }
            events.extend(place.clone());
            seen += 1;
        }
        (events, seen)
    }
}

fn size(place: Option<&LoggedEvent>) -> usize {
    place.map_or(0, |event| event.body.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use contracts::EventType;
    use jiff::Timestamp;
    use uuid::Uuid;

    fn event(number: i64, size: usize) -> LoggedEvent {
        LoggedEvent {
            event_id: Uuid::from_u128(number.unsigned_abs().into()),
            job_id: Uuid::nil(),
            event_type: EventType::Created,
            occurred_at: Timestamp::UNIX_EPOCH,
            body: Bytes::from(vec![b' '; size]),
        }
    }

    #[test]
    fn events_are_taken_from_any_place_on() {
        let mut tail = Tail::behind(10);
        for number in 11..=15 {
            tail.push((number != 13).then(|| event(number, 1)));
        }
        assert_eq!(tail.end(), 15);
        let numbers = |position, limit| {
            let (events, seen) = tail.take(position, limit);
            let numbers = events.iter().map(|event| event.event_id.as_u128());
            (numbers.collect::<Vec<_>>(), seen)
        };
        assert_eq!(numbers(10, 2), (vec![11, 12], 12));
        assert_eq!(numbers(12, 1), (vec![14], 14));
        assert_eq!(numbers(15, 5), (vec![], 15));
        assert_eq!(numbers(3, 1), (vec![11], 11));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut tail = Tail::default();
        for number in 0..10_000 {
            tail.push(Some(event(number, 1)));
        }
        assert_eq!((tail.end(), tail.places.len()), (10_000, PLACES));
        tail.push(Some(event(1, BYTES + 1)));
        assert_eq!((tail.end(), tail.from()), (10_001, 10_000), "the latest stays");
        tail.push(None);
        assert_eq!((tail.end(), tail.from(), tail.bytes), (10_002, 10_001, 0));
    }

    #[test]
    fn what_was_pruned_is_forgotten() {
        let mut tail = Tail::behind(0);
        for number in 1..=4 {
            tail.push(Some(event(number, 1)));
        }
        tail.forget(3);
        assert_eq!((tail.from(), tail.end()), (3, 4));
        tail.forget(9);
        assert_eq!((tail.from(), tail.end(), tail.bytes), (4, 4, 0));
    }
}
