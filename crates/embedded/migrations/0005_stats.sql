CREATE TABLE stats_events (
    event_type INTEGER PRIMARY KEY,
    count      INTEGER NOT NULL,
    latest     INTEGER NOT NULL
);

CREATE TABLE stats_types (
    job_type  BLOB PRIMARY KEY,
    created   INTEGER NOT NULL,
    completed INTEGER NOT NULL,
    failed    INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE stats_minutes (
    minute    INTEGER PRIMARY KEY,
    created   INTEGER NOT NULL,
    completed INTEGER NOT NULL,
    failed    INTEGER NOT NULL
);

-- Which events were counted, by arrival: 32 bytes each, the job's identifier and the event's. known_events says
-- the same by job.
CREATE TABLE stats_batches (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    applied_at INTEGER NOT NULL,
    ids        BLOB NOT NULL
);
