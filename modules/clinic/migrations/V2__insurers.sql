-- Patients are listed by who pays for them.

CREATE INDEX patients_insurer_idx ON patients (insurer, id);
