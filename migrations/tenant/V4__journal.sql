-- What has changed, who did it, and what it was before: the audit and the events are read from here.
--
-- Rows are written by a trigger that stands on every other table (platform.note_change). The tenant's own role can only
-- read them; position and hash are given once, in the order in which changes became visible (platform.seal_journals).

CREATE TABLE journal (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    -- In the order of writing, which is not the order in which transactions end.
    number bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT now(),
    kind text NOT NULL CHECK (kind IN ('person', 'key', 'support', 'operator', 'system')),
    user_id uuid,
    session_id uuid,
    address inet,
    -- As the document names it; none where it was no request.
    operation text,
    request_id uuid,
    -- The table, and the record's `id` in it.
    resource text NOT NULL,
    record text,
    change text NOT NULL CHECK (change IN ('created', 'updated', 'deleted', 'denied')),
    -- Of an update, the columns that it changed.
    before jsonb,
    after jsonb,
    position bigint CONSTRAINT journal_position_key UNIQUE,
    -- SHA-256 of the hash before this one and of everything above.
    hash bytea CHECK (octet_length(hash) = 32),
    CONSTRAINT journal_sealed_check CHECK ((position IS NULL) = (hash IS NULL))
);
CREATE INDEX journal_unsealed_idx ON journal (number) WHERE position IS NULL;
CREATE INDEX journal_at_idx ON journal (at, id);
CREATE INDEX journal_user_idx ON journal (user_id, at, id);
CREATE INDEX journal_record_idx ON journal (record, at, id);
