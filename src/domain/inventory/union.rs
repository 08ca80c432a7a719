//! Many records, one inventory: what a quorum sealed stands, what others added is shown beside it
//! (`docs/format.md`, section 10).

use std::collections::{BTreeMap, HashSet};

use super::anew;
use super::counts::Counts;
use super::fields::Fields;
use super::item::{Collection, Item};
use super::record::{BoxEntry, Origin, Record};
use super::sets;
use super::source::{ForeignMarks, IssuerMark};
use crate::domain::encoding::words;
use crate::domain::kind::Kind;
use crate::domain::secret::SecretText;
use crate::domain::time::Timestamp;

/// Who could have sealed a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedBy {
    /// Only holders of the wrapping key: a quorum.
    Quorum,
    /// Anybody who has the file.
    Public,
}

words!(SealedBy: "quorum or public", Quorum = "quorum", Public = "public");

/// The box that a record came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoxSource {
    pub sealed_by: SealedBy,
    pub position: u32,
    pub created: Timestamp,
    /// Of a box in a file that is signed as it should be.
    pub issuer: Option<IssuerMark>,
}

/// An item and where it came from.
#[derive(Debug)]
pub struct Version {
    pub item: Item,
    pub origin: Option<Origin>,
    pub source: BoxSource,
    /// Adding to a backup of its kind without a quorum is everyday work.
    is_usual: bool,
}

impl Version {
    /// Whether nothing is to be said against it: a quorum decided on it, or in its kind of backup none has to.
    pub fn is_trusted(&self) -> bool {
        self.is_usual || self.is_confirmed()
    }

    /// Whether a quorum of this backup decided on it: not when a rotation only carried it over.
    pub fn is_confirmed(&self) -> bool {
        self.source.sealed_by == SealedBy::Quorum && self.origin.is_none()
    }
}

/// What somebody without the quorum wants to become of an item that a quorum sealed.
#[derive(Debug)]
pub enum Proposal {
    Put(Version),
    Remove(BoxSource),
}

impl Proposal {
    pub fn source(&self) -> BoxSource {
        match self {
            Self::Put(version) => version.source,
            Self::Remove(source) => *source,
        }
    }
}

/// All that is known of one item.
#[derive(Debug, Default)]
pub struct Standing {
    /// What counts now, with all sets of codes of an account; `None` when it was removed.
    pub current: Option<Version>,
    /// Of most items there is nothing else: these take no memory for it.
    others: Option<Box<OtherVersions>>,
}

/// What there is of an item beside the version that counts.
#[derive(Debug, Default)]
struct OtherVersions {
    added: Vec<Version>,
    base: Option<Item>,
    proposals: Vec<Proposal>,
    earlier: Vec<Version>,
    marks: Option<ForeignMarks>,
}

/// What a version of an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionKind {
    /// It counts.
    Current,
    /// Somebody without the quorum wants it.
    Proposed,
    /// It was replaced or removed.
    Earlier,
}

/// The united contents of a backup.
#[derive(Debug, Default)]
pub struct Inventory {
    kind: Kind,
    organization: Option<(SecretText, BoxSource)>,
    /// Other names that were proposed without the quorum, where a quorum had sealed one.
    organization_proposals: Vec<BoxSource>,
    /// The names in these.
    proposed_names: Vec<SecretText>,
    items: BTreeMap<(Collection, String), Standing>,
    unknown_records: Vec<Fields>,
    /// Where each of these is from.
    unknown_sources: Vec<BoxSource>,
    /// Codes that any box marks as used, by account. To mark one is everyday work without a quorum: no note is made of it.
    used: BTreeMap<String, Vec<(SecretText, BoxSource)>>,
}

impl Inventory {
    /// Of a backup of that kind, without anything yet.
    pub fn of(kind: Kind) -> Self {
        Self { kind, ..Self::default() }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Those that a backup of its kind has.
    pub fn collections(&self) -> impl Iterator<Item = Collection> {
        self.kind.rules().collections.iter().copied()
    }

    /// Applies the entries of one box. Boxes come in their order.
    pub fn apply(&mut self, source: BoxSource, entries: impl IntoIterator<Item = BoxEntry>) {
        let is_daily = self.kind.rules().is_added_to_daily;
        for entry in entries {
            if let Some(kept) = entry.kept {
                self.unknown_records.push(kept);
                self.unknown_sources.push(source);
            }
            match entry.record {
                None => {}
                Some(Record::Organization { name }) => self.rename(name, source),
                Some(Record::Put { item, origin }) => {
                    let place = (item.collection(), item.id().to_owned());
                    let is_usual = is_daily && item.collection() == Collection::Accounts;
                    self.items.entry(place).or_default().put(Version { item, origin, source, is_usual });
                }
                Some(Record::Remove { collection, id }) => {
                    // A removal of what never was is no news.
                    if let Some(standing) = self.items.get_mut(&(collection, id)) {
                        standing.remove(source);
                    }
                }
                Some(Record::Used { account, code }) => {
                    self.used.entry(account).or_default().push((code, source));
                }
            }
        }
    }

    fn rename(&mut self, name: SecretText, source: BoxSource) {
        match &self.organization {
            Some((sealed, before)) if before.sealed_by == SealedBy::Quorum && source.sealed_by == SealedBy::Public => {
                if sealed.reveal() != name.reveal() {
                    self.organization_proposals.push(source);
                    self.proposed_names.push(name);
                }
            }
            _ => {
                self.organization = Some((name, source));
                self.organization_proposals.clear();
                self.proposed_names.clear();
            }
        }
    }

    /// Call it once, after the last box: unites added sets and used marks with the accounts.
    pub fn finish(&mut self) {
        let is_daily = self.kind.rules().is_added_to_daily;
        for ((collection, id), standing) in &mut self.items {
            standing.unite();
            if let (Collection::Accounts, Some(version)) = (collection, &mut standing.current) {
                let used = self.used.get(id).map_or(&[][..], Vec::as_slice);
                let marks = if is_daily { None } else { ForeignMarks::of(&version.item, used) };
                let used: HashSet<&str> = used.iter().map(|(code, _)| code.reveal()).collect();
                version.item.mark_used(|code| used.contains(code));
                if marks.is_some() {
                    standing.others().marks = marks;
                }
            }
        }
    }

    /// The organization's name as sealed; empty when no record gave one.
    pub fn organization(&self) -> &str {
        self.organization.as_ref().map_or("", |(name, _)| name.reveal())
    }

    /// Whether the name came from a box that anybody could have sealed.
    pub fn organization_is_public(&self) -> bool {
        self.unsealed_name().is_some()
    }

    /// From which box the name is that no quorum sealed.
    pub fn unsealed_name(&self) -> Option<BoxSource> {
        let (_, source) = self.organization.as_ref()?;
        (source.sealed_by == SealedBy::Public).then_some(*source)
    }

    /// Other names that were proposed without the quorum.
    pub fn organization_proposals(&self) -> &[BoxSource] {
        &self.organization_proposals
    }

    /// Those names, in the same order.
    pub fn proposed_names(&self) -> &[SecretText] {
        &self.proposed_names
    }

    /// Codes of an account that any box marks as used, whether the account has them or not.
    pub fn marks(&self, account: &str) -> impl Iterator<Item = &SecretText> {
        self.used.get(account).into_iter().flatten().map(|(code, _)| code)
    }

    /// From which box the first mark on a code of an account is. Without one it may be marked in the account itself.
    pub fn marked_by(&self, account: &str, code: &str) -> Option<BoxSource> {
        let marks = self.used.get(account)?;
        marks.iter().find(|(marked, _)| marked.reveal() == code).map(|(_, source)| *source)
    }

    /// Everything known of each item of `collection`, sorted by id.
    pub fn standings(&self, collection: Collection) -> impl Iterator<Item = (&str, &Standing)> {
        self.items
            .iter()
            .filter(move |((of, _), _)| *of == collection)
            .map(|((_, id), standing)| (id.as_str(), standing))
    }

    /// All that is known of one item.
    pub fn standing(&self, collection: Collection, id: &str) -> Option<&Standing> {
        self.items.get(&(collection, id.to_owned()))
    }

    /// The items that count, sorted by id.
    pub fn items(&self, collection: Collection) -> impl Iterator<Item = &Version> {
        self.standings(collection).filter_map(|(_, standing)| standing.current.as_ref())
    }

    /// Records that were not (wholly) understood, as they stood.
    pub fn unknown_records(&self) -> &[Fields] {
        &self.unknown_records
    }

    /// Where each of these records is from.
    pub fn unknown_sources(&self) -> &[BoxSource] {
        &self.unknown_sources
    }

    /// No item, and nothing of a quorum's that is kept without being understood: an export would hold nothing. What
    /// anybody can append does not make it one that holds something.
    pub fn is_bare(&self) -> bool {
        self.unknown_sources.iter().all(|source| source.sealed_by == SealedBy::Public)
            && self.collections().all(|collection| self.items(collection).next().is_none())
    }

    /// How many items count that no quorum confirmed, where that is to be said.
    pub fn unconfirmed(&self) -> usize {
        let items = self.items.values().filter_map(|standing| standing.current.as_ref());
        items.filter(|version| !version.is_trusted()).count()
    }

    pub fn counts(&self) -> Counts {
        let count = |collection| self.items(collection).count();
        Counts {
            keys: count(Collection::Keys),
            vaults: count(Collection::Vaults),
            accounts: count(Collection::Accounts),
            codes: self.items(Collection::Accounts).map(|version| version.item.code_count()).sum(),
        }
    }

    /// The records that make this inventory again, for sealing it anew: what counts now, in order.
    pub fn to_records(&self) -> Vec<Fields> {
        let current = self.items.values().filter_map(|standing| standing.current.as_ref());
        let items = current.map(|version| version.item.duplicate()).collect();
        anew::records(
            self.kind,
            self.organization(),
            self.unknown_records.iter().map(Fields::duplicate).collect(),
            items,
        )
    }
}

impl Standing {
    /// Every version: the one that counts, then proposed ones, then earlier ones, the latest first.
    pub fn versions(&self) -> impl Iterator<Item = (VersionKind, &Version)> {
        let current = self.current.iter().map(|version| (VersionKind::Current, version));
        let proposed = self.proposals().iter().filter_map(|proposal| match proposal {
            Proposal::Put(version) => Some((VersionKind::Proposed, version)),
            Proposal::Remove(_) => None,
        });
        let earlier = self.earlier().iter().rev().map(|version| (VersionKind::Earlier, version));
        current.chain(proposed).chain(earlier)
    }

    /// Sets of codes that were added to the account after what counts was sealed, in their order.
    pub fn added(&self) -> &[Version] {
        self.others.as_ref().map_or(&[], |others| &others.added)
    }

    /// Those of them that no quorum confirmed, where that is to be said.
    pub fn unconfirmed_sets(&self) -> impl Iterator<Item = &Version> {
        self.added().iter().filter(|added| !added.is_trusted())
    }

    /// Marks on codes of the account that no quorum made, where that is to be said.
    pub fn foreign_marks(&self) -> Option<ForeignMarks> {
        self.others.as_ref().and_then(|others| others.marks)
    }

    /// Changes proposed without the quorum, beside what a quorum sealed.
    pub fn proposals(&self) -> &[Proposal] {
        self.others.as_ref().map_or(&[], |others| &others.proposals)
    }

    /// What was replaced or removed, oldest first.
    pub fn earlier(&self) -> &[Version] {
        self.others.as_ref().map_or(&[], |others| &others.earlier)
    }

    /// What counts as it was sealed, without sets that were added later.
    pub fn base(&self) -> Option<&Item> {
        let base = self.others.as_ref().and_then(|others| others.base.as_ref());
        base.or(self.current.as_ref().map(|current| &current.item))
    }

    fn others(&mut self) -> &mut OtherVersions {
        self.others.get_or_insert_default()
    }

    fn put(&mut self, version: Version) {
        if sets::mode(&version.item).is_some() {
            return self.add(version);
        }
        let protected = self.is_protected_from(version.source);
        match &self.current {
            Some(current) if protected => {
                if !current.item.fields().same_as(version.item.fields()) {
                    self.others().proposals.push(Proposal::Put(version));
                }
            }
            _ => {
                self.retire(version.source);
                self.current = Some(version);
            }
        }
    }

    /// A set of codes never takes the place of anything, whoever sealed it.
    fn add(&mut self, version: Version) {
        let is_there = |added: &Version| added.item.fields().same_as(version.item.fields());
        if self.current.is_none() {
            let item = sets::alone(&version.item);
            self.current = Some(Version { item, ..version });
        } else if !self.added().iter().any(is_there) {
            self.others().added.push(version);
        }
    }

    fn unite(&mut self) {
        if let (Some(current), Some(others)) = (&mut self.current, &mut self.others)
            && !others.added.is_empty()
        {
            let united = sets::united(&current.item, others.added.iter().map(|added| &added.item));
            others.base = Some(std::mem::replace(&mut current.item, united));
        }
    }

    fn remove(&mut self, source: BoxSource) {
        if self.is_protected_from(source) {
            self.others().proposals.push(Proposal::Remove(source));
        } else {
            self.retire(source);
        }
    }

    fn is_protected_from(&self, source: BoxSource) -> bool {
        let by_quorum = |version: &Version| version.source.sealed_by == SealedBy::Quorum;
        source.sealed_by == SealedBy::Public && self.current.as_ref().is_some_and(by_quorum)
    }

    /// What counted does not count any more. A quorum that seals an item has decided on what was proposed before, too.
    fn retire(&mut self, source: BoxSource) {
        if self.current.is_none() && self.others.is_none() {
            return;
        }
        let current = self.current.take();
        let others = self.others();
        if source.sealed_by == SealedBy::Quorum {
            for proposal in others.proposals.drain(..) {
                if let Proposal::Put(version) = proposal {
                    others.earlier.push(version);
                }
            }
        }
        others.earlier.extend(current);
        others.earlier.append(&mut others.added);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Contents;
    use super::super::record::read_records;
    use super::*;

    const Q: SealedBy = SealedBy::Quorum;
    const P: SealedBy = SealedBy::Public;

    type Boxes<'a> = &'a [(SealedBy, &'a str)];
    /// What counts, proposals, earlier versions.
    type Vault<'a> = (Option<&'a str>, usize, usize);

    fn unite(boxes: Boxes<'_>) -> Inventory {
        let mut inventory = Inventory::of(Kind::Organization);
        for (position, (sealed_by, records)) in (1..).zip(boxes) {
            let created = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
            let plaintext = format!("{{\"records\":[{records}]}}");
            let entries = read_records(Kind::Organization, plaintext.as_bytes()).unwrap();
            assert!(entries.iter().all(|entry| entry.fault.is_none()), "{records}");
            inventory.apply(BoxSource { sealed_by: *sealed_by, position, created, issuer: None }, entries);
        }
        inventory.finish();
        inventory
    }

    fn put(name: &str) -> String {
        format!(r#"{{"record":"put","collection":"vaults","item":{{"id":"v","name":"{name}","chain":"c"}}}}"#)
    }

    const REMOVE: &str = r#"{"record":"remove","collection":"vaults","id":"v"}"#;

    /// (what counts, proposals, earlier versions) of vault `v`.
    fn vault(inventory: &Inventory) -> (Option<String>, usize, usize) {
        inventory.standings(Collection::Vaults).next().map_or((None, 0, 0), |(_, standing)| {
            let name = standing.current.as_ref().map(|version| version.item.title());
            (name, standing.proposals().len(), standing.earlier().len())
        })
    }

    #[test]
    fn what_a_quorum_sealed_is_never_replaced_or_removed_by_others() {
        let (a, b) = (put("A"), put("B"));
        let cases: [(Boxes<'_>, Vault<'_>); 11] = [
            (&[(Q, &a)], (Some("A"), 0, 0)),
            (&[(Q, &a), (Q, &b)], (Some("B"), 0, 1)),
            (&[(Q, &a), (Q, REMOVE)], (None, 0, 1)),
            (&[(Q, &a), (P, &b)], (Some("A"), 1, 0)),
            (&[(Q, &a), (P, REMOVE)], (Some("A"), 1, 0)),
            (&[(Q, &a), (P, &a)], (Some("A"), 0, 0)),
            (&[(Q, &a), (P, REMOVE), (P, &b), (Q, &b)], (Some("B"), 0, 2)),
            (&[(P, &a), (P, &b)], (Some("B"), 0, 1)),
            (&[(P, &a), (P, REMOVE)], (None, 0, 1)),
            (&[(P, &a), (Q, &b), (P, REMOVE)], (Some("B"), 1, 1)),
            (&[(Q, &a), (Q, REMOVE), (P, &b)], (Some("B"), 0, 1)),
        ];
        for (boxes, (name, proposals, earlier)) in cases {
            assert_eq!(vault(&unite(boxes)), (name.map(str::to_owned), proposals, earlier), "{boxes:?}");
        }
    }

    #[test]
    fn used_marks_unite_whoever_sealed_them() {
        let account = concat!(
            r#"{"record":"put","collection":"accounts","item":{"service":"S","login":"l","owners":[],"#,
            r#""kind":"single-use","codes":["a","b","c"],"used":["c"],"saved":"2026-01-01T00:00:00Z"}}"#
        );
        let id = super::super::account_id("S", "l");
        let mark = |code: &str| format!(r#"{{"record":"used","account":"{id}","code":"{code}"}}"#);
        // A mark may stand before the account it speaks of, and may speak of a code that is gone.
        let inventory = unite(&[(P, &mark("b")), (Q, account), (P, &mark("gone"))]);
        let used: Vec<_> =
            inventory.items(Collection::Accounts).next().unwrap().item.fields().list("used").unwrap().iter().collect();
        assert_eq!(used.iter().filter_map(|code| code.as_text()).collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(inventory.counts(), Counts { accounts: 1, codes: 3, ..Counts::default() });
    }

    #[test]
    fn the_name_is_the_last_one_a_quorum_sealed() {
        let name = |name: &str| format!(r#"{{"record":"organization","name":"{name}"}}"#);
        let proposed = unite(&[(Q, &name("A")), (P, &name("B")), (P, &name("A"))]);
        assert_eq!((proposed.organization(), proposed.organization_proposals().len()), ("A", 1));
        assert_eq!(unite(&[(P, &name("A")), (P, &name("B"))]).organization(), "B");
        assert_eq!(unite(&[(P, &name("A")), (Q, &name("B")), (Q, &name("C"))]).organization(), "C");
        assert_eq!(unite(&[]).organization(), "");
    }

    #[test]
    fn an_inventory_sealed_anew_is_the_same_inventory() {
        let inventory =
            unite(&[(Q, &format!(r#"{{"record":"organization","name":"A"}},{},{{"record":"teleport"}}"#, put("A")))]);
        let mut again = Inventory::of(Kind::Organization);
        let created = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let plaintext = super::super::write_records(inventory.to_records());
        let entries = read_records(Kind::Organization, plaintext.reveal()).unwrap();
        again.apply(BoxSource { sealed_by: Q, position: 1, created, issuer: None }, entries);
        again.finish();
        let json = |inventory: &Inventory| Contents::of(inventory).to_json().reveal().to_vec();
        assert_eq!(json(&inventory), json(&again));
    }
}
