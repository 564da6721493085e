//! Many deals at once: they come to stages, and go from one to another, by the rules of the single operations.

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use serde::Serialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Deal, DealPatch, NewDeal, moves};
use crate::bulk::{Bulk, BulkLink, BulkPatch, BulkValues};
use crate::crm::companies::{Company, CompanyId};
use crate::crm::contacts::{Contact, ContactId};
use crate::crm::pipelines::{Entry, PipelineId, StageId, StageKind, entries, entry};
use crate::custom::{CustomChange, Customized};
use crate::http::{ApiError, ApiResult, Row};
use crate::permission::PermissionInfo;
use crate::sql;
use crate::tenancy::{Fragment, Reach, Statement, TenantTx};
use crate::value::{Amount, Currency, Date, Prose, Tags, Text};

/// What changes a deal: its fields, and where it goes, if it does.
pub struct DealRow {
    stage_id: Option<StageId>,
    fields: DealPatch,
}

impl BulkPatch for DealRow {
    fn read(mut row: Row) -> ApiResult<Self> {
        let stage_id = row.take("stage_id").map(|id| Row::of_value(id).read()).transpose();
        Ok(Self { stage_id: stage_id.map_err(|error| error.below("/stage_id"))?, fields: row.read()? })
    }

    fn schema(registry: &mut Registry) -> MetaSchema {
        let mut schema = <DealPatch as BulkPatch>::schema(registry);
        let stage = MetaSchema {
            description: Some(
                "The stage that it goes to, by the rules of `POST /deals/{id}/move`; it stays where this is left out.",
            ),
            ..MetaSchema::new_with_format("string", "uuid")
        };
        schema.properties.insert(0, ("stage_id", MetaSchemaRef::Inline(Box::new(stage))));
        schema
    }
}

/// The stages that deals come to, which stay what they are until the transaction ends.
pub struct Stages {
    /// Where a deal goes whose maker names none.
    first: Option<Entry>,
    named: Vec<Entry>,
}

impl Stages {
    fn find(&self, id: Option<StageId>) -> ApiResult<&Entry> {
        let found = match id {
            Some(id) => self.named.iter().find(|stage| stage.id == id),
            None => self.first.as_ref(),
        };
        found.ok_or_else(|| ApiError::not_found().at("/stage_id", "there is no such stage"))
    }
}

/// The columns that are written, but for the organization's own fields.
#[derive(Serialize)]
struct Written {
    title: Text<200>,
    pipeline_id: PipelineId,
    stage_id: StageId,
    status: StageKind,
    amount: Option<Amount>,
    currency: Option<Currency>,
    expected_close: Option<Date>,
    contact_id: Option<ContactId>,
    company_id: Option<CompanyId>,
    lost_reason: Option<Text<500>>,
    notes: Option<Prose<10_000>>,
    tags: Tags,
    #[serde(with = "time::serde::rfc3339")]
    stage_since: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    closed_at: Option<OffsetDateTime>,
}

impl Written {
    fn values(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(values)) => values,
            _ => Map::new(),
        }
    }
}

impl Bulk for Deal {
    type New = NewDeal;
    type Patch = DealRow;
    type Beside = Stages;

    const NAME: &'static str = "Deal";
    const WRITTEN: &'static [Fragment] = &[
        sql!("title"),
        sql!("pipeline_id"),
        sql!("stage_id"),
        sql!("status"),
        sql!("amount"),
        sql!("currency"),
        sql!("expected_close"),
        sql!("contact_id"),
        sql!("company_id"),
        sql!("lost_reason"),
        sql!("notes"),
        sql!("tags"),
        sql!("stage_since"),
        sql!("closed_at"),
        sql!("custom"),
    ];
    const LINKS: &'static [BulkLink] = &[BulkLink::to::<Contact>("contact_id"), BulkLink::to::<Company>("company_id")];
    const GIVEN: Option<(&'static str, &'static PermissionInfo)> = None;
    const CUSTOM: Option<Customized> = Some(Customized::Deals);

    fn id(&self) -> Uuid {
        self.id.as_uuid()
    }

    async fn beside(tx: &mut TenantTx, new: Vec<&NewDeal>, rows: Vec<&DealRow>) -> ApiResult<Stages> {
        let asks_first = new.iter().any(|new| new.stage_id.is_none());
        let named = new.iter().map(|new| new.stage_id).chain(rows.iter().map(|row| row.stage_id));
        let named: Vec<StageId> = named.flatten().collect();
        let first = if asks_first { tx.run(entry(None)).await? } else { None };
        let named = if named.is_empty() { Vec::new() } else { tx.run(entries(named)).await? };
        Ok(Stages { first, named })
    }

    fn checked(new: NewDeal) -> ApiResult<NewDeal> {
        new.checked()
    }

    fn given(_: &NewDeal) -> Option<Uuid> {
        None
    }

    fn values(new: NewDeal, stages: &Stages) -> ApiResult<BulkValues> {
        let stage = stages.find(new.stage_id)?;
        new.enters(stage)?;
        let NewDeal {
            title,
            stage_id: _,
            amount,
            currency,
            expected_close,
            contact_id,
            company_id,
            lost_reason,
            notes,
            tags,
            custom,
        } = new;
        let written = Written {
            title,
            pipeline_id: stage.pipeline_id,
            stage_id: stage.id,
            status: stage.kind,
            amount,
            currency,
            expected_close,
            contact_id,
            company_id,
            lost_reason,
            notes,
            tags,
            stage_since: stage.at,
            closed_at: (stage.kind != StageKind::Open).then_some(stage.at),
        };
        Ok(BulkValues { values: written.values(), custom })
    }

    fn change(&mut self, row: DealRow, stages: &Stages) -> ApiResult<CustomChange> {
        let Some(id) = row.stage_id else {
            let custom = row.fields.apply_checked(self, "")?;
            self.checked()?;
            return Ok(custom);
        };
        row.fields.enter(self, stages.find(Some(id))?, None, "")
    }

    fn present(&self) -> Map<String, Value> {
        let deal = self.clone();
        let written = Written {
            title: deal.title,
            pipeline_id: deal.pipeline_id,
            stage_id: deal.stage_id,
            status: deal.status,
            amount: deal.amount,
            currency: deal.currency,
            expected_close: deal.expected_close,
            contact_id: deal.contact_id,
            company_id: deal.company_id,
            lost_reason: deal.lost_reason,
            notes: deal.notes,
            tags: deal.tags,
            stage_since: deal.stage_since,
            closed_at: deal.closed_at,
        };
        written.values()
    }

    fn follow(reach: Reach, by: Uuid, ids: Vec<Uuid>) -> Option<Statement<()>> {
        Some(moves::note_all(reach, by, ids))
    }
}
