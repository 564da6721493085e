-- People whom the organization knows.

CREATE TABLE contacts (
    id uuid PRIMARY KEY,
    first_name text CHECK (char_length(first_name) BETWEEN 1 AND 100),
    last_name text CHECK (char_length(last_name) BETWEEN 1 AND 100),
    email text CHECK (char_length(email) BETWEEN 3 AND 254),
    phone text CHECK (char_length(phone) BETWEEN 1 AND 50),
    company text CHECK (char_length(company) BETWEEN 1 AND 200),
    notes text CHECK (char_length(notes) BETWEEN 1 AND 10000),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- What a list sorts and shows a person by.
    display_name text NOT NULL GENERATED ALWAYS AS (
        btrim(coalesce(last_name, '') || ' ' || coalesce(first_name, ''))
    ) STORED,
    -- What `q` looks in: lower case, so that one pattern serves.
    search_text text NOT NULL GENERATED ALWAYS AS (
        lower(coalesce(first_name, '') || ' ' || coalesce(last_name, '') || ' ' || coalesce(email, '') || ' '
            || coalesce(company, '') || ' ' || coalesce(phone, ''))
    ) STORED,
    CONSTRAINT contacts_named_check CHECK (first_name IS NOT NULL OR last_name IS NOT NULL)
);
CREATE INDEX contacts_created_at_idx ON contacts (created_at, id);
CREATE INDEX contacts_updated_at_idx ON contacts (updated_at, id);
CREATE INDEX contacts_display_name_idx ON contacts (display_name, id);
CREATE INDEX contacts_email_idx ON contacts (lower(email), id);
CREATE INDEX contacts_company_idx ON contacts (lower(company), id);
CREATE INDEX contacts_search_idx ON contacts USING gin (search_text extensions.gin_trgm_ops);
