-- Where patients are treated, with what, and what a clinic offers.

CREATE TABLE locations (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    street text CHECK (char_length(street) BETWEEN 1 AND 200),
    postcode text CHECK (char_length(postcode) BETWEEN 1 AND 20),
    city text CHECK (char_length(city) BETWEEN 1 AND 100),
    region text CHECK (char_length(region) BETWEEN 1 AND 100),
    country text CHECK (country ~ '^[A-Z]{2}$'),
    time_zone text NOT NULL CHECK (char_length(time_zone) <= 64 AND time_zone ~ '^[A-Za-z][A-Za-z0-9_+/-]*$'),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX locations_name_key ON locations (lower(name));
CREATE INDEX locations_created_at_idx ON locations (created_at, id);
CREATE INDEX locations_name_idx ON locations (lower(name), id);

CREATE TABLE rooms (
    id uuid PRIMARY KEY,
    location_id uuid NOT NULL CONSTRAINT rooms_location_id_fkey REFERENCES locations (id),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    kind text NOT NULL CHECK (kind IN ('room', 'device')),
    active boolean NOT NULL DEFAULT true,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
-- No two of a location are called the same.
CREATE UNIQUE INDEX rooms_name_key ON rooms (location_id, lower(name));
CREATE INDEX rooms_created_at_idx ON rooms (created_at, id);
CREATE INDEX rooms_name_idx ON rooms (lower(name), id);
CREATE INDEX rooms_location_id_idx ON rooms (location_id, id);
CREATE INDEX rooms_kind_idx ON rooms (kind, id);
CREATE INDEX rooms_active_idx ON rooms (active, id);

CREATE TABLE services (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    duration_minutes int NOT NULL CHECK (duration_minutes BETWEEN 5 AND 480),
    buffer_before_minutes int NOT NULL CHECK (buffer_before_minutes BETWEEN 0 AND 120),
    buffer_after_minutes int NOT NULL CHECK (buffer_after_minutes BETWEEN 0 AND 120),
    capacity int NOT NULL CHECK (capacity BETWEEN 1 AND 100),
    bookable_online boolean NOT NULL,
    min_notice_minutes int NOT NULL CHECK (min_notice_minutes BETWEEN 0 AND 43200),
    max_days_ahead int NOT NULL CHECK (max_days_ahead BETWEEN 1 AND 730),
    price numeric(12, 2) NOT NULL CHECK (price >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    fee_validity_days int CHECK (fee_validity_days BETWEEN 1 AND 730),
    fee_validity_visits int CHECK (fee_validity_visits BETWEEN 1 AND 100),
    active boolean NOT NULL DEFAULT true,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- For how long, and how often: one without the other says nothing.
    CONSTRAINT services_fee_validity_check CHECK ((fee_validity_days IS NULL) = (fee_validity_visits IS NULL))
);
CREATE UNIQUE INDEX services_name_key ON services (lower(name));
CREATE INDEX services_created_at_idx ON services (created_at, id);
CREATE INDEX services_name_idx ON services (lower(name), id);
CREATE INDEX services_name_part_idx ON services USING gin (lower(name) extensions.gin_trgm_ops);
CREATE INDEX services_bookable_online_idx ON services (bookable_online, id);
CREATE INDEX services_active_idx ON services (active, id);

-- Which practitioners offer a service.
CREATE TABLE service_practitioners (
    id uuid PRIMARY KEY,
    service_id uuid NOT NULL
        CONSTRAINT service_practitioners_service_id_fkey REFERENCES services (id) ON DELETE CASCADE,
    practitioner_id uuid NOT NULL
        CONSTRAINT service_practitioners_practitioner_id_fkey REFERENCES practitioners (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT service_practitioners_key UNIQUE (service_id, practitioner_id)
);
CREATE INDEX service_practitioners_practitioner_id_idx ON service_practitioners (practitioner_id, id);
