//! The resources that properties, and members who show them, have in the calendar. Each gets one when it is first needed.

use tenantry_core::calendar::{NewResource, ResourceId, ResourceKind, make_resource, rename_resource};
use tenantry_core::events::EventSource;
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::identity::UserId;
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;
use tenantry_core::tenancy::{Statement, TenantTx, statement};
use tenantry_core::value::Text;

use crate::ViewingsRead;
use crate::properties::{Property, PropertyId};

/// What is heard of them: nobody makes one, so nobody undoes it.
pub(crate) const CALENDARS: EventSource =
    EventSource { name: "viewing-calendar", resource: "viewing_calendars", read: &ViewingsRead::INFO, undo: None };

/// Whose time it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Whose {
    Property(PropertyId),
    Agent(UserId),
}

/// A resource in the calendar.
pub(super) struct Calendar {
    pub(super) id: ResourceId,
    whose: Whose,
    /// What it is to be called from now on, where that has changed.
    stale: Option<Text<200>>,
}

impl Calendar {
    /// Has the resource be called as its record is by now. Whoever does so has locked it, by booking it.
    pub(super) async fn refresh(self, tx: &mut TenantTx) -> ApiResult<()> {
        if let Some(name) = self.stale {
            tx.run(rename_resource("real-estate", self.id, name, self.whose.agent(), true)).await?;
        }
        Ok(())
    }
}

impl Whose {
    fn property(self) -> Option<PropertyId> {
        if let Self::Property(id) = self { Some(id) } else { None }
    }

    fn agent(self) -> Option<UserId> {
        if let Self::Agent(id) = self { Some(id) } else { None }
    }
}

/// The calendar of a property.
pub(super) async fn of_property(tx: &mut TenantTx, property: &Property) -> ApiResult<Calendar> {
    let name = format!("{}, {}", property.street, property.city);
    of(tx, Whose::Property(property.id), Some(name)).await
}

/// The calendar of a member, by a name that is known where there is none yet.
pub(super) async fn of_agent(tx: &mut TenantTx, agent: UserId, name: Option<String>) -> ApiResult<Calendar> {
    of(tx, Whose::Agent(agent), name).await
}

async fn of(tx: &mut TenantTx, whose: Whose, name: Option<String>) -> ApiResult<Calendar> {
    let name = name.and_then(|name| called(&name));
    if let Some((id, known)) = tx.run(find(whose)).await? {
        return Ok(Calendar { id, whose, stale: name.filter(|name| *name != known) });
    }
    let (id, name) = (ResourceId::new(), name.ok_or_else(ApiError::internal)?);
    if tx.run(claim(id, whose)).await? {
        let kind = if whose.agent().is_some() { ResourceKind::Person } else { ResourceKind::Property };
        make_resource(tx, "real-estate", id, NewResource::of_module(name, kind).whose(whose.agent())).await?;
        return Ok(Calendar { id, whose, stale: None });
    }
    // Somebody else has just made it.
    let (id, _) = tx.run(find(whose)).await?.ok_or_else(ApiError::internal)?;
    Ok(Calendar { id, whose, stale: None })
}

/// A name as resources have it.
fn called(name: &str) -> Option<Text<200>> {
    let name: String = name.chars().take(200).collect();
    Text::parse(name.trim()).ok()
}

/// What a member who shows properties is called.
pub(crate) async fn name_of_agent(tx: &mut TenantTx, agent: UserId) -> ApiResult<Option<Text<200>>> {
    Ok(tx.run(find(Whose::Agent(agent))).await?.map(|(_, name)| name))
}

fn find(whose: Whose) -> Statement<Option<(ResourceId, Text<200>)>> {
    statement(sql!(
        "SELECT r.id, r.name FROM viewing_calendars c JOIN calendar_resources r ON r.id = c.id ",
        "WHERE c.property_id = $1 OR c.agent_id = $2"
    ))
    .bind(whose.property())
    .bind(whose.agent())
    .optional()
}

/// Whether nobody has made one before. Who comes second waits for the first.
fn claim(id: ResourceId, whose: Whose) -> Statement<bool> {
    statement(sql!(
        "INSERT INTO viewing_calendars (id, property_id, agent_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1"
    ))
    .bind(id)
    .bind(whose.property())
    .bind(whose.agent())
    .any()
}
