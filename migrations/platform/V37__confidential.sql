-- Columns whose values the journal does not have, and tables whose rows stay.

-- A row as the journal has it: of confidential columns the names. `p_ignored` are the columns that are of no interest, and, behind
-- an equals sign, those that are confidential.
CREATE FUNCTION masked(p_row jsonb, p_ignored text[]) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF p_row IS NULL OR array_to_string(p_ignored, ',') NOT LIKE '%=%' THEN
        RETURN p_row;
    END IF;
    RETURN (SELECT jsonb_object_agg(e.key, CASE WHEN '=' || e.key = ANY (p_ignored) THEN '"confidential"' ELSE e.value END)
        FROM jsonb_each(p_row) e);
END
$$;
REVOKE EXECUTE ON FUNCTION masked(jsonb, text[]) FROM PUBLIC;

-- As before, without the values of confidential columns.
CREATE OR REPLACE FUNCTION write_entry(p_schema name, p_table name, p_op text, p_old jsonb, p_new jsonb, p_ignored text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    actor platform.actor;
    old_row jsonb := p_old - coalesce(p_ignored, '{}');
    new_row jsonb := p_new - coalesce(p_ignored, '{}');
    record text := coalesce(p_new, p_old) ->> 'id';
    written bigint;
BEGIN
    -- Migrations rewrite rows without changing what they say. Nobody else is the owner.
    IF current_setting('tenantry.journal', true) = 'off' AND session_user = current_user THEN
        RETURN;
    END IF;
    IF p_op = 'UPDATE' THEN
        SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, new_row -> o.key) INTO old_row, new_row
        FROM jsonb_each(old_row) o WHERE o.value IS DISTINCT FROM new_row -> o.key;
        IF old_row IS NULL THEN
            RETURN;
        END IF;
    END IF;
    old_row := platform.masked(old_row, p_ignored);
    new_row := platform.masked(new_row, p_ignored);
    actor := platform.present_actor();
    EXECUTE format('INSERT INTO %I.journal (kind, user_id, session_id, address, operation, request_id, resource, record, change,
        before, after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING number', p_schema)
    USING actor.kind, actor.user_id, actor.session_id, actor.address, actor.operation, actor.request_id, p_table, record,
        CASE p_op WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END, old_row, new_row
    INTO written;
    INSERT INTO platform.wakes (tenant_id, number) VALUES (substr(p_schema, 3)::uuid, written);
END
$$;

-- As before, without the values of confidential columns.
CREATE OR REPLACE FUNCTION entries_of_made(p_schema name, p_table name, p_ignored text[]) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    -- Migrations make rows that are no news. Nobody else is the owner.
    IF current_setting('tenantry.journal', true) = 'off' AND session_user = current_user THEN
        RETURN NULL;
    END IF;
    RETURN format('WITH written AS (
            INSERT INTO %I.journal (kind, user_id, session_id, address, operation, request_id, resource, record, change, after)
            SELECT a.kind, a.user_id, a.session_id, a.address, a.operation, a.request_id, %L, r.entry ->> ''id'', ''created'',
                platform.masked(r.entry - %L::text[], %4$L::text[])
            FROM (SELECT to_jsonb(m) AS entry FROM made m) r, platform.present_actor() a
            RETURNING number
        ) INSERT INTO platform.wakes (tenant_id, number) SELECT %L, number FROM written',
        p_schema, p_table, coalesce(p_ignored, '{}'), coalesce(p_ignored, '{}'), substr(p_schema, 3)::uuid);
END
$$;

-- As before; columns whose comment says that they are confidential are handed over behind an equals sign.
CREATE OR REPLACE FUNCTION keep_journal(p_schema text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    home record;
BEGIN
    FOR home IN
        SELECT c.oid::regclass AS name, c.relname AS table_name,
            (SELECT coalesce(string_agg(quote_literal(CASE WHEN told.comment LIKE 'confidential: %' THEN '=' ELSE '' END || a.attname),
                ', ' ORDER BY a.attnum), '')
             FROM pg_attribute a, LATERAL (SELECT coalesce(col_description(c.oid, a.attnum), '') AS comment) told
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                AND (a.attgenerated <> '' OR told.comment LIKE 'unjournaled: %' OR told.comment LIKE 'confidential: %')) AS made
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

-- Takes from the tenant's role what would change rows that stay: of tables whose comment says that rows are only added, and of those
-- whose rows are kept.
CREATE FUNCTION keep_rows(p_schema text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    home record;
BEGIN
    FOR home IN
        SELECT c.oid::regclass AS name, obj_description(c.oid, 'pg_class') LIKE 'append-only: %' AS only_added
        FROM pg_class c
        WHERE c.relnamespace = p_schema::regnamespace AND c.relkind = 'r'
            AND obj_description(c.oid, 'pg_class') ~ '^(append-only|kept): '
    LOOP
        EXECUTE format('REVOKE %s ON %s FROM %I', CASE WHEN home.only_added THEN 'UPDATE, DELETE' ELSE 'DELETE' END, home.name,
            p_schema);
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION keep_rows(text) FROM PUBLIC;
