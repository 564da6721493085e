//! Times from and until, and what is left of some without others.

use poem_openapi::Object;
use serde::Serialize;
use time::{Duration, OffsetDateTime};

/// From one time until another, which is no part of it: what ends when something begins does not touch it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Object)]
pub struct Period {
    /// When it begins.
    #[serde(with = "time::serde::rfc3339")]
    pub starts_at: OffsetDateTime,
    /// When it is over.
    #[serde(with = "time::serde::rfc3339")]
    pub ends_at: OffsetDateTime,
}

impl Period {
    /// A period; none where nothing would be in it.
    pub fn new(starts_at: OffsetDateTime, ends_at: OffsetDateTime) -> Option<Self> {
        (starts_at < ends_at).then_some(Self { starts_at, ends_at })
    }

    /// The period with time added before and behind it.
    #[must_use]
    pub fn widened(self, before: Duration, after: Duration) -> Self {
        Self {
            starts_at: self.starts_at.checked_sub(before).unwrap_or(self.starts_at),
            ends_at: self.ends_at.checked_add(after).unwrap_or(self.ends_at),
        }
    }

    /// How long it is.
    pub fn length(self) -> Duration {
        self.ends_at - self.starts_at
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }

    fn holds(self, other: Self) -> bool {
        self.starts_at <= other.starts_at && other.ends_at <= self.ends_at
    }
}

/// Periods in their order, none of which touch.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Periods(Vec<Period>);

impl Periods {
    /// All that is in any of these.
    pub(super) fn joined(mut periods: Vec<Period>) -> Self {
        periods.sort_by_key(|period| period.starts_at);
        let mut joined: Vec<Period> = Vec::with_capacity(periods.len());
        for period in periods {
            match joined.last_mut() {
                Some(last) if period.starts_at <= last.ends_at => last.ends_at = last.ends_at.max(period.ends_at),
                _ => joined.push(period),
            }
        }
        Self(joined)
    }

    /// All in which at least `most` of these are at once.
    pub(super) fn crowded(periods: &[Period], most: usize) -> Self {
        let mut turns: Vec<(OffsetDateTime, i32)> = Vec::with_capacity(periods.len() * 2);
        for period in periods {
            turns.extend([(period.starts_at, 1), (period.ends_at, -1)]);
        }
        // Who goes makes room for who comes at the same time.
        turns.sort_unstable();
        let most = i32::try_from(most).unwrap_or(i32::MAX);
        let (mut crowded, mut since, mut there) = (Vec::new(), None, 0);
        for (at, turn) in turns {
            there += turn;
            match since {
                None if there >= most => since = Some(at),
                Some(start) if there < most => {
                    crowded.extend(Period::new(start, at));
                    since = None;
                }
                _ => {}
            }
        }
        Self::joined(crowded)
    }

    /// What is in these and in none of those.
    pub(super) fn without(&self, others: &Self) -> Self {
        let mut left = Vec::new();
        let mut rest = others.0.iter().copied().peekable();
        for period in &self.0 {
            let mut from = period.starts_at;
            while rest.next_if(|other| other.ends_at <= from).is_some() {}
            let mut ahead = rest.clone();
            while let Some(other) = ahead.next_if(|other| other.starts_at < period.ends_at) {
                left.extend(Period::new(from, other.starts_at));
                from = from.max(other.ends_at);
            }
            left.extend(Period::new(from, period.ends_at));
        }
        Self(left)
    }

    /// What is in these and in those.
    pub(super) fn within(&self, others: &Self) -> Self {
        self.without(&self.without(others))
    }

    /// Whether a period is in one of these as a whole.
    pub(super) fn hold(&self, period: Period) -> bool {
        let next = self.0.partition_point(|own| own.ends_at < period.ends_at);
        self.0.get(next).is_some_and(|own| own.holds(period))
    }

    /// Whether a period has something of these in it.
    pub(super) fn touch(&self, period: Period) -> bool {
        let next = self.0.partition_point(|own| own.ends_at <= period.starts_at);
        self.0.get(next).is_some_and(|own| own.overlaps(period))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Period> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn period(from: i64, until: i64) -> Period {
        let at = |hour| OffsetDateTime::UNIX_EPOCH + Duration::hours(hour);
        Period::new(at(from), at(until)).unwrap()
    }

    fn periods(of: &[(i64, i64)]) -> Periods {
        Periods::joined(of.iter().map(|(from, until)| period(*from, *until)).collect())
    }

    #[test]
    fn what_touches_is_one() {
        assert_eq!(periods(&[(5, 6), (1, 3), (3, 4), (2, 3)]), periods(&[(1, 4), (5, 6)]));
        assert!(Period::new(OffsetDateTime::UNIX_EPOCH, OffsetDateTime::UNIX_EPOCH).is_none());
    }

    #[test]
    fn what_is_taken_leaves_the_rest() {
        let open = periods(&[(8, 12), (13, 18)]);
        assert_eq!(open.without(&periods(&[(9, 10), (11, 14), (17, 20)])), periods(&[(8, 9), (10, 11), (14, 17)]));
        assert_eq!(open.without(&periods(&[(0, 24)])), Periods::default());
        assert_eq!(open.without(&Periods::default()), open);
        assert_eq!(open.within(&periods(&[(10, 15)])), periods(&[(10, 12), (13, 15)]));
    }

    #[test]
    fn a_crowd_is_where_enough_are_at_once() {
        let three = [period(1, 5), period(2, 6), period(5, 8)];
        assert_eq!(Periods::crowded(&three, 1), periods(&[(1, 8)]));
        assert_eq!(Periods::crowded(&three, 2), periods(&[(2, 6)]));
        assert_eq!(Periods::crowded(&three, 3), Periods::default());
    }

    #[test]
    fn back_to_back_does_not_touch() {
        let taken = periods(&[(2, 3), (5, 6)]);
        assert!(!taken.touch(period(3, 5)) && taken.touch(period(3, 6)) && taken.touch(period(1, 3)));
        assert!(taken.hold(period(2, 3)) && taken.hold(period(5, 6)) && !taken.hold(period(2, 5)));
    }
}
