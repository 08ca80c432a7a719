//! Everything that an export holds, in one order, with what was derived beside each item. The forms for people and for other
//! programs are written from it.

use crate::derivation::{Derived, Keyring, import};
use crate::domain::codes::{self, CodeMark};
use crate::domain::export_form::Selection;
use crate::domain::import_form::ImportForm;
use crate::domain::inventory::{
    BoxEntry, BoxSource, Collection, Fields, Inventory, Item, Kept, Origin, Proposal, Record, SealedBy, Standing,
    Version,
};
use crate::domain::key_type::KeyType;
use crate::domain::kind::Kind;
use crate::domain::natural::NaturalKey;
use crate::domain::proof::{KeyFault, KeyStanding, UNCONFIRMED_KEYS};
use crate::domain::secret::SecretText;
use crate::domain::text::Safe;

use super::Report;

/// What is written.
pub struct ExportView<'a> {
    pub organization: &'a str,
    pub is_training: bool,
    /// Nothing secret may be written.
    pub is_public: bool,
    /// What does not check.
    pub red: &'a [String],
    /// What is only to be known.
    pub notes: &'a [String],
    /// Who gave the organization's name, where no quorum sealed it.
    pub named_by: Option<BoxSource>,
    pub keys: Vec<KnownItem<'a>>,
    pub vaults: Vec<KnownItem<'a>>,
    pub accounts: Vec<KnownItem<'a>>,
    /// Of a device.
    pub shares: Vec<KnownItem<'a>>,
    /// Empty when only marked items are written, or nothing secret.
    pub unknown_records: &'a [Fields],
}

/// All that is known of one item.
pub struct KnownItem<'a> {
    pub id: &'a str,
    /// `None` when it was removed.
    pub current: Option<ShownVersion<'a>>,
    /// Removals that were proposed without the quorum.
    pub removals: Vec<BoxSource>,
    /// Changes that were proposed without the quorum.
    pub proposals: Vec<ShownVersion<'a>>,
    pub earlier: Vec<ShownVersion<'a>>,
}

/// One version of an item.
pub struct ShownVersion<'a> {
    pub item: &'a Item,
    pub source: BoxSource,
    pub origin: Option<Origin>,
    /// Whether a quorum of this backup decided on it.
    pub is_confirmed: bool,
    /// Whether nobody confirmed it, and its address is that of a key that a quorum sealed.
    pub is_proved: bool,
    /// What others added to it or marked in it.
    pub by_others: Vec<String>,
    /// Whether it counts, and somebody without the quorum wants it changed.
    pub is_disputed: bool,
    /// The kind of the key: of a vault, that of the key it names.
    pub key_type: Option<&'static str>,
    /// What comparing it with its key gave; `None` for accounts. As recorded: names in it are hostile.
    pub check: Option<String>,
    pub material: Option<Material>,
}

/// What was derived.
pub struct Material {
    pub public_key: String,
    /// `None` where nothing secret is written.
    pub private_key: Option<SecretText>,
    pub imports: Vec<ImportForm>,
}

impl<'a> ExportView<'a> {
    /// The organization for people, also where its name did not come out.
    pub fn organization_title(&self) -> String {
        match (self.organization, self.named_by) {
            ("", _) => "(the organization's name did not come out)".to_owned(),
            (name, None) => Safe(name).to_string(),
            (name, Some(_)) => format!("(name not confirmed) {}", Safe(name)),
        }
    }

    pub fn of(report: &'a Report<'_>) -> Self {
        let is_public = report.selection.is_public_only;
        let is_whole = report.selection.marked.is_none() && !is_public;
        let mut derived = report.derived.iter();
        let mut unconfirmed = 0;
        Self {
            organization: report.inventory.organization(),
            is_training: report.is_training,
            is_public,
            red: report.red,
            notes: report.notes,
            named_by: report.inventory.unsealed_name(),
            keys: known(report, Collection::Keys, |version, counts| {
                unconfirmed += usize::from(!counts && !version.is_confirmed());
                match counts {
                    true => key(version, report.keyring, is_public),
                    false if unconfirmed > UNCONFIRMED_KEYS => {
                        ShownVersion::of(version, Some(KeyStanding::NotProven(KeyFault::LeftAlone).to_string()), None)
                    }
                    false => key_alone(version, report.inventory.kind(), is_public),
                }
            }),
            vaults: known(report, Collection::Vaults, |version, counts| {
                vault(report.inventory, version, counts, derived.next(), is_public)
            }),
            accounts: known(report, Collection::Accounts, |version, _| ShownVersion::of(version, None, None)),
            shares: known(report, Collection::Shares, |version, _| ShownVersion::of(version, None, None)),
            unknown_records: if is_whole { report.inventory.unknown_records() } else { &[] },
        }
    }

    pub fn collections(&self) -> [&[KnownItem<'a>]; 4] {
        [&self.keys, &self.vaults, &self.accounts, &self.shares]
    }
}

impl<'a> ShownVersion<'a> {
    fn of(version: &'a Version, check: Option<String>, material: Option<Material>) -> Self {
        Self {
            item: &version.item,
            source: version.source,
            origin: version.origin,
            is_confirmed: version.is_trusted(),
            is_proved: false,
            by_others: Vec::new(),
            is_disputed: false,
            key_type: None,
            check,
            material,
        }
    }

    /// Who sealed it and when, for people.
    pub fn origin_text(&self) -> String {
        let is_usual = self.is_confirmed && self.source.sealed_by == SealedBy::Public;
        let sealed = if is_usual {
            format!("added {}", self.source.created.date())
        } else if self.is_proved {
            format!("its address proves it; {}", self.source.added())
        } else {
            sealed_text(self.source)
        };
        match self.origin {
            None => sealed,
            Some(origin) => format!(
                "{sealed}; carried over by a rotation, unconfirmed, from backup {} of {}",
                origin.backup_id,
                origin.created.date()
            ),
        }
    }

    /// The check, and what of its origin must be known with it. As recorded: names in it are hostile.
    pub fn check_text(&self) -> String {
        let mut text = self.check.clone().unwrap_or_default();
        if self.is_proved {
            text.push_str("; NOT CONFIRMED by a quorum of this backup, but its address proves it; ");
            text.push_str(&self.source.added());
        } else if !self.is_confirmed {
            text.push_str("; NOT CONFIRMED: no quorum of this backup has confirmed this record; ");
            text.push_str(&self.source.added());
        }
        if self.is_disputed {
            text.push_str("; a change was proposed without the quorum");
        }
        text
    }

    pub fn text(&self, member: &str) -> Option<&'a str> {
        self.item.fields().text(member)
    }

    /// The texts of a list.
    pub fn texts(&self, member: &str) -> Vec<&'a str> {
        self.item.fields().list(member).unwrap_or_default().iter().filter_map(Kept::as_text).collect()
    }

    /// The recovery codes of all sets in their order, each with what is to be known of it.
    pub fn codes(&self) -> Vec<(&'a str, CodeMark)> {
        codes::marked(self.item.fields()).into_iter().flat_map(|(_, codes)| codes).collect()
    }
}

/// Who sealed it and when, for people.
pub fn sealed_text(source: BoxSource) -> String {
    match source.sealed_by {
        SealedBy::Quorum => format!("sealed by a quorum, {}", source.created.date()),
        SealedBy::Public => format!("no quorum has confirmed it; {}", source.added()),
    }
}

/// Every version of the items of a collection that are selected: those that count, then all others. Everything that is
/// written of several versions keeps to this order.
pub fn versions_of<'a>(
    inventory: &'a Inventory,
    selection: &Selection,
    collection: Collection,
) -> impl Iterator<Item = &'a Version> {
    let chosen = chosen(inventory, selection, collection).into_iter().map(|(_, standing)| standing);
    let chosen: Vec<&Standing> = chosen.collect();
    let current: Vec<&Version> = chosen.iter().filter_map(|standing| standing.current.as_ref()).collect();
    let others = chosen.into_iter().flat_map(|standing| proposed(standing).chain(standing.earlier()));
    current.into_iter().chain(others)
}

/// By the names that people know them by; the id, which says nothing to anybody, tells apart what has the same name.
fn chosen<'a>(inventory: &'a Inventory, selection: &Selection, collection: Collection) -> Vec<(&'a str, &'a Standing)> {
    let takes = |(id, _): &(&str, _)| selection.takes(collection, id);
    let mut chosen: Vec<(&str, &Standing)> = inventory.standings(collection).filter(takes).collect();
    let title = |standing: &Standing| standing.versions().next().map(|(_, version)| version.item.title());
    chosen.sort_by_cached_key(|(id, standing)| (title(standing).map(|title| NaturalKey::of(&title)), (*id).to_owned()));
    chosen
}

fn proposed(standing: &Standing) -> impl Iterator<Item = &Version> {
    standing.proposals().iter().filter_map(|proposal| match proposal {
        Proposal::Put(version) => Some(version),
        Proposal::Remove(_) => None,
    })
}

/// Shows all versions in the order of [`versions_of`]; `show` is told whether a version counts.
fn known<'a>(
    report: &'a Report<'_>,
    collection: Collection,
    mut show: impl FnMut(&'a Version, bool) -> ShownVersion<'a>,
) -> Vec<KnownItem<'a>> {
    let first = chosen(report.inventory, report.selection, collection).into_iter().map(|(id, standing)| {
        let mut current = standing.current.as_ref().map(|version| show(version, true));
        if let Some(current) = &mut current {
            current.is_disputed = !standing.proposals().is_empty();
            current.by_others = standing.by_others(&report.inventory.kind().rules().holder);
        }
        (KnownItem { id, current, removals: Vec::new(), proposals: Vec::new(), earlier: Vec::new() }, standing)
    });
    let first: Vec<_> = first.collect();
    let second = first.into_iter().map(|(mut known, standing)| {
        known.removals.extend(standing.proposals().iter().filter_map(|proposal| match proposal {
            Proposal::Remove(source) => Some(*source),
            Proposal::Put(_) => None,
        }));
        known.proposals.extend(proposed(standing).map(|version| show(version, false)));
        known.earlier.extend(standing.earlier().iter().map(|version| show(version, false)));
        known
    });
    second.collect()
}

fn vault<'a>(
    inventory: &Inventory,
    version: &'a Version,
    counts: bool,
    derived: Option<&Derived>,
    is_public: bool,
) -> ShownVersion<'a> {
    let check = derived
        .map_or_else(|| "cannot check, because it was not derived".to_owned(), |derived| derived.check.to_string());
    let is_match = derived.is_some_and(|derived| derived.check.is_match());
    let material = derived.and_then(|derived| derived.child.as_ref()).map(|child| {
        let fields = version.item.fields();
        let imports = || import::of_vault(fields.text("chain").unwrap_or_default(), fields.text("address"), child);
        Material {
            public_key: child.public_key_hex(),
            private_key: (!is_public).then(|| child.private_key_hex()),
            imports: if is_public { Vec::new() } else { imports() },
        }
    });
    let mut shown = ShownVersion::of(version, Some(check), material);
    let of_child = derived.and_then(|derived| derived.child.as_ref()).map(|child| child.key_type().name());
    shown.is_proved = counts && is_match && !version.is_trusted();
    shown.key_type = of_child.or_else(|| recorded_key_type(inventory, version.item.fields().text("key_id")?));
    shown
}

/// Of the key that a vault names, when nothing could be derived.
fn recorded_key_type(inventory: &Inventory, key_id: &str) -> Option<&'static str> {
    let key = inventory.standing(Collection::Keys, key_id)?.current.as_ref()?;
    KeyType::named(key.item.fields().text("key_type")?).map(KeyType::name)
}

fn key<'a>(version: &'a Version, keyring: &Keyring, is_public: bool) -> ShownVersion<'a> {
    let id = version.item.id();
    let check = keyring.standing(id).map_or_else(|| "not checked".to_owned(), ToString::to_string);
    let material = keyring.master(id).map(|master| Material {
        public_key: master.public_key_hex(),
        private_key: (!is_public).then(|| master.private_key_hex()),
        imports: if is_public { Vec::new() } else { import::of_master(master) },
    });
    ShownVersion::of(version, Some(check), material)
}

/// A key that does not count, rebuilt as if it were the only one.
fn key_alone(version: &Version, kind: Kind, is_public: bool) -> ShownVersion<'_> {
    let mut inventory = Inventory::of(kind);
    if let Ok(item) = Item::new(Collection::Keys, version.item.fields().duplicate()) {
        let record = Some(Record::Put { item, origin: None });
        inventory.apply(version.source, vec![BoxEntry { record, kept: None, fault: None }]);
        inventory.finish();
    }
    key(version, &Keyring::of(&inventory), is_public)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{inventory, marked, public_only, with_report, with_view};
    use super::super::vaults_of;
    use super::*;
    use crate::domain::proof::{AddressCheck, PublicKeyCheck, VaultCheck};

    #[test]
    fn what_was_derived_stands_beside_the_version_it_was_derived_of() {
        let (inventory, selection) = (inventory(), Selection::default());
        let titles: Vec<String> =
            vaults_of(&inventory, &selection).into_iter().map(|vault| vault.item.title()).collect();
        assert_eq!(titles, ["Rent now", "Travel", "Gone", "Thief", "Rent"]);
        let derived = titles.iter().map(|title| {
            let address = AddressCheck::Mismatch { derived: vec![title.clone()] };
            Derived { check: VaultCheck { address, public_key: PublicKeyCheck::NotCompared }, child: None }
        });
        let keyring = Keyring::of(&inventory);
        let mut report = Report {
            inventory: &inventory,
            keyring: &keyring,
            selection: &selection,
            derived: derived.collect(),
            is_training: false,
            red: &[],
            notes: &[],
        };
        let view = ExportView::of(&report);
        let versions =
            view.vaults.iter().flat_map(|known| known.current.iter().chain(&known.proposals).chain(&known.earlier));
        let mut count = 0;
        for shown in versions {
            assert!(shown.check.as_ref().unwrap().ends_with(&format!(" {}", shown.item.title())));
            count += 1;
        }
        assert_eq!(count, 5);
        report.derived.clear();
        let check = ExportView::of(&report).vaults.pop().and_then(|known| known.current).and_then(|shown| shown.check);
        assert_eq!(check.unwrap(), "cannot check, because it was not derived");
    }

    #[test]
    fn a_selection_takes_all_versions_of_an_item_and_no_record_without_one() {
        let selection = marked(&[(Collection::Vaults, "v1")]);
        let inventory = inventory();
        assert_eq!(vaults_of(&inventory, &selection).len(), 3);
        with_report(&inventory, &selection, |report| {
            let view = ExportView::of(report);
            assert_eq!((view.keys.len(), view.vaults.len(), view.accounts.len()), (0, 1, 0));
            assert!(view.unknown_records.is_empty());
        });
        with_view(&public_only(), |view| assert!(view.unknown_records.is_empty()));
    }

    #[test]
    fn who_sealed_it_and_what_is_not_confirmed_is_said() {
        with_view(&Selection::default(), |view| {
            let [_, rent, travel] = view.vaults.as_slice() else { panic!("three vaults") };
            let (rent, travel) = (rent.current.as_ref().unwrap(), travel.current.as_ref().unwrap());
            assert!(rent.is_confirmed && rent.is_disputed && !travel.is_confirmed && !travel.is_disputed);
            assert_eq!(rent.origin_text(), "sealed by a quorum, 2026-01-02");
            assert_eq!(travel.origin_text(), "its address proves it; added 2026-01-02 by somebody who had the file");
            let codes = view.accounts[0].current.as_ref().unwrap().codes();
            let marks: Vec<_> = codes.into_iter().map(|(_, mark)| mark.name()).collect();
            assert_eq!(marks, ["used", "next", ""]);
        });
    }
}
