-- Errors of one cause (stats/errors.rs). Bounded, so that any order of reading needs no index. `fingerprint` is
-- the 64 bits as a signed number; times are microseconds since 1970.
CREATE TABLE stats_errors (
    fingerprint INTEGER PRIMARY KEY,
    title       BLOB NOT NULL,
    count       INTEGER NOT NULL,
    first_at    INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    last_job    BLOB NOT NULL
);
