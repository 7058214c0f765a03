//! Forgets chunks whose jobs are gone.

use rusqlite::Connection;

use super::filter;
use crate::error::Failure;

/// Removes what is known of the chunks before `chunk`.
pub(in crate::jobs) fn sweep(connection: &Connection, chunk: i64) -> Result<(), Failure> {
    filter::remove_before(connection, chunk)?;
    for sql in [
        "DELETE FROM job_chunks WHERE chunk < ?1",
        "DELETE FROM job_errors WHERE chunk < ?1",
    ] {
        connection.prepare_cached(sql)?.execute([chunk])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::jobs::admit;
    use crate::jobs::fixtures::{Desk, at, job};
    use crate::jobs::search::{Window, Zones, chunks_with, index, parts};

    fn chunks(desk: &Desk) -> [u64; 2] {
        let window = Window::of(0);
        let term: Vec<u64> = parts("ech").collect();
        [
            chunks_with(&desk.connection, window, &term).unwrap()[0],
            Zones::ALWAYS.chunks(&desk.connection, window).unwrap(),
        ]
    }

    #[test]
    fn what_is_known_of_chunks_goes_with_them() {
        let desk = Desk::new();
        let jobs: Vec<_> = (0..3_100).map(|number| Arc::new(job(number))).collect();
        desk.write(|table| admit::admit(table, &jobs, at(60)));
        index(&desk.connection);
        assert_eq!(chunks(&desk), [0b111; 2]);
        sweep(&desk.connection, 2).unwrap();
        assert_eq!(chunks(&desk), [0b100; 2]);
        assert_eq!(
            desk.count("job_filters"),
            desk.count("job_filters WHERE (place & 7) = 2")
        );
    }
}
