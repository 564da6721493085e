-- What `keep_journal` did for the runs of rules, in a function of its own.

-- Puts the trigger on the table of runs; can be repeated.
CREATE FUNCTION keep_rules(p_schema text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER take_run AFTER INSERT ON %I.rule_runs
        FOR EACH ROW WHEN (NEW.state = ''waiting'') EXECUTE FUNCTION platform.take_run()', p_schema);
END
$$;
REVOKE EXECUTE ON FUNCTION keep_rules(text) FROM PUBLIC;
