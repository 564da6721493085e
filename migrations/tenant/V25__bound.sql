-- What an undo leaves alone since something else says the same: a calendar of a booked time.
ALTER TABLE undo_records DROP CONSTRAINT undo_records_conflict_check, ADD CONSTRAINT undo_records_conflict_check
    CHECK (conflict IN ('changed_since', 'gone', 'in_use', 'reference_gone', 'taken', 'bound'));
