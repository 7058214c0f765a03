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

-- Which events were counted.
CREATE TABLE stats_applied (
    job_id   BLOB NOT NULL,
    event_id BLOB NOT NULL,
    PRIMARY KEY (job_id, event_id)
) WITHOUT ROWID;

-- The same identifiers by arrival, in batches (32 bytes each), so that they can be forgotten by time.
CREATE TABLE stats_batches (
    seq        INTEGER PRIMARY KEY,
    applied_at INTEGER NOT NULL,
    ids        BLOB NOT NULL
);
