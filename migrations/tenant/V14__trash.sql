-- The trash: what somebody deleted of late, newest first. It is a part of the journal, and only read.
CREATE INDEX journal_trash_idx ON journal (at, id) WHERE change = 'deleted' AND user_id IS NOT NULL;
