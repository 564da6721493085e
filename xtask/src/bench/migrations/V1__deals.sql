-- What the join reads beside the core's contacts.

CREATE TABLE bench_stages (
    id smallint PRIMARY KEY,
    name text NOT NULL,
    probability smallint NOT NULL
);

CREATE TABLE bench_companies (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    city text NOT NULL
);

CREATE TABLE bench_deals (
    id uuid PRIMARY KEY,
    title text NOT NULL,
    amount bigint NOT NULL,
    stage_id smallint NOT NULL REFERENCES bench_stages (id),
    contact_id uuid NOT NULL REFERENCES contacts (id),
    company_id uuid NOT NULL REFERENCES bench_companies (id),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX bench_deals_contact_idx ON bench_deals (contact_id);
CREATE INDEX bench_deals_company_idx ON bench_deals (company_id);
