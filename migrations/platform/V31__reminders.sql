-- Reminders: at what time a tenant's record wants its owner to be told. What is far off waits here and not in the outbox, whose
-- messages are all to be done now; so nobody looks at a tenant that has nothing due.

CREATE TABLE reminders (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    record uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, record)
);
CREATE INDEX reminders_at_idx ON reminders (at);

-- Stands on each tenant's `tasks`. A time that was changed, or a task that is done or gone, is not looked for here: whoever comes
-- to tell it looks at the task.
CREATE FUNCTION note_reminder() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    INSERT INTO reminders (tenant_id, record, at) VALUES (substr(TG_TABLE_SCHEMA, 3)::uuid, NEW.id, NEW.remind_at)
    ON CONFLICT (tenant_id, record) DO UPDATE SET at = excluded.at WHERE reminders.at <> excluded.at;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION note_reminder() FROM PUBLIC;

-- Puts the trigger on a tenant's table; can be repeated. A time that has passed reminds nobody.
CREATE FUNCTION keep_reminders(p_schema text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER note_reminder AFTER INSERT OR UPDATE ON %I.tasks FOR EACH ROW
        WHEN (NEW.remind_at > now() AND NEW.done_at IS NULL) EXECUTE FUNCTION platform.note_reminder()', p_schema);
END
$$;
REVOKE EXECUTE ON FUNCTION keep_reminders(text) FROM PUBLIC;
