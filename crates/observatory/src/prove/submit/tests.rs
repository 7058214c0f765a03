use super::*;
use crate::http_client::{Answer, ClientError};
use crate::prove::findings::Breach;

fn submission() -> Submission {
    Submission::new(Plan::new(1, 100), Target::local(1), Target::local(1))
}

fn answer(status: u16, body: &str) -> Answer<'_> {
    let body = body.as_bytes();
    Answer {
        status,
        body,
        head: b"",
    }
}

fn accepted(submission: &Submission, index: u64) -> String {
    let (id, event) = (submission.plan.id(index), submission.plan.created_event(index));
    format!(r#"{{"jobId":"{id}","eventId":"{event}"}}"#)
}

fn unexpected(submission: &Submission) -> u64 {
    submission.ledger.findings().count(Breach::Unexpected)
}

#[test]
fn a_202_is_an_acceptance() {
    let submission = submission();
    let body = accepted(&submission, 7);
    assert!(matches!(
        submission.judge_single(7, Ok(answer(202, &body))),
        Verdict::Done
    ));
    assert!(submission.ledger.is_accepted(7));
    assert_eq!(unexpected(&submission), 0);
}

#[test]
fn a_202_for_another_job_or_event_is_unexpected() {
    let submission = submission();
    let body = accepted(&submission, 8);
    submission.judge_single(7, Ok(answer(202, &body)));
    assert_eq!(unexpected(&submission), 2);
}

#[test]
fn lost_answers_and_back_pressure_are_asked_again_without_blame() {
    let submission = submission();
    let lost = submission.judge_single(1, Err(ClientError::Closed));
    assert!(matches!(lost, Verdict::Again));
    assert!(matches!(
        submission.judge_single(1, Ok(answer(503, ""))),
        Verdict::Again
    ));
    assert_eq!(
        (submission.ledger.unanswered(), submission.ledger.turned_away()),
        (1, 1)
    );
    assert_eq!(unexpected(&submission), 0);
}

#[test]
fn errors_and_silence_are_unexpected() {
    let submission = submission();
    assert!(matches!(
        submission.judge_single(1, Ok(answer(400, "no"))),
        Verdict::Done
    ));
    assert!(matches!(
        submission.judge_single(2, Ok(answer(500, "oh"))),
        Verdict::Again
    ));
    let silent = submission.judge_single(3, Err(ClientError::Silent(ANSWER_LIMIT)));
    assert!(matches!(silent, Verdict::Again));
    assert_eq!(unexpected(&submission), 3);
    assert_eq!(submission.ledger.settled(), 1);
}

#[test]
fn each_job_of_a_batch_gets_its_own_verdict() {
    let submission = submission();
    let item =
        |place: u64| accepted(&submission, 25 + place).replacen('{', &format!(r#"{{"index":{place},"#), 1);
    let body = format!(
        r#"{{"items":[{},{},{{"index":2,"error":"no"}}],"accepted":2,"rejected":1}}"#,
        item(0),
        item(1)
    );
    assert!(matches!(
        submission.judge_batch(&(25..29), Ok(answer(202, &body)), &mut Vec::new()),
        Verdict::Done
    ));
    assert_eq!(submission.ledger.accepted(), 2);
    let reasons: Vec<_> = submission
        .ledger
        .findings()
        .named()
        .iter()
        .map(|o| o.reason.clone())
        .collect();
    assert_eq!(
        reasons,
        [r#"refused in a batch: "no""#, "is not in the answer to its batch"]
    );
    assert_eq!(submission.ledger.settled(), 4);
}

/// The first two jobs of a plan that want the same unique key.
fn rivals(plan: &Plan) -> (u64, u64) {
    let of_first = |index: &u64| plan.key(*index) == Some(0);
    let mut rivals = (0..100).filter(of_first);
    (rivals.next().unwrap(), rivals.next().unwrap())
}

fn held(submission: &Submission, holder: u64) -> String {
    let (holder, key) = (submission.plan.id(holder), submission.plan.key_text(0));
    format!(r#"{{"title":"Unique key held","status":409,"jobId":"{holder}","uniqueKey":"{key}"}}"#)
}

#[test]
fn a_key_that_a_rival_holds_is_an_answer_and_the_job_comes_again() {
    let submission = submission();
    let (one, other) = rivals(&submission.plan);
    let body = held(&submission, other);
    assert_eq!(
        submission.judge_single(one, Ok(answer(409, &body))),
        Verdict::Refused
    );
    assert_eq!(
        (submission.ledger.refusals(), submission.ledger.settled()),
        (1, 1)
    );
    submission.ledger.accept(one);
    let again = submission.judge_single(one, Ok(answer(409, &body)));
    assert_eq!(
        again,
        Verdict::Done,
        "a repetition of an accepted job need not come again"
    );
    assert_eq!(unexpected(&submission), 0);
}

#[test]
fn a_holder_that_does_not_want_the_key_is_unexpected() {
    let submission = submission();
    let (one, _) = rivals(&submission.plan);
    for stranger in [one, 1_000] {
        submission.judge_single(one, Ok(answer(409, &held(&submission, stranger))));
    }
    assert_eq!(unexpected(&submission), 2);
}

#[test]
fn a_conflict_about_anything_else_is_unexpected() {
    let submission = submission();
    let (one, other) = rivals(&submission.plan);
    assert_eq!(submission.judge_single(one, Ok(answer(409, "{}"))), Verdict::Done);
    let plain = (0..100)
        .find(|index| submission.plan.key(*index).is_none())
        .unwrap();
    submission.judge_single(plain, Ok(answer(409, &held(&submission, other))));
    assert_eq!(unexpected(&submission), 2);
}

#[test]
fn a_job_of_a_batch_whose_key_is_held_comes_again_alone() {
    let submission = submission();
    let (one, other) = rivals(&submission.plan);
    let holder = submission.plan.id(other);
    let body = format!(
        r#"{{"items":[{{"index":0,"error":"held","holder":"{holder}"}}],"accepted":0,"rejected":1}}"#
    );
    let mut refused = Vec::new();
    for status in [202, 409] {
        submission.judge_batch(&(one..one + 1), Ok(answer(status, &body)), &mut refused);
    }
    assert_eq!((refused, unexpected(&submission)), (vec![one, one], 0));
}

#[test]
fn a_job_of_a_batch_that_is_put_off_comes_again() {
    let submission = submission();
    let mut refused = Vec::new();
    let body = r#"{"items":[{"index":0,"error":"the job store is away","retryable":true}],"accepted":0,"rejected":1}"#;
    let verdict = submission.judge_batch(&(3..4), Ok(answer(200, body)), &mut refused);
    assert!(matches!(verdict, Verdict::Done));
    assert_eq!(refused, [3]);
    assert_eq!(submission.ledger.turned_away(), 1);
    assert_eq!(unexpected(&submission), 0);
}
