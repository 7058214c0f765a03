//! Reads the counters.

use contracts::EventType;
use jiff::Timestamp;
use ports::{MAX_TYPES, OTHER_TYPES, StatsBucket, StatsSnapshot, TypeStats};
use rusqlite::{Connection, Row};

use super::apply::minute;
use crate::codec::Malformed;
use crate::codes::{event_code, moment};
use crate::error::Failure;

/// All counters at one moment.
pub(super) fn snapshot(connection: &Connection) -> Result<StatsSnapshot, Failure> {
    let transaction = connection.unchecked_transaction()?;
    let counted = counted(&transaction)?;
    let latest = counted.iter().map(|counted| counted.latest).max();
    let counts = |of: fn(&Counted) -> u64| {
        let counts = EventType::ALL.into_iter().filter_map(|event_type| {
            let code = event_code(event_type);
            let found = counted.iter().find(|counted| counted.code == code)?;
            Some((event_type, of(found)))
        });
        counts.filter(|(_, count)| *count > 0).collect()
    };
    Ok(StatsSnapshot {
        events: counts(|counted| counted.all),
        ended: counts(|counted| counted.ended),
        types: busiest(types(&transaction)?),
        last_event: latest
            .map(moment)
            .transpose()
            .map_err(|what| Failure::corrupt("stats_events", what))?,
    })
}

/// The counters of one type of event.
struct Counted {
    code: u8,
    all: u64,
    ended: u64,
    latest: i64,
}

fn counted(connection: &Connection) -> Result<Vec<Counted>, Failure> {
    let mut find = connection.prepare_cached("SELECT event_type, count, ended, latest FROM stats_events")?;
    let rows = find.query_map([], |row| {
        Ok(Counted {
            code: row.get(0)?,
            all: number(row, 1)?,
            ended: number(row, 2)?,
            latest: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn types(connection: &Connection) -> Result<Vec<TypeStats>, Failure> {
    let mut find =
        connection.prepare_cached("SELECT job_type, created, completed, failed FROM stats_types")?;
    let mut rows = find.query([])?;
    let mut types = Vec::new();
    while let Some(row) = rows.next()? {
        let job_type = String::from_utf8(row.get(0)?)
            .map_err(|_| Failure::corrupt("stats_types", Malformed::Bad("text")))?;
        types.push(TypeStats {
            job_type,
            created: number(row, 1)?,
            completed: number(row, 2)?,
            failed: number(row, 3)?,
        });
    }
    Ok(types)
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

/// The minutes from the one of `since` on.
pub(super) fn history(connection: &Connection, since: Timestamp) -> Result<Vec<StatsBucket>, Failure> {
    let mut find = connection.prepare_cached(
        "SELECT minute, created, completed, failed FROM stats_minutes WHERE minute >= ?1 ORDER BY minute",
    )?;
    let rows = find.query_map([minute(since)], |row| {
        Ok(StatsBucket {
            minute: row.get(0)?,
            created: number(row, 1)?,
            completed: number(row, 2)?,
            failed: number(row, 3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.cast_unsigned())
}
