-- Rules of organizations: in whose name they act, and how what they tell gets outside.

-- As before, but for rules: each acts in its own name.
CREATE OR REPLACE FUNCTION admit_work(p_claim uuid, p_tenant uuid, p_module text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    acts text;
    tenant_status text;
BEGIN
    SELECT o.actor::text INTO acts FROM outbox o
    WHERE o.claim = p_claim AND o.tenant_id = p_tenant AND o.dead_at IS NULL AND o.due_at > now();
    IF acts IS NULL THEN
        SELECT CASE l.kind WHEN 'rules' THEN format('(rule,,%s,,rules,)', l.id) ELSE format('(system,,,,%s,)', l.kind) END
        INTO acts FROM listeners l
        WHERE l.claim = p_claim AND l.tenant_id = p_tenant AND l.due_at > now();
    END IF;
    SELECT t.status INTO tenant_status FROM tenants t WHERE t.id = p_tenant;
    IF acts IS NULL OR tenant_status IS NULL THEN
        RAISE EXCEPTION 'work not admitted' USING ERRCODE = 'TN401';
    END IF;
    IF tenant_status <> 'active' THEN
        RAISE EXCEPTION 'tenant not active' USING ERRCODE = 'TN410';
    END IF;
    IF p_module <> '' AND NOT EXISTS (
        SELECT 1 FROM tenant_modules m WHERE m.tenant_id = p_tenant AND m.module = p_module AND m.enabled
    ) THEN
        RAISE EXCEPTION 'module not enabled' USING ERRCODE = 'TN404';
    END IF;
    RETURN acts;
END
$$;

-- Stands on each tenant's `rule_runs`: what is to be told goes to the outbox in the same transaction. It carries nothing but
-- the run's id.
CREATE FUNCTION take_run() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    INSERT INTO outbox (id, topic, payload, tenant_id) VALUES (NEW.id, 'rule', uuid_send(NEW.id), substr(TG_TABLE_SCHEMA, 3)::uuid);
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION take_run() FROM PUBLIC;

-- As before, and puts the trigger on the table of runs.
CREATE OR REPLACE FUNCTION keep_journal(p_schema text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    home record;
BEGIN
    FOR home IN
        SELECT c.oid::regclass AS name, c.relname AS table_name,
            (SELECT coalesce(string_agg(quote_literal(a.attname), ', ' ORDER BY a.attnum), '') FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attgenerated <> '' AND NOT a.attisdropped) AS made,
            coalesce(obj_description(c.oid, 'pg_class'), '') LIKE 'unjournaled: %' AS unjournaled
        FROM pg_class c
        WHERE c.relnamespace = p_schema::regnamespace AND c.relkind = 'r'
            AND c.relname NOT IN ('fence', 'journal', 'idempotency') AND c.relname NOT LIKE 'history\_%'
    LOOP
        IF NOT home.unjournaled THEN
            EXECUTE format('CREATE OR REPLACE TRIGGER journal AFTER INSERT OR UPDATE OR DELETE ON %s
                FOR EACH ROW EXECUTE FUNCTION platform.note_change(%s)', home.name, home.made);
        END IF;
        IF home.table_name IN ('webhooks', 'rules') THEN
            EXECUTE format('CREATE OR REPLACE TRIGGER listener AFTER INSERT OR UPDATE OR DELETE ON %s
                FOR EACH ROW EXECUTE FUNCTION platform.note_listener()', home.name);
        ELSIF home.table_name = 'rule_runs' THEN
            EXECUTE format('CREATE OR REPLACE TRIGGER take_run AFTER INSERT ON %s
                FOR EACH ROW WHEN (NEW.state = ''waiting'') EXECUTE FUNCTION platform.take_run()', home.name);
        END IF;
    END LOOP;
END
$$;
