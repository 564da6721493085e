-- API keys. Each is a session of the kind `key`: that row says whether it is live and whose role limits it, so that a key
-- ends with its creator's membership and is admitted like any other session.

CREATE TABLE api_keys (
    id uuid PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    -- Names of permissions. What the creator may not do, the key may not do either, whatever stands here.
    scopes text[] NOT NULL CHECK (cardinality(scopes) BETWEEN 1 AND 100),
    -- Its end, by which people tell keys apart.
    hint text NOT NULL CHECK (char_length(hint) <= 20),
    -- SHA-256 of the secret in the key; the key itself is nowhere.
    secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    last_used_at timestamptz
);
CREATE INDEX api_keys_created_at_idx ON api_keys (tenant_id, created_at, id);
