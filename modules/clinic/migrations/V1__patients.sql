-- Contacts whom the clinic treats. A patient is a contact and something more; one contact is one patient.

CREATE TABLE patients (
    id uuid PRIMARY KEY,
    contact_id uuid NOT NULL
        CONSTRAINT patients_contact_id_key UNIQUE
        CONSTRAINT patients_contact_id_fkey REFERENCES contacts (id),
    number text NOT NULL CONSTRAINT patients_number_key UNIQUE CHECK (char_length(number) BETWEEN 1 AND 40),
    date_of_birth date NOT NULL CHECK (date_of_birth BETWEEN '1900-01-01' AND '2200-12-31'),
    gender text NOT NULL CHECK (gender IN ('female', 'male', 'other', 'unknown')),
    insurer text CHECK (char_length(insurer) BETWEEN 1 AND 200),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX patients_created_at_idx ON patients (created_at, id);
CREATE INDEX patients_date_of_birth_idx ON patients (date_of_birth, id);
