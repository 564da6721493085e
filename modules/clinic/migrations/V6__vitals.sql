-- Vital signs: each kind in its unit, within what can be.

CREATE TABLE vitals (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL CONSTRAINT vitals_patient_id_fkey REFERENCES patients (id),
    practitioner_id uuid NOT NULL CONSTRAINT vitals_practitioner_id_fkey REFERENCES practitioners (id),
    kind text NOT NULL,
    value double precision NOT NULL,
    unit text NOT NULL,
    taken_at timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'final' CHECK (status IN ('final', 'entered_in_error')),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT vitals_value_check CHECK (CASE kind
        WHEN 'pain' THEN unit = 'points' AND value BETWEEN 0 AND 10
        WHEN 'temperature' THEN unit = '°C' AND value BETWEEN 20 AND 45
        WHEN 'pulse' THEN unit = '/min' AND value BETWEEN 0 AND 350
        WHEN 'respiration' THEN unit = '/min' AND value BETWEEN 0 AND 120
        WHEN 'systolic' THEN unit = 'mmHg' AND value BETWEEN 20 AND 350
        WHEN 'diastolic' THEN unit = 'mmHg' AND value BETWEEN 10 AND 250
        WHEN 'oxygen_saturation' THEN unit = '%' AND value BETWEEN 10 AND 100
        WHEN 'glucose' THEN unit = 'mg/dL' AND value BETWEEN 5 AND 2000
        WHEN 'weight' THEN unit = 'kg' AND value BETWEEN 0.2 AND 700
        WHEN 'height' THEN unit = 'cm' AND value BETWEEN 20 AND 275
        ELSE false END)
);
COMMENT ON TABLE vitals IS 'kept: what was wrong is marked as such';
COMMENT ON COLUMN vitals.kind IS 'confidential: a part of the chart';
COMMENT ON COLUMN vitals.value IS 'confidential: a part of the chart';
COMMENT ON COLUMN vitals.unit IS 'confidential: a part of the chart';
COMMENT ON COLUMN vitals.taken_at IS 'confidential: a part of the chart';
CREATE INDEX vitals_patient_idx ON vitals (patient_id, taken_at, id);
CREATE INDEX vitals_taken_at_idx ON vitals (taken_at, id);
CREATE INDEX vitals_kind_idx ON vitals (kind, id);
CREATE INDEX vitals_status_idx ON vitals (status, id);
CREATE INDEX vitals_practitioner_idx ON vitals (practitioner_id, id);
