-- Operators: who runs the platform. They are never users and never members, so they stand in tables of their own.

CREATE TABLE operators (
    id uuid PRIMARY KEY,
    email text NOT NULL CONSTRAINT operators_email_key UNIQUE CHECK (email = lower(email) AND char_length(email) <= 254),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    password_hash text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz
);

-- No secret stands here: the token is the session's id with a tag that only the installation's secret can make.
CREATE TABLE operator_sessions (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL REFERENCES operators (id),
    device text CHECK (char_length(device) <= 300),
    address inet,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX operator_sessions_operator_idx ON operator_sessions (operator_id, expires_at);

-- What operators did. Rows are added and never changed, whoever asks.
CREATE TABLE audit_entries (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    -- None where it was done on the command line.
    operator_id uuid REFERENCES operators (id),
    address inet,
    action text NOT NULL CHECK (action ~ '^[a-z_]+\.[a-z_]+$' AND char_length(action) <= 60),
    -- Not a reference: what was done stays known when the tenant is gone.
    tenant_id uuid,
    reason text CHECK (char_length(reason) BETWEEN 1 AND 500),
    details jsonb
);
CREATE INDEX audit_entries_at_idx ON audit_entries (at, id);
CREATE INDEX audit_entries_tenant_idx ON audit_entries (tenant_id, at, id);

CREATE FUNCTION keep_audit_entries() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are never changed' USING ERRCODE = 'insufficient_privilege';
END
$$;
REVOKE EXECUTE ON FUNCTION keep_audit_entries() FROM PUBLIC;
CREATE TRIGGER audit_entries_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_entries();

ALTER TABLE tenants
    -- Why nobody may work there. It outlives a deletion, so that a restored tenant is suspended again.
    ADD COLUMN suspended_at timestamptz,
    ADD COLUMN suspended_reason text CHECK (char_length(suspended_reason) BETWEEN 1 AND 500),
    -- What operators search in.
    ADD COLUMN search_text text NOT NULL GENERATED ALWAYS AS (slug || ' ' || lower(name)) STORED;
CREATE INDEX tenants_status_idx ON tenants (status, created_at, id);
CREATE INDEX tenants_search_idx ON tenants USING gin (search_text extensions.gin_trgm_ops);
