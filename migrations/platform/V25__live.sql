-- Whoever listens hears of what was sealed: in each process, of the tenants that somebody there listens to.
CREATE FUNCTION tell_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('live', NEW.tenant_id || ' ' || NEW.position);
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION tell_live() FROM PUBLIC;
CREATE TRIGGER live AFTER UPDATE ON journal_heads FOR EACH ROW WHEN (NEW.position > OLD.position)
    EXECUTE FUNCTION tell_live();

-- What a browser shows instead of its token where it can set no header: works once, within 30 seconds. It lets in nobody
-- whom the session would not let in at that moment.
CREATE TABLE tickets (
    -- SHA-256.
    hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    -- What the token said with which the ticket was asked for.
    claims jsonb NOT NULL,
    expires_at timestamptz NOT NULL DEFAULT now() + interval '30 seconds'
);
CREATE INDEX tickets_session_idx ON tickets (session_id, expires_at);
CREATE INDEX tickets_expires_at_idx ON tickets (expires_at);
