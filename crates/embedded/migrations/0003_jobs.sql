-- Jobs by arrival. `state` is everything that no query asks for, with the history (jobs/state.rs), so that a
-- transition binds and writes little. Times are microseconds since 1970. Text that clients choose is stored as
-- bytes, because it may contain NUL.
CREATE TABLE jobs (
    seq        INTEGER PRIMARY KEY,
    id         BLOB NOT NULL,
    job_type   BLOB NOT NULL,
    status     INTEGER NOT NULL,
    wake_at    INTEGER,
    updated_at INTEGER NOT NULL,
    state      BLOB NOT NULL,
    result     BLOB
);

CREATE UNIQUE INDEX jobs_by_id ON jobs (id);

-- For the scheduler.
CREATE INDEX jobs_due ON jobs (wake_at) WHERE wake_at IS NOT NULL;

-- For lists of one state. EXECUTING (4) is in jobs_running, and COMPLETED (5) is what most jobs are, so that a
-- scan by arrival finds it: a job that is started and completes touches no index but its identifier's.
CREATE INDEX jobs_by_status ON jobs (status) WHERE status <> 4 AND status <> 5;

-- For lists of one type: which types are in which thousand (1024) of jobs.
CREATE TABLE job_types (
    job_type BLOB NOT NULL,
    chunk    INTEGER NOT NULL,
    PRIMARY KEY (job_type, chunk)
) WITHOUT ROWID;

-- One row: the numbers of the jobs that are EXECUTING (jobs/running.rs).
CREATE TABLE jobs_running (
    only INTEGER PRIMARY KEY,
    seqs BLOB NOT NULL
);

-- The part of a job that never changes.
CREATE TABLE job_bodies (
    seq   INTEGER PRIMARY KEY,
    about BLOB NOT NULL,
    body  BLOB NOT NULL
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
