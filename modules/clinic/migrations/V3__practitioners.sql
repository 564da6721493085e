-- Who treats patients. A practitioner may be a member of the organization, who then signs in as this person.

CREATE TABLE practitioners (
    id uuid PRIMARY KEY,
    user_id uuid CONSTRAINT practitioners_user_id_key UNIQUE,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    profession text NOT NULL CHECK (profession IN ('physician', 'nurse', 'therapist', 'dentist', 'other')),
    active boolean NOT NULL DEFAULT true,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX practitioners_created_at_idx ON practitioners (created_at, id);
CREATE INDEX practitioners_name_idx ON practitioners (lower(name), id);
CREATE INDEX practitioners_name_part_idx ON practitioners USING gin (lower(name) extensions.gin_trgm_ops);
CREATE INDEX practitioners_profession_idx ON practitioners (profession, id);
CREATE INDEX practitioners_active_idx ON practitioners (active, id);
