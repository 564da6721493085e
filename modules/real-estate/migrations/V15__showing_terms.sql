-- How far ahead somebody has to ask to see what is on the market, and who lives there has to be told.

ALTER TABLE listings ADD COLUMN viewing_notice_hours smallint NOT NULL DEFAULT 0
    CHECK (viewing_notice_hours BETWEEN 0 AND 720);
ALTER TABLE properties ADD COLUMN occupied boolean NOT NULL DEFAULT false;
ALTER TABLE properties ADD COLUMN occupier_notice_hours smallint NOT NULL DEFAULT 24
    CHECK (occupier_notice_hours BETWEEN 0 AND 720);
