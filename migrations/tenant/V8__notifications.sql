-- Notices to people outside and inside of the organization: what was sent, in which words, and who wants none.

CREATE TABLE notices (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (char_length(kind) BETWEEN 1 AND 60),
    channel text NOT NULL CHECK (channel IN ('email', 'sms')),
    recipient text NOT NULL CHECK (char_length(recipient) BETWEEN 3 AND 254),
    -- As it was asked for; none where the organization's own language will do.
    language text CHECK (char_length(language) BETWEEN 2 AND 35),
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'suppressed')),
    -- In words of the platform's.
    reason text CHECK (char_length(reason) BETWEEN 1 AND 200),
    -- What it will say, sealed: on its way to the outbox, which takes it out of the row before that is stored.
    payload bytea CONSTRAINT notices_payload_check CHECK (payload IS NULL),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT notices_ended_check CHECK (state NOT IN ('failed', 'suppressed') OR reason IS NOT NULL)
);
COMMENT ON TABLE notices IS 'unjournaled: a log by itself, kept for 90 days';
CREATE INDEX notices_created_at_idx ON notices (created_at, id);
CREATE INDEX notices_recipient_idx ON notices (recipient, created_at, id);
CREATE INDEX notices_kind_idx ON notices (kind, created_at, id);
CREATE INDEX notices_state_idx ON notices (state, created_at, id) WHERE state <> 'sent';

CREATE TABLE notification_templates (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (char_length(kind) BETWEEN 1 AND 60),
    channel text NOT NULL CHECK (channel IN ('email', 'sms')),
    language text NOT NULL CHECK (char_length(language) BETWEEN 2 AND 35),
    subject text CHECK (char_length(subject) BETWEEN 1 AND 200),
    body text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 10000),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT notification_templates_key UNIQUE (kind, channel, language),
    CONSTRAINT notification_templates_letter_check CHECK ((channel = 'email') = (subject IS NOT NULL))
);

CREATE TABLE notification_consents (
    id uuid PRIMARY KEY,
    -- In one spelling: e-mail addresses in lower case, telephone numbers as + and digits.
    address text NOT NULL CHECK (char_length(address) BETWEEN 3 AND 254),
    channel text NOT NULL CHECK (channel IN ('email', 'sms')),
    purpose text NOT NULL CHECK (purpose IN ('transactional', 'marketing')),
    granted boolean NOT NULL,
    -- Where it comes from, such as a form.
    source text NOT NULL CHECK (char_length(source) BETWEEN 1 AND 200),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT notification_consents_key UNIQUE (address, purpose)
);
CREATE INDEX notification_consents_changed_at_idx ON notification_consents (changed_at, id);
CREATE INDEX notification_consents_address_idx ON notification_consents (address, changed_at, id);
CREATE INDEX notification_consents_purpose_idx ON notification_consents (purpose, changed_at, id);

-- One row.
CREATE TABLE notification_settings (
    id uuid PRIMARY KEY,
    -- On a clock on the wall in the time zone.
    quiet_from time,
    quiet_until time,
    time_zone text NOT NULL DEFAULT 'UTC' CHECK (char_length(time_zone) BETWEEN 1 AND 64),
    language text NOT NULL DEFAULT 'en' CHECK (char_length(language) BETWEEN 2 AND 35),
    sender_name text CHECK (char_length(sender_name) BETWEEN 1 AND 60),
    version bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT notification_settings_quiet_check CHECK
        ((quiet_from IS NULL) = (quiet_until IS NULL) AND (quiet_from IS NULL OR quiet_from <> quiet_until))
);
CREATE UNIQUE INDEX notification_settings_one_idx ON notification_settings ((true));
INSERT INTO notification_settings (id) VALUES (gen_random_uuid());
