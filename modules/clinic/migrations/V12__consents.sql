-- What patients allow: who may treat them, who may be told, for how long. What was allowed once stays on record.

CREATE TABLE treatment_consents (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL CONSTRAINT treatment_consents_patient_id_fkey REFERENCES patients (id),
    purpose text NOT NULL CHECK (purpose IN ('treatment', 'disclosure', 'research', 'photography')),
    grantee text CHECK (char_length(grantee) BETWEEN 1 AND 200),
    grantee_contact_id uuid CONSTRAINT treatment_consents_grantee_contact_id_fkey REFERENCES contacts (id),
    valid_from timestamptz NOT NULL,
    valid_until timestamptz,
    withdrawn_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT treatment_consents_period_check CHECK (valid_until > valid_from),
    -- Somebody is told by name or by record.
    CONSTRAINT treatment_consents_named_check CHECK (grantee IS NOT NULL OR grantee_contact_id IS NOT NULL)
);
COMMENT ON TABLE treatment_consents IS 'kept: what somebody allowed is evidence.';
CREATE INDEX treatment_consents_created_at_idx ON treatment_consents (created_at, id);
CREATE INDEX treatment_consents_patient_id_idx ON treatment_consents (patient_id, purpose, id);
CREATE INDEX treatment_consents_purpose_idx ON treatment_consents (purpose, id);
CREATE INDEX treatment_consents_grantee_contact_id_idx ON treatment_consents (grantee_contact_id, id);
CREATE INDEX treatment_consents_withdrawn_at_idx ON treatment_consents (withdrawn_at, id);
