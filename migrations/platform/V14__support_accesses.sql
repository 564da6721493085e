-- Support: an operator in an organization, for a while, for a reason, and only where the organization allows it.

ALTER TABLE tenants
    ADD COLUMN support_consent text NOT NULL DEFAULT 'off' CHECK (support_consent IN ('off', 'read', 'write'));

-- A support session is no person's: nobody's membership gives it its role.
ALTER TABLE sessions
    ALTER COLUMN user_id DROP NOT NULL,
    ADD CONSTRAINT sessions_person_check CHECK ((user_id IS NULL) = (kind = 'support'));

CREATE TABLE support_accesses (
    -- Also the id of the session.
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    operator_id uuid NOT NULL REFERENCES operators (id),
    level text NOT NULL CHECK (level IN ('read', 'write')),
    reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 500),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    -- Before its time: by the organization (and which of its people), by the operator, or because the operator was disabled.
    ended_at timestamptz,
    ended_by text CHECK (ended_by IN ('organization', 'operator', 'disabled')),
    ended_by_user uuid,
    CONSTRAINT support_accesses_ended_check CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CONSTRAINT support_accesses_short_check CHECK (expires_at <= created_at + interval '60 minutes')
);
CREATE INDEX support_accesses_tenant_idx ON support_accesses (tenant_id, created_at, id);
CREATE INDEX support_accesses_operator_idx ON support_accesses (operator_id, expires_at);

-- An organization's own people decide about support, and that is written down too.
ALTER TABLE audit_entries ADD COLUMN user_id uuid;
