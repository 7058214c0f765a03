-- One row is a block: all messages that one group commit published, numbered first_seq to last_seq.
-- `counts` says how many of them each queue takes; `body` holds them (bus/block.rs).
CREATE TABLE bus_log (
    first_seq INTEGER PRIMARY KEY,
    last_seq  INTEGER NOT NULL,
    counts    BLOB NOT NULL,
    body      BLOB NOT NULL
);

-- Where each queue stands: everything before next_seq was delivered, and settled but for `outstanding`
-- (bus/cursor.rs).
CREATE TABLE bus_queue (
    queue       INTEGER PRIMARY KEY,
    next_seq    INTEGER NOT NULL,
    outstanding BLOB NOT NULL
);
