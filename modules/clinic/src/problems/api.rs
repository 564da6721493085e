//! The operations on problems.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{Answer, ApiError, ApiResult, Body, Can, Created, Criteria, IfMatch, Item, Page, Versioned};

use super::{NewProblem, Problem, ProblemFields, ProblemId, ProblemPatch, store};
use crate::charts::access::{read, write};
use crate::charts::{Chart, ChartPart};
use crate::patients::{self, PatientId};
use crate::{ChartsRead, ChartsWrite, Tag};

/// Problems.
#[derive(Default)]
pub struct ProblemsApi;

#[OpenApi(tag = "Tag::Charts")]
impl ProblemsApi {
    /// List a patient's problems.
    ///
    /// It takes a care relation with the patient or an emergency access, and stands in the log of chart reads.
    #[oai(path = "/clinic/patients/:id/problems", method = "get", operation_id = "problems_list")]
    async fn list(
        &self,
        caller: Can<ChartsRead>,
        id: Path<PatientId>,
        criteria: Criteria<ProblemFields>,
    ) -> ApiResult<Answer<Page<Problem>>> {
        let page = |chart: Chart| criteria.page(&caller, chart.records::<Problem>().list());
        read(&caller, id.0, ChartPart::Problems, page).await.map(Answer)
    }

    /// Write down a problem.
    #[oai(path = "/clinic/patients/:id/problems", method = "post", operation_id = "problems_create")]
    async fn create(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        body: Body<NewProblem>,
    ) -> ApiResult<Created<Problem>> {
        let new = body.0.checked()?;
        let made = write(&caller, id.0, ChartPart::Problems, async |tx, entered| {
            patients::open(tx, caller.reach(), id.0).await?;
            Ok(tx.run(store::insert(entered, new)).await?)
        });
        let record = made.await?;
        Ok(Created::at(&format!("/clinic/patients/{}/problems", id.0), record.id, record))
    }

    /// Show a problem.
    #[oai(path = "/clinic/patients/:id/problems/:problem_id", method = "get", operation_id = "problems_get")]
    async fn get(
        &self,
        caller: Can<ChartsRead>,
        id: Path<PatientId>,
        problem_id: Path<ProblemId>,
    ) -> ApiResult<Item<Problem>> {
        let found = read(&caller, id.0, ChartPart::Problems, |chart| Ok(chart.records::<Problem>().find(problem_id.0)));
        found.await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a problem.
    #[oai(path = "/clinic/patients/:id/problems/:problem_id", method = "patch", operation_id = "problems_update")]
    async fn update(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        problem_id: Path<ProblemId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<ProblemPatch>,
    ) -> ApiResult<Item<Problem>> {
        let changed = write(&caller, id.0, ChartPart::Problems, async |tx, entered| {
            let found = tx.run(entered.chart.records::<Problem>().lock(problem_id.0)).await?;
            let mut problem = found.ok_or_else(ApiError::not_found)?;
            problem.expect(&version)?;
            body.0.apply(&mut problem)?;
            Ok(tx.run(store::update(entered, problem)).await?)
        });
        changed.await.map(Item)
    }

    /// Mark a problem as written down by mistake.
    ///
    /// It stays, and does not count. Nothing in a chart is deleted.
    #[oai(
        path = "/clinic/patients/:id/problems/:problem_id/retract",
        method = "post",
        operation_id = "problems_retract"
    )]
    async fn retract(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        problem_id: Path<ProblemId>,
    ) -> ApiResult<Item<Problem>> {
        let retracted = write(&caller, id.0, ChartPart::Problems, async |tx, entered| {
            let found = tx.run(entered.chart.records::<Problem>().lock(problem_id.0)).await?;
            let problem = found.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::retract(entered, problem.id)).await?)
        });
        retracted.await.map(Item)
    }
}
