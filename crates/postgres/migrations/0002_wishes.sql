-- One row. Whoever changes limits counts `limits_epoch` up, and every claim says which epoch it knows.
CREATE TABLE settings (
    only_one boolean PRIMARY KEY CHECK (only_one),
    paused boolean NOT NULL,
    limits_epoch bigint NOT NULL
) WITH (fillfactor = 50);

INSERT INTO settings (only_one, paused, limits_epoch) VALUES (true, false, 1);

-- The limits that are set, JSON, and the tokens of their rates.
CREATE TABLE limits (
    job_type text COLLATE "C" PRIMARY KEY,
    limits text NOT NULL,
    tokens double precision,
    tokens_at bigint
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Whose each key is: a job's until its end, or only reserved until a moment.
CREATE TABLE unique_keys (
    key text COLLATE "C" PRIMARY KEY,
    job_id uuid NOT NULL,
    reserved_until bigint
);

CREATE INDEX unique_keys_reserved ON unique_keys (reserved_until) WHERE reserved_until IS NOT NULL;

-- Schedules, JSON. `next_at` is absent while a schedule is paused.
CREATE TABLE schedules (
    name text COLLATE "C" PRIMARY KEY,
    next_at bigint,
    schedule text NOT NULL
);

CREATE INDEX schedules_due ON schedules (next_at) WHERE next_at IS NOT NULL;
