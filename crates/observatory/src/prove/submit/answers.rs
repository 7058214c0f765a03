//! What the answers to submissions mean.

use std::ops::Range;

use uuid::Uuid;

use super::{Submission, Verdict};
use crate::api::{BatchAnswer, KeyHeld, quote};
use crate::http_client::{Answer, ClientError};

impl Submission {
    pub(super) fn judge_single(&self, index: u64, answer: Result<Answer<'_>, ClientError>) -> Verdict {
        match answer {
            Ok(Answer {
                status: 202, body, ..
            }) => {
                match serde_json::from_slice(body) {
                    Ok(accepted) => self.accepted(index, &accepted),
                    Err(_) => self.give_up(index..index + 1, &format!("answered 202 {}", quote(body))),
                }
                Verdict::Done
            }
            Ok(Answer {
                status: 409, body, ..
            }) if let Some(holder) = self.holder(index, body) => {
                if self.refused(index, holder) {
                    Verdict::Refused
                } else {
                    Verdict::Done
                }
            }
            other => self.judge_failure(&(index..index + 1), other),
        }
    }

    /// Who holds a job's unique key, if that is why it is refused.
    fn holder(&self, index: u64, body: &[u8]) -> Option<Uuid> {
        let held: KeyHeld = serde_json::from_slice(body).ok()?;
        let wanted = self.plan.key_text(self.plan.key(index)?);
        (held.unique_key == wanted).then_some(held.job_id)
    }

    /// Judges a batch; the jobs whose unique keys are other jobs' are added to `refused`.
    pub(super) fn judge_batch(
        &self,
        range: &Range<u64>,
        answer: Result<Answer<'_>, ClientError>,
        refused: &mut Vec<u64>,
    ) -> Verdict {
        match answer {
            Ok(Answer {
                // Where no job at all is taken because of unique keys, the whole is a conflict.
                status: 200..300 | 409,
                body,
                ..
            }) => {
                match serde_json::from_slice(body) {
                    Ok(answer) => self.batch_items(range, answer, refused),
                    Err(_) => self.give_up(range.clone(), &format!("batch answered with {}", quote(body))),
                }
                Verdict::Done
            }
            other => self.judge_failure(range, other),
        }
    }

    fn batch_items(&self, range: &Range<u64>, answer: BatchAnswer, refused: &mut Vec<u64>) {
        let mut answered = vec![false; range.clone().count()];
        for item in answer.items {
            let Some(slot) = answered.get_mut(item.index) else {
                self.ledger
                    .unexpected("batch", format!("answer for item {}", item.index));
                continue;
            };
            let index = range.start + item.index as u64;
            match (&item.accepted, std::mem::replace(slot, true)) {
                (_, true) => self
                    .ledger
                    .unexpected(self.plan.id(index), "answered twice in a batch"),
                (Some(accepted), false) => self.accepted(index, accepted),
                (None, false) if let Some(holder) = item.holder => {
                    if self.refused(index, holder) {
                        refused.push(index);
                    }
                }
                (None, false) if item.retryable => {
                    self.ledger.turn_away();
                    refused.push(index);
                }
                (None, false) => {
                    let error = item.error.unwrap_or_default();
                    self.give_up(index..index + 1, &format!("refused in a batch: {error}"));
                }
            }
        }
        for (index, _) in range.clone().zip(answered).filter(|(_, answered)| !answered) {
            self.give_up(index..index + 1, "is not in the answer to its batch");
        }
    }

    fn judge_failure(&self, range: &Range<u64>, answer: Result<Answer<'_>, ClientError>) -> Verdict {
        let first = self.plan.id(range.start);
        match answer {
            Ok(Answer {
                status: 429 | 503, ..
            }) => self.ledger.turn_away(),
            Ok(Answer { status, body, .. }) => {
                let reason = format!("answered {status}: {}", quote(body));
                if status < 500 {
                    self.give_up(range.clone(), &reason);
                    return Verdict::Done;
                }
                self.ledger.unexpected(first, reason);
            }
            Err(error @ (ClientError::Silent(_) | ClientError::Unreadable(_))) => {
                self.ledger.unexpected(first, format!("submission: {error}"));
            }
            Err(_) => self.ledger.lost_answer(),
        }
        Verdict::Again
    }
}
