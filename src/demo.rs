//! What `tenantry demo` makes: an estate agency and a clinic with believable people.

use tenantry_core::cli::DemoOrganization;

pub(crate) const ORGANIZATIONS: &[DemoOrganization] = &[
    #[cfg(feature = "real-estate")]
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
                r#"{"first_name":"Jonas","last_name":"Weber","email":"jonas.weber@mail.example","phone":"+49 30 901820","company":"Weber Architekten","tags":["buyer"],"notes":"Looks for a flat with three rooms and a balcony."}"#,
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
                "/companies",
                r#"{"name":"Weber Architekten","website":"https://weber-architekten.example","industry":"Architecture","phone":"+49 30 901821","addresses":[{"label":"office","street":"Kastanienallee 12","postcode":"10435","city":"Berlin","country":"DE"}],"tags":["partner"]}"#,
            ),
            (
                "/companies",
                r#"{"name":"Queen Street Holdings","industry":"Property","email":"office@queen-street.example","tags":["vendor"]}"#,
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
            (
                "/deals",
                r#"{"title":"Sale of 14 Elm Grove","stage_id":"{Negotiation}","amount":"12900.00","currency":"GBP","expected_close":"2027-04-30","contact_id":"{0}","tags":["mandate"]}"#,
            ),
            (
                "/deals",
                r#"{"title":"Search for a flat in Manchester","amount":"7780.00","currency":"GBP","expected_close":"2027-06-30","contact_id":"{1}","company_id":"{4}"}"#,
            ),
            (
                "/deals",
                r#"{"title":"Letting of 88 Queen Street","stage_id":"{Closed won}","amount":"25000.00","currency":"GBP","company_id":"{5}"}"#,
            ),
            (
                "/deals",
                r#"{"title":"Plot in Mill Lane","stage_id":"{Closed lost}","amount":"4200.00","currency":"GBP","contact_id":"{3}","lost_reason":"Bought elsewhere."}"#,
            ),
            (
                "/activities",
                r#"{"kind":"call","subject":"First talk about the house","body":"Wants to hand over the keys in May at the latest. Two other agencies were asked.","minutes":25,"happened_at":"2026-10-12T09:30:00Z","contact_id":"{0}"}"#,
            ),
            (
                "/activities",
                r#"{"kind":"note","body":"Prefers the fourth floor or higher; no ground floor.","contact_id":"{1}"}"#,
            ),
            ("/projects", r#"{"name":"Sale of 14 Elm Grove","status":"active","contact_id":"{0}"}"#),
            (
                "/tasks",
                r#"{"title":"Have the energy certificate renewed","priority":"high","due_at":"2027-01-15T12:00:00Z","contact_id":"{0}"}"#,
            ),
            ("/tasks", r#"{"title":"Send Jonas the plans of Canal Wharf","contact_id":"{1}"}"#),
        ],
    },
    #[cfg(feature = "clinic")]
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
            (
                "/deals",
                r#"{"title":"Check-ups for a sailing crew","stage_id":"{Negotiation}","amount":"1800.00","currency":"EUR","expected_close":"2027-03-31","contact_id":"{1}"}"#,
            ),
            ("/deals", r#"{"title":"Vaccination course","contact_id":"{2}"}"#),
            (
                "/activities",
                r#"{"kind":"email","subject":"Opening hours over the holidays","body":"Asked whether the practice is open between the years.","contact_id":"{0}"}"#,
            ),
            (
                "/tasks",
                r#"{"title":"Call Ingrid back about her papers","due_at":"2027-01-08T09:00:00Z","contact_id":"{0}"}"#,
            ),
        ],
    },
];
