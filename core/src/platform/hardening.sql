-- Takes from everybody what would let a tenant's statement out of its role. Run as a superuser, in Tenantry's database.
DO $$
DECLARE
    target record;
BEGIN
    FOR target IN
        SELECT p.oid::regprocedure AS name FROM pg_proc p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f'
            AND (p.proname = 'set_config' OR p.proname LIKE 'lo\_%' OR p.proname IN ('lowrite', 'loread')
                OR (p.proname LIKE 'pg\_advisory%' OR p.proname LIKE 'pg\_try\_advisory%')
                    AND p.proname NOT LIKE '%\_xact\_%' AND p.proname NOT LIKE '%unlock%')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', target.name);
    END LOOP;
    -- The owner makes Tenantry's own function.
    EXECUTE format('GRANT USAGE ON LANGUAGE plpgsql TO %I',
        (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()));
    -- A runtime login takes a tenant's role by it; the role itself, being nobody's heir, has lost it again.
    EXECUTE format('GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO %I WITH GRANT OPTION',
        (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()));
    EXECUTE format('REVOKE TEMPORARY, CONNECT ON DATABASE %I FROM PUBLIC', current_database());
END
$$;
REVOKE USAGE ON LANGUAGE sql, plpgsql FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- For search and for calendars. In a schema of its own, so that no tenant's path holds it.
CREATE SCHEMA IF NOT EXISTS extensions;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA extensions;
GRANT USAGE ON SCHEMA extensions TO PUBLIC;
