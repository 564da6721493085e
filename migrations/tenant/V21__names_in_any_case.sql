-- Lists are sorted by names in any case. Contacts and companies have such an index already, by which duplicates are found.
DROP INDEX contacts_display_name_idx;
DROP INDEX companies_name_idx;
DROP INDEX deals_title_idx;
CREATE INDEX deals_title_idx ON deals (lower(title), id);
DROP INDEX projects_name_idx;
CREATE INDEX projects_name_idx ON projects (lower(name), id);
DROP INDEX views_name_idx;
CREATE INDEX views_name_idx ON views (lower(name), id);
