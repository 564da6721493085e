-- Days on which a property is open to whoever is expected, and who that is.

CREATE TABLE open_houses (
    id uuid PRIMARY KEY,
    listing_id uuid NOT NULL CONSTRAINT open_houses_listing_id_fkey REFERENCES listings (id),
    -- That of the listing.
    property_id uuid NOT NULL REFERENCES properties (id),
    -- A member of the organization, who may leave it.
    agent_id uuid NOT NULL,
    status text NOT NULL DEFAULT 'planned' CHECK (status IN ('planned', 'cancelled')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    -- Around it, in the agent's calendar.
    travel_minutes smallint NOT NULL CHECK (travel_minutes BETWEEN 0 AND 240),
    capacity smallint NOT NULL CHECK (capacity BETWEEN 1 AND 1000),
    booking_id uuid NOT NULL REFERENCES bookings (id),
    note text CHECK (char_length(note) BETWEEN 1 AND 2000),
    cancel_reason text CHECK (char_length(cancel_reason) BETWEEN 1 AND 500),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT open_houses_period_check CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '24 hours'),
    CONSTRAINT open_houses_cancelled_check CHECK ((status = 'cancelled') = (cancel_reason IS NOT NULL))
);
CREATE INDEX open_houses_starts_at_idx ON open_houses (starts_at, id);
CREATE INDEX open_houses_created_at_idx ON open_houses (created_at, id);
CREATE INDEX open_houses_listing_id_idx ON open_houses (listing_id, starts_at, id);
CREATE INDEX open_houses_property_id_idx ON open_houses (property_id, starts_at, id);
CREATE INDEX open_houses_agent_id_idx ON open_houses (agent_id, starts_at, id);
CREATE INDEX open_houses_status_idx ON open_houses (status, starts_at, id);

CREATE TABLE open_house_visitors (
    id uuid PRIMARY KEY,
    open_house_id uuid NOT NULL REFERENCES open_houses (id) ON DELETE CASCADE,
    contact_id uuid NOT NULL CONSTRAINT open_house_visitors_contact_id_fkey REFERENCES contacts (id),
    -- Each has a place of its own, counted from one. So there are never more of them than places.
    place smallint NOT NULL CHECK (place BETWEEN 1 AND 1000),
    came_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT open_house_visitors_key UNIQUE (open_house_id, contact_id),
    CONSTRAINT open_house_visitors_place_key UNIQUE (open_house_id, place)
);
CREATE INDEX open_house_visitors_open_house_id_idx ON open_house_visitors (open_house_id, created_at, id);
CREATE INDEX open_house_visitors_contact_id_idx ON open_house_visitors (contact_id, id);
