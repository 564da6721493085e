-- Fewer than 15 characters are enough only beside a second factor. Nobody can tell from a hash, so it is noted when a
-- password is chosen. Both ways out of the rule lock the person's row, so of two at once the later one is refused.

ALTER TABLE users ADD COLUMN password_long boolean NOT NULL DEFAULT true;

CREATE FUNCTION keep_password_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM platform.second_factors f WHERE f.user_id = NEW.id AND f.confirmed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a short password needs a second factor'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'users_password_check';
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION keep_password_guarded() FROM PUBLIC;
CREATE TRIGGER users_keep_password_guarded AFTER INSERT OR UPDATE OF password_long ON users
    FOR EACH ROW WHEN (NOT NEW.password_long) EXECUTE FUNCTION keep_password_guarded();

CREATE FUNCTION keep_second_factor() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    long boolean;
BEGIN
    SELECT password_long INTO long FROM platform.users WHERE id = OLD.user_id FOR NO KEY UPDATE;
    IF NOT long THEN
        RAISE EXCEPTION 'a short password needs a second factor'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'users_password_check';
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION keep_second_factor() FROM PUBLIC;
CREATE TRIGGER second_factors_keep AFTER DELETE ON second_factors
    FOR EACH ROW WHEN (OLD.confirmed_at IS NOT NULL) EXECUTE FUNCTION keep_second_factor();
