//! A job that was put off must not start before its time.

use std::time::Duration;

use contracts::EventType;
use uuid::Uuid;

use super::{Breach, Findings};
use crate::api::HistoryEvent;

/// Judges when the first attempt started.
pub(super) fn judge(id: Uuid, delay: Option<Duration>, history: &[HistoryEvent], findings: &mut Findings) {
    let first = |kind: EventType| history.iter().find(|event| event.event_type == kind);
    let (Some(delay), Some(created), Some(started)) =
        (delay, first(EventType::Created), first(EventType::Executed))
    else {
        return;
    };
    let waited = started.occurred_at.as_microsecond() - created.occurred_at.as_microsecond();
    let least = i64::try_from(delay.as_micros()).unwrap_or(i64::MAX);
    if waited < least {
        let reason = format!("started {waited} µs after its acceptance, and not {least} µs or more");
        findings.add(Breach::Unexpected, id, reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::HistoryPayload;
    use jiff::Timestamp;

    fn found(delay: Option<Duration>, started: Option<i64>) -> bool {
        let event = |event_type, millis| HistoryEvent {
            event_id: Uuid::nil(),
            event_type,
            occurred_at: Timestamp::from_millisecond(millis).unwrap(),
            payload: HistoryPayload::default(),
        };
        let mut history = vec![event(EventType::Created, 1_000)];
        history.extend(started.map(|at| event(EventType::Executed, at)));
        let mut findings = Findings::default();
        judge(Uuid::nil(), delay, &history, &mut findings);
        !findings.is_empty()
    }

    #[test]
    fn a_job_that_starts_before_its_time_is_found() {
        let second = Some(Duration::from_secs(1));
        assert!(found(second, Some(1_999)));
        assert!(!found(second, Some(2_000)));
        assert!(!found(second, None), "it was cancelled before");
        assert!(!found(None, Some(1_000)));
    }
}
