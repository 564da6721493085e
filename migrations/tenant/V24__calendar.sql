-- Calendars: what can be booked (resources), when it cannot, or can beside its hours (exceptions), and who has it when (bookings).

CREATE TABLE calendar_resources (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    kind text NOT NULL CHECK (kind IN ('person', 'room', 'device', 'property', 'key_set', 'other')),
    -- The member whose time it is.
    user_id uuid,
    time_zone text NOT NULL CHECK (char_length(time_zone) BETWEEN 1 AND 64),
    -- Without any it is always open.
    hours jsonb CHECK (jsonb_typeof(hours) = 'array'),
    capacity integer NOT NULL CHECK (capacity BETWEEN 1 AND 1000),
    active boolean NOT NULL,
    -- The module that made it and looks after it.
    module text CHECK (char_length(module) BETWEEN 1 AND 100),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX calendar_resources_created_at_idx ON calendar_resources (created_at, id);
CREATE INDEX calendar_resources_name_idx ON calendar_resources (name, id);
CREATE INDEX calendar_resources_kind_idx ON calendar_resources (kind, created_at, id);
CREATE INDEX calendar_resources_user_id_idx ON calendar_resources (user_id, created_at, id);

CREATE TABLE calendar_exceptions (
    id uuid PRIMARY KEY,
    -- Of all of them where it names none, as a holiday is.
    resource_id uuid CONSTRAINT calendar_exceptions_resource_id_fkey REFERENCES calendar_resources (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('closed', 'open')),
    starts_at timestamptz NOT NULL CHECK (starts_at BETWEEN '1900-01-01' AND '2200-12-31'),
    ends_at timestamptz NOT NULL CHECK (ends_at BETWEEN '1900-01-01' AND '2200-12-31'),
    reason text CHECK (char_length(reason) BETWEEN 1 AND 200),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT calendar_exceptions_time_check CHECK (ends_at > starts_at)
);
CREATE INDEX calendar_exceptions_starts_at_idx ON calendar_exceptions (starts_at, id);
CREATE INDEX calendar_exceptions_ends_at_idx ON calendar_exceptions (ends_at, id);
CREATE INDEX calendar_exceptions_resource_id_idx ON calendar_exceptions (resource_id, starts_at, id);
CREATE INDEX calendar_exceptions_period_idx ON calendar_exceptions USING gist (tstzrange(starts_at, ends_at));

CREATE TABLE booking_series (
    id uuid PRIMARY KEY,
    rule text NOT NULL CHECK (char_length(rule) BETWEEN 1 AND 200),
    time_zone text NOT NULL CHECK (char_length(time_zone) BETWEEN 1 AND 64),
    module text CHECK (char_length(module) BETWEEN 1 AND 100),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX booking_series_created_at_idx ON booking_series (created_at, id);

CREATE TABLE bookings (
    id uuid PRIMARY KEY,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    note text CHECK (char_length(note) BETWEEN 1 AND 2000),
    status text NOT NULL CHECK (status IN ('held', 'booked', 'cancelled', 'expired')),
    starts_at timestamptz NOT NULL CHECK (starts_at BETWEEN '1900-01-01' AND '2200-12-31'),
    ends_at timestamptz NOT NULL CHECK (ends_at BETWEEN '1900-01-01' AND '2200-12-31'),
    -- Until when a hold holds.
    expires_at timestamptz,
    resource_ids uuid[] NOT NULL CHECK (cardinality(resource_ids) BETWEEN 1 AND 10),
    -- Why it may stand where something else does, or outside of the hours.
    overbook_reason text CHECK (char_length(overbook_reason) BETWEEN 1 AND 500),
    series_id uuid CONSTRAINT bookings_series_id_fkey REFERENCES booking_series (id),
    -- The module that made it and looks after it.
    module text CHECK (char_length(module) BETWEEN 1 AND 100),
    created_by uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT bookings_time_check CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '744 hours'),
    CONSTRAINT bookings_hold_check CHECK ((status = 'held') <= (expires_at IS NOT NULL))
);
CREATE INDEX bookings_starts_at_idx ON bookings (starts_at, id);
CREATE INDEX bookings_ends_at_idx ON bookings (ends_at, id);
CREATE INDEX bookings_created_at_idx ON bookings (created_at, id);
CREATE INDEX bookings_status_idx ON bookings (status, starts_at, id);
CREATE INDEX bookings_series_id_idx ON bookings (series_id, starts_at, id) WHERE series_id IS NOT NULL;
CREATE INDEX bookings_module_idx ON bookings (module, starts_at, id);
CREATE INDEX bookings_resource_ids_idx ON bookings USING gin (resource_ids);
CREATE INDEX bookings_held_idx ON bookings (expires_at) WHERE status = 'held';

-- Which resource a booking takes, and when: with the time before and behind it that nobody else can have.
CREATE TABLE booking_parts (
    booking_id uuid NOT NULL CONSTRAINT booking_parts_booking_id_fkey REFERENCES bookings (id) ON DELETE CASCADE,
    resource_id uuid NOT NULL CONSTRAINT booking_parts_resource_id_fkey REFERENCES calendar_resources (id),
    minutes_before integer NOT NULL CHECK (minutes_before BETWEEN 0 AND 1440),
    minutes_after integer NOT NULL CHECK (minutes_after BETWEEN 0 AND 1440),
    period tstzrange NOT NULL CHECK (NOT isempty(period) AND lower_inc(period) AND NOT upper_inc(period)),
    -- Whether it takes the time: what is cancelled or over does not.
    blocking boolean NOT NULL DEFAULT true,
    -- Whether nobody else may have that time: not where several can, nor where somebody said that it is to be overbooked.
    exclusive boolean NOT NULL,
    -- The group that shares it: those who come for the same, at the same time, with the same resources; and how many they may be.
    group_id uuid,
    group_of uuid,
    places integer CHECK (places BETWEEN 2 AND 1000),
    -- Until when a hold holds.
    expires_at timestamptz,
    PRIMARY KEY (booking_id, resource_id),
    CONSTRAINT booking_parts_group_check CHECK (num_nulls(group_id, group_of, places) IN (0, 3)),
    CONSTRAINT booking_parts_overlap_excl EXCLUDE USING gist (resource_id extensions.gist_uuid_ops WITH =, period WITH &&,
        coalesce(group_id, booking_id) extensions.gist_uuid_ops WITH <>) WHERE (blocking AND exclusive)
);
CREATE INDEX booking_parts_period_idx ON booking_parts
    USING gist (resource_id extensions.gist_uuid_ops, period) WHERE blocking;
CREATE INDEX booking_parts_expires_at_idx ON booking_parts (expires_at) WHERE blocking AND expires_at IS NOT NULL;
COMMENT ON TABLE booking_parts IS 'unjournaled: it says once more what bookings say, for the constraint';

-- Addresses at which programs read somebody's bookings without signing in. They hold for as long as they stand here.
CREATE TABLE calendar_feeds (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX calendar_feeds_user_id_idx ON calendar_feeds (user_id, created_at, id);
