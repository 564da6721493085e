//! The operations on the log of chart reads.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{Answer, ApiError, ApiResult, Can, Criteria, Page};

use super::{ChartRead, ChartReadFields};
use crate::patients::{self, PatientId};
use crate::{ChartReadsRead, Tag};

/// The log of chart reads.
#[derive(Default)]
pub struct ChartReadsApi;

#[OpenApi(tag = "Tag::Charts")]
impl ChartReadsApi {
    /// List who has read a patient's chart.
    ///
    /// Each reading and each change, with the way by which the chart was open. Nothing of what stands in the chart is shown.
    #[oai(path = "/clinic/patients/:id/chart-reads", method = "get", operation_id = "chart_reads_list")]
    async fn list(
        &self,
        caller: Can<ChartReadsRead>,
        id: Path<PatientId>,
        criteria: Criteria<ChartReadFields>,
    ) -> ApiResult<Answer<Page<ChartRead>>> {
        let page = criteria.page(&caller, super::list(id.0))?;
        let page = caller.read_all(async |tx| {
            tx.run(patients::find(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(page).await?)
        });
        page.await.map(Answer)
    }
}
