-- Companies that may be the same one: by the host of their page, without the `www` that many begin with, and by name. Addresses and
-- telephone numbers have an index already.
CREATE INDEX companies_host_idx ON companies ((regexp_replace(lower(website), '^[a-z]+://(www[.])?([^/?#]+).*', '\2')), id);
CREATE INDEX companies_same_name_idx ON companies (lower(name), id);
