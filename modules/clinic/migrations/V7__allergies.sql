-- What patients do not tolerate.

CREATE TABLE allergies (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL CONSTRAINT allergies_patient_id_fkey REFERENCES patients (id),
    practitioner_id uuid NOT NULL CONSTRAINT allergies_practitioner_id_fkey REFERENCES practitioners (id),
    substance text NOT NULL CHECK (char_length(substance) BETWEEN 1 AND 200),
    -- Its words, without case, accents and signs.
    substance_key text NOT NULL CHECK (char_length(substance_key) BETWEEN 1 AND 4000),
    reaction text CHECK (char_length(reaction) BETWEEN 1 AND 500),
    severity text NOT NULL CHECK (severity IN ('mild', 'moderate', 'severe', 'unknown')),
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'entered_in_error')),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE allergies IS 'kept: what was wrong is marked as such';
COMMENT ON COLUMN allergies.substance IS 'confidential: a part of the chart';
COMMENT ON COLUMN allergies.substance_key IS 'confidential: a part of the chart';
COMMENT ON COLUMN allergies.reaction IS 'confidential: a part of the chart';
COMMENT ON COLUMN allergies.severity IS 'confidential: a part of the chart';
CREATE UNIQUE INDEX allergies_substance_key ON allergies (patient_id, substance_key) WHERE status = 'active';
CREATE INDEX allergies_patient_idx ON allergies (patient_id, created_at, id);
CREATE INDEX allergies_created_at_idx ON allergies (created_at, id);
CREATE INDEX allergies_severity_idx ON allergies (severity, id);
CREATE INDEX allergies_status_idx ON allergies (status, id);
CREATE INDEX allergies_practitioner_idx ON allergies (practitioner_id, id);
