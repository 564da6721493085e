-- Ranges of one thing exclude each other.

CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA extensions;
