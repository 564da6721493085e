//! Where a listing may go from where it stands. A table and nothing else: it knows neither the database nor the clock.

use tenantry_core::choice;

use ListingStatus::{
    Active, Canceled, Closed, ComingSoon, Expired, Hold, Incomplete, Pending, UnderContract, Withdrawn,
};

choice! {
    /// Where a listing stands on the market (RESO's StandardStatus).
    pub enum ListingStatus {
        /// Being written.
        Incomplete = "incomplete",
        /// Announced.
        ComingSoon = "coming_soon",
        /// On the market.
        Active = "active",
        /// On the market, with an accepted offer.
        UnderContract = "active_under_contract",
        /// Off the market, waiting for completion.
        Pending = "pending",
        /// Sold or let.
        Closed = "closed",
        /// Off the market for a while.
        Hold = "hold",
        /// Taken off the market.
        Withdrawn = "withdrawn",
        /// The mandate has run out.
        Expired = "expired",
        /// The mandate was canceled.
        Canceled = "canceled",
    }
}

/// By what a listing moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Somebody says so.
    Hand,
    /// What becomes of an offer: it is accepted, falls through, is completed.
    Offer,
    /// The end of the mandate.
    Time,
}

impl ListingStatus {
    const ALL: [Self; 10] =
        [Incomplete, ComingSoon, Active, UnderContract, Pending, Closed, Hold, Withdrawn, Expired, Canceled];

    /// Those that end with the mandate.
    pub(crate) fn expiring() -> Vec<Self> {
        Self::ALL.into_iter().filter(|from| from.may_become(Expired, Way::Time)).collect()
    }

    /// Whether a listing may go from here to there.
    pub(crate) fn may_become(self, to: Self, way: Way) -> bool {
        match way {
            Way::Hand => self.by_hand().contains(&to),
            Way::Offer => self.by_offer().contains(&to),
            Way::Time => to == Expired && matches!(self, ComingSoon | Active | Hold),
        }
    }

    /// Where somebody may move a listing. A sale that is under way ends by what becomes of its offer.
    pub(crate) const fn by_hand(self) -> &'static [Self] {
        match self {
            Incomplete => &[ComingSoon, Active, Canceled],
            ComingSoon => &[Active, Hold, Withdrawn, Canceled],
            Active => &[ComingSoon, Hold, Withdrawn, Canceled],
            UnderContract => &[Pending],
            Pending => &[UnderContract],
            Hold => &[ComingSoon, Active, Withdrawn, Canceled],
            Withdrawn | Expired => &[Active, Canceled],
            Closed | Canceled => &[],
        }
    }

    const fn by_offer(self) -> &'static [Self] {
        match self {
            Active => &[UnderContract],
            UnderContract | Pending => &[Active, Expired, Closed],
            _ => &[],
        }
    }

    /// Whether it is bound to an accepted offer.
    pub(crate) const fn is_under_contract(self) -> bool {
        matches!(self, UnderContract | Pending)
    }

    /// Whether anybody is shown it. What ends that cancels viewings and open houses.
    pub(crate) const fn is_shown(self) -> bool {
        matches!(self, ComingSoon | Active | UnderContract | Pending)
    }

    /// Whether it needs an agent, a price and a mandate.
    pub(crate) const fn needs_mandate(self) -> bool {
        matches!(self, Active | UnderContract | Pending | Closed)
    }

    /// Whether it may be deleted. Anything else was seen by somebody, and is withdrawn instead.
    pub(crate) const fn may_go(self) -> bool {
        matches!(self, Incomplete | Canceled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [ListingStatus; 10] = ListingStatus::ALL;

    #[test]
    fn what_is_over_stays_over() {
        for over in [Closed, Canceled] {
            for to in ALL {
                assert!(![Way::Hand, Way::Offer, Way::Time].into_iter().any(|way| over.may_become(to, way)), "{to:?}");
            }
        }
    }

    #[test]
    fn nobody_closes_or_binds_a_listing_by_hand() {
        for from in ALL {
            assert!(!from.may_become(Closed, Way::Hand) && !from.may_become(Expired, Way::Hand), "{from:?}");
            assert!(!from.may_become(UnderContract, Way::Hand) || from == Pending, "{from:?}");
        }
        assert!(!UnderContract.may_become(Active, Way::Hand) && UnderContract.may_become(Active, Way::Offer));
    }

    #[test]
    fn what_is_off_the_market_is_not_shown() {
        let shown: Vec<ListingStatus> = ALL.into_iter().filter(|status| status.is_shown()).collect();
        assert_eq!(shown, [ComingSoon, Active, UnderContract, Pending]);
    }

    #[test]
    fn a_sale_under_way_does_not_expire() {
        assert_eq!(ListingStatus::expiring(), [ComingSoon, Active, Hold]);
    }
}
