//! The SQL of duplicates.

use super::{Duplicate, DuplicateGroup, DuplicateReason};
use crate::crm::contacts::Contact;
use crate::crm::same::{digits, email_key, has_email, has_phone, phone_key};
use crate::sql;
use crate::tenancy::{Reach, Statement, reached};
use crate::value::folded;

/// Groups of contacts with the same value `$by`, which an index has in this order: those after `$1`.
macro_rules! groups {
    ($reason:literal, $score:literal, $by:expr) => {
        sql!(
            "SELECT ",
            $reason,
            ", g.value, ",
            $score,
            "::float8, g.count, g.contacts FROM (SELECT ",
            $by,
            " AS value, count(c.id) AS count, (array_agg(jsonb_build_object('id', c.id, 'display_name', c.display_name, ",
            "'email', c.email, 'phone', c.phone) ORDER BY c.created_at, c.id))[1:10] AS contacts ",
            "FROM contacts_in_reach AS c WHERE ",
            $by,
            " > coalesce($1::text, '') GROUP BY ",
            $by,
            " HAVING count(c.id) > 1 ORDER BY ",
            $by,
            " LIMIT $2) AS g ORDER BY g.value"
        )
    };
}

pub(super) fn groups(
    reach: Reach,
    reason: DuplicateReason,
    after: Option<String>,
    limit: i64,
) -> Statement<Vec<DuplicateGroup>> {
    let sql = match reason {
        DuplicateReason::Email => groups!("'email'", "0.9", "lower(c.email)"),
        DuplicateReason::Phone => groups!("'phone'", "0.8", digits!("c.")),
        DuplicateReason::Name => groups!("'name'", "0.7", "lower(c.display_name)"),
    };
    reached(reach).with::<Contact>().statement(sql).bind(after).bind(limit).many()
}

/// How like another name has to be.
const ALIKE: f64 = 0.5;

/// Contacts that may be the same person as this one. Each of the ways to find one has an index. Of those with the same name all
/// are looked at. Of those whose name is only alike 200, for in a large organization many share a name; both of whose names are
/// alike 200 more, among whom whoever is alike as a whole is found however many share one.
pub(super) fn like(reach: Reach, contact: &Contact) -> Statement<Vec<Duplicate>> {
    let further = contact.emails.iter().map(|further| further.email.as_str());
    let emails: Vec<String> = contact.email.iter().map(|email| email.as_str()).chain(further).map(email_key).collect();
    let further = contact.phones.iter().map(|further| further.phone.as_str());
    let mut phones: Vec<String> =
        contact.phone.iter().map(|phone| phone.as_str()).chain(further).map(phone_key).collect();
    phones.retain(|digits| !digits.is_empty());
    let names = [&contact.first_name, &contact.last_name];
    let names: Vec<String> = names.into_iter().flatten().map(|name| folded(name.as_str())).collect();
    let sql = sql!(
        "SELECT jsonb_build_object('id', e.id, 'display_name', e.display_name, 'email', e.email, 'phone', e.phone), ",
        "round((1 - (1 - 0.9 * e.same_email) * (1 - 0.8 * e.same_phone) * (1 - 0.7 * e.alike))::numeric, 2)::float8 AS score, ",
        "array_remove(ARRAY[CASE WHEN e.same_email = 1 THEN 'email' END, CASE WHEN e.same_phone = 1 THEN 'phone' END, ",
        "CASE WHEN e.alike > 0 THEN 'name' END], NULL) FROM (SELECT d.id, d.display_name, d.email, d.phone, d.same_email, ",
        "d.same_phone, CASE WHEN d.likeness >= $5::float8 THEN d.likeness ELSE 0 END AS alike FROM (",
        "SELECT c.id, c.display_name, c.email, c.phone, ",
        "coalesce(",
        has_email!("c.", "$2"),
        ", false)::int AS same_email, coalesce(",
        has_phone!("c.", "$3"),
        ", false)::int AS same_phone, ",
        "extensions.similarity(lower(regexp_replace(normalize(coalesce(c.first_name, '') || ' ' || coalesce(c.last_name, ''), NFKD), ",
        "'[\\u0300-\\u036F]', '', 'g')), $4) AS likeness FROM contacts_in_reach AS c WHERE c.id <> $1 ",
        "AND (",
        has_email!("c.", "$2"),
        " OR ",
        has_phone!("c.", "$3"),
        " OR lower(c.display_name) = lower($6) OR c.id = ANY (ARRAY(SELECT n.id FROM contacts_in_reach AS n ",
        "WHERE n.search_text OPERATOR(extensions.%>) $4 LIMIT 200)) OR c.id = ANY (ARRAY(SELECT n.id FROM contacts_in_reach AS n ",
        "WHERE n.search_text OPERATOR(extensions.%>) $7 AND n.search_text OPERATOR(extensions.%>) $8 LIMIT 200)))) AS d) AS e ",
        "WHERE e.same_email + e.same_phone > 0 OR e.alike > 0 ORDER BY score DESC, e.id LIMIT 50"
    );
    let query = reached(reach).with::<Contact>().statement(sql).bind(contact.id).bind(emails);
    let query = query.bind(phones).bind(names.join(" ")).bind(ALIKE).bind(contact.display_name.clone());
    // One of the two is enough for a contact.
    query.bind(names.first().cloned()).bind(names.last().cloned()).many()
}
