//! Making the tenants through the library, and the same DDL bare beside it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use serde::Serialize;
use tenantry_core::identity::{Home, Subject, Tokens};
use tenantry_core::permission::Role;
use tenantry_core::platform::Platform;
use tenantry_core::sql;
use tenantry_core::tenancy::{DbError, Logins, NewTenant, Shard, TenantId, statement};
use tenantry_core::value::{Slug, Text};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::{Outcome, module};

/// A tenant and a session of its owner.
pub(crate) struct Member {
    pub(crate) tenant: TenantId,
    /// The access token.
    pub(crate) token: String,
}

/// What making tenants costs.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Provisioning {
    /// Milliseconds for a tenant, alone; the median.
    pub(crate) ours_ms: f64,
    /// Milliseconds for the bare DDL in one transaction, alone; the median.
    pub(crate) bare_ms: f64,
    /// The median of the pairs' ratios.
    pub(crate) ratio: f64,
    /// Tenants a second, with eight at once.
    pub(crate) per_second: Option<f64>,
}

/// Tenants that are made alone, each beside its bare counterpart.
const ALONE: usize = 20;
const AT_ONCE: usize = 8;

/// Makes the tenants. The first ones alone, each followed by the bare DDL; the rest eight at once.
pub(crate) async fn tenants(
    platform: &Platform,
    logins: &Logins,
    tokens: &Tokens,
    count: usize,
) -> Outcome<(Vec<Member>, Provisioning)> {
    let (admin, connection) = logins.admin().connect(NoTls).await?;
    tokio::spawn(connection);
    let mut members = Vec::with_capacity(count);
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for number in 0..ALONE.min(count) {
        // Taking turns at being first, for the first to touch a page pays for it.
        if number % 2 == 1 {
            bare.push(raise_bare(&admin, platform, logins, number).await?);
        }
        let began = Instant::now();
        members.push(make(platform, tokens, number).await?);
        ours.push(began.elapsed());
        if number % 2 == 0 {
            bare.push(raise_bare(&admin, platform, logins, number).await?);
        }
    }
    for number in 0..ALONE.min(count) {
        drop_bare(&admin, number).await?;
    }
    let per_second = rest(platform, tokens, count, &mut members).await?;
    Ok((members, summary(&ours, &bare, per_second)))
}

async fn rest(platform: &Platform, tokens: &Tokens, count: usize, members: &mut Vec<Member>) -> Outcome<Option<f64>> {
    let (first, began) = (members.len(), Instant::now());
    let next = AtomicUsize::new(first);
    let made = Mutex::new(members);
    let worker = async || loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= count {
            return Outcome::Ok(());
        }
        let member = make(platform, tokens, number).await?;
        made.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(member);
    };
    try_join_all((0..AT_ONCE).map(|_| worker())).await?;
    Ok((count > first + AT_ONCE).then(|| (count - first) as f64 / began.elapsed().as_secs_f64()))
}

fn summary(ours: &[Duration], bare: &[Duration], per_second: Option<f64>) -> Provisioning {
    let millis = |times: &[Duration]| times.iter().map(|time| time.as_secs_f64() * 1e3).collect::<Vec<_>>();
    let ratios = ours.iter().zip(bare).map(|(ours, bare)| ours.as_secs_f64() / bare.as_secs_f64()).collect();
    Provisioning {
        ours_ms: crate::report::median(millis(ours)),
        bare_ms: crate::report::median(millis(bare)),
        ratio: crate::report::median(ratios),
        per_second,
    }
}

/// Ids that are the same in each run and as evenly spread as random ones.
fn id(kind: u64, number: usize) -> Uuid {
    let mix = |n: u64| {
        let x = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    };
    let seed = kind << 48 | (number as u64 + 1) << 1;
    Uuid::from_u64_pair(mix(seed), mix(seed + 1))
}

/// A hash that was made once, of no password that matters: what hashing costs is not measured here.
const PASSWORD_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$YmVuY2hiZW5jaGJlbmNo$8yYtYoxsxLYoCEyxTFSIY4AqJjPbOBzq1fSZkM5jZ5Y";

/// A tenant with an owner and a session, all in one transaction, as signing up does it.
async fn make(platform: &Platform, tokens: &Tokens, number: usize) -> Outcome<Member> {
    let (tenant, user, session) = (TenantId::from(id(1, number)), id(2, number), id(3, number));
    let new = NewTenant {
        id: tenant,
        slug: Slug::parse(&format!("bench-{number}"))?,
        name: Text::parse(&format!("Bench {number}"))?,
        modules: vec![module::NAME],
    };
    let shard = platform.tenants().create(&new, async |tx| {
        let insert = sql!("INSERT INTO users (id, email, name, password_hash) VALUES ($1, $2, 'Owner', $3)");
        let email = format!("owner@bench-{number}.example");
        tx.run(statement(insert).bind(user).bind(email).bind(PASSWORD_HASH).done()).await?;
        let insert = sql!("INSERT INTO memberships (user_id, tenant_id, role) VALUES ($1, $2, 'owner')");
        tx.run(statement(insert).bind(user).bind(tenant).done()).await?;
        let insert = sql!(
            "INSERT INTO sessions (id, user_id, tenant_id, role, tenant_status, expires_at) ",
            "VALUES ($1, $2, $3, 'owner', 'provisioning', now() + interval '1 day')"
        );
        tx.run(statement(insert).bind(session).bind(user).bind(tenant).done()).await?;
        Ok::<_, DbError>(())
    });
    let shard = shard.await?;
    let home = Home { tenant, shard, role: Role::Owner.into() };
    let token = tokens.sign(&Subject { user, session, home: Some(home), support: false })?;
    Ok(Member { tenant, token })
}

/// What provisioning comes down to: role, schema, fence, each migration's text and the grants, in one message.
fn bare_sql(platform: &Platform, logins: &Logins, tenant: TenantId) -> String {
    let schema = tenant.schema();
    let login = logins.runtime_name(Shard(0));
    let wanted = platform.modules().iter().filter(|module| module.required || module.name == module::NAME);
    let migrations: Vec<&str> = wanted.flat_map(|module| module.migrations).map(|(_, sql)| *sql).collect();
    format!(
        "BEGIN; CREATE ROLE {schema} NOLOGIN; GRANT {schema} TO \"{login}\"; CREATE SCHEMA {schema};
         CREATE TABLE {schema}.fence (tenant_id uuid PRIMARY KEY); INSERT INTO {schema}.fence VALUES ('{tenant}');
         SET LOCAL search_path TO {schema};
         {}
         REVOKE ALL ON SCHEMA {schema} FROM PUBLIC; GRANT USAGE ON SCHEMA {schema} TO {schema};
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {schema};
         REVOKE ALL ON {schema}.fence FROM {schema}; GRANT SELECT ON {schema}.fence TO {schema};
         COMMIT",
        migrations.join(";\n")
    )
}

async fn raise_bare(admin: &Client, platform: &Platform, logins: &Logins, number: usize) -> Outcome<Duration> {
    let sql = bare_sql(platform, logins, TenantId::from(id(9, number)));
    let began = Instant::now();
    admin.batch_execute(&sql).await?;
    Ok(began.elapsed())
}

async fn drop_bare(admin: &Client, number: usize) -> Outcome<()> {
    let schema = TenantId::from(id(9, number)).schema();
    let sql = format!("SET client_min_messages = 'error'; DROP SCHEMA {schema} CASCADE; DROP ROLE {schema}");
    Ok(admin.batch_execute(&sql).await?)
}
