-- What happened when practitioners saw patients.

CREATE TABLE encounters (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL CONSTRAINT encounters_patient_id_fkey REFERENCES patients (id),
    practitioner_id uuid NOT NULL CONSTRAINT encounters_practitioner_id_fkey REFERENCES practitioners (id),
    appointment_id uuid,
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'signed', 'amended', 'entered_in_error')),
    reason text CHECK (char_length(reason) BETWEEN 1 AND 500),
    note text CHECK (char_length(note) BETWEEN 1 AND 20000),
    codes jsonb NOT NULL DEFAULT '[]'
        CHECK (CASE jsonb_typeof(codes) WHEN 'array' THEN jsonb_array_length(codes) <= 20 ELSE false END),
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    signed_at timestamptz,
    -- A hash of all that is signed, but whose chart it stands in, which a merge may change: a signature refers to it, so that none of that changes afterwards.
    content text NOT NULL GENERATED ALWAYS AS (md5(practitioner_id::text || coalesce(appointment_id::text, '-')
        || md5(coalesce(reason, '')) || md5(coalesce(note, '')) || md5(codes::text)
        || extract(epoch FROM started_at AT TIME ZONE 'UTC')::text || coalesce('/' || extract(epoch FROM ended_at AT TIME ZONE 'UTC')::text, ''))) STORED,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT encounters_content_key UNIQUE (id, content),
    CONSTRAINT encounters_times_check CHECK (ended_at >= started_at),
    CONSTRAINT encounters_signed_check CHECK ((status IN ('signed', 'amended')) = (signed_at IS NOT NULL))
);
COMMENT ON TABLE encounters IS 'kept: what was wrong is marked as such';
COMMENT ON COLUMN encounters.reason IS 'confidential: a part of the chart';
COMMENT ON COLUMN encounters.note IS 'confidential: a part of the chart';
COMMENT ON COLUMN encounters.codes IS 'confidential: a part of the chart';
CREATE INDEX encounters_patient_idx ON encounters (patient_id, started_at, id);
CREATE INDEX encounters_started_at_idx ON encounters (started_at, id);
CREATE INDEX encounters_practitioner_idx ON encounters (practitioner_id, id);
CREATE INDEX encounters_status_idx ON encounters (status, id);
CREATE INDEX encounters_appointment_idx ON encounters (appointment_id, id);

-- What was signed, by the encounter's own id. While the row is there, and it always is, what it refers to cannot change.
CREATE TABLE encounter_signatures (
    id uuid PRIMARY KEY,
    practitioner_id uuid NOT NULL CONSTRAINT encounter_signatures_practitioner_id_fkey REFERENCES practitioners (id),
    content text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT encounter_signatures_content_fkey FOREIGN KEY (id, content) REFERENCES encounters (id, content)
);
COMMENT ON TABLE encounter_signatures IS 'append-only: what is signed is signed';
COMMENT ON COLUMN encounter_signatures.content IS 'confidential: short notes could be guessed by it';
CREATE INDEX encounter_signatures_practitioner_idx ON encounter_signatures (practitioner_id, id);

-- What was added to encounters that were signed.
CREATE TABLE encounter_addenda (
    id uuid PRIMARY KEY,
    encounter_id uuid NOT NULL CONSTRAINT encounter_addenda_encounter_id_fkey REFERENCES encounter_signatures (id),
    practitioner_id uuid NOT NULL CONSTRAINT encounter_addenda_practitioner_id_fkey REFERENCES practitioners (id),
    text text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 10000),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE encounter_addenda IS 'append-only: what was added stays';
COMMENT ON COLUMN encounter_addenda.text IS 'confidential: a part of the chart';
CREATE INDEX encounter_addenda_encounter_idx ON encounter_addenda (encounter_id, created_at, id);
CREATE INDEX encounter_addenda_practitioner_idx ON encounter_addenda (practitioner_id, id);
