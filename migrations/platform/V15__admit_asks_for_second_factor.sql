-- Who is admitted is told by one look at one row, also where an organization asks for a second factor. Why somebody is not
-- costs a second look. `IS TRUE` keeps the look to the primary key: by the index on tenants it would read all sessions of one.
CREATE OR REPLACE FUNCTION admit(p_session uuid, p_tenant uuid, p_role text, p_module text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    status text;
    lacks boolean;
BEGIN
    PERFORM FROM platform.sessions s
    WHERE s.id = p_session AND (s.tenant_id = p_tenant) IS TRUE AND s.role = p_role
        AND s.ended_at IS NULL AND s.expires_at > now() AND s.tenant_status = 'active' AND NOT s.lacks_second_factor;
    IF NOT FOUND THEN
        SELECT s.tenant_status, s.lacks_second_factor INTO status, lacks FROM platform.sessions s
        WHERE s.id = p_session AND (s.tenant_id = p_tenant) IS TRUE AND s.role = p_role
            AND s.ended_at IS NULL AND s.expires_at > now();
        IF NOT FOUND OR status = 'active' AND NOT lacks THEN
            RAISE EXCEPTION 'session not admitted' USING ERRCODE = 'TN401';
        END IF;
        IF status <> 'active' THEN
            RAISE EXCEPTION 'tenant not active' USING ERRCODE = 'TN410';
        END IF;
        RAISE EXCEPTION 'second factor missing' USING ERRCODE = 'TN403';
    END IF;
    IF p_module <> '' AND NOT EXISTS (
        SELECT 1 FROM platform.tenant_modules WHERE tenant_id = p_tenant AND module = p_module AND enabled
    ) THEN
        RAISE EXCEPTION 'module not enabled' USING ERRCODE = 'TN404';
    END IF;
END
$$;
