-- How often something was tried lately, such as to sign in to an account from an address. All server processes count here
-- together. After a crash of the database the counts start anew, which does no harm and makes a try cheap to write down.

CREATE UNLOGGED TABLE attempts (
    -- SHA-256 of what is tried and by whom.
    key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
    tries integer NOT NULL CHECK (tries > 0),
    -- The count starts anew then, and the row may go.
    until timestamptz NOT NULL
);
CREATE INDEX attempts_until_idx ON attempts (until);
