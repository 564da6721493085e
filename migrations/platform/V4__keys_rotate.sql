-- Signing keys that are replaced. The newest signs; an older one verifies until the last token that it signed has expired.

ALTER TABLE signing_keys ADD COLUMN retires_at timestamptz;
