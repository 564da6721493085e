-- What one person did in some time, and what becomes of it where it is undone: first a preview, then, once, the change.

CREATE TABLE undos (
    id uuid PRIMARY KEY,
    -- Whose changes, and from when until when.
    user_id uuid NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    -- Narrower, where there is a value.
    resources text[] CHECK (cardinality(resources) BETWEEN 1 AND 100),
    records text[] CHECK (cardinality(records) BETWEEN 1 AND 1000),
    request_id uuid,
    -- What of it cannot be undone, and why not.
    left_out jsonb[] NOT NULL,
    created_by uuid NOT NULL,
    applied_at timestamptz,
    applied_by uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT undos_window_check CHECK (until > since AND until - since <= interval '31 days'),
    CONSTRAINT undos_applied_check CHECK ((applied_at IS NULL) = (applied_by IS NULL))
);
CREATE INDEX undos_created_at_idx ON undos (created_at, id);

-- A record of an undo. No value stands here: `sources` and `stands` are entries of the journal.
CREATE TABLE undo_records (
    id uuid PRIMARY KEY,
    undo_id uuid NOT NULL REFERENCES undos (id) ON DELETE CASCADE,
    resource text NOT NULL,
    record text NOT NULL,
    action text NOT NULL CHECK (action IN ('recreate', 'delete', 'restore')),
    -- Why nothing is done to it.
    conflict text CHECK (conflict IN ('changed_since', 'gone', 'in_use', 'reference_gone', 'taken')),
    -- The fields that get another value; the entries whose `before` has that value; those whose `after` stands now.
    fields text[] NOT NULL,
    sources uuid[] NOT NULL CHECK (cardinality(sources) = cardinality(fields)),
    stands uuid[] NOT NULL CHECK (cardinality(stands) = cardinality(fields)),
    -- Those of them that somebody else has changed since, which stay.
    held text[] NOT NULL CHECK (held <@ fields),
    -- The record's last entry, and its number: what comes later was not seen.
    last uuid NOT NULL,
    seen bigint NOT NULL,
    CONSTRAINT undo_records_record_key UNIQUE (undo_id, resource, record)
);
CREATE INDEX undo_records_resource_idx ON undo_records (undo_id, resource, id);
COMMENT ON TABLE undo_records IS 'unjournaled: what an undo would do; the undo itself is journaled, and so is each change by it';
