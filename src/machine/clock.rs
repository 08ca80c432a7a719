//! What time it is, for dates in files. The clock of an offline machine may be wrong; nothing is decided by it.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::time::Timestamp;

/// `None` when the clock stands before 1970 or after 9999.
pub fn now() -> Option<Timestamp> {
    Timestamp::from_unix_seconds(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs())
}
