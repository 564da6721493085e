-- Teams of an organization, and how far a role of its own making reaches among records that have owners.

CREATE TABLE teams (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT teams_tenant_key UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX teams_name_key ON teams (tenant_id, lower(name));
CREATE INDEX teams_created_at_idx ON teams (tenant_id, created_at, id);

-- Whoever leaves the organization leaves its teams, and nobody of another organization can be in one.
CREATE TABLE team_members (
    team_id uuid NOT NULL,
    user_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (team_id, user_id),
    CONSTRAINT team_members_team_fkey FOREIGN KEY (tenant_id, team_id)
        REFERENCES teams (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT team_members_membership_fkey FOREIGN KEY (user_id, tenant_id)
        REFERENCES memberships (user_id, tenant_id) ON DELETE CASCADE
);
CREATE INDEX team_members_user_idx ON team_members (user_id, tenant_id, team_id);

-- A token knows the scope as it knows the permissions: each change of the role changes the role's key.
ALTER TABLE custom_roles
    ADD COLUMN scope text NOT NULL DEFAULT 'all' CHECK (scope IN ('own', 'team', 'all'));

-- Lets in like `admit`, and says whose records are in the reach of a role whose scope is the team: the person's own and
-- those of everybody who shares a team with the person at this moment.
CREATE FUNCTION admit_with_team(p_session uuid, p_tenant uuid, p_role text, p_module text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    person uuid;
BEGIN
    PERFORM platform.admit(p_session, p_tenant, p_role, p_module);
    SELECT s.user_id INTO person FROM platform.sessions s WHERE s.id = p_session;
    RETURN (SELECT array_agg(owner)::text FROM (
        SELECT person AS owner
        UNION
        SELECT theirs.user_id FROM platform.team_members mine
        JOIN platform.team_members theirs ON theirs.team_id = mine.team_id
        WHERE mine.user_id = person AND mine.tenant_id = p_tenant
    ) owners);
END
$$;
REVOKE EXECUTE ON FUNCTION admit_with_team(uuid, uuid, text, text) FROM PUBLIC;
