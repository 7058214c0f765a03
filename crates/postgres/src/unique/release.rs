//! Keys of jobs that have ended: each goes to the first job that waits for it.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use sqlx::postgres::{PgBindIterExt, PgConnection};
use uuid::Uuid;

use super::Keys;
use crate::core::Session;
use crate::error::Failure;
use crate::insert::Starter;
use crate::row::{Stored, row_columns};
use crate::text::stored as text;
use crate::work::Work;

/// A job that has ended, with its key.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    pub(crate) key: String,
    pub(crate) job_id: Uuid,
    pub(crate) at: Timestamp,
}

impl Ended {
    /// What there is to release of a job, if it has ended and has a key.
    pub(crate) fn of(stored: &Stored) -> Option<Self> {
        let key = stored.facts.unique_key.clone()?;
        stored.row.status.is_terminal().then_some(Self {
            key,
            job_id: stored.facts.id,
            at: stored.updated_at,
        })
    }
}

/// Takes the keys from jobs that have ended and lets the first go of those that wait for each: the key is then that
/// one's. Says which of the jobs handed their key on. The ends are written already.
pub(crate) async fn release(session: &mut Session<'_>, ended: &[Ended]) -> Result<HashSet<Uuid>, Failure> {
    if ended.is_empty() {
        return Ok(HashSet::new());
    }
    let names: Vec<&str> = ended.iter().map(|ended| &*ended.key).collect();
    let mut keys = Keys::read(session.connection, &names).await?;
    let free: HashMap<&str, &Ended> = ended
        .iter()
        .filter(|ended| keys.holder(&ended.key) == Some(ended.job_id))
        .map(|ended| (&*ended.key, ended))
        .collect();
    let mut heirs = heirs(session.connection, free.keys().copied()).await?;
    let mut handed_on = HashSet::new();
    for heir in heirs.rows_mut() {
        let key = heir.facts.unique_key.clone().unwrap_or_default();
        if let Some(ended) = free.get(&*key) {
            keys.set(&key, heir.facts.id, None);
            release_row(heir, ended.at);
            handed_on.insert(ended.job_id);
        }
    }
    let left = free.values().filter(|ended| !handed_on.contains(&ended.job_id));
    forget(session.connection, left.map(|ended| &*ended.key)).await?;
    heirs.write(session.connection, Starter::NOBODY).await?;
    keys.write(session.connection).await?;
    Ok(handed_on)
}

/// The first job that waits for each of the keys.
async fn heirs(connection: &mut PgConnection, keys: impl Iterator<Item = &str>) -> Result<Work, Failure> {
    let sql = concat!(
        "SELECT ",
        row_columns!(),
        " FROM jobs WHERE seq IN
         (SELECT first.seq FROM unnest($1::text[]) AS k (key) CROSS JOIN LATERAL
          (SELECT w.seq FROM jobs w WHERE w.unique_key = k.key AND w.held = 4 ORDER BY w.seq LIMIT 1) first)
         ORDER BY seq FOR UPDATE"
    );
    let query = sqlx::query(sql).bind(keys.map(text).bind_iter());
    let found = query.fetch_all(connection).await?;
    let rows: Result<Vec<Stored>, Failure> = found.iter().map(Stored::read).collect();
    Ok(Work::of(rows?))
}

async fn forget(connection: &mut PgConnection, keys: impl Iterator<Item = &str>) -> Result<(), Failure> {
    let sql = "DELETE FROM unique_keys WHERE key = ANY($1)";
    sqlx::query(sql)
        .bind(keys.map(text).bind_iter())
        .execute(connection)
        .await?;
    Ok(())
}

/// Lets a job go that waits for its key: at once, or once its time has come.
pub(crate) fn release_row(stored: &mut Stored, now: Timestamp) {
    let is_fresh = stored.row.attempt == 0 && stored.row.round == 0;
    let run_at = stored.facts.run_at.filter(|_| is_fresh);
    stored.row.release(run_at.map_or(now, |run_at| run_at.max(now)));
    stored.news.any = true;
}
