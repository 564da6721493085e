//! What must hold of a deal, in itself and where it comes to a stage.

use super::{Deal, DealPatch, MoveTo, NewDeal};
use crate::crm::pipelines::{DealField, Entry, StageField, StageKind};
use crate::custom::{Custom, CustomChange, FieldName};
use crate::http::{ApiError, ApiResult};
use crate::value::Text;

impl NewDeal {
    pub(super) fn checked(self) -> ApiResult<Self> {
        priced(self.amount.is_some(), self.currency.is_some(), "")?;
        Ok(self)
    }

    /// Whether it may start in a stage.
    pub(super) fn enters(&self, stage: &Entry) -> ApiResult<()> {
        reasoned(stage.kind, self.lost_reason.is_some())?;
        has_all(stage, "", |field| match field {
            FieldName::Common(DealField::Amount) => self.amount.is_some(),
            FieldName::Common(DealField::ExpectedClose) => self.expected_close.is_some(),
            FieldName::Common(DealField::ContactId) => self.contact_id.is_some(),
            FieldName::Common(DealField::CompanyId) => self.company_id.is_some(),
            FieldName::Common(DealField::Notes) => self.notes.is_some(),
            FieldName::Own(key) => self.custom.leaves(&Custom::default(), key.as_str()),
        })
    }
}

impl DealPatch {
    /// Applies it but for the organization's own fields, and checks what comes out. `prefix` is where it stands in the body.
    pub(super) fn apply_checked(self, deal: &mut Deal, prefix: &str) -> ApiResult<CustomChange> {
        let custom = self.apply(deal);
        priced(deal.amount.is_some(), deal.currency.is_some(), prefix)?;
        Ok(custom)
    }

    /// Has a deal come to a stage, with these fields. `prefix` is where they stand in the body; the reason may stand beside them.
    pub(super) fn enter(
        self,
        deal: &mut Deal,
        stage: &Entry,
        lost_reason: Option<Text<500>>,
        prefix: &str,
    ) -> ApiResult<CustomChange> {
        if stage.kind != StageKind::Lost {
            // Whatever reason it had is over; one that comes with the move is a mistake.
            deal.lost_reason = None;
        }
        let custom = self.apply_checked(deal, prefix)?;
        deal.lost_reason = lost_reason.or(deal.lost_reason.take());
        reasoned(stage.kind, deal.lost_reason.is_some())?;
        if deal.stage_id == stage.id {
            return Ok(custom);
        }
        has_all(stage, prefix, |field| match field {
            FieldName::Common(DealField::Amount) => deal.amount.is_some(),
            FieldName::Common(DealField::ExpectedClose) => deal.expected_close.is_some(),
            FieldName::Common(DealField::ContactId) => deal.contact_id.is_some(),
            FieldName::Common(DealField::CompanyId) => deal.company_id.is_some(),
            FieldName::Common(DealField::Notes) => deal.notes.is_some(),
            FieldName::Own(key) => custom.leaves(&deal.custom, key.as_str()),
        })?;
        if deal.status != stage.kind {
            deal.closed_at = (stage.kind != StageKind::Open).then_some(stage.at);
        }
        deal.stage_since = stage.at;
        deal.status = stage.kind;
        deal.stage_id = stage.id;
        deal.pipeline_id = stage.pipeline_id;
        Ok(custom)
    }
}

impl MoveTo {
    /// Has a deal come to its stage, with the fields that the move brings along.
    pub(super) fn apply(self, deal: &mut Deal, stage: &Entry) -> ApiResult<CustomChange> {
        self.fields.unwrap_or_default().enter(deal, stage, self.lost_reason, "/fields")
    }
}

impl Deal {
    /// Checks what a change of fields has made of it, but for a move.
    pub(super) fn checked(&self) -> ApiResult<()> {
        reasoned(self.status, self.lost_reason.is_some())
    }
}

/// Whatever is lost has a reason, and nothing else has one.
fn reasoned(kind: StageKind, reason: bool) -> ApiResult<()> {
    let refused = |detail| Err(ApiError::invalid().at("/lost_reason", detail));
    match (kind, reason) {
        (StageKind::Lost, false) => refused("a deal that is lost needs a reason"),
        (StageKind::Open | StageKind::Won, true) => refused("only a deal that is lost has a reason"),
        _ => Ok(()),
    }
}

fn priced(amount: bool, currency: bool, prefix: &str) -> ApiResult<()> {
    match (amount, currency) {
        (true, false) => Err(ApiError::invalid().at(format!("{prefix}/currency"), "an amount needs a currency")),
        (false, true) => Err(ApiError::invalid().at(format!("{prefix}/amount"), "a currency needs an amount")),
        _ => Ok(()),
    }
}

/// Points at each field that a stage asks for and that is empty.
fn has_all(stage: &Entry, prefix: &str, has: impl Fn(StageField) -> bool) -> ApiResult<()> {
    let missing = stage.required.iter().filter(|field| !has(**field));
    let refused = missing.fold(None, |refused: Option<ApiError>, field| {
        let refused = refused.unwrap_or_else(ApiError::invalid);
        let place = match field {
            FieldName::Common(field) => field.as_str().to_owned(),
            FieldName::Own(key) => format!("custom/{key}"),
        };
        Some(refused.at(format!("{prefix}/{place}"), "the stage asks for this field"))
    });
    refused.map_or(Ok(()), Err)
}
