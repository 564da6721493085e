//! The SQL of slots: who offers a service, and what else it takes.

use tenantry_core::sql;
use tenantry_core::tenancy::{Query, statement};

use crate::locations::LocationId;
use crate::practitioners::PractitionerId;
use crate::rooms::RoomId;
use crate::services::ServiceId;

/// What slots are asked for.
pub(super) struct Asked {
    pub(super) service: ServiceId,
    pub(super) practitioner: Option<PractitionerId>,
    pub(super) room: Option<RoomId>,
    pub(super) location: Option<LocationId>,
    pub(super) device: Option<RoomId>,
    pub(super) online: bool,
}

/// The resources of each practitioner who offers a service: seat 0 is the practitioner, seat 1 the room or any of a location, seat 2 the
/// device.
pub(super) fn chosen(asked: Asked) -> Query {
    let Asked { service, practitioner, room, location, device, online } = asked;
    statement(sql!(
        "SELECT o.practitioner_id AS option_id, coalesce(n.seat, 0) AS seat, ",
        "1 + (coalesce($3::uuid, $4::uuid) IS NOT NULL)::int + ($5::uuid IS NOT NULL)::int AS seats, ",
        "s.buffer_before_minutes AS minutes_before, s.buffer_after_minutes AS minutes_after, ",
        "s.duration_minutes AS minutes, s.id AS group_of, s.capacity AS places, n.resource_id, ",
        "CASE WHEN $6 THEN now() + make_interval(mins => s.min_notice_minutes) END AS not_before, ",
        "CASE WHEN $6 THEN now() + make_interval(days => s.max_days_ahead) END AS not_after FROM services s ",
        "LEFT JOIN service_practitioners o ON o.service_id = s.id AND s.active AND (s.bookable_online OR NOT $6) ",
        "AND (o.practitioner_id = $2 OR $2::uuid IS NULL) ",
        "LEFT JOIN LATERAL (SELECT 0 AS seat, p.id AS resource_id FROM practitioners p ",
        "WHERE p.id = o.practitioner_id AND p.active ",
        "UNION ALL SELECT 1, r.id FROM rooms r WHERE r.active AND r.kind = 'room' ",
        "AND (r.id = $3 OR (r.location_id = $4 AND $3::uuid IS NULL)) ",
        "UNION ALL SELECT 2, r.id FROM rooms r WHERE r.active AND r.kind = 'device' AND r.id = $5) n ",
        "ON o.practitioner_id IS NOT NULL WHERE s.id = $1"
    ))
    .bind(service)
    .bind(practitioner)
    .bind(room)
    .bind(location)
    .bind(device)
    .bind(online)
}
