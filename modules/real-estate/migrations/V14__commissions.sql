-- Commissions: what is earned with a listing, and who gets which part of it.

CREATE TABLE commissions (
    id uuid PRIMARY KEY,
    listing_id uuid NOT NULL REFERENCES listings (id),
    progression_id uuid REFERENCES progressions (id),
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'due', 'paid')),
    base numeric(12, 2) NOT NULL CHECK (base > 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    -- Of the base in percent, or else fixed.
    percent numeric(5, 2) CHECK (percent > 0 AND percent <= 100),
    amount numeric(12, 2) NOT NULL CHECK (amount > 0),
    -- Who gets how much, in order; the sum is counted by the statement that writes them.
    splits jsonb NOT NULL CHECK (jsonb_typeof(splits) = 'array' AND jsonb_array_length(splits) BETWEEN 1 AND 20),
    splits_sum numeric(7, 2) NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT commissions_whole_check CHECK (splits_sum = 100),
    CONSTRAINT commissions_reckoned_check CHECK (percent IS NULL OR amount = round(base * percent / 100, 2))
);
CREATE INDEX commissions_listing_idx ON commissions (listing_id, id);
CREATE INDEX commissions_progression_idx ON commissions (progression_id, id);
CREATE INDEX commissions_status_idx ON commissions (status, id);
CREATE INDEX commissions_amount_idx ON commissions (amount, id);
CREATE INDEX commissions_created_at_idx ON commissions (created_at, id);
