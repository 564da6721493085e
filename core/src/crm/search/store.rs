//! The SQL of the search.

use super::asked::Words;
use super::{Hit, Searchable};
use crate::http::{Limit, begins, contains};
use crate::sql;
use crate::tenancy::{Reach, Statement, reached};
use crate::value::folded;

/// The records of these kinds that fit best.
pub(super) fn find(reach: Reach, kinds: &[&Searchable], q: &Words, limit: Limit) -> Statement<Vec<Hit>> {
    let words = folded(q.as_str());
    // Two letters make no trigram but at the beginning of a text.
    let pattern = if words.chars().nth(2).is_some() { contains(&words) } else { begins(&words) };
    let within = kinds.iter().fold(reached(reach), |reached, kind| (kind.within)(reached));
    let mut parts = vec![sql!("SELECT resource, id, title, subtitle, score FROM (WITH exact AS MATERIALIZED (")];
    for (n, kind) in kinds.iter().enumerate() {
        parts.extend((n > 0).then_some(sql!("UNION ALL")));
        parts.push(kind.exact);
    }
    parts.push(sql!(") SELECT resource, id, title, subtitle, score FROM exact"));
    for kind in kinds {
        parts.extend([sql!("UNION ALL"), kind.alike]);
    }
    parts.push(sql!(") AS hits ORDER BY score DESC, title, id LIMIT $3"));
    within.parts(parts).bind(words).bind(pattern).bind(limit.get()).many()
}
