//! How often something may be tried: counted in the database, so that all server processes count together.

use std::net::IpAddr;
use std::time::Duration;

use aws_lc_rs::digest;
use poem::Request;

use crate::config::Allowance;
use crate::http::{ApiError, ClientAddr, Quota};
use crate::platform::PlatformDb;
use crate::sql;
use crate::tenancy::{Statement, statement};

/// One kind of thing that somebody tries, and how often that is allowed.
#[derive(Clone)]
pub(crate) struct Attempt {
    what: &'static str,
    key: Vec<u8>,
    allowance: Allowance,
}

impl Attempt {
    /// `what` names the thing, `who` all that is counted together: an account, a network, or both.
    pub(crate) fn new(what: &'static str, who: &[&str], allowance: Allowance) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        for part in [what].iter().chain(who) {
            context.update(&part.len().to_be_bytes());
            context.update(part.as_bytes());
        }
        Self { what, key: context.finish().as_ref().to_vec(), allowance }
    }

    /// Counts a try before it is made, so that of many at once no more than are allowed go on.
    ///
    /// # Errors
    /// 429 where this was one too many.
    pub(crate) async fn begin(&self, db: &PlatformDb) -> Result<(), ApiError> {
        self.refuse(db.run(self.count()).await?)
    }

    /// Asks whether another try is allowed, and counts none.
    ///
    /// # Errors
    /// 429 where it is not.
    pub(crate) async fn check(&self, db: &PlatformDb) -> Result<(), ApiError> {
        self.refuse(db.run(self.wait()).await?)
    }

    /// Counts a try, and tells how many seconds to wait where it was one too many.
    ///
    /// A few counts that are over go with each new one, so the table never holds more than what is being tried.
    fn count(&self) -> Statement<Option<(f64,)>> {
        statement(sql!(
            "WITH swept AS (DELETE FROM attempts WHERE key IN (SELECT key FROM attempts WHERE until < now() ",
            "AND key <> $1 ORDER BY until LIMIT 10 FOR UPDATE SKIP LOCKED)), ",
            "counted AS (INSERT INTO attempts AS a (key, tries, until) ",
            "VALUES ($1, 1, now() + $3 * interval '1 second') ON CONFLICT (key) DO UPDATE SET ",
            "tries = CASE WHEN a.until <= now() THEN 1 ELSE least(a.tries + 1, 1000000000) END, ",
            "until = CASE WHEN a.until <= now() THEN excluded.until ELSE a.until END RETURNING tries, until) ",
            "SELECT extract(epoch FROM until - now())::float8 FROM counted WHERE tries > $2"
        ))
        .bind(self.key.clone())
        .bind(self.allowance.tries)
        .bind(self.allowance.within.as_secs_f64())
        .optional()
    }

    fn wait(&self) -> Statement<Option<(f64,)>> {
        statement(sql!(
            "SELECT extract(epoch FROM until - now())::float8 FROM attempts ",
            "WHERE key = $1 AND tries >= $2 AND until > now()"
        ))
        .bind(self.key.clone())
        .bind(self.allowance.tries)
        .optional()
    }

    /// Forgets one try that was not made after all.
    pub(crate) fn take_back(&self) -> Statement<()> {
        statement(sql!("UPDATE attempts SET tries = tries - 1 WHERE key = $1 AND tries > 1"))
            .bind(self.key.clone())
            .done()
    }

    /// Forgets all tries so far.
    pub(crate) fn forgive(&self) -> Statement<()> {
        statement(sql!("DELETE FROM attempts WHERE key = $1")).bind(self.key.clone()).done()
    }

    fn refuse(&self, wait: Option<(f64,)>) -> Result<(), ApiError> {
        let Some((seconds,)) = wait else { return Ok(()) };
        let Allowance { tries, within } = self.allowance;
        let quota = Quota { name: self.what, tries: tries.into(), within };
        Err(ApiError::too_many_requests(quota, Duration::from_secs_f64(seconds.clamp(1.0, 86_400.0))))
    }
}

/// The network that a request comes from, as it is counted: an address of IPv4, or the /64 that one line of IPv6 has.
pub(crate) fn network(request: &Request) -> String {
    match request.data::<ClientAddr>() {
        Some(ClientAddr(IpAddr::V4(address))) => address.to_string(),
        Some(ClientAddr(IpAddr::V6(address))) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        None => "unknown".to_owned(),
    }
}
