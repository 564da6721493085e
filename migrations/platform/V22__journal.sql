-- The journal of each tenant: who changed what. It is kept by the database, so that no module can forget it.

-- Who acts, as the server says it at the start of a transaction in the setting `tenantry.actor`.
CREATE TYPE actor AS (
    kind text,
    user_id uuid,
    session_id uuid,
    address inet,
    operation text,
    request_id uuid
);

CREATE FUNCTION present_actor() RETURNS actor LANGUAGE plpgsql STABLE AS $$
BEGIN
    -- The setting is empty, not absent, in a connection that has once had it.
    RETURN coalesce(nullif(current_setting('tenantry.actor', true), ''), '(system,,,,,)')::platform.actor;
END
$$;
REVOKE EXECUTE ON FUNCTION present_actor() FROM PUBLIC;

-- Says who acts in this transaction.
CREATE FUNCTION act(p_actor text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    PERFORM set_config('tenantry.actor', p_actor, true);
END
$$;
REVOKE EXECUTE ON FUNCTION act(text) FROM PUBLIC;

-- Tenants with changes that have no position yet: a row for each transaction, so that writers never wait for each other.
CREATE TABLE wakes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id uuid NOT NULL
);

-- Where each journal ends: whoever cuts one short does not reach this.
CREATE TABLE journal_heads (
    tenant_id uuid PRIMARY KEY REFERENCES tenants (id),
    position bigint NOT NULL,
    hash bytea NOT NULL
);

-- Stands on each table of a tenant. Its arguments are columns that are of no interest, being made of others.
-- `journal` is found by the search path, which the door has set to the tenant's schema, so that its plan is kept.
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    actor platform.actor;
    old_row jsonb;
    new_row jsonb;
    record text;
BEGIN
    -- Migrations rewrite rows without changing what they say. Nobody else is the owner.
    IF current_setting('tenantry.journal', true) = 'off' AND session_user = current_user THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_SCHEMA <> current_schema() THEN
        RAISE EXCEPTION 'set search_path to % first', TG_TABLE_SCHEMA USING ERRCODE = 'invalid_schema_name';
    END IF;
    IF TG_OP <> 'INSERT' THEN
        old_row := to_jsonb(OLD) - coalesce(TG_ARGV, '{}');
    END IF;
    IF TG_OP <> 'DELETE' THEN
        new_row := to_jsonb(NEW) - coalesce(TG_ARGV, '{}');
    END IF;
    record := coalesce(new_row, old_row) ->> 'id';
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, new_row -> o.key) INTO old_row, new_row
        FROM jsonb_each(old_row) o WHERE o.value IS DISTINCT FROM new_row -> o.key;
        IF old_row IS NULL THEN
            RETURN NULL;
        END IF;
    END IF;
    actor := platform.present_actor();
    INSERT INTO journal (kind, user_id, session_id, address, operation, request_id, resource, record, change, before, after)
    VALUES (actor.kind, actor.user_id, actor.session_id, actor.address, actor.operation, actor.request_id,
        TG_TABLE_NAME, record,
        CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END, old_row, new_row);
    PERFORM platform.wake(substr(TG_TABLE_SCHEMA, 3)::uuid);
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION note_change() FROM PUBLIC;

-- Once in a transaction is enough.
CREATE FUNCTION wake(p_tenant uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('tenantry.woken', true) IS DISTINCT FROM p_tenant::text THEN
        INSERT INTO platform.wakes (tenant_id) VALUES (p_tenant);
        PERFORM set_config('tenantry.woken', p_tenant::text, true);
    END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION wake(uuid) FROM PUBLIC;

-- Stands on the platform's tables of what an organization has there. Its arguments: the resource's name, the columns of
-- tenant and record, and the columns that may be shown; what is not named, as a secret, is never written down.
CREATE FUNCTION note_tenant_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = platform, pg_temp AS $$
DECLARE
    actor platform.actor := platform.present_actor();
    old_row jsonb;
    new_row jsonb;
    tenant uuid;
    journal text;
    record text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        old_row := to_jsonb(OLD);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        new_row := to_jsonb(NEW);
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
        before, after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)', journal)
    USING actor.kind, actor.user_id, actor.session_id, actor.address, actor.operation, actor.request_id, TG_ARGV[0],
        record, CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END, old_row, new_row;
    PERFORM platform.wake(tenant);
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION note_tenant_change() FROM PUBLIC;

-- Somebody tried what their role does not allow.
CREATE FUNCTION note_denial(p_tenant uuid, p_actor text, p_permission text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = platform, pg_temp AS $$
DECLARE
    actor platform.actor := p_actor::platform.actor;
BEGIN
    EXECUTE format('INSERT INTO t_%s.journal (kind, user_id, session_id, address, operation, request_id, resource, change,
        after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)', replace(p_tenant::text, '-', ''))
    USING actor.kind, actor.user_id, actor.session_id, actor.address, actor.operation, actor.request_id, 'permission',
        'denied', jsonb_build_object('permission', p_permission);
    PERFORM platform.wake(p_tenant);
END
$$;
REVOKE EXECUTE ON FUNCTION note_denial(uuid, text, text) FROM PUBLIC;

CREATE TRIGGER journal AFTER UPDATE ON tenants FOR EACH ROW EXECUTE FUNCTION
    note_tenant_change('organization', 'id', 'id', 'name', 'slug', 'status', 'support_consent', 'require_second_factor');
CREATE TRIGGER journal AFTER INSERT OR UPDATE OR DELETE ON memberships FOR EACH ROW EXECUTE FUNCTION
    note_tenant_change('members', 'tenant_id', 'user_id', 'user_id', 'role');
CREATE TRIGGER journal AFTER INSERT OR UPDATE OR DELETE ON tenant_modules FOR EACH ROW EXECUTE FUNCTION
    note_tenant_change('modules', 'tenant_id', 'module', 'module', 'enabled', 'version');
CREATE TRIGGER journal AFTER INSERT OR UPDATE OR DELETE ON invitations FOR EACH ROW EXECUTE FUNCTION
    note_tenant_change('invitations', 'tenant_id', 'id', 'id', 'email', 'role', 'sent_at', 'expires_at', 'accepted_at',
        'revoked_at');
CREATE TRIGGER journal AFTER INSERT OR UPDATE OR DELETE ON custom_roles FOR EACH ROW EXECUTE FUNCTION
    note_tenant_change('roles', 'tenant_id', 'id', 'id', 'name', 'permissions', 'scope', 'version');
CREATE TRIGGER journal AFTER INSERT OR UPDATE OR DELETE ON teams FOR EACH ROW EXECUTE FUNCTION
    note_tenant_change('teams', 'tenant_id', 'id', 'id', 'name', 'version');
CREATE TRIGGER journal AFTER INSERT OR DELETE ON team_members FOR EACH ROW EXECUTE FUNCTION
    note_tenant_change('team-members', 'tenant_id', 'team_id', 'team_id', 'user_id');
-- Signing in and out, and the end of an API key; not each refresh.
CREATE TRIGGER journal_begin AFTER INSERT ON sessions FOR EACH ROW WHEN (NEW.kind = 'person' AND NEW.tenant_id IS NOT NULL)
    EXECUTE FUNCTION note_tenant_change('sessions', 'tenant_id', 'id', 'id', 'user_id', 'role', 'address', 'device');
CREATE TRIGGER journal_end AFTER UPDATE OF ended_at ON sessions FOR EACH ROW
    WHEN (NEW.kind <> 'support' AND NEW.tenant_id IS NOT NULL AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION note_tenant_change('sessions', 'tenant_id', 'id', 'id', 'user_id', 'kind', 'ended_at');
CREATE TRIGGER journal AFTER INSERT OR DELETE ON api_keys FOR EACH ROW EXECUTE FUNCTION
    note_tenant_change('api-keys', 'tenant_id', 'id', 'id', 'name', 'scopes', 'hint', 'expires_at');
CREATE TRIGGER journal AFTER INSERT OR UPDATE OR DELETE ON support_accesses FOR EACH ROW EXECUTE FUNCTION
    note_tenant_change('support-accesses', 'tenant_id', 'id', 'id', 'operator_id', 'level', 'reason', 'expires_at',
        'ended_at', 'ended_by', 'ended_by_user');

-- Puts the trigger on each table of a tenant that should have it; can be repeated.
CREATE FUNCTION keep_journal(p_schema text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    home record;
BEGIN
    FOR home IN
        SELECT c.oid::regclass AS name,
            (SELECT coalesce(string_agg(quote_literal(a.attname), ', ' ORDER BY a.attnum), '') FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attgenerated <> '' AND NOT a.attisdropped) AS made
        FROM pg_class c
        WHERE c.relnamespace = p_schema::regnamespace AND c.relkind = 'r'
            AND c.relname NOT IN ('fence', 'journal', 'idempotency') AND c.relname NOT LIKE 'history\_%'
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER journal AFTER INSERT OR UPDATE OR DELETE ON %s
            FOR EACH ROW EXECUTE FUNCTION platform.note_change(%s)', home.name, home.made);
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION keep_journal(text) FROM PUBLIC;

-- What a hash is made of, besides the hash before it.
CREATE FUNCTION journal_text(p_id uuid, p_number bigint, p_at timestamptz, p_kind text, p_user uuid, p_session uuid, p_address inet,
    p_operation text, p_request uuid, p_resource text, p_record text, p_change text, p_before jsonb, p_after jsonb)
RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN convert_to(jsonb_build_array(p_id, p_number, (extract(epoch FROM p_at) * 1000000)::bigint, p_kind, p_user, p_session,
        host(p_address), p_operation, p_request, p_resource, p_record, p_change, p_before, p_after)::text, 'UTF8');
END
$$;

-- Whether a journal is whole: the first position whose hash is not what it should be, or whose row is missing. NULL where it
-- is whole. What has no position yet is not judged.
CREATE FUNCTION first_fault(p_tenant uuid) RETURNS bigint LANGUAGE plpgsql STABLE SET search_path = platform, pg_temp AS $$
DECLARE
    head platform.journal_heads;
    entry record;
    expected bytea := '';
    at_position bigint := 0;
BEGIN
    SELECT h.tenant_id, h.position, h.hash INTO head FROM journal_heads h WHERE h.tenant_id = p_tenant;
    FOR entry IN EXECUTE format('SELECT position, hash, platform.journal_text(id, number, at, kind, user_id, session_id, address,
        operation, request_id, resource, record, change, before, after) AS text
        FROM t_%s.journal WHERE position IS NOT NULL ORDER BY position', replace(p_tenant::text, '-', ''))
    LOOP
        at_position := at_position + 1;
        expected := sha256(expected || entry.text);
        IF entry.position <> at_position OR entry.hash <> expected THEN
            RETURN at_position;
        END IF;
    END LOOP;
    IF at_position <> coalesce(head.position, 0) OR expected <> coalesce(head.hash, '') THEN
        RETURN at_position + 1;
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION first_fault(uuid) FROM PUBLIC;

-- Gives positions and hashes to what was written since, tenant by tenant, and tells where each journal ends now.
CREATE FUNCTION seal_journals(p_wakes integer, OUT tenant_id uuid, OUT first bigint, OUT last bigint) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    journal text;
    head platform.journal_heads;
    ids uuid[];
    texts bytea[];
    hashes bytea[];
BEGIN
    FOR tenant_id IN
        WITH woken AS (
            DELETE FROM wakes w WHERE w.id IN (SELECT id FROM wakes ORDER BY id LIMIT p_wakes FOR UPDATE SKIP LOCKED)
            RETURNING w.tenant_id
        )
        -- In one order, so that two of us never wait for each other in a circle.
        SELECT DISTINCT woken.tenant_id FROM woken JOIN tenants t ON t.id = woken.tenant_id ORDER BY 1
    LOOP
        journal := format('t_%s.journal', replace(tenant_id::text, '-', ''));
        CONTINUE WHEN to_regclass(journal) IS NULL;
        INSERT INTO journal_heads VALUES (tenant_id, 0, '') ON CONFLICT DO NOTHING;
        SELECT h.tenant_id, h.position, h.hash INTO head FROM journal_heads h WHERE h.tenant_id = seal_journals.tenant_id FOR UPDATE;
        EXECUTE format('SELECT array_agg(id ORDER BY number), array_agg(platform.journal_text(id, number, at, kind, user_id,
            session_id, address, operation, request_id, resource, record, change, before, after) ORDER BY number)
            FROM %s WHERE position IS NULL', journal) INTO ids, texts;
        CONTINUE WHEN ids IS NULL;
        hashes := '{}';
        first := head.position + 1;
        last := head.position + cardinality(ids);
        FOR n IN 1..cardinality(ids) LOOP
            head.hash := sha256(head.hash || texts[n]);
            hashes := hashes || head.hash;
        END LOOP;
        EXECUTE format('UPDATE %s j SET position = $1 + s.n, hash = s.hash
            FROM unnest($2::uuid[], $3::bytea[]) WITH ORDINALITY AS s (id, hash, n) WHERE j.id = s.id', journal)
        USING head.position, ids, hashes;
        UPDATE journal_heads h SET position = seal_journals.last, hash = head.hash
        WHERE h.tenant_id = seal_journals.tenant_id;
        RETURN NEXT;
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION seal_journals(integer), journal_text(uuid, bigint, timestamptz, text, uuid, uuid, inet, text,
    uuid, text, text, text, jsonb, jsonb) FROM PUBLIC;
