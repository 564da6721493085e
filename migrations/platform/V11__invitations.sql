-- Invitations into organizations. The one-time token stands in the letter; here is its SHA-256.

CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    email text NOT NULL CHECK (email = lower(email) AND char_length(email) <= 254),
    role text NOT NULL,
    role_tenant uuid,
    token_hash bytea NOT NULL CONSTRAINT invitations_token_hash_key UNIQUE CHECK (octet_length(token_hash) = 32),
    -- Letters sent so far, and when the last one was: an organization has so many a day.
    letters integer NOT NULL DEFAULT 1 CHECK (letters >= 1),
    sent_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    accepted_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT invitations_role_check CHECK (
        CASE WHEN role_tenant IS NULL THEN role IN ('viewer', 'member', 'admin', 'owner') ELSE role_tenant = tenant_id END
    ),
    CONSTRAINT invitations_custom_role_fkey FOREIGN KEY (role_tenant, role)
        REFERENCES custom_roles (tenant_id, key) ON UPDATE CASCADE
);
-- An address has one open invitation to an organization; a newer one takes its place.
CREATE UNIQUE INDEX invitations_open_key ON invitations (tenant_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_created_at_idx ON invitations (tenant_id, created_at, id);
CREATE INDEX invitations_sent_at_idx ON invitations (tenant_id, sent_at);
CREATE INDEX invitations_custom_role_idx ON invitations (role_tenant, role) WHERE role_tenant IS NOT NULL;
