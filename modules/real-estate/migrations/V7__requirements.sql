-- What applicants look for, and what they think of what there is.

CREATE TABLE requirements (
    id uuid PRIMARY KEY,
    contact_id uuid NOT NULL CONSTRAINT requirements_contact_id_fkey REFERENCES contacts (id),
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    kind text NOT NULL CHECK (kind IN ('sale', 'let')),
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
    price_min numeric(12, 2) CHECK (price_min >= 0),
    price_max numeric(12, 2) CHECK (price_max >= 0),
    currency text CHECK (currency ~ '^[A-Z]{3}$'),
    rooms_min smallint CHECK (rooms_min BETWEEN 1 AND 1000),
    -- In square metres.
    size_min integer CHECK (size_min BETWEEN 1 AND 1000000),
    -- None of them: any.
    types jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(types) = 'array' AND jsonb_array_length(types) <= 20),
    areas text[] NOT NULL DEFAULT '{}' CHECK (cardinality(areas) <= 50),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT requirements_prices_check CHECK (price_max >= price_min),
    CONSTRAINT requirements_priced_check CHECK (
        (currency IS NULL) = (price_min IS NULL AND price_max IS NULL)
    )
);
CREATE INDEX requirements_created_at_idx ON requirements (created_at, id);
CREATE INDEX requirements_contact_id_idx ON requirements (contact_id, created_at, id);
CREATE INDEX requirements_kind_idx ON requirements (kind, created_at, id);
CREATE INDEX requirements_status_idx ON requirements (status, created_at, id);
CREATE INDEX requirements_price_max_idx ON requirements (price_max, id);
-- Those that a listing is compared with.
CREATE INDEX requirements_open_idx ON requirements (kind, created_at, id) WHERE status = 'open';

-- What an applicant thinks of a listing.
CREATE TABLE listing_interests (
    id uuid PRIMARY KEY,
    listing_id uuid NOT NULL CONSTRAINT listing_interests_listing_id_fkey REFERENCES listings (id) ON DELETE CASCADE,
    requirement_id uuid NOT NULL
        CONSTRAINT listing_interests_requirement_id_fkey REFERENCES requirements (id) ON DELETE CASCADE,
    -- The requirement's.
    contact_id uuid NOT NULL CONSTRAINT listing_interests_contact_id_fkey REFERENCES contacts (id),
    interest text NOT NULL CHECK (interest IN ('interested', 'not_interested', 'viewed')),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT listing_interests_key UNIQUE (requirement_id, listing_id)
);
CREATE INDEX listing_interests_listing_id_idx ON listing_interests (listing_id, id);
CREATE INDEX listing_interests_contact_id_idx ON listing_interests (contact_id, id);
