-- What narrows a search, for every 1,024 consecutive numbers: see src/search.rs.

-- One row: the first chunk that is not indexed.
CREATE TABLE search (
    only_one boolean PRIMARY KEY CHECK (only_one),
    indexed_to bigint NOT NULL
) WITH (fillfactor = 50);

INSERT INTO search (only_one, indexed_to) VALUES (true, 0);

-- When the jobs of a chunk were accepted and made.
CREATE TABLE job_chunks (
    chunk bigint PRIMARY KEY,
    accepted_from bigint NOT NULL,
    accepted_to bigint NOT NULL,
    created_from bigint NOT NULL,
    created_to bigint NOT NULL
);

-- Which terms occur in a chunk: Bloom filters, each in parts, so that a search reads one part of every chunk.
CREATE TABLE job_filters (
    part smallint NOT NULL,
    chunk bigint NOT NULL,
    bits bytea NOT NULL,
    PRIMARY KEY (part, chunk)
) WITH (toast_tuple_target = 8160);

-- The bits look random, and are read all the time: neither compressed nor anywhere else.
ALTER TABLE job_filters ALTER COLUMN bits SET STORAGE EXTERNAL;
