//! Records: what boxes hold. Reading never fails as a whole: what is not understood is kept and marked
//! (`docs/format.md`, section 9).

use super::fields::{Fields, Kept, OBJECT_WEIGHT, VALUES_LIMIT};
use super::item::{Collection, Item};
use crate::domain::canonical;
use crate::domain::encoding::Hex;
use crate::domain::secret::{SecretBuffer, SecretText};
use crate::domain::text::{TEXT_LIMIT, is_text};
use crate::domain::time::Timestamp;

/// One step in the history of an inventory.
#[derive(Debug)]
pub enum Record {
    Organization { name: SecretText },
    Put { item: Item, origin: Option<Origin> },
    Remove { collection: Collection, id: String },
    Used { account: String, code: SecretText },
}

/// Which backup first held a record that a rotation carried over unconfirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    pub backup_id: Hex<16>,
    pub created: Timestamp,
}

/// What stood at one place of a box's list.
#[derive(Debug)]
pub struct Entry {
    /// What was understood of it.
    pub record: Option<Record>,
    /// The whole of it, when not all was understood.
    pub kept: Option<Fields>,
    /// Why it was not understood, when that is a fault and not the future.
    pub fault: Option<String>,
}

/// Reads the plaintext of a box: `{"records":[…]}` and spaces. `Err` when it is not that.
pub fn read_records(plaintext: &[u8], collections: &[Collection]) -> Result<Vec<Entry>, String> {
    let mut fields = Fields::parse(plaintext).map_err(|error| position_only(&error))?;
    let Some(Kept::List(records)) = fields.take("records") else {
        return Err("it has no list of records".to_owned());
    };
    if records.iter().filter(|record| record.as_object().is_none()).count() > VALUES_LIMIT / OBJECT_WEIGHT {
        return Err("it has too many records that are no objects".to_owned());
    }
    let mut entries: Vec<Entry> = records.into_iter().map(|record| read_record(record, collections)).collect();
    if fields.names().next().is_some() {
        entries.push(Entry { record: None, kept: Some(fields), fault: None });
    }
    Ok(entries)
}

/// The plaintext of a box that holds `records`, padded with spaces to a multiple of 4,096 bytes.
pub fn write_records(records: Vec<Fields>) -> SecretBuffer {
    use std::io::Write;
    let document = Fields::default().with("records", Kept::List(records.into_iter().map(Kept::Object).collect()));
    let mut plaintext = canonical::secret_bytes(&document, PADDING);
    let spaces = plaintext.reveal().len().next_multiple_of(PADDING) - plaintext.reveal().len();
    let padded = plaintext.write_all(&vec![b' '; spaces]);
    debug_assert!(padded.is_ok(), "room for the padding was kept");
    plaintext
}

/// Box plaintexts are multiples of so many bytes, so that a size says little.
const PADDING: usize = 4096;

impl Record {
    /// The record as it is sealed.
    pub fn into_fields(self) -> Fields {
        let record = |kind| Fields::default().with_text("record", kind);
        match self {
            Self::Organization { name } => record("organization").with_text("name", name.reveal()),
            Self::Put { item, origin } => {
                let put = record("put").with_text("collection", item.collection().name());
                let put = match origin {
                    Some(origin) => put.with(
                        "origin",
                        Kept::Object(
                            Fields::default()
                                .with_text("backup_id", &origin.backup_id.to_string())
                                .with_text("created", &origin.created.to_string()),
                        ),
                    ),
                    None => put,
                };
                put.with("item", Kept::Object(item.into_fields()))
            }
            Self::Remove { collection, id } => {
                record("remove").with_text("collection", collection.name()).with_text("id", &id)
            }
            Self::Used { account, code } => used_record(&account, code.reveal()),
        }
    }
}

/// A mark that a code of an account was used.
pub fn used_record(account: &str, code: &str) -> Fields {
    Fields::default().with_text("record", "used").with_text("account", account).with_text("code", code)
}

/// An error of the JSON reader without anything that it quotes from a secret text.
fn position_only(error: &serde_json::Error) -> String {
    format!("its text breaks the rules at line {}, column {}", error.line(), error.column())
}

/// What stands in a record of an organization's box.
pub fn read_entry(fields: Fields) -> Entry {
    read_record(Kept::Object(fields), &Collection::OF_ORGANIZATION)
}

fn read_record(value: Kept, collections: &[Collection]) -> Entry {
    let Kept::Object(fields) = value else {
        let kept = Fields::default().with("record", value);
        return Entry { record: None, kept: Some(kept), fault: Some("a record is not an object".to_owned()) };
    };
    let known: &[&str] = match fields.text("record") {
        Some("organization") => &["record", "name"],
        Some("put") => &["record", "collection", "item", "origin"],
        Some("remove") => &["record", "collection", "id"],
        Some("used") => &["record", "account", "code"],
        Some(_) => return Entry { record: None, kept: Some(fields), fault: None },
        None => {
            let fault = Some("a record does not say what it is".to_owned());
            return Entry { record: None, kept: Some(fields), fault };
        }
    };
    let has_unknown = fields.names().any(|name| !known.contains(&name));
    match understand(&fields, collections) {
        Ok(record) => Entry { record: Some(record), kept: has_unknown.then_some(fields), fault: None },
        Err(NotUnderstood::Newer) => Entry { record: None, kept: Some(fields), fault: None },
        Err(NotUnderstood::Malformed(fault)) => Entry { record: None, kept: Some(fields), fault: Some(fault) },
    }
}

enum NotUnderstood {
    /// Something a newer version may know.
    Newer,
    Malformed(String),
}

fn understand(fields: &Fields, collections: &[Collection]) -> Result<Record, NotUnderstood> {
    let malformed = |what: &str| NotUnderstood::Malformed(what.to_owned());
    let short = |name: &str| fields.text(name).filter(|text| is_text(text, TEXT_LIMIT));
    let collection = || {
        let name = fields.text("collection").ok_or_else(|| malformed("a record names no collection"))?;
        Collection::named(name).filter(|found| collections.contains(found)).ok_or(NotUnderstood::Newer)
    };
    match fields.text("record") {
        Some("organization") => {
            let name = short("name").ok_or_else(|| malformed("an organization record has no name"))?;
            Ok(Record::Organization { name: SecretText::copy_of(name) })
        }
        Some("put") => {
            let collection = collection()?;
            let Some(Kept::Object(item)) = fields.value("item") else {
                return Err(malformed("a put record has no item"));
            };
            let origin = match fields.value("origin") {
                None => None,
                Some(value) => {
                    Some(read_origin(value).ok_or_else(|| malformed("the origin of a record is malformed"))?)
                }
            };
            match Item::new(collection, item.duplicate()) {
                Ok(item) => Ok(Record::Put { item, origin }),
                Err((fault, _)) => Err(NotUnderstood::Malformed(format!("in a {}, {fault}", collection.noun()))),
            }
        }
        Some("remove") => {
            let collection = collection()?;
            let id = short("id").ok_or_else(|| malformed("a remove record has no id"))?;
            Ok(Record::Remove { collection, id: id.to_owned() })
        }
        Some("used") => match (short("account"), short("code")) {
            (Some(account), Some(code)) => {
                Ok(Record::Used { account: account.to_owned(), code: SecretText::copy_of(code) })
            }
            _ => Err(malformed("a used record has no account or no code")),
        },
        _ => Err(NotUnderstood::Newer),
    }
}

fn read_origin(value: &Kept) -> Option<Origin> {
    let fields = value.as_object()?;
    let known = fields.names().all(|name| matches!(name, "backup_id" | "created"));
    let backup_id = Hex::parse(fields.text("backup_id")?)?;
    let created = Timestamp::parse(fields.text("created")?)?;
    known.then_some(Origin { backup_id, created })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Vec<Entry> {
        read_records(json.as_bytes(), &Collection::OF_ORGANIZATION).unwrap()
    }

    #[test]
    fn a_box_of_very_many_records_that_are_none_is_refused() {
        let most = VALUES_LIMIT / OBJECT_WEIGHT;
        let of = |count| read_records(format!("{{\"records\":[{}]}}", vec!["0"; count].join(",")).as_bytes(), &[]);
        assert_eq!(of(3).unwrap().len(), 3);
        assert!(of(most + 1).is_err());
    }

    #[test]
    fn what_is_not_understood_is_kept_and_blocks_nothing() {
        let entries = read(concat!(
            r#"{"records":[{"record":"organization","name":"A"},{"record":"teleport","x":1},{"record":"put","collection":"pets","item":{}},"#,
            r#"{"record":"put","collection":"vaults","item":{"id":"v"}},{"record":"organization","name":"B","colour":"red"},7,{}],"more":1}  "#
        ));
        let shape: Vec<_> = entries
            .iter()
            .map(|entry| (entry.record.is_some(), entry.kept.is_some(), entry.fault.as_deref()))
            .collect();
        assert_eq!(
            shape,
            [
                (true, false, None),
                (false, true, None),
                (false, true, None),
                (false, true, Some("in a vault, name is not a text of 1 to 256 characters")),
                (true, true, None),
                (false, true, Some("a record is not an object")),
                (false, true, Some("a record does not say what it is")),
                (false, true, None),
            ]
        );
    }

    #[test]
    fn records_are_written_as_they_are_read_and_padded() {
        let json = concat!(
            r#"{"records":[{"name":"A","record":"organization"},{"collection":"vaults","id":"v","record":"remove"},"#,
            r#"{"collection":"vaults","item":{"chain":"c","id":"v","name":"n"},"origin":{"backup_id":"00112233445566778899aabbccddeeff","created":"2026-01-02T03:04:05Z"},"record":"put"},"#,
            r#"{"account":"x","code":"1","record":"used"}]}"#
        );
        let fields = read(json).into_iter().filter_map(|entry| entry.record).map(Record::into_fields).collect();
        let plaintext = write_records(fields);
        assert_eq!(plaintext.reveal().len(), 4096);
        assert_eq!(String::from_utf8_lossy(plaintext.reveal()).trim_end(), json);
    }
}
