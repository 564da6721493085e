-- Lists are sorted by names in any case. Contacts and companies have such an index already, by which duplicates are found.
DROP INDEX contacts_display_name_idx;
DROP INDEX companies_name_idx;
DROP INDEX deals_title_idx;
CREATE INDEX deals_title_idx ON deals (lower(title), id);
DROP INDEX projects_name_idx;
CREATE INDEX projects_name_idx ON projects (lower(name), id);
DROP INDEX views_name_idx;
CREATE INDEX views_name_idx ON views (lower(name), id);

-- Most contacts have no such company, and the list of those that have none is read off another index.
DROP INDEX contacts_primary_company_idx;
CREATE INDEX contacts_primary_company_idx ON contacts (primary_company_id, created_at, id) WHERE primary_company_id IS NOT NULL;
