//! Events as `scripts/apply.lua` reads them.

use std::collections::{BTreeMap, HashMap};

use contracts::EventType;
use domain::fingerprint::Fingerprint;
use jiff::Timestamp;
use ports::{MAX_ERROR_GROUPS, OTHER_TYPES, StatEvent};
use redis::{Script, ScriptInvocation};

use crate::time;

/// How many job types are told apart in storage: many more than a snapshot shows, so that the busiest are
/// right whatever the order, and still a bound on what clients can make us keep.
const STORED_TYPES: usize = 10_000;

/// The size of an event in [`Batch::events`].
const EVENT: usize = 35;

/// A batch in the form that is cheapest for the script: fixed-size records, and every text once.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Batch<'e> {
    events: Vec<u8>,
    errors: Vec<u8>,
    types: Vec<&'e str>,
    groups: Vec<(Fingerprint, &'e str)>,
}

impl<'e> Batch<'e> {
    /// Events, of which there are no more than numbers of 16 bits can tell apart.
    pub(crate) fn new(events: &'e [StatEvent]) -> Self {
        let mut batch = Self {
            events: Vec::with_capacity(events.len() * EVENT),
            ..Self::default()
        };
        let groups = batch.number_groups(events);
        let (mut types, mut errors) = (HashMap::new(), 0);
        for event in events {
            let group = event.failure.as_ref().map(|failure| groups[&failure.fingerprint]);
            let error = group.map_or(0, |group| {
                batch.put_error(group, event);
                errors += 1;
                errors
            });
            let job_type = *types.entry(event.job_type.as_str()).or_insert_with(|| {
                batch.types.push(&event.job_type);
                number(batch.types.len())
            });
            batch.put_event(event, job_type, error);
        }
        batch
    }

    /// Numbers the groups of errors from 1 on, by fingerprint: where not all find room, that decides.
    fn number_groups(&mut self, events: &'e [StatEvent]) -> BTreeMap<Fingerprint, u16> {
        let failures = events.iter().filter_map(|event| event.failure.as_ref());
        let titles: BTreeMap<_, &str> = failures
            .map(|failure| (failure.fingerprint, failure.title.as_str()))
            .collect();
        self.groups = titles.into_iter().collect();
        let numbers = self.groups.iter().zip(1..);
        numbers.map(|((fingerprint, _), at)| (*fingerprint, at)).collect()
    }

    fn put_event(&mut self, event: &StatEvent, job_type: u16, error: u16) {
        let (second, micro) = time::parts(event.at);
        let out = &mut self.events;
        out.extend_from_slice(event.event_id.as_bytes());
        out.push(kind(event.event_type));
        out.push(event.attempt_ended.into());
        out.push(tally(event.event_type));
        out.extend_from_slice(&job_type.to_be_bytes());
        out.extend_from_slice(&second.to_be_bytes());
        out.extend_from_slice(&micro.to_be_bytes());
        out.extend_from_slice(&error.to_be_bytes());
    }

    fn put_error(&mut self, group: u16, event: &StatEvent) {
        self.errors.extend_from_slice(&group.to_be_bytes());
        self.errors.extend_from_slice(time::text(event.at).as_bytes());
        let job = event.job_id.simple().to_string();
        self.errors.extend_from_slice(job.as_bytes());
    }

    /// The call of the script.
    pub(crate) fn call<'s>(&self, script: &'s Script, prefix: &str, now: Timestamp) -> ScriptInvocation<'s> {
        let mut call = script.key(prefix);
        call.arg(now.as_microsecond())
            .arg(STORED_TYPES)
            .arg(MAX_ERROR_GROUPS)
            .arg(OTHER_TYPES)
            .arg(self.events.as_slice())
            .arg(self.errors.as_slice());
        call.arg(EventType::ALL.len());
        for event_type in EventType::ALL {
            call.arg(event_type.as_str());
        }
        call.arg(self.types.len());
        for job_type in &self.types {
            call.arg(*job_type);
        }
        call.arg(self.groups.len() * 2);
        for (fingerprint, title) in &self.groups {
            call.arg(fingerprint.to_string()).arg(*title);
        }
        call
    }
}

fn number(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// The place of a type among all, from 1 on.
fn kind(event_type: EventType) -> u8 {
    let place = EventType::ALL.iter().position(|other| *other == event_type);
    place.map_or(0, |place| u8::try_from(place + 1).unwrap_or(0))
}

/// What is counted per job type and per minute: created, completed, failed or nothing.
fn tally(event_type: EventType) -> u8 {
    match event_type {
        EventType::Created => 1,
        EventType::Completed => 2,
        EventType::Failed | EventType::Quarantined => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ports::Failure;
    use uuid::Uuid;

    fn event(id: u128, job_type: &str, cause: Option<u64>) -> StatEvent {
        StatEvent {
            event_id: Uuid::from_u128(id),
            job_id: Uuid::from_u128(7),
            job_type: job_type.to_owned(),
            event_type: EventType::Failed,
            attempt_ended: true,
            at: Timestamp::from_microsecond(-1).unwrap(),
            failure: cause.map(|cause| Failure {
                fingerprint: Fingerprint(cause),
                title: format!("cause {cause}"),
            }),
        }
    }

    #[test]
    fn every_text_is_sent_once_and_groups_go_by_fingerprint() {
        let events = [
            event(1, "b", Some(9)),
            event(2, "a", Some(3)),
            event(3, "b", None),
            event(4, "a", Some(9)),
        ];
        let batch = Batch::new(&events);
        assert_eq!(batch.types, ["b", "a"]);
        assert_eq!(
            batch.groups,
            [(Fingerprint(3), "cause 3"), (Fingerprint(9), "cause 9")]
        );
        let records: Vec<_> = batch.events.chunks(EVENT).collect();
        let references = records.iter().map(|record| (record[20], record[34]));
        assert_eq!(references.collect::<Vec<_>>(), [(1, 1), (2, 2), (1, 0), (2, 3)]);
        let groups = batch.errors.chunks(53).map(|record| record[1]);
        assert_eq!(groups.collect::<Vec<_>>(), [2, 1, 2]);
    }

    #[test]
    fn an_event_is_a_record_of_fixed_size() {
        let events = [event(1, "a", None)];
        let record = Batch::new(&events).events;
        assert_eq!(record.len(), EVENT);
        let (head, tail) = record.split_at(16);
        assert_eq!(head, Uuid::from_u128(1).as_bytes());
        let seconds = (-1_i64).to_be_bytes();
        let micros = 999_999_u32.to_be_bytes();
        assert_eq!(tail, [&[7, 1, 3, 0, 1][..], &seconds, &micros, &[0, 0]].concat());
    }

    #[test]
    fn nothing_is_an_empty_batch() {
        assert_eq!(Batch::new(&[]), Batch::default());
    }
}
