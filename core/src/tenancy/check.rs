//! What has no business in tenant SQL, found while the program is compiled.

/// A rule of tenant SQL that a text breaks.
pub(super) enum Fault {
    Separator,
    Comment,
    Catalog,
    Star,
    Qualified,
    Word,
    Quote,
}

/// Words that change the session, the transaction, other people or the catalog.
const WORDS: [&str; 30] = [
    "set",
    "reset",
    "begin",
    "commit",
    "rollback",
    "savepoint",
    "prepare",
    "execute",
    "deallocate",
    "discard",
    "do",
    "listen",
    "unlisten",
    "notify",
    "copy",
    "create",
    "alter",
    "drop",
    "truncate",
    "grant",
    "revoke",
    "vacuum",
    "lock",
    "declare",
    "set_config",
    "current_setting",
    "information_schema",
    "dblink",
    "lo_create",
    "lo_import",
];

/// Schemas that are not the tenant's. Those of tenants are told by their form.
const SCHEMAS: [&str; 3] = ["platform", "public", "extensions"];

/// What the schema `extensions` has for everybody: how alike two texts are. Its operators are written `OPERATOR(extensions.%)`.
const EXTENSIONS: [&str; 2] = ["similarity", "word_similarity"];

pub(super) const fn fault(text: &[u8]) -> Option<Fault> {
    let mut at = 0;
    let mut previous_is_update = false;
    while at < text.len() {
        let byte = byte_at(text, at);
        if byte == b'\'' {
            at = after_literal(text, at);
        } else if is_word(byte) {
            let end = word_end(text, at);
            if byte_at(text, end) == b'\'' {
                // E'…' has other rules for its end, and nothing here needs it.
                return Some(Fault::Quote);
            }
            if starts_with(text, at, "pg_") {
                return Some(Fault::Catalog);
            }
            if names_a_schema(text, at, end) {
                return Some(Fault::Qualified);
            }
            if !allowed_here(text, at, end, previous_is_update) {
                return Some(Fault::Word);
            }
            previous_is_update = previous_is_update || equals(text, at, end, "update");
            at = end;
        } else {
            match punctuation_fault(text, at) {
                Some(fault) => return Some(fault),
                None => at += 1,
            }
        }
    }
    None
}

/// `SET` is a word of `UPDATE … SET` and `DO` one of `ON CONFLICT … DO`; every other listed word is refused.
const fn allowed_here(text: &[u8], at: usize, end: usize, after_update: bool) -> bool {
    if equals(text, at, end, "set") {
        return after_update;
    }
    if equals(text, at, end, "do") {
        return follows_conflict_target(text, at);
    }
    !one_of(text, at, end, &WORDS)
}

/// Whether `DO` at `at` stands behind `)` or `CONFLICT`, as `ON CONFLICT` has it, and not at a statement's start.
const fn follows_conflict_target(text: &[u8], at: usize) -> bool {
    let mut back = at;
    while back > 0 {
        back -= 1;
        let byte = byte_at(text, back);
        if byte != b' ' && byte != b'\n' {
            return byte == b')' || byte == b't' || byte == b'T';
        }
    }
    false
}

const fn punctuation_fault(text: &[u8], at: usize) -> Option<Fault> {
    let next = byte_at(text, at + 1);
    match byte_at(text, at) {
        b';' => Some(Fault::Separator),
        b'"' => Some(Fault::Quote),
        b'$' if !next.is_ascii_digit() => Some(Fault::Quote),
        b'-' if next == b'-' => Some(Fault::Comment),
        b'/' if next == b'*' => Some(Fault::Comment),
        b'*' if at > 0 && byte_at(text, at - 1) == b'.' => Some(Fault::Star),
        b'*' if selects_all(text, at) => Some(Fault::Star),
        _ => None,
    }
}

/// Whether the `*` at `at` stands where a column list would: behind `select`, `returning`, `distinct` or a comma.
const fn selects_all(text: &[u8], at: usize) -> bool {
    let mut end = at;
    while end > 0 && matches!(byte_at(text, end - 1), b' ' | b'\n') {
        end -= 1;
    }
    if end == 0 || byte_at(text, end - 1) == b',' {
        return true;
    }
    let mut start = end;
    while start > 0 && is_word(byte_at(text, start - 1)) {
        start -= 1;
    }
    one_of(text, start, end, &["select", "returning", "distinct", "all"])
}

/// Whether the word is a schema's name with a dot behind it; blanks may stand between.
const fn names_a_schema(text: &[u8], at: usize, end: usize) -> bool {
    let mut dot = end;
    while matches!(byte_at(text, dot), b' ' | b'\n') {
        dot += 1;
    }
    let tenant = end - at == 34 && starts_with(text, at, "t_");
    byte_at(text, dot) == b'.'
        && (tenant || one_of(text, at, end, &SCHEMAS))
        && !(equals(text, at, end, "extensions") && is_for_all(text, at, end + 1))
}

/// Whether what stands in the schema `extensions`, which is named at `at`, is an operator or one of its functions for all.
const fn is_for_all(text: &[u8], at: usize, name: usize) -> bool {
    let end = word_end(text, name);
    if end == name {
        return at >= 9 && starts_with(text, at - 9, "operator(");
    }
    byte_at(text, end) == b'(' && one_of(text, name, end, &EXTENSIONS)
}

/// The byte at a position, or 0 behind the end.
#[allow(clippy::indexing_slicing)] // guarded by the comparison; `get` is not const
const fn byte_at(text: &[u8], at: usize) -> u8 {
    if at < text.len() { text[at] } else { 0 }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

const fn word_end(text: &[u8], at: usize) -> usize {
    let mut end = at;
    while is_word(byte_at(text, end)) {
        end += 1;
    }
    end
}

const fn after_literal(text: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while end < text.len() && byte_at(text, end) != b'\'' {
        end += 1;
    }
    end + 1
}

const fn starts_with(text: &[u8], at: usize, word: &str) -> bool {
    let word = word.as_bytes();
    let mut n = 0;
    while n < word.len() {
        if byte_at(text, at + n).to_ascii_lowercase() != byte_at(word, n) {
            return false;
        }
        n += 1;
    }
    true
}

const fn equals(text: &[u8], at: usize, end: usize, word: &str) -> bool {
    end - at == word.len() && starts_with(text, at, word)
}

#[allow(clippy::indexing_slicing)] // guarded by the loop's bound
const fn one_of(text: &[u8], at: usize, end: usize, words: &[&str]) -> bool {
    let mut n = 0;
    while n < words.len() {
        if equals(text, at, end, words[n]) {
            return true;
        }
        n += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn honest_sql_passes() {
        for text in [
            "SELECT c.id, c.email FROM contacts c JOIN deals d ON d.contact_id = c.id WHERE c.id = $1",
            "INSERT INTO contacts (id) VALUES ($1) ON CONFLICT (id) DO NOTHING",
            "UPDATE contacts SET email = $2 WHERE id = $1",
            "SELECT count(*) FROM contacts WHERE notes = 'SET; -- \"'",
            "SELECT price * rooms FROM contacts",
            "SELECT extract(epoch FROM c.created_at), substring(c.notes FROM c.first) FROM contacts c",
            "SELECT c.id FROM contacts c WHERE c.email IS DISTINCT FROM c.phone",
            "SELECT extensions.word_similarity($1, notes) FROM contacts WHERE notes OPERATOR(extensions.%>) $1",
        ] {
            assert!(fault(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "SELECT * FROM contacts",
            "SELECT c.* FROM contacts c",
            "SELECT id, * FROM contacts",
            "DELETE FROM contacts RETURNING *",
            "SELECT id FROM platform.users",
            "SELECT platform.admit($1)",
            "SELECT id FROM contacts, platform.users",
            "SELECT id FROM contacts JOIN t_00000000000000000000000000000001.contacts ON true",
            "DELETE FROM contacts USING platform . users",
            "SELECT extensions.set_limit(0)",
            "SELECT id FROM extensions.similarity",
            "SELECT id FROM contacts WHERE email OPERATOR(public.=) $1",
            "SELECT extensions . similarity($1, $2)",
            "SELECT E'\\'' ; DROP TABLE contacts",
            "INSERT INTO public.x VALUES (1)",
            "SET ROLE t_1",
            "RESET ALL",
            "SELECT set_config('role', $1, false)",
            "SELECT pg_sleep(1)",
            "SELECT 1; SELECT 2",
            "SELECT 1 -- x",
            "SELECT \"id\" FROM contacts",
            "DO $$ BEGIN END $$",
            "CREATE TYPE x AS ENUM ('a')",
            "NOTIFY x",
            "SELECT table_name FROM information_schema.tables",
            "COPY contacts TO PROGRAM 'sh'",
            "COMMIT",
        ] {
            assert!(fault(text.as_bytes()).is_some(), "{text}");
        }
    }
}
