-- Tenancies: who lives in a property from when until when, for which rent, and what they have paid.

CREATE TABLE tenancies (
    id uuid PRIMARY KEY,
    property_id uuid NOT NULL REFERENCES properties (id),
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'running', 'ended', 'canceled')),
    starts_on date NOT NULL CHECK (starts_on BETWEEN '1900-01-01' AND '2200-12-31'),
    -- The last day; none where it has no end.
    ends_on date CHECK (ends_on BETWEEN '1900-01-01' AND '2200-12-31'),
    rent numeric(12, 2) NOT NULL CHECK (rent > 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    rent_period text NOT NULL CHECK (rent_period IN ('month', 'week')),
    deposit numeric(12, 2) CHECK (deposit > 0),
    deposit_state text CHECK (deposit_state IN ('due', 'held', 'returned', 'partly_returned')),
    rent_review_on date CHECK (rent_review_on BETWEEN '1900-01-01' AND '2200-12-31'),
    notice_given_on date CHECK (notice_given_on BETWEEN '1900-01-01' AND '2200-12-31'),
    notice_by text CHECK (notice_by IN ('landlord', 'tenant')),
    -- The first day whose rent is charged here: what fell due long before the tenancy was started is somebody else's book.
    charged_from date CHECK (charged_from BETWEEN '1900-01-01' AND '2200-12-31'),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tenancies_period_check CHECK (ends_on >= starts_on),
    CONSTRAINT tenancies_deposit_stands_check CHECK ((deposit IS NULL) = (deposit_state IS NULL)),
    CONSTRAINT tenancies_notice_check CHECK ((notice_given_on IS NULL) = (notice_by IS NULL)),
    CONSTRAINT tenancies_ended_check CHECK (status <> 'ended' OR ends_on IS NOT NULL),
    CONSTRAINT tenancies_charged_check CHECK (status NOT IN ('running', 'ended') OR charged_from IS NOT NULL),
    -- A property is let to one tenancy on each day. What is a draft may become another plan.
    CONSTRAINT tenancies_property_excl EXCLUDE USING gist (
        property_id extensions.gist_uuid_ops WITH =, daterange(starts_on, ends_on, '[]') WITH &&
    ) WHERE (status IN ('running', 'ended'))
);
CREATE INDEX tenancies_property_idx ON tenancies (property_id, id);
CREATE INDEX tenancies_status_idx ON tenancies (status, id);
CREATE INDEX tenancies_starts_on_idx ON tenancies (starts_on, id);
CREATE INDEX tenancies_ends_on_idx ON tenancies (ends_on, id);
CREATE INDEX tenancies_rent_review_on_idx ON tenancies (rent_review_on, id);
CREATE INDEX tenancies_deposit_state_idx ON tenancies (deposit_state, id);
CREATE INDEX tenancies_created_at_idx ON tenancies (created_at, id);

CREATE TABLE tenancy_tenants (
    id uuid PRIMARY KEY,
    tenancy_id uuid NOT NULL REFERENCES tenancies (id) ON DELETE CASCADE,
    contact_id uuid NOT NULL REFERENCES contacts (id),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tenancy_tenants_key UNIQUE (tenancy_id, contact_id)
);
CREATE INDEX tenancy_tenants_tenancy_idx ON tenancy_tenants (tenancy_id, created_at, id);
CREATE INDEX tenancy_tenants_contact_idx ON tenancy_tenants (contact_id, id);

CREATE TABLE tenancy_charges (
    id uuid PRIMARY KEY,
    tenancy_id uuid NOT NULL REFERENCES tenancies (id),
    kind text NOT NULL CHECK (kind IN ('rent', 'other')),
    due_on date NOT NULL CHECK (due_on BETWEEN '1900-01-01' AND '2200-12-31'),
    amount numeric(12, 2) NOT NULL CHECK (amount > 0),
    paid numeric(12, 2) NOT NULL DEFAULT 0 CHECK (paid >= 0),
    note text CHECK (char_length(note) BETWEEN 1 AND 500),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tenancy_charges_overpaid_check CHECK (paid <= amount)
);
-- The rent of a day is charged once, however often the job runs.
CREATE UNIQUE INDEX tenancy_charges_rent_key ON tenancy_charges (tenancy_id, due_on) WHERE kind = 'rent';
CREATE INDEX tenancy_charges_tenancy_idx ON tenancy_charges (tenancy_id, due_on, id);

CREATE TABLE tenancy_payments (
    id uuid PRIMARY KEY,
    charge_id uuid NOT NULL REFERENCES tenancy_charges (id),
    amount numeric(12, 2) NOT NULL CHECK (amount > 0),
    received_on date NOT NULL CHECK (received_on BETWEEN '1900-01-01' AND '2200-12-31'),
    note text CHECK (char_length(note) BETWEEN 1 AND 500),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX tenancy_payments_charge_idx ON tenancy_payments (charge_id, received_on, id);
