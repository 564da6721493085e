-- What applicants offer for what is on the market.

CREATE TABLE offers (
    id uuid PRIMARY KEY,
    listing_id uuid NOT NULL CONSTRAINT offers_listing_id_fkey REFERENCES listings (id),
    applicant_id uuid NOT NULL CONSTRAINT offers_applicant_id_fkey REFERENCES contacts (id),
    amount numeric(12, 2) NOT NULL CHECK (amount > 0),
    -- That of the listing.
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    valid_until date NOT NULL CHECK (valid_until BETWEEN '1900-01-01' AND '2200-12-31'),
    status text NOT NULL DEFAULT 'open' CHECK (status IN (
        'open', 'accepted', 'refused', 'withdrawn', 'expired', 'parked', 'fallen_through'
    )),
    conditions text CHECK (char_length(conditions) BETWEEN 1 AND 10000),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
-- One at most is accepted.
CREATE UNIQUE INDEX offers_accepted_key ON offers (listing_id, status) WHERE status = 'accepted';
CREATE INDEX offers_created_at_idx ON offers (created_at, id);
CREATE INDEX offers_listing_id_idx ON offers (listing_id, created_at, id);
CREATE INDEX offers_applicant_id_idx ON offers (applicant_id, created_at, id);
CREATE INDEX offers_status_idx ON offers (status, created_at, id);
CREATE INDEX offers_amount_idx ON offers (amount, id);
CREATE INDEX offers_valid_until_idx ON offers (valid_until, id);
