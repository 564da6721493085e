-- Progressions: what happens between an accepted offer and its completion.

CREATE TABLE progressions (
    id uuid PRIMARY KEY,
    offer_id uuid NOT NULL REFERENCES offers (id),
    listing_id uuid NOT NULL REFERENCES listings (id),
    status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'completed', 'fallen_through')),
    survey_state text NOT NULL CHECK (survey_state IN ('not_needed', 'to_book', 'booked', 'done')),
    target_exchange_on date CHECK (target_exchange_on BETWEEN '1900-01-01' AND '2200-12-31'),
    target_completion_on date CHECK (target_completion_on BETWEEN '1900-01-01' AND '2200-12-31'),
    -- The one that has to be completed for this one to be.
    depends_on_id uuid REFERENCES progressions (id),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT progressions_offer_id_key UNIQUE (offer_id),
    CONSTRAINT progressions_chain_check CHECK (depends_on_id <> id)
);
CREATE INDEX progressions_listing_idx ON progressions (listing_id, id);
CREATE INDEX progressions_status_idx ON progressions (status, id);
CREATE INDEX progressions_depends_on_idx ON progressions (depends_on_id, id);
CREATE INDEX progressions_target_completion_idx ON progressions (target_completion_on, id);
CREATE INDEX progressions_created_at_idx ON progressions (created_at, id);

CREATE TABLE progression_milestones (
    id uuid PRIMARY KEY,
    progression_id uuid NOT NULL REFERENCES progressions (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (name IN (
        'memorandum', 'survey', 'mortgage_offer', 'searches', 'contracts_ready', 'exchanged', 'completed'
    )),
    due_on date CHECK (due_on BETWEEN '1900-01-01' AND '2200-12-31'),
    done_on date CHECK (done_on BETWEEN '1900-01-01' AND '2200-12-31'),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT progression_milestones_name_key UNIQUE (progression_id, name)
);

CREATE TABLE progression_parties (
    id uuid PRIMARY KEY,
    progression_id uuid NOT NULL REFERENCES progressions (id) ON DELETE CASCADE,
    contact_id uuid NOT NULL REFERENCES contacts (id),
    role text NOT NULL CHECK (role IN ('seller_solicitor', 'buyer_solicitor', 'lender')),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT progression_parties_role_key UNIQUE (progression_id, role)
);
CREATE INDEX progression_parties_progression_idx ON progression_parties (progression_id, created_at, id);
CREATE INDEX progression_parties_contact_idx ON progression_parties (contact_id, id);
