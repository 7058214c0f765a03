use super::*;
use crate::api::HistoryPayload;
use EventType::{Cancelled, Completed, Created, Executed, Failed, Quarantined, Retrying, Scheduled};
use jiff::Timestamp;

const ID: Uuid = Uuid::from_u128(1);

fn event(event_type: EventType, attempt: u32) -> HistoryEvent {
    HistoryEvent {
        event_id: domain::event_id(ID, attempt, event_type),
        event_type,
        occurred_at: Timestamp::UNIX_EPOCH,
        payload: HistoryPayload {
            attempt,
            ..HistoryPayload::default()
        },
    }
}

/// A consistent job: the row that the history leads to, and a log that holds the same events in another order.
fn facts(status: JobStatus, failures: u32, crashes: u32, history: &[(EventType, u32)]) -> Facts {
    let history: Vec<_> = history
        .iter()
        .map(|(kind, attempt)| event(*kind, *attempt))
        .collect();
    let log = history.iter().rev().map(|event| LogEvent {
        event_id: event.event_id,
        event_type: event.event_type,
        job_id: ID,
    });
    Facts {
        detail: Some(JobDetail {
            status,
            attempt: history
                .iter()
                .map(|event| event.payload.attempt)
                .max()
                .unwrap_or(0),
            failures,
            crashes,
            error: (failures > 0).then(|| "why".to_owned()),
            next_run_at: None,
            run_at: None,
        }),
        log: log.collect(),
        history,
    }
}

fn completed() -> Facts {
    facts(
        JobStatus::Completed,
        0,
        0,
        &[(Created, 0), (Executed, 1), (Completed, 1)],
    )
}

fn judged(expected: Expected, facts: &Facts) -> Vec<(Breach, String)> {
    let findings = job(ID, expected, None, facts);
    findings
        .named()
        .iter()
        .map(|offence| (offence.breach, offence.reason.clone()))
        .collect()
}

fn breaches(facts: &Facts) -> Vec<Breach> {
    judged(Expected::Completed, facts)
        .into_iter()
        .map(|(breach, _)| breach)
        .collect()
}

#[test]
fn lives_by_the_contract_pass() {
    assert_eq!(judged(Expected::Completed, &completed()), []);
    let life = [
        (Created, 0),
        (Executed, 1),
        (Retrying, 1),
        (Executed, 2),
        (Completed, 2),
    ];
    assert_eq!(
        judged(Expected::Completed, &facts(JobStatus::Completed, 0, 1, &life)),
        []
    );
    let life = [
        (Created, 0),
        (Executed, 1),
        (Retrying, 1),
        (Executed, 2),
        (Failed, 2),
    ];
    let timed_out = facts(JobStatus::Failed, 2, 0, &life);
    assert_eq!(judged(Expected::Failed { failures: 2 }, &timed_out), []);
}

#[test]
fn a_quarantined_job_passes_only_after_three_crashes() {
    let life = [
        (Created, 0),
        (Executed, 1),
        (Retrying, 1),
        (Executed, 2),
        (Retrying, 2),
        (Executed, 3),
        (Quarantined, 3),
    ];
    assert_eq!(breaches(&facts(JobStatus::Quarantined, 0, 3, &life)), []);
    let early = facts(
        JobStatus::Quarantined,
        0,
        1,
        &[(Created, 0), (Executed, 1), (Quarantined, 1)],
    );
    assert_eq!(breaches(&early), [Breach::Unexpected]);
}

#[test]
fn an_unknown_job_is_lost() {
    let facts = Facts {
        detail: None,
        history: Vec::new(),
        log: Vec::new(),
    };
    assert_eq!(breaches(&facts), [Breach::Lost]);
}

#[test]
fn a_job_that_has_not_ended_is_lost() {
    let facts = facts(JobStatus::Executing, 0, 0, &[(Created, 0), (Executed, 1)]);
    assert_eq!(breaches(&facts), [Breach::Lost]);
}

#[test]
fn a_second_ending_is_a_duplicated_state() {
    let mut facts = completed();
    facts.history.push(event(Failed, 1));
    assert!(breaches(&facts).contains(&Breach::State));
}

#[test]
fn the_same_transition_twice_is_a_duplicated_state() {
    let mut facts = completed();
    facts.history.insert(1, event(Created, 0));
    assert!(breaches(&facts).contains(&Breach::State));
}

#[test]
fn a_job_that_ran_again_after_its_end_is_found() {
    let mut facts = completed();
    facts.history.push(event(Executed, 2));
    facts.log.push(LogEvent {
        event_id: event(Executed, 2).event_id,
        event_type: Executed,
        job_id: ID,
    });
    assert_eq!(breaches(&facts), [Breach::Unexpected]);
}

#[test]
fn a_job_may_be_cancelled_while_it_waits_and_while_it_runs() {
    for life in [
        &[(Created, 0), (Cancelled, 0)][..],
        &[(Created, 0), (Scheduled, 0), (Cancelled, 0)],
        &[(Created, 0), (Executed, 1), (Cancelled, 1)],
    ] {
        let facts = facts(JobStatus::Cancelled, 0, 0, life);
        assert_eq!(judged(Expected::Cancelled, &facts), [], "{life:?}");
        assert_eq!(judged(Expected::CancelledOrCompleted, &facts), [], "{life:?}");
        assert_eq!(breaches(&facts), [Breach::Unexpected], "{life:?}");
    }
    assert_eq!(judged(Expected::CancelledOrCompleted, &completed()), []);
}

#[test]
fn a_job_that_was_answered_cancelled_and_completed_is_found() {
    let found = judged(Expected::Cancelled, &completed());
    assert_eq!(found.len(), 1);
    assert!(found[0].1.starts_with("COMPLETED after 0 failures"), "{found:?}");
}

#[test]
fn nothing_starts_after_a_cancellation() {
    let life = [(Created, 0), (Cancelled, 0), (Executed, 1), (Cancelled, 1)];
    let found = judged(Expected::Cancelled, &facts(JobStatus::Cancelled, 0, 0, &life));
    assert!(
        found.iter().any(|(breach, _)| *breach == Breach::State),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|(_, why)| why.contains("out of order at job.executed")),
        "{found:?}"
    );
}

#[test]
fn a_job_is_put_off_before_anything_else_happens_to_it() {
    let life = [(Created, 0), (Scheduled, 0), (Executed, 1), (Completed, 1)];
    assert_eq!(breaches(&facts(JobStatus::Completed, 0, 0, &life)), []);
    let late = [(Created, 0), (Executed, 1), (Scheduled, 1), (Completed, 1)];
    assert!(breaches(&facts(JobStatus::Completed, 0, 0, &late)).contains(&Breach::Unexpected));
}

#[test]
fn an_attempt_that_nothing_accounts_for_is_found() {
    let life = [
        (Created, 0),
        (Executed, 1),
        (Retrying, 1),
        (Executed, 2),
        (Completed, 2),
    ];
    let found = judged(Expected::Completed, &facts(JobStatus::Completed, 0, 0, &life));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].1.starts_with("2 attempts, of which 0 failed"),
        "{found:?}"
    );
}

#[test]
fn a_history_out_of_order_is_found() {
    for life in [
        &[(Executed, 1), (Completed, 1)][..],
        &[(Created, 0), (Completed, 1)],
        &[(Created, 0), (Executed, 2), (Completed, 2)],
        &[(Created, 0), (Executed, 1), (Executed, 2), (Completed, 2)],
    ] {
        let found = breaches(&facts(JobStatus::Completed, 0, 0, life));
        assert!(found.contains(&Breach::Unexpected), "{life:?}");
    }
}

#[test]
fn a_history_that_does_not_end_as_the_job_did_is_found() {
    let mut facts = completed();
    facts.detail.as_mut().unwrap().status = JobStatus::Failed;
    assert!(breaches(&facts).contains(&Breach::Unexpected));
    facts.history.clear();
    assert!(breaches(&facts).contains(&Breach::Unexpected));
}

#[test]
fn an_event_twice_in_the_log_is_a_duplicated_event() {
    let mut facts = completed();
    facts.log.push(facts.log[0].clone());
    assert_eq!(breaches(&facts), [Breach::Event]);
}

#[test]
fn an_event_that_never_happened_is_a_duplicated_event() {
    let mut facts = completed();
    facts.log.push(LogEvent {
        event_id: event(Failed, 1).event_id,
        event_type: Failed,
        job_id: ID,
    });
    assert_eq!(breaches(&facts), [Breach::Event]);
}

#[test]
fn an_event_that_the_log_lacks_is_missing() {
    let mut facts = completed();
    facts.log.remove(1);
    assert_eq!(
        judged(Expected::Completed, &facts),
        [(Breach::Missing, "job.executed is not in the event log".to_owned())]
    );
}

#[test]
fn another_end_than_expected_is_unexpected() {
    let failed = facts(
        JobStatus::Failed,
        1,
        0,
        &[(Created, 0), (Executed, 1), (Failed, 1)],
    );
    assert_eq!(breaches(&failed), [Breach::Unexpected]);
    let found = judged(Expected::Failed { failures: 2 }, &failed);
    assert!(found[0].1.contains("FAILED after 1 failures"), "{found:?}");
    assert_eq!(
        judged(Expected::Failed { failures: 1 }, &completed())[0].0,
        Breach::Unexpected
    );
}

#[test]
fn a_failure_without_a_reason_is_unexpected() {
    let mut failed = facts(
        JobStatus::Failed,
        1,
        0,
        &[(Created, 0), (Executed, 1), (Failed, 1)],
    );
    assert_eq!(judged(Expected::Failed { failures: 1 }, &failed), []);
    failed.detail.as_mut().unwrap().error = None;
    assert_eq!(
        judged(Expected::Failed { failures: 1 }, &failed)[0].1,
        "FAILED without a reason"
    );
}

#[test]
fn counters_must_equal_what_they_count() {
    let mut tally = Tally::default();
    for status in [
        JobStatus::Completed,
        JobStatus::Completed,
        JobStatus::Failed,
        JobStatus::Quarantined,
    ] {
        tally.count(status);
    }
    tally.retries = 3;
    let types = |total, completed, failed| TypeStats {
        total,
        completed,
        failed,
    };
    let right = Stats {
        total_jobs: 4,
        completed_jobs: 2,
        failed_jobs: 1,
        quarantined_jobs: 1,
        retries: 3,
        by_type: vec![types(3, 1, 2), types(1, 1, 0)],
        ..Stats::default()
    };
    assert!(counters(4, &tally, &right).is_empty());
    let wrong = Stats {
        total_jobs: 5,
        completed_jobs: 3,
        retries: 2,
        by_type: vec![types(4, 2, 1)],
        ..right
    };
    let findings = counters(4, &tally, &wrong);
    assert_eq!(findings.count(Breach::Counter), 4);
    assert_eq!(findings.named()[0].subject, "totalJobs");
    assert_eq!(findings.named()[0].reason, "says 5, there are 4");
}
