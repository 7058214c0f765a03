//! The connection that writes.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

/// Bytes of a page. Larger than the default: most bytes are written in long runs.
const PAGE: i64 = 8192;

/// How many pages the write-ahead log has before its content is copied into the database: rows that change
/// several times within it are copied once.
const CHECKPOINT_PAGES: i64 = 2048;

/// The size that the write-ahead log's file is cut back to. Below it the file is overwritten in place,
/// which is what makes a durable commit cheap.
const JOURNAL_LIMIT: i64 = 64 << 20;

/// The page cache, in KiB.
const CACHE_KIB: i64 = 8192;

/// Opens the file for writing and sets it up for durable group commits.
pub(super) fn open(file: &Path) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.pragma_update(None, "page_size", PAGE)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", JOURNAL_LIMIT)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "mmap_size", 0)?;
    Ok(connection)
}

/// Notes that the database is open and ends the leases of processes that are dead. Says whether the last
/// process closed it in order.
pub(super) fn take_over(connection: &Connection, keep_leases: bool) -> rusqlite::Result<bool> {
    let in_order: i64 = connection.query_row(
        "SELECT value FROM meta WHERE name = 'closed_in_order'",
        [],
        |row| row.get(0),
    )?;
    if !keep_leases {
        connection.execute("DELETE FROM leases", [])?;
    }
    connection.execute("UPDATE meta SET value = 0 WHERE name = 'closed_in_order'", [])?;
    Ok(in_order == 1)
}
