-- A purge deletes the rows of a tenant from every table with a `tenant_id`. The audit stays, so its column is called otherwise.

ALTER TABLE audit_entries RENAME COLUMN tenant_id TO tenant;
