-- The same as in each tenant's schema, for the changes of this one: a record commits with what it is about, so it stands where that does.
CREATE TABLE idempotency (
    -- A hash of tenant, caller, method, path and key: none of them stands here in clear.
    id bytea PRIMARY KEY CHECK (octet_length(id) = 32),
    -- A hash of what was asked: the same key is good for the same request only.
    fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
    -- Sealed with a key that is not here: an answer may hold a secret that is shown once.
    answer bytea NOT NULL CHECK (octet_length(answer) BETWEEN 28 AND 73728),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idempotency_created_at_idx ON idempotency (created_at, id);
