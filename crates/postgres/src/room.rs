//! How many jobs of limited types run, and how many more may.

use std::collections::HashMap;

use domain::limits::{Bucket, Limits};
use jiff::Timestamp;
use sqlx::postgres::{PgBindIterExt, PgConnection};

use crate::error::Failure;
use crate::text::{original, stored as text};

/// What there is of a type at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Crowd {
    /// How many run.
    pub(crate) running: u32,
    /// How many were dispatched and have not arrived.
    pub(crate) released: u32,
    /// Whether limits hold any back.
    pub(crate) any_held: bool,
    /// Whether any waits for concurrency or rate, of jobs whose numbers were not left out.
    pub(crate) any_queued: bool,
}

/// What there is of some types at `now`. The jobs of the numbers in `except` do not count as waiting.
pub(crate) async fn crowds(
    connection: &mut PgConnection,
    job_types: &[&str],
    except: &[i64],
    now: Timestamp,
) -> Result<HashMap<String, Crowd>, Failure> {
    if job_types.is_empty() {
        return Ok(HashMap::new());
    }
    // Whether there is any is asked so that it is looked for by the type: of `EXISTS` a list of all would be made.
    let sql = "
        SELECT t.job_type,
            (SELECT count(DISTINCT j.seq) FROM job_claims c CROSS JOIN LATERAL unnest(c.seqs) AS s (seq)
             JOIN jobs j ON j.seq = s.seq
             WHERE c.job_type = t.job_type AND j.status = 4 AND j.claim = c.claim),
            (SELECT count(*) FROM jobs j
             WHERE j.job_type = t.job_type AND j.released_until IS NOT NULL AND j.released_until > $3),
            (SELECT true FROM jobs j WHERE j.job_type = t.job_type AND j.held < 4 LIMIT 1) IS NOT NULL,
            (SELECT true FROM jobs j WHERE j.job_type = t.job_type AND j.held < 4 AND j.held > 1
             AND j.seq <> ALL ($2) LIMIT 1) IS NOT NULL
        FROM unnest($1::text[]) AS t (job_type)";
    let found: Vec<(String, i64, i64, bool, bool)> = sqlx::query_as(sql)
        .bind(job_types.iter().map(|job_type| text(job_type)).bind_iter())
        .bind(except)
        .bind(now.as_microsecond())
        .fetch_all(connection)
        .await?;
    let number = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    let crowd = |(job_type, running, released, any_held, any_queued)| {
        let crowd = Crowd {
            running: number(running),
            released: number(released),
            any_held,
            any_queued,
        };
        (original(job_type), crowd)
    };
    Ok(found.into_iter().map(crowd).collect())
}

/// How many jobs of a type may start at `now`, `most` at most, beside those that run and `about_to_run`. Takes nothing.
pub(crate) fn room(
    limits: &Limits,
    bucket: Option<Bucket>,
    running: u32,
    about_to_run: usize,
    now: Timestamp,
    most: usize,
) -> usize {
    if limits.paused {
        return 0;
    }
    let places = limits.concurrency.map_or(most, |places| {
        let taken = (running as usize).saturating_add(about_to_run);
        (places.get() as usize).saturating_sub(taken)
    });
    let starts = limits.rate.map_or(most, |rate| {
        let mut bucket = bucket.unwrap_or_else(|| Bucket::full(&rate, now));
        let wanted = most.min(places).saturating_add(about_to_run);
        let tokens = (0..wanted)
            .take_while(|_| bucket.take(&rate, now).is_ok())
            .count();
        tokens.saturating_sub(about_to_run)
    });
    most.min(places).min(starts)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use domain::limits::Rate;

    use super::*;

    fn limits(concurrency: Option<u32>, rate: Option<u32>) -> Limits {
        Limits {
            paused: false,
            concurrency: concurrency.and_then(NonZeroU32::new),
            rate: rate.map(|limit| Rate::new(limit, "10s".parse().unwrap()).unwrap()),
        }
    }

    fn may(limits: Limits, running: u32, about_to_run: usize) -> usize {
        room(&limits, None, running, about_to_run, Timestamp::UNIX_EPOCH, 100)
    }

    #[test]
    fn there_is_room_for_what_may_start_beside_what_runs_and_what_is_on_its_way() {
        assert_eq!(
            may(limits(None, None), 5, 5),
            100,
            "without limits there always is"
        );
        let five = limits(Some(5), None);
        assert_eq!([may(five, 1, 0), may(five, 1, 3), may(five, 9, 3)], [4, 1, 0]);
        let both = limits(Some(5), Some(3));
        assert_eq!([may(both, 0, 0), may(both, 0, 2), may(both, 4, 0)], [3, 1, 1]);
        let paused = Limits { paused: true, ..five };
        assert_eq!(may(paused, 0, 0), 0);
    }

    #[test]
    fn an_empty_bucket_leaves_no_room() {
        let rate = limits(None, Some(3));
        let bucket = Bucket {
            tokens: 1.5,
            at: Timestamp::UNIX_EPOCH,
        };
        assert_eq!(room(&rate, Some(bucket), 0, 0, Timestamp::UNIX_EPOCH, 100), 1);
        assert_eq!(room(&rate, Some(bucket), 0, 1, Timestamp::UNIX_EPOCH, 100), 0);
    }
}
