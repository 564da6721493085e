//! How an appointment stands, as FHIR has it, and which way it goes: forward. Going back is a privilege of its own.

use tenantry_core::choice;
use tenantry_core::http::{ApiError, ApiResult};

choice! {
    /// How an appointment stands (FHIR's appointment status).
    pub enum AppointmentStatus {
        /// Somebody suggests it. It takes no time yet.
        Proposed = "proposed",
        /// The time is held until `held_until`, unless it is confirmed.
        Pending = "pending",
        /// It stands.
        Booked = "booked",
        /// The patient is there.
        Arrived = "arrived",
        /// The patient waits for the turn, with a number.
        CheckedIn = "checked-in",
        /// It has taken place.
        Fulfilled = "fulfilled",
        /// It does not take place.
        Cancelled = "cancelled",
        /// The patient did not come.
        NoShow = "noshow",
        /// It was written down by mistake.
        EnteredInError = "entered-in-error",
        /// It is held until `held_until` for somebody on the waitlist, who may accept it.
        Waitlist = "waitlist",
    }
}

use AppointmentStatus as Status;

impl AppointmentStatus {
    /// Whether it goes on to another status by itself: forward alone.
    pub(crate) fn leads_to(self, to: Self) -> bool {
        match to {
            Status::Booked => matches!(self, Status::Proposed | Status::Pending | Status::Waitlist),
            Status::Arrived => self == Status::Booked,
            Status::CheckedIn => matches!(self, Status::Booked | Status::Arrived),
            Status::Fulfilled => matches!(self, Status::Booked | Status::Arrived | Status::CheckedIn),
            Status::NoShow => self == Status::Booked,
            Status::Cancelled => {
                matches!(self, Status::Proposed | Status::Pending | Status::Waitlist | Status::Booked | Status::Arrived)
            }
            Status::EnteredInError => !matches!(self, Status::Cancelled | Status::NoShow | Status::Fulfilled),
            Status::Proposed | Status::Pending | Status::Waitlist => false,
        }
    }

    /// Whether it can be moved: what has not begun.
    pub(crate) fn can_move(self) -> bool {
        matches!(self, Status::Proposed | Status::Pending | Status::Booked)
    }

    /// Whether it takes anybody's time.
    pub(crate) fn blocks(self) -> bool {
        !matches!(self, Status::Proposed | Status::Cancelled | Status::NoShow | Status::EnteredInError)
    }

    /// Whether a reset brings it back to `booked`.
    pub(crate) fn can_reset(self) -> bool {
        !matches!(self, Status::Proposed | Status::Pending | Status::Waitlist | Status::Booked)
    }

    /// Refuses a way that it does not go.
    ///
    /// # Errors
    /// 409 `wrong_status`.
    pub(crate) fn expect_way(self, to: Self) -> ApiResult<()> {
        if self.leads_to(to) {
            return Ok(());
        }
        Err(wrong(format!(
            "An appointment that is `{}` does not become `{}`. Who may reset it brings it back to `booked`; or book another one.",
            self.as_str(),
            to.as_str()
        )))
    }
}

/// 409: not as it stands.
pub(crate) fn wrong(detail: String) -> ApiError {
    ApiError::conflict("wrong_status", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Status; 10] = [
        Status::Proposed,
        Status::Pending,
        Status::Booked,
        Status::Arrived,
        Status::CheckedIn,
        Status::Fulfilled,
        Status::Cancelled,
        Status::NoShow,
        Status::EnteredInError,
        Status::Waitlist,
    ];

    /// No way leads back, and what is over goes nowhere.
    #[test]
    fn ways_lead_forward() {
        for from in ALL {
            assert!(!from.leads_to(from) || from == Status::EnteredInError);
            for to in ALL.into_iter().filter(|to| from != *to && from.leads_to(*to)) {
                assert!(!to.leads_to(from), "{from:?} and {to:?} lead to each other");
            }
        }
        for over in [Status::Fulfilled, Status::Cancelled, Status::NoShow] {
            assert!(ALL.into_iter().all(|to| !over.leads_to(to)), "{over:?}");
            assert!(over.can_reset());
        }
    }
}
