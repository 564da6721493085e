-- What was ordered for patients.

CREATE TABLE prescriptions (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL CONSTRAINT prescriptions_patient_id_fkey REFERENCES patients (id),
    practitioner_id uuid NOT NULL CONSTRAINT prescriptions_practitioner_id_fkey REFERENCES practitioners (id),
    substance text NOT NULL CHECK (char_length(substance) BETWEEN 1 AND 200),
    dose text NOT NULL CHECK (char_length(dose) BETWEEN 1 AND 200),
    route text NOT NULL CHECK (route IN ('oral', 'intravenous', 'intramuscular', 'subcutaneous', 'inhaled', 'topical', 'rectal',
        'ophthalmic', 'other')),
    duration_days integer NOT NULL CHECK (duration_days BETWEEN 1 AND 730),
    instructions text CHECK (char_length(instructions) BETWEEN 1 AND 2000),
    override_reason text CHECK (char_length(override_reason) BETWEEN 1 AND 1000),
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'stopped', 'entered_in_error')),
    stopped_at timestamptz,
    stop_reason text CHECK (char_length(stop_reason) BETWEEN 1 AND 1000),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT prescriptions_stopped_check CHECK (status = 'active' AND stopped_at IS NULL
        OR status = 'stopped' AND stopped_at IS NOT NULL OR status = 'entered_in_error')
);
COMMENT ON TABLE prescriptions IS 'kept: what was wrong is marked as such';
COMMENT ON COLUMN prescriptions.substance IS 'confidential: a part of the chart';
COMMENT ON COLUMN prescriptions.dose IS 'confidential: a part of the chart';
COMMENT ON COLUMN prescriptions.route IS 'confidential: a part of the chart';
COMMENT ON COLUMN prescriptions.duration_days IS 'confidential: a part of the chart';
COMMENT ON COLUMN prescriptions.instructions IS 'confidential: a part of the chart';
COMMENT ON COLUMN prescriptions.override_reason IS 'confidential: a part of the chart';
COMMENT ON COLUMN prescriptions.stop_reason IS 'confidential: a part of the chart';
CREATE INDEX prescriptions_patient_idx ON prescriptions (patient_id, created_at, id);
CREATE INDEX prescriptions_created_at_idx ON prescriptions (created_at, id);
CREATE INDEX prescriptions_status_idx ON prescriptions (status, id);
CREATE INDEX prescriptions_practitioner_idx ON prescriptions (practitioner_id, id);
