//! The contents of a backup as one JSON document (`docs/format.md`, section 10): what recovery gives and what a backup is made of.

use std::collections::BTreeMap;

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::document::{ContentsError, Document};
use super::fields::Fields;
use super::item::Collection;
use super::union::Inventory;
use crate::domain::canonical;
use crate::domain::kind::Kind;
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

    /// The records that seal the contents of a backup of that kind, read from such a document.
    pub fn read(kind: Kind, json: &[u8]) -> Result<Vec<Fields>, ContentsError> {
        Document::read(kind, json).map(Document::into_records)
    }
}

impl Serialize for Contents<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(inventory) = self;
        let list = |collection: Collection| (collection.name(), Member::Items(CollectionItems(inventory, collection)));
        let mut members: BTreeMap<&str, Member<'_>> = inventory.collections().map(list).collect();
        members.insert("format", Member::Text("conclave-contents"));
        members.insert("organization", Member::Text(inventory.organization()));
        members.insert("version", Member::Number(1));
        if !inventory.unknown_records().is_empty() {
            members.insert("unknown_records", Member::Records(inventory.unknown_records()));
        }
        members.serialize(serializer)
    }
}

/// What stands at a name of the document.
#[derive(Serialize)]
#[serde(untagged)]
enum Member<'a> {
    Text(&'a str),
    Number(u8),
    Items(CollectionItems<'a>),
    Records(&'a [Fields]),
}

struct CollectionItems<'a>(&'a Inventory, Collection);

impl Serialize for CollectionItems<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for version in self.0.items(self.1) {
            list.serialize_element(version.item.fields())?;
        }
        list.end()
    }
}
