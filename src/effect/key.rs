//! Keys that are rebuilt, and the search for the path of an address.

use crate::domain::chain::Chain;
use crate::domain::derivation_path::DerivationPath;
use crate::domain::import_form::ImportForm;
use crate::domain::inventory::Collection;
use crate::domain::secret::SecretText;

/// Whose key is rebuilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedKey {
    /// That of a key or vault of the backup, in one of its versions.
    Item { collection: Collection, id: String, version: usize },
    /// That of a vault that the backup does not hold.
    Path { key_id: String, chain: Chain, path: DerivationPath },
}

/// An address whose path is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAddress {
    pub key_id: String,
    pub chain: Chain,
    pub address: String,
    /// How many accounts, from 0 on, and how many addresses of each.
    pub accounts: u32,
    pub indexes: u32,
}

impl KnownAddress {
    /// How many paths there are to try.
    pub fn paths(&self) -> u64 {
        u64::from(self.accounts) * u64::from(self.indexes)
    }
}

/// A key that was rebuilt, and what follows from it.
#[derive(Debug, Default)]
pub struct DerivedKey {
    /// What came of comparing it with the record, where there is one.
    pub check: Option<String>,
    pub is_red: bool,
    pub public_key: Option<String>,
    pub private_key: Option<SecretText>,
    /// The forms of its address, for a vault that the backup does not hold.
    pub addresses: Vec<(&'static str, String)>,
    pub forms: Vec<ImportForm>,
}

/// How far the search for an address is.
#[derive(Debug)]
pub enum Searched {
    Found {
        path: DerivationPath,
        form: &'static str,
    },
    /// So many paths were tried, all in vain; it can go on there.
    NotYet {
        tried: u64,
    },
    /// All were tried.
    Nowhere,
}
