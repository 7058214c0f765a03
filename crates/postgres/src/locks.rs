//! Advisory locks: what is locked that is no row.
//!
//! They are numbers that all of a database shares, so each is a hash of the schema, of what it is for, and of a name.
//! In a transaction they are taken before all rows, the lower number first, so that nobody waits for one another.

use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::error::Failure;

/// How many locks there are for unique keys.
const KEYS: u64 = 256;

/// What is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lock<'n> {
    /// The making of tables.
    Migration,
    /// The choice of jobs that are taken: whoever looks for room has to know who has used it.
    Taking,
    /// Everything about one unique key, the rows of jobs under it included; and about some other keys, since the number
    /// of locks that a server has is bounded.
    Key(&'n str),
    /// The schedules, but for those who fire them.
    Schedules,
    /// The index of searches.
    Indexing,
}

/// The numbers of the locks of one schema.
#[derive(Clone, Debug)]
pub(crate) struct Locks(Uuid);

impl Locks {
    pub(crate) fn new(schema: Option<&str>) -> Self {
        Self(Uuid::new_v5(
            &Uuid::NAMESPACE_OID,
            schema.unwrap_or_default().as_bytes(),
        ))
    }

    /// The number of a lock.
    pub(crate) fn number(&self, lock: Lock<'_>) -> i64 {
        match lock {
            Lock::Migration => self.hash("migration"),
            Lock::Taking => self.hash("taking"),
            Lock::Key(key) => self.hash(&format!("key {}", self.hash(key).unsigned_abs() % KEYS)),
            Lock::Schedules => self.hash("schedules"),
            Lock::Indexing => self.hash("indexing"),
        }
    }

    fn hash(&self, name: &str) -> i64 {
        let hash = Uuid::new_v5(&self.0, name.as_bytes());
        hash.as_u64_pair().0.cast_signed()
    }
}

/// Waits for locks, until the end of the transaction.
pub(crate) async fn lock(connection: &mut PgConnection, mut numbers: Vec<i64>) -> Result<(), Failure> {
    numbers.sort_unstable();
    numbers.dedup();
    let sql = "SELECT pg_advisory_xact_lock(n) FROM (SELECT n FROM unnest($1::bigint[]) n ORDER BY n) sorted";
    sqlx::query(sql).bind(numbers).execute(connection).await?;
    Ok(())
}

/// Takes a lock until the end of the transaction, unless somebody has it.
pub(crate) async fn try_lock(connection: &mut PgConnection, number: i64) -> Result<bool, Failure> {
    let sql = "SELECT pg_try_advisory_xact_lock($1)";
    Ok(sqlx::query_scalar(sql).bind(number).fetch_one(connection).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lock_of_every_schema_has_a_number_of_its_own() {
        let all = [
            Lock::Migration,
            Lock::Taking,
            Lock::Schedules,
            Lock::Indexing,
            Lock::Key("a"),
            Lock::Key("b"),
        ];
        let numbers = [None, Some("a"), Some("b")].map(|schema| {
            let locks = Locks::new(schema);
            all.map(|lock| locks.number(lock))
        });
        let distinct: std::collections::BTreeSet<i64> = numbers.concat().into_iter().collect();
        assert_eq!(distinct.len(), all.len() * 3);
        assert_eq!(Locks::new(None).number(Lock::Taking), numbers[0][1]);
    }
    #[test]
    fn all_keys_together_have_few_locks() {
        let locks = Locks::new(None);
        let keys = (0..10_000).map(|key: u32| locks.number(Lock::Key(&key.to_string())));
        assert_eq!(keys.collect::<std::collections::BTreeSet<i64>>().len(), 256);
    }
}
