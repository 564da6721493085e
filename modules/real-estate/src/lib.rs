//! The estate agency's module: properties, and in time their listings, viewings and offers.
#![forbid(unsafe_code)]

pub mod notices;
mod properties;

use poem_openapi::Tags;
use tenantry_core::events::{EventSource, Settable, Undoable};
use tenantry_core::module::{ApiPart, Module};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;
use tenantry_core::value::Prose;

use properties::PropertyStatus;

tenantry_core::permissions! {
    module "real-estate";
    /// See properties.
    read PropertiesRead = "properties.read" from Viewer;
    /// Create, change and delete properties.
    write PropertiesWrite = "properties.write" from Member;
}

inventory::submit! {
    Module {
        name: "real-estate",
        title: "Real estate",
        required: false,
        api: ApiPart::of::<properties::PropertiesApi>(),
        migrations: tenantry_core::migrations!("migrations" => "V1__properties.sql", "V2__places.sql"),
        permissions: PERMISSIONS,
        notices: &[&notices::VIEWING_CONFIRMED],
        events: &[EventSource {
            name: "property",
            resource: "properties",
            read: &PropertiesRead::INFO,
            undo: Some(Undoable {
                table: sql!("properties"),
                columns: sql!(
                    "id, type, status, price, currency, street, postcode, city, country, description, version, ",
                    "created_at, updated_at"
                ),
                writes: &[&PropertiesWrite::INFO],
                refers: &[],
                unique: &[],
                follow: None,
                settable: &[
                    Settable::of::<PropertyStatus>("status"),
                    Settable::of::<Option<Prose<10_000>>>("description"),
                ],
            }),
        }],
        jobs: &[],
    }
}

/// The headings of this module in the document.
#[derive(Tags)]
enum Tag {
    /// Houses, flats, land and business premises.
    Properties,
}
