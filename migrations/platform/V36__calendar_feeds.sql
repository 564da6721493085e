-- Bookings of one person, for whoever has the address of their feed.

-- What stands in a feed, and by what role its person reads it. Nothing where the feed is gone, its person has left, or the organization
-- is not active.
CREATE FUNCTION calendar_feed(p_tenant uuid, p_feed uuid)
RETURNS TABLE (name text, role text, permissions text[], scope text, bookings jsonb) LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    home text := home_of(p_tenant, 'calendar_feeds');
    person uuid;
    since timestamptz;
    found_bookings jsonb;
BEGIN
    IF home IS NULL THEN
        RETURN;
    END IF;
    EXECUTE format('SELECT user_id, created_at FROM %I.calendar_feeds WHERE id = $1', home) INTO person, since USING p_feed;
    IF person IS NULL THEN
        RETURN;
    END IF;
    EXECUTE format('SELECT coalesce(jsonb_agg(jsonb_build_object(''id'', b.id, ''title'', b.title, ''note'', b.note,
            ''starts_at'', b.starts_at, ''ends_at'', b.ends_at, ''updated_at'', b.updated_at)), ''[]'')
        FROM (SELECT b.id, b.title, b.note, b.starts_at, b.ends_at, b.updated_at FROM %1$I.bookings b
            WHERE b.status = ''booked'' AND b.starts_at > now() - interval ''31 days'' AND b.starts_at < now() + interval ''366 days''
            AND b.resource_ids && (SELECT coalesce(array_agg(r.id), ''{}'') FROM %1$I.calendar_resources r WHERE r.user_id = $1)
            ORDER BY b.starts_at, b.id LIMIT 2000) b', home)
    INTO found_bookings USING person;
    RETURN QUERY SELECT u.name, m.role, c.permissions, c.scope, found_bookings
        FROM tenants t JOIN memberships m ON m.tenant_id = t.id AND m.user_id = person JOIN users u ON u.id = m.user_id
        LEFT JOIN custom_roles c ON c.tenant_id = t.id AND c.key = m.role
        -- Who has left and come back makes a new one.
        WHERE t.id = p_tenant AND t.status = 'active' AND m.created_at <= since;
END
$$;
REVOKE EXECUTE ON FUNCTION calendar_feed(uuid, uuid) FROM PUBLIC;
