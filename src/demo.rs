//! What `tenantry demo` makes: an estate agency and a clinic with believable people.

use tenantry_core::cli::DemoOrganization;

pub(crate) const ORGANIZATIONS: &[DemoOrganization] = &[
    DemoOrganization {
        name: "Linden Estates",
        slug: "linden-estates",
        owner: "Nora Lindqvist",
        email: "nora@linden-estates.example",
        modules: &["real-estate"],
        records: &[
            (
                "/contacts",
                r#"{"first_name":"Amara","last_name":"Okafor","email":"amara.okafor@mail.example","phone":"+44 20 7946 0018","notes":"Vendor of the house in Elm Grove; wants to move before the summer."}"#,
            ),
            (
                "/contacts",
                r#"{"first_name":"Jonas","last_name":"Weber","email":"jonas.weber@mail.example","phone":"+49 30 901820","company":"Weber Architekten","notes":"Looks for a flat with three rooms and a balcony."}"#,
            ),
            (
                "/contacts",
                r#"{"first_name":"Priya","last_name":"Raman","email":"priya.raman@mail.example","phone":"+44 161 496 0347"}"#,
            ),
            (
                "/contacts",
                r#"{"first_name":"Tomás","last_name":"Herrera","email":"tomas.herrera@mail.example","notes":"Cash buyer, land only."}"#,
            ),
            (
                "/real-estate/properties",
                r#"{"type":"house","status":"active","price":"645000.00","currency":"GBP","street":"14 Elm Grove","postcode":"SE15 5DB","city":"London","country":"GB","description":"Victorian terrace with a long garden."}"#,
            ),
            (
                "/real-estate/properties",
                r#"{"type":"apartment","status":"active","price":"389000.00","currency":"GBP","street":"3 Canal Wharf, Flat 12","postcode":"M1 5WW","city":"Manchester","country":"GB","description":"Three rooms, balcony over the water."}"#,
            ),
            (
                "/real-estate/properties",
                r#"{"type":"land","status":"coming_soon","price":"210000.00","currency":"GBP","street":"Mill Lane","city":"Hebden Bridge","country":"GB"}"#,
            ),
            (
                "/real-estate/properties",
                r#"{"type":"commercial","status":"active_under_contract","price":"1250000.00","currency":"GBP","street":"88 Queen Street","postcode":"LS1 2TW","city":"Leeds","country":"GB","description":"Corner shop with two floors of offices."}"#,
            ),
        ],
    },
    DemoOrganization {
        name: "Harbour Clinic",
        slug: "harbour-clinic",
        owner: "Dr Samuel Adeyemi",
        email: "samuel@harbour-clinic.example",
        modules: &["clinic"],
        records: &[
            (
                "/contacts",
                r#"{"first_name":"Ingrid","last_name":"Solberg","email":"ingrid.solberg@mail.example","phone":"+47 22 12 34 56"}"#,
            ),
            (
                "/contacts",
                r#"{"first_name":"Mateo","last_name":"Rossi","email":"mateo.rossi@mail.example","phone":"+39 06 6982"}"#,
            ),
            (
                "/contacts",
                r#"{"first_name":"Yuki","last_name":"Tanaka","email":"yuki.tanaka@mail.example","notes":"Prefers to be called in the morning."}"#,
            ),
            (
                "/clinic/patients",
                r#"{"contact_id":"{0}","number":"P-1001","date_of_birth":"1958-03-14","gender":"female","insurer":"Nordic Health"}"#,
            ),
            (
                "/clinic/patients",
                r#"{"contact_id":"{1}","number":"P-1002","date_of_birth":"1987-11-02","gender":"male"}"#,
            ),
            (
                "/clinic/patients",
                r#"{"contact_id":"{2}","number":"P-1003","date_of_birth":"2014-06-21","gender":"unknown","insurer":"Family Mutual"}"#,
            ),
        ],
    },
];
