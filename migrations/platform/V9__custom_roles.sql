-- Roles that an organization makes itself.

CREATE TABLE custom_roles (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    permissions text[] NOT NULL CHECK (cardinality(permissions) <= 100),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- What memberships, and by them sessions, say: each change of the role changes it there too, in the same transaction.
    key text NOT NULL GENERATED ALWAYS AS ('custom:' || id::text || ':' || version::text) STORED,
    CONSTRAINT custom_roles_key_key UNIQUE (tenant_id, key)
);
CREATE UNIQUE INDEX custom_roles_name_key ON custom_roles (tenant_id, lower(name));
CREATE INDEX custom_roles_created_at_idx ON custom_roles (tenant_id, created_at, id);

-- A role is one of the four, or a custom one of this very organization: `role_tenant` is there for the foreign key.
ALTER TABLE memberships
    ADD COLUMN role_tenant uuid,
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    DROP CONSTRAINT memberships_role_check,
    ADD CONSTRAINT memberships_role_check CHECK (
        CASE WHEN role_tenant IS NULL THEN role IN ('viewer', 'member', 'admin', 'owner') ELSE role_tenant = tenant_id END
    ),
    ADD CONSTRAINT memberships_custom_role_fkey FOREIGN KEY (role_tenant, role)
        REFERENCES custom_roles (tenant_id, key) ON UPDATE CASCADE;
CREATE INDEX memberships_custom_role_idx ON memberships (role_tenant, role) WHERE role_tenant IS NOT NULL;
CREATE INDEX memberships_created_at_idx ON memberships (tenant_id, created_at, user_id);
