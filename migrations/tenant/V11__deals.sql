-- Deals, and the pipelines that they go through.

CREATE TABLE pipelines (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    -- Where a deal goes whose maker names no stage. True or nothing, so that it is a value that no two share.
    is_default boolean CHECK (is_default),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- When the statement is over, for one that passes it on changes two rows.
    CONSTRAINT pipelines_default_key UNIQUE (is_default) DEFERRABLE INITIALLY IMMEDIATE
);
CREATE UNIQUE INDEX pipelines_name_key ON pipelines (lower(name));
CREATE INDEX pipelines_created_at_idx ON pipelines (created_at, id);

CREATE TABLE stages (
    id uuid PRIMARY KEY,
    pipeline_id uuid NOT NULL CONSTRAINT stages_pipeline_id_fkey REFERENCES pipelines (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    -- From left to right; there may be gaps.
    position smallint NOT NULL CONSTRAINT stages_position_check CHECK (position BETWEEN 0 AND 99),
    kind text NOT NULL CHECK (kind IN ('open', 'won', 'lost')),
    -- How likely a deal here is won, in percent.
    probability smallint NOT NULL CHECK (probability BETWEEN 0 AND 100),
    -- Fields of a deal that have to be filled in before it may come here.
    required text[] NOT NULL DEFAULT '{}' CHECK (cardinality(required) <= 50),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT stages_certain_check CHECK (
        (kind <> 'won' OR probability = 100) AND (kind <> 'lost' OR probability = 0)
    ),
    CONSTRAINT stages_position_key UNIQUE (pipeline_id, position) DEFERRABLE INITIALLY IMMEDIATE,
    -- For the deals, which repeat both.
    CONSTRAINT stages_kind_key UNIQUE (id, pipeline_id, kind)
);
CREATE UNIQUE INDEX stages_name_key ON stages (pipeline_id, lower(name));

CREATE TABLE deals (
    id uuid PRIMARY KEY,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    pipeline_id uuid NOT NULL,
    stage_id uuid NOT NULL,
    -- The kind of its stage, by the foreign key: a stage with deals neither goes nor becomes another kind.
    status text NOT NULL CHECK (status IN ('open', 'won', 'lost')),
    amount numeric(12, 2) CHECK (amount >= 0),
    currency text CHECK (currency ~ '^[A-Z]{3}$'),
    expected_close date CHECK (expected_close BETWEEN '1900-01-01' AND '2200-12-31'),
    contact_id uuid CONSTRAINT deals_contact_id_fkey REFERENCES contacts (id) ON DELETE SET NULL,
    company_id uuid CONSTRAINT deals_company_id_fkey REFERENCES companies (id) ON DELETE SET NULL,
    lost_reason text CHECK (char_length(lost_reason) BETWEEN 1 AND 500),
    notes text CHECK (char_length(notes) BETWEEN 1 AND 10000),
    tags text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 50),
    custom jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(custom) = 'object'),
    owner_id uuid,
    -- Since when it is in its stage.
    stage_since timestamptz NOT NULL DEFAULT now(),
    -- Since when it is won, or lost; it may have gone from one such stage to another since.
    closed_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    search_text text NOT NULL GENERATED ALWAYS AS (
        lower(regexp_replace(normalize(title, NFKD), '[\u0300-\u036F]', '', 'g'))
    ) STORED,
    CONSTRAINT deals_stage_fkey FOREIGN KEY (stage_id, pipeline_id, status) REFERENCES stages (id, pipeline_id, kind),
    CONSTRAINT deals_priced_check CHECK ((amount IS NULL) = (currency IS NULL)),
    CONSTRAINT deals_lost_check CHECK ((lost_reason IS NOT NULL) = (status = 'lost')),
    CONSTRAINT deals_closed_check CHECK ((closed_at IS NULL) = (status = 'open'))
);
CREATE INDEX deals_created_at_idx ON deals (created_at, id);
CREATE INDEX deals_updated_at_idx ON deals (updated_at, id);
CREATE INDEX deals_title_idx ON deals (title, id);
CREATE INDEX deals_amount_idx ON deals (amount, id);
CREATE INDEX deals_expected_close_idx ON deals (expected_close, id);
CREATE INDEX deals_owner_idx ON deals (owner_id, created_at, id);
CREATE INDEX deals_contact_id_idx ON deals (contact_id, created_at, id);
CREATE INDEX deals_company_id_idx ON deals (company_id, created_at, id);
CREATE INDEX deals_status_idx ON deals (status, created_at, id);
CREATE INDEX deals_stage_since_idx ON deals (stage_since, id);
-- The board: a column of it, what came last first, and its sums, which are made from the index alone.
CREATE INDEX deals_stage_idx ON deals (stage_id, stage_since, id) INCLUDE (amount, currency, owner_id);
-- The forecast: what is expected, and what was won.
CREATE INDEX deals_expected_idx ON deals (pipeline_id, expected_close) INCLUDE (stage_id, amount, currency, owner_id)
    WHERE status = 'open';
CREATE INDEX deals_won_idx ON deals (pipeline_id, closed_at) INCLUDE (amount, currency, owner_id) WHERE status = 'won';
CREATE INDEX deals_pipeline_idx ON deals (pipeline_id, created_at, id);
CREATE INDEX deals_tags_idx ON deals USING gin (tags);
CREATE INDEX deals_search_idx ON deals USING gin (search_text extensions.gin_trgm_ops);

-- Each move of a deal: who, when, from where, to where. It outlives the deal, so that one that is restored has its history,
-- and the stages.
CREATE TABLE deal_moves (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    deal_id uuid NOT NULL,
    -- None where the deal was made here.
    from_stage_id uuid,
    to_stage_id uuid NOT NULL,
    moved_at timestamptz NOT NULL DEFAULT now(),
    moved_by uuid,
    -- How long it had been in the stage that it left, in seconds.
    stayed bigint CHECK (stayed >= 0)
);
CREATE INDEX deal_moves_deal_idx ON deal_moves (deal_id, moved_at, id);
CREATE INDEX deal_moves_to_idx ON deal_moves (to_stage_id, moved_at);
COMMENT ON TABLE deal_moves IS 'unjournaled: the history of what the journal has as changes of deals, in the form that reports read';

INSERT INTO pipelines (id, name, is_default) VALUES (gen_random_uuid(), 'Sales', true);
INSERT INTO stages (id, pipeline_id, name, position, kind, probability)
    SELECT gen_random_uuid(), p.id, s.name, s.position, s.kind, s.probability
    FROM pipelines p, (VALUES
        ('New', 0, 'open', 10), ('Negotiation', 1, 'open', 50), ('Closed won', 2, 'won', 100), ('Closed lost', 3, 'lost', 0)
    ) AS s (name, position, kind, probability);
