//! A large organization: its people, companies and deals.

use std::time::Instant;

use tenantry_core::tenancy::SchemaName;

use crate::Outcome;
use crate::bed::Bed;

/// A deal for so many contacts, a company for so many.
pub(super) const CONTACTS_PER_DEAL: u32 = 5;
const CONTACTS_PER_COMPANY: u32 = 10;

/// Words that names are made of; what is searched for is one of them, whole or misspelt.
pub(super) const NAMES: [&str; 32] = [
    "Lovelace",
    "Hopper",
    "Turing",
    "Noether",
    "Gauss",
    "Euler",
    "Curie",
    "Meitner",
    "Franklin",
    "Darwin",
    "Galilei",
    "Kepler",
    "Newton",
    "Leibniz",
    "Pascal",
    "Fermat",
    "Riemann",
    "Hilbert",
    "Banach",
    "Ramanujan",
    "Germain",
    "Kovalevskaya",
    "Dirac",
    "Fermi",
    "Heisenberg",
    "Bohr",
    "Planck",
    "Boltzmann",
    "Maxwell",
    "Faraday",
    "Ampere",
    "Volta",
];
pub(super) const COMPANIES: [&str; 16] = [
    "Harbour", "Mountain", "River", "Forest", "Castle", "Garden", "Bridge", "Market", "Station", "Meadow", "Village",
    "Island", "Desert", "Canyon", "Glacier", "Prairie",
];

/// Fills the tenant up to so many contacts, of which `from` are there. The triggers are off: what is made here is in no journal.
pub(super) async fn fill(bed: &Bed, schema: &SchemaName, from: u32, to: u32) -> Outcome<()> {
    let began = Instant::now();
    let database = bed.superuser();
    let array = |words: &[&str]| format!("'{{{}}}'::text[]", words.join(","));
    let (names, companies) = (array(&NAMES), array(&COMPANIES));
    let (names_count, companies_count) = (NAMES.len(), COMPANIES.len());
    let sql = format!(
        "BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off;
         SET LOCAL search_path TO {schema};
         INSERT INTO companies (id, name, created_at, updated_at)
         SELECT lpad(n::text, 32, '0')::uuid, ({companies})[1 + n % {companies_count}] || ' ' || n,
             now() - n * interval '1 minute', now() - n * interval '1 minute'
         FROM generate_series({from} / {CONTACTS_PER_COMPANY} + 1, {to} / {CONTACTS_PER_COMPANY}) n;
         INSERT INTO contacts (id, first_name, last_name, email, phone, company, notes, tags, created_at, updated_at)
         SELECT lpad(n::text, 32, '0')::uuid, ({names})[1 + n * 7 % {names_count}],
             ({names})[1 + n / 3 % {names_count}] || ' ' || to_hex(n), 'person' || n || '@example.com',
             '+4930' || 1000000 + n, ({companies})[1 + n % {companies_count}] || ' ' || n / {CONTACTS_PER_COMPANY},
             'Met at the fair, wants to hear from us in week ' || n % 52, ARRAY['tag ' || n % 200],
             now() - n * interval '1 minute', now() - n * interval '1 minute'
         FROM generate_series({from} + 1, {to}) n;
         INSERT INTO deals (id, title, pipeline_id, stage_id, status, amount, currency, expected_close, contact_id,
             company_id, lost_reason, stage_since, closed_at, created_at, updated_at)
         SELECT lpad(n::text, 32, '0')::uuid, ({names})[1 + n % {names_count}] || ' ' || n, s.pipeline_id, s.id, s.kind,
             n % 9000, 'EUR', now()::date + n % 300 - 100, lpad((n * {CONTACTS_PER_DEAL})::text, 32, '0')::uuid, NULL,
             CASE s.kind WHEN 'lost' THEN 'too dear' END, now() - n * interval '5 minutes',
             CASE WHEN s.kind <> 'open' THEN now() - n * interval '5 minutes' END, now() - n * interval '6 minutes', now()
         FROM generate_series({from} / {CONTACTS_PER_DEAL} + 1, {to} / {CONTACTS_PER_DEAL}) n
         JOIN stages s ON s.position = CASE WHEN n % 10 < 2 THEN 0 WHEN n % 10 < 4 THEN 1 WHEN n % 10 < 7 THEN 2 ELSE 3 END;
         COMMIT"
    );
    database.batch_execute(&sql).await?;
    // What autovacuum does in time: statistics, and what indexes of words have put off.
    database.batch_execute("VACUUM ANALYZE").await?;
    database.batch_execute("CHECKPOINT").await?;
    eprintln!("filled up to {to} contacts in {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}
