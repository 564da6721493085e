//! Filling the tenants with contacts, and with what the join needs.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use futures_util::future::try_join_all;
use tenantry_core::embedded::Cluster;
use tenantry_core::platform::connect;

use crate::Outcome;
use crate::bed::DATABASE;
use crate::provision::Member;

/// The n-th record of any kind has the id 00000000-0000-0000-0000-00000000000n, written in decimal digits.
pub(crate) fn record_id(number: u32) -> String {
    format!("00000000-0000-0000-0000-{number:012}")
}

/// Fills all tenants, then makes statistics and a checkpoint: nothing is left to be done while it is measured.
pub(crate) async fn all(cluster: &Cluster, members: &[Member], contacts: u32) -> Outcome<()> {
    eprintln!("filling each with {contacts} contacts and as many deals");
    let began = Instant::now();
    let next = AtomicUsize::new(0);
    let worker = async || {
        let client = connect(cluster, DATABASE).await?;
        while let Some(member) = members.get(next.fetch_add(1, Ordering::Relaxed)) {
            client.batch_execute(&sql(member, contacts)).await?;
        }
        Outcome::Ok(())
    };
    try_join_all((0..2).map(|_| worker())).await?;
    connect(cluster, DATABASE).await?.batch_execute("VACUUM ANALYZE").await?;
    connect(cluster, DATABASE).await?.batch_execute("CHECKPOINT").await?;
    eprintln!("filled in {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}

fn sql(member: &Member, contacts: u32) -> String {
    let schema = member.tenant.schema();
    let companies = contacts.div_ceil(10);
    format!(
        "BEGIN; SET LOCAL synchronous_commit = off; SET LOCAL search_path TO {schema};
         INSERT INTO contacts (id, first_name, last_name, email, phone, company, notes, created_at, updated_at)
         SELECT lpad(n::text, 32, '0')::uuid, 'Given' || n % 97, 'Family' || n, 'person' || n || '@example.com',
             '+49 30 ' || 1000000 + n, 'Company ' || n % {companies}, 'Met at the fair, wants to hear from us in week ' || n % 52,
             now() - ({contacts} - n) * interval '1 minute', now() - ({contacts} - n) * interval '1 minute'
         FROM generate_series(1, {contacts}) n;
         INSERT INTO bench_stages SELECT n, 'Stage ' || n, n * 15 FROM generate_series(1, 6) n;
         INSERT INTO bench_companies
         SELECT lpad(n::text, 32, '0')::uuid, 'Company ' || n, 'City ' || n % 40 FROM generate_series(1, {companies}) n;
         INSERT INTO bench_deals (id, title, amount, stage_id, contact_id, company_id)
         SELECT lpad(n::text, 32, '0')::uuid, 'Deal number ' || n, n * 1000, 1 + n % 6,
             lpad((1 + n * 7 % {contacts})::text, 32, '0')::uuid, lpad((1 + n % {companies})::text, 32, '0')::uuid
         FROM generate_series(1, {contacts}) n;
         COMMIT"
    )
}
