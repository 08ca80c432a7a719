//! The form `keys`: every key, vault and account with all that was derived of it and where it came from, as JSON for programs.
//! Values stand as they were sealed; names are sorted.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::view::{ExportView, KnownItem, ShownVersion};
use crate::domain::canonical;
use crate::domain::codes::CodeMark;
use crate::domain::import_form::ImportForm;
use crate::domain::inventory::{BoxSource, Collection, Fields, Kept, Origin};
use crate::domain::secret::SecretBuffer;

pub fn document(view: &ExportView<'_>) -> SecretBuffer {
    canonical::secret_document(&Keys(view))
}

/// The document, of which one item at a time is in memory.
struct Keys<'a>(&'a ExportView<'a>);

impl Serialize for Keys<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(view) = self;
        let items = |known| KnownItems { known, is_public: view.is_public };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("accounts", &items(&view.accounts))?;
        map.serialize_entry("checks", view.red)?;
        map.serialize_entry("format", "conclave-keys")?;
        map.serialize_entry("keys", &items(&view.keys))?;
        map.serialize_entry("notes", view.notes)?;
        map.serialize_entry("organization", view.organization)?;
        if let Some(source) = view.named_by {
            map.serialize_entry("organization_origin", &origin(source, None))?;
        }
        map.serialize_entry("training", &view.is_training)?;
        if !view.unknown_records.is_empty() {
            map.serialize_entry("unknown_records", view.unknown_records)?;
        }
        map.serialize_entry("vaults", &items(&view.vaults))?;
        map.serialize_entry("version", &1)?;
        map.end()
    }
}

struct KnownItems<'a> {
    known: &'a [KnownItem<'a>],
    is_public: bool,
}

impl Serialize for KnownItems<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.known.iter().map(|known| ItemObject { known, is_public: self.is_public }))
    }
}

/// An item with what was proposed beside it and what it was earlier.
struct ItemObject<'a> {
    known: &'a KnownItem<'a>,
    is_public: bool,
}

impl Serialize for ItemObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { known, is_public } = self;
        let item = match &known.current {
            Some(current) => version(current, *is_public),
            None => Fields::default().with_text("id", known.id).with("removed", Kept::Boolean(true)),
        };
        // Among the names of the item, in their order: these two are written below.
        let item = item.with(EARLIER, Kept::Boolean(true)).with(PROPOSALS, Kept::Boolean(true));
        let mut map = serializer.serialize_map(None)?;
        for name in item.names() {
            match name {
                EARLIER => map.serialize_entry(name, &Earlier(self))?,
                PROPOSALS => map.serialize_entry(name, &Proposals(self))?,
                name => map.serialize_entry(name, &item.value(name))?,
            }
        }
        map.end()
    }
}

const EARLIER: &str = "earlier";
const PROPOSALS: &str = "proposals";

struct Earlier<'a>(&'a ItemObject<'a>);

impl Serialize for Earlier<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ItemObject { known, is_public } = self.0;
        serializer.collect_seq(known.earlier.iter().map(|shown| version(shown, *is_public)))
    }
}

struct Proposals<'a>(&'a ItemObject<'a>);

impl Serialize for Proposals<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ItemObject { known, is_public } = self.0;
        let removal =
            |source: &BoxSource| Fields::default().with_text("change", "remove").with("origin", origin(*source, None));
        let changes = known.proposals.iter().map(|shown| version(shown, *is_public).with_text("change", "put"));
        serializer.collect_seq(changes.chain(known.removals.iter().map(removal)))
    }
}

fn version(shown: &ShownVersion<'_>, is_public: bool) -> Fields {
    let fields = Fields::default().with_text("id", shown.item.id()).with("origin", origin(shown.source, shown.origin));
    let by_others: Vec<Kept> = shown.by_others.iter().map(|text| Kept::text(text)).collect();
    let fields = if by_others.is_empty() { fields } else { fields.with("by_others", Kept::List(by_others)) };
    let fields = match shown.item.collection() {
        Collection::Keys => key(shown, fields, is_public),
        Collection::Vaults => vault(shown, fields),
        Collection::Accounts => account(shown, fields, is_public),
        Collection::Shares => device_shares(shown, fields, is_public),
    };
    if is_public { fields } else { with_unknown(shown, fields) }
}

fn device_shares(shown: &ShownVersion<'_>, fields: Fields, is_public: bool) -> Fields {
    let fields = copied(shown, fields, &["organization", "name", "user", "device", "changed"]);
    if is_public { fields } else { copied(shown, fields, &["shares"]) }
}

fn key(shown: &ShownVersion<'_>, fields: Fields, is_public: bool) -> Fields {
    let fields = copied(shown, fields, &["name", "key_type", "public_key"]);
    let fields = fields.with_text("check", shown.check.as_deref().unwrap_or_default());
    // The recorded private key stands where none could be rebuilt.
    let fields = if is_public { fields } else { copied(shown, fields, &["chain_code", "private_key", "shares"]) };
    with_derived(shown, fields)
}

fn vault(shown: &ShownVersion<'_>, fields: Fields) -> Fields {
    let fields = copied(shown, fields, &["name", "chain", "address", "key_id", "path", "public_key"]);
    let fields = match shown.key_type {
        Some(key_type) => fields.with_text("key_type", key_type),
        None => fields,
    };
    let fields = fields.with_text("address_check", shown.check.as_deref().unwrap_or_default());
    let fields = if shown.is_proved { fields.with("proved_by_address", Kept::Boolean(true)) } else { fields };
    with_derived(shown, fields)
}

fn account(shown: &ShownVersion<'_>, fields: Fields, is_public: bool) -> Fields {
    let fields = copied(shown, fields, &["service", "login", "owners", "kind", "saved"]);
    let codes = shown.codes();
    let left = codes.iter().filter(|(_, mark)| mark.is_left()).count();
    let fields = fields.with("left", Kept::Integer(u64::try_from(left).unwrap_or_default()));
    if is_public {
        return fields;
    }
    let fields = copied(shown, fields, &["codes", "used", "expires", "sets", "note"]);
    match codes.iter().find(|(_, mark)| *mark == CodeMark::Next) {
        Some((code, _)) => fields.with_text("next", code),
        None => fields,
    }
}

fn copied(shown: &ShownVersion<'_>, fields: Fields, members: &[&str]) -> Fields {
    members.iter().fold(fields, |fields, member| match shown.item.fields().value(member) {
        Some(value) => fields.with(member, value.duplicate()),
        None => fields,
    })
}

fn with_derived(shown: &ShownVersion<'_>, fields: Fields) -> Fields {
    let Some(material) = &shown.material else { return fields };
    let fields = fields.with_text("derived_public_key", &material.public_key);
    let Some(private_key) = &material.private_key else { return fields };
    let imports = material.imports.iter().map(|form| Kept::Object(import_form(form))).collect();
    fields.with_text("private_key", private_key.reveal()).with("import_forms", Kept::List(imports))
}

fn import_form(form: &ImportForm) -> Fields {
    let fields = Fields::default().with_text("name", form.name).with_text("hint", form.hint);
    match &form.value {
        Some(value) => fields.with_text("value", value.reveal()),
        None => fields,
    }
}

/// Members that this version does not know, by themselves: their names must not meet ours.
fn with_unknown(shown: &ShownVersion<'_>, fields: Fields) -> Fields {
    let unknown: Vec<&str> = shown.item.unknown_members().collect();
    if unknown.is_empty() {
        return fields;
    }
    fields.with("unknown", Kept::Object(copied(shown, Fields::default(), &unknown)))
}

fn origin(source: BoxSource, rotated: Option<Origin>) -> Kept {
    let fields = Fields::default()
        .with_text("sealed_by", source.sealed_by.name())
        .with_text("created", &source.created.to_string());
    let fields = match source.issuer {
        Some(issuer) => fields.with_text("issuer", &issuer.to_string()),
        None => fields,
    };
    Kept::Object(match rotated {
        None => fields,
        Some(rotated) => fields.with(
            "origin",
            Kept::Object(
                Fields::default()
                    .with_text("backup_id", &rotated.backup_id.to_string())
                    .with_text("created", &rotated.created.to_string()),
            ),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{PRIVATE_KEY, PUBLIC_KEY, SECRETS, WIF, public_only, text, with_view};
    use super::*;
    use crate::domain::export_form::Selection;

    fn read(selection: &Selection) -> serde_json::Value {
        serde_json::from_slice(with_view(selection, document).reveal()).unwrap()
    }

    #[test]
    fn each_item_stands_with_what_was_derived_proposed_and_replaced() {
        let json = read(&Selection::default());
        assert_eq!(
            (&json["format"], &json["version"], &json["training"]),
            (&"conclave-keys".into(), &1.into(), &true.into())
        );
        assert_eq!(json["checks"].as_array().unwrap().len(), 1);
        let key = &json["keys"][0];
        assert_eq!((&key["private_key"], &key["derived_public_key"]), (&PRIVATE_KEY.into(), &PUBLIC_KEY.into()));
        assert_eq!(
            (&key["origin"]["sealed_by"], &key["unknown"]["colour"]),
            (&"quorum".into(), &"sealed colour".into())
        );
        let ids: Vec<_> =
            json["vaults"].as_array().unwrap().iter().map(|vault| vault["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["gone", "v1", "v2"]);
        let (gone, vault) = (&json["vaults"][0], &json["vaults"][1]);
        assert_eq!((&gone["removed"], &gone["earlier"][0]["name"]), (&true.into(), &"Gone".into()));
        assert_eq!(
            (&vault["name"], &vault["address_check"], &vault["key_type"]),
            (&"Rent now".into(), &"match".into(), &"ECDSA_SECP256K1".into())
        );
        assert_eq!((&vault["import_forms"][0]["value"], &vault["import_forms"][1].get("value")), (&WIF.into(), &None));
        assert_eq!(
            (&vault["unknown"]["check"], &vault["earlier"][0]["private_key"]),
            (&"sealed colour".into(), &PRIVATE_KEY.into())
        );
        let changes: Vec<_> = vault["proposals"]
            .as_array()
            .unwrap()
            .iter()
            .map(|proposal| proposal["change"].as_str().unwrap())
            .collect();
        assert_eq!(changes, ["put", "remove"]);
        let account = &json["accounts"][0];
        assert_eq!((&account["next"], &account["left"]), (&"code-two".into(), &2.into()));
        assert_eq!(json["unknown_records"][0]["to"], "teleport");
    }

    #[test]
    fn names_are_sorted_and_the_text_is_ascii() {
        let document = text(&with_view(&Selection::default(), document));
        let again: serde_json::Value = serde_json::from_str(&document).unwrap();
        assert_eq!(document, text(&canonical::secret_document(&again)));
        assert!(document.is_ascii() && document.ends_with("}\n"));
    }

    #[test]
    fn without_secrets_none_is_there() {
        let document = text(&with_view(&public_only(), document));
        for secret in SECRETS {
            assert!(!document.contains(secret), "{secret}");
        }
        assert!(document.contains(PUBLIC_KEY) && document.contains("\"left\": 2"));
    }
}
