//! SQL as a type: text that the compiler has checked, and nothing else but the keys of fields ([`Sql::push_clause`]).

use std::borrow::Cow;

use super::check::{Fault, fault};
use super::field_key::Clause;

/// A piece of SQL that was checked while the program was compiled; made by [`sql!`](crate::sql).
///
/// The check refuses what has no business in a tenant's statement: several statements, comments, session settings,
/// transaction control, names with a schema, the system catalogs, `SELECT *`, types, notifications and locks that
/// outlive a transaction. It teaches early; what really holds is the database, where the tenant's role lacks the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment(&'static str);

impl Fragment {
    /// Checks a text. For [`sql!`](crate::sql), which makes the compiler do it; called otherwise it checks at run time.
    ///
    /// # Panics
    /// While compiling, where the text breaks a rule: the message says which.
    #[allow(clippy::panic)]
    #[doc(hidden)]
    pub const fn new(text: &'static str) -> Self {
        match fault(text.as_bytes()) {
            None => Self(text),
            Some(Fault::Separator) => panic!("one statement only: no `;` in tenant SQL"),
            Some(Fault::Comment) => panic!("no comments in SQL: say it in Rust, beside the statement"),
            Some(Fault::Catalog) => panic!("tenant SQL does not read system catalogs or call pg_ functions"),
            Some(Fault::Star) => panic!("name the columns: no `*` but in count(*)"),
            Some(Fault::Qualified) => panic!("no schema names: the door has set the path"),
            Some(Fault::Word) => panic!("this word has no business in tenant SQL (see tenancy/check.rs)"),
            Some(Fault::Quote) => panic!("no quoted identifiers or dollar quotes"),
        }
    }

    /// The text.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// Text for a statement, put together from [`Fragment`]s and, quoted, from [`FieldKey`](super::FieldKey)s.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sql {
    text: Cow<'static, str>,
    planned_by_values: bool,
}

impl Sql {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the best way to run it depends on the values of its parameters ([`Clause::by_value`]).
    pub(super) fn is_planned_by_values(&self) -> bool {
        self.planned_by_values
    }

    /// Text of the door's own, which need not keep to the rules for everybody else's.
    pub(super) const fn trusted(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text), planned_by_values: false }
    }

    /// Adds a fragment, with a space before it.
    pub(crate) fn push(&mut self, fragment: Fragment) {
        self.push_trusted(fragment.0);
    }

    /// Adds another text.
    pub(super) fn append(&mut self, other: &Self) {
        self.text.to_mut().push_str(&other.text);
        self.planned_by_values |= other.planned_by_values;
    }

    /// Adds a fragment as the end of the word before it.
    pub(crate) fn push_glued(&mut self, fragment: Fragment) {
        self.text.to_mut().push_str(fragment.0);
    }

    /// Adds a fragment whose parameters are numbered from 1, behind `before` others.
    pub(crate) fn push_numbered(&mut self, fragment: Fragment, before: usize) {
        self.text.to_mut().push(' ');
        self.push_renumbered(fragment.0, before);
    }

    /// Adds a fragment whose parameters are numbered from 1, behind `before` others. Where it is about a field of an
    /// organization's own, the field's key stands in the place of `:key`, as a literal.
    ///
    /// This is the one place where text gets into a statement that the compiler has not seen.
    pub(crate) fn push_clause(&mut self, clause: Clause, before: usize) {
        self.planned_by_values |= clause.by_value;
        let Some(key) = clause.key else { return self.push_numbered(clause.fragment, before) };
        self.text.to_mut().push(' ');
        for (n, part) in clause.fragment.0.split(":key").enumerate() {
            if n > 0 {
                let own = self.text.to_mut();
                own.push('\'');
                own.push_str(key.as_str());
                own.push('\'');
            }
            self.push_renumbered(part, before);
        }
    }

    fn push_renumbered(&mut self, text: &'static str, before: usize) {
        let own = self.text.to_mut();
        let mut parts = text.split('$');
        own.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = part.split_at(digits);
            own.push('$');
            // One without a number is of a path into a document.
            if digits == 0 {
                own.push_str(rest);
                continue;
            }
            own.push_str(&(before + number.parse::<usize>().unwrap_or_default()).to_string());
            own.push_str(rest);
        }
    }

    /// Adds `$n`, the placeholder of the n-th parameter.
    pub(crate) fn push_placeholder(&mut self, n: usize) {
        let text = self.text.to_mut();
        text.push('$');
        text.push_str(&n.to_string());
    }

    /// Adds text that [`row!`](crate::row) made from field names.
    pub(crate) fn push_trusted(&mut self, text: &'static str) {
        let own = self.text.to_mut();
        own.push(' ');
        own.push_str(text);
    }
}

impl From<Fragment> for Sql {
    fn from(fragment: Fragment) -> Self {
        Self { text: Cow::Borrowed(fragment.0), planned_by_values: false }
    }
}

/// SQL, checked by the compiler. Takes string literals, which are joined.
///
/// ```
/// use tenantry_core::sql;
/// let find = sql!("FROM contacts ", "WHERE id = $1");
/// assert_eq!(find.as_str(), "FROM contacts WHERE id = $1");
/// ```
/// ```compile_fail
/// tenantry_core::sql!("SELECT * FROM contacts");
/// ```
/// ```compile_fail
/// tenantry_core::sql!("SELECT email FROM platform.users");
/// ```
/// ```compile_fail
/// tenantry_core::sql!("SET search_path TO t_1");
/// ```
/// ```compile_fail
/// let table = String::from("contacts");
/// tenantry_core::sql!(&format!("FROM {table}"));
/// ```
#[macro_export]
macro_rules! sql {
    ($($text:expr),+ $(,)?) => {{
        // A named constant is evaluated by `cargo check` too, an inline one only when code is made.
        const CHECKED: $crate::tenancy::Fragment = $crate::tenancy::Fragment::new(concat!($($text),+));
        CHECKED
    }};
}
