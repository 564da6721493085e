-- What patients suffer from, or did.

CREATE TABLE problems (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL CONSTRAINT problems_patient_id_fkey REFERENCES patients (id),
    practitioner_id uuid NOT NULL CONSTRAINT problems_practitioner_id_fkey REFERENCES practitioners (id),
    code text CHECK (char_length(code) BETWEEN 1 AND 20),
    text text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 500),
    onset date CHECK (onset BETWEEN '1900-01-01' AND '2200-12-31'),
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'resolved', 'entered_in_error')),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE problems IS 'kept: what was wrong is marked as such';
COMMENT ON COLUMN problems.code IS 'confidential: a part of the chart';
COMMENT ON COLUMN problems.text IS 'confidential: a part of the chart';
COMMENT ON COLUMN problems.onset IS 'confidential: a part of the chart';
CREATE INDEX problems_patient_idx ON problems (patient_id, created_at, id);
CREATE INDEX problems_created_at_idx ON problems (created_at, id);
CREATE INDEX problems_status_idx ON problems (status, id);
CREATE INDEX problems_code_idx ON problems (code, id);
CREATE INDEX problems_practitioner_idx ON problems (practitioner_id, id);
