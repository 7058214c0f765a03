-- Events by arrival. `kept_at` is the moment of arrival by our own clock, in microseconds since 1970.
CREATE TABLE events (
    seq         INTEGER PRIMARY KEY,
    job_id      BLOB NOT NULL,
    event_id    BLOB NOT NULL,
    event_type  INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    kept_at     INTEGER NOT NULL,
    body        BLOB NOT NULL
);

-- The job comes first: its identifiers are mostly ordered by time, so insertions stay together.
CREATE UNIQUE INDEX events_by_job ON events (job_id, event_id);

-- Lists of one type: created (1), executed (4) and completed (6) are so frequent that a scan finds them.
-- (Not `NOT IN`: every insertion would build a table of the three.)
CREATE INDEX events_by_type ON events (event_type) WHERE event_type <> 1 AND event_type <> 4 AND event_type <> 6;

CREATE TABLE dead_letters (
    seq     INTEGER PRIMARY KEY,
    id      BLOB NOT NULL UNIQUE,
    kept_at INTEGER NOT NULL,
    letter  BLOB NOT NULL
);
