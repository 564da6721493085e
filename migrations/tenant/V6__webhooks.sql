-- Webhooks: where an organization hears of its events, and what came of telling it.

CREATE TABLE webhooks (
    id uuid PRIMARY KEY,
    -- One of twenty places, so that an organization has no more endpoints than that, however many are made at once.
    place smallint NOT NULL CONSTRAINT webhooks_place_key UNIQUE,
    url text NOT NULL CHECK (char_length(url) BETWEEN 1 AND 2000 AND url ~ '^https?://'),
    description text CHECK (char_length(description) BETWEEN 1 AND 500),
    -- What was asked for, such as `contact.*`; nothing asks for all.
    events text[] NOT NULL CHECK (cardinality(events) <= 100),
    -- What that was, word by word, of what its author could see when it was last changed. It grows by no role and no new module.
    hears text[] NOT NULL CHECK (cardinality(hears) BETWEEN 1 AND 1000),
    enabled boolean NOT NULL DEFAULT true,
    -- Of the platform's own doing: its receiver said that it is gone, or has failed for days.
    disabled_at timestamptz,
    disabled_reason text CHECK (disabled_reason IN ('gone', 'failing')),
    -- A secret is made of this and of a key that is not here, so none stands here, sealed or not.
    secret_id uuid NOT NULL,
    secret_since timestamptz NOT NULL DEFAULT now(),
    -- The one before signs too until then.
    old_secret_id uuid,
    old_secret_until timestamptz,
    -- When somebody last gave up an event that could not be delivered.
    skipped_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT webhooks_place_check CHECK (place BETWEEN 1 AND 20),
    CONSTRAINT webhooks_disabled_check CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)
        AND (disabled_at IS NULL OR NOT enabled)),
    CONSTRAINT webhooks_old_secret_check CHECK ((old_secret_id IS NULL) = (old_secret_until IS NULL))
);
CREATE INDEX webhooks_created_at_idx ON webhooks (created_at, id);

CREATE TABLE webhook_deliveries (
    id uuid PRIMARY KEY,
    webhook_id uuid NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('event', 'redelivery', 'test')),
    -- The same at each attempt; the receiver gets it as `webhook-id`.
    event_id uuid NOT NULL,
    event text NOT NULL CHECK (char_length(event) BETWEEN 1 AND 200),
    -- Whoever may not see such records sees none of these.
    resource text NOT NULL CHECK (char_length(resource) BETWEEN 1 AND 100),
    attempt smallint NOT NULL CHECK (attempt BETWEEN 1 AND 10),
    at timestamptz NOT NULL,
    took_ms integer NOT NULL CHECK (took_ms >= 0),
    status smallint CHECK (status BETWEEN 100 AND 999),
    -- Words of ours, never of the other side; none where all is well.
    failure text CHECK (char_length(failure) BETWEEN 1 AND 200),
    given_up boolean NOT NULL,
    request text NOT NULL CHECK (octet_length(request) BETWEEN 1 AND 65536),
    answer text CHECK (octet_length(answer) <= 16384),
    CONSTRAINT webhook_deliveries_outcome_check CHECK (
        (failure IS NULL) = (coalesce(status, 0) BETWEEN 200 AND 299) AND (failure IS NOT NULL OR NOT given_up)
    )
);
COMMENT ON TABLE webhook_deliveries IS 'unjournaled: a log of what the platform sent, kept for 30 days';
CREATE INDEX webhook_deliveries_at_idx ON webhook_deliveries (at, id);
CREATE INDEX webhook_deliveries_webhook_idx ON webhook_deliveries (webhook_id, at, id);
CREATE INDEX webhook_deliveries_event_idx ON webhook_deliveries (webhook_id, event, at, id);
CREATE INDEX webhook_deliveries_failed_idx ON webhook_deliveries (webhook_id, at, id) WHERE failure IS NOT NULL;
