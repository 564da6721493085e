-- What else is known of a patient: numbers that others have for the same person, who decides for a child, and what became of the record.

ALTER TABLE patients ADD COLUMN guardian_contact_id uuid
    CONSTRAINT patients_guardian_contact_id_fkey REFERENCES contacts (id);
ALTER TABLE patients ADD COLUMN status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'archived', 'merged'));
ALTER TABLE patients ADD COLUMN merged_into uuid CONSTRAINT patients_merged_into_fkey REFERENCES patients (id);
ALTER TABLE patients ADD CONSTRAINT patients_merged_check CHECK ((status = 'merged') = (merged_into IS NOT NULL));
ALTER TABLE patients ADD CONSTRAINT patients_merged_into_check CHECK (merged_into <> id);
ALTER TABLE patients ADD CONSTRAINT patients_guardian_check CHECK (guardian_contact_id <> contact_id);
-- What `patient_merges` refers to: a patient cannot be anything but merged as long as the merge stands.
ALTER TABLE patients ADD CONSTRAINT patients_id_status_key UNIQUE (id, status);
CREATE INDEX patients_guardian_contact_id_idx ON patients (guardian_contact_id, id);
CREATE INDEX patients_status_idx ON patients (status, created_at, id);
CREATE INDEX patients_merged_into_idx ON patients (merged_into, id);

CREATE TABLE patient_identifiers (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL
        CONSTRAINT patient_identifiers_patient_id_fkey REFERENCES patients (id) ON DELETE CASCADE,
    system text NOT NULL CHECK (char_length(system) BETWEEN 1 AND 100),
    value text NOT NULL CHECK (char_length(value) BETWEEN 1 AND 100),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- In one system a number is one person's.
    CONSTRAINT patient_identifiers_value_key UNIQUE (system, value)
);
CREATE INDEX patient_identifiers_created_at_idx ON patient_identifiers (created_at, id);
CREATE INDEX patient_identifiers_patient_id_idx ON patient_identifiers (patient_id, id);
CREATE INDEX patient_identifiers_value_idx ON patient_identifiers (value, id);
