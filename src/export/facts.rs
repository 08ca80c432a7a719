//! What is said of one version of an item in the forms for people, in the order in which it is said.

use std::borrow::Cow;

use super::plain::secret_text;
use super::view::{ExportView, ShownVersion};
use crate::domain::canonical;
use crate::domain::codes::CodeMark;
use crate::domain::inventory::{Collection, Fields, Kept};
use crate::domain::secret::SecretText;
use crate::domain::text::Safe;

/// A label and a value.
pub struct Fact<'a> {
    /// Plain text.
    pub label: Cow<'static, str>,
    /// As recorded: hostile.
    pub value: Value<'a>,
    pub kind: FactKind,
}

/// Where a value lives.
pub enum Value<'a> {
    Recorded(&'a str),
    Public(String),
    Secret(SecretText),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactKind {
    Public,
    /// Known to the owners only.
    Secret,
    /// A key, or a form of it: long, to be typed exactly.
    KeyMaterial,
    /// A recovery code, with its mark.
    Code(&'static str),
}

impl Fact<'_> {
    pub fn reveal(&self) -> &str {
        match &self.value {
            Value::Recorded(text) => text,
            Value::Public(text) => text,
            Value::Secret(text) => text.reveal(),
        }
    }
}

/// Everything of an item. Nothing secret when the view is public.
pub fn of<'a>(view: &ExportView<'_>, shown: &'a ShownVersion<'_>) -> Vec<Fact<'a>> {
    let mut facts = FactList { list: Vec::new(), shown, is_public: view.is_public };
    match shown.item.collection() {
        Collection::Keys => facts.key(),
        Collection::Vaults => facts.vault(),
        Collection::Accounts => facts.account(),
        Collection::Shares => facts.device_shares(),
    }
    if !view.is_public {
        facts.unknown();
    }
    facts.list
}

struct FactList<'a> {
    list: Vec<Fact<'a>>,
    shown: &'a ShownVersion<'a>,
    is_public: bool,
}

impl FactList<'_> {
    fn origin(&mut self) {
        self.say("Origin", self.shown.origin_text());
        if self.shown.is_disputed {
            let text = "a change was proposed without the quorum; this is what the quorum sealed";
            self.say("Proposed", text.to_owned());
        }
        for text in &self.shown.by_others {
            self.say("By Others", text.clone());
        }
    }

    fn key(&mut self) {
        self.recorded(&[("Name", "name"), ("Key ID", "id"), ("Key Type", "key_type"), ("Public Key", "public_key")]);
        self.say("Check", self.shown.check.clone().unwrap_or_default());
        self.origin();
        if !self.is_public {
            let recorded = self.shown.material.is_none().then_some(("Private Key", "private_key"));
            for (label, member) in recorded.into_iter().chain([("Chain Code", "chain_code")]) {
                self.secret(label, member, FactKind::KeyMaterial);
            }
            self.shares();
        }
        self.material();
    }

    fn vault(&mut self) {
        self.recorded(&[("Name", "name"), ("Vault ID", "id"), ("Chain", "chain"), ("Address", "address")]);
        self.say("Address Check", self.shown.check_text());
        self.recorded(&[("Key ID", "key_id")]);
        if let Some(key_type) = self.shown.key_type {
            self.say("Key Type", key_type.to_owned());
        }
        self.recorded(&[("Path", "path"), ("Public Key", "public_key")]);
        self.origin();
        if !self.is_public {
            self.secret("Note", "note", FactKind::Secret);
        }
        self.material();
    }

    fn account(&mut self) {
        self.recorded(&[("Service", "service"), ("Login", "login")]);
        let owners = self.shown.texts("owners").join(", ");
        if !owners.is_empty() {
            self.say("Owners", owners);
        }
        self.recorded(&[("Kind", "kind"), ("Saved", "saved")]);
        let codes = self.shown.codes();
        let left = codes.iter().filter(|(_, mark)| mark.is_left()).count();
        let retired = codes.iter().filter(|(_, mark)| *mark == CodeMark::Retired).count();
        let history = if retired > 0 { format!(", and {retired} retired") } else { String::new() };
        match codes.len() - retired {
            0 => self.say("Codes", format!("none are kept{history}")),
            all => self.say("Codes", format!("{left} of {all} left{history}")),
        }
        self.origin();
        if self.is_public {
            return;
        }
        // Programs sort fields by name, so numbers have one width.
        let width = codes.len().to_string().len();
        for (number, (code, mark)) in (1..).zip(codes) {
            let mark = mark.name();
            let mark_text = if mark.is_empty() { String::new() } else { format!(" ({mark})") };
            let label = Cow::Owned(format!("Code {number:0width$}{mark_text}"));
            self.list.push(Fact { label, value: Value::Recorded(code), kind: FactKind::Code(mark) });
        }
        self.secret("Note", "note", FactKind::Secret);
    }

    fn device_shares(&mut self) {
        self.recorded(&[("Organization", "name"), ("Organization ID", "organization"), ("User", "user")]);
        self.recorded(&[("Device", "device"), ("Changed", "changed")]);
        self.origin();
        if self.is_public {
            return;
        }
        let shares = self.shown.item.fields().list("shares").unwrap_or_default();
        for share in shares.iter().filter_map(Kept::as_object) {
            let label = format!("Share {}", Safe(share.text("id").unwrap_or_default()));
            self.list.extend(share_facts(label, share, "id"));
        }
    }

    fn recorded(&mut self, members: &[(&'static str, &str)]) {
        for (label, member) in members {
            if let Some(value) = self.shown.text(member) {
                let (label, value) = (Cow::Borrowed(*label), Value::Recorded(value));
                self.list.push(Fact { label, value, kind: FactKind::Public });
            }
        }
    }

    fn secret(&mut self, label: &'static str, member: &str, kind: FactKind) {
        if let Some(value) = self.shown.text(member) {
            self.list.push(Fact { label: Cow::Borrowed(label), value: Value::Recorded(value), kind });
        }
    }

    fn say(&mut self, label: &'static str, text: String) {
        self.list.push(Fact { label: Cow::Borrowed(label), value: Value::Public(text), kind: FactKind::Public });
    }

    fn shares(&mut self) {
        let shares = self.shown.item.fields().list("shares").unwrap_or_default();
        for (number, share) in (1..).zip(shares.iter().filter_map(Kept::as_object)) {
            let party = Safe(share.text("party").unwrap_or_default()).to_string();
            self.list.extend(share_facts(format!("Share {number} of {party}"), share, "party"));
        }
    }

    fn material(&mut self) {
        let Some(material) = &self.shown.material else { return };
        if self.shown.text("public_key") != Some(material.public_key.as_str()) {
            self.say("Derived Public Key", material.public_key.clone());
        }
        let Some(private_key) = &material.private_key else { return };
        let value = Value::Recorded(private_key.reveal());
        self.list.push(Fact { label: Cow::Borrowed("Private Key"), value, kind: FactKind::KeyMaterial });
        for form in &material.imports {
            if let Some(value) = &form.value {
                let (label, value) = (Cow::Owned(format!("Import: {}", form.name)), Value::Recorded(value.reveal()));
                self.list.push(Fact { label, value, kind: FactKind::KeyMaterial });
            }
            let (label, value) = (Cow::Owned(format!("Import: {} (hint)", form.name)), Value::Recorded(form.hint));
            self.list.push(Fact { label, value, kind: FactKind::Public });
        }
    }

    /// Members that this version does not know: as they stand, because any of them may be a secret.
    fn unknown(&mut self) {
        for (number, name) in (1..).zip(self.shown.item.unknown_members()) {
            let Some(value) = self.shown.item.fields().value(name) else { continue };
            let label = Cow::Owned(format!("Unknown {number}: {}", Safe(name)));
            self.list.push(Fact { label, value: as_text(value), kind: FactKind::Secret });
        }
    }
}

/// A share, and what else was recorded with it beside the member that names it: any of that may be a secret.
fn share_facts<'a>(label: String, share: &'a Fields, named_by: &'static str) -> impl Iterator<Item = Fact<'a>> {
    let others = share.names().filter(move |name| ![named_by, "value"].contains(name));
    let others = others.filter_map(|name| Some((name, share.value(name)?)));
    let others: Vec<Fact<'a>> = others
        .map(|(name, value)| {
            let label = Cow::Owned(format!("{label}: {}", Safe(name)));
            Fact { label, value: as_text(value), kind: FactKind::Secret }
        })
        .collect();
    let value = Value::Recorded(share.text("value").unwrap_or_default());
    [Fact { label: Cow::Owned(label), value, kind: FactKind::KeyMaterial }].into_iter().chain(others)
}

/// A value of no known form, as it stands.
fn as_text(value: &Kept) -> Value<'_> {
    match value {
        Kept::Text(text) => Value::Recorded(text.reveal()),
        other => {
            let json = canonical::secret_bytes(other, 0);
            // The canonical form is ASCII.
            let json = std::str::from_utf8(json.reveal()).unwrap_or_default();
            Value::Secret(secret_text(format_args!("{json}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_else_a_share_has_is_said_with_it() {
        let json = br#"{"id":"main","party":"ann","value":"c2hhcmU=","curve":"p256","index":{"of":3}}"#;
        let share = Fields::parse(json).unwrap();
        let said = |named_by| -> Vec<(String, String)> {
            let facts = share_facts("Share 1".to_owned(), &share, named_by);
            facts.map(|fact| (fact.label.to_string(), fact.reveal().to_owned())).collect()
        };
        let pair = |label: &str, value: &str| (label.to_owned(), value.to_owned());
        let rest = [pair("Share 1: curve", "p256"), pair("Share 1: index", r#"{"of":3}"#)];
        let (first, party) = (pair("Share 1", "c2hhcmU="), pair("Share 1: party", "ann"));
        let mut said_of_device = said("id");
        said_of_device.sort();
        let mut expected = vec![first.clone(), party];
        expected.extend(rest.clone());
        expected.sort();
        assert_eq!(said_of_device, expected);
        assert!(said("party").contains(&pair("Share 1: id", "main")) && said("party").contains(&first));
    }
}
