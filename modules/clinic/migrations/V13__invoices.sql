-- What patients are charged: invoices, whose numbers have no gaps, and how long a fee covers further visits.

CREATE TABLE invoices (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL CONSTRAINT invoices_patient_id_fkey REFERENCES patients (id),
    status text NOT NULL CHECK (status IN ('draft', 'issued', 'paid', 'cancelled')),
    number text CONSTRAINT invoices_number_key UNIQUE CHECK (number ~ '^[0-9]{4}-[0-9]{6,}$'),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    items jsonb NOT NULL CHECK (jsonb_typeof(items) = 'array' AND jsonb_array_length(items) BETWEEN 1 AND 20),
    issued_at timestamptz,
    paid_at timestamptz,
    cancelled_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- The number is given once, and stays with an invoice that is cancelled.
    CONSTRAINT invoices_numbered_check CHECK ((number IS NULL) = (issued_at IS NULL)),
    CONSTRAINT invoices_issued_check CHECK (status NOT IN ('issued', 'paid') OR issued_at IS NOT NULL),
    CONSTRAINT invoices_draft_check CHECK (status <> 'draft' OR issued_at IS NULL),
    CONSTRAINT invoices_paid_check CHECK ((status = 'paid') = (paid_at IS NOT NULL)),
    CONSTRAINT invoices_cancelled_check CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL))
);
COMMENT ON TABLE invoices IS 'kept: numbers of invoices have no gaps.';
COMMENT ON COLUMN invoices.items IS 'confidential: what somebody was treated for.';
CREATE INDEX invoices_created_at_idx ON invoices (created_at, id);
CREATE INDEX invoices_issued_at_idx ON invoices (issued_at, id);
CREATE INDEX invoices_patient_id_idx ON invoices (patient_id, id);
CREATE INDEX invoices_status_idx ON invoices (status, id);

-- The last number of each year. Who issues an invoice holds the row until that is done.
CREATE TABLE invoice_counters (
    id uuid PRIMARY KEY,
    year int NOT NULL CONSTRAINT invoice_counters_year_key UNIQUE CHECK (year BETWEEN 2000 AND 2999),
    last bigint NOT NULL CHECK (last > 0)
);

-- Each time that a service was charged. One that was paid for covers further visits, where the service says so.
CREATE TABLE fee_charges (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL CONSTRAINT fee_charges_patient_id_fkey REFERENCES patients (id),
    service_id uuid NOT NULL CONSTRAINT fee_charges_service_id_fkey REFERENCES services (id),
    charged_at timestamptz NOT NULL,
    -- The charge that covers this one, which is free.
    covered_by uuid CONSTRAINT fee_charges_covered_by_fkey REFERENCES fee_charges (id),
    valid_until timestamptz,
    visits_left int CONSTRAINT fee_charges_visits_check CHECK (visits_left >= 0),
    cancelled_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT fee_charges_validity_check CHECK ((valid_until IS NULL) = (visits_left IS NULL)),
    CONSTRAINT fee_charges_covered_check CHECK (covered_by IS NULL OR valid_until IS NULL)
);
COMMENT ON TABLE fee_charges IS 'kept: what was charged stays on record.';
CREATE INDEX fee_charges_patient_id_idx ON fee_charges (patient_id, service_id, id);
CREATE INDEX fee_charges_service_id_idx ON fee_charges (service_id, id);
CREATE INDEX fee_charges_covered_by_idx ON fee_charges (covered_by, id);
