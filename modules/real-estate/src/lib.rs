//! The estate agency's module: properties, their listings, viewings, offers and what becomes of them.
#![forbid(unsafe_code)]

mod commissions;
mod documents;
mod identity_checks;
mod key_sets;
mod listings;
pub mod notices;
mod offers;
mod open_houses;
mod progressions;
mod properties;
mod requirements;
mod showings;
mod tenancies;
mod viewings;

use poem_openapi::Tags;
use tenantry_core::module::{ApiPart, Job, Module};

tenantry_core::permissions! {
    module "real-estate";
    /// See properties.
    read PropertiesRead = "properties.read" from Viewer;
    /// Create, change and delete properties.
    write PropertiesWrite = "properties.write" from Member;
    /// See listings and what they have been through.
    read ListingsRead = "listings.read" from Viewer;
    /// Create, change, move and delete listings.
    write ListingsWrite = "listings.write" from Member;
    /// See whose listings are.
    read ListingPartiesRead = "listing_parties.read" from Viewer;
    /// Say whose listings are.
    write ListingPartiesWrite = "listing_parties.write" from Member;
    /// See viewings.
    read ViewingsRead = "viewings.read" from Viewer;
    /// Ask for viewings, confirm, move and cancel them, and note what came of them.
    write ViewingsWrite = "viewings.write" from Member;
    /// See open houses.
    read OpenHousesRead = "open_houses.read" from Viewer;
    /// Plan, change, move, cancel and delete open houses.
    write OpenHousesWrite = "open_houses.write" from Member;
    /// See who is expected at open houses, and who came.
    read OpenHouseVisitorsRead = "open_house_visitors.read" from Viewer;
    /// Say who is expected at open houses, and who came.
    write OpenHouseVisitorsWrite = "open_house_visitors.write" from Member;
    /// See offers.
    read OffersRead = "offers.read" from Viewer;
    /// Write down, change, refuse and withdraw offers.
    write OffersWrite = "offers.write" from Member;
    /// Accept offers, and let accepted ones fall through: that is about the listing and about everybody's offers for it.
    write OffersAccept = "offers.accept" from Member for all;
    /// See who is who they say.
    read IdentityChecksRead = "identity_checks.read" from Member;
    /// Begin identity checks, and say what came of them.
    write IdentityChecksWrite = "identity_checks.write" from Member;
    /// See what contacts look for, and what fits.
    read RequirementsRead = "requirements.read" from Viewer;
    /// Write down what contacts look for, and what they think of listings.
    write RequirementsWrite = "requirements.write" from Member;
    /// See keys, and in whose hands they are.
    read KeysRead = "keys.read" from Viewer;
    /// Create, change and delete sets of keys, give them out and take them back.
    write KeysWrite = "keys.write" from Member;
    /// See documents and read their content.
    read DocumentsRead = "documents.read" from Viewer;
    /// Create, change and delete documents, and send their content.
    write DocumentsWrite = "documents.write" from Member;
    /// See tenancies, and what is owed and paid.
    read TenanciesRead = "tenancies.read" from Viewer;
    /// Create, change, start, end and delete tenancies, charge and write down payments.
    write TenanciesWrite = "tenancies.write" from Member;
    /// See who lives in properties.
    read TenancyTenantsRead = "tenancy_tenants.read" from Viewer;
    /// Say who lives in properties.
    write TenancyTenantsWrite = "tenancy_tenants.write" from Member;
    /// See how sales go on.
    read ProgressionsRead = "progressions.read" from Viewer;
    /// Have sales go on, complete and fall through: that is about the listing and about everybody's offers for it.
    write ProgressionsWrite = "progressions.write" from Member for all;
    /// See who has a part in sales.
    read ProgressionPartiesRead = "progression_parties.read" from Viewer;
    /// Say who has a part in sales.
    write ProgressionPartiesWrite = "progression_parties.write" from Member;
    /// See commissions.
    read CommissionsRead = "commissions.read" from Member;
    /// Create, change and delete commissions, and note that they are paid.
    write CommissionsWrite = "commissions.write" from Admin;
}

inventory::submit! {
    Module {
        name: "real-estate",
        title: "Real estate",
        required: false,
        api: ApiPart::of::<(
            properties::PropertiesApi,
            (listings::ListingsApi, listings::parties::ListingPartiesApi),
            (viewings::ViewingsApi, viewings::steps::ViewingStepsApi),
            (open_houses::OpenHousesApi, open_houses::visitors::OpenHouseVisitorsApi),
            (offers::OffersApi, identity_checks::IdentityChecksApi),
            (requirements::RequirementsApi, requirements::interests::InterestsApi, requirements::MatchesApi),
            (key_sets::KeySetsApi, documents::DocumentsApi),
            (tenancies::TenanciesApi, tenancies::tenants::TenancyTenantsApi, tenancies::charges::ChargesApi),
            (progressions::ProgressionsApi, progressions::parties::ProgressionPartiesApi, commissions::CommissionsApi),
        )>(),
        migrations: tenantry_core::migrations!("migrations" =>
            "V1__properties.sql",
            "V2__places.sql",
            "V3__listings.sql",
            "V4__offers.sql",
            "V5__identity_checks.sql",
            "V6__rooms.sql",
            "V7__requirements.sql",
            "V10__key_sets.sql",
            "V11__documents.sql",
            "V12__tenancies.sql",
            "V13__progressions.sql",
            "V14__commissions.sql",
            "V15__showing_terms.sql",
            "V16__viewings.sql",
            "V17__open_houses.sql",
        ),
        permissions: PERMISSIONS,
        notices: &[&notices::VIEWING_CONFIRMED, &notices::VIEWING_CANCELLED],
        events: &[
            properties::source::PROPERTIES,
            listings::source::LISTINGS,
            listings::source::STATUS_CHANGES,
            listings::source::PRICE_CHANGES,
            listings::source::PARTIES,
            showings::CALENDARS,
            viewings::source::VIEWINGS,
            open_houses::source::OPEN_HOUSES,
            open_houses::source::VISITORS,
            offers::source::OFFERS,
            identity_checks::source::IDENTITY_CHECKS,
            requirements::source::REQUIREMENTS,
            requirements::source::INTERESTS,
            key_sets::KEY_SETS,
            key_sets::KEY_MOVEMENTS,
            documents::DOCUMENTS,
            tenancies::source::TENANCIES,
            tenancies::source::TENANTS,
            tenancies::source::CHARGES,
            tenancies::source::PAYMENTS,
            progressions::source::PROGRESSIONS,
            progressions::source::MILESTONES,
            progressions::source::PARTIES,
            commissions::COMMISSIONS,
        ],
        jobs: &[
            Job { name: "expire-listings", schedule: "5 0 * * *", run: |work| Box::pin(listings::expire(work)) },
            Job { name: "expire-offers", schedule: "7 0 * * *", run: |work| Box::pin(offers::expire(work)) },
            documents::SWEEP,
            tenancies::charges::CHARGE_RENT,
        ],
    }
}

/// The headings of this module in the document.
#[derive(Tags)]
enum Tag {
    /// Houses, flats, land and business premises.
    Properties,
    /// Properties on the market: for sale or to let, by whom, at which price.
    Listings,
    /// Applicants are shown what is on the market: by whom, when, and what they think of it.
    Viewings,
    /// Days on which what is on the market is open to whoever is expected.
    #[oai(rename = "Open houses")]
    OpenHouses,
    /// What applicants offer for what is on the market.
    Offers,
    /// Whether people are who they say.
    #[oai(rename = "Identity checks")]
    IdentityChecks,
    /// What contacts look for, and what of the market fits.
    Requirements,
    /// Sets of keys, and in whose hands they are.
    Keys,
    /// Contracts, plans, pictures and certificates.
    Documents,
    /// Who lives in properties, for which rent, and what they have paid.
    Tenancies,
    /// From an accepted offer to its completion.
    Progressions,
    /// What is earned with listings, and whose it is.
    Commissions,
}
