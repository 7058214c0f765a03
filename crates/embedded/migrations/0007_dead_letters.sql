-- What has become of a dead letter (codes.rs); 0 is open.
ALTER TABLE dead_letters ADD COLUMN state INTEGER NOT NULL DEFAULT 0;

-- For lists of one state.
CREATE INDEX dead_letters_by_state ON dead_letters (state);

-- How many are open is asked for all the time, and they may be many: the table keeps count of itself.
INSERT INTO meta (name, value) SELECT 'open_dead_letters', count(*) FROM dead_letters;

CREATE TRIGGER dead_letter_kept AFTER INSERT ON dead_letters WHEN new.state = 0
BEGIN
    UPDATE meta SET value = value + 1 WHERE name = 'open_dead_letters';
END;

CREATE TRIGGER dead_letter_settled AFTER UPDATE OF state ON dead_letters
BEGIN
    UPDATE meta SET value = value + (new.state = 0) - (old.state = 0) WHERE name = 'open_dead_letters';
END;

CREATE TRIGGER dead_letter_removed AFTER DELETE ON dead_letters WHEN old.state = 0
BEGIN
    UPDATE meta SET value = value - 1 WHERE name = 'open_dead_letters';
END;
