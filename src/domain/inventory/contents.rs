//! The contents of a backup as one JSON document (`docs/format.md`, section 10): what recovery gives and what a backup is made of.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::fields::{Fields, Kept};
use super::item::{Collection, Item};
use super::record::Record;
use super::union::Inventory;
use crate::domain::canonical;
use crate::domain::secret::{SecretBuffer, SecretText};
use crate::domain::text::{TEXT_LIMIT, is_text};

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
        let mut fields =
            Fields::parse(json).map_err(|error| ContentsError::Text { line: error.line(), column: error.column() })?;
        if fields.text("format") != Some("conclave-contents") {
            return Err(ContentsError::NotContents);
        }
        if !matches!(fields.value("version"), Some(Kept::Integer(1))) {
            return Err(ContentsError::Version);
        }
        let name = fields.text("organization").filter(|name| is_text(name, TEXT_LIMIT));
        let name = name.ok_or(ContentsError::Member { member: "organization" })?;
        let mut records = vec![Record::Organization { name: SecretText::copy_of(name) }.into_fields()];
        for collection in Collection::OF_ORGANIZATION {
            let member = collection.name();
            let Some(Kept::List(list)) = fields.take(member) else { return Err(ContentsError::Member { member }) };
            for (index, value) in list.into_iter().enumerate() {
                let place = index + 1;
                let Kept::Object(item) = value else { return Err(ContentsError::Member { member }) };
                let item =
                    Item::new(collection, item).map_err(|(fault, _)| ContentsError::Item { member, place, fault })?;
                records.push(Record::Put { item, origin: None }.into_fields());
            }
        }
        if let Some(Kept::List(list)) = fields.take("unknown_records") {
            for value in list {
                let Kept::Object(record) = value else {
                    return Err(ContentsError::Member { member: "unknown_records" });
                };
                records.push(record);
            }
        }
        Ok(records)
    }
}

/// Why a document is not contents that can be sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentsError {
    #[error("the text breaks the rules of JSON or of this format at line {line}, column {column}")]
    Text { line: usize, column: usize },
    #[error("this is not a contents document (format is not \"conclave-contents\")")]
    NotContents,
    #[error("this contents document has a version that is not 1")]
    Version,
    #[error("the member {member} is missing or malformed")]
    Member { member: &'static str },
    #[error("number {place} of {member}: {fault}")]
    Item { member: &'static str, place: usize, fault: super::item::Malformed },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_cannot_be_sealed_is_refused_with_the_place() {
        let of = |json: &str| Contents::read(json.as_bytes()).unwrap_err();
        let head = r#"{"format":"conclave-contents","version":1,"organization":"A","accounts":[],"keys":[]"#;
        assert!(Contents::read(format!("{head},\"vaults\":[]}}").as_bytes()).is_ok());
        assert_eq!(of("{}"), ContentsError::NotContents);
        assert_eq!(of(r#"{"format":"conclave-contents","version":2}"#), ContentsError::Version);
        assert_eq!(of(&format!("{head}}}")), ContentsError::Member { member: "vaults" });
        let error = of(&format!("{head},\"vaults\":[{{\"id\":\"v\",\"name\":7,\"chain\":\"c\"}}]}}"));
        assert_eq!(error.to_string(), "number 1 of vaults: name is not a text of 1 to 256 characters");
        assert!(matches!(of("{\n \"a\":1.5}"), ContentsError::Text { line: 2, .. }));
    }
}
