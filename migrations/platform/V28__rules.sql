-- Rules of organizations: how what they tell gets outside.

-- Stands on each tenant's `rule_runs`: what is to be told goes to the outbox in the same transaction. It carries nothing but
-- the run's id.
CREATE FUNCTION take_run() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    INSERT INTO outbox (id, topic, payload, tenant_id) VALUES (NEW.id, 'rule', uuid_send(NEW.id), substr(TG_TABLE_SCHEMA, 3)::uuid);
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION take_run() FROM PUBLIC;

-- Puts the trigger on the table of runs; can be repeated.
CREATE FUNCTION keep_rules(p_schema text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER take_run AFTER INSERT ON %I.rule_runs
        FOR EACH ROW WHEN (NEW.state = ''waiting'') EXECUTE FUNCTION platform.take_run()', p_schema);
END
$$;
REVOKE EXECUTE ON FUNCTION keep_rules(text) FROM PUBLIC;
