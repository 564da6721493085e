-- Notices of organizations: from a tenant's table to the outbox, and back into its log what became of them.

-- Addresses that letters do not go to any more: they came back, or somebody complained. For all organizations, whose
-- letters come from one sender. The addresses are not here, only hashes with a key that is not here either.
CREATE TABLE suppressions (
    address_hash bytea NOT NULL CHECK (octet_length(address_hash) = 32),
    kind text NOT NULL CHECK (kind IN ('hard', 'complaint')),
    noted_at timestamptz NOT NULL DEFAULT now(),
    -- Mailboxes come back, and people forgive.
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (address_hash, kind)
);
CREATE INDEX suppressions_expires_idx ON suppressions (expires_at);

-- Stands on each tenant's `notices`: what is to be sent goes to the outbox in the same transaction, and does not stay here.
CREATE FUNCTION take_notice() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    INSERT INTO outbox (id, topic, payload, tenant_id)
    VALUES (NEW.id, CASE NEW.channel WHEN 'sms' THEN 'text' ELSE 'notice' END, NEW.payload, substr(TG_TABLE_SCHEMA, 3)::uuid);
    NEW.payload := NULL;
    NEW.state := 'waiting';
    NEW.reason := NULL;
    NEW.created_at := now();
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
REVOKE EXECUTE ON FUNCTION take_notice() FROM PUBLIC;

-- Puts the trigger on a tenant's table; can be repeated. The tenant's role adds notices and forgets old ones; what
-- became of them only the platform notes.
CREATE FUNCTION keep_notices(p_schema text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER take_notice BEFORE INSERT ON %I.notices
        FOR EACH ROW EXECUTE FUNCTION platform.take_notice()', p_schema);
    EXECUTE format('REVOKE UPDATE ON %I.notices FROM %I', p_schema, p_schema);
END
$$;
REVOKE EXECUTE ON FUNCTION keep_notices(text) FROM PUBLIC;

-- The schema of a tenant that has such a table; none where it is being made, or was purged.
CREATE FUNCTION home_of(p_tenant uuid, p_table text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    home text := 't_' || replace(p_tenant::text, '-', '');
BEGIN
    RETURN CASE WHEN to_regclass(format('%I.%I', home, p_table)) IS NULL THEN NULL ELSE home END;
END
$$;
REVOKE EXECUTE ON FUNCTION home_of(uuid, text) FROM PUBLIC;

-- The platform writes to people in the name of an organization, as when it invites them.
CREATE FUNCTION post_notices(p_tenant uuid, p_ids uuid[], p_kinds text[], p_channels text[], p_recipients text[],
    p_languages text[], p_payloads bytea[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = platform, pg_temp AS $$
DECLARE
    home text := home_of(p_tenant, 'notices');
BEGIN
    IF home IS NULL THEN
        INSERT INTO outbox (id, topic, payload, tenant_id)
        SELECT n.id, CASE n.channel WHEN 'sms' THEN 'text' ELSE 'notice' END, n.payload, p_tenant
        FROM unnest(p_ids, p_channels, p_payloads) AS n (id, channel, payload);
        RETURN;
    END IF;
    EXECUTE format('INSERT INTO %I.notices (id, kind, channel, recipient, language, payload)
        SELECT id, kind, channel, recipient, language, payload
        FROM unnest($1, $2, $3, $4, $5, $6) AS n (id, kind, channel, recipient, language, payload)', home)
    USING p_ids, p_kinds, p_channels, p_recipients, p_languages, p_payloads;
END
$$;
REVOKE EXECUTE ON FUNCTION post_notices(uuid, uuid[], text[], text[], text[], text[], bytea[]) FROM PUBLIC;

-- What becomes of a notice, as the organization reads it.
CREATE FUNCTION end_notice(p_tenant uuid, p_id uuid, p_from text, p_to text, p_reason text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    home text := home_of(p_tenant, 'notices');
BEGIN
    IF home IS NOT NULL THEN
        EXECUTE format('UPDATE %I.notices SET state = $3, reason = left($4, 200), updated_at = now() WHERE id = $1 AND state = $2',
            home)
        USING p_id, p_from, p_to, p_reason;
    END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION end_notice(uuid, uuid, text, text, text) FROM PUBLIC;

-- Whatever takes a notice out of the outbox, sets it aside or takes it up again, its log says so.
CREATE FUNCTION follow_notice() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM end_notice(OLD.tenant_id, OLD.id, 'waiting', 'sent', NULL);
    ELSIF NEW.dead_at IS NULL THEN
        PERFORM end_notice(NEW.tenant_id, NEW.id, 'failed', 'waiting', NULL);
    ELSE
        PERFORM end_notice(NEW.tenant_id, NEW.id, 'waiting', 'failed', NEW.reason);
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION follow_notice() FROM PUBLIC;
CREATE TRIGGER outbox_follow_done AFTER DELETE ON outbox FOR EACH ROW
    WHEN (OLD.topic IN ('notice', 'text') AND OLD.tenant_id IS NOT NULL AND OLD.dead_at IS NULL) EXECUTE FUNCTION follow_notice();
CREATE TRIGGER outbox_follow_dead AFTER UPDATE OF dead_at ON outbox FOR EACH ROW
    WHEN (NEW.topic IN ('notice', 'text') AND NEW.tenant_id IS NOT NULL AND (OLD.dead_at IS NULL) <> (NEW.dead_at IS NULL))
    EXECUTE FUNCTION follow_notice();

-- A letter that was sent has come back.
CREATE FUNCTION return_notice(p_tenant uuid, p_id uuid, p_recipient text, p_reason text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    home text := home_of(p_tenant, 'notices');
BEGIN
    IF home IS NOT NULL THEN
        EXECUTE format('UPDATE %I.notices SET state = ''failed'', reason = $3, updated_at = now()
            WHERE id = $1 AND recipient = $2 AND state = ''sent''', home)
        USING p_id, p_recipient, p_reason;
    END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION return_notice(uuid, uuid, text, text) FROM PUBLIC;

-- Somebody who is not signed in wants no more advertising from an organization. Tells its name, or nothing where it is gone.
CREATE FUNCTION withdraw_consent(p_tenant uuid, p_address text, p_channel text, p_source text) RETURNS text LANGUAGE plpgsql
SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    home text := home_of(p_tenant, 'notification_consents');
BEGIN
    IF home IS NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE format('INSERT INTO %I.notification_consents AS c (id, address, channel, purpose, granted, source)
        VALUES (gen_random_uuid(), $1, $2, ''marketing'', false, $3)
        ON CONFLICT (address, purpose) DO UPDATE SET granted = false, source = excluded.source, changed_at = now() WHERE c.granted',
        home)
    USING p_address, p_channel, p_source;
    RETURN (SELECT name FROM tenants WHERE id = p_tenant);
END
$$;
REVOKE EXECUTE ON FUNCTION withdraw_consent(uuid, text, text, text) FROM PUBLIC;
