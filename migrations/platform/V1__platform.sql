-- The schema `platform`: what all tenants share. It exists when this runs (the history table stands in it).

CREATE TABLE shards (
    id smallint PRIMARY KEY,
    tenants integer NOT NULL DEFAULT 0 CHECK (tenants >= 0)
);

CREATE TABLE tenants (
    id uuid PRIMARY KEY,
    slug text NOT NULL CONSTRAINT tenants_slug_key UNIQUE,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    status text NOT NULL CHECK (status IN ('provisioning', 'active', 'suspended', 'deleting', 'purged')),
    shard smallint NOT NULL REFERENCES shards (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    -- For copies of the status that follow it.
    CONSTRAINT tenants_status_key UNIQUE (id, status),
    CONSTRAINT tenants_slug_check CHECK (char_length(slug) BETWEEN 3 AND 48 AND slug ~ '^[a-z0-9](-?[a-z0-9])+$')
);
CREATE INDEX tenants_created_at_idx ON tenants (created_at, id);
-- What a start looks for: the few that are not what they should be.
CREATE INDEX tenants_provisioning_idx ON tenants (id) WHERE status = 'provisioning';

-- The ledger of the fleet: which module stands at which version in which tenant. "Is anything to migrate?" is one query.
CREATE TABLE tenant_modules (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    module text NOT NULL CHECK (module ~ '^[a-z][a-z0-9-]*$'),
    enabled boolean NOT NULL,
    version bigint NOT NULL,
    checksum text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, module)
);
CREATE INDEX tenant_modules_state_idx ON tenant_modules (module, checksum) INCLUDE (tenant_id);

CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL CONSTRAINT users_email_key UNIQUE CHECK (email = lower(email) AND char_length(email) <= 254),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    password_hash text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE memberships (
    user_id uuid NOT NULL REFERENCES users (id),
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    role text NOT NULL CHECK (role IN ('viewer', 'member', 'admin', 'owner')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, tenant_id),
    -- For copies of the role that follow it.
    CONSTRAINT memberships_role_key UNIQUE (user_id, tenant_id, role)
);
CREATE INDEX memberships_tenant_idx ON memberships (tenant_id, user_id);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    -- What `admit` asks for at each request stands in this one row. These two are copies that cannot lie: their foreign
    -- keys change them in the transaction that changes the membership or the tenant. Without a membership, no role.
    role text,
    tenant_status text NOT NULL,
    -- SHA-256 of the refresh token; the token itself is nowhere.
    refresh_hash bytea NOT NULL CONSTRAINT sessions_refresh_hash_key UNIQUE CHECK (octet_length(refresh_hash) = 32),
    device text CHECK (char_length(device) <= 300),
    address inet,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT sessions_role_fkey FOREIGN KEY (user_id, tenant_id, role)
        REFERENCES memberships (user_id, tenant_id, role) ON UPDATE CASCADE ON DELETE SET NULL (role),
    CONSTRAINT sessions_tenant_status_fkey FOREIGN KEY (tenant_id, tenant_status)
        REFERENCES tenants (id, status) ON UPDATE CASCADE
);
CREATE INDEX sessions_user_idx ON sessions (user_id, tenant_id);
CREATE INDEX sessions_tenant_idx ON sessions (tenant_id);
CREATE INDEX sessions_expires_idx ON sessions (expires_at);

-- Lets a request into its tenant or raises why not. Runtime logins can call it and can read nothing.
-- It reads the one row of the session, which follows membership and tenant, so that a demotion or a suspension holds
-- from the next request on.
CREATE FUNCTION admit(p_session uuid, p_tenant uuid, p_role text, p_module text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    status text;
BEGIN
    SELECT s.tenant_status INTO status FROM platform.sessions s
    WHERE s.id = p_session AND s.tenant_id = p_tenant AND s.role = p_role
        AND s.ended_at IS NULL AND s.expires_at > now();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'session not admitted' USING ERRCODE = 'TN401';
    END IF;
    IF status <> 'active' THEN
        RAISE EXCEPTION 'tenant not active' USING ERRCODE = 'TN410';
    END IF;
    IF p_module <> '' AND NOT EXISTS (
        SELECT 1 FROM platform.tenant_modules WHERE tenant_id = p_tenant AND module = p_module AND enabled
    ) THEN
        RAISE EXCEPTION 'module not enabled' USING ERRCODE = 'TN404';
    END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION admit(uuid, uuid, text, text) FROM PUBLIC;

-- Ids of the keys that sign access tokens. The keys are derived from the installation's secret, which is not here.
CREATE TABLE signing_keys (
    kid text PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now()
);
