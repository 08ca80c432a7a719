//! How much contents hold, and how much a file claims that they hold.

use serde::{Deserialize, Deserializer, Serialize};

/// How many items there are, each once, and codes of all accounts together, used or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub keys: usize,
    pub vaults: usize,
    pub accounts: usize,
    pub codes: usize,
}

/// What a file says that its boxes hold, at most (`docs/format.md`, section 3.5). Keys are not counted there. No mark covers it,
/// and after a refresh it is an upper bound: that there is *more* is noted, *less* is not. Boxes and marks tell what is
/// missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claimed {
    #[serde(deserialize_with = "count")]
    pub accounts: u64,
    #[serde(deserialize_with = "count")]
    pub codes: u64,
    #[serde(deserialize_with = "count")]
    pub vaults: u64,
}

impl Claimed {
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            accounts: self.accounts.saturating_add(other.accounts),
            codes: self.codes.saturating_add(other.codes),
            vaults: self.vaults.saturating_add(other.vaults),
        }
    }
}

/// An integer up to 2^53 - 1.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let value = u64::deserialize(deserializer)?;
    if value > (1 << 53) - 1 {
        return Err(serde::de::Error::custom("an integer above 2^53 - 1"));
    }
    Ok(value)
}
