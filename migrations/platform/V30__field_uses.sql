-- Indexes that follow use: which fields of organizations' own lists are filtered and sorted by, and so have an index.

CREATE TABLE field_uses (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    resource text NOT NULL CHECK (resource IN ('contacts', 'companies', 'deals', 'projects')),
    key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_]{0,39}$'),
    -- Whether its values are numbers, which are ordered otherwise.
    is_number boolean NOT NULL,
    used_at timestamptz NOT NULL DEFAULT now(),
    -- When making the index was tried last, and since when there is one.
    tried_at timestamptz,
    indexed_at timestamptz,
    PRIMARY KEY (tenant_id, resource, key, is_number)
);
CREATE INDEX field_uses_waiting_idx ON field_uses (used_at) WHERE indexed_at IS NULL;
CREATE INDEX field_uses_used_at_idx ON field_uses (used_at);

-- Makes the index of one field that is used, or takes away that of one that was not used for 90 days; tells whether there was
-- any such thing to do. Twenty fields of a resource have an index at most.
--
-- It runs as the owner of all tables. What it writes into a statement are names that are made of a tenant's id and of words that
-- the table's constraints allow, quoted once more. While an index is made the table can be read and not written; where that has
-- to wait for somebody, it is left for an hour.
CREATE FUNCTION keep_field_index() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = platform, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    use platform.field_uses;
    home text;
    name text;
    field text;
BEGIN
    -- One at a time, so that twenty stay twenty.
    LOCK TABLE platform.field_uses IN SHARE UPDATE EXCLUSIVE MODE;
    SELECT u.* INTO use FROM field_uses u JOIN tenants t ON t.id = u.tenant_id
    WHERE t.status = 'active' AND (u.tried_at IS NULL OR u.tried_at < now() - interval '1 hour') AND (
        u.used_at < now() - interval '90 days'
        OR u.indexed_at IS NULL AND (
            SELECT count(*) FROM field_uses o
            WHERE o.tenant_id = u.tenant_id AND o.resource = u.resource AND o.indexed_at IS NOT NULL
        ) < 20
    ) ORDER BY u.used_at LIMIT 1;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    home := 't_' || replace(use.tenant_id::text, '-', '');
    name := format('%s_own_%s_%s', use.resource, use.key, CASE WHEN use.is_number THEN 'n' ELSE 't' END);
    BEGIN
        IF use.used_at < now() - interval '90 days' THEN
            EXECUTE format('DROP INDEX IF EXISTS %I.%I', home, name);
            DELETE FROM field_uses u WHERE (u.tenant_id, u.resource, u.key, u.is_number)
                = (use.tenant_id, use.resource, use.key, use.is_number);
        ELSE
            field := CASE WHEN use.is_number
                THEN format('(CASE WHEN jsonb_typeof(custom -> %1$L) = ''number'' THEN (custom ->> %1$L)::numeric END)', use.key)
                ELSE format('(custom ->> %L)', use.key) END;
            EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I.%I (%s, id)', name, home, use.resource, field);
            UPDATE field_uses u SET indexed_at = now(), tried_at = NULL WHERE (u.tenant_id, u.resource, u.key, u.is_number)
                = (use.tenant_id, use.resource, use.key, use.is_number);
        END IF;
    EXCEPTION WHEN lock_not_available OR query_canceled OR undefined_table OR invalid_schema_name THEN
        UPDATE field_uses u SET tried_at = now() WHERE (u.tenant_id, u.resource, u.key, u.is_number)
            = (use.tenant_id, use.resource, use.key, use.is_number);
    END;
    RETURN true;
END
$$;
REVOKE EXECUTE ON FUNCTION keep_field_index() FROM PUBLIC;
