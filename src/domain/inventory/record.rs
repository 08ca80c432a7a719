//! Records: what boxes hold. Reading never fails as a whole: what is not understood is kept and marked
//! (`docs/format.md`, section 9).

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::fields::{Fields, Kept, OBJECT_WEIGHT, Unweighed, VALUES_LIMIT, weigh};
use super::item::{Collection, Item, Malformed};
use crate::domain::canonical;
use crate::domain::encoding::Hex;
use crate::domain::kind::Kind;
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
pub struct BoxEntry {
    /// What was understood of it.
    pub record: Option<Record>,
    /// The whole of it, when not all was understood.
    pub kept: Option<Fields>,
    /// Why it was not understood, when that is a fault and not the future.
    pub fault: Option<RecordFault>,
}

/// What is wrong with a record. Names members, never their values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum RecordFault {
    #[error("a record is not an object")]
    NotAnObject,
    #[error("a record does not say what it is")]
    Unnamed,
    #[error("{0}")]
    Record(&'static str),
    #[error("in a {}, {malformed}", collection.noun())]
    Item { collection: Collection, malformed: Malformed },
}

/// Why a box that opened gives no records.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Of the JSON reader's error only the place: its own words may quote a secret.
    #[error("its text breaks the rules at line {line}, column {column}")]
    Text { line: usize, column: usize },
    #[error("it has no list of records")]
    NoRecords,
    #[error("it holds more than is read of one box")]
    TooMuch,
}

/// The records of a box, weighed and not read yet: one after the other they cost no more than the largest of them.
pub struct Records<'a> {
    list: Vec<&'a RawValue>,
    /// What stands beside them.
    beside: Fields,
    weight: usize,
}

impl<'a> Records<'a> {
    /// Weighs the plaintext of a box: `{"records":[…]}` and spaces.
    ///
    /// # Errors
    /// When it is not that, or weighs more than `limit`.
    pub fn weigh(plaintext: &'a [u8], limit: usize) -> Result<Self, Unreadable> {
        let weight = weigh(plaintext, limit).map_err(|why| match why {
            Unweighed::TooMuch => Unreadable::TooMuch,
            Unweighed::Text(error) => at(&error),
        })?;
        let records = Self::weighed(plaintext, weight)?;
        // What is not an object is kept in one.
        let bare = records.list.iter().filter(|record| !record.get().starts_with('{')).count();
        let mut weight = weight + bare * (OBJECT_WEIGHT + 1);
        // What is understood in part is there twice: understood, and as it stood.
        let objects = records.list.iter().filter(|record| record.get().starts_with('{'));
        for record in objects.filter(|record| has_more_than_is_known(record)) {
            weight += weigh(record.get().as_bytes(), limit).unwrap_or(limit);
            if weight > limit {
                break;
            }
        }
        if weight > limit {
            return Err(Unreadable::TooMuch);
        }
        Ok(Self { weight, ..records })
    }

    /// The same plaintext once more, of which it is known what it weighs.
    pub fn weighed(plaintext: &'a [u8], weight: usize) -> Result<Self, Unreadable> {
        let BoxOutline { records, beside } = serde_json::from_slice(plaintext).map_err(|error| at(&error))?;
        Ok(Self { list: records.ok_or(Unreadable::NoRecords)?, beside, weight })
    }

    /// What the values weigh together.
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// Reads one after the other.
    pub fn entries(self, kind: Kind) -> impl Iterator<Item = BoxEntry> + 'a {
        let Self { list, beside, .. } = self;
        let has_more = beside.names().next().is_some();
        let beside = has_more.then_some(BoxEntry { record: None, kept: Some(beside), fault: None });
        let read = move |record: &RawValue| match Fields::element(record.get().as_bytes()) {
            Ok(value) => read_record(value, kind),
            // It was weighed by the same rules.
            Err(_) => BoxEntry { record: None, kept: Some(Fields::default()), fault: Some(RecordFault::NotAnObject) },
        };
        list.into_iter().map(read).chain(beside)
    }
}

/// Of the JSON reader's error only the place.
fn at(error: &serde_json::Error) -> Unreadable {
    Unreadable::Text { line: error.line(), column: error.column() }
}

/// The outermost object of a box, its records unread.
struct BoxOutline<'a> {
    /// `None`: there is no list under that name.
    records: Option<Vec<&'a RawValue>>,
    beside: Fields,
}

impl<'de> Deserialize<'de> for BoxOutline<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = BoxOutline<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
                let mut outline = BoxOutline { records: None, beside: Fields::default() };
                while let Some(name) = members.next_key::<String>()? {
                    let value: &RawValue = members.next_value()?;
                    let json = value.get();
                    if name == "records" {
                        outline.records = serde_json::from_str(json).ok();
                    } else {
                        outline.beside.set(&name, Fields::member(json.as_bytes()).map_err(A::Error::custom)?);
                    }
                }
                Ok(outline)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// Reads all records of a box whose plaintext is `{"records":[…]}` and spaces.
pub fn read_records(kind: Kind, plaintext: &[u8]) -> Result<Vec<BoxEntry>, Unreadable> {
    let records = Records::weigh(plaintext, VALUES_LIMIT)?;
    Ok(records.entries(kind).collect())
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

/// What stands in a record of a box.
pub fn read_entry(kind: Kind, fields: Fields) -> BoxEntry {
    read_record(Kept::Object(fields), kind)
}

/// The members of a record of this kind, if it is one.
fn known_members(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "organization" => &["record", "name"],
        "put" => &["record", "collection", "item", "origin"],
        "remove" => &["record", "collection", "id"],
        "used" => &["record", "account", "code"],
        _ => return None,
    })
}

/// Whether a record of a known kind has other members than those of its kind, looked at without reading them.
fn has_more_than_is_known(record: &RawValue) -> bool {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = bool;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<bool, A::Error> {
            let (mut kind, mut names, mut has_others) = (None, Vec::new(), false);
            while let Some(name) = members.next_key::<Cow<'_, str>>()? {
                if name == "record" {
                    kind = members.next_value::<KnownMembers>()?.0;
                    continue;
                }
                members.next_value::<IgnoredAny>()?;
                match RECORD_MEMBERS.into_iter().find(|known| *known == name) {
                    Some(known) => names.push(known),
                    None => has_others = true,
                }
            }
            let is_more = |known: &[&str]| has_others || names.iter().any(|name| !known.contains(name));
            Ok(kind.is_some_and(is_more))
        }
    }
    serde_json::Deserializer::from_str(record.get()).deserialize_map(Members).unwrap_or(false)
}

/// The members of the kind of a record, read of its name; `None` for what is no such name.
struct KnownMembers(Option<&'static [&'static str]>);

impl<'de> Deserialize<'de> for KnownMembers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = <&RawValue>::deserialize(deserializer)?;
        let name = serde_json::from_str::<Cow<'_, str>>(value.get()).ok();
        Ok(Self(name.as_deref().and_then(known_members)))
    }
}

/// The members of all kinds of records.
const RECORD_MEMBERS: [&str; 7] = ["account", "code", "collection", "id", "item", "name", "origin"];

fn read_record(value: Kept, kind: Kind) -> BoxEntry {
    let not_understood = |kept, fault| BoxEntry { record: None, kept: Some(kept), fault };
    let Kept::Object(mut fields) = value else {
        return not_understood(Fields::default().with("record", value), Some(RecordFault::NotAnObject));
    };
    let known = match fields.text("record").map(known_members) {
        Some(Some(known)) => known,
        Some(None) => return not_understood(fields, None),
        None => return not_understood(fields, Some(RecordFault::Unnamed)),
    };
    let has_unknown = fields.names().any(|name| !known.contains(&name));
    let whole = has_unknown.then(|| fields.duplicate());
    match understand(&mut fields, kind.rules().collections) {
        Ok(record) => BoxEntry { record: Some(record), kept: whole, fault: None },
        Err(NotUnderstood::Newer) => not_understood(fields, None),
        Err(NotUnderstood::Malformed(fault)) => not_understood(fields, Some(fault)),
    }
}

enum NotUnderstood {
    /// Something a newer version may know.
    Newer,
    Malformed(RecordFault),
}

/// Takes the item out of `fields` when it is understood; else they stay as they are.
fn understand(fields: &mut Fields, collections: &[Collection]) -> Result<Record, NotUnderstood> {
    let malformed = |what| NotUnderstood::Malformed(RecordFault::Record(what));
    let short = |fields: &Fields, name: &str| {
        fields.text(name).filter(|text| is_text(text, TEXT_LIMIT)).map(SecretText::copy_of)
    };
    let collection = |fields: &Fields| {
        let name = fields.text("collection").ok_or_else(|| malformed("a record names no collection"))?;
        Collection::named(name).filter(|found| collections.contains(found)).ok_or(NotUnderstood::Newer)
    };
    match fields.text("record") {
        Some("organization") => {
            let name = short(fields, "name").ok_or_else(|| malformed("an organization record has no name"))?;
            Ok(Record::Organization { name })
        }
        Some("put") => {
            let collection = collection(fields)?;
            if fields.value("item").and_then(Kept::as_object).is_none() {
                return Err(malformed("a put record has no item"));
            }
            let origin = match fields.value("origin") {
                None => None,
                Some(value) => {
                    Some(read_origin(value).ok_or_else(|| malformed("the origin of a record is malformed"))?)
                }
            };
            let Some(Kept::Object(item)) = fields.take("item") else {
                return Err(malformed("a put record has no item"));
            };
            Item::new(collection, item).map(|item| Record::Put { item, origin }).map_err(|(malformed, item)| {
                fields.set("item", Kept::Object(item));
                NotUnderstood::Malformed(RecordFault::Item { collection, malformed })
            })
        }
        Some("remove") => {
            let collection = collection(fields)?;
            let id = short(fields, "id").ok_or_else(|| malformed("a remove record has no id"))?;
            Ok(Record::Remove { collection, id: id.reveal().to_owned() })
        }
        Some("used") => match (short(fields, "account"), short(fields, "code")) {
            (Some(account), Some(code)) => Ok(Record::Used { account: account.reveal().to_owned(), code }),
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

    fn read(json: &str) -> Vec<BoxEntry> {
        read_records(Kind::Organization, json.as_bytes()).unwrap()
    }

    #[test]
    fn a_box_of_very_many_records_that_are_none_is_refused() {
        // Each is kept in an object of one member: 8 + 1 + 1. Around them 8 + 1 + 1.
        let most = VALUES_LIMIT / 10 - 1;
        let of = |count| {
            let plaintext = format!("{{\"records\":[{}]}}", vec!["0"; count].join(","));
            Records::weigh(plaintext.as_bytes(), VALUES_LIMIT).map(|records| records.weight())
        };
        assert_eq!(of(3).unwrap(), 40);
        assert!(of(most).is_ok() && of(most + 1).is_err());
    }

    #[test]
    fn what_is_there_twice_is_weighed_twice() {
        let weight = |json: &str| Records::weigh(json.as_bytes(), VALUES_LIMIT).unwrap().weight();
        let item = r#""record":"put","collection":"vaults","item":{"id":"v","name":"n","chain":"c"}"#;
        let (known, more) = (format!(r#"{{"records":[{{{item}}}]}}"#), format!(r#"{{"records":[{{{item},"x":1}}]}}"#));
        // 8 + 1 + 1 around it; 8 + 3 * 1 + 2 * 2 + 17; 2 more for x.
        assert_eq!((weight(&known), weight(&more)), (42, 10 + 34 * 2));
        // What is kept alone is there once.
        assert_eq!(weight(r#"{"records":[{"record":"pets","x":1}]}"#), 10 + 13);
    }

    #[test]
    fn what_is_not_understood_is_kept_and_blocks_nothing() {
        let entries = read(concat!(
            r#"{"records":[{"record":"organization","name":"A"},{"record":"teleport","x":1},{"record":"put","collection":"pets","item":{}},"#,
            r#"{"record":"put","collection":"vaults","item":{"id":"v"}},{"record":"organization","name":"B","colour":"red"},7,{}],"more":1}  "#
        ));
        let shape: Vec<_> = entries
            .iter()
            .map(|entry| (entry.record.is_some(), entry.kept.is_some(), entry.fault.map(|fault| fault.to_string())))
            .collect();
        let shape: Vec<_> = shape.iter().map(|(record, kept, fault)| (*record, *kept, fault.as_deref())).collect();
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
