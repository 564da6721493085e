//! What the descriptor says of viewings: what happens to them is heard, and can be undone as long as the calendar says the same.

use tenantry_core::events::{EventSource, Refers, Settable, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;
use tenantry_core::tenancy::{Fragment, Reach, Refusal, Statement, reached};
use tenantry_core::value::Prose;
use uuid::Uuid;

use super::Viewing;
use crate::{ViewingsRead, ViewingsWrite};

pub(crate) const VIEWINGS: EventSource = EventSource {
    name: "viewing",
    resource: "viewings",
    read: &ViewingsRead::INFO,
    undo: Some(Undoable {
        table: sql!("viewings"),
        columns: sql!(
            "id, listing_id, property_id, applicant_id, agent_id, status, starts_at, ends_at, accompanied, travel_minutes, ",
            "capacity, booking_id, occupier_told_at, note, cancel_reason, interest, rating, feedback, version, created_at, ",
            "updated_at"
        ),
        writes: &[&ViewingsWrite::INFO],
        refers: &[
            Refers { column: sql!("listing_id"), table: sql!("listings") },
            Refers { column: sql!("property_id"), table: sql!("properties") },
            Refers { column: sql!("applicant_id"), table: sql!("contacts") },
            Refers { column: sql!("booking_id"), table: sql!("bookings") },
        ],
        unique: &[],
        kept_by: &[],
        bound: Some(BOOKED),
        follow: Some(as_booked),
        settable: &[Settable::of::<Option<Prose<2000>>>("note")],
    }),
};

/// What the calendar says too: when one is, whose it is, and that it takes place. Of one that is cancelled it says nothing, so that comes
/// and goes.
const BOOKED: Fragment = sql!(
    "CASE r.action WHEN 'recreate' THEN (SELECT j.before ->> 'status' FROM journal j ",
    "WHERE j.id = r.sources[array_position(r.fields, 'status')]) IS DISTINCT FROM 'cancelled' ",
    "WHEN 'delete' THEN (SELECT j.after ->> 'status' FROM journal j WHERE j.record = r.record AND j.resource = r.resource ",
    "AND j.after ? 'status' ORDER BY j.number DESC LIMIT 1) IS DISTINCT FROM 'cancelled' ",
    "ELSE EXISTS (SELECT 1 FROM unnest(r.fields, r.stands) AS f (name, stand) WHERE f.name <> ALL (r.held) ",
    "AND (f.name IN ('starts_at', 'ends_at', 'agent_id', 'accompanied', 'travel_minutes', 'booking_id') ",
    "OR f.name = 'status' AND (SELECT j.after ->> 'status' FROM journal j WHERE j.id = f.stand) = 'cancelled')) END"
);

const NOT_AS_BOOKED: Refusal = Refusal::InTheWay {
    code: "not_as_booked",
    detail: "The calendar does not say so: the time of a viewing would be another one than what is booked for it. Ask for the viewing \
             anew, move it or cancel it instead.",
};

/// Refuses, by a rule of the calendars, where a viewing would not be as it is booked: a calendar is somebody's.
fn as_booked(_: Reach, _: Uuid, ids: Vec<Uuid>) -> Statement<()> {
    let other = reached(Reach::of_consequences()).with::<Viewing>().statement(sql!(
        "INSERT INTO viewing_calendars (id) SELECT b.id FROM bookings b ",
        "LEFT JOIN viewings_in_reach v ON v.booking_id = b.id AND v.status <> 'cancelled' ",
        "WHERE (b.id = ANY ($1) OR b.id IN (SELECT w.booking_id FROM viewings_in_reach w WHERE w.id = ANY ($1))) ",
        "AND CASE WHEN v.id IS NULL THEN b.status = 'booked' ",
        "ELSE b.status <> 'booked' OR b.starts_at <> v.starts_at OR b.ends_at <> v.ends_at OR v.accompanied AND NOT EXISTS ",
        "(SELECT 1 FROM viewing_calendars c WHERE c.agent_id = v.agent_id AND c.id = ANY (b.resource_ids)) END LIMIT 1"
    ));
    other.bind(ids).done().refused_by("viewing_calendars_whose_check", NOT_AS_BOOKED)
}
