//! How lists are filtered and sorted by fields of an organization's own: expressions over the column `custom` that an index of the
//! field has too, word by word (`platform.keep_field_index` makes it). A value of another type than the field's is none.

use rust_decimal::Decimal;

use super::{CustomField, FieldType};
use crate::http::{Arranged, ArrangedLast, CustomOf, FilterOperator as Operator};
use crate::sql;
use crate::tenancy::{Clause, Fragment, Param};

/// How many values `in` takes.
const MOST: usize = 50;

impl FieldType {
    /// By what a list is filtered.
    pub(crate) const fn operators(self) -> &'static [Operator] {
        use Operator::{Eq, Gt, Gte, In, Lt, Lte, Ne, Null};
        match self {
            Self::Text | Self::Choice | Self::Reference => &[Eq, Ne, In, Null],
            Self::Number | Self::Date => &[Eq, Ne, In, Gt, Gte, Lt, Lte, Null],
            Self::Boolean => &[Eq, Ne, Null],
        }
    }

    /// Whether a list can be sorted by it.
    pub(crate) const fn has_order(self) -> bool {
        matches!(self, Self::Text | Self::Number | Self::Date | Self::Choice)
    }
}

/// The SQL of one type of values.
struct Words {
    eq: Fragment,
    ne: Fragment,
    any: Fragment,
    gt: Fragment,
    gte: Fragment,
    lt: Fragment,
    lte: Fragment,
    null: Fragment,
    not_null: Fragment,
    up: Way,
    down: Way,
}

/// An order, one way.
struct Way {
    after: Fragment,
    by: Fragment,
    without_after: Fragment,
}

macro_rules! words {
    ($value:literal, $type:literal) => {
        Words {
            eq: sql!($value, " = $1"),
            ne: sql!($value, " IS DISTINCT FROM $1"),
            any: sql!($value, " = ANY ($1)"),
            gt: sql!($value, " > $1"),
            gte: sql!($value, " >= $1"),
            lt: sql!($value, " < $1"),
            lte: sql!($value, " <= $1"),
            null: sql!($value, " IS NULL"),
            not_null: sql!($value, " IS NOT NULL"),
            up: Way {
                after: sql!("(", $value, ", id) > ($1::text::", $type, ", $2)"),
                by: sql!("ORDER BY ", $value, ", id"),
                without_after: sql!($value, " IS NULL AND id > $1"),
            },
            down: Way {
                after: sql!("(", $value, ", id) < ($1::text::", $type, ", $2)"),
                by: sql!("ORDER BY ", $value, " DESC, id DESC"),
                without_after: sql!($value, " IS NULL AND id < $1"),
            },
        }
    };
}

static TEXTS: Words = words!("(custom ->> :key)", "text");
static NUMBERS: Words =
    words!("(CASE WHEN jsonb_typeof(custom -> :key) = 'number' THEN (custom ->> :key)::numeric END)", "numeric");

impl CustomField {
    /// Whether its values are ordered as numbers.
    pub(crate) fn is_number(&self) -> bool {
        self.kind == FieldType::Number
    }

    /// The parameter of an operator.
    pub(crate) fn parameter(&self, operator: Operator) -> String {
        match operator {
            Operator::Eq => format!("filter[custom.{}]", self.key),
            other => format!("filter[custom.{}][{}]", self.key, other.word()),
        }
    }

    fn words(&self) -> &'static Words {
        if self.is_number() { &NUMBERS } else { &TEXTS }
    }

    /// The condition that a text asks for, and its value.
    ///
    /// # Errors
    /// What is expected instead.
    pub(crate) fn condition(&self, operator: Operator, text: &str) -> Result<(Clause, Vec<Param>), String> {
        let words = self.words();
        let (fragment, values) = match operator {
            Operator::Null => match text {
                "true" => (words.null, Vec::new()),
                "false" => (words.not_null, Vec::new()),
                _ => return Err("expected true or false".to_owned()),
            },
            Operator::In => (words.any, vec![self.several(text)?]),
            Operator::Ne => (words.ne, vec![self.one(text)?]),
            Operator::Gt => (words.gt, vec![self.one(text)?]),
            Operator::Gte => (words.gte, vec![self.one(text)?]),
            Operator::Lt => (words.lt, vec![self.one(text)?]),
            Operator::Lte => (words.lte, vec![self.one(text)?]),
            _ => (words.eq, vec![self.one(text)?]),
        };
        Ok((Clause::on(fragment, self.key), values))
    }

    fn one(&self, text: &str) -> Result<Param, String> {
        if self.is_number() { Ok(Box::new(self.number(text)?)) } else { Ok(Box::new(self.word(text)?)) }
    }

    fn several(&self, text: &str) -> Result<Param, String> {
        let parts = crate::http::split(text);
        if parts.len() > MOST {
            return Err(format!("at most {MOST} values"));
        }
        if self.is_number() {
            let numbers: Vec<Decimal> = parts.iter().map(|part| self.number(part)).collect::<Result<_, _>>()?;
            return Ok(Box::new(numbers));
        }
        let words: Vec<String> = parts.iter().map(|part| self.word(part)).collect::<Result<_, _>>()?;
        Ok(Box::new(words))
    }

    /// The order by it. Records without a value come last, whichever way the others go.
    pub(crate) fn order<R: 'static>(&self, backwards: bool, of: CustomOf<R>) -> Option<Arranged<R>> {
        let (words, key) = (self.words(), self.key);
        let way = if backwards { &words.down } else { &words.up };
        let clause = |fragment| Clause::on(fragment, key);
        let last = ArrangedLast {
            with: clause(words.not_null),
            without: clause(words.null),
            after: clause(way.without_after),
        };
        let position = move |record: &R| {
            let (values, id) = of(record);
            (values.text(key.as_str()), id)
        };
        self.kind.has_order().then(|| Arranged {
            after: clause(way.after),
            by: clause(way.by),
            last: Some(last),
            position: Box::new(position),
        })
    }
}
