-- What reports read: records by time, whole answers from the indexes alone.

-- Won and lost deals, by when that was.
CREATE INDEX deals_closed_at_idx ON deals (closed_at, id) INCLUDE (status, pipeline_id, amount, currency, owner_id, created_at)
    WHERE closed_at IS NOT NULL;
-- The steps that a deal made, and how long it stayed in each stage.
DROP INDEX deal_moves_deal_idx;
CREATE INDEX deal_moves_deal_idx ON deal_moves (deal_id, moved_at, id) INCLUDE (from_stage_id, to_stage_id, stayed);
-- What is to be done.
CREATE INDEX tasks_open_idx ON tasks (done_at, due_at, id) INCLUDE (owner_id) WHERE done_at IS NULL;
-- Those of the lists, in the same order, know besides whose a record is, and of which kind: so they serve both.
DROP INDEX tasks_done_at_idx;
CREATE INDEX tasks_done_at_idx ON tasks (done_at, id) INCLUDE (owner_id);
DROP INDEX contacts_created_at_idx;
CREATE INDEX contacts_created_at_idx ON contacts (created_at, id) INCLUDE (owner_id);
DROP INDEX companies_created_at_idx;
CREATE INDEX companies_created_at_idx ON companies (created_at, id) INCLUDE (owner_id);
DROP INDEX deals_created_at_idx;
CREATE INDEX deals_created_at_idx ON deals (created_at, id) INCLUDE (owner_id);
DROP INDEX activities_happened_at_idx;
CREATE INDEX activities_happened_at_idx ON activities (happened_at, id) INCLUDE (kind, owner_id);
