-- Houses, flats, land and business premises.

CREATE TABLE properties (
    id uuid PRIMARY KEY,
    type text NOT NULL CHECK (type IN ('house', 'apartment', 'land', 'commercial')),
    status text NOT NULL CHECK (status IN (
        'incomplete', 'coming_soon', 'active', 'active_under_contract', 'pending', 'closed',
        'hold', 'withdrawn', 'expired', 'canceled'
    )),
    price numeric(12, 2) NOT NULL CHECK (price >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    street text NOT NULL CHECK (char_length(street) BETWEEN 1 AND 200),
    postcode text CHECK (char_length(postcode) BETWEEN 1 AND 20),
    city text NOT NULL CHECK (char_length(city) BETWEEN 1 AND 100),
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    description text CHECK (char_length(description) BETWEEN 1 AND 10000),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX properties_created_at_idx ON properties (created_at, id);
CREATE INDEX properties_price_idx ON properties (price, id);
CREATE INDEX properties_type_idx ON properties (type, created_at, id);
CREATE INDEX properties_status_idx ON properties (status, created_at, id);
