-- Documents of properties and listings. The content is a file beside the tables; `file_id` names it.

CREATE TABLE documents (
    id uuid PRIMARY KEY,
    property_id uuid REFERENCES properties (id),
    listing_id uuid REFERENCES listings (id),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    kind text NOT NULL CHECK (kind IN ('contract', 'floor_plan', 'photo', 'energy_certificate', 'other')),
    media_type text CHECK (media_type IN (
        'application/pdf', 'image/jpeg', 'image/png', 'image/webp', 'text/plain', 'text/csv',
        'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    )),
    size bigint CHECK (size BETWEEN 1 AND 26214400),
    sha256 text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    file_id uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT documents_of_check CHECK (num_nonnulls(property_id, listing_id) >= 1),
    CONSTRAINT documents_content_check CHECK (num_nulls(media_type, size, sha256, file_id) IN (0, 4))
);
-- No two have the same file, so deleting one takes nothing from another.
CREATE UNIQUE INDEX documents_file_id_key ON documents (file_id);
CREATE INDEX documents_property_idx ON documents (property_id, id);
CREATE INDEX documents_listing_idx ON documents (listing_id, id);
CREATE INDEX documents_kind_idx ON documents (kind, id);
CREATE INDEX documents_name_idx ON documents (lower(name), id);
CREATE INDEX documents_created_at_idx ON documents (created_at, id);
