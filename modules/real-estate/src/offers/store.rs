//! The SQL of offers. Whoever changes one has locked its listing before.

use serde_json::json;
use tenantry_core::sql;
use tenantry_core::tenancy::{List, Reach, Refusal, Statement, many, owned};
use tenantry_core::value::Currency;

use super::{NewOffer, Offer, OfferId, OfferStatus};
use crate::listings::ListingId;

const ACCEPTED_ALREADY: Refusal = Refusal::InTheWay {
    code: "accepted_already",
    detail: "Another offer for this listing is accepted. Let that fall through first.",
};

pub(super) fn list(reach: Reach) -> List<Offer> {
    owned(reach).list()
}

pub(crate) fn find(reach: Reach, id: OfferId) -> Statement<Option<Offer>> {
    owned(reach).find(id)
}

pub(crate) fn lock(reach: Reach, id: OfferId) -> Statement<Option<Offer>> {
    owned(reach).lock(id)
}

/// All offers for a listing that something can still become of, locked.
pub(crate) fn lock_live(reach: Reach, listing: ListingId) -> Statement<Vec<Offer>> {
    many(reach).lock_where(sql!("listing_id = $1 AND status IN ('open', 'parked', 'accepted')"), listing)
}

pub(super) fn insert(
    reach: Reach,
    id: OfferId,
    new: NewOffer,
    currency: Currency,
    status: OfferStatus,
) -> Statement<Offer> {
    let NewOffer { listing_id, applicant_id, amount, valid_until, conditions } = new;
    owned(reach)
        .change()
        .set(sql!("id"), id)
        .set(sql!("listing_id"), listing_id)
        .set(sql!("applicant_id"), applicant_id)
        .set(sql!("amount"), amount)
        .set(sql!("currency"), currency)
        .set(sql!("valid_until"), valid_until)
        .set(sql!("status"), status)
        .set(sql!("conditions"), conditions)
        .insert()
        .refused_by("offers_applicant_id_fkey", Refusal::Missing { pointer: "/applicant_id" })
}

pub(super) fn update(reach: Reach, offer: Offer) -> Statement<Offer> {
    owned(reach)
        .change()
        .set(sql!("amount"), offer.amount)
        .set(sql!("valid_until"), offer.valid_until)
        .set(sql!("conditions"), offer.conditions)
        .update(offer.id)
}

pub(super) fn set_status(reach: Reach, id: OfferId, status: OfferStatus) -> Statement<Offer> {
    let update = owned(reach).change().set(sql!("status"), status).update(id);
    update.refused_by("offers_accepted_key", ACCEPTED_ALREADY)
}

/// The same of many, by one statement.
pub(crate) fn set_all(reach: Reach, offers: &[OfferId], status: OfferStatus) -> Statement<()> {
    let rows = offers.iter().map(|id| json!({ "id": id, "status": status })).collect();
    many::<Offer>(reach).update(&[sql!("status")], rows).map(|_| ())
}
