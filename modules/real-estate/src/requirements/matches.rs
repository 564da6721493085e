//! What fits whom: listings for a requirement, requirements for a listing. What is not known of a property does not fit who asks for it.

use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use tenantry_core::crm::contacts::{Contact, ContactId};
use tenantry_core::http::{Answer, ApiError, ApiResult, Can};
use tenantry_core::tenancy::{Reach, Statement, reached};
use tenantry_core::value::{Amount, Currency, Text};
use tenantry_core::{row, sql};

use super::interests::{Interest, ListingInterest};
use super::{Requirement, RequirementId, store};
use crate::listings::{ListingId, ListingStatus, store as listings};
use crate::properties::{PropertyId, PropertyType};
use crate::{RequirementsRead, Tag};

/// A listing that fits a requirement.
#[derive(Debug, Serialize, Object)]
pub struct ListingMatch {
    /// The listing.
    pub listing_id: ListingId,
    /// The property.
    pub property_id: PropertyId,
    /// Where it stands on the market.
    pub status: ListingStatus,
    /// The price asked.
    pub price: Amount,
    /// The currency of the price.
    pub currency: Currency,
    /// What kind of property it is.
    #[oai(rename = "type")]
    #[serde(rename = "type")]
    pub kind: PropertyType,
    /// The city.
    pub city: Text<100>,
    /// How many rooms it has.
    pub rooms: Option<i16>,
    /// How much of it is lived in, in square metres.
    pub living_area: Option<i32>,
    /// What the applicant thinks of it; null where nothing was noted.
    pub interest: Option<Interest>,
}
row!(ListingMatch { listing_id, property_id, status, price, currency, kind, city, rooms, living_area, interest });

/// The listings that fit a requirement.
#[derive(Debug, Serialize, Object)]
pub struct ListingMatches {
    /// Newest first; at most 100.
    pub items: Vec<ListingMatch>,
}

/// A requirement that a listing fits.
#[derive(Debug, Serialize, Object)]
pub struct RequirementMatch {
    /// The requirement.
    pub requirement_id: RequirementId,
    /// Who looks for it.
    pub contact_id: ContactId,
    /// What they look for, in a few words.
    pub title: Text<200>,
    /// What they think of the listing; null where nothing was noted.
    pub interest: Option<Interest>,
    /// Whether they consent to advertising by e-mail, at one of their addresses at least. See `GET /contacts/{id}/consents`.
    pub contactable: bool,
}
row!(RequirementMatch { requirement_id, contact_id, title, interest, contactable });

/// The requirements that a listing fits.
#[derive(Debug, Serialize, Object)]
pub struct RequirementMatches {
    /// Newest first; at most 100.
    pub items: Vec<RequirementMatch>,
}

/// Matches.
#[derive(Default)]
pub struct MatchesApi;

#[OpenApi(tag = "Tag::Requirements")]
impl MatchesApi {
    /// List the listings that fit a requirement.
    ///
    /// Those that are announced or on the market, of the kind, in the price, the size, the types and the areas.
    #[oai(path = "/real-estate/requirements/:id/matches", method = "get", operation_id = "requirements_matches")]
    async fn of_requirement(
        &self,
        caller: Can<RequirementsRead>,
        id: Path<RequirementId>,
    ) -> ApiResult<Answer<ListingMatches>> {
        let found = caller.read_all(async |tx| {
            tx.run(store::find(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(listings_for(caller.reach(), id.0)).await?)
        });
        Ok(Answer(ListingMatches { items: found.await? }))
    }

    /// List the requirements that a listing fits.
    ///
    /// Those that are open, of contacts whom the caller reaches. Whether the listing is on the market makes no difference, so that it
    /// can be asked before.
    #[oai(path = "/real-estate/listings/:id/matches", method = "get", operation_id = "listings_matches")]
    async fn of_listing(
        &self,
        caller: Can<RequirementsRead>,
        id: Path<ListingId>,
        /// With true, only of contacts who consent to advertising by e-mail.
        contactable: Query<Option<bool>>,
    ) -> ApiResult<Answer<RequirementMatches>> {
        let contactable = contactable.0.unwrap_or_default();
        let found = caller.read_all(async |tx| {
            tx.run(listings::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(requirements_for(caller.reach(), id.0, contactable)).await?)
        });
        Ok(Answer(RequirementMatches { items: found.await? }))
    }
}

/// Whether a listing `l` of a property `p` fits a requirement `r`.
macro_rules! fits {
    () => {
        "l.kind = r.kind AND (r.currency IS NULL OR r.currency = l.currency) \
         AND (r.price_min IS NULL OR l.price >= r.price_min) AND (r.price_max IS NULL OR l.price <= r.price_max) \
         AND (r.rooms_min IS NULL OR p.rooms >= r.rooms_min) AND (r.size_min IS NULL OR p.living_area >= r.size_min) \
         AND (jsonb_array_length(r.types) = 0 OR jsonb_exists(r.types, p.type)) \
         AND (cardinality(r.areas) = 0 OR EXISTS (SELECT 1 FROM unnest(r.areas) AS a (word) \
         WHERE lower(a.word) = lower(p.city) OR starts_with(lower(p.postcode), lower(a.word)))) "
    };
}

fn listings_for(reach: Reach, id: RequirementId) -> Statement<Vec<ListingMatch>> {
    let found = reached(reach).with::<Requirement>().with::<ListingInterest>().statement(sql!(
        "SELECT l.id, l.property_id, l.status, l.price, l.currency, p.type, p.city, p.rooms, p.living_area, i.interest ",
        "FROM requirements_in_reach r JOIN listings l ON l.status IN ('coming_soon', 'active', 'active_under_contract') ",
        "JOIN properties p ON p.id = l.property_id AND ",
        fits!(),
        "LEFT JOIN listing_interests_in_reach i ON i.requirement_id = r.id AND i.listing_id = l.id ",
        "WHERE r.id = $1 ORDER BY l.created_at DESC, l.id DESC LIMIT 100"
    ));
    found.bind(id).many()
}

/// Consent is kept by address, in lower case, as notices ask for it.
fn requirements_for(reach: Reach, id: ListingId, contactable: bool) -> Statement<Vec<RequirementMatch>> {
    let reached = reached(reach).with::<Requirement>().with::<Contact>().with::<ListingInterest>();
    let found = reached.statement(sql!(
        "SELECT r.id, r.contact_id, r.title, i.interest, m.contactable FROM listings l ",
        "JOIN properties p ON p.id = l.property_id JOIN requirements_in_reach r ON r.status = 'open' AND ",
        fits!(),
        "JOIN contacts_in_reach c ON c.id = r.contact_id ",
        "LEFT JOIN listing_interests_in_reach i ON i.requirement_id = r.id AND i.listing_id = l.id ",
        "CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM notification_consents n WHERE n.purpose = 'marketing' ",
        "AND n.channel = 'email' AND n.granted AND n.address IN (SELECT lower(c.email) UNION ALL ",
        "SELECT lower(e.value ->> 'email') FROM jsonb_array_elements(c.emails) AS e)) AS contactable) m ",
        "WHERE l.id = $1 AND (m.contactable OR NOT $2) ORDER BY r.created_at DESC, r.id DESC LIMIT 100"
    ));
    found.bind(id).bind(contactable).many()
}
