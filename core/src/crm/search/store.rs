//! The SQL of the search.

use super::asked::Words;
use super::{Hit, Searchable};
use crate::http::{Limit, begins, contains};
use crate::sql;
use crate::tenancy::{Fragment, Reach, Statement, reached};
use crate::value::folded;

/// The records of these kinds that fit best.
pub(super) fn find(reach: Reach, kinds: &[&Searchable], q: &Words, limit: Limit) -> Statement<Vec<Hit>> {
    let words = folded(q.as_str());
    // Two letters make no trigram but at the beginning of a text.
    let pattern = if words.chars().nth(2).is_some() { contains(&words) } else { begins(&words) };
    let mut single: Vec<String> = words.split(' ').filter(|word| word.chars().nth(2).is_some()).map(contains).collect();
    single.retain(|word| *word != pattern);
    let mut single = single.into_iter();
    let within = kinds.iter().fold(reached(reach), |reached, kind| (kind.within)(reached));
    let all = |ways: std::ops::Range<usize>| {
        kinds.iter().flat_map(move |kind| kind.ways.into_iter().take(ways.end).skip(ways.start))
    };
    let mut parts = vec![sql!("SELECT resource, id, title, subtitle, score FROM (WITH exact AS MATERIALIZED (")];
    push_joined(&mut parts, all(0..1), sql!("UNION ALL"));
    // A record may have several of the words, and is found once.
    parts.push(sql!("), near AS MATERIALIZED ("));
    push_joined(&mut parts, all(1..4), sql!("UNION"));
    parts.push(sql!(") SELECT resource, id, title, subtitle, score FROM exact UNION ALL "));
    parts.push(sql!("SELECT resource, id, title, subtitle, score FROM near UNION ALL "));
    push_joined(&mut parts, all(4..5), sql!("UNION ALL"));
    parts.push(sql!(") AS hits ORDER BY score DESC, title, id LIMIT $3"));
    let query = within.parts(parts).bind(words).bind(pattern).bind(limit.get());
    query.bind(single.next()).bind(single.next()).bind(single.next()).many()
}

fn push_joined(parts: &mut Vec<Fragment>, all: impl Iterator<Item = Fragment>, by: Fragment) {
    for (n, part) in all.enumerate() {
        parts.extend((n > 0).then_some(by));
        parts.push(part);
    }
}
