//! Strings that break out of SQL, templates, paths and headers elsewhere, in every place that takes a text.

use tenantry_core::testing::Reply;

use super::call::Call;
use super::document::{Operation, Place, Scope, kind};
use super::snapshot::count;
use super::world::World;
use super::{appointments, clinic, handover, real_estate, viewings};

const STRINGS: [&str; 7] = [
    "'; DELETE FROM contacts; --                          ",
    "\\'); RESET ROLE; COMMIT; SELECT $1, $$x$$, \"id\" FROM fence /*",
    "x' OR '1'='1",
    "%' UNION SELECT version(), 1 %s%n%_ ::int",
    "${7*7}{{7*7}}<script>alert(1)</script>",
    "../../etc/passwd\r\nSet-Cookie: a=b",
    "\u{202e}\u{feff}\u{1f993}\u{fffd}\u{7f}\u{85}\u{2028}",
];

/// Headers that something on the way reads.
const HEADERS: [&str; 6] =
    ["accept-language", "user-agent", "x-request-id", "x-forwarded-for", "origin", "if-none-match"];

/// What no answer may hold: each would tell how the inside is built.
const INSIDES: [&str; 12] = [
    "pg_",
    "tokio",
    "panicked",
    "SELECT ",
    "INSERT ",
    "relation ",
    "syntax error",
    "SQLSTATE",
    ".rs:",
    "platform.",
    "/src/",
    "poem",
];

/// No string does anything but stand where it was put, or be refused.
#[tokio::test]
async fn a_string_is_a_string_everywhere() {
    let world = World::start().await;
    world.fill(&world.b).await;
    let foreign = world.snapshot(&world.a).await;

    let (mut attacks, mut faults) = (0, Vec::new());
    for operation in &world.document.operations {
        let (tried, other) = attack(&world, operation).await;
        attacks += tried;
        faults.extend(other);
    }

    assert!(faults.is_empty(), "other rows than meant:\n{}", faults.join("\n"));
    assert_eq!(world.snapshot(&world.a).await, foreign, "A's rows have changed");
    println!("{} operations, {attacks} attacks", world.document.operations.len());
}

/// Attacks one operation and counts the rows: one more for each 201, one less for each 204, and no other
/// change but what is told below. Tells what else there is.
async fn attack(world: &World, operation: &Operation) -> (usize, Option<String>) {
    let mut calls = Vec::new();
    let mut valid = world.valid(&world.b, operation).await;
    for string in strings(operation) {
        for spot in world.document.spots(operation) {
            let takes_text = spot.place != Place::Body || kind(&spot.schema) == Some("string");
            if takes_text && (spot.place != Place::Header || is_printable(string)) {
                calls.push(valid.clone().with(&spot, string));
                valid = again(world, operation, valid).await;
            }
        }
        if is_printable(string) {
            calls.push(HEADERS.iter().fold(valid.clone(), |call, header| call.and(Place::Header, header, string)));
            valid = again(world, operation, valid).await;
        }
    }
    let tenant = world.b.organization.tenant();
    let before = count(&world.superuser, tenant).await;
    let (mut change, mut successes) = (0, 0);
    for call in &calls {
        let reply = world.send(&world.b, world.client(&world.b, operation), call).await;
        check(call, &reply);
        change += intended(operation, &reply);
        successes += usize::from(reply.status.is_success());
    }
    let changed = count(&world.superuser, tenant).await - before;
    let other = (changed != change)
        .then(|| format!("{}: {changed} instead of {change}, by {successes} successes", operation.id));
    (calls.len() + attack_with_tokens(operation, world).await, other)
}

/// The next valid request: what only reads can be asked for as often as one likes, a change needs records of its own.
async fn again(world: &World, operation: &Operation, valid: Call) -> Call {
    if operation.method == reqwest::Method::GET { valid } else { world.valid(&world.b, operation).await }
}

/// All of them, but for what costs a password's hash or makes a tenant each time.
fn strings(operation: &Operation) -> &'static [&'static str] {
    if matches!(operation.scope, Scope::Public | Scope::Operator) { &STRINGS[..2] } else { &STRINGS }
}

fn is_printable(string: &str) -> bool {
    string.bytes().all(|byte| (32..127).contains(&byte))
}

/// How many rows of the tenant's own an answer says were made or deleted.
fn intended(operation: &Operation, reply: &Reply) -> i64 {
    // What identity does stands in the schema `platform`.
    if operation.scope != Scope::Tenant || operation.module.as_deref() == Some("identity") {
        return 0;
    }
    let beside = [appointments::beside, clinic::beside, handover::beside, real_estate::beside, viewings::beside]
        .into_iter()
        .map(|of| of(operation));
    let beside: i64 = if reply.status.is_success() { beside.sum() } else { 0 };
    let own = match reply.status.as_u16() {
        // With its stages.
        201 if operation.id == "pipelines_create" => 5,
        204 if operation.id == "pipelines_delete" => -5,
        201 if operation.id == "merges_create" => -1,
        // With two bookings.
        201 if operation.id == "booking_series_create" => 3,
        // The record, and the undo that it is.
        200 if ["merges_undo", "trash_restore"].contains(&operation.id.as_str()) => 2,
        201 => 1,
        // Somebody put on it.
        204 if operation.id == "projects_members_add" => 1,
        204 if operation.path.ends_with('}') => -1,
        // Each call has an address of its own, and each contact two.
        200 if operation.id == "notification_consents_put" => 1,
        200 if operation.id == "contacts_consents_put" => 2,
        200 if operation.id == "contacts_companies_put" => 1,
        _ => 0,
    };
    own + beside
}

async fn attack_with_tokens(operation: &Operation, world: &World) -> usize {
    let mut attacks = 0;
    for string in STRINGS.iter().filter(|string| operation.scope != Scope::Public && is_printable(string)) {
        let call = Call {
            parameters: Vec::new(),
            template: operation.path.replace(['{', '}'], ""),
            ..Call::new(operation, None)
        };
        let reply = call.send(&world.platform.client(string)).await;
        assert_eq!(reply.status, 401, "{}: {}", operation.id, reply.text);
        attacks += 1;
    }
    attacks
}

fn check(call: &Call, reply: &Reply) {
    let what = format!("{call:?}\n{reply:?}");
    assert!(!reply.status.is_server_error(), "{what}");
    assert!(!reply.headers.contains_key("set-cookie"), "{what}");
    // A success shows the string where it was put, whatever it holds.
    if !reply.status.is_success() {
        assert_no_insides(&format!("{:?}\n{}", reply.headers, reply.text), &what);
    }
}

/// Fails where a text tells of the inside.
pub fn assert_no_insides(text: &str, what: &str) {
    for inside in INSIDES {
        assert!(!text.contains(inside), "an answer holds {inside:?}: {what}");
    }
    let schema = text.match_indices("t_").any(|(at, _)| {
        text[at + 2..].bytes().take_while(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase()).count() >= 32
    });
    assert!(!schema, "an answer holds a schema's name: {what}");
}
