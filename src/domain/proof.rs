//! What came of deriving keys and addresses anew and comparing them with what a backup records. Holds nothing secret.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// How many keys and vaults that no quorum confirmed are rebuilt and compared: whoever has the file can add any number of them, and
/// each takes time.
pub const UNCONFIRMED_KEYS: usize = 1_000;
pub const UNCONFIRMED_VAULTS: usize = 5_000;
/// What is said of the others.
pub const VAULT_LEFT_ALONE: &str = "more than 5000 vaults were added without the quorum";

/// What is known of a key of the backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyStanding {
    /// Its private key gives the recorded public key.
    Proven,
    NotProven(KeyFault),
}

/// Why a key is not proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyFault {
    /// The private key, or the sum of the shares, gives this public key (hexadecimal) and not the recorded one.
    OtherPublicKey { derived: String },
    /// The private key, or the sum of the shares, is 0 or beyond the order of the curve.
    OutOfRange,
    /// It cannot be read as a key of its type.
    Unreadable,
    /// So many keys were added without the quorum that this one was left alone.
    LeftAlone,
}

impl fmt::Display for KeyStanding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Proven => out.write_str("proven: the private key gives the recorded public key"),
            Self::NotProven(fault) => write!(out, "NOT PROVEN: {fault}"),
        }
    }
}

impl fmt::Display for KeyFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherPublicKey { derived } => {
                write!(out, "the private key gives another public key than the recorded one: {derived}")
            }
            Self::OutOfRange => out.write_str("the private key is no number that this curve allows"),
            Self::Unreadable => out.write_str("the private key cannot be read"),
            Self::LeftAlone => {
                write!(
                    out,
                    "more than {UNCONFIRMED_KEYS} keys were added without the quorum, and this one was not rebuilt"
                )
            }
        }
    }
}

/// What is known of the address of a vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressCheck {
    /// The key gives it.
    Match {
        /// `P2WPKH`, where a chain has several forms; else the name of the chain's only form.
        form: &'static str,
        /// Where the record has it in another notation than is usual on the chain: in which.
        notation: Option<String>,
    },
    /// The key gives these addresses and not the recorded one.
    Mismatch { derived: Vec<String> },
    /// The record names a key that this backup does not hold: the vault cannot be recovered from it.
    KeyMissing { key_id: String },
    /// It can not be compared, which alone is not red. Completes "cannot check, because …".
    CannotCheck { because: Cow<'static, str> },
}

impl fmt::Display for AddressCheck {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Match { notation: None, .. } => out.write_str("match"),
            Self::Match { notation: Some(notation), .. } => {
                write!(out, "match: same account, another notation ({notation})")
            }
            Self::Mismatch { derived } => write!(out, "MISMATCH: the key gives {}", derived.join(" or ")),
            Self::KeyMissing { key_id } => {
                write!(out, "cannot check, because the key {key_id} is not in this backup")
            }
            Self::CannotCheck { because } => write!(out, "cannot check, because {because}"),
        }
    }
}

/// What is known of the public key that a vault records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKeyCheck {
    Match,
    /// The key gives this one (hexadecimal).
    Mismatch {
        derived: String,
    },
    /// None is recorded, or none could be derived.
    NotCompared,
}

/// What is known of a vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultCheck {
    pub address: AddressCheck,
    pub public_key: PublicKeyCheck,
}

impl VaultCheck {
    /// The key gives what is recorded: whatever is the organization's own needs no other proof.
    pub fn is_match(&self) -> bool {
        matches!(self.address, AddressCheck::Match { .. }) && !self.is_red()
    }

    /// Something does not fit: the exit code is 7.
    pub fn is_red(&self) -> bool {
        matches!(self.address, AddressCheck::Mismatch { .. } | AddressCheck::KeyMissing { .. })
            || matches!(self.public_key, PublicKeyCheck::Mismatch { .. })
    }
}

/// The text of the column `Address Check`. Names in it are as recorded: show it through `Safe`.
impl fmt::Display for VaultCheck {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.address, &self.public_key) {
            (address, PublicKeyCheck::Mismatch { derived }) => {
                write!(out, "{address}; PUBLIC KEY MISMATCH: the key gives {derived}")
            }
            (address @ AddressCheck::CannotCheck { .. }, PublicKeyCheck::Match) => {
                write!(out, "{address}; the public key matches")
            }
            (address, _) => write!(out, "{address}"),
        }
    }
}

/// What is known of all keys and vaults that count, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checks {
    pub keys: BTreeMap<String, KeyStanding>,
    pub vaults: BTreeMap<String, VaultCheck>,
}
