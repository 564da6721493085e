//! When to try again: the schedule that Standard Webhooks recommends.

use std::time::Duration;

/// The waits before the second attempt, the third, … in seconds: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
const WAITS: [u64; 9] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// Attempts of one event; then it is given up, and the next one is tried.
pub(super) const ATTEMPTS: i16 = 10;

/// Where nothing could be delivered for so long, an endpoint is disabled: 5 days, in seconds.
pub(super) const LONGEST_FAILING: f64 = 5.0 * 86_400.0;

/// Time for one attempt, all in all.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);

/// How long to wait after this attempt, in seconds; none after the last one.
pub(super) fn wait(attempt: i16) -> Option<u64> {
    let index = usize::try_from(attempt).unwrap_or_default().saturating_sub(1);
    WAITS.get(index).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_attempts_take_three_days() {
        let waits: Vec<_> = (1..=ATTEMPTS).map(wait).collect();
        assert_eq!(waits.iter().flatten().count(), 9);
        assert_eq!((waits[0], waits[8], waits[9]), (Some(5), Some(86_400), None));
        assert_eq!(waits.iter().flatten().sum::<u64>() / 3600, 75);
    }
}
