//! The form `kdbx`: a `KeePass` database (KDBX 4), encrypted by a passphrase. An entry a key, vault or account.
//!
//! What is secret stands in protected fields, exactly as it is: they are encoded, so any character survives. Public facts and
//! names are made plain, because XML cannot hold all characters.
//!
//! The library takes times and random bytes from the system itself, and derives on threads of its own, whose stacks nobody
//! overwrites: the one place where clock, randomness and cost are not injected.

use std::collections::HashMap;

use keepass::config::{DatabaseConfig, KdfConfig};
use keepass::db::{Entry, EntryMut, GroupId, fields};
use keepass::{Database, DatabaseKey};

use super::ExportError;
use super::facts::{self, FactKind};
use super::plain::{is_faithful, secret_text};
use super::view::{ExportView, ShownVersion, sealed_text};
use crate::domain::canonical;
use crate::domain::inventory::{BoxSource, Collection};
use crate::domain::passphrase;
use crate::domain::secret::{SecretBuffer, SecretText};
use crate::domain::text::Safe;

/// What deriving the key costs, each time that the file is opened: memory in bytes, and passes. One lane: the library starts
/// a thread for each lane of each quarter of a pass, and panics where none can be started.
const MEMORY: u64 = 64 << 20;
const PASSES: u64 = 8;
/// In the notes of every entry: keys and codes do not fit into the fields that such programs show first.
const WHERE: &str = "Keys, codes, notes and import forms stand under Advanced, as additional attributes.";

pub fn document(view: &ExportView<'_>, passphrase: &SecretText) -> Result<SecretBuffer, ExportError> {
    if !passphrase::is_printable(passphrase.reveal()) {
        return Err(ExportError::Passphrase);
    }
    let mut file = Vec::new();
    let key = || DatabaseKey::new().with_password(passphrase.reveal());
    let database = database(view);
    database.save(&mut file, key()).map_err(|_| ExportError::Encryption)?;
    // A thread of the library that fails gives a file that no passphrase opens: it is opened here once before it counts.
    let opened = Database::open(&mut file.as_slice(), key()).map_err(|_| ExportError::Encryption)?;
    if opened.iter_all_entries().count() != database.iter_all_entries().count() {
        return Err(ExportError::Encryption);
    }
    Ok(SecretBuffer::from_vec(file))
}

fn database(view: &ExportView<'_>) -> Database {
    let mut config = DatabaseConfig::default();
    // Argon2d: every program that opens KDBX 4 knows it.
    if let KdfConfig::Argon2 { iterations, memory, parallelism, .. } = &mut config.kdf_config {
        (*iterations, *memory, *parallelism) = (PASSES, MEMORY, 1);
    }
    let mut database = Database::with_config(config);
    let training = if view.is_training { " (TRAINING)" } else { "" };
    let name = format!("{}{training}", view.organization_title());
    database.root_mut().name.clone_from(&name);
    database.meta.database_name = Some(name);
    database.meta.generator = Some("Conclave".to_owned());
    let mut writer = Writer { root: database.root().id(), database, groups: HashMap::new() };
    writer.remarks(view);
    // A device holds shares and nothing else.
    let [keys, vaults, accounts] = match view.shares.as_slice() {
        [] => ["Keys", "Vaults", "Accounts"].map(|name| writer.group(name)),
        _ => [writer.root; 3],
    };
    for known in view.collections().into_iter().flatten() {
        let Some(shown) = &known.current else { continue };
        let group = match shown.item.collection() {
            Collection::Keys => keys,
            Collection::Vaults => writer.group_in(vaults, shown.text("chain").unwrap_or_default()),
            Collection::Accounts => accounts,
            Collection::Shares => writer.group("Shares of this device"),
        };
        writer.entry(view, shown, group);
    }
    for known in view.collections().into_iter().flatten() {
        for shown in &known.proposals {
            let group = writer.group("Proposed without the quorum");
            writer.entry(view, shown, group);
        }
        for source in &known.removals {
            writer.removal(known.current.as_ref(), *source);
        }
    }
    for shown in view.collections().into_iter().flatten().flat_map(|known| &known.earlier) {
        let group = writer.group("Earlier versions");
        writer.entry(view, shown, group);
    }
    writer.database
}

struct Writer {
    database: Database,
    root: GroupId,
    /// By the group that holds them, and by name.
    groups: HashMap<(GroupId, String), GroupId>,
}

impl Writer {
    /// A group below the root, made when it is asked for.
    fn group(&mut self, name: &str) -> GroupId {
        self.group_in(self.root, name)
    }

    fn group_in(&mut self, parent: GroupId, name: &str) -> GroupId {
        let name = Safe(name).to_string();
        if let Some(group) = self.groups.get(&(parent, name.clone())) {
            return *group;
        }
        let Some(mut parent_group) = self.database.group_mut(parent) else { return self.root };
        let mut group = parent_group.add_group();
        group.name.clone_from(&name);
        let id = group.id();
        self.groups.insert((parent, name), id);
        id
    }

    fn add(&mut self, group: GroupId, title: &str, write: impl FnOnce(&mut EntryMut<'_>)) {
        let Some(mut group) = self.database.group_mut(group) else { return };
        let mut entry = group.add_entry();
        for field in [fields::USERNAME, fields::PASSWORD, fields::URL, fields::NOTES] {
            entry.set_unprotected(field, "");
        }
        entry.set_unprotected(fields::TITLE, Safe(title).to_string());
        write(&mut entry);
    }

    fn entry(&mut self, view: &ExportView<'_>, shown: &ShownVersion<'_>, group: GroupId) {
        let collection = shown.item.collection();
        let (title, user) = match collection {
            Collection::Keys => (shown.item.title(), shown.text("id")),
            Collection::Vaults => (shown.item.title(), shown.text("address")),
            Collection::Accounts => (shown.text("service").unwrap_or_default().to_owned(), shown.text("login")),
            Collection::Shares => (shown.item.title(), shown.text("user")),
        };
        self.add(group, &title, |entry| {
            entry.set_unprotected(fields::USERNAME, Safe(user.unwrap_or_default()).to_string());
            entry.set_unprotected(fields::NOTES, WHERE);
            for fact in facts::of(view, shown) {
                let label = free(entry, &fact.label);
                match fact.kind {
                    FactKind::Public => entry.set_unprotected(label, Safe(fact.reveal()).to_string()),
                    FactKind::Secret | FactKind::KeyMaterial | FactKind::Code(_) => {
                        secret(entry, &label, fact.reveal());
                    }
                }
            }
        });
    }

    fn removal(&mut self, current: Option<&ShownVersion<'_>>, source: BoxSource) {
        let Some(shown) = current else { return };
        let group = self.group("Proposed without the quorum");
        let noun = shown.item.collection().noun();
        self.add(group, &shown.item.title(), |entry| {
            entry.set_unprotected("Proposed", format!("to remove this {noun}"));
            entry.set_unprotected("Origin", sealed_text(source));
        });
    }

    /// What does not check, and what this version of the program does not understand.
    fn remarks(&mut self, view: &ExportView<'_>) {
        if !view.red.is_empty() {
            let lines: Vec<String> = view.red.iter().map(|text| Safe(text).to_string()).collect();
            self.add(self.root, "READ THIS FIRST: something in the backup does not check", |entry| {
                entry.set_unprotected(fields::NOTES, lines.join("\n"));
            });
        }
        if !view.notes.is_empty() {
            let lines: Vec<String> = view.notes.iter().map(|text| Safe(text).to_string()).collect();
            self.add(self.root, "To be known", |entry| {
                entry.set_unprotected(fields::NOTES, lines.join("\n"));
            });
        }
        if !view.unknown_records.is_empty() {
            let json = canonical::secret_bytes(&view.unknown_records, 0);
            // The canonical form is ASCII.
            let json = std::str::from_utf8(json.reveal()).unwrap_or_default();
            self.add(self.root, "Records that this version of Conclave does not understand", |entry| {
                entry.set_protected("Records (JSON)", json);
            });
        }
    }
}

/// A label that the entry does not have yet.
fn free(entry: &Entry, label: &str) -> String {
    let is_taken = |label: &String| entry.fields.contains_key(label);
    let numbered = (2_usize..).map(|number| format!("{label} ({number})"));
    std::iter::once(label.to_owned()).chain(numbered).find(|label| !is_taken(label)).unwrap_or_default()
}

/// The value as it is; where that has signs nobody can see, also with these written out.
fn secret(entry: &mut EntryMut<'_>, label: &str, value: &str) {
    entry.set_protected(label, value);
    if !is_faithful(value) {
        let plain = secret_text(format_args!("{}", Safe(value)));
        entry.set_protected(format!("{label}, hidden signs written out"), plain.reveal());
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{PRIVATE_KEY, WIF, with_view};
    use super::*;
    use crate::domain::export_form::Selection;

    fn opened(file: &SecretBuffer, passphrase: &str) -> Result<Database, keepass::error::DatabaseOpenError> {
        Database::open(&mut file.reveal(), DatabaseKey::new().with_password(passphrase))
    }

    fn count(view: &ExportView<'_>) -> usize {
        let known = view.collections().into_iter().flatten();
        let of_items = known.map(|known| {
            usize::from(known.current.is_some()) + known.removals.len() + known.proposals.len() + known.earlier.len()
        });
        of_items.sum::<usize>()
            + usize::from(!view.red.is_empty())
            + usize::from(!view.notes.is_empty())
            + usize::from(!view.unknown_records.is_empty())
    }

    #[test]
    fn what_is_written_is_read_again_and_only_with_the_passphrase() {
        let passphrase = SecretText::copy_of("abcde-fghij");
        let file = with_view(&Selection::default(), |view| document(view, &passphrase).unwrap());
        assert!(opened(&file, "abcde-fghik").is_err());
        let database = opened(&file, "abcde-fghij").unwrap();
        assert_eq!(database.meta.database_name.as_deref(), Some("Example Cellar (TRAINING)"));
        let groups: Vec<_> = database.root().groups().map(|group| group.name.clone()).collect();
        assert_eq!(groups, ["Keys", "Vaults", "Accounts", "Proposed without the quorum", "Earlier versions"]);
        let entry = |path: &[&str], title: &str| {
            let root = database.root();
            let group = root.group_by_path(path).unwrap();
            let entry = group.entry_by_name(title).unwrap();
            entry.fields.clone()
        };
        let vault = entry(&["Vaults", "bitcoin"], "Rent now");
        for (label, value, is_protected) in [
            ("UserName", "1B", false),
            ("Chain", "bitcoin", false),
            ("Address Check", "match; a change was proposed without the quorum", false),
            ("Private Key", PRIVATE_KEY, true),
            ("Import: WIF", WIF, true),
            ("Import: Seed (hint)", "there is no seed", false),
            ("Unknown 1: check", "sealed colour", true),
        ] {
            assert_eq!((vault[label].as_str(), vault[label].is_protected()), (value, is_protected), "{label}");
        }
        let account = entry(&["Accounts"], "Mail");
        for (label, value) in [
            ("Code 1 (used)", "code-one"),
            ("Code 2 (next)", "code-two"),
            ("Code 3", "code-\0three"),
            ("Code 3, hidden signs written out", "code-<U+0000>three"),
            ("Note", "a secret note\nof two lines"),
        ] {
            assert_eq!((account[label].as_str(), account[label].is_protected()), (value, true), "{label}");
        }
        assert_eq!(entry(&["Keys"], "k")["Private Key"].as_str(), PRIVATE_KEY);
        assert_eq!(entry(&["Earlier versions"], "Rent")["Address"].as_str(), "1A");
        assert_eq!(entry(&["Proposed without the quorum"], "Thief")["Address"].as_str(), "1C");
        assert_eq!(entry(&["Proposed without the quorum"], "Rent now")["Proposed"].as_str(), "to remove this vault");
        assert!(entry(&[], "READ THIS FIRST: something in the backup does not check").contains_key("Notes"));
        assert!(entry(&[], "Records that this version of Conclave does not understand").contains_key("Records (JSON)"));
        assert_eq!(database.num_entries(), with_view(&Selection::default(), count));
    }

    #[test]
    fn a_passphrase_that_programs_encode_differently_is_refused() {
        for wrong in ["", "pässword", "tab\tstop"] {
            let passphrase = SecretText::copy_of(wrong);
            let error = with_view(&Selection::default(), |view| document(view, &passphrase).unwrap_err());
            assert_eq!(error, ExportError::Passphrase);
        }
    }
}
