-- An API key is kept out like its creator, where the organization asks for a second factor that the creator lacks.

CREATE OR REPLACE FUNCTION note_second_factor() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    required boolean;
BEGIN
    -- Locked, so that a rule that is made at this moment either is seen here or sees this row.
    SELECT t.require_second_factor INTO required FROM platform.tenants t WHERE t.id = NEW.tenant_id FOR SHARE;
    NEW.lacks_second_factor := NEW.kind IN ('person', 'key') AND coalesce(required, false) AND NOT EXISTS (
        SELECT 1 FROM platform.second_factors f WHERE f.user_id = NEW.user_id AND f.confirmed_at IS NOT NULL
    );
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION follow_second_factor() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    person uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.user_id ELSE NEW.user_id END;
BEGIN
    UPDATE platform.sessions s SET lacks_second_factor = t.require_second_factor AND NOT EXISTS (
        SELECT 1 FROM platform.second_factors f WHERE f.user_id = person AND f.confirmed_at IS NOT NULL
    )
    FROM platform.tenants t
    WHERE t.id = s.tenant_id AND s.user_id = person AND s.kind IN ('person', 'key') AND s.ended_at IS NULL;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION follow_second_factor_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE platform.sessions s SET lacks_second_factor = NEW.require_second_factor AND NOT EXISTS (
        SELECT 1 FROM platform.second_factors f WHERE f.user_id = s.user_id AND f.confirmed_at IS NOT NULL
    )
    WHERE s.tenant_id = NEW.id AND s.kind IN ('person', 'key') AND s.ended_at IS NULL;
    RETURN NULL;
END
$$;

UPDATE sessions s SET lacks_second_factor = NOT EXISTS (
    SELECT 1 FROM second_factors f WHERE f.user_id = s.user_id AND f.confirmed_at IS NOT NULL
)
FROM tenants t WHERE t.id = s.tenant_id AND t.require_second_factor AND s.kind = 'key' AND s.ended_at IS NULL;
