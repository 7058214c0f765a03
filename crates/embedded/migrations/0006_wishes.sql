-- What clients want of jobs: later, first, once, not so many at a time, again and again.

-- The limits of job types, JSON, and the tokens that their rates had at a moment (jobs/limits.rs).
CREATE TABLE limits (
    job_type BLOB PRIMARY KEY,
    limits   TEXT NOT NULL,
    tokens   REAL,
    at       INTEGER
) WITHOUT ROWID;

-- 1 while everything is paused.
INSERT INTO meta (name, value) VALUES ('all_paused', 0);

-- The jobs that the limits of their type hold back, in the order in which they go: by priority, then by arrival.
-- `queued` says that concurrency or rate is the reason, and not a pause.
CREATE TABLE job_holds (
    job_type BLOB NOT NULL,
    rank     INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    queued   INTEGER NOT NULL,
    PRIMARY KEY (job_type, rank, seq)
) WITHOUT ROWID;

-- Whether any job of a type queues.
CREATE INDEX job_holds_queued ON job_holds (job_type) WHERE queued;

-- Whose the unique keys are: until a moment where they are only reserved, until the job ends where that is NULL.
CREATE TABLE unique_keys (
    key    BLOB PRIMARY KEY,
    job_id BLOB NOT NULL,
    until  INTEGER
) WITHOUT ROWID;

CREATE INDEX unique_keys_reserved ON unique_keys (until) WHERE until IS NOT NULL;

-- The jobs that wait for a unique key, by arrival.
CREATE TABLE job_waits (
    key BLOB NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (key, seq)
) WITHOUT ROWID;

-- Schedules, JSON.
CREATE TABLE schedules (
    name     TEXT PRIMARY KEY,
    next_at  INTEGER,
    schedule TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX schedules_due ON schedules (next_at) WHERE next_at IS NOT NULL;

-- What handlers wrote down, JSON, for the attempts that wrote anything.
CREATE TABLE job_logs (
    seq     INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    log     BLOB NOT NULL,
    PRIMARY KEY (seq, attempt)
);

-- Jobs that clients had forgotten before they were ever started, and when (jobs/forgotten.rs).
CREATE TABLE forgotten_jobs (
    id BLOB PRIMARY KEY,
    at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX forgotten_jobs_by_age ON forgotten_jobs (at);
