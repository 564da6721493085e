-- Lists ask for contacts without a company too, so the index has all of them again.
DROP INDEX contacts_primary_company_idx;
CREATE INDEX contacts_primary_company_idx ON contacts (primary_company_id, created_at, id);
