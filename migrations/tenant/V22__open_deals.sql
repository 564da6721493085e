-- The board: the sums of a stage of open deals, from an index of little else.
CREATE INDEX deals_open_sums_idx ON deals (stage_id, currency) INCLUDE (amount, owner_id) WHERE status = 'open';
