-- Properties are found by where they stand.

CREATE INDEX properties_city_idx ON properties (lower(city), id);
CREATE INDEX properties_street_idx ON properties USING gin (lower(street) extensions.gin_trgm_ops);
