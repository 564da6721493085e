//! The SQL of duplicates of companies.

use super::{CompanyDuplicate, CompanyDuplicateGroup, CompanyDuplicateReason};
use crate::crm::companies::Company;
use crate::crm::same::{digits, phone_key};
use crate::sql;
use crate::tenancy::{Reach, Statement, reached};
use crate::value::folded;

/// The host of a page, as the index has it. `www` says nothing of whose it is.
macro_rules! host {
    ($website:literal) => {
        concat!("regexp_replace(lower(", $website, "), '^[a-z]+://(www[.])?([^/?#]+).*', '\\2')")
    };
}

/// A company as it is shown.
macro_rules! shown {
    ($company:literal) => {
        concat!(
            "jsonb_build_object('id', ",
            $company,
            ".id, 'name', ",
            $company,
            ".name, 'email', ",
            $company,
            ".email, 'phone', ",
            $company,
            ".phone, 'website', ",
            $company,
            ".website)"
        )
    };
}

/// Groups of companies with the same value `$by`, which an index has in this order: those after `$1`.
macro_rules! groups {
    ($reason:literal, $score:literal, $by:expr) => {
        sql!(
            "SELECT ",
            $reason,
            ", g.value, ",
            $score,
            "::float8, g.count, g.companies FROM (SELECT ",
            $by,
            " AS value, count(c.id) AS count, (array_agg(",
            shown!("c"),
            " ORDER BY c.created_at, c.id))[1:10] AS companies FROM companies_in_reach AS c WHERE ",
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
    reason: CompanyDuplicateReason,
    after: Option<String>,
    limit: i64,
) -> Statement<Vec<CompanyDuplicateGroup>> {
    let sql = match reason {
        CompanyDuplicateReason::Email => groups!("'email'", "0.9", "lower(c.email)"),
        CompanyDuplicateReason::Phone => groups!("'phone'", "0.8", digits!("c.")),
        CompanyDuplicateReason::Website => groups!("'website'", "0.8", host!("c.website")),
        CompanyDuplicateReason::Name => groups!("'name'", "0.7", "lower(c.name)"),
    };
    reached(reach).with::<Company>().statement(sql).bind(after).bind(limit).many()
}

/// How like another name has to be.
const ALIKE: f64 = 0.5;

/// Companies that may be the same as this one. Each of the ways to find one has an index. Of those with the same name all are
/// looked at, of those whose name is only alike 200.
pub(super) fn like(reach: Reach, company: Company) -> Statement<Vec<CompanyDuplicate>> {
    let digits = company.phone.as_ref().map(|phone| phone_key(phone.as_str())).unwrap_or_default();
    let sql = sql!(
        "SELECT ",
        shown!("e"),
        ", round((1 - (1 - 0.9 * e.same_email) * (1 - 0.8 * e.same_phone) * (1 - 0.8 * e.same_host) * (1 - 0.7 * e.alike))",
        "::numeric, 2)::float8 AS score, ",
        "array_remove(ARRAY[CASE WHEN e.same_email = 1 THEN 'email' END, CASE WHEN e.same_phone = 1 THEN 'phone' END, ",
        "CASE WHEN e.same_host = 1 THEN 'website' END, CASE WHEN e.alike > 0 THEN 'name' END], NULL) ",
        "FROM (SELECT d.id, d.name, d.email, d.phone, d.website, d.same_email, d.same_phone, d.same_host, ",
        "CASE WHEN d.likeness >= $6::float8 THEN d.likeness ELSE 0 END AS alike FROM (",
        "SELECT c.id, c.name, c.email, c.phone, c.website, coalesce(lower(c.email) = lower($2), false)::int AS same_email, ",
        "coalesce(",
        digits!("c."),
        " = nullif($3, ''), false)::int AS same_phone, coalesce(",
        host!("c.website"),
        " = ",
        host!("$4"),
        ", false)::int AS same_host, ",
        "extensions.similarity(lower(regexp_replace(normalize(c.name, NFKD), '[\\u0300-\\u036F]', '', 'g')), $5) AS likeness ",
        "FROM companies_in_reach AS c WHERE c.id <> $1 AND (lower(c.email) = lower($2) ",
        "OR ",
        digits!("c."),
        " = nullif($3, '') OR ",
        host!("c.website"),
        " = ",
        host!("$4"),
        " OR lower(c.name) = lower($7) OR c.id = ANY (ARRAY(SELECT n.id FROM companies_in_reach AS n ",
        "WHERE n.search_text OPERATOR(extensions.%>) $5 LIMIT 200)))) AS d) AS e ",
        "WHERE e.same_email + e.same_phone + e.same_host > 0 OR e.alike > 0 ORDER BY score DESC, e.id LIMIT 50"
    );
    let query = reached(reach).with::<Company>().statement(sql).bind(company.id).bind(company.email).bind(digits);
    let folded = folded(company.name.as_str());
    query.bind(company.website).bind(folded).bind(ALIKE).bind(company.name).many()
}
