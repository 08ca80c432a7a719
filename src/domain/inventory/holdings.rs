//! What is backed up in numbers and names, for those who are asked to hold it. Nothing of it is secret.

use super::{Collection, Counts, Inventory, Item};

/// The numbers of a backup's contents, and the names of the vaults on each master key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holdings {
    pub counts: Counts,
    pub keys: Vec<KeyHolding>,
}

/// A master key, and the vaults whose addresses are derived from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyHolding {
    pub title: String,
    pub vaults: Vec<String>,
}

impl Holdings {
    pub fn of(inventory: &Inventory) -> Self {
        let vaults_on = |id: &str| {
            let vaults = inventory.items(Collection::Vaults).map(|version| &version.item);
            vaults.filter(|vault| vault.fields().text("key_id") == Some(id)).map(Item::title).collect()
        };
        let keys = inventory.items(Collection::Keys).map(|version| &version.item);
        let keys = keys.map(|key| KeyHolding { title: key.title(), vaults: vaults_on(key.id()) }).collect();
        Self { counts: inventory.counts(), keys }
    }
}

impl KeyHolding {
    /// The names of its vaults, and how many more there are: `Rent, Payroll and 12 more`.
    pub fn names(&self, most: usize) -> String {
        let names = self.vaults.iter().take(most).map(String::as_str).collect::<Vec<_>>().join(", ");
        match self.vaults.len().saturating_sub(most) {
            0 if names.is_empty() => "no vault".to_owned(),
            0 => names,
            more => format!("{names} and {more} more"),
        }
    }
}
