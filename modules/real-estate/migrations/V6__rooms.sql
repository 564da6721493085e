-- How large properties are, which is what applicants ask for.

ALTER TABLE properties ADD COLUMN rooms smallint CHECK (rooms BETWEEN 1 AND 1000);
-- In square metres.
ALTER TABLE properties ADD COLUMN living_area integer CHECK (living_area BETWEEN 1 AND 1000000);
