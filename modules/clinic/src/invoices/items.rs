//! What stands on an invoice.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::choice;
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::tenancy::TenantTx;
use tenantry_core::value::{Amount, Currency, Several, Text};

use crate::fees::ChargeId;
use crate::services::{ServiceId, prices};

/// How many items an invoice has at most.
const MOST: usize = 20;

choice! {
    /// Why an item costs nothing.
    pub enum FreeReason {
        /// The fee that was paid for an earlier visit covers this one.
        FollowUp = "follow_up",
    }
}

/// An item of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Object)]
pub struct InvoiceItem {
    /// The service that was given.
    pub service_id: Option<ServiceId>,
    /// What is charged.
    pub text: Text<200>,
    /// Its code in a catalogue of fees.
    pub code: Option<Text<40>>,
    /// How much of it.
    pub quantity: Amount,
    /// What one of it costs, before tax.
    pub unit_price: Amount,
    /// The tax rate, in percent.
    pub tax_rate: Amount,
    /// Why it costs nothing, where a fee would be due; known once the invoice is issued.
    pub free_because: Option<FreeReason>,
    /// The charge that was made of it when the invoice was issued.
    pub charge_id: Option<ChargeId>,
}

/// An item to put on an invoice. One with a service is one visit: within the validity of a fee that was paid it is free once the
/// invoice is issued.
#[derive(Debug, Clone, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewInvoiceItem {
    /// The service that was given.
    service_id: Option<ServiceId>,
    /// What is charged; the name of the service where it is left out.
    text: Option<Text<200>>,
    /// Its code in a catalogue of fees.
    code: Option<Text<40>>,
    /// How much of it: more than nothing.
    quantity: Amount,
    /// What one of it costs, before tax; the price of the service where it is left out.
    unit_price: Option<Amount>,
    /// The tax rate, in percent, up to 100; none where it is left out.
    tax_rate: Option<Amount>,
}

/// A service as it is charged.
type Price = (ServiceId, Text<200>, Amount, Currency);

/// What stands on an invoice of these items.
///
/// # Errors
/// 404 for a service that is not there, 422 for what makes no sense, both with a pointer.
pub(super) async fn written(
    tx: &mut TenantTx,
    currency: &Currency,
    new: Vec<NewInvoiceItem>,
) -> ApiResult<Several<InvoiceItem>> {
    if new.is_empty() || new.len() > MOST {
        return Err(ApiError::invalid().at("/items", format!("expected 1 to {MOST} of them")));
    }
    let services: Vec<_> = new.iter().filter_map(|item| item.service_id).map(ServiceId::as_uuid).collect();
    let known = if services.is_empty() { Vec::new() } else { tx.run(prices(services)).await? };
    let items = new.into_iter().enumerate().map(|(n, item)| item.written(n, currency, &known));
    items.collect::<ApiResult<Vec<_>>>().map(Several::of)
}

impl NewInvoiceItem {
    fn written(self, n: usize, currency: &Currency, known: &[Price]) -> ApiResult<InvoiceItem> {
        let wrong = |field: &str, detail: &'static str| ApiError::invalid().at(format!("/items/{n}/{field}"), detail);
        let Self { service_id, text, code, quantity, unit_price, tax_rate } = self;
        let service = match service_id {
            None => None,
            Some(id) => Some(known.iter().find(|(own, ..)| *own == id).ok_or_else(|| {
                ApiError::not_found().at(format!("/items/{n}/service_id"), "there is no such record")
            })?),
        };
        let name = service.map(|(_, name, _, _)| name.clone());
        let text = text.or(name).ok_or_else(|| wrong("text", "say what it is, or name a service"))?;
        let price = match (unit_price, service) {
            (Some(price), _) => price,
            (None, Some((_, _, price, own))) if own == currency => *price,
            (None, Some(_)) => return Err(wrong("unit_price", "the service has its price in another currency")),
            (None, None) => return Err(wrong("unit_price", "say what it costs, or name a service")),
        };
        let tax_rate = tax_rate.unwrap_or(Amount::ZERO);
        if quantity <= Amount::ZERO {
            return Err(wrong("quantity", "expected more than nothing"));
        }
        if tax_rate > Amount::HUNDRED {
            return Err(wrong("tax_rate", "expected at most 100 percent"));
        }
        Ok(InvoiceItem {
            service_id,
            text,
            code,
            quantity,
            unit_price: price,
            tax_rate,
            free_because: None,
            charge_id: None,
        })
    }
}
