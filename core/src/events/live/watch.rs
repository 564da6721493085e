//! Who may still listen: asked for all of them at once, each moment.

use std::collections::HashSet;
use std::time::{Duration, Instant, SystemTime};

use super::seats::Standing;
use super::{Ending, store};
use crate::platform::Platform;
use crate::tenancy::DbError;

/// How soon a lost access is noticed. It leaves time for the question itself, and for a farewell, within a second.
const PERIOD: Duration = Duration::from_millis(700);
/// For how long it goes on when nobody listens any more: most come back at once.
const IDLE: Duration = Duration::from_secs(30);

/// Asks until nobody has been listening for a while.
pub(super) async fn keep(platform: &Platform) {
    let live = platform.live();
    let mut used = Instant::now();
    loop {
        let began = Instant::now();
        let standings = live.seats().standings();
        if standings.is_empty() {
            if used.elapsed() > IDLE && live.seats().may_rest() {
                live.checked.send_replace(None);
                return;
            }
        } else {
            used = began;
            match lost(platform, standings).await {
                Ok(lost) => {
                    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.as_secs());
                    live.seats().end_where(|guest, standing| match standing {
                        _ if lost.contains(standing) => Some(Ending::Access),
                        _ if guest.expires <= now => Some(Ending::Expired),
                        _ => None,
                    });
                    live.checked.send_replace(Some(began));
                }
                // Nobody is told anything meanwhile: see `settled`.
                Err(error) => tracing::warn!(error = error.diagnosis(), "cannot ask who may still listen"),
            }
        }
        tokio::time::sleep(PERIOD.saturating_sub(began.elapsed())).await;
    }
}

async fn lost(platform: &Platform, standings: Vec<Standing>) -> Result<HashSet<Standing>, DbError> {
    let sessions = standings.iter().map(|(session, _, _)| *session).collect();
    let tenants = standings.iter().map(|(_, tenant, _)| tenant.as_uuid()).collect();
    let roles = standings.iter().map(|(_, _, role)| role.to_string()).collect();
    let lost = platform.db().run(store::lost(sessions, tenants, roles)).await?;
    let number = |(number,): (i64,)| usize::try_from(number).ok()?.checked_sub(1);
    Ok(lost.into_iter().filter_map(number).filter_map(|index| standings.get(index).copied()).collect())
}

/// Waits until it has been asked within the last second who may still listen, so that nobody is told who may not, also
/// where the database could not be asked for a while.
pub(super) async fn settled(platform: &Platform) {
    let mut checked = platform.live().checked.subscribe();
    let recent = |at: &Option<Instant>| at.is_some_and(|at| at.elapsed() < Duration::from_secs(1));
    let _ = checked.wait_for(recent).await;
}
