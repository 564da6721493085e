-- Further addresses and numbers say who somebody is as well as the first ones. Most people have none, and cost nothing.
CREATE INDEX contacts_further_emails_idx ON contacts
    USING gin ((lower(jsonb_path_query_array(emails, '$.email')::text)::jsonb)) WHERE emails <> '[]';
CREATE INDEX contacts_further_phones_idx ON contacts
    USING gin ((replace(jsonb_path_query_array(phones, '$.phone')::text, '+', '')::jsonb)) WHERE phones <> '[]';
