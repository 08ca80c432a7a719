//! What a quorum has not decided on, one question each, and the records that carry the answers into a new backup
//! (`docs/format.md`, section 11, "Rotation"), or into the next snapshot of the same one ([`confirmation`]).

mod confirmed;
mod sides;

use std::collections::BTreeSet;

pub use self::confirmed::{confirmable, confirmation, is_awaited, is_confirmed_in, outcome};
pub use self::sides::Sides;
use super::anew;
use super::fields::Fields;
use super::item::{Collection, Item};
use super::record::{Origin, Record, read_entry, used_record};
use super::sealable::Sealable;
use super::sets;
use super::union::{Inventory, Proposal, SealedBy, Standing, Version};
use crate::domain::encoding::Hex;
use crate::domain::secret::SecretText;
use crate::domain::text::{Safe, counted};

/// What a quorum decides for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewPurpose {
    /// A new backup.
    Rotation,
    /// The next snapshot of the same one.
    Confirmation,
}

impl ReviewPurpose {
    /// What it decides on, in a fixed order.
    pub fn questions(self, inventory: &Inventory) -> Vec<ReviewQuestion> {
        match self {
            Self::Rotation => questions(inventory),
            Self::Confirmation => confirmable(inventory),
        }
    }
}

/// Something that no quorum has confirmed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReviewQuestion {
    /// The organization's name.
    Name,
    /// Another name, by its place among those that were proposed.
    OtherName(usize),
    /// An item that counts.
    Item(Collection, String),
    /// A change of an item that a quorum sealed, by its place among the proposals.
    Change(Collection, String, usize),
    /// The sets of codes that were added to an account that counts.
    Sets(String),
    /// A record that is not understood, by its place.
    Unknown(usize),
}

impl ReviewQuestion {
    /// It would replace or remove what a quorum sealed.
    pub fn is_change(&self) -> bool {
        matches!(self, Self::OtherName(_) | Self::Change(..))
    }

    /// Which item it is about, if it is about one.
    pub fn item(&self) -> Option<(Collection, &str)> {
        match self {
            Self::Item(collection, id) | Self::Change(collection, id, _) => Some((*collection, id)),
            Self::Sets(id) => Some((Collection::Accounts, id)),
            Self::Name | Self::OtherName(_) | Self::Unknown(_) => None,
        }
    }

    /// `Vault "Rent": added on 2026-05-05`
    pub fn what(&self, inventory: &Inventory) -> String {
        match self {
            Self::Name => format!("The organization's name \"{}\"", Safe(inventory.organization())),
            Self::OtherName(place) => {
                let name = inventory.proposed_names().get(*place).map_or("", SecretText::reveal);
                let source = inventory.organization_proposals().get(*place);
                let date = source.map_or_else(String::new, |source| source.created.date());
                format!("Another name of the organization, \"{}\": proposed on {date}", Safe(name))
            }
            Self::Item(collection, id) => {
                let version = inventory.standing(*collection, id).and_then(|standing| standing.current.as_ref());
                let added = version.map(|version| format!("added on {}", date(version)));
                format!("{}: {}", called(*collection, id, version), added.unwrap_or_default())
            }
            Self::Change(collection, id, place) => {
                let standing = inventory.standing(*collection, id);
                let current = standing.and_then(|standing| standing.current.as_ref());
                let wish = match standing.and_then(|standing| standing.proposals().get(*place)) {
                    Some(Proposal::Put(version)) => format!("a change, proposed on {}", date(version)),
                    Some(Proposal::Remove(source)) => format!("its removal, proposed on {}", source.created.date()),
                    None => String::new(),
                };
                format!("{}: {wish}", called(*collection, id, current))
            }
            Self::Sets(id) => {
                let standing = inventory.standing(Collection::Accounts, id);
                let current = standing.and_then(|standing| standing.current.as_ref());
                let added = standing.map_or(&[][..], |standing| standing.added());
                let codes = counted(added.iter().map(|version| version.item.code_count()).sum::<usize>(), "code");
                let date = added.last().map_or_else(String::new, date);
                format!("{}: {codes}, added until {date}", called(Collection::Accounts, id, current))
            }
            Self::Unknown(place) => {
                let source = inventory.unknown_sources().get(*place);
                let date = source.map_or_else(String::new, |source| source.created.date());
                format!("A record that this version does not understand: added on {date}")
            }
        }
    }
}

/// All that no quorum has confirmed, in a fixed order.
pub fn questions(inventory: &Inventory) -> Vec<ReviewQuestion> {
    let mut questions = Vec::new();
    questions.extend(inventory.organization_is_public().then_some(ReviewQuestion::Name));
    questions.extend((0..inventory.proposed_names().len()).map(ReviewQuestion::OtherName));
    for collection in inventory.collections() {
        for (id, standing) in inventory.standings(collection) {
            let is_open = standing.current.as_ref().is_some_and(|version| !version.is_confirmed());
            questions.extend(is_open.then(|| ReviewQuestion::Item(collection, id.to_owned())));
            let has_sets = !is_open && standing.added().iter().any(|added| !added.is_confirmed());
            questions.extend(has_sets.then(|| ReviewQuestion::Sets(id.to_owned())));
            questions.extend(
                (0..standing.proposals().len()).map(|place| ReviewQuestion::Change(collection, id.to_owned(), place)),
            );
        }
    }
    questions.extend(
        (0..inventory.unknown_records().len())
            .filter(|place| can_be_asked(inventory, *place))
            .map(ReviewQuestion::Unknown),
    );
    questions
}

/// A record that is understood in part has its question as an item. As it stands it keeps its mark.
fn can_be_asked(inventory: &Inventory, place: usize) -> bool {
    let is_public = inventory.unknown_sources().get(place).is_some_and(|source| source.sealed_by == SealedBy::Public);
    let is_understood = |record: &Fields| read_entry(inventory.kind(), record.duplicate()).record.is_some();
    is_public && !inventory.unknown_records().get(place).is_some_and(is_understood)
}

/// The contents as records for a new backup: what its quorum confirms, and what it only carries over, for a public box. `accepted`
/// are places in [`questions`]. Whoever accepts a change of an item decides on that item: its other proposals are settled.
pub fn records(inventory: &Inventory, backup_id: Hex<16>, accepted: &[usize]) -> Sealable {
    records_with(inventory, backup_id, chosen(questions(inventory), accepted))
}

/// Those of the questions that stand at these places.
fn chosen(questions: Vec<ReviewQuestion>, places: &[usize]) -> BTreeSet<ReviewQuestion> {
    let places: BTreeSet<usize> = places.iter().copied().collect();
    let asked = (0..).zip(questions).filter(|(place, _)| places.contains(place));
    asked.map(|(_, question)| question).collect()
}

fn records_with(inventory: &Inventory, backup_id: Hex<16>, accepted: BTreeSet<ReviewQuestion>) -> Sealable {
    let mut split = Split::of(inventory, backup_id, accepted);
    for collection in inventory.collections() {
        for (id, standing) in inventory.standings(collection) {
            split.take(collection, id, standing);
        }
    }
    split.finish()
}

struct Split<'a> {
    inventory: &'a Inventory,
    backup_id: Hex<16>,
    accepted: BTreeSet<ReviewQuestion>,
    items: Vec<Item>,
    /// Beside the items: with an origin.
    confirmed: Vec<Fields>,
    carried: Vec<Fields>,
}

impl<'a> Split<'a> {
    fn of(inventory: &'a Inventory, backup_id: Hex<16>, accepted: BTreeSet<ReviewQuestion>) -> Self {
        Self { inventory, backup_id, accepted, items: Vec::new(), confirmed: Vec::new(), carried: Vec::new() }
    }

    /// What was proposed for an item and is accepted: the last of it counts.
    fn accepted_of<'b>(&self, collection: Collection, id: &str, standing: &'b Standing) -> Option<&'b Proposal> {
        let is_accepted = |(place, _): &(usize, &Proposal)| {
            self.accepted.contains(&ReviewQuestion::Change(collection, id.to_owned(), *place))
        };
        standing.proposals().iter().enumerate().rfind(is_accepted).map(|(_, proposal)| proposal)
    }

    fn take(&mut self, collection: Collection, id: &str, standing: &Standing) {
        let takes_sets = self.accepted.contains(&ReviewQuestion::Sets(id.to_owned()));
        match self.accepted_of(collection, id, standing) {
            Some(Proposal::Put(version)) if takes_sets || standing.added().is_empty() => {
                let item = sets::united(&version.item, standing.added().iter().map(|added| &added.item));
                let item = if standing.added().is_empty() { version.item.duplicate() } else { item };
                return self.items.push(self.marked(&item));
            }
            // Whoever decides on the account has not decided on what was added to it.
            Some(Proposal::Put(version)) => {
                self.items.push(self.marked(&version.item));
                self.carry_sets(standing);
                return self.carry_marks(id);
            }
            Some(Proposal::Remove(_)) => return,
            None => {}
        }
        if let (Some(version), Some(base)) = (&standing.current, standing.base()) {
            let is_accepted = self.accepted.contains(&ReviewQuestion::Item(collection, id.to_owned()));
            let is_whole = is_accepted || takes_sets;
            if is_whole || version.is_confirmed() && standing.added().iter().all(Version::is_confirmed) {
                self.items.push(version.item.duplicate());
            } else {
                let item = self.marked(base);
                if version.is_confirmed() {
                    self.items.push(item);
                    self.carry_sets(standing);
                } else if version.source.sealed_by == SealedBy::Quorum {
                    // Its origin is its mark already.
                    self.confirmed.push(self.put(item, version));
                    self.carry_sets(standing);
                } else {
                    // Nothing of it may stand before it.
                    self.carried.push(self.put(item, version));
                    let added = standing.added().iter().map(|added| self.put(added.item.duplicate(), added));
                    let added: Vec<Fields> = added.collect();
                    self.carried.extend(added);
                }
                if standing.proposals().is_empty() && !standing.added().is_empty() {
                    self.carry_marks(id);
                }
            }
        }
        for proposal in standing.proposals() {
            self.carried.push(match proposal {
                Proposal::Put(version) => self.put(version.item.duplicate(), version),
                Proposal::Remove(_) => Record::Remove { collection, id: id.to_owned() }.into_fields(),
            });
        }
        if collection == Collection::Accounts && !standing.proposals().is_empty() {
            self.carry_marks(id);
        }
    }

    /// Sets that were added to an account which counts, in their order: what comes after an unconfirmed one must stay behind it.
    fn carry_sets(&mut self, standing: &Standing) {
        let confirmed = standing.added().iter().take_while(|added| added.is_confirmed()).count();
        for (place, added) in standing.added().iter().enumerate() {
            let item = added.item.duplicate();
            if place < confirmed {
                self.confirmed.push(Record::Put { item, origin: None }.into_fields());
            } else {
                self.carried.push(self.put(item, added));
            }
        }
    }

    fn carry_marks(&mut self, account: &str) {
        let marks = self.inventory.marks(account).map(|code| used_record(account, code.reveal()));
        self.carried.extend(marks);
    }

    fn marked(&self, item: &Item) -> Item {
        marked(self.inventory, item)
    }

    /// An item with where and when its version was added first.
    fn put(&self, item: Item, version: &Version) -> Fields {
        let origin = Origin { backup_id: self.backup_id, created: version.source.created };
        Record::Put { item, origin: Some(version.origin.unwrap_or(origin)) }.into_fields()
    }

    fn finish(self) -> Sealable {
        let (name, mut first) = self.names();
        let mut unknown = Vec::new();
        let sources = self.inventory.unknown_records().iter().zip(self.inventory.unknown_sources());
        for (place, (record, source)) in sources.enumerate() {
            let is_confirmed =
                source.sealed_by == SealedBy::Quorum || self.accepted.contains(&ReviewQuestion::Unknown(place));
            if is_confirmed { &mut unknown } else { &mut first }.push(record.duplicate());
        }
        first.extend(self.gone(&first));
        let records = anew::records(self.inventory.kind(), &name, unknown, self.items);
        Sealable {
            records: records.into_iter().chain(self.confirmed).collect(),
            carried: first.into_iter().chain(self.carried).collect(),
        }
    }

    /// The name that is confirmed (or none), and those that are carried over.
    fn names(&self) -> (String, Vec<Fields>) {
        let record = |name: &str| Record::Organization { name: SecretText::copy_of(name) }.into_fields();
        let proposed = self.inventory.proposed_names();
        let is_chosen = |place: &usize| self.accepted.contains(&ReviewQuestion::OtherName(*place));
        if let Some(name) = (0..proposed.len()).rfind(is_chosen).and_then(|place| proposed.get(place)) {
            return (name.reveal().to_owned(), Vec::new());
        }
        let name = self.inventory.organization();
        if self.inventory.organization_is_public() && !self.accepted.contains(&ReviewQuestion::Name) {
            return (String::new(), vec![record(name)]);
        }
        (name.to_owned(), proposed.iter().map(|name| record(name.reveal())).collect())
    }

    /// Removals of items that count no longer, and that a carried record which is understood in part would bring back.
    fn gone(&self, carried: &[Fields]) -> Vec<Fields> {
        let removal = |record: &Fields| match read_entry(self.inventory.kind(), record.duplicate()).record {
            Some(Record::Put { item, .. }) => {
                let (collection, id) = (item.collection(), item.id().to_owned());
                let counts =
                    self.inventory.standing(collection, &id).is_some_and(|standing| standing.current.is_some());
                (!counts).then(|| Record::Remove { collection, id }.into_fields())
            }
            _ => None,
        };
        carried.iter().filter_map(removal).collect()
    }
}

/// An item with the codes marked that any box marks.
fn marked(inventory: &Inventory, item: &Item) -> Item {
    let mut item = item.duplicate();
    let marks: BTreeSet<&str> = inventory.marks(item.id()).map(SecretText::reveal).collect();
    item.mark_used(|code| marks.contains(code));
    item
}

fn date(version: &Version) -> String {
    version.origin.map_or(version.source.created, |origin| origin.created).date()
}

fn called(collection: Collection, id: &str, version: Option<&Version>) -> String {
    let title = version.map_or_else(|| id.to_owned(), |version| version.item.title());
    let noun = match collection {
        Collection::Keys => "Key",
        Collection::Vaults => "Vault",
        Collection::Accounts => "Account",
        Collection::Shares => "Share",
    };
    format!("{noun} \"{}\"", Safe(&title))
}

#[cfg(test)]
mod tests {
    use super::super::union::BoxSource;
    use super::super::{Contents, read_records, write_records};
    use super::*;
    use crate::domain::kind::Kind;
    use crate::domain::time::Timestamp;

    pub(super) const OLD: Hex<16> = Hex([1; 16]);
    const NEW: Hex<16> = Hex([2; 16]);

    pub(super) fn apply(inventory: &mut Inventory, sealed_by: SealedBy, position: u32, plaintext: &[u8]) {
        let created = Timestamp::parse(&format!("2026-01-{:02}T00:00:00Z", position % 28 + 1)).unwrap();
        let entries = read_records(Kind::Organization, plaintext).unwrap();
        inventory.apply(BoxSource { sealed_by, position, created, issuer: None }, entries);
    }

    fn rotated(inventory: &Inventory, id: Hex<16>, accepted: &[usize]) -> Inventory {
        let sealable = records(inventory, id, accepted);
        let mut new = Inventory::of(Kind::Organization);
        apply(&mut new, SealedBy::Quorum, 27, write_records(sealable.records).reveal());
        apply(&mut new, SealedBy::Public, 27, write_records(sealable.carried).reveal());
        new.finish();
        new
    }

    fn json(inventory: &Inventory) -> String {
        String::from_utf8(Contents::of(inventory).to_json().reveal().to_vec()).unwrap()
    }

    fn said(inventory: &Inventory) -> Vec<String> {
        questions(inventory).iter().map(|question| question.what(inventory)).collect()
    }

    /// Removals and names have no origin, so their date is that of the rotation.
    fn without_lost_dates(said: Vec<String>) -> Vec<String> {
        let has_none = |what: &str| what.contains("removal") || what.contains("name") || what.contains("understand");
        said.into_iter()
            .map(|what| if has_none(&what) { what.split(" on 2026").next().unwrap().to_owned() } else { what })
            .collect()
    }

    fn marks(inventory: &Inventory) -> Vec<(String, bool, Option<Origin>)> {
        let all = inventory.collections().flat_map(|collection| inventory.items(collection));
        all.map(|version| (version.item.id().to_owned(), version.is_confirmed(), version.origin)).collect()
    }

    pub(super) struct Random(pub(super) u64);

    impl Random {
        pub(super) fn below(&mut self, limit: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % limit
        }
    }

    fn record(random: &mut Random) -> String {
        let vault = random.below(3);
        let account = super::super::account_id("S", "l");
        match random.below(11) {
            0 => format!(r#"{{"record":"organization","name":"N{}"}}"#, random.below(3)),
            1..=3 => format!(
                r#"{{"record":"put","collection":"vaults","item":{{"id":"v{vault}","name":"n{}","chain":"c"}}}}"#,
                random.below(4)
            ),
            4 => format!(r#"{{"record":"remove","collection":"vaults","id":"v{vault}"}}"#),
            5 => format!(
                r#"{{"record":"put","collection":"accounts","item":{{"service":"S","login":"l","owners":[],"kind":"single-use","codes":["a","b","c{}"],"used":[],"saved":"2026-01-01T00:00:00Z"}}}}"#,
                random.below(3)
            ),
            6 => format!(
                r#"{{"record":"used","account":"{account}","code":"{}"}}"#,
                ["a", "b", "c1"][usize::try_from(random.below(3)).unwrap()]
            ),
            7 => format!(r#"{{"record":"remove","collection":"accounts","id":"{account}"}}"#),
            8 | 9 => format!(
                r#"{{"record":"put","collection":"accounts","item":{{"service":"S","login":"l","owners":[],"kind":"single-use","codes":["a","d{}"],"used":[],"saved":"2026-02-02T00:00:00Z","set":"{}"}}}}"#,
                random.below(3),
                if random.below(2) == 0 { "add" } else { "replace" }
            ),
            _ => r#"{"record":"teleport"}"#.to_owned(),
        }
    }

    /// These boxes, each with its records, united.
    pub(super) fn unite(boxes: &[(SealedBy, &str)]) -> Inventory {
        let mut inventory = Inventory::of(Kind::Organization);
        for (position, (sealed_by, records)) in (1..).zip(boxes) {
            apply(&mut inventory, *sealed_by, position, format!("{{\"records\":[{records}]}}").as_bytes());
        }
        inventory.finish();
        inventory
    }

    pub(super) fn history(seed: u64) -> Inventory {
        let mut inventory = boxes_of(seed);
        inventory.finish();
        inventory
    }

    /// The same before it is finished: more boxes can follow.
    pub(super) fn boxes_of(seed: u64) -> Inventory {
        let mut random = Random(seed);
        let mut inventory = Inventory::of(Kind::Organization);
        for position in 1..=1 + random.below(7) {
            let records: Vec<String> = (0..random.below(4)).map(|_| record(&mut random)).collect();
            let sealed_by = if random.below(2) == 0 { SealedBy::Quorum } else { SealedBy::Public };
            let plaintext = format!("{{\"records\":[{}]}}", records.join(","));
            apply(&mut inventory, sealed_by, u32::try_from(position).unwrap(), plaintext.as_bytes());
        }
        inventory
    }

    #[test]
    fn nothing_that_nobody_confirmed_loses_its_mark_however_often_it_is_rotated() {
        for seed in 0..3_000 {
            let old = history(seed);
            let new = rotated(&old, OLD, &[]);
            let later = rotated(&new, NEW, &[]);
            for rotated in [&new, &later] {
                assert_eq!(json(&old), json(rotated), "{seed}");
                assert_eq!(without_lost_dates(said(&old)), without_lost_dates(said(rotated)), "{seed}");
                for ((id, was, _), (_, is, origin)) in marks(&old).into_iter().zip(marks(rotated)) {
                    assert!(was == is && origin.is_some() != is, "{seed}: {id}");
                    assert!(origin.is_none_or(|origin| origin.backup_id == OLD), "{seed}: the first origin stays");
                }
            }
        }
    }

    #[test]
    fn what_is_accepted_is_confirmed_and_the_rest_is_not() {
        for seed in 0..3_000 {
            let old = history(seed);
            let asked = questions(&old);
            let all: Vec<usize> = (0..asked.len()).collect();
            let new = rotated(&old, OLD, &all);
            assert_eq!(said(&new), Vec::<String>::new(), "{seed}");
            let mut random = Random(seed);
            let some: Vec<usize> = all.into_iter().filter(|_| random.below(2) == 0).collect();
            let new = rotated(&old, OLD, &some);
            for (place, question) in asked.iter().enumerate() {
                if let (ReviewQuestion::Item(collection, id), true) = (question, some.contains(&place)) {
                    let now = new.standing(*collection, id).and_then(|standing| standing.current.as_ref());
                    assert!(now.is_some_and(Version::is_confirmed), "{seed}");
                }
            }
            let settled = |question: &ReviewQuestion| {
                match question {
                ReviewQuestion::Change(collection, id, _) => some.iter().any(
                    |place| matches!(&asked[*place], ReviewQuestion::Change(of, other, _) if of == collection && other == id),
                ),
                // A removal takes what was added with it.
                ReviewQuestion::Sets(id) => new.standing(Collection::Accounts, id).is_none_or(|standing| standing.current.is_none()),
                ReviewQuestion::OtherName(_) => some.iter().any(|place| matches!(asked[*place], ReviewQuestion::OtherName(_))),
                _ => false,
            }
            };
            let left = asked.iter().enumerate().filter(|(place, question)| !some.contains(place) && !settled(question));
            assert_eq!(left.count(), questions(&new).len(), "{seed}");
        }
    }

    #[test]
    fn an_accepted_change_is_made() {
        let mut old = Inventory::of(Kind::Organization);
        let put = |name: &str| {
            format!(r#"{{"record":"put","collection":"vaults","item":{{"id":"v","name":"{name}","chain":"c"}}}}"#)
        };
        let boxed = |record: &str| format!("{{\"records\":[{record}]}}").into_bytes();
        apply(&mut old, SealedBy::Quorum, 1, &boxed(&put("Rent")));
        apply(&mut old, SealedBy::Public, 2, &boxed(&put("Travel")));
        apply(&mut old, SealedBy::Public, 3, &boxed(r#"{"record":"remove","collection":"vaults","id":"v"}"#));
        old.finish();
        assert_eq!(
            said(&old),
            ["Vault \"Rent\": a change, proposed on 2026-01-03", "Vault \"Rent\": its removal, proposed on 2026-01-04"]
        );
        assert!(questions(&old).iter().all(ReviewQuestion::is_change));
        let titles = |accepted: &[usize]| {
            let new = rotated(&old, OLD, accepted);
            new.items(Collection::Vaults).map(|version| version.item.title()).collect::<Vec<_>>()
        };
        assert_eq!((titles(&[]), titles(&[0])), (vec!["Rent".to_owned()], vec!["Travel".to_owned()]));
        assert_eq!((titles(&[1]), titles(&[0, 1])), (vec![], vec![]));
    }
}
