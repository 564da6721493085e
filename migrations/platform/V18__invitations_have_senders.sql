-- An invitation is worth what its sender may still give. The sender's role is a copy that cannot lie, like those of
-- sessions: its foreign key changes it in the transaction that changes the membership. Without a membership, no role.

ALTER TABLE invitations
    ADD COLUMN sender uuid,
    ADD COLUMN sender_role text,
    -- An operator sent it, to the first owner of an organization.
    ADD COLUMN by_operator boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT invitations_sender_check CHECK (
        (sender IS NOT NULL OR sender_role IS NULL) AND NOT (by_operator AND sender IS NOT NULL)
    ),
    ADD CONSTRAINT invitations_sender_fkey FOREIGN KEY (sender, tenant_id, sender_role)
        REFERENCES memberships (user_id, tenant_id, role) ON UPDATE CASCADE ON DELETE SET NULL (sender_role);
CREATE INDEX invitations_sender_idx ON invitations (sender, tenant_id);
CREATE INDEX invitations_email_idx ON invitations (email);

-- What the audit says of a person, for that person's export.
CREATE INDEX audit_entries_user_idx ON audit_entries (user_id, at, id) WHERE user_id IS NOT NULL;
