-- Sets of keys, and who had them when.

CREATE TABLE key_sets (
    id uuid PRIMARY KEY,
    property_id uuid NOT NULL REFERENCES properties (id),
    label text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 100),
    note text CHECK (char_length(note) BETWEEN 1 AND 2000),
    out_since timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX key_sets_label_key ON key_sets (property_id, lower(label));
CREATE INDEX key_sets_property_idx ON key_sets (property_id, id);
CREATE INDEX key_sets_label_idx ON key_sets (lower(label), id);
CREATE INDEX key_sets_out_idx ON key_sets (out_since, id);
CREATE INDEX key_sets_created_at_idx ON key_sets (created_at, id);

CREATE TABLE key_movements (
    id uuid PRIMARY KEY,
    key_set_id uuid NOT NULL REFERENCES key_sets (id) ON DELETE CASCADE,
    contact_id uuid REFERENCES contacts (id),
    user_id uuid,
    note text CHECK (char_length(note) BETWEEN 1 AND 2000),
    due_back_at timestamptz,
    taken_at timestamptz NOT NULL DEFAULT now(),
    returned_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT key_movements_holder_check CHECK (num_nonnulls(contact_id, user_id) = 1),
    CONSTRAINT key_movements_time_check CHECK (returned_at >= taken_at)
);
-- A set is in one pair of hands.
CREATE UNIQUE INDEX key_movements_out_key ON key_movements (key_set_id, (returned_at IS NULL)) WHERE returned_at IS NULL;
CREATE INDEX key_movements_key_set_idx ON key_movements (key_set_id, taken_at, id);
CREATE INDEX key_movements_contact_idx ON key_movements (contact_id, id);
