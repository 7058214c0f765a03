//! Withdraws jobs that were accepted.

use std::time::Duration;

use contracts::JobStatus;
use tokio::time::{Instant, sleep};

use super::{Submission, Verdict, pause};
use crate::api::{ReadModel, quote};
use crate::http_client::{Answer, ClientError, Session};
use crate::prove::notes::Withdrawal;
use crate::prove::plan::Kind;

/// How often it is looked whether a job runs.
const LOOK: Duration = Duration::from_millis(10);

impl Submission {
    /// Withdraws a job, at once or when it runs, until there is an answer that counts.
    pub(super) async fn withdraw(&self, gateway: &mut Session, read_model: &mut ReadModel, index: u64) {
        let since = Instant::now();
        let until = since + self.patience;
        if self.plan.kind(index) == Kind::Interrupted {
            self.wait_until_it_runs(read_model, index, until).await;
        }
        let path = format!("/jobs/{}/cancel", self.plan.id(index));
        loop {
            let answer = gateway.post(&path, "application/json", b"").await;
            if self.judge_withdrawal(index, answer) == Verdict::Done {
                return;
            }
            if Instant::now() > until {
                let reason = "its cancellation was never answered";
                return self.ledger.unexpected(self.plan.id(index), reason);
            }
            sleep(pause(since)).await;
        }
    }

    async fn wait_until_it_runs(&self, read_model: &mut ReadModel, index: u64, until: Instant) {
        let id = self.plan.id(index);
        while Instant::now() < until {
            let status = read_model.job(id).await.ok().flatten().map(|job| job.status);
            if status.is_some_and(|status| status == JobStatus::Executing || status.is_terminal()) {
                return;
            }
            sleep(LOOK).await;
        }
    }

    fn judge_withdrawal(&self, index: u64, answer: Result<Answer<'_>, ClientError>) -> Verdict {
        let id = self.plan.id(index);
        let word = match answer {
            Ok(Answer { status: 200, .. }) => Withdrawal::Done,
            Ok(Answer { status: 202, .. }) => Withdrawal::Requested,
            Ok(Answer { status: 409, .. }) => Withdrawal::TooLate,
            // One that was accepted a moment ago may not be known yet.
            Ok(Answer {
                status: 404 | 429 | 503,
                ..
            }) => return Verdict::Again,
            Ok(Answer { status, body, .. }) => {
                let reason = format!("cancellation answered {status}: {}", quote(body));
                self.ledger.unexpected(id, reason);
                return if status < 500 {
                    Verdict::Done
                } else {
                    Verdict::Again
                };
            }
            Err(error @ (ClientError::Silent(_) | ClientError::Unreadable(_))) => {
                self.ledger.unexpected(id, format!("cancellation: {error}"));
                return Verdict::Again;
            }
            Err(_) => return Verdict::Again,
        };
        self.notes.withdrawn(index, word);
        Verdict::Done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http_client::Target;
    use crate::prove::plan::{Expected, Plan};

    fn judged(status: u16) -> (Verdict, Option<Withdrawal>, bool) {
        let target = Target::local(1);
        let submission = Submission::new(Plan::new(1, 100), target.clone(), target);
        let verdict = submission.judge_withdrawal(
            7,
            Ok(Answer {
                status,
                body: b"",
                head: b"",
            }),
        );
        let fine = submission.ledger.findings().is_empty();
        (verdict, submission.notes.withdrawal(7), fine)
    }

    #[test]
    fn an_answer_is_noted_and_what_may_pass_is_asked_again() {
        assert_eq!(judged(200), (Verdict::Done, Some(Withdrawal::Done), true));
        assert_eq!(judged(202), (Verdict::Done, Some(Withdrawal::Requested), true));
        assert_eq!(judged(409), (Verdict::Done, Some(Withdrawal::TooLate), true));
        assert_eq!(judged(404), (Verdict::Again, None, true));
        assert_eq!(judged(500), (Verdict::Again, None, false));
        assert_eq!(judged(400), (Verdict::Done, None, false));
    }

    #[test]
    fn a_job_that_was_answered_cancelled_must_be() {
        let target = Target::local(1);
        let submission = Submission::new(Plan::new(1, 1_000), target.clone(), target);
        let index = (0..1_000)
            .find(|index| matches!(submission.plan.kind(*index), Kind::Withdrawn(_)))
            .unwrap();
        assert_eq!(submission.expected(index), Expected::CancelledOrCompleted);
        submission.notes.withdrawn(index, Withdrawal::Done);
        assert_eq!(submission.expected(index), Expected::Cancelled);
    }
}
