-- Saved views: what somebody asks a list for again and again, for themselves or for all.

CREATE TABLE views (
    id uuid PRIMARY KEY,
    -- Whose it is.
    user_id uuid,
    -- One of a hundred places, so that a person has no more views than that, however many are made at once.
    place smallint NOT NULL,
    -- The list, as its table is called.
    resource text NOT NULL CHECK (char_length(resource) BETWEEN 1 AND 100),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    -- Filters, words and an order, as they stand behind the question mark.
    query text NOT NULL CHECK (char_length(query) <= 2000),
    shared boolean NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT views_place_check CHECK (place BETWEEN 1 AND 100),
    CONSTRAINT views_place_key UNIQUE (user_id, place)
);
CREATE INDEX views_created_at_idx ON views (created_at, id);
CREATE INDEX views_name_idx ON views (name, id);
CREATE INDEX views_resource_idx ON views (resource, created_at, id);
