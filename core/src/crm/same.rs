//! Addresses and numbers as they are compared, here and in SQL: by them a contact or a company is known again.

/// An address: in any case.
pub(super) fn email_key(email: &str) -> String {
    email.to_lowercase()
}

/// A number: its digits.
pub(super) fn phone_key(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// The digits of the number in the row `$of`, as `contacts` and `companies` have an index on them.
macro_rules! digits {
    ($of:literal) => {
        concat!("regexp_replace(", $of, "phone, '[^0-9]', '', 'g')")
    };
}

/// Whether the contact `$of` has one of the addresses `$keys`, first or further. Each side of it has an index.
macro_rules! has_email {
    ($of:literal, $keys:literal) => {
        concat!(
            "(lower(",
            $of,
            "email) = ANY (",
            $keys,
            ") OR ",
            $of,
            "emails <> '[]' AND lower(jsonb_path_query_array(",
            $of,
            "emails, '$.email')::text)::jsonb ?| ",
            $keys,
            "::text[])"
        )
    };
}

/// The same of one of the numbers `$keys`; the further ones are E.164, so a `+` is all that is no digit.
macro_rules! has_phone {
    ($of:literal, $keys:literal) => {
        concat!(
            "(",
            digits!($of),
            " = ANY (",
            $keys,
            ") OR ",
            $of,
            "phones <> '[]' AND replace(jsonb_path_query_array(",
            $of,
            "phones, '$.phone')::text, '+', '')::jsonb ?| ",
            $keys,
            "::text[])"
        )
    };
}

pub(super) use {digits, has_email, has_phone};
