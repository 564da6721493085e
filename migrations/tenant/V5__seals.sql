-- The places of the journal's entries in the chain of hashes, given once, in the order in which changes became visible
-- (platform.seal_journals). The tenant's own role can only read them.
CREATE TABLE journal_seals (
    position bigint PRIMARY KEY,
    -- The entry's.
    number bigint NOT NULL CONSTRAINT journal_seals_number_key UNIQUE,
    -- SHA-256 of the values before and after: they may be erased, this stays.
    contents bytea NOT NULL CHECK (octet_length(contents) = 32),
    -- SHA-256 of the hash before this one, of who did what, and of the contents.
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);
COMMENT ON TABLE journal_seals IS 'unjournaled: it is a part of the journal';

ALTER TABLE journal ADD CONSTRAINT journal_number_key UNIQUE (number);
ALTER TABLE journal DROP COLUMN position, DROP COLUMN hash;
