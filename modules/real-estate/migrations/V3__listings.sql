-- What is offered on the market: a property for sale or to let, by whom, at which price, how long.

CREATE TABLE listings (
    id uuid PRIMARY KEY,
    property_id uuid NOT NULL CONSTRAINT listings_property_id_fkey REFERENCES properties (id),
    kind text NOT NULL CHECK (kind IN ('sale', 'let')),
    status text NOT NULL DEFAULT 'incomplete' CHECK (status IN (
        'incomplete', 'coming_soon', 'active', 'active_under_contract', 'pending', 'closed',
        'hold', 'withdrawn', 'expired', 'canceled'
    )),
    price numeric(12, 2) NOT NULL CHECK (price >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    -- Who sells or lets it: a member of the organization, who may leave it.
    agent_id uuid,
    mandate_from date CHECK (mandate_from BETWEEN '1900-01-01' AND '2200-12-31'),
    mandate_until date CHECK (mandate_until BETWEEN '1900-01-01' AND '2200-12-31'),
    minimum_offer_percent smallint NOT NULL DEFAULT 90 CHECK (minimum_offer_percent BETWEEN 0 AND 100),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT listings_mandate_check CHECK (mandate_until >= mandate_from),
    CONSTRAINT listings_on_market_check CHECK (
        status NOT IN ('active', 'active_under_contract', 'pending', 'closed')
        OR (agent_id IS NOT NULL AND price > 0 AND mandate_from IS NOT NULL)
    )
);
-- One of a kind at a time.
CREATE UNIQUE INDEX listings_on_market_key ON listings (property_id, kind)
    WHERE status IN ('coming_soon', 'active', 'active_under_contract', 'pending');
CREATE INDEX listings_created_at_idx ON listings (created_at, id);
CREATE INDEX listings_property_id_idx ON listings (property_id, created_at, id);
CREATE INDEX listings_kind_idx ON listings (kind, created_at, id);
CREATE INDEX listings_status_idx ON listings (status, created_at, id);
CREATE INDEX listings_agent_id_idx ON listings (agent_id, created_at, id);
CREATE INDEX listings_price_idx ON listings (price, id);
CREATE INDEX listings_mandate_until_idx ON listings (mandate_until, id);

-- Whose it is: people who have a part in a listing.
CREATE TABLE listing_parties (
    id uuid PRIMARY KEY,
    listing_id uuid NOT NULL CONSTRAINT listing_parties_listing_id_fkey REFERENCES listings (id) ON DELETE CASCADE,
    contact_id uuid NOT NULL CONSTRAINT listing_parties_contact_id_fkey REFERENCES contacts (id),
    role text NOT NULL CHECK (role IN ('vendor', 'landlord', 'solicitor', 'caretaker')),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT listing_parties_key UNIQUE (listing_id, contact_id, role)
);
CREATE INDEX listing_parties_listing_id_idx ON listing_parties (listing_id, created_at, id);
CREATE INDEX listing_parties_contact_id_idx ON listing_parties (contact_id, id);

-- Each step of a listing: from where, to where, who, why. The first is where it was made.
CREATE TABLE listing_status_changes (
    id uuid PRIMARY KEY,
    listing_id uuid NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
    from_status text CHECK (char_length(from_status) BETWEEN 1 AND 40),
    to_status text NOT NULL CHECK (char_length(to_status) BETWEEN 1 AND 40),
    reason text CHECK (char_length(reason) BETWEEN 1 AND 500),
    -- None where it came by time.
    changed_by uuid,
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX listing_status_changes_listing_idx ON listing_status_changes (listing_id, changed_at, id);

-- Each price that was asked.
CREATE TABLE listing_price_changes (
    id uuid PRIMARY KEY,
    listing_id uuid NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
    from_price numeric(12, 2) CHECK (from_price >= 0),
    to_price numeric(12, 2) NOT NULL CHECK (to_price >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    changed_by uuid,
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX listing_price_changes_listing_idx ON listing_price_changes (listing_id, changed_at, id);
