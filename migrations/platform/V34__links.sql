-- What the database sees to in the tables of a tenant: references by fields of an organization's own, and places that were taken.

-- Stands on each table that such fields can refer to. A reference to a record that is deleted goes with it, as one by a foreign
-- key does that is set to null; fields that refer to such records are few, and mostly there are none.
CREATE FUNCTION unlink_own_fields() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    link record;
BEGIN
    FOR link IN EXECUTE format('SELECT resource, key FROM %I.custom_fields WHERE refers_to = %L AND EXISTS (SELECT 1 FROM gone)
        ORDER BY resource, key', TG_TABLE_SCHEMA, TG_TABLE_NAME)
    LOOP
        EXECUTE format('UPDATE %1$I.%2$I SET custom = custom - %3$L::text, version = version + 1, updated_at = now()
            WHERE (custom ->> %3$L) = ANY (ARRAY(SELECT g.id::text FROM gone g))', TG_TABLE_SCHEMA, link.resource, link.key);
    END LOOP;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION unlink_own_fields() FROM PUBLIC;

-- A field that comes back, out of the trash or by an undo, stands in the first free place where its own is taken.
CREATE FUNCTION place_own_field() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('SELECT coalesce(min(n), 51) FROM generate_series(1, 50) n WHERE (n = $2 OR EXISTS (
            SELECT 1 FROM %1$I.custom_fields f WHERE f.resource = $1 AND f.place = $2
        )) AND NOT EXISTS (SELECT 1 FROM %1$I.custom_fields f WHERE f.resource = $1 AND f.place = n)', TG_TABLE_SCHEMA)
    INTO NEW.place USING NEW.resource, NEW.place;
    RETURN NEW;
END
$$;
REVOKE EXECUTE ON FUNCTION place_own_field() FROM PUBLIC;

-- A stage that comes back stands behind the others where another one has its place.
CREATE FUNCTION place_stage() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('SELECT CASE WHEN bool_or(s.position = $2) THEN max(s.position) + 1 ELSE $2 END
        FROM %I.stages s WHERE s.pipeline_id = $1', TG_TABLE_SCHEMA)
    INTO NEW.position USING NEW.pipeline_id, NEW.position;
    RETURN NEW;
END
$$;
REVOKE EXECUTE ON FUNCTION place_stage() FROM PUBLIC;

-- Puts these on the tables of a tenant, as far as it has them.
CREATE FUNCTION keep_links(p_schema text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    home record;
BEGIN
    FOR home IN SELECT c.oid::regclass AS name, c.relname AS table_name FROM pg_class c
        WHERE c.relnamespace = p_schema::regnamespace AND c.relkind = 'r'
            AND c.relname IN ('contacts', 'companies', 'deals', 'projects', 'custom_fields', 'stages')
    LOOP
        EXECUTE format(CASE home.table_name
            WHEN 'custom_fields' THEN
                'CREATE OR REPLACE TRIGGER place BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION platform.place_own_field()'
            WHEN 'stages' THEN
                'CREATE OR REPLACE TRIGGER place BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION platform.place_stage()'
            ELSE 'CREATE OR REPLACE TRIGGER unlink AFTER DELETE ON %s REFERENCING OLD TABLE AS gone
                FOR EACH STATEMENT EXECUTE FUNCTION platform.unlink_own_fields()'
        END, home.name);
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION keep_links(text) FROM PUBLIC;
