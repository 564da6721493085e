-- Sealing is cheaper and the journal's rows are never changed: their places in the chain stand in a narrow table beside them
-- (`journal_seals` of each tenant).

-- One row for each entry that has no place yet, so that nobody looks for them. In the order of writing.
ALTER TABLE wakes ADD number bigint;
DELETE FROM wakes;
-- Each entry gets its place anew.
DELETE FROM journal_heads;
DO $$
DECLARE
    home record;
BEGIN
    FOR home IN SELECT t.id, format('t_%s.journal', replace(t.id::text, '-', '')) AS journal FROM platform.tenants t LOOP
        CONTINUE WHEN to_regclass(home.journal) IS NULL;
        EXECUTE format('INSERT INTO platform.wakes (tenant_id, number) SELECT $1, number FROM %s
            ORDER BY number', home.journal) USING home.id;
    END LOOP;
END
$$;
ALTER TABLE wakes ALTER number SET NOT NULL;

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
    actor := platform.present_actor();
    EXECUTE format('INSERT INTO %I.journal (kind, user_id, session_id, address, operation, request_id, resource, record, change,
        before, after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING number', p_schema)
    USING actor.kind, actor.user_id, actor.session_id, actor.address, actor.operation, actor.request_id, p_table, record,
        CASE p_op WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END, old_row, new_row
    INTO written;
    INSERT INTO platform.wakes (tenant_id, number) VALUES (substr(p_schema, 3)::uuid, written);
END
$$;

CREATE OR REPLACE FUNCTION note_tenant_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = platform, pg_temp AS $$
DECLARE
    actor platform.actor := platform.present_actor();
    old_row jsonb;
    new_row jsonb;
    tenant uuid;
    journal text;
    record text;
    written bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        old_row := to_jsonb(OLD);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        new_row := to_jsonb(NEW);
    END IF;
    -- Whoever signs in is nobody before that: it is the person whom the session is of.
    IF TG_ARGV[0] = 'sessions' AND actor.kind = 'system' THEN
        actor.kind := 'person';
        actor.user_id := coalesce(new_row, old_row) ->> 'user_id';
        actor.session_id := coalesce(new_row, old_row) ->> 'id';
        actor.address := coalesce(new_row, old_row) ->> 'address';
    END IF;
    tenant := coalesce(new_row, old_row) ->> TG_ARGV[1];
    record := coalesce(new_row, old_row) ->> TG_ARGV[2];
    journal := format('t_%s.journal', replace(tenant::text, '-', ''));
    -- A tenant that is being made, or was purged, has none.
    IF to_regclass(journal) IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT jsonb_object_agg(o.key, o.value) INTO old_row FROM jsonb_each(old_row) o WHERE o.key = ANY (TG_ARGV[3:]);
    SELECT jsonb_object_agg(n.key, n.value) INTO new_row FROM jsonb_each(new_row) n WHERE n.key = ANY (TG_ARGV[3:]);
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, new_row -> o.key) INTO old_row, new_row
        FROM jsonb_each(old_row) o WHERE o.value IS DISTINCT FROM new_row -> o.key;
        IF old_row IS NULL THEN
            RETURN NULL;
        END IF;
    END IF;
    EXECUTE format('INSERT INTO %s (kind, user_id, session_id, address, operation, request_id, resource, record, change,
        before, after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING number', journal)
    USING actor.kind, actor.user_id, actor.session_id, actor.address, actor.operation, actor.request_id, TG_ARGV[0],
        record, CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END, old_row, new_row
    INTO written;
    INSERT INTO platform.wakes (tenant_id, number) VALUES (tenant, written);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION note_denial(p_tenant uuid, p_actor text, p_permission text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    actor platform.actor := p_actor::platform.actor;
    written bigint;
BEGIN
    EXECUTE format('INSERT INTO t_%s.journal (kind, user_id, session_id, address, operation, request_id, resource, change,
        after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING number', replace(p_tenant::text, '-', ''))
    USING actor.kind, actor.user_id, actor.session_id, actor.address, actor.operation, actor.request_id, 'permission',
        'denied', jsonb_build_object('permission', p_permission)
    INTO written;
    INSERT INTO platform.wakes (tenant_id, number) VALUES (p_tenant, written);
END
$$;
DROP FUNCTION wake(uuid);

-- What a hash is made of, besides the hash before it: who did what, and a digest of the values. So values can be erased where
-- the law asks for it, and the chain still tells that nothing else was touched.
DROP FUNCTION seal_journals(integer), journal_text(uuid, bigint, timestamptz, text, uuid, uuid, inet, text, uuid, text, text,
    text, jsonb, jsonb);
CREATE FUNCTION journal_text(p_id uuid, p_number bigint, p_at timestamptz, p_kind text, p_user uuid, p_session uuid,
    p_address inet, p_operation text, p_request uuid, p_resource text, p_record text, p_change text, p_contents bytea)
RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN convert_to(jsonb_build_array(p_id, p_number, (extract(epoch FROM p_at) * 1000000)::bigint, p_kind, p_user, p_session,
        host(p_address), p_operation, p_request, p_resource, p_record, p_change)::text, 'UTF8') || p_contents;
END
$$;
CREATE FUNCTION journal_contents(p_before jsonb, p_after jsonb) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN sha256(convert_to(jsonb_build_array(p_before, p_after)::text, 'UTF8'));
END
$$;

-- The chain, computed over rows in their order: each hash is that of the one before it and of the entry's text.
CREATE FUNCTION next_hash(p_state bytea, p_start bytea, p_text bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN sha256(coalesce(p_state, p_start) || p_text);
END
$$;
CREATE AGGREGATE chain(bytea, bytea) (SFUNC = next_hash, STYPE = bytea);

-- Gives places and hashes to what was written since, tenant by tenant, and tells where each journal ends now. One does it at
-- a time: what was written later must not get its place earlier.
CREATE FUNCTION seal_journals(p_entries integer, OUT tenant_id uuid, OUT first bigint, OUT last bigint) RETURNS SETOF record
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
            DELETE FROM wakes w WHERE w.id IN (SELECT id FROM wakes ORDER BY id LIMIT p_entries)
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

-- Whether a journal is whole: the first position whose hash is not what it should be, or whose entry is missing. NULL where
-- it is whole. What waits for its place is not judged; what does not wait and has none was put there by another hand.
CREATE OR REPLACE FUNCTION first_fault(p_tenant uuid) RETURNS bigint LANGUAGE plpgsql STABLE
SET search_path = platform, pg_temp AS $$
DECLARE
    head platform.journal_heads;
    home text := format('t_%s', replace(p_tenant::text, '-', ''));
    entry record;
    expected bytea := '';
    at_position bigint := 0;
    strange boolean;
BEGIN
    SELECT h.tenant_id, h.position, h.hash INTO head FROM journal_heads h WHERE h.tenant_id = p_tenant;
    FOR entry IN EXECUTE format('SELECT s.position, s.hash, s.contents, platform.journal_contents(j.before, j.after) AS found,
        platform.journal_text(j.id, j.number, j.at, j.kind, j.user_id, j.session_id, j.address, j.operation, j.request_id,
            j.resource, j.record, j.change, s.contents) AS text
        FROM %1$s.journal_seals s LEFT JOIN %1$s.journal j ON j.number = s.number ORDER BY s.position', home)
    LOOP
        at_position := at_position + 1;
        expected := sha256(expected || entry.text);
        IF entry.position <> at_position OR expected IS DISTINCT FROM entry.hash OR entry.found <> entry.contents THEN
            RETURN at_position;
        END IF;
    END LOOP;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %1$s.journal j WHERE NOT EXISTS (SELECT 1 FROM %1$s.journal_seals s
        WHERE s.number = j.number) AND NOT EXISTS (SELECT 1 FROM platform.wakes w WHERE w.tenant_id = $1
        AND w.number = j.number))', home) INTO strange USING p_tenant;
    IF strange OR at_position <> coalesce(head.position, 0) OR expected <> coalesce(head.hash, '') THEN
        RETURN at_position + 1;
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION seal_journals(integer), next_hash(bytea, bytea, bytea), chain(bytea, bytea),
    journal_contents(jsonb, jsonb), journal_text(uuid, bigint, timestamptz, text, uuid, uuid, inet, text, uuid, text, text,
    text, bytea) FROM PUBLIC;
