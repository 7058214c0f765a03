-- Facts about the database itself, by name.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

-- 1 when the last process closed the database in order: then the queues' cursors are exact.
INSERT INTO meta (name, value) VALUES ('closed_in_order', 1);
