-- Who is shown what is on the market, when and by whom, and what they think of it.

-- What stands in the calendar for a property, or for a member who shows some: the id is that of the resource.
CREATE TABLE viewing_calendars (
    -- Looked at in the end, for who comes first makes the resource.
    id uuid PRIMARY KEY CONSTRAINT viewing_calendars_id_fkey REFERENCES calendar_resources (id)
        DEFERRABLE INITIALLY DEFERRED,
    property_id uuid CONSTRAINT viewing_calendars_property_id_key UNIQUE REFERENCES properties (id) ON DELETE CASCADE,
    agent_id uuid CONSTRAINT viewing_calendars_agent_id_key UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT viewing_calendars_whose_check CHECK (num_nonnulls(property_id, agent_id) = 1)
);

CREATE TABLE viewings (
    id uuid PRIMARY KEY,
    listing_id uuid NOT NULL CONSTRAINT viewings_listing_id_fkey REFERENCES listings (id),
    -- That of the listing.
    property_id uuid NOT NULL REFERENCES properties (id),
    applicant_id uuid NOT NULL CONSTRAINT viewings_applicant_id_fkey REFERENCES contacts (id),
    -- A member of the organization, who may leave it.
    agent_id uuid NOT NULL,
    status text NOT NULL DEFAULT 'requested'
        CHECK (status IN ('requested', 'confirmed', 'done', 'no_show', 'cancelled')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    accompanied boolean NOT NULL,
    -- Around it, in the agent's calendar.
    travel_minutes smallint NOT NULL CHECK (travel_minutes BETWEEN 0 AND 240),
    capacity smallint NOT NULL CHECK (capacity BETWEEN 1 AND 100),
    -- What takes the time of property and agent. Those who come together have one.
    booking_id uuid NOT NULL REFERENCES bookings (id),
    occupier_told_at timestamptz,
    note text CHECK (char_length(note) BETWEEN 1 AND 2000),
    cancel_reason text CHECK (char_length(cancel_reason) BETWEEN 1 AND 500),
    interest text CHECK (interest IN ('interested', 'not_interested', 'viewed')),
    rating smallint CHECK (rating BETWEEN 1 AND 5),
    feedback text CHECK (char_length(feedback) BETWEEN 1 AND 10000),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT viewings_period_check CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '24 hours'),
    CONSTRAINT viewings_cancelled_check CHECK ((status = 'cancelled') = (cancel_reason IS NOT NULL)),
    CONSTRAINT viewings_said_check CHECK (status = 'done' OR num_nonnulls(interest, rating, feedback) = 0)
);
-- Somebody comes to one and the same once.
CREATE UNIQUE INDEX viewings_applicant_key ON viewings (booking_id, applicant_id) WHERE status <> 'cancelled';
CREATE INDEX viewings_starts_at_idx ON viewings (starts_at, id);
CREATE INDEX viewings_created_at_idx ON viewings (created_at, id);
CREATE INDEX viewings_listing_id_idx ON viewings (listing_id, starts_at, id);
CREATE INDEX viewings_property_id_idx ON viewings (property_id, starts_at, id);
CREATE INDEX viewings_applicant_id_idx ON viewings (applicant_id, starts_at, id);
CREATE INDEX viewings_agent_id_idx ON viewings (agent_id, starts_at, id);
CREATE INDEX viewings_status_idx ON viewings (status, starts_at, id);
