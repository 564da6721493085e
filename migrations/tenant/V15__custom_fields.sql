-- Fields of the organization's own. Their values stand in the column `custom` of the records, by the key of the field.

CREATE TABLE custom_fields (
    id uuid PRIMARY KEY,
    resource text NOT NULL CHECK (resource IN ('contacts', 'companies', 'deals', 'projects')),
    key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_]{0,39}$'),
    label text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 100),
    type text NOT NULL CHECK (type IN ('text', 'number', 'date', 'choice', 'boolean', 'reference')),
    choices text[] NOT NULL DEFAULT '{}' CHECK (
        cardinality(choices) <= 50 AND array_position(choices, NULL) IS NULL AND '' <> ALL (choices)
        AND array_to_string(choices, chr(10)) !~ '[^\n]{51}'
    ),
    required boolean NOT NULL DEFAULT false,
    -- The kind of records that a reference names one of.
    refers_to text CHECK (refers_to IN ('contacts', 'companies', 'deals', 'projects')),
    -- Where it stands among the fields of its resource, which are fifty at most for that.
    place smallint NOT NULL CONSTRAINT custom_fields_place_check CHECK (place BETWEEN 1 AND 50),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT custom_fields_key_key UNIQUE (resource, key),
    CONSTRAINT custom_fields_place_key UNIQUE (resource, place),
    CONSTRAINT custom_fields_options_check CHECK ((type = 'choice') = (cardinality(choices) > 0)),
    CONSTRAINT custom_fields_reference_check CHECK ((type = 'reference') = (refers_to IS NOT NULL))
);
CREATE INDEX custom_fields_created_at_idx ON custom_fields (created_at, id);

-- Keys whose field is gone while records still have values by them. Nobody sees those, and a field that is restored has them
-- again; after 30 days a job clears them away.
CREATE TABLE custom_fields_gone (
    resource text NOT NULL,
    key text NOT NULL,
    place smallint NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (resource, key)
);
COMMENT ON TABLE custom_fields_gone IS 'unjournaled: follows from changes of custom_fields, which the journal has';
