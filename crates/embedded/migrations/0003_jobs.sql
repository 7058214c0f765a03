-- The part of a job that changes, small so that a transition rewrites little. Times are microseconds since
-- 1970. Text that clients choose is stored as bytes, because it may contain NUL.
CREATE TABLE jobs (
    seq         INTEGER PRIMARY KEY,
    id          BLOB NOT NULL,
    job_type    BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    correlation BLOB NOT NULL,
    status      INTEGER NOT NULL,
    attempt     INTEGER NOT NULL,
    failures    INTEGER NOT NULL,
    crashes     INTEGER NOT NULL,
    worker      BLOB,
    claim       INTEGER NOT NULL,
    wake_at     INTEGER,
    relay       INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    history     BLOB NOT NULL,
    result      BLOB
);

CREATE UNIQUE INDEX jobs_by_id ON jobs (id);

CREATE INDEX jobs_by_type ON jobs (job_type);

-- For the scheduler.
CREATE INDEX jobs_due ON jobs (wake_at) WHERE wake_at IS NOT NULL;

-- For lists of one state and for the reaper. COMPLETED (5) is left out: it is what most jobs are, so that a
-- scan by arrival finds it, and an index on it would cost every job an insertion.
CREATE INDEX jobs_by_status ON jobs (status) WHERE status <> 5;

-- The part that never changes.
CREATE TABLE job_bodies (
    seq         INTEGER PRIMARY KEY,
    accepted_at INTEGER NOT NULL,
    traceparent BLOB,
    tags        BLOB,
    body        BLOB NOT NULL
);

CREATE TABLE leases (
    worker      BLOB PRIMARY KEY,
    lease_until INTEGER NOT NULL
) WITHOUT ROWID;

-- Events without a message, JSON. Numbers are never used again, so that clearing one late clears no other.
CREATE TABLE outbox (
    seq   INTEGER PRIMARY KEY AUTOINCREMENT,
    event BLOB NOT NULL
);
