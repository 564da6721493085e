-- Projects, what happened with somebody (activities), and what is to be done (tasks).

CREATE TABLE projects (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    status text NOT NULL CHECK (status IN ('planned', 'active', 'on_hold', 'done', 'canceled')),
    starts_on date CHECK (starts_on BETWEEN '1900-01-01' AND '2200-12-31'),
    ends_on date CHECK (ends_on BETWEEN '1900-01-01' AND '2200-12-31'),
    description text CHECK (char_length(description) BETWEEN 1 AND 10000),
    contact_id uuid CONSTRAINT projects_contact_id_fkey REFERENCES contacts (id) ON DELETE SET NULL,
    company_id uuid CONSTRAINT projects_company_id_fkey REFERENCES companies (id) ON DELETE SET NULL,
    deal_id uuid CONSTRAINT projects_deal_id_fkey REFERENCES deals (id) ON DELETE SET NULL,
    tags text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 50),
    custom jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(custom) = 'object'),
    owner_id uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    search_text text NOT NULL GENERATED ALWAYS AS (
        lower(regexp_replace(normalize(name, NFKD), '[\u0300-\u036F]', '', 'g'))
    ) STORED,
    CONSTRAINT projects_time_check CHECK (ends_on >= starts_on)
);
CREATE INDEX projects_created_at_idx ON projects (created_at, id);
CREATE INDEX projects_updated_at_idx ON projects (updated_at, id);
CREATE INDEX projects_name_idx ON projects (name, id);
CREATE INDEX projects_status_idx ON projects (status, created_at, id);
CREATE INDEX projects_owner_idx ON projects (owner_id, created_at, id);
CREATE INDEX projects_contact_id_idx ON projects (contact_id, created_at, id);
CREATE INDEX projects_company_id_idx ON projects (company_id, created_at, id);
CREATE INDEX projects_deal_id_idx ON projects (deal_id, created_at, id);
CREATE INDEX projects_tags_idx ON projects USING gin (tags);
CREATE INDEX projects_search_idx ON projects USING gin (search_text extensions.gin_trgm_ops);

CREATE TABLE project_members (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL CONSTRAINT project_members_project_id_fkey REFERENCES projects (id) ON DELETE CASCADE,
    -- A member of the organization.
    user_id uuid NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT project_members_user_id_key UNIQUE (project_id, user_id)
);
CREATE INDEX project_members_created_at_idx ON project_members (project_id, created_at, id);
CREATE INDEX project_members_user_idx ON project_members (user_id, project_id);

CREATE TABLE activities (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('note', 'call', 'meeting', 'email')),
    subject text CHECK (char_length(subject) BETWEEN 1 AND 200),
    body text CHECK (char_length(body) BETWEEN 1 AND 10000),
    happened_at timestamptz NOT NULL CHECK (happened_at BETWEEN '1900-01-01' AND '2200-12-31'),
    minutes integer CHECK (minutes BETWEEN 0 AND 10080),
    contact_id uuid CONSTRAINT activities_contact_id_fkey REFERENCES contacts (id) ON DELETE SET NULL,
    company_id uuid CONSTRAINT activities_company_id_fkey REFERENCES companies (id) ON DELETE SET NULL,
    deal_id uuid CONSTRAINT activities_deal_id_fkey REFERENCES deals (id) ON DELETE SET NULL,
    project_id uuid CONSTRAINT activities_project_id_fkey REFERENCES projects (id) ON DELETE SET NULL,
    owner_id uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT activities_text_check CHECK (subject IS NOT NULL OR body IS NOT NULL)
);
CREATE INDEX activities_happened_at_idx ON activities (happened_at, id);
CREATE INDEX activities_kind_idx ON activities (kind, happened_at, id);
CREATE INDEX activities_owner_idx ON activities (owner_id, happened_at, id);
CREATE INDEX activities_contact_id_idx ON activities (contact_id, happened_at, id) WHERE contact_id IS NOT NULL;
CREATE INDEX activities_company_id_idx ON activities (company_id, happened_at, id) WHERE company_id IS NOT NULL;
CREATE INDEX activities_deal_id_idx ON activities (deal_id, happened_at, id) WHERE deal_id IS NOT NULL;
CREATE INDEX activities_project_id_idx ON activities (project_id, happened_at, id) WHERE project_id IS NOT NULL;

CREATE TABLE tasks (
    id uuid PRIMARY KEY,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    description text CHECK (char_length(description) BETWEEN 1 AND 10000),
    priority text NOT NULL CHECK (priority IN ('low', 'normal', 'high')),
    due_at timestamptz CHECK (due_at BETWEEN '1900-01-01' AND '2200-12-31'),
    -- When who has to do it is told.
    remind_at timestamptz CHECK (remind_at BETWEEN '1900-01-01' AND '2200-12-31'),
    done_at timestamptz,
    done_by uuid,
    contact_id uuid CONSTRAINT tasks_contact_id_fkey REFERENCES contacts (id) ON DELETE SET NULL,
    company_id uuid CONSTRAINT tasks_company_id_fkey REFERENCES companies (id) ON DELETE SET NULL,
    deal_id uuid CONSTRAINT tasks_deal_id_fkey REFERENCES deals (id) ON DELETE SET NULL,
    project_id uuid CONSTRAINT tasks_project_id_fkey REFERENCES projects (id) ON DELETE SET NULL,
    -- Who has to do it.
    owner_id uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- That it was made and that it was done are two moments, so the timeline has them in an order.
    CONSTRAINT tasks_done_check CHECK (CASE WHEN done_at IS NULL THEN done_by IS NULL ELSE done_at > created_at END)
);
CREATE INDEX tasks_created_at_idx ON tasks (created_at, id);
CREATE INDEX tasks_due_at_idx ON tasks (due_at, id);
CREATE INDEX tasks_done_at_idx ON tasks (done_at, id);
CREATE INDEX tasks_owner_idx ON tasks (owner_id, due_at, id);
CREATE INDEX tasks_contact_id_idx ON tasks (contact_id, created_at, id) WHERE contact_id IS NOT NULL;
CREATE INDEX tasks_company_id_idx ON tasks (company_id, created_at, id) WHERE company_id IS NOT NULL;
CREATE INDEX tasks_deal_id_idx ON tasks (deal_id, created_at, id) WHERE deal_id IS NOT NULL;
CREATE INDEX tasks_project_id_idx ON tasks (project_id, created_at, id) WHERE project_id IS NOT NULL;
