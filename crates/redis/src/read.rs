//! Reads the counters.

use std::collections::HashMap;

use contracts::EventType;
use domain::fingerprint::Fingerprint;
use jiff::Timestamp;
use ports::{ErrorGroup, Failure, MAX_TYPES, OTHER_TYPES, StatsBucket, StatsSnapshot, StoreError, TypeStats};
use redis::aio::MultiplexedConnection;
use redis::{RedisResult, cmd, pipe};
use uuid::Uuid;

use crate::failure::corrupt;
use crate::keys::{ENDED, ERROR_TITLES, ERRORS, EVENTS, Keys, LATEST, MINUTE_COUNTS, MINUTES, TYPES};
use crate::tally::Tally;
use crate::time;

/// How many minutes are asked for at once: two days.
const MINUTES_AT_ONCE: usize = 2_880;

type Texts = HashMap<String, String>;

/// The counters as they are stored.
pub(crate) type Stored = (Texts, Texts, Texts, Option<String>);

/// All counters at one moment.
pub(crate) async fn stored(keys: &Keys, mut connection: MultiplexedConnection) -> RedisResult<Stored> {
    let mut question = pipe();
    question.atomic();
    for name in [EVENTS, ENDED, TYPES] {
        question.cmd("HGETALL").arg(keys.of(name));
    }
    question.cmd("GET").arg(keys.of(LATEST));
    question.query_async(&mut connection).await
}

/// What was stored, as it is told.
pub(crate) fn snapshot((events, ended, types, latest): Stored) -> Result<StatsSnapshot, StoreError> {
    let latest = latest.map(|text| moment(&text).ok_or_else(|| corrupt(LATEST, &text)));
    Ok(StatsSnapshot {
        events: counts(EVENTS, &events)?,
        ended: counts(ENDED, &ended)?,
        types: busiest(of_types(types)?),
        last_event: latest.transpose()?,
    })
}

fn moment(text: &str) -> Option<Timestamp> {
    let (second, micro) = text.split_once(' ')?;
    time::of_parts(second.parse().ok()?, micro.parse().ok()?)
}

fn counts(key: &str, stored: &Texts) -> Result<Vec<(EventType, u64)>, StoreError> {
    let found = EventType::ALL.into_iter().filter_map(|event_type| {
        let text = stored.get(event_type.as_str())?;
        let count = text.parse().map_err(|_| corrupt(key, text));
        Some(count.map(|count| (event_type, count)))
    });
    found.collect()
}

fn of_types(stored: Texts) -> Result<Vec<TypeStats>, StoreError> {
    let types = stored.into_iter().map(|(job_type, text)| {
        let tally: Tally = text.parse().map_err(|_| corrupt(TYPES, &text))?;
        Ok(TypeStats {
            job_type,
            created: tally.created,
            completed: tally.completed,
            failed: tally.failed,
        })
    });
    types.collect()
}

/// The busiest types by name, and the rest as one at the end.
fn busiest(mut types: Vec<TypeStats>) -> Vec<TypeStats> {
    let named = |stats: &TypeStats| stats.job_type != OTHER_TYPES;
    types.sort_by(|a, b| {
        let order = named(b).cmp(&named(a)).then(b.created.cmp(&a.created));
        order.then_with(|| a.job_type.cmp(&b.job_type))
    });
    let count = types.iter().filter(|stats| named(stats)).count().min(MAX_TYPES);
    let rest = types.split_off(count);
    let other = rest.into_iter().reduce(|sum, stats| TypeStats {
        job_type: String::new(),
        created: sum.created + stats.created,
        completed: sum.completed + stats.completed,
        failed: sum.failed + stats.failed,
    });
    types.extend(other.map(|other| TypeStats {
        job_type: OTHER_TYPES.to_owned(),
        ..other
    }));
    types
}

/// The minutes from the one of `since` on, with their tallies in text. A minute that is forgotten in between has none.
pub(crate) async fn minutes(
    keys: &Keys,
    since: Timestamp,
    mut connection: MultiplexedConnection,
) -> RedisResult<Vec<(i64, Option<String>)>> {
    let mut question = cmd("ZRANGEBYSCORE");
    question
        .arg(keys.of(MINUTES))
        .arg(time::minute(since))
        .arg("+inf");
    let minutes: Vec<i64> = question.query_async(&mut connection).await?;
    let mut found = Vec::with_capacity(minutes.len());
    for some in minutes.chunks(MINUTES_AT_ONCE) {
        let mut question = cmd("HMGET");
        question.arg(keys.of(MINUTE_COUNTS)).arg(some);
        let texts: Vec<Option<String>> = question.query_async(&mut connection).await?;
        found.extend(some.iter().copied().zip(texts));
    }
    Ok(found)
}

/// The minutes as they are told.
pub(crate) fn history(stored: Vec<(i64, Option<String>)>) -> Result<Vec<StatsBucket>, StoreError> {
    let buckets = stored.into_iter().filter_map(|(minute, text)| {
        let text = text?;
        let tally = text.parse::<Tally>().map_err(|_| corrupt(MINUTE_COUNTS, &text));
        Some(tally.map(|tally| StatsBucket {
            minute,
            created: tally.created,
            completed: tally.completed,
            failed: tally.failed,
        }))
    });
    buckets.collect()
}

/// The groups of errors and their titles, as they are stored.
pub(crate) async fn groups(
    keys: &Keys,
    mut connection: MultiplexedConnection,
) -> RedisResult<(Texts, Texts)> {
    let mut question = pipe();
    question.atomic();
    for name in [ERRORS, ERROR_TITLES] {
        question.cmd("HGETALL").arg(keys.of(name));
    }
    question.query_async(&mut connection).await
}

/// The groups as they are told, those with the latest error first.
pub(crate) fn errors(
    (groups, mut titles): (Texts, Texts),
    limit: usize,
) -> Result<Vec<ErrorGroup>, StoreError> {
    let mut found = Vec::with_capacity(groups.len());
    for (name, text) in groups {
        let title = titles.remove(&name).unwrap_or_default();
        found.push(group(&name, title, &text).ok_or_else(|| corrupt(ERRORS, &text))?);
    }
    found.sort_by(|a, b| {
        let latest = |group: &ErrorGroup| (group.last_at, group.last_job);
        let order = latest(b).cmp(&latest(a));
        order.then_with(|| a.failure.fingerprint.cmp(&b.failure.fingerprint))
    });
    found.truncate(limit);
    Ok(found)
}

fn group(name: &str, title: String, text: &str) -> Option<ErrorGroup> {
    let mut parts = text.split(' ');
    let (first, last, count) = (parts.next()?, parts.next()?, parts.next()?);
    let (last_at, last_job) = last.split_at_checked(time::TEXT)?;
    let fingerprint: Fingerprint = name.parse().ok()?;
    Some(ErrorGroup {
        failure: Failure { fingerprint, title },
        count: count.parse().ok()?,
        first_at: time::of_text(first)?,
        last_at: time::of_text(last_at)?,
        last_job: Uuid::try_parse(last_job).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pairs: &[(&str, &str)]) -> Texts {
        pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn what_no_script_wrote_is_named() {
        let broken = [
            (texts(&[("job.created", "x")]), Texts::new(), None),
            (Texts::new(), texts(&[("echo", "1 2")]), None),
            (Texts::new(), Texts::new(), Some("5".to_owned())),
        ];
        for ((events, types, latest), key) in broken.into_iter().zip([EVENTS, TYPES, LATEST]) {
            let error = snapshot((events, Texts::new(), types, latest)).unwrap_err();
            assert!(
                matches!(&error, StoreError::Corrupt(text) if text.contains(key)),
                "{error}"
            );
        }
        assert!(history(vec![(60, Some(String::new()))]).is_err());
        assert!(errors((texts(&[("x", "1 2 3")]), Texts::new()), 1).is_err());
    }

    #[test]
    fn a_minute_that_was_forgotten_in_between_is_absent() {
        let found = history(vec![(0, None), (60, Some("1 2 3".to_owned()))]).unwrap();
        let minutes: Vec<_> = found.iter().map(|bucket| bucket.minute).collect();
        assert_eq!(minutes, [60]);
    }
}
