-- The numbers of jobs, in the order of their arrival.
CREATE SEQUENCE job_seq AS bigint;

-- One row per job. What never changes comes first, so that a transition writes only the end of the row to the log.
--
-- An ordinary life is one insert and one update, and the update touches no column that an index knows of (`status` is
-- in none, nor in the condition of any): it stays on its page, and no index is written again.
--
-- Moments are microseconds since 1970. The numbers of `status`, `priority` and `held` are in src/codes.rs.
CREATE TABLE jobs (
    seq bigint PRIMARY KEY,
    created_at bigint NOT NULL,
    accepted_at bigint NOT NULL,
    id uuid NOT NULL UNIQUE,
    correlation_id uuid NOT NULL,
    priority smallint NOT NULL,
    run_at bigint,
    job_type text COLLATE "C" NOT NULL,
    unique_key text COLLATE "C",
    schedule text COLLATE "C",
    traceparent text,
    -- A JSON array; absent where there are none.
    tags text,
    -- The job object, JSON text.
    body bytea NOT NULL,

    -- Counts the transitions of the row: who has seen one changes the row only if there was none since.
    version integer NOT NULL,
    status smallint NOT NULL,
    attempt integer NOT NULL,
    failures integer NOT NULL,
    crashes integer NOT NULL,
    round integer NOT NULL,
    -- The claim that started the latest attempt.
    claim bigint NOT NULL,
    updated_at bigint NOT NULL,
    relay boolean NOT NULL,
    cancelling boolean NOT NULL,
    -- When the scheduler looks at it again; of a job that limits hold back, when there may be room.
    wake_at bigint,
    -- Why it is held back.
    held smallint,
    -- A job of a limited type that was dispatched counts as if it ran, until then.
    released_until bigint,
    -- The status, of jobs that lists find by it: those that neither run nor have a result.
    listed smallint,
    -- The group of the error with which the latest attempt ended.
    fingerprint bigint,
    -- Who runs it.
    worker text COLLATE "C",
    -- Its life, a line of JSON for each event.
    history text NOT NULL,
    -- What the handler returned, JSON text.
    result bytea
) WITH (
    -- Each row is written once more, at its end, on the page on which it stands.
    fillfactor = 48,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_insert_scale_factor = 0.1,
    autovacuum_analyze_scale_factor = 0.05
);

-- Compressing a body takes longer than writing it.
ALTER TABLE jobs ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN result SET STORAGE EXTERNAL;

-- Found by time alone.
CREATE INDEX jobs_due ON jobs (wake_at) WHERE wake_at IS NOT NULL AND (held IS NULL OR held = 4);
-- Held back by limits, in the order in which they go.
CREATE INDEX jobs_held ON jobs (job_type, priority, seq) WHERE held < 4;
-- Held back by a unique key, in the order in which they came.
CREATE INDEX jobs_waiting ON jobs (unique_key, seq) WHERE held = 4;
CREATE INDEX jobs_released ON jobs (job_type) WHERE released_until IS NOT NULL;
CREATE INDEX jobs_cancelling ON jobs (seq) WHERE cancelling;
CREATE INDEX jobs_listed ON jobs (listed, seq) WHERE listed IS NOT NULL;
CREATE INDEX jobs_failing ON jobs (fingerprint, seq) WHERE fingerprint IS NOT NULL;

-- Which jobs were started by which claim, a row for each claim and type: every job that runs is in one of them. One
-- that has ended may still be; `claim` and `status` of its own row say what is true.
CREATE TABLE job_claims (
    claim bigint NOT NULL,
    worker text COLLATE "C" NOT NULL,
    job_type text COLLATE "C" NOT NULL,
    seqs bigint[] NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (claim, worker, job_type)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

CREATE INDEX job_claims_by_type ON job_claims (job_type);

-- Which workers live, and until when at least.
CREATE TABLE leases (
    worker text COLLATE "C" PRIMARY KEY,
    lease_until bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- What handlers wrote down, a JSON array of lines for each attempt that wrote anything.
CREATE TABLE job_logs (
    seq bigint NOT NULL,
    attempt integer NOT NULL,
    lines text NOT NULL,
    PRIMARY KEY (seq, attempt)
);

-- Jobs that a client had forgotten before they were ever started: their message may still be on its way.
CREATE TABLE forgotten_jobs (
    id uuid PRIMARY KEY,
    forgotten_at bigint NOT NULL
);

-- Events without a message of their own, and jobs that schedules made; JSON.
CREATE TABLE outbox (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry text NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
