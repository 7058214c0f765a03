//! Which of the jobs that limits hold back may go now. They are looked for again and again, by their types, so that
//! none depends on a single event.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use sqlx::postgres::{PgBindIterExt, PgConnection};

use super::candidates::Candidate;
use crate::codes::count;
use crate::core::Session;
use crate::error::Failure;
use crate::limits::{Book, read_buckets};
use crate::room::{crowds, room};
use crate::text::{original, stored as text};

/// How many types are looked at in one call at most; the next call goes on behind them.
const TYPES: i64 = 1000;

/// After which type the scheduler goes on looking.
#[derive(Debug, Default)]
pub(crate) struct LookedAt(Mutex<String>);

impl LookedAt {
    fn get(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, job_type: &str) {
        job_type.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// How far to look.
pub(super) struct Turns<'a> {
    pub(super) now: Timestamp,
    pub(super) most: usize,
    pub(super) looked_at: &'a LookedAt,
}

/// Jobs that limits held back, of each type as many as may start, in the order of priority and arrival. About `most` of
/// all types: each call begins where the last one stopped. Jobs that are due, too, use up the room.
pub(super) async fn held_with_room(
    session: &mut Session<'_>,
    book: &Book,
    due: &[Candidate],
    turns: &Turns<'_>,
) -> Result<Vec<Candidate>, Failure> {
    if book.paused {
        return Ok(Vec::new());
    }
    let job_types = types_after(session.connection, &turns.looked_at.get()).await?;
    if job_types.is_empty() {
        return Ok(Vec::new());
    }
    let rooms = rooms(session, book, &job_types, due, turns).await?;
    let mut chosen: Vec<(&str, usize)> = Vec::new();
    let mut sum = 0;
    for job_type in &job_types {
        if sum >= turns.most {
            break;
        }
        turns.looked_at.set(job_type);
        let room = rooms.get(job_type).copied().unwrap_or(turns.most);
        sum += room;
        if room > 0 {
            chosen.push((job_type, room));
        }
    }
    first(session.connection, &chosen).await
}

/// The types of which jobs are held back, once around, those behind `start` first.
async fn types_after(connection: &mut PgConnection, start: &str) -> Result<Vec<String>, Failure> {
    let sql = "
        WITH RECURSIVE held (job_type) AS (
            (SELECT job_type FROM jobs WHERE held < 4 ORDER BY job_type LIMIT 1)
            UNION ALL
            SELECT next.job_type FROM held CROSS JOIN LATERAL
                (SELECT jobs.job_type FROM jobs WHERE jobs.held < 4 AND jobs.job_type > held.job_type
                 ORDER BY jobs.job_type LIMIT 1) next
        )
        SELECT job_type FROM held ORDER BY job_type <= $1, job_type LIMIT $2";
    let query = sqlx::query_scalar(sql).bind(text(start)).bind(TYPES);
    let found: Vec<String> = query.fetch_all(connection).await?;
    Ok(found.into_iter().map(original).collect())
}

/// How many jobs may be let go, of the types that have limits.
async fn rooms(
    session: &mut Session<'_>,
    book: &Book,
    job_types: &[String],
    due: &[Candidate],
    turns: &Turns<'_>,
) -> Result<HashMap<String, usize>, Failure> {
    let limited = job_types.iter().filter(|job_type| book.of(job_type).is_some());
    let limited: Vec<&str> = limited.map(|job_type| &**job_type).collect();
    let buckets = read_buckets(session.connection, &limited).await?;
    let crowds = crowds(session.connection, &limited, &[], turns.now).await?;
    let mut about_to_run: HashMap<&str, HashSet<i64>> = HashMap::new();
    for candidate in due {
        about_to_run
            .entry(&candidate.job_type)
            .or_default()
            .insert(candidate.seq);
    }
    let of_type = |job_type: &str| {
        let limits = book.of(job_type)?;
        let crowd = crowds.get(job_type).copied().unwrap_or_default();
        let bucket = buckets.get(job_type).copied().flatten();
        let coming = about_to_run.get(job_type).map_or(0, HashSet::len) + crowd.released as usize;
        let places = room(limits, bucket, crowd.running, coming, turns.now, turns.most);
        Some((job_type.to_owned(), places))
    };
    Ok(limited.iter().filter_map(|job_type| of_type(job_type)).collect())
}

/// The first jobs of each type that limits hold back, as many as it says.
async fn first(connection: &mut PgConnection, chosen: &[(&str, usize)]) -> Result<Vec<Candidate>, Failure> {
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "
        SELECT held.seq, held.priority, held.place - 1, t.job_type
        FROM unnest($1::text[], $2::bigint[]) AS t (job_type, most) CROSS JOIN LATERAL
            (SELECT seq, priority, row_number() OVER (ORDER BY priority, seq) AS place FROM
                (SELECT seq, priority FROM jobs WHERE jobs.job_type = t.job_type AND held < 4
                 ORDER BY priority, seq LIMIT t.most) first) held";
    let found: Vec<(i64, i16, i64, String)> = sqlx::query_as(sql)
        .bind(chosen.iter().map(|(job_type, _)| text(job_type)).bind_iter())
        .bind(chosen.iter().map(|(_, most)| count(*most)).bind_iter())
        .fetch_all(connection)
        .await?;
    let candidate = |(seq, rank, place, job_type): (i64, i16, i64, String)| Candidate {
        seq,
        rank,
        place: usize::try_from(place).unwrap_or(usize::MAX),
        job_type: original(job_type),
        unique_key: None,
        waits_for_key: false,
    };
    Ok(found.into_iter().map(candidate).collect())
}
