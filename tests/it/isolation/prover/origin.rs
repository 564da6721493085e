//! Records that no POST to their collection makes.

/// Where a record comes from that no POST to its collection makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Signing in starts a session.
    SignIn,
    /// The tenant itself.
    Tenant,
    /// One of its people.
    Member,
    /// Another tenant, which the owner has joined.
    Joined,
    /// An operator's access to the tenant.
    Support,
    /// Any change.
    Change,
    /// Deleting a record.
    Deletion,
    /// Telling an endpoint of an event.
    Delivery,
    /// Merging two patients.
    PatientMerge,
}

pub const ORIGINS: [(&str, Origin); 11] = [
    ("/api/v1/audit", Origin::Change),
    ("/api/v1/auth/sessions", Origin::SignIn),
    ("/api/v1/organizations", Origin::Tenant),
    ("/api/v1/organization/support-accesses", Origin::Support),
    ("/api/v1/clinic/patient-merges", Origin::PatientMerge),
    ("/api/v1/members", Origin::Member),
    ("/api/v1/projects/{id}/members", Origin::Member),
    ("/api/v1/teams/{id}/members", Origin::Member),
    ("/api/v1/trash", Origin::Deletion),
    ("/api/v1/users/me/organizations", Origin::Joined),
    ("/api/v1/webhooks/{id}/deliveries", Origin::Delivery),
];
