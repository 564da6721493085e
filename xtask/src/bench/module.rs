//! A module that only the bench has: four tables in one statement, through the same public names as any module.

use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi, Tags};
use serde::Serialize;
use tenantry_core::http::{Answer, ApiError, ApiResult, Can};
use tenantry_core::module::{ApiPart, Job, Module};
use tenantry_core::tenancy::{Statement, statement};
use tenantry_core::{migrations, permissions, record_id, row, sql};
use time::OffsetDateTime;
use uuid::Uuid;

/// The module's name.
pub(crate) const NAME: &str = "bench";

record_id! {
    /// The id of a deal.
    DealId
}

/// A deal with all that one wants to see beside it.
#[derive(Debug, Serialize, Object)]
pub(crate) struct DealCard {
    /// Its id.
    id: DealId,
    /// What it is about.
    title: String,
    /// In cents.
    amount: i64,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    /// How far it is.
    stage: String,
    /// How likely it is, in percent.
    probability: i16,
    /// With whom.
    contact_id: Uuid,
    /// With whom, by name.
    contact: String,
    /// The contact's address.
    email: Option<String>,
    /// For which company.
    company: String,
    /// Where that is.
    city: String,
}
row!(DealCard { id, title, amount, created_at, stage, probability, contact_id, contact, email, company, city });

/// The join, with the deal's id as `$1`; pgbench runs the same text.
macro_rules! join_sql {
    ($id:literal) => {
        concat!(
            "SELECT d.id, d.title, d.amount, d.created_at, s.name, s.probability, ",
            "c.id, c.display_name, c.email, o.name, o.city FROM bench_deals d ",
            "JOIN bench_stages s ON s.id = d.stage_id JOIN contacts c ON c.id = d.contact_id ",
            "JOIN bench_companies o ON o.id = d.company_id WHERE d.id = ",
            $id
        )
    };
}
pub(crate) use join_sql;

fn card(id: DealId) -> Statement<Option<DealCard>> {
    statement(sql!(join_sql!("$1"))).bind(id).optional()
}

permissions! {
    module "bench";
    /// See deals.
    read DealsRead = "bench.deals.read" from Viewer;
}

#[derive(Tags)]
enum Tag {
    /// Only in the bench.
    Bench,
}

/// Deals.
#[derive(Default)]
struct DealsApi;

#[OpenApi(tag = "Tag::Bench")]
impl DealsApi {
    /// Show a deal.
    #[oai(path = "/bench/deals/:id", method = "get", operation_id = "bench_deals_get")]
    async fn get(&self, caller: Can<DealsRead>, id: Path<DealId>) -> ApiResult<Answer<DealCard>> {
        caller.read(card(id.0)).await?.map(Answer).ok_or_else(ApiError::not_found)
    }
}

inventory::submit! {
    Module {
        name: NAME,
        title: "Bench",
        required: false,
        api: ApiPart::of::<DealsApi>(),
        migrations: migrations!("src/bench/migrations" => "V1__deals.sql"),
        permissions: PERMISSIONS,
        notices: &[],
        events: &[],
        jobs: &[Job { name: "nothing", schedule: "0 0 1 1 *", run: |_| Box::pin(async { Ok(()) }) }],
    }
}
