//! Dead letters of a program that knew of no states.

use super::*;

/// What such a program left behind, and what a start makes of it.
fn brought_up_to_date() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    for migration in [
        include_str!("../../../migrations/0001_meta.sql"),
        include_str!("../../../migrations/0004_events.sql"),
        "INSERT INTO dead_letters (id, kept_at, letter) VALUES (x'01', 1, x'7b7d'), (x'02', 2, x'7b7d')",
        include_str!("../../../migrations/0007_dead_letters.sql"),
    ] {
        connection.execute_batch(migration).unwrap();
    }
    connection
}

fn open_ones(connection: &Connection) -> (i64, i64) {
    let counted = "SELECT value, (SELECT count(*) FROM dead_letters WHERE state = 0)
                   FROM meta WHERE name = 'open_dead_letters'";
    connection
        .query_row(counted, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
}

#[test]
fn letters_from_before_there_were_states_are_open_and_counted() {
    let connection = brought_up_to_date();
    assert_eq!(open_ones(&connection), (2, 2));
    let insert = "INSERT OR IGNORE INTO dead_letters (id, kept_at, letter, state)
                  VALUES (x'02', 3, x'7b7d', 0), (x'03', 3, x'7b7d', 0), (x'04', 3, x'7b7d', 2)";
    connection.execute(insert, []).unwrap();
    assert_eq!(open_ones(&connection), (3, 3));
    connection
        .execute("UPDATE dead_letters SET state = 1 WHERE id <> x'03'", [])
        .unwrap();
    assert_eq!(open_ones(&connection), (1, 1));
    connection.execute("DELETE FROM dead_letters", []).unwrap();
    assert_eq!(open_ones(&connection), (0, 0));
}

/// A page of one state must not read the letters of the others.
#[test]
fn a_list_of_one_state_reads_an_index() {
    let connection = brought_up_to_date();
    let plan = "EXPLAIN QUERY PLAN SELECT seq, id, letter, state FROM dead_letters
                WHERE seq < 9 AND state = 1 ORDER BY seq DESC LIMIT 3";
    let steps: Vec<String> = connection
        .prepare(plan)
        .unwrap()
        .query_map([], |row| row.get(3))
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    assert_eq!(
        steps,
        ["SEARCH dead_letters USING INDEX dead_letters_by_state (state=? AND rowid<?)"]
    );
}
