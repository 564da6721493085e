-- Whether people are who they say: needed on both sides before an offer is accepted and before a sale is completed.

CREATE TABLE identity_checks (
    id uuid PRIMARY KEY,
    contact_id uuid NOT NULL CONSTRAINT identity_checks_contact_id_fkey REFERENCES contacts (id),
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'passed', 'failed')),
    method text NOT NULL CHECK (method IN ('in_person', 'video', 'electronic', 'documents')),
    checked_at timestamptz,
    expires_on date CHECK (expires_on BETWEEN '1900-01-01' AND '2200-12-31'),
    note text CHECK (char_length(note) BETWEEN 1 AND 2000),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT identity_checks_checked_check CHECK ((status = 'pending') = (checked_at IS NULL))
);
CREATE INDEX identity_checks_created_at_idx ON identity_checks (created_at, id);
CREATE INDEX identity_checks_contact_id_idx ON identity_checks (contact_id, checked_at, id);
CREATE INDEX identity_checks_status_idx ON identity_checks (status, created_at, id);
CREATE INDEX identity_checks_expires_on_idx ON identity_checks (expires_on, id);
