-- What is to be done outside of the database once the transaction that wrote the row has committed. A row is deleted
-- when it is done; what stays is a dead letter.
CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    topic text NOT NULL CHECK (topic IN ('mail')),
    -- Sealed with a key that is not here: a letter may hold a token that still works.
    payload bytea NOT NULL CHECK (octet_length(payload) BETWEEN 1 AND 65536),
    created_at timestamptz NOT NULL DEFAULT now(),
    -- When to try next. Claiming a row sets it to the end of the lease: a worker that dies leaves the row to the next one.
    due_at timestamptz NOT NULL DEFAULT now(),
    -- Counts the claims, and so tells the worker that holds the row from one that held it before.
    attempts smallint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    dead_at timestamptz,
    -- Why the last attempt failed: words of ours, never of the other side, who may quote the letter.
    reason text CHECK (char_length(reason) BETWEEN 1 AND 200),
    CONSTRAINT outbox_dead_check CHECK (dead_at IS NULL OR reason IS NOT NULL)
);
CREATE INDEX outbox_due_idx ON outbox (due_at) WHERE dead_at IS NULL;
CREATE INDEX outbox_dead_idx ON outbox (dead_at) WHERE dead_at IS NOT NULL;

-- Wakes the workers when the transaction commits. They also look by themselves, so a notice that is lost costs seconds.
CREATE FUNCTION wake_workers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('outbox', '');
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION wake_workers() FROM PUBLIC;
CREATE TRIGGER outbox_wake AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION wake_workers();
