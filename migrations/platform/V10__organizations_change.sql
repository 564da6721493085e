-- Renaming and deleting organizations, and who owns them.

-- Every short name that leads to a tenant: the present one for good, a former one for 90 days. Nobody else gets it then.
CREATE TABLE slugs (
    slug text PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    until timestamptz NOT NULL
);
CREATE INDEX slugs_tenant_idx ON slugs (tenant_id);
INSERT INTO slugs (slug, tenant_id, until) SELECT slug, id, 'infinity' FROM tenants;

-- Whoever sets a slug, by whichever way, takes it here too, or is refused as by a unique constraint.
CREATE FUNCTION take_slug() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.slug = OLD.slug THEN
        RETURN NULL;
    END IF;
    INSERT INTO platform.slugs AS s (slug, tenant_id, until) VALUES (NEW.slug, NEW.id, 'infinity')
    ON CONFLICT (slug) DO UPDATE SET tenant_id = excluded.tenant_id, until = excluded.until
    WHERE s.tenant_id = excluded.tenant_id OR s.until < now();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this slug leads to another tenant'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'tenants_slug_key';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        UPDATE platform.slugs SET until = now() + interval '90 days' WHERE slug = OLD.slug;
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION take_slug() FROM PUBLIC;
CREATE TRIGGER tenants_take_slug AFTER INSERT OR UPDATE OF slug ON tenants
    FOR EACH ROW EXECUTE FUNCTION take_slug();

ALTER TABLE tenants
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    -- When a tenant that is being deleted goes for good.
    ADD COLUMN purge_at timestamptz,
    ADD CONSTRAINT tenants_deleting_check CHECK ((status = 'deleting') = (purge_at IS NOT NULL));
CREATE INDEX tenants_purge_at_idx ON tenants (purge_at) WHERE purge_at IS NOT NULL;

-- An organization always has an owner. The lock on the tenant's row puts those who take one away in a line; each sees
-- what the one before has left.
CREATE FUNCTION keep_an_owner() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    state text;
BEGIN
    SELECT status INTO state FROM platform.tenants WHERE id = OLD.tenant_id FOR NO KEY UPDATE;
    IF state <> 'purged' AND NOT EXISTS (
        SELECT 1 FROM platform.memberships WHERE tenant_id = OLD.tenant_id AND role = 'owner'
    ) THEN
        RAISE EXCEPTION 'the organization would have no owner'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'memberships_owner_check';
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION keep_an_owner() FROM PUBLIC;
CREATE TRIGGER memberships_keep_an_owner AFTER UPDATE OF role OR DELETE ON memberships
    FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION keep_an_owner();
