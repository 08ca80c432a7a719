//! A contents document (`docs/format.md`, section 10) that somebody wrote or exported: read strictly, and every error with its place.

use std::collections::HashMap;

use super::super::explain::Explain;
use super::anew;
use super::fields::{Fields, Kept};
use super::item::{Collection, Item, Malformed};
use super::lines::line_of;
use super::record::read_entry;
use crate::domain::kind::Kind;
use crate::domain::table::text_of;
use crate::domain::text::{Safe, TEXT_LIMIT, is_text};

/// What stands in a contents document.
#[derive(Debug)]
pub struct Document {
    pub kind: Kind,
    pub organization: String,
    /// Whether it says that it is for production or for training; `None` when it does not say.
    pub is_production: Option<bool>,
    pub items: Vec<Item>,
    pub unknown: Vec<Fields>,
}

/// Why a document is not contents that can be sealed. `line` is that of an editor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentsError {
    #[error("it is not text in UTF-8")]
    NotText,
    #[error("line {line}, column {column}: {what}")]
    Text { line: usize, column: usize, what: &'static str },
    #[error("this is not a contents document (format is not \"conclave-contents\")")]
    NotContents,
    #[error("this is a snapshot, so it is a backup already")]
    IsSnapshot,
    #[error("this is an export of the form keys, with much that is derived")]
    IsKeys,
    #[error("this is what a person's device holds, and nothing of an organization")]
    IsShares,
    #[error("this contents document has a version that is not 1")]
    Version,
    #[error("the member {member} is missing or {what}")]
    Member { member: &'static str, what: &'static str },
    #[error("line {line}: a contents document has no member {}", Safe(.name))]
    UnknownMember { name: String, line: usize },
    #[error("number {place} of {member} (line {line}): {fault}")]
    Item { member: &'static str, place: usize, line: usize, fault: Malformed },
    #[error("number {place} of {member} (line {line}): {what}")]
    Element { member: &'static str, place: usize, line: usize, what: &'static str },
    #[error("number {place} of {member} (line {line}) has the same id as number {before} (line {line_before})")]
    Twice { member: &'static str, place: usize, line: usize, before: usize, line_before: usize },
}

impl Explain for ContentsError {
    fn hint(&self) -> String {
        match self {
            Self::NotText => "Save it as text in UTF-8.",
            Self::IsSnapshot => "To make a new backup of its contents, rotate it: conclave rotate.",
            Self::IsKeys => "Export the form json: it holds exactly the contents, and can be sealed again.",
            Self::IsShares => "Back it up with conclave device backup.",
            Self::NotContents | Self::Version => "Its form is described in docs/inventory.md.",
            Self::UnknownMember { .. } => "Correct its name, or take it away: what has no place would be lost.",
            Self::Twice { .. } => "Give each an id of its own, or take one of them away.",
            _ => "Correct that place. The form is described in docs/inventory.md.",
        }
        .to_owned()
    }
}

impl Document {
    /// The contents of a backup of that kind.
    pub fn read(kind: Kind, json: &[u8]) -> Result<Self, ContentsError> {
        let json = text_of(json).ok_or(ContentsError::NotText)?.as_bytes();
        let mut fields = Fields::parse(json).map_err(|error| text_error(&error))?;
        check_kind(&fields)?;
        check_names(kind, &fields, json)?;
        let organization = fields.text("organization").filter(|name| is_text(name, TEXT_LIMIT)).map(str::to_owned);
        let organization = organization
            .ok_or(ContentsError::Member { member: "organization", what: "not a text of 1 to 256 characters" })?;
        let is_production = match fields.value("purpose").map(Kept::as_text) {
            None => None,
            Some(Some("production")) => Some(true),
            Some(Some("training")) => Some(false),
            Some(_) => {
                return Err(ContentsError::Member {
                    member: "purpose",
                    what: "neither \"production\" nor \"training\"",
                });
            }
        };
        let mut items = Vec::new();
        for collection in kind.rules().collections.iter().copied() {
            let Some(Kept::List(list)) = fields.take(collection.name()) else {
                return Err(ContentsError::Member { member: collection.name(), what: "not a list" });
            };
            read_items(collection, list, json, &mut items)?;
        }
        let unknown = read_unknown(kind, fields.take(UNKNOWN), json)?;
        Ok(Self { kind, organization, is_production, items, unknown })
    }

    /// The records that seal it.
    pub fn into_records(self) -> Vec<Fields> {
        anew::records(self.kind, &self.organization, self.unknown, self.items)
    }
}

const UNKNOWN: &str = "unknown_records";
/// Beside the collections.
const MEMBERS: [&str; 5] = ["format", "organization", "purpose", UNKNOWN, "version"];

/// What is said of the JSON reader's error: its own words may quote a secret.
fn text_error(error: &serde_json::Error) -> ContentsError {
    use serde_json::error::Category;
    let what = match error.classify() {
        Category::Eof => "the document ends too early",
        Category::Data => {
            "only texts, lists, objects, true, false and whole numbers up to 2^53 - 1 are allowed here, no name twice in an object, at most 16 levels, 1024 names in an object, 65536 parts in a list, and not more than a box holds"
        }
        _ => "this is not JSON",
    };
    ContentsError::Text { line: error.line(), column: error.column(), what }
}

fn check_kind(fields: &Fields) -> Result<(), ContentsError> {
    match fields.text("format") {
        Some("conclave-contents") => {}
        Some("conclave-snapshot") => return Err(ContentsError::IsSnapshot),
        Some("conclave-device-shares") => return Err(ContentsError::IsShares),
        Some("conclave-keys") => return Err(ContentsError::IsKeys),
        _ => return Err(ContentsError::NotContents),
    }
    let is_known = matches!(fields.value("version"), Some(Kept::Integer(1)));
    if is_known { Ok(()) } else { Err(ContentsError::Version) }
}

fn check_names(kind: Kind, fields: &Fields, json: &[u8]) -> Result<(), ContentsError> {
    let is_collection = |name| Collection::named(name).is_some_and(|found| kind.rules().collections.contains(&found));
    let Some(name) = fields.names().find(|name| !MEMBERS.contains(name) && !is_collection(name)) else {
        return Ok(());
    };
    Err(ContentsError::UnknownMember { name: name.to_owned(), line: line_of(json, name, None).unwrap_or(1) })
}

fn read_items(
    collection: Collection,
    list: Vec<Kept>,
    json: &[u8],
    items: &mut Vec<Item>,
) -> Result<(), ContentsError> {
    let member = collection.name();
    let line_of = |place| line_of(json, member, Some(place)).unwrap_or(1);
    let mut places = HashMap::new();
    for (place, value) in (1..).zip(list) {
        let Kept::Object(mut fields) = value else {
            return Err(ContentsError::Element { member, place, line: line_of(place), what: "it is not an object" });
        };
        if collection == Collection::Accounts {
            mark_none_used(&mut fields);
        }
        let item = Item::new(collection, fields).map_err(|(fault, _)| ContentsError::Item {
            member,
            place,
            line: line_of(place),
            fault,
        })?;
        if let Some(before) = places.insert(item.id().to_owned(), place) {
            let (line, line_before) = (line_of(place), line_of(before));
            return Err(ContentsError::Twice { member, place, line, before, line_before });
        }
        items.push(item);
    }
    Ok(())
}

/// Where a person left out which codes were used, none was: in the account, and in each of its other sets.
fn mark_none_used(fields: &mut Fields) {
    if fields.value("codes").is_some() && fields.value("used").is_none() {
        fields.set("used", Kept::List(Vec::new()));
    }
    match fields.take("sets") {
        Some(Kept::List(mut sets)) => {
            for set in &mut sets {
                if let Kept::Object(set) = set {
                    mark_none_used(set);
                }
            }
            fields.set("sets", Kept::List(sets));
        }
        Some(other) => fields.set("sets", other),
        None => {}
    }
}

/// Records that this version does not wholly understand, as an export gives them.
fn read_unknown(kind: Kind, value: Option<Kept>, json: &[u8]) -> Result<Vec<Fields>, ContentsError> {
    let member = UNKNOWN;
    let list = match value {
        None => return Ok(Vec::new()),
        Some(Kept::List(list)) => list,
        Some(_) => return Err(ContentsError::Member { member, what: "not a list" }),
    };
    let read = |(place, value)| {
        let wrong = |what| ContentsError::Element {
            member,
            place,
            line: line_of(json, member, Some(place)).unwrap_or(1),
            what,
        };
        let Kept::Object(fields) = value else { return Err(wrong("it is not an object")) };
        let is_unknown = read_entry(kind, fields.duplicate()).kept.is_some();
        is_unknown.then_some(fields).ok_or_else(|| wrong("this version understands it: put it where it belongs"))
    };
    (1..).zip(list).map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{BoxSource, Contents, Inventory, SealedBy, read_records, write_records};
    use super::*;
    use crate::domain::time::Timestamp;

    const HEAD: &str =
        "{\"format\":\"conclave-contents\",\"version\":1,\"organization\":\"A\",\n\"accounts\":[],\"keys\":[]";

    fn said(json: &str) -> String {
        Document::read(Kind::Organization, json.as_bytes())
            .map_or_else(|error| error.to_string(), |_| "read".to_owned())
    }

    #[test]
    fn a_document_that_cannot_be_sealed_is_refused_with_the_place() {
        let vaults = |vaults: &str| said(&format!("{HEAD},\n\"vaults\":[{vaults}]}}"));
        let vault = |id: &str| format!("\n{{\"id\":\"{id}\",\"name\":\"n\",\"chain\":\"c\"}}");
        assert_eq!(vaults(""), "read");
        assert_eq!(said("{}"), ContentsError::NotContents.to_string());
        assert_eq!(said(r#"{"format":"conclave-snapshot"}"#), ContentsError::IsSnapshot.to_string());
        assert_eq!(said(r#"{"format":"conclave-contents","version":2}"#), ContentsError::Version.to_string());
        assert_eq!(said(&format!("{HEAD}}}")), "the member vaults is missing or not a list");
        assert_eq!(
            vaults(&format!("{},\n{{\"id\":\"v\",\"name\":7,\"chain\":\"c\"}}", vault("a"))),
            "number 2 of vaults (line 5): name is not a text of 1 to 256 characters"
        );
        assert_eq!(vaults("\n\n7"), "number 1 of vaults (line 5): it is not an object");
        assert_eq!(
            vaults(&format!("{},{},{}", vault("a"), vault("b"), vault("a"))),
            "number 3 of vaults (line 6) has the same id as number 1 (line 4)"
        );
        let more = |more: &str| said(&format!("{HEAD},\"vaults\":[],\n{more}}}"));
        assert_eq!(more("\"wallets\":[]"), "line 3: a contents document has no member wallets");
        assert_eq!(
            more("\"purpose\":\"play\""),
            "the member purpose is missing or neither \"production\" nor \"training\""
        );
        assert_eq!(more("\"unknown_records\":[{\"record\":\"teleport\"}]"), "read");
        assert_eq!(
            more("\"unknown_records\":[{\"record\":\"remove\",\"collection\":\"vaults\",\"id\":\"v\"}]"),
            "number 1 of unknown_records (line 3): this version understands it: put it where it belongs"
        );
        assert!(matches!(
            Document::read(Kind::Organization, b"{\n \"a\":1.5}"),
            Err(ContentsError::Text { line: 2, .. })
        ));
        for (text, what) in
            [("{\"a\":", "ends too early"), ("{a}", "is not JSON"), ("{\"a\":null}", "are allowed here")]
        {
            assert!(said(text).contains(what), "{text}: {}", said(text));
        }
        assert_eq!(Document::read(Kind::Organization, b"\xff\xfe{\0").err(), Some(ContentsError::NotText));
    }

    #[test]
    fn a_document_has_the_lists_of_its_kind() {
        let head = r#"{"format":"conclave-contents","version":1,"organization":"A""#;
        let share = r#"{"changed":"2026-01-01T00:00:00Z","name":"n","organization":"o","shares":[{"id":"s","value":"v"}],"user":"u"}"#;
        let shares = format!("{head},\"shares\":[{share}]}}");
        let read = |kind, json: &str| Document::read(kind, json.as_bytes()).map(|document| document.items.len());
        assert_eq!(read(Kind::Device, &shares), Ok(1));
        for kind in [Kind::Organization, Kind::Codes] {
            assert_eq!(read(kind, &format!("{HEAD},\"vaults\":[]}}")), Ok(0));
            let unknown = ContentsError::UnknownMember { name: "shares".to_owned(), line: 1 };
            assert_eq!(read(kind, &shares), Err(unknown));
        }
        // It is sealed, read and written again as it was.
        let records = Document::read(Kind::Device, shares.as_bytes()).unwrap().into_records();
        let entries = read_records(Kind::Device, write_records(records).reveal()).unwrap();
        let mut inventory = Inventory::of(Kind::Device);
        let created = Timestamp::from_unix_seconds(0).unwrap();
        inventory.apply(BoxSource { sealed_by: SealedBy::Quorum, position: 1, created, issuer: None }, entries);
        let json = Contents::of(&inventory).to_json();
        assert_eq!(
            Fields::parse(json.reveal()).unwrap().names().collect::<Vec<_>>(),
            ["format", "organization", "shares", "version"]
        );
        assert_eq!(read(Kind::Device, std::str::from_utf8(json.reveal()).unwrap()), Ok(1));
    }

    #[test]
    fn codes_of_which_none_is_marked_as_used_are_unused() {
        let account = |rest: &str| {
            format!(r#"{HEAD},"vaults":[]}}"#).replace(
            "\"accounts\":[]",
            &format!(r#""accounts":[{{"service":"s","login":"l","owners":[],"kind":"single-use","codes":["a","b"],"saved":"2026-01-31T08:00:00Z"{rest}}}]"#),
        )
        };
        let with = |rest: &str| {
            let document = Document::read(Kind::Organization, account(rest).as_bytes()).unwrap();
            String::from_utf8(crate::domain::canonical::bytes(document.items[0].fields())).unwrap()
        };
        assert_eq!(with(""), with(r#","used":[]"#));
        let set = r#"{"kind":"reusable","codes":["c"],"saved":"2026-01-31T08:00:00Z"}"#;
        assert_eq!(
            with(&format!(r#","sets":[{set}]"#)),
            with(&format!(r#","used":[],"sets":[{}]"#, set.replace('}', r#","used":[]}"#)))
        );
        assert!(said(&account(r#","used":null"#)).contains("are allowed here"));
    }

    #[test]
    fn marks_and_line_ends_of_other_systems_are_no_matter() {
        let json = format!("\u{feff}{HEAD},\r\n\"purpose\":\"production\",\"vaults\":[]\r\n}}\r\n");
        let document = Document::read(Kind::Organization, json.as_bytes()).unwrap();
        assert_eq!((document.organization.as_str(), document.is_production), ("A", Some(true)));
    }
}
