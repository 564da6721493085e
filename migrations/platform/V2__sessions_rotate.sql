-- Sessions whose refresh token changes with each use, and those of a person who is in no organization (yet).

ALTER TABLE sessions
    -- Refresh tokens are derived from the installation's secret, the session's id and its generation. Nothing of them is here.
    DROP COLUMN refresh_hash,
    ALTER COLUMN tenant_id DROP NOT NULL,
    ALTER COLUMN tenant_status DROP NOT NULL,
    ADD COLUMN kind text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'key', 'support')),
    -- How often the refresh token was changed, and when it was last.
    ADD COLUMN generation integer NOT NULL DEFAULT 0 CHECK (generation >= 0),
    ADD COLUMN rotated_at timestamptz NOT NULL DEFAULT now(),
    -- When the person last proved who they are. A session for another organization takes it over from the one that asked
    -- for it, so it is this, and not `created_at`, that tells a fresh sign-in.
    ADD COLUMN signed_in_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN last_used_at timestamptz NOT NULL DEFAULT now(),
    ADD CONSTRAINT sessions_home_check CHECK (
        (tenant_id IS NULL) = (tenant_status IS NULL)
        AND (tenant_id IS NOT NULL OR (role IS NULL AND kind = 'person'))
    );

-- The list of a person's sessions.
CREATE INDEX sessions_mine_idx ON sessions (user_id, created_at, id) WHERE kind = 'person' AND ended_at IS NULL;
