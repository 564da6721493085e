-- Whose time the calendar keeps, and when patients come.

-- Practitioners, rooms and devices are resources of the same ids.
INSERT INTO calendar_resources (id, name, kind, user_id, time_zone, capacity, active, module)
SELECT p.id, p.name, 'person', p.user_id, n.time_zone, 1, p.active, 'clinic' FROM practitioners p, notification_settings n
ON CONFLICT DO NOTHING;
INSERT INTO calendar_resources (id, name, kind, time_zone, capacity, active, module)
SELECT r.id, r.name, r.kind, n.time_zone, 1, r.active, 'clinic' FROM rooms r, notification_settings n
ON CONFLICT DO NOTHING;

-- Patients have one of their own from their first appointment on, and those of patients who were merged into them.
CREATE TABLE patient_resources (
    id uuid PRIMARY KEY CONSTRAINT patient_resources_id_fkey REFERENCES calendar_resources (id),
    patient_id uuid NOT NULL CONSTRAINT patient_resources_patient_id_fkey REFERENCES patients (id),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX patient_resources_patient_id_idx ON patient_resources (patient_id, id);

-- Who waits for an appointment to become free.
CREATE TABLE waitlist (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL CONSTRAINT waitlist_patient_id_fkey REFERENCES patients (id),
    service_id uuid NOT NULL CONSTRAINT waitlist_service_id_fkey REFERENCES services (id),
    -- With anybody who offers it where it names none.
    practitioner_id uuid CONSTRAINT waitlist_practitioner_id_fkey REFERENCES practitioners (id),
    earliest_at timestamptz NOT NULL CHECK (earliest_at BETWEEN '1900-01-01' AND '2200-12-31'),
    latest_at timestamptz NOT NULL CHECK (latest_at BETWEEN '1900-01-01' AND '2200-12-31'),
    priority int NOT NULL CHECK (priority BETWEEN 0 AND 9),
    status text NOT NULL CHECK (status IN ('waiting', 'offered', 'booked', 'cancelled')),
    -- What is offered, or was booked, and until when it is offered.
    appointment_id uuid,
    offered_until timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT waitlist_times_check CHECK (latest_at > earliest_at),
    CONSTRAINT waitlist_appointment_check CHECK ((status IN ('offered', 'booked')) = (appointment_id IS NOT NULL)),
    CONSTRAINT waitlist_offer_check CHECK ((status = 'offered') = (offered_until IS NOT NULL))
);
COMMENT ON TABLE waitlist IS 'kept: who waited stays on record.';
COMMENT ON COLUMN waitlist.service_id IS 'confidential: says what somebody is treated for';
CREATE INDEX waitlist_created_at_idx ON waitlist (created_at, id);
CREATE INDEX waitlist_patient_id_idx ON waitlist (patient_id, created_at, id);
CREATE INDEX waitlist_service_id_idx ON waitlist (service_id, created_at, id);
CREATE INDEX waitlist_practitioner_id_idx ON waitlist (practitioner_id, created_at, id);
CREATE INDEX waitlist_status_idx ON waitlist (status, created_at, id);
CREATE INDEX waitlist_appointment_id_idx ON waitlist (appointment_id, id);
CREATE INDEX waitlist_fitting_idx ON waitlist (service_id, priority DESC, created_at, id) WHERE status = 'waiting';

CREATE TABLE appointments (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL CONSTRAINT appointments_patient_id_fkey REFERENCES patients (id),
    service_id uuid NOT NULL CONSTRAINT appointments_service_id_fkey REFERENCES services (id),
    practitioner_id uuid NOT NULL CONSTRAINT appointments_practitioner_id_fkey REFERENCES practitioners (id),
    room_id uuid CONSTRAINT appointments_room_id_fkey REFERENCES rooms (id),
    device_id uuid CONSTRAINT appointments_device_id_fkey REFERENCES rooms (id),
    status text NOT NULL CHECK (status IN ('proposed', 'pending', 'booked', 'arrived', 'checked-in', 'fulfilled', 'cancelled',
        'noshow', 'entered-in-error', 'waitlist')),
    starts_at timestamptz NOT NULL CHECK (starts_at BETWEEN '1900-01-01' AND '2200-12-31'),
    ends_at timestamptz NOT NULL CHECK (ends_at BETWEEN '1900-01-01' AND '2200-12-31'),
    -- As the service was when it was booked.
    buffer_before_minutes int NOT NULL CHECK (buffer_before_minutes BETWEEN 0 AND 120),
    buffer_after_minutes int NOT NULL CHECK (buffer_after_minutes BETWEEN 0 AND 120),
    places int NOT NULL CHECK (places BETWEEN 1 AND 100),
    held_until timestamptz,
    online boolean NOT NULL,
    overbook_reason text CHECK (char_length(overbook_reason) BETWEEN 1 AND 500),
    cancel_reason text CHECK (char_length(cancel_reason) BETWEEN 1 AND 500),
    booking_id uuid CONSTRAINT appointments_booking_id_key UNIQUE
        CONSTRAINT appointments_booking_id_fkey REFERENCES bookings (id),
    series_id uuid CONSTRAINT appointments_series_id_fkey REFERENCES booking_series (id),
    waitlist_id uuid CONSTRAINT appointments_waitlist_id_fkey REFERENCES waitlist (id),
    arrived_at timestamptz,
    checked_in_at timestamptz,
    queue_number int CHECK (queue_number > 0),
    remind_at timestamptz,
    reminded_at timestamptz,
    -- Whether its time became free and nobody on the waitlist was asked yet.
    freed boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT appointments_time_check CHECK (ends_at > starts_at),
    CONSTRAINT appointments_held_check CHECK ((status IN ('pending', 'waitlist')) <= (held_until IS NOT NULL)),
    CONSTRAINT appointments_booked_check CHECK (booking_id IS NOT NULL
        OR status IN ('proposed', 'cancelled', 'entered-in-error')),
    CONSTRAINT appointments_queue_check CHECK (status <> 'checked-in' OR (queue_number IS NOT NULL AND checked_in_at IS NOT NULL)),
    CONSTRAINT appointments_offer_check CHECK (status <> 'waitlist' OR waitlist_id IS NOT NULL)
);
COMMENT ON TABLE appointments IS 'kept: what was cancelled stays on record.';
COMMENT ON COLUMN appointments.service_id IS 'confidential: says what somebody is treated for';
COMMENT ON COLUMN appointments.overbook_reason IS 'confidential: may say how somebody is';
COMMENT ON COLUMN appointments.cancel_reason IS 'confidential: may say how somebody is';
CREATE INDEX appointments_starts_at_idx ON appointments (starts_at, id);
CREATE INDEX appointments_created_at_idx ON appointments (created_at, id);
CREATE INDEX appointments_patient_id_idx ON appointments (patient_id, starts_at, id);
CREATE INDEX appointments_practitioner_id_idx ON appointments (practitioner_id, starts_at, id);
CREATE INDEX appointments_room_id_idx ON appointments (room_id, starts_at, id);
CREATE INDEX appointments_device_id_idx ON appointments (device_id, starts_at, id);
CREATE INDEX appointments_service_id_idx ON appointments (service_id, starts_at, id);
CREATE INDEX appointments_status_idx ON appointments (status, starts_at, id);
CREATE INDEX appointments_series_id_idx ON appointments (series_id, starts_at, id);
CREATE INDEX appointments_waitlist_id_idx ON appointments (waitlist_id, starts_at, id);
CREATE INDEX appointments_remind_at_idx ON appointments (remind_at, id) WHERE status = 'booked' AND remind_at IS NOT NULL;
CREATE INDEX appointments_held_until_idx ON appointments (held_until, id) WHERE status IN ('pending', 'waitlist');
CREATE INDEX appointments_freed_idx ON appointments (starts_at, id) WHERE freed;
ALTER TABLE waitlist ADD CONSTRAINT waitlist_appointment_id_fkey FOREIGN KEY (appointment_id) REFERENCES appointments (id);

-- The last number of each practitioner and day by which patients wait.
CREATE TABLE queue_counters (
    id uuid PRIMARY KEY,
    practitioner_id uuid NOT NULL
        CONSTRAINT queue_counters_practitioner_id_fkey REFERENCES practitioners (id) ON DELETE CASCADE,
    day date NOT NULL,
    last int NOT NULL CHECK (last > 0),
    CONSTRAINT queue_counters_key UNIQUE (practitioner_id, day)
);
