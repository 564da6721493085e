-- What a person's account has beside a password: a language, a time zone, an address that is proved, tokens by mail.

ALTER TABLE users
    ADD COLUMN locale text NOT NULL DEFAULT 'en'
        CHECK (char_length(locale) <= 35 AND locale ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC'
        CHECK (char_length(time_zone) <= 64 AND time_zone ~ '^[A-Za-z][A-Za-z0-9_+/-]*$'),
    -- When somebody last proved to read the mail of this address.
    ADD COLUMN email_verified_at timestamptz,
    -- Who has left stays as a name for what they did, without anything else.
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

-- One live token for each purpose: a newer one takes the place of the older. A token is redeemed by deleting its row, so
-- of many at once one wins. Only its SHA-256 is here.
CREATE TABLE one_time_tokens (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN ('verify_email', 'reset_password', 'change_email')),
    hash bytea NOT NULL CONSTRAINT one_time_tokens_hash_key UNIQUE CHECK (octet_length(hash) = 32),
    -- The address that the letter went to; a token proves no other one.
    email text NOT NULL CHECK (email = lower(email) AND char_length(email) <= 254),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, purpose)
);
CREATE INDEX one_time_tokens_expires_idx ON one_time_tokens (expires_at);

-- Registrations that wait for the letter to be read, where the installation asks for that. The latest of an address counts.
CREATE TABLE registrations (
    email text PRIMARY KEY CHECK (email = lower(email) AND char_length(email) <= 254),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    password_hash text NOT NULL,
    organization_name text CHECK (char_length(organization_name) BETWEEN 1 AND 200),
    organization_slug text,
    hash bytea NOT NULL CONSTRAINT registrations_hash_key UNIQUE CHECK (octet_length(hash) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    CONSTRAINT registrations_organization_check CHECK ((organization_name IS NULL) = (organization_slug IS NULL))
);
CREATE INDEX registrations_expires_idx ON registrations (expires_at);

-- What is asked for by e-mail address alone is done by the worker: the request itself does the same for every address.
ALTER TABLE outbox
    DROP CONSTRAINT outbox_topic_check,
    ADD CONSTRAINT outbox_topic_check CHECK (topic IN ('mail', 'account'));
