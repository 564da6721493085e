-- Whose a contact is. The person stands in the schema of the platform, so nothing here refers to it: who has left the
-- organization stays the owner by name until the contact is given to somebody else.

ALTER TABLE contacts ADD COLUMN owner_id uuid;
CREATE INDEX contacts_owner_idx ON contacts (owner_id, created_at, id);
