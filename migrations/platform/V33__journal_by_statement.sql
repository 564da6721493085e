-- New records are journaled by the statement that makes them, however many it makes: an import makes a thousand at once.

-- The statement that writes an entry for each new row of a table, which the trigger's transition table `made` holds; none where
-- nothing is to be written down. `p_ignored` are columns that are of no interest.
CREATE FUNCTION entries_of_made(p_schema name, p_table name, p_ignored text[]) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    -- Migrations make rows that are no news. Nobody else is the owner.
    IF current_setting('tenantry.journal', true) = 'off' AND session_user = current_user THEN
        RETURN NULL;
    END IF;
    RETURN format('WITH written AS (
            INSERT INTO %I.journal (kind, user_id, session_id, address, operation, request_id, resource, record, change, after)
            SELECT a.kind, a.user_id, a.session_id, a.address, a.operation, a.request_id, %L, r.entry ->> ''id'', ''created'',
                r.entry - %L::text[]
            FROM (SELECT to_jsonb(m) AS entry FROM made m) r, platform.present_actor() a
            RETURNING number
        ) INSERT INTO platform.wakes (tenant_id, number) SELECT %L, number FROM written',
        p_schema, p_table, p_ignored, substr(p_schema, 3)::uuid);
END
$$;
REVOKE EXECUTE ON FUNCTION entries_of_made(name, name, text[]) FROM PUBLIC;

-- Stands on each table of a tenant. As small as it can be, for a backend keeps a copy of it for each table.
CREATE FUNCTION note_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    entries text := platform.entries_of_made(TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_ARGV);
BEGIN
    IF entries IS NOT NULL THEN
        EXECUTE entries;
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION note_made() FROM PUBLIC;

-- As before, with a trigger for what is made and one for what is changed or deleted. Columns whose comment says why are not
-- journaled: they hold what the platform itself notes of a record.
CREATE OR REPLACE FUNCTION keep_journal(p_schema text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    home record;
BEGIN
    FOR home IN
        SELECT c.oid::regclass AS name, c.relname AS table_name,
            (SELECT coalesce(string_agg(quote_literal(a.attname), ', ' ORDER BY a.attnum), '') FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND (a.attgenerated <> ''
                OR coalesce(col_description(c.oid, a.attnum), '') LIKE 'unjournaled: %')) AS made
        FROM pg_class c
        WHERE c.relnamespace = p_schema::regnamespace AND c.relkind = 'r'
            AND c.relname NOT IN ('fence', 'journal', 'idempotency') AND c.relname NOT LIKE 'history\_%'
            AND coalesce(obj_description(c.oid, 'pg_class'), '') NOT LIKE 'unjournaled: %'
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER journal_made AFTER INSERT ON %s REFERENCING NEW TABLE AS made
            FOR EACH STATEMENT EXECUTE FUNCTION platform.note_made(%s)', home.name, home.made);
        EXECUTE format('CREATE OR REPLACE TRIGGER journal AFTER UPDATE OR DELETE ON %s
            FOR EACH ROW EXECUTE FUNCTION platform.note_change(%s)', home.name, home.made);
        IF home.table_name IN ('webhooks', 'rules') THEN
            EXECUTE format('CREATE OR REPLACE TRIGGER listener AFTER INSERT OR UPDATE OR DELETE ON %s
                FOR EACH ROW EXECUTE FUNCTION platform.note_listener()', home.name);
        END IF;
    END LOOP;
END
$$;
