//! What time it is, for dates in files. The clock of an offline machine may be wrong; nothing is decided by it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::domain::time::Timestamp;

/// `None` when the clock stands before 1970 or after 9999.
pub fn now() -> Option<Timestamp> {
    Timestamp::from_unix_seconds(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs())
}

/// How long this machine has slept since it was started.
pub fn slept() -> Duration {
    let awake = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    since_boot().saturating_sub(Duration::try_from(awake).unwrap_or_default())
}

/// Time since some moment in the past. Goes on while the machine sleeps, where the system has such a clock, and is never set.
pub fn since_boot() -> Duration {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let clock = rustix::time::ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let clock = rustix::time::ClockId::Monotonic;
    Duration::try_from(rustix::time::clock_gettime(clock)).unwrap_or_default()
}
