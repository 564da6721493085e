-- Who reaches which charts, and who has read them.

-- Who treats whom. A practitioner who has such a relation, on the days of it, reaches the patient's chart.
CREATE TABLE care_relations (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL CONSTRAINT care_relations_patient_id_fkey REFERENCES patients (id) ON DELETE CASCADE,
    practitioner_id uuid NOT NULL CONSTRAINT care_relations_practitioner_id_fkey REFERENCES practitioners (id),
    role text NOT NULL CHECK (role IN ('attending', 'consulting', 'nursing', 'therapy', 'other')),
    starts_on date NOT NULL,
    ends_on date,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT care_relations_practitioner_key UNIQUE (patient_id, practitioner_id),
    CONSTRAINT care_relations_days_check CHECK (ends_on >= starts_on)
);
CREATE INDEX care_relations_created_at_idx ON care_relations (created_at, id);
CREATE INDEX care_relations_patient_idx ON care_relations (patient_id, created_at, id);
CREATE INDEX care_relations_practitioner_idx ON care_relations (practitioner_id, id);

-- A practitioner opened a chart by their own word, for an hour.
CREATE TABLE emergency_accesses (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL CONSTRAINT emergency_accesses_patient_id_fkey REFERENCES patients (id),
    practitioner_id uuid NOT NULL CONSTRAINT emergency_accesses_practitioner_id_fkey REFERENCES practitioners (id),
    user_id uuid NOT NULL,
    reason text NOT NULL CHECK (char_length(reason) BETWEEN 10 AND 1000),
    ends_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT emergency_accesses_person_key UNIQUE (id, user_id),
    CONSTRAINT emergency_accesses_hour_check CHECK (ends_at - created_at BETWEEN interval '0' AND interval '60 minutes')
);
COMMENT ON TABLE emergency_accesses IS 'append-only: what somebody did in an emergency is judged by it';
COMMENT ON COLUMN emergency_accesses.reason IS 'confidential: it may tell of the patient';
CREATE INDEX emergency_accesses_created_at_idx ON emergency_accesses (created_at, id);
CREATE INDEX emergency_accesses_patient_idx ON emergency_accesses (patient_id, ends_at, id);
CREATE INDEX emergency_accesses_practitioner_idx ON emergency_accesses (practitioner_id, id);
CREATE INDEX emergency_accesses_user_idx ON emergency_accesses (user_id, id);

-- What somebody else found of it.
CREATE TABLE emergency_access_reviews (
    id uuid PRIMARY KEY,
    emergency_access_id uuid NOT NULL CONSTRAINT emergency_access_reviews_access_key UNIQUE,
    -- Who began the access, so that nobody judges their own.
    begun_by uuid NOT NULL,
    reviewed_by uuid NOT NULL,
    finding text NOT NULL CHECK (finding IN ('justified', 'not_justified')),
    note text CHECK (char_length(note) BETWEEN 1 AND 2000),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT emergency_access_reviews_access_fkey FOREIGN KEY (emergency_access_id, begun_by)
        REFERENCES emergency_accesses (id, user_id),
    CONSTRAINT emergency_access_reviews_other_check CHECK (reviewed_by <> begun_by)
);
COMMENT ON TABLE emergency_access_reviews IS 'append-only: a finding stands';
COMMENT ON COLUMN emergency_access_reviews.note IS 'confidential: it may tell of the patient';

-- Who has read which part of whose chart, and by which way.
CREATE TABLE chart_reads (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL,
    user_id uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    part text NOT NULL CHECK (part IN ('encounters', 'vitals', 'allergies', 'problems', 'prescriptions')),
    operation text NOT NULL CHECK (char_length(operation) BETWEEN 1 AND 100),
    care_relation_id uuid,
    emergency_access_id uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT chart_reads_way_check CHECK (num_nonnulls(care_relation_id, emergency_access_id) = 1)
);
COMMENT ON TABLE chart_reads IS 'append-only: nobody reads unseen';
CREATE INDEX chart_reads_created_at_idx ON chart_reads (created_at, id);
CREATE INDEX chart_reads_patient_idx ON chart_reads (patient_id, created_at, id);
CREATE INDEX chart_reads_user_idx ON chart_reads (user_id, id);
CREATE INDEX chart_reads_part_idx ON chart_reads (part, id);
CREATE INDEX chart_reads_emergency_idx ON chart_reads (emergency_access_id, id);
