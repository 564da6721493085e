-- Imports: a file that has arrived in full is work.

-- Stands on each tenant's `imports`. The work is done in the name of whoever sent the file, as part of that request.
CREATE FUNCTION take_import() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    INSERT INTO outbox (id, topic, payload, tenant_id)
    VALUES (NEW.id, 'import', uuid_send(NEW.id), substr(TG_TABLE_SCHEMA, 3)::uuid);
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION take_import() FROM PUBLIC;

-- Puts the trigger on a tenant's table; can be repeated.
CREATE FUNCTION keep_imports(p_schema text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER take_import AFTER UPDATE ON %I.imports FOR EACH ROW
        WHEN (NEW.state = ''running'' AND OLD.state <> ''running'') EXECUTE FUNCTION platform.take_import()', p_schema);
END
$$;
REVOKE EXECUTE ON FUNCTION keep_imports(text) FROM PUBLIC;

-- As before, and columns that say why not are not journaled either: they hold what the platform itself notes of a record.
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
        EXECUTE format('CREATE OR REPLACE TRIGGER journal AFTER INSERT OR UPDATE OR DELETE ON %s
            FOR EACH ROW EXECUTE FUNCTION platform.note_change(%s)', home.name, home.made);
        IF home.table_name IN ('webhooks', 'rules') THEN
            EXECUTE format('CREATE OR REPLACE TRIGGER listener AFTER INSERT OR UPDATE OR DELETE ON %s
                FOR EACH ROW EXECUTE FUNCTION platform.note_listener()', home.name);
        END IF;
    END LOOP;
END
$$;
