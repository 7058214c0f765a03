-- Events by arrival, many to a row (events/block.rs). `kept_at` is the moment of arrival by our own clock, in
-- microseconds since 1970; `types` is the set of their types, a bit for each.
CREATE TABLE event_blocks (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    kept_at INTEGER NOT NULL,
    types   INTEGER NOT NULL,
    body    BLOB NOT NULL
);

-- For lists of one type. Created (1), executed (4) and completed (6) are so frequent that a scan finds them: the
-- mask is every other bit.
CREATE INDEX event_blocks_rare ON event_blocks (seq, types) WHERE types & 0xffad <> 0;

-- Which events of a job are known: kept where, and counted in the live stats or not (known/marks.rs). Behind
-- event_blocks and stats_batches by what is in memory; `meta` says up to where it is complete.
CREATE TABLE known_events (
    job_id BLOB PRIMARY KEY,
    marks  BLOB NOT NULL
) WITHOUT ROWID;

INSERT INTO meta (name, value) VALUES ('known_to_block', 0), ('known_to_batch', 0);

CREATE TABLE dead_letters (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    id      BLOB NOT NULL UNIQUE,
    kept_at INTEGER NOT NULL,
    letter  BLOB NOT NULL
);
