//! Reminding patients of their appointments: once, a day before; at the new time of one that was moved, and not of one that is over.

use serde_json::json;
use tenantry_core::crm::contacts::Contact;
use tenantry_core::module::Job;
use tenantry_core::notify::{Destination, Notice, time_zone};
use tenantry_core::tenancy::{DbError, Reach, Statement, TenantTx, many, reached};
use tenantry_core::value::{Clock, Moment, TimeZone};
use tenantry_core::worker::TenantWork;
use tenantry_core::{row, sql};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Appointment, AppointmentId, AppointmentStatus, store};
use crate::notices::APPOINTMENT_REMINDER;
use crate::patients::Patient;

/// Each five minutes.
pub(crate) const REMIND: Job = Job { name: "remind", schedule: "*/5 * * * *", run: |work| Box::pin(remind(work)) };

/// Reminders at once.
const AT_ONCE: i64 = 200;
/// How long before patients are reminded: the first of these that is still to come.
const BEFORE: [Duration; 2] = [Duration::hours(24), Duration::hours(2)];

/// When the patient of an appointment is reminded; none where there is no time left for it.
pub(super) fn when(starts_at: OffsetDateTime) -> Option<Moment> {
    let now = OffsetDateTime::now_utc();
    let at = BEFORE.iter().map(|before| starts_at - *before).find(|at| *at > now)?;
    Moment::try_from(at).ok()
}

/// Whom to tell of an appointment, and where that is. The guardian of who has one.
pub(crate) struct Told {
    id: AppointmentId,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    place: Option<String>,
    zone: Option<TimeZone>,
    starts_at: OffsetDateTime,
}
row!(Told { id, name, email, phone, place, zone, starts_at });

impl Told {
    /// Where a letter goes: by e-mail, or by text message where there is no address or none is wanted there.
    pub(crate) fn to(&self) -> Option<Destination> {
        [&self.email, &self.phone].into_iter().flatten().find_map(|address| Destination::parse(address).ok())
    }

    /// Whose name it is to.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Where the appointment is.
    pub(crate) fn place(&self) -> &str {
        self.place.as_deref().unwrap_or_default()
    }

    /// When the appointment is, by the clock of the location, or the organization's.
    pub(crate) fn when(&self, own: &TimeZone) -> String {
        self.clock(own).written(self.starts_at)
    }

    /// The clock by which times are written.
    pub(crate) fn clock(&self, own: &TimeZone) -> Clock {
        Clock::of_or_utc(self.zone.as_ref().unwrap_or(own))
    }
}

/// Whom to tell of these appointments. An address at which somebody wants no letters is left out.
pub(crate) fn told(reach: Reach, ids: Vec<Uuid>) -> Statement<Vec<Told>> {
    let told = sql!(
        "SELECT a.id, c.display_name, (SELECT c.email WHERE NOT EXISTS (SELECT 1 FROM notification_consents n ",
        "WHERE n.address = lower(c.email) AND n.purpose = 'transactional' AND NOT n.granted)), ",
        "(SELECT c.phone WHERE NOT EXISTS (SELECT 1 FROM notification_consents n ",
        "WHERE n.address = c.phone AND n.purpose = 'transactional' AND NOT n.granted)), ",
        "l.name, l.time_zone, a.starts_at FROM appointments_in_reach a JOIN patients_in_reach p ON p.id = a.patient_id ",
        "JOIN contacts_in_reach c ON c.id = coalesce(p.guardian_contact_id, p.contact_id) ",
        "LEFT JOIN rooms r ON r.id = a.room_id LEFT JOIN locations l ON l.id = r.location_id WHERE a.id = ANY ($1)"
    );
    let told = reached(reach).with::<Appointment>().with::<Patient>().with::<Contact>().statement(told);
    told.bind(ids).many()
}

/// The next that are due.
fn due(reach: Reach) -> Statement<Vec<(Uuid,)>> {
    let due = sql!(
        "SELECT a.id FROM appointments_in_reach a WHERE a.status = 'booked' AND a.remind_at <= now() ",
        "AND a.starts_at > now() ORDER BY a.remind_at, a.id LIMIT $1"
    );
    reached(reach).with::<Appointment>().statement(due).bind(AT_ONCE).many()
}

async fn remind(work: &TenantWork) -> Result<(), DbError> {
    while work.transaction(async |tx| some(work, tx).await).await? >= AT_ONCE {}
    Ok(())
}

/// Reminds of some, and counts them. They are locked, so whoever comes at the same time finds that it is done.
async fn some(work: &TenantWork, tx: &mut TenantTx) -> Result<i64, DbError> {
    let reach = work.reach();
    let ids = tx.run(due(reach)).await?.into_iter().map(|(id,)| id).collect();
    let now = OffsetDateTime::now_utc();
    let is_due = |appointment: &Appointment| {
        appointment.status == AppointmentStatus::Booked
            && appointment.remind_at.is_some_and(|at| OffsetDateTime::from(at) <= now + Duration::minutes(1))
    };
    let mut locked = tx.run(many::<Appointment>(reach).lock(ids)).await?;
    locked.retain(is_due);
    if locked.is_empty() {
        return Ok(0);
    }
    let ids: Vec<Uuid> = locked.iter().map(|appointment| appointment.id.as_uuid()).collect();
    let count = i64::try_from(ids.len()).unwrap_or(AT_ONCE);
    let zone = tx.run(time_zone()).await?;
    let told = tx.run(told(reach, ids)).await?;
    let at = Moment::try_from(now).ok();
    // Who has no address is not told, and nobody says so.
    let is_told = |id: AppointmentId| told.iter().any(|told| told.id == id && told.to().is_some());
    let row = |appointment: &Appointment| json!({ "id": appointment.id, "reminded_at": at.filter(|_| is_told(appointment.id)) });
    let columns = [sql!("remind_at"), sql!("reminded_at")];
    tx.run(store::set_all(reach, &columns, locked.iter().map(row).collect())).await?;
    let notices = told.iter().filter_map(|told| {
        let notice = Notice::new(&APPOINTMENT_REMINDER, told.to()?);
        Some(
            notice
                .with("name", told.name())
                .with("when", told.when(&zone))
                .with("place", told.place())
                .with("phone", ""),
        )
    });
    tx.run(work.notify().post_all(notices)).await?;
    Ok(count)
}
