-- How many of the events of a type ended an attempt.
ALTER TABLE stats_events ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;

-- 1 once the counters have been built from the jobs. Those of the programs before are built anew: they did not count
-- what ended an attempt.
INSERT INTO meta (name, value) VALUES ('stats_complete', 0);
