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
