//! The job that offers what has become free to the first whom it fits, and ends what was held for too long.

use serde_json::json;
use tenantry_core::module::Job;
use tenantry_core::notify::{Notice, time_zone};
use tenantry_core::sql;
use tenantry_core::tenancy::{DbError, TenantTx};
use tenantry_core::worker::TenantWork;
use time::{Duration, OffsetDateTime};

use super::{WaitlistId, WaitlistStatus, store};
use crate::appointments::{self, Appointment, AppointmentId, AppointmentStatus};
use crate::notices::SLOT_OFFERED;
use crate::patients::PatientId;

/// Each five minutes: it visits every clinic, so it does not come up more often than somebody would notice.
pub(crate) const OFFER_SLOTS: Job =
    Job { name: "offer-slots", schedule: "*/5 * * * *", run: |work| Box::pin(offer_slots(work)) };

/// How many times are offered at once, and how many patients are tried for each.
const AT_ONCE: i64 = 50;
const TRIED: i64 = 3;
/// For how many minutes a time is held for who is offered it; not longer than until an hour before it begins.
const HELD: i64 = 120;
const LAST: Duration = Duration::hours(1);

async fn offer_slots(work: &TenantWork) -> Result<(), DbError> {
    work.transaction(async |tx| end(work, tx).await).await?;
    let freed = work.read(store::freed(work.reach(), AT_ONCE)).await?;
    for (id,) in freed {
        // Each by itself: what goes wrong with one is no other's.
        work.transaction(async |tx| offer(work, tx, id.into()).await).await?;
    }
    Ok(())
}

/// Ends what was held for too long. The patient of an offer waits on, and its time is offered to the next.
async fn end(work: &TenantWork, tx: &mut TenantTx) -> Result<(), DbError> {
    let reach = work.reach();
    let over = tx.run(appointments::over(reach)).await?;
    if over.is_empty() {
        return Ok(());
    }
    let now = OffsetDateTime::now_utc();
    let row = |appointment: &Appointment| {
        let freed = OffsetDateTime::from(appointment.starts_at) > now;
        json!({ "id": appointment.id, "status": AppointmentStatus::Cancelled, "freed": freed })
    };
    let columns = [sql!("status"), sql!("freed")];
    tx.run(appointments::set_all(reach, &columns, over.iter().map(row).collect())).await?;
    let entries: Vec<WaitlistId> = over.iter().filter_map(|appointment| appointment.waitlist_id).collect();
    tx.run(store::wait_on(reach, &entries)).await
}

/// Offers a time to the first whom it fits and who is free.
async fn offer(work: &TenantWork, tx: &mut TenantTx, id: AppointmentId) -> Result<(), DbError> {
    let reach = work.reach();
    let Some(of) = tx.run(appointments::lock(reach, id)).await? else { return Ok(()) };
    tx.run(appointments::freed(reach, &[id], false)).await?;
    let left = OffsetDateTime::from(of.starts_at) - LAST - OffsetDateTime::now_utc();
    let minutes = i32::try_from(left.whole_minutes().min(HELD)).unwrap_or(0);
    if minutes < 1 || of.status.blocks() {
        return Ok(());
    }
    for (entry, patient) in tx.run(store::fitting(reach, &of, TRIED)).await? {
        if hold(work, tx, &of, (entry, patient), minutes).await? {
            return Ok(());
        }
    }
    Ok(())
}

/// Holds a time for somebody who waits, and tells them. Not where it is taken, by others or of the patient.
async fn hold(
    work: &TenantWork,
    tx: &mut TenantTx,
    of: &Appointment,
    (entry, patient): (WaitlistId, PatientId),
    minutes: i32,
) -> Result<bool, DbError> {
    let reach = work.reach();
    let waits = tx.run(store::lock(reach, entry)).await?;
    if waits.is_none_or(|entry| entry.status != WaitlistStatus::Waiting) {
        return Ok(false);
    }
    let draft = appointments::offer(of, patient, entry, minutes);
    let Ok(held) = appointments::hold(tx, reach, draft, None).await else { return Ok(false) };
    tx.run(store::offer(reach, entry, held.id, held.held_until)).await?;
    let zone = tx.run(time_zone()).await?;
    let told = tx.run(appointments::told(reach, vec![held.id.as_uuid()])).await?;
    let notices = told.iter().filter_map(|told| {
        let until = held.held_until.map(|at| told.clock(&zone).written(at.into())).unwrap_or_default();
        let notice = Notice::new(&SLOT_OFFERED, told.to()?).with("name", told.name()).with("when", told.when(&zone));
        Some(notice.with("until", until).with("place", told.place()))
    });
    tx.run(work.notify().post_all(notices)).await?;
    Ok(true)
}
