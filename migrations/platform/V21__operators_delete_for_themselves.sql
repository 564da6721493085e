-- What an operator deletes, only an operator restores.

ALTER TABLE tenants ADD COLUMN deleted_by_operator boolean NOT NULL DEFAULT false;
