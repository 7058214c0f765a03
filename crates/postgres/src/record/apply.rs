//! Results that are applied by the rules, with rows under lock.

use std::collections::HashSet;

use domain::AttemptResult;
use uuid::Uuid;

use super::{Applied, finish, repeated};
use crate::core::{Operation, Session};
use crate::error::Failure;
use crate::insert::Starter;
use crate::unique::{Ended, Keys, release};
use crate::work::{Done, Work};

/// Applies results in order; each is answered by what it has come to, or by nothing where it is stale.
pub(super) struct Apply<'a> {
    pub(super) results: Vec<&'a AttemptResult>,
}

impl Operation for Apply<'_> {
    type Answer = Done<Vec<Option<Applied>>>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Self::Answer, Failure> {
        let ids: Vec<Uuid> = self.results.iter().map(|result| result.job_id).collect();
        session.lock_keys_of(&ids).await?;
        let mut work = session.lock_rows(&ids).await?;
        let mut claims = Vec::new();
        let mut ended = Vec::new();
        let mut answers = Vec::new();
        for result in &self.results {
            let applied = apply(&mut work, result, &mut claims)?;
            ended.extend(
                applied
                    .as_ref()
                    .and_then(|_| Ended::of(work.get(&result.job_id)?)),
            );
            answers.push(applied);
        }
        work.write(session.connection, Starter::NOBODY).await?;
        let handed_on = release(session, &ended).await?;
        let passed_on = passed_on(session, &ended).await?;
        for applied in answers.iter_mut().flatten() {
            applied.hands_key_on = handed_on.contains(&applied.job_id) || passed_on.contains(&applied.job_id);
        }
        Ok(Done {
            ended: claims,
            ..Done::new(answers, work.into_rows())
        })
    }
}

/// Applies a result, or finds that it was applied before. `claims` are added those of which it is an end.
fn apply(work: &mut Work, result: &AttemptResult, claims: &mut Vec<u64>) -> Result<Option<Applied>, Failure> {
    let Some(stored) = work.get(&result.job_id) else {
        return Ok(None);
    };
    let applied = |event| Applied {
        event,
        job_id: result.job_id,
        hands_key_on: false,
    };
    let Some(event) = finish(stored, result)? else {
        return Ok(repeated(stored, result)?.map(applied));
    };
    claims.push(stored.row.claim);
    let relay = stored.row.relay;
    work.keep_log(result.job_id, result.attempt, &result.log)?;
    if relay {
        work.post(&event)?;
    }
    Ok(Some(applied(event)))
}

/// Of jobs that have ended, those whose key another one has by now.
async fn passed_on(session: &mut Session<'_>, ended: &[Ended]) -> Result<HashSet<Uuid>, Failure> {
    let names: Vec<&str> = ended.iter().map(|ended| &*ended.key).collect();
    let keys = Keys::read(session.connection, &names).await?;
    let has_passed = |ended: &&Ended| {
        keys.holder(&ended.key)
            .is_some_and(|holder| holder != ended.job_id)
    };
    Ok(ended
        .iter()
        .filter(has_passed)
        .map(|ended| ended.job_id)
        .collect())
}
