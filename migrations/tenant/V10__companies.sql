-- Companies, and what a contact can have beside a name and one address.
--
-- What there is several of (addresses, further numbers) stands in the record, so that one row is the whole of it. Words are looked
-- for without case and accents: NFKD takes letters and marks apart, and U+0300 to U+036F are the marks.

CREATE TABLE companies (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    website text CHECK (char_length(website) BETWEEN 1 AND 500),
    industry text CHECK (char_length(industry) BETWEEN 1 AND 100),
    tax_number text CHECK (char_length(tax_number) BETWEEN 1 AND 50),
    email text CHECK (char_length(email) BETWEEN 3 AND 254),
    phone text CHECK (phone ~ '^[+][1-9][0-9]{6,14}$'),
    addresses jsonb NOT NULL DEFAULT '[]' CHECK (
        jsonb_typeof(addresses) = 'array' AND jsonb_array_length(addresses) <= 20
        AND NOT addresses @? '$[*] ? (@.type() != "object")'
    ),
    tags text[] NOT NULL DEFAULT '{}' CHECK (
        cardinality(tags) <= 50 AND array_position(tags, NULL) IS NULL AND '' <> ALL (tags)
        AND array_to_string(tags, chr(10)) !~ '[^\n]{51}'
    ),
    notes text CHECK (char_length(notes) BETWEEN 1 AND 10000),
    custom jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(custom) = 'object'),
    owner_id uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    search_text text NOT NULL GENERATED ALWAYS AS (
        lower(regexp_replace(normalize(
            name || ' ' || coalesce(website, '') || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '') || ' '
                || coalesce(tax_number, ''),
            NFKD), '[\u0300-\u036F]', '', 'g'))
    ) STORED
);
CREATE INDEX companies_created_at_idx ON companies (created_at, id);
CREATE INDEX companies_updated_at_idx ON companies (updated_at, id);
CREATE INDEX companies_name_idx ON companies (name, id);
CREATE INDEX companies_owner_idx ON companies (owner_id, created_at, id);
CREATE INDEX companies_email_idx ON companies (lower(email), id);
CREATE INDEX companies_industry_idx ON companies (lower(industry), id);
CREATE INDEX companies_tags_idx ON companies USING gin (tags);
CREATE INDEX companies_search_idx ON companies USING gin (search_text extensions.gin_trgm_ops);

-- Who works where, and as what.
CREATE TABLE positions (
    id uuid PRIMARY KEY,
    contact_id uuid NOT NULL CONSTRAINT positions_contact_id_fkey REFERENCES contacts (id) ON DELETE CASCADE,
    company_id uuid NOT NULL CONSTRAINT positions_company_id_fkey REFERENCES companies (id) ON DELETE CASCADE,
    title text CHECK (char_length(title) BETWEEN 1 AND 200),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT positions_contact_id_company_id_key UNIQUE (contact_id, company_id)
);
CREATE INDEX positions_contact_id_idx ON positions (contact_id, created_at, id);
CREATE INDEX positions_company_id_idx ON positions (company_id, created_at, id);

ALTER TABLE contacts
    -- Beside `email` and `phone`, which are the first to use.
    ADD COLUMN emails jsonb NOT NULL DEFAULT '[]' CHECK (
        jsonb_typeof(emails) = 'array' AND jsonb_array_length(emails) <= 20
        AND NOT emails @? '$[*] ? (!exists (@.email ? (@ like_regex "^.{3,254}$")))'
    ),
    ADD COLUMN phones jsonb NOT NULL DEFAULT '[]' CHECK (
        jsonb_typeof(phones) = 'array' AND jsonb_array_length(phones) <= 20
        AND NOT phones @? '$[*] ? (!exists (@.phone ? (@ like_regex "^[+][1-9][0-9]{6,14}$")))'
    ),
    ADD COLUMN addresses jsonb NOT NULL DEFAULT '[]' CHECK (
        jsonb_typeof(addresses) = 'array' AND jsonb_array_length(addresses) <= 20
        AND NOT addresses @? '$[*] ? (@.type() != "object")'
    ),
    ADD COLUMN tags text[] NOT NULL DEFAULT '{}' CHECK (
        cardinality(tags) <= 50 AND array_position(tags, NULL) IS NULL AND '' <> ALL (tags)
        AND array_to_string(tags, chr(10)) !~ '[^\n]{51}'
    ),
    ADD COLUMN custom jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(custom) = 'object'),
    -- The company to name first, of those that the person works for. It stands here, so that there is never more than one.
    ADD COLUMN primary_company_id uuid
        CONSTRAINT contacts_primary_company_id_fkey REFERENCES companies (id) ON DELETE SET NULL,
    ADD CONSTRAINT contacts_primary_position_fkey FOREIGN KEY (id, primary_company_id)
        REFERENCES positions (contact_id, company_id) ON DELETE SET NULL (primary_company_id),
    DROP COLUMN search_text,
    ADD COLUMN search_text text NOT NULL GENERATED ALWAYS AS (
        lower(regexp_replace(normalize(
            coalesce(first_name, '') || ' ' || coalesce(last_name, '') || ' ' || coalesce(email, '') || ' '
                || coalesce(company, '') || ' ' || coalesce(phone, '') || ' '
                || jsonb_path_query_array(emails, '$[*].email')::text || ' '
                || jsonb_path_query_array(phones, '$[*].phone')::text,
            NFKD), '[\u0300-\u036F]', '', 'g'))
    ) STORED;
CREATE INDEX contacts_search_idx ON contacts USING gin (search_text extensions.gin_trgm_ops);
CREATE INDEX contacts_tags_idx ON contacts USING gin (tags);
CREATE INDEX contacts_primary_company_idx ON contacts (primary_company_id, created_at, id);
