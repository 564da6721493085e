-- Denied tries that were noted of late: whoever repeats one does not fill the journal with it. Losing the table costs an entry.
CREATE UNLOGGED TABLE denials (
    tenant_id uuid NOT NULL,
    session_id uuid NOT NULL,
    operation text NOT NULL,
    permission text NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, session_id, operation, permission)
);
CREATE INDEX denials_noted_at_idx ON denials (noted_at);
