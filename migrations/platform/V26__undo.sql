-- Denied tries that were noted of late: whoever repeats one does not fill the journal with it. Losing the table costs an entry.
CREATE UNLOGGED TABLE denials (
    tenant_id uuid NOT NULL,
    session_id uuid NOT NULL,
    operation text NOT NULL,
    permission text NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, session_id, operation, permission)
);
CREATE INDEX denials_noted_at_idx ON denials (noted_at);

-- What people do with their own accounts is no organization's, so it stands in the platform's own audit: who, what and which
-- fields, never what they hold.
CREATE FUNCTION note_account(p_user uuid, p_action text, p_fields text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    actor platform.actor := platform.present_actor();
BEGIN
    INSERT INTO platform.audit_entries (id, operator_id, user_id, address, action, details)
    VALUES (gen_random_uuid(), CASE WHEN actor.kind = 'operator' THEN actor.user_id END, p_user, actor.address, p_action,
        jsonb_build_object('operation', actor.operation, 'session_id', actor.session_id, 'request_id', actor.request_id,
            'fields', to_jsonb(p_fields)));
END
$$;
REVOKE EXECUTE ON FUNCTION note_account(uuid, text, text[]) FROM PUBLIC;

-- Its arguments: what it is called, the column of the person, and columns that are of no interest.
CREATE FUNCTION note_account_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = platform, pg_temp AS $$
DECLARE
    old_row jsonb := '{}';
    new_row jsonb := '{}';
    changed text[];
BEGIN
    IF TG_OP <> 'INSERT' THEN
        old_row := to_jsonb(OLD);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        new_row := to_jsonb(NEW);
    END IF;
    SELECT array_agg(key ORDER BY key) INTO changed FROM jsonb_object_keys(old_row || new_row) AS keys (key)
    WHERE old_row -> key IS DISTINCT FROM new_row -> key AND key <> ALL (TG_ARGV[2:]);
    IF changed IS NOT NULL THEN
        PERFORM platform.note_account(((old_row || new_row) ->> TG_ARGV[1])::uuid, TG_ARGV[0] || CASE TG_OP
            WHEN 'INSERT' THEN '.created' WHEN 'UPDATE' THEN '.updated' ELSE '.deleted' END, changed);
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION note_account_change() FROM PUBLIC;

CREATE FUNCTION note_recovery_codes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = platform, pg_temp AS $$
BEGIN
    PERFORM platform.note_account(made.user_id, 'recovery_codes.created', NULL)
    FROM (SELECT DISTINCT user_id FROM new_codes) AS made;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION note_recovery_codes() FROM PUBLIC;

CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON users FOR EACH ROW EXECUTE FUNCTION
    note_account_change('account', 'id', 'version', 'updated_at');
CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON second_factors FOR EACH ROW EXECUTE FUNCTION
    note_account_change('second_factor', 'user_id', 'last_step', 'tries', 'tries_since');
CREATE TRIGGER audited AFTER INSERT ON recovery_codes REFERENCING NEW TABLE AS new_codes FOR EACH STATEMENT EXECUTE FUNCTION
    note_recovery_codes();
-- Letters that were asked for: each brings a token.
CREATE TRIGGER audited AFTER INSERT OR UPDATE ON one_time_tokens FOR EACH ROW EXECUTE FUNCTION
    note_account_change('letter', 'user_id');
-- Sessions that are for no organization. The others are in its journal.
CREATE TRIGGER audited_begin AFTER INSERT ON sessions FOR EACH ROW WHEN (NEW.tenant_id IS NULL)
    EXECUTE FUNCTION note_account_change('session', 'user_id');
CREATE TRIGGER audited_end AFTER UPDATE OF ended_at ON sessions FOR EACH ROW
    WHEN (NEW.tenant_id IS NULL AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION note_account_change('session', 'user_id');
