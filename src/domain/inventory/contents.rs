//! The contents of a backup as one JSON document (`docs/format.md`, section 10): what recovery gives and what a backup is made of.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::document::{ContentsError, Document};
use super::fields::Fields;
use super::item::Collection;
use super::union::Inventory;
use crate::domain::canonical;
use crate::domain::secret::SecretBuffer;

/// Writes an inventory as contents, without a second copy of it.
pub struct Contents<'a>(&'a Inventory);

impl<'a> Contents<'a> {
    pub fn of(inventory: &'a Inventory) -> Self {
        Self(inventory)
    }

    /// The document: sorted names, indented by one space, ASCII, one LF at the end.
    pub fn to_json(&self) -> SecretBuffer {
        canonical::secret_document(self)
    }

    /// The records that seal the contents of an organization, read from such a document.
    pub fn read(json: &[u8]) -> Result<Vec<Fields>, ContentsError> {
        Document::read(json).map(Document::into_records)
    }
}

impl Serialize for Contents<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(inventory) = self;
        let unknown = inventory.unknown_records();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("accounts", &Items(inventory, Collection::Accounts))?;
        map.serialize_entry("format", "conclave-contents")?;
        map.serialize_entry("keys", &Items(inventory, Collection::Keys))?;
        map.serialize_entry("organization", inventory.organization())?;
        if !unknown.is_empty() {
            map.serialize_entry("unknown_records", unknown)?;
        }
        map.serialize_entry("vaults", &Items(inventory, Collection::Vaults))?;
        map.serialize_entry("version", &1)?;
        map.end()
    }
}

struct Items<'a>(&'a Inventory, Collection);

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for version in self.0.items(self.1) {
            list.serialize_element(version.item.fields())?;
        }
        list.end()
    }
}
