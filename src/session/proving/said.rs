//! What is said of keys and vaults when they were compared: what does not check, what is only to be known, and how many of each.

use crate::domain::inventory::Version;
use crate::domain::kind::HolderWords;
use crate::domain::proof::{AddressCheck, KeyStanding, PublicKeyCheck, VaultCheck};
use crate::domain::tally::Tally;
use crate::domain::text::Safe;

/// What is to be said of a key that is not proven.
pub fn said_of_key(title: &str, standing: &KeyStanding) -> Option<String> {
    match standing {
        KeyStanding::Proven => None,
        KeyStanding::NotProven(fault) => Some(format!("Key \"{}\": {}.", Safe(title), Safe(&fault.to_string()))),
    }
}

/// What is to be said of a vault that does not simply match.
pub fn said_of_vault(title: &str, check: &VaultCheck) -> String {
    format!("Vault \"{}\": {}.", Safe(title), Safe(&check.to_string()))
}

/// The same of a vault of an open backup: what no quorum confirmed is weighed by its address.
pub fn said_of_compared(vault: &Version, check: &VaultCheck, holder: &HolderWords) -> String {
    let title = vault.item.title();
    let HolderWords { decider, sealer, .. } = holder;
    let (name, said, added) = (Safe(&title), check.to_string(), vault.added());
    let said = Safe(&said);
    match Remarkable::of_vault(vault, check) {
        Some(Remarkable::ProvedByAddress) => {
            format!("Vault \"{name}\": its address proves it: a key that {sealer} sealed gives it; {added}.")
        }
        Some(Remarkable::Unproved) => {
            format!("Vault \"{name}\": no {decider} has confirmed it; {added}. Its address was not compared: {said}.")
        }
        Some(Remarkable::Mismatch | Remarkable::KeyMissing) if !vault.is_trusted() => {
            format!("Vault \"{name}\": {said}. No {decider} has confirmed it; {added}.")
        }
        Some(Remarkable::Key | Remarkable::Mismatch | Remarkable::KeyMissing | Remarkable::NotChecked) | None => {
            said_of_vault(&title, check)
        }
    }
}

/// How much of each kind was said of keys and vaults.
pub type SaidOfItems = Tally<Remarkable>;

/// What is said of a key or vault when it was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remarkable {
    Key,
    Mismatch,
    KeyMissing,
    NotChecked,
    /// No quorum confirmed the vault, and its address is that of a key that one sealed.
    ProvedByAddress,
    /// No quorum confirmed the vault, and nothing proves it.
    Unproved,
}

impl Remarkable {
    /// `None` for a vault that simply matches.
    pub fn of(check: &VaultCheck) -> Option<Self> {
        match (&check.address, &check.public_key) {
            (AddressCheck::Mismatch { .. }, _) | (_, PublicKeyCheck::Mismatch { .. }) => Some(Self::Mismatch),
            (AddressCheck::KeyMissing { .. }, _) => Some(Self::KeyMissing),
            (AddressCheck::CannotCheck { .. }, _) => Some(Self::NotChecked),
            (AddressCheck::Match { .. }, _) => None,
        }
    }

    /// The same of a vault that may be none of a quorum's: then there is always something to say.
    pub fn of_vault(vault: &Version, check: &VaultCheck) -> Option<Self> {
        match Self::of(check) {
            None if !vault.is_trusted() => Some(Self::ProvedByAddress),
            Some(Self::NotChecked) if !vault.is_trusted() => Some(Self::Unproved),
            remarkable => remarkable,
        }
    }

    pub fn is_red(self) -> bool {
        match self {
            Self::Key | Self::Mismatch | Self::KeyMissing => true,
            Self::NotChecked | Self::ProvedByAddress | Self::Unproved => false,
        }
    }

    /// So many of them, without the number.
    pub fn so_many(self, count: usize) -> &'static str {
        let (one, several) = match self {
            Self::Key => ("key that is not proven", "keys that are not proven"),
            Self::Mismatch => (
                "vault whose address or public key is not that of its key",
                "vaults whose address or public key is not that of their key",
            ),
            Self::KeyMissing => ("vault whose key is not in this backup", "vaults whose key is not in this backup"),
            Self::NotChecked => ("address that cannot be checked", "addresses that cannot be checked"),
            Self::ProvedByAddress => (
                "vault that was added without {sealers}; its address proves it",
                "vaults that were added without {sealers}; their addresses prove them",
            ),
            Self::Unproved => (
                "vault that no {decider} has confirmed; its address was not compared",
                "vaults that no {decider} has confirmed; their addresses were not compared",
            ),
        };
        if count == 1 { one } else { several }
    }
}

/// How many addresses were compared, where it was not every one: what was not compared must not pass for checked.
pub fn numbers(said: &SaidOfItems, total: usize) -> Option<String> {
    let kinds = [Remarkable::KeyMissing, Remarkable::NotChecked, Remarkable::Unproved];
    let left: usize = kinds.into_iter().map(|kind| said.count(kind)).sum();
    let compared = total.saturating_sub(left);
    match (left, compared) {
        (0, _) => None,
        (_, 0) => Some(format!("No address was checked: 0 of {total} could be compared with their keys.")),
        (_, _) => Some(format!("Addresses that could be compared with their keys: {compared} of {total}.")),
    }
}
