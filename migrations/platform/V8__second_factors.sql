-- A second factor: codes of an authenticator app (TOTP), and recovery codes for when that is lost.

CREATE TABLE second_factors (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- Sealed with a key that is not here.
    seed bytea NOT NULL CHECK (octet_length(seed) BETWEEN 1 AND 200),
    -- Until a first code has shown that the app has the seed, it asks for nothing.
    confirmed_at timestamptz,
    -- The time step of the last code that was taken: each code works once, and none before it.
    last_step bigint NOT NULL DEFAULT 0,
    -- Wrong codes since `tries_since`.
    tries smallint NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 5),
    tries_since timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Only hashes; a code is used up by deleting its row.
CREATE TABLE recovery_codes (
    user_id uuid NOT NULL REFERENCES second_factors (user_id) ON DELETE CASCADE,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (user_id, hash)
);

ALTER TABLE tenants ADD COLUMN require_second_factor boolean NOT NULL DEFAULT false;

-- Whether the session's organization asks for a second factor that its person does not have. `admit` reads this row alone,
-- so what changes the answer changes the row: the organization's rule, and setting a factor up or taking it away.
ALTER TABLE sessions ADD COLUMN lacks_second_factor boolean NOT NULL DEFAULT false;

CREATE FUNCTION note_second_factor() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    required boolean;
BEGIN
    -- Locked, so that a rule that is made at this moment either is seen here or sees this row.
    SELECT t.require_second_factor INTO required FROM platform.tenants t WHERE t.id = NEW.tenant_id FOR SHARE;
    NEW.lacks_second_factor := NEW.kind = 'person' AND coalesce(required, false) AND NOT EXISTS (
        SELECT 1 FROM platform.second_factors f WHERE f.user_id = NEW.user_id AND f.confirmed_at IS NOT NULL
    );
    RETURN NEW;
END
$$;
REVOKE EXECUTE ON FUNCTION note_second_factor() FROM PUBLIC;
CREATE TRIGGER sessions_second_factor BEFORE INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION note_second_factor();

CREATE FUNCTION follow_second_factor() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    person uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.user_id ELSE NEW.user_id END;
BEGIN
    UPDATE platform.sessions s SET lacks_second_factor = t.require_second_factor AND NOT EXISTS (
        SELECT 1 FROM platform.second_factors f WHERE f.user_id = person AND f.confirmed_at IS NOT NULL
    )
    FROM platform.tenants t WHERE t.id = s.tenant_id AND s.user_id = person AND s.kind = 'person' AND s.ended_at IS NULL;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION follow_second_factor() FROM PUBLIC;
CREATE TRIGGER second_factors_follow AFTER INSERT OR DELETE OR UPDATE OF confirmed_at ON second_factors
    FOR EACH ROW EXECUTE FUNCTION follow_second_factor();

CREATE FUNCTION follow_second_factor_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE platform.sessions s SET lacks_second_factor = NEW.require_second_factor AND NOT EXISTS (
        SELECT 1 FROM platform.second_factors f WHERE f.user_id = s.user_id AND f.confirmed_at IS NOT NULL
    )
    WHERE s.tenant_id = NEW.id AND s.kind = 'person' AND s.ended_at IS NULL;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION follow_second_factor_rule() FROM PUBLIC;
CREATE TRIGGER tenants_second_factor AFTER UPDATE OF require_second_factor ON tenants
    FOR EACH ROW WHEN (OLD.require_second_factor IS DISTINCT FROM NEW.require_second_factor)
    EXECUTE FUNCTION follow_second_factor_rule();
