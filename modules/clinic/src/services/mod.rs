//! Services: what a clinic offers, how long it takes, what it costs, and who offers it.

mod api;
mod offered;
mod source;
mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{ApiError, ApiResult, Change, Versioned, patch, replace};
use tenantry_core::value::{Amount, Currency, Moment, Text};
use tenantry_core::{criteria, record_id, row};
use time::OffsetDateTime;

pub use api::ServicesApi;
pub(crate) use source::{OFFERS, SOURCE};
pub(crate) use store::{find, prices};

use crate::bounds::within;
use crate::practitioners::PractitionerId;

record_id! {
    /// The id of a service.
    ServiceId
}

/// Something that a clinic offers.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// What it is called; no other service has the same name.
    pub name: Text<200>,
    /// How long it takes, in minutes: 5 to 480.
    pub duration_minutes: i32,
    /// How much time is kept free before it, in minutes: 0 to 120.
    pub buffer_before_minutes: i32,
    /// How much time is kept free behind it, in minutes: 0 to 120.
    pub buffer_after_minutes: i32,
    /// How many patients can come together: 1 to 100. They share practitioner, room and device.
    pub capacity: i32,
    /// Whether patients book it by themselves.
    pub bookable_online: bool,
    /// How long before it patients have to book, in minutes: 0 to 43,200, which are thirty days.
    pub min_notice_minutes: i32,
    /// How many days ahead patients can book: 1 to 730.
    pub max_days_ahead: i32,
    /// What it costs.
    pub price: Amount,
    /// The currency of the price.
    pub currency: Currency,
    /// For how many days after it was paid for it is free: 1 to 730. Null where each time costs.
    pub fee_validity_days: Option<i32>,
    /// How many times it is free in those days: 1 to 100.
    pub fee_validity_visits: Option<i32>,
    /// Whether it is offered at this time.
    pub active: bool,
    /// Who offers it.
    pub practitioner_ids: Vec<PractitionerId>,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

row!(Service {
    id,
    name,
    duration_minutes,
    buffer_before_minutes,
    buffer_after_minutes,
    capacity,
    bookable_online,
    min_notice_minutes,
    max_days_ahead,
    price,
    currency,
    fee_validity_days,
    fee_validity_visits,
    active,
    practitioner_ids = "ARRAY(SELECT o.practitioner_id FROM service_practitioners o WHERE o.service_id = services.id ORDER BY o.practitioner_id)",
    created_at,
    updated_at,
    version
});

impl Versioned for Service {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A service to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewService {
    /// What it is called; no other service may have the same name.
    name: Text<200>,
    /// How long it takes, in minutes.
    #[oai(validator(minimum(value = "5"), maximum(value = "480")))]
    duration_minutes: i32,
    /// How much time is kept free before it, in minutes; none where it is left out.
    #[oai(validator(minimum(value = "0"), maximum(value = "120")))]
    buffer_before_minutes: Option<i32>,
    /// How much time is kept free behind it, in minutes; none where it is left out.
    #[oai(validator(minimum(value = "0"), maximum(value = "120")))]
    buffer_after_minutes: Option<i32>,
    /// How many patients can come together; one where it is left out.
    #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
    capacity: Option<i32>,
    /// Whether patients book it by themselves; left out they do not.
    bookable_online: Option<bool>,
    /// How long before it patients have to book, in minutes; not at all where it is left out.
    #[oai(validator(minimum(value = "0"), maximum(value = "43200")))]
    min_notice_minutes: Option<i32>,
    /// How many days ahead patients can book; 90 where it is left out.
    #[oai(validator(minimum(value = "1"), maximum(value = "730")))]
    max_days_ahead: Option<i32>,
    /// What it costs.
    price: Amount,
    /// The currency of the price.
    currency: Currency,
    /// For how many days after it was paid for it is free. With `fee_validity_visits`, or neither.
    #[oai(validator(minimum(value = "1"), maximum(value = "730")))]
    fee_validity_days: Option<i32>,
    /// How many times it is free in those days.
    #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
    fee_validity_visits: Option<i32>,
    /// Whether it is offered at this time; so it is where it is left out.
    active: Option<bool>,
}

/// What to change in a service. A field that is left out stays; null clears it, where it may be empty. What is booked already stays as
/// it was booked.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct ServicePatch {
    /// What it is called.
    name: Change<Text<200>>,
    /// How long it takes, in minutes.
    #[oai(validator(minimum(value = "5"), maximum(value = "480")))]
    duration_minutes: Change<i32>,
    /// How much time is kept free before it, in minutes.
    #[oai(validator(minimum(value = "0"), maximum(value = "120")))]
    buffer_before_minutes: Change<i32>,
    /// How much time is kept free behind it, in minutes.
    #[oai(validator(minimum(value = "0"), maximum(value = "120")))]
    buffer_after_minutes: Change<i32>,
    /// How many patients can come together.
    #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
    capacity: Change<i32>,
    /// Whether patients book it by themselves.
    bookable_online: Change<bool>,
    /// How long before it patients have to book, in minutes.
    #[oai(validator(minimum(value = "0"), maximum(value = "43200")))]
    min_notice_minutes: Change<i32>,
    /// How many days ahead patients can book.
    #[oai(validator(minimum(value = "1"), maximum(value = "730")))]
    max_days_ahead: Change<i32>,
    /// What it costs.
    price: Change<Amount>,
    /// The currency of the price.
    currency: Change<Currency>,
    /// For how many days after it was paid for it is free.
    #[oai(validator(minimum(value = "1"), maximum(value = "730")))]
    fee_validity_days: MaybeUndefined<i32>,
    /// How many times it is free in those days.
    #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
    fee_validity_visits: MaybeUndefined<i32>,
    /// Whether it is offered at this time.
    active: Change<bool>,
}

impl ServicePatch {
    fn apply(self, service: &mut Service) {
        replace(&mut service.name, self.name);
        replace(&mut service.duration_minutes, self.duration_minutes);
        replace(&mut service.buffer_before_minutes, self.buffer_before_minutes);
        replace(&mut service.buffer_after_minutes, self.buffer_after_minutes);
        replace(&mut service.capacity, self.capacity);
        replace(&mut service.bookable_online, self.bookable_online);
        replace(&mut service.min_notice_minutes, self.min_notice_minutes);
        replace(&mut service.max_days_ahead, self.max_days_ahead);
        replace(&mut service.price, self.price);
        replace(&mut service.currency, self.currency);
        patch(&mut service.fee_validity_days, self.fee_validity_days);
        patch(&mut service.fee_validity_visits, self.fee_validity_visits);
        replace(&mut service.active, self.active);
    }
}

impl Service {
    /// Refuses numbers that make no sense.
    fn check(&self) -> ApiResult<()> {
        within(self.duration_minutes, 5, 480, "/duration_minutes")?;
        within(self.buffer_before_minutes, 0, 120, "/buffer_before_minutes")?;
        within(self.buffer_after_minutes, 0, 120, "/buffer_after_minutes")?;
        within(self.capacity, 1, 100, "/capacity")?;
        within(self.min_notice_minutes, 0, 43_200, "/min_notice_minutes")?;
        within(self.max_days_ahead, 1, 730, "/max_days_ahead")?;
        within(self.fee_validity_days.unwrap_or(1), 1, 730, "/fee_validity_days")?;
        within(self.fee_validity_visits.unwrap_or(1), 1, 100, "/fee_validity_visits")?;
        let lacking = match (self.fee_validity_days, self.fee_validity_visits) {
            (None, Some(_)) => "/fee_validity_days",
            (Some(_), None) => "/fee_validity_visits",
            _ => return Ok(()),
        };
        Err(ApiError::invalid().at(lacking, "a fee that covers further visits has both, days and visits"))
    }
}

impl From<NewService> for Service {
    fn from(new: NewService) -> Self {
        let now = OffsetDateTime::now_utc();
        Self {
            id: ServiceId::new(),
            name: new.name,
            duration_minutes: new.duration_minutes,
            buffer_before_minutes: new.buffer_before_minutes.unwrap_or(0),
            buffer_after_minutes: new.buffer_after_minutes.unwrap_or(0),
            capacity: new.capacity.unwrap_or(1),
            bookable_online: new.bookable_online.unwrap_or(false),
            min_notice_minutes: new.min_notice_minutes.unwrap_or(0),
            max_days_ahead: new.max_days_ahead.unwrap_or(90),
            price: new.price,
            currency: new.currency,
            fee_validity_days: new.fee_validity_days,
            fee_validity_visits: new.fee_validity_visits,
            active: new.active.unwrap_or(true),
            practitioner_ids: Vec::new(),
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
}

criteria! {
    /// What services are listed by.
    pub struct ServiceFields of Service in "services" by "-created_at" {
        /// What it is called, in any case.
        name: Text<200> => folded [contains], sort folded |service| service.name;
        /// Whether patients book it by themselves.
        bookable_online: bool => [eq];
        /// Whether it is offered at this time.
        active: bool => [eq];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |service| service.created_at;
    }
}
