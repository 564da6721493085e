-- Patients who turned out to be one person, and what was moved, so that it can be moved back.

CREATE TABLE patient_merges (
    id uuid PRIMARY KEY,
    from_id uuid NOT NULL,
    into_id uuid NOT NULL CONSTRAINT patient_merges_into_id_fkey REFERENCES patients (id),
    -- What the merged patient is while the merge stands; null once it is undone.
    from_status text CHECK (from_status = 'merged'),
    -- What the merged patient was before.
    was text NOT NULL CHECK (was IN ('active', 'archived')),
    -- The ids that were moved, by table.
    moved jsonb NOT NULL CHECK (jsonb_typeof(moved) = 'object'),
    merged_by uuid NOT NULL,
    undone_at timestamptz,
    undone_by uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT patient_merges_from_id_fkey FOREIGN KEY (from_id) REFERENCES patients (id),
    CONSTRAINT patient_merges_standing_fkey FOREIGN KEY (from_id, from_status) REFERENCES patients (id, status),
    CONSTRAINT patient_merges_other_check CHECK (from_id <> into_id),
    CONSTRAINT patient_merges_undone_check CHECK ((undone_at IS NULL) = (from_status IS NOT NULL)),
    CONSTRAINT patient_merges_undone_by_check CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);
COMMENT ON TABLE patient_merges IS 'kept: what was merged can be told apart again.';
-- One merge of a patient stands at a time.
CREATE UNIQUE INDEX patient_merges_standing_key ON patient_merges (from_id) WHERE undone_at IS NULL;
CREATE INDEX patient_merges_created_at_idx ON patient_merges (created_at, id);
CREATE INDEX patient_merges_from_id_idx ON patient_merges (from_id, id);
CREATE INDEX patient_merges_into_id_idx ON patient_merges (into_id, id);
