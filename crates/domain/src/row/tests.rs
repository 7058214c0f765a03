use super::*;

fn started() -> Row {
    let mut row = Row::pending(Timestamp::UNIX_EPOCH);
    row.start("w1", 1);
    row
}

fn result(attempt: u32, worker: &str, outcome: Outcome) -> AttemptResult {
    let (job_id, at) = (Uuid::nil(), Timestamp::UNIX_EPOCH);
    AttemptResult {
        job_id,
        attempt,
        worker: worker.into(),
        at,
        run_micros: 0,
        outcome,
        log: Vec::new(),
    }
}

#[test]
fn a_result_under_the_current_token_is_applied_once() {
    let mut row = started();
    let done = result(1, "w1", Outcome::Completed { result: None });
    assert_eq!(row.finish(&done), Some(EventType::Completed));
    assert_eq!(row.finish(&done), None);
    assert!(row.status.is_terminal());
}

#[test]
fn a_result_under_an_old_token_or_of_another_worker_is_refused() {
    let mut row = started();
    let before = row.clone();
    assert_eq!(
        row.finish(&result(0, "w1", Outcome::Completed { result: None })),
        None
    );
    assert_eq!(
        row.finish(&result(1, "w2", Outcome::Completed { result: None })),
        None
    );
    assert_eq!(row, before);
}

#[test]
fn handing_back_counts_neither_failure_nor_crash() {
    let mut row = started();
    let back = result(
        1,
        "w1",
        Outcome::HandedBack {
            run_at: Timestamp::UNIX_EPOCH,
        },
    );
    assert_eq!(row.finish(&back), Some(EventType::Retrying));
    assert_eq!((row.failures, row.crashes, row.attempt), (0, 0, 1));
    assert_eq!(row.wake_at, Some(Timestamp::UNIX_EPOCH));
}

#[test]
fn crashes_retry_until_the_limit_and_then_quarantine() {
    let mut row = started();
    assert_eq!(row.crash(Timestamp::UNIX_EPOCH), EventType::Retrying);
    row.start("w2", 2);
    assert_eq!(row.crash(Timestamp::UNIX_EPOCH), EventType::Retrying);
    row.start("w3", 3);
    assert_eq!(row.crash(Timestamp::UNIX_EPOCH), EventType::Quarantined);
    assert_eq!(
        (row.status, row.wake_at, row.failures),
        (JobStatus::Quarantined, None, 0)
    );
}

#[test]
fn a_waiting_job_is_cancelled_at_once_and_an_ended_one_not_at_all() {
    let mut row = Row::pending(Timestamp::UNIX_EPOCH);
    row.hold(Hold::Paused, None);
    assert_eq!(row.cancel(), Cancelled::Now);
    assert_eq!(
        (row.status, row.wake_at, row.held),
        (JobStatus::Cancelled, None, None)
    );
    assert_eq!(row.cancel(), Cancelled::TooLate);
}

#[test]
fn a_running_job_that_is_to_be_cancelled_starts_no_other_attempt() {
    let again = Outcome::Retry {
        error: "e".into(),
        run_at: Timestamp::UNIX_EPOCH,
    };
    for outcome in [
        again,
        Outcome::HandedBack {
            run_at: Timestamp::UNIX_EPOCH,
        },
    ] {
        let mut row = started();
        assert_eq!(row.cancel(), Cancelled::Requested);
        assert_eq!(row.finish(&result(1, "w1", outcome)), Some(EventType::Cancelled));
        assert_eq!((row.status, row.wake_at), (JobStatus::Cancelled, None));
    }
    let mut row = started();
    row.cancel();
    assert_eq!(row.crash(Timestamp::UNIX_EPOCH), EventType::Cancelled);
}

#[test]
fn a_job_that_is_done_before_it_hears_of_its_cancelling_is_done() {
    let mut row = started();
    row.cancel();
    let done = result(1, "w1", Outcome::Completed { result: None });
    assert_eq!(row.finish(&done), Some(EventType::Completed));
    assert!(!row.cancelling);
}

#[test]
fn an_ended_job_is_revived_unless_it_has_a_result() {
    let mut row = started();
    let failed = Outcome::Failed { error: "e".into() };
    row.finish(&result(1, "w1", failed));
    assert_eq!(row.revive(Timestamp::UNIX_EPOCH), Some(EventType::Retrying));
    assert_eq!((row.attempt, row.failures, row.round), (1, 0, 1));
    assert_eq!(row.revive(Timestamp::UNIX_EPOCH), None, "it waits");
    row.start("w2", 2);
    row.finish(&result(2, "w2", Outcome::Completed { result: None }));
    assert_eq!(row.revive(Timestamp::UNIX_EPOCH), None, "it is done");
}
