-- Records that may be the same, by telephone number, however it is written, which imports ask for too, and people by name.
-- Addresses have an index already.
CREATE INDEX contacts_digits_idx ON contacts ((regexp_replace(phone, '[^0-9]', '', 'g')), id);
CREATE INDEX contacts_same_name_idx ON contacts (lower(display_name), id);
CREATE INDEX companies_digits_idx ON companies ((regexp_replace(phone, '[^0-9]', '', 'g')), id);
