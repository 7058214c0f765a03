-- What is to be found in which thousand (1024) of jobs, so that a search reads the rows of few (jobs/search.rs).

-- When the jobs of a chunk were accepted and made, in microseconds since 1970.
CREATE TABLE job_chunks (
    chunk         INTEGER PRIMARY KEY,
    accepted_from INTEGER NOT NULL,
    accepted_to   INTEGER NOT NULL,
    created_from  INTEGER NOT NULL,
    created_to    INTEGER NOT NULL
);

-- A part of the filter of a chunk (jobs/search/filter.rs): the part's number, shifted by 40 bits, and the chunk's.
CREATE TABLE job_filters (
    place INTEGER PRIMARY KEY,
    bits  BLOB NOT NULL
);

-- The groups of errors in a chunk; 64 bits as a signed number.
CREATE TABLE job_errors (
    chunk       INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    PRIMARY KEY (chunk, fingerprint)
) WITHOUT ROWID;

-- The first chunk that is not indexed, and how often the numbers of jobs did not follow one another
-- (jobs/search/watermark.rs).
INSERT INTO meta (name, value) VALUES ('search_to_chunk', 0), ('search_epoch', 0);
