-- Work that waits belongs to a tenant, is done in somebody's name, and gets a fair turn.

ALTER TABLE outbox
    DROP CONSTRAINT outbox_topic_check,
    -- `mail`; or of a module, as in `clinic/remind`.
    ADD CONSTRAINT outbox_topic_check CHECK (topic ~ '^[a-z][a-z0-9-]{0,39}(/[a-z][a-z0-9-]{0,59})?$'),
    -- A job that comes up by time has nothing to be told.
    ALTER payload DROP NOT NULL,
    -- Whose it is; none where it is no tenant's, as a letter that resets a password.
    ADD tenant_id uuid REFERENCES tenants (id),
    -- In whose name.
    ADD actor actor NOT NULL DEFAULT '(system,,,,,)',
    -- The order of those that are due. A tenant that has many waits with its later ones, not with its first.
    ADD turn timestamptz NOT NULL DEFAULT now(),
    -- Of the worker that has it: with this it enters the tenant.
    ADD claim uuid CONSTRAINT outbox_claim_key UNIQUE;
DROP INDEX outbox_due_idx;
CREATE INDEX outbox_turn_idx ON outbox (turn) WHERE dead_at IS NULL;
CREATE INDEX outbox_tenant_idx ON outbox (tenant_id, turn) WHERE dead_at IS NULL;
CREATE INDEX outbox_created_idx ON outbox (created_at, id);
-- What comes up by time does not pile up where nobody does it.
CREATE UNIQUE INDEX outbox_job_key ON outbox (tenant_id, topic) WHERE payload IS NULL AND dead_at IS NULL;

-- Those who commit with a notice do so one after the other, in the whole server: five times slower under load. Workers look
-- by themselves.
DROP TRIGGER outbox_wake ON outbox;
DROP FUNCTION wake_workers();

-- Whoever acts now is whom the work is done for. The turns of a tenant are 50 ms apart, as if that were what each takes;
-- where nobody else waits, they come as fast as they can.
CREATE FUNCTION take_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    acting text := current_setting('tenantry.actor', true);
    latest timestamptz;
BEGIN
    IF acting <> '' AND (NEW.actor).operation IS NULL THEN
        NEW.actor := acting;
    END IF;
    IF NEW.tenant_id IS NOT NULL THEN
        SELECT o.turn INTO latest FROM platform.outbox o
        WHERE o.tenant_id = NEW.tenant_id AND o.dead_at IS NULL AND o.turn < now() + interval '1 hour'
        ORDER BY o.turn DESC LIMIT 1;
    END IF;
    NEW.turn := greatest(NEW.due_at, latest + interval '50 milliseconds');
    RETURN NEW;
END
$$;
REVOKE EXECUTE ON FUNCTION take_turn() FROM PUBLIC;
CREATE TRIGGER outbox_turn BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION take_turn();

-- When what comes up by time is due next.
CREATE TABLE schedules (
    job text PRIMARY KEY,
    due_at timestamptz NOT NULL
);

-- Who hears a tenant's events, one after the other: an enabled row of its table `webhooks` or `rules`.
CREATE TABLE listeners (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('webhooks', 'rules')),
    -- The last event that it has heard.
    position bigint NOT NULL,
    -- The last one that there is.
    head bigint NOT NULL,
    -- When it hears on; none where it has heard all. Claiming sets it to the end of the lease.
    due_at timestamptz,
    claim uuid CONSTRAINT listeners_claim_key UNIQUE,
    -- How often it has failed to hear the event after `position`, and since when it has only failed.
    attempts smallint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    failing_since timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX listeners_due_idx ON listeners (due_at) WHERE due_at IS NOT NULL;

-- Stands on the tables of listeners. One that is enabled hears what happens from then on.
CREATE FUNCTION note_listener() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    tenant uuid := substr(TG_TABLE_SCHEMA, 3);
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND OLD.enabled AND NOT NEW.enabled THEN
        DELETE FROM listeners WHERE tenant_id = tenant AND id = OLD.id;
    ELSIF NEW.enabled AND (TG_OP = 'INSERT' OR NOT OLD.enabled) THEN
        INSERT INTO listeners (tenant_id, id, kind, position, head)
        SELECT tenant, NEW.id, TG_TABLE_NAME, h.position, h.position
        FROM (SELECT coalesce(max(position), 0) AS position FROM journal_heads WHERE tenant_id = tenant) h
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION note_listener() FROM PUBLIC;

-- Has the listeners of a tenant hear on. They learn where its journal ends in the same row that says that they have heard
-- all, so that neither misses the other.
CREATE FUNCTION wake_listeners() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE platform.listeners SET head = NEW.position, due_at = coalesce(due_at, now()) WHERE tenant_id = NEW.tenant_id;
    IF FOUND THEN
        PERFORM pg_notify('outbox', '');
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION wake_listeners() FROM PUBLIC;
CREATE TRIGGER listeners AFTER UPDATE OF position ON journal_heads FOR EACH ROW EXECUTE FUNCTION wake_listeners();

-- Lets a worker into the tenant whose work it has claimed, for as long as the claim holds, and tells in whose name.
CREATE FUNCTION admit_work(p_claim uuid, p_tenant uuid, p_module text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    acts text;
    tenant_status text;
BEGIN
    SELECT o.actor::text INTO acts FROM outbox o
    WHERE o.claim = p_claim AND o.tenant_id = p_tenant AND o.dead_at IS NULL AND o.due_at > now();
    IF acts IS NULL THEN
        SELECT format('(system,,,,%s,)', l.kind) INTO acts FROM listeners l
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
REVOKE EXECUTE ON FUNCTION admit_work(uuid, uuid, text) FROM PUBLIC;

-- Puts the journal's trigger on each table of a tenant, but for those that say why not: they hold what the platform itself
-- notes of its doings. Those of listeners get theirs too.
CREATE OR REPLACE FUNCTION keep_journal(p_schema text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    home record;
BEGIN
    FOR home IN
        SELECT c.oid::regclass AS name, c.relname AS table_name,
            (SELECT coalesce(string_agg(quote_literal(a.attname), ', ' ORDER BY a.attnum), '') FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attgenerated <> '' AND NOT a.attisdropped) AS made
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
