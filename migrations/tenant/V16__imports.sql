-- Imports: files of rows that become records, a piece at a time.

CREATE TABLE imports (
    id uuid PRIMARY KEY,
    resource text NOT NULL CHECK (resource IN ('contacts', 'companies')),
    state text NOT NULL CHECK (state IN ('waiting', 'uploading', 'running', 'done', 'cancelled', 'failed')),
    -- By what a row is known to be a record that is there already, and what becomes of it then.
    match_by text NOT NULL CHECK (match_by IN ('email', 'phone')),
    duplicates text NOT NULL CHECK (duplicates IN ('skip', 'update', 'create')),
    dry_run boolean NOT NULL,
    -- Which columns of the file are which fields; where each stands in a row, and how many cells a row has.
    mapping jsonb NOT NULL CHECK (jsonb_typeof(mapping) = 'array' AND jsonb_array_length(mapping) <= 20),
    places integer[] NOT NULL DEFAULT '{}' CHECK (cardinality(places) <= 20),
    width integer NOT NULL DEFAULT 0 CHECK (width BETWEEN 0 AND 1000),
    delimiter text CHECK (delimiter IN (',', ';', '|', chr(9))),
    -- The sending of the file that counts: a later one takes its place.
    upload uuid,
    rows_total bigint NOT NULL DEFAULT 0 CHECK (rows_total BETWEEN 0 AND 1000000),
    rows_done bigint NOT NULL DEFAULT 0 CHECK (rows_done BETWEEN 0 AND rows_total),
    created bigint NOT NULL DEFAULT 0,
    updated bigint NOT NULL DEFAULT 0,
    skipped bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    reason text CHECK (char_length(reason) BETWEEN 1 AND 500),
    finished_at timestamptz,
    -- Who has stopped it.
    cancelled_by uuid,
    owner_id uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT imports_rows_check CHECK (created + updated + skipped + failed = rows_done),
    CONSTRAINT imports_finished_check CHECK ((finished_at IS NOT NULL) = (state IN ('done', 'cancelled', 'failed')))
);
COMMENT ON COLUMN imports.state IS 'unjournaled: how far it has come; its file and who stopped it are journaled';
COMMENT ON COLUMN imports.upload IS 'unjournaled: as state';
COMMENT ON COLUMN imports.rows_done IS 'unjournaled: as state';
COMMENT ON COLUMN imports.created IS 'unjournaled: as state';
COMMENT ON COLUMN imports.updated IS 'unjournaled: as state';
COMMENT ON COLUMN imports.skipped IS 'unjournaled: as state';
COMMENT ON COLUMN imports.failed IS 'unjournaled: as state';
COMMENT ON COLUMN imports.reason IS 'unjournaled: as state';
COMMENT ON COLUMN imports.finished_at IS 'unjournaled: as state';
COMMENT ON COLUMN imports.version IS 'unjournaled: as state';
COMMENT ON COLUMN imports.updated_at IS 'unjournaled: as state';
CREATE INDEX imports_created_at_idx ON imports (created_at, id);
CREATE INDEX imports_owner_idx ON imports (owner_id, created_at, id);

-- What of a file is still to be done, whole rows. A piece goes in the transaction that does it, so that none is done twice.
CREATE TABLE import_pieces (
    import_id uuid NOT NULL CONSTRAINT import_pieces_import_id_fkey REFERENCES imports (id) ON DELETE CASCADE,
    -- The sending that it is of: what is late of an earlier one belongs to no file.
    upload uuid NOT NULL,
    number integer NOT NULL CHECK (number >= 0),
    first_row bigint NOT NULL CHECK (first_row >= 1),
    content bytea NOT NULL CHECK (octet_length(content) <= 4194304),
    PRIMARY KEY (import_id, upload, number)
);
COMMENT ON TABLE import_pieces IS 'unjournaled: a file until it is read; what becomes of its rows is journaled';

CREATE TABLE import_errors (
    id uuid PRIMARY KEY,
    import_id uuid NOT NULL CONSTRAINT import_errors_import_id_fkey REFERENCES imports (id) ON DELETE CASCADE,
    row_number bigint NOT NULL CHECK (row_number >= 1),
    column_name text CHECK (char_length(column_name) BETWEEN 1 AND 200),
    reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 500)
);
CREATE INDEX import_errors_row_idx ON import_errors (import_id, row_number, id);
COMMENT ON TABLE import_errors IS 'unjournaled: a log of what was wrong with the rows of a file, none of which became a record';
