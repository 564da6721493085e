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
        p_schema, p_table, coalesce(p_ignored, '{}'), substr(p_schema, 3)::uuid);
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

-- As before, but it takes its entries by a range of them.
CREATE OR REPLACE FUNCTION seal_journals(p_entries integer, OUT tenant_id uuid, OUT first bigint, OUT last bigint) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    numbers bigint[];
    home text;
    head platform.journal_heads;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('tenantry seal journals', 0)) THEN
        RETURN;
    END IF;
    FOR tenant_id, numbers IN
        WITH woken AS (
            -- A range, which is cheap by any plan: this one is kept from a time when there were none.
            DELETE FROM wakes w WHERE w.id <= (SELECT max(b.id) FROM (SELECT id FROM wakes ORDER BY id LIMIT p_entries) b)
            RETURNING w.tenant_id, w.number
        )
        SELECT woken.tenant_id, array_agg(woken.number) FROM woken JOIN tenants t ON t.id = woken.tenant_id GROUP BY 1
    LOOP
        home := format('t_%s', replace(tenant_id::text, '-', ''));
        IF to_regclass(home || '.journal_seals') IS NULL THEN
            -- Until the tenant is brought up to date. One that was purged has no journal.
            INSERT INTO wakes (tenant_id, number)
            SELECT seal_journals.tenant_id, n FROM unnest(numbers) n WHERE to_regclass(home || '.journal') IS NOT NULL;
            CONTINUE;
        END IF;
        INSERT INTO journal_heads VALUES (tenant_id, 0, '') ON CONFLICT DO NOTHING;
        SELECT h.tenant_id, h.position, h.hash INTO head FROM journal_heads h WHERE h.tenant_id = seal_journals.tenant_id FOR UPDATE;
        EXECUTE format('
            WITH entry AS MATERIALIZED (
                SELECT j.number, platform.journal_contents(j.before, j.after) AS contents, j.id, j.at, j.kind, j.user_id,
                    j.session_id, j.address, j.operation, j.request_id, j.resource, j.record, j.change
                FROM %1$s.journal j WHERE j.number = ANY ($1)
            ), sealed AS (
                INSERT INTO %1$s.journal_seals (position, number, contents, hash)
                SELECT $2 + row_number() OVER written, e.number, e.contents, platform.chain($3, platform.journal_text(e.id,
                    e.number, e.at, e.kind, e.user_id, e.session_id, e.address, e.operation, e.request_id, e.resource,
                    e.record, e.change, e.contents)) OVER written
                FROM entry e WINDOW written AS (ORDER BY e.number)
                RETURNING position, hash
            )
            SELECT s.position, s.hash FROM sealed s ORDER BY s.position DESC LIMIT 1', home)
        INTO last, head.hash USING numbers, head.position, head.hash;
        CONTINUE WHEN last IS NULL;
        first := head.position + 1;
        UPDATE journal_heads h SET position = seal_journals.last, hash = head.hash WHERE h.tenant_id = seal_journals.tenant_id;
        RETURN NEXT;
    END LOOP;
END
$$;
