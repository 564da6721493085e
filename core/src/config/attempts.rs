//! How often something may be tried, by kind.

use std::time::Duration;

/// So many tries within so much time; then one waits until that time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Tries.
    pub tries: i32,
    /// From the first of them on.
    pub within: Duration,
}

impl Allowance {
    const fn new(tries: i32, minutes: u64) -> Self {
        Self { tries, within: Duration::from_secs(minutes * 60) }
    }
}

/// The allowances of each kind of try.
#[derive(Clone, Copy, Debug)]
pub struct AttemptLimits {
    /// Wrong passwords for one account from one network. Another network has tries of its own, so that nobody can lock
    /// the owner out.
    pub sign_in: Allowance,
    /// Wrong passwords from one network, whatever the accounts.
    pub sign_in_network: Allowance,
    /// Registrations from one network: `TENANTRY_REGISTER_LIMIT` in an hour.
    pub register: Allowance,
    /// Letters that one network asks for to one address, known or not.
    pub letter: Allowance,
    /// Letters that one network asks for, whatever the addresses.
    pub letter_network: Allowance,
}

impl Default for AttemptLimits {
    fn default() -> Self {
        Self {
            sign_in: Allowance::new(10, 15),
            sign_in_network: Allowance::new(200, 15),
            register: Allowance::new(200, 60),
            letter: Allowance::new(5, 60),
            letter_network: Allowance::new(100, 60),
        }
    }
}

impl AttemptLimits {
    /// No limits to speak of, for tests that are about something else.
    pub const fn none() -> Self {
        let all = Allowance::new(i32::MAX, 1);
        Self { sign_in: all, sign_in_network: all, register: all, letter: all, letter_network: all }
    }
}
