-- Rules: what the organization has the platform do by itself when something happens, and what came of it.

-- What a rule changes is journaled as done by it. Whatever stands there already met a narrower rule, so nothing is read again.
ALTER TABLE journal
    DROP CONSTRAINT journal_kind_check,
    ADD CONSTRAINT journal_kind_check CHECK (kind IN ('person', 'key', 'support', 'operator', 'system', 'rule')) NOT VALID;

-- Endpoints hear of rules that have run, too.
ALTER TABLE webhook_deliveries
    DROP CONSTRAINT webhook_deliveries_kind_check,
    ADD CONSTRAINT webhook_deliveries_kind_check CHECK (kind IN ('event', 'redelivery', 'test', 'rule')) NOT VALID;

CREATE TABLE rules (
    id uuid PRIMARY KEY,
    -- One of a hundred places, so that an organization has no more rules than that, however many are made at once.
    place smallint NOT NULL CONSTRAINT rules_place_key UNIQUE,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    -- Word by word, such as `contact.created`.
    events text[] NOT NULL CHECK (cardinality(events) BETWEEN 1 AND 20),
    -- Of updates, only those that changed one of these; nothing is all.
    changed text[] NOT NULL CHECK (cardinality(changed) <= 20),
    conditions jsonb[] NOT NULL CHECK (cardinality(conditions) <= 20),
    actions jsonb[] NOT NULL CHECK (cardinality(actions) BETWEEN 1 AND 5),
    enabled boolean NOT NULL DEFAULT true,
    -- Who changed it last: the person's rights are the rule's.
    author_id uuid NOT NULL,
    -- Of the platform's own doing.
    disabled_at timestamptz,
    disabled_reason text CHECK (disabled_reason IN ('author_left', 'author_lacks_permission', 'too_often')),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT rules_place_check CHECK (place BETWEEN 1 AND 100),
    CONSTRAINT rules_disabled_check CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)
        AND (disabled_at IS NULL OR NOT enabled))
);
CREATE INDEX rules_created_at_idx ON rules (created_at, id);

CREATE TABLE rule_runs (
    id uuid PRIMARY KEY,
    rule_id uuid NOT NULL REFERENCES rules (id) ON DELETE CASCADE,
    event_id uuid NOT NULL,
    event text NOT NULL CHECK (char_length(event) BETWEEN 1 AND 200),
    -- Whoever may not see such records sees none of these.
    resource text NOT NULL CHECK (char_length(resource) BETWEEN 1 AND 100),
    record text CHECK (char_length(record) BETWEEN 1 AND 200),
    at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    -- What was to be done, and what came of it.
    actions jsonb[] NOT NULL CHECK (cardinality(actions) BETWEEN 1 AND 5),
    -- How many letters it sends.
    letters smallint NOT NULL CHECK (letters BETWEEN 0 AND 5),
    -- Once for each event, however often it is told.
    CONSTRAINT rule_runs_event_key UNIQUE (rule_id, event_id)
);
COMMENT ON TABLE rule_runs IS 'unjournaled: a log of what rules did, kept for 30 days; what they change is journaled';
CREATE INDEX rule_runs_at_idx ON rule_runs (at, id);
CREATE INDEX rule_runs_rule_idx ON rule_runs (rule_id, at, id);
CREATE INDEX rule_runs_failed_idx ON rule_runs (rule_id, at, id) WHERE state = 'failed';
