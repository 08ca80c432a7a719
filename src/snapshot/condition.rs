//! What of a backup is damaged or missing, from its files alone: which boxes are named and which are there, which envelopes are
//! whole, whether core is. Nothing is opened.

use std::collections::{BTreeMap, BTreeSet};

use super::v1::model::{BoxPlace, Core};
use super::v1::read::Reading;
use super::v1::verdict::Damage;
use crate::domain::condition::{Boxes, Condition, CoreState, Harm};
use crate::domain::encoding::Hex;

/// What files of one backup give together. `core` is the one that phrases are compared with, which another file may have lent.
pub fn of(core: &Core, core_is_whole: bool, files: &[Reading]) -> Condition {
    let core_state = if core_is_whole {
        CoreState::Whole
    } else if files.iter().any(|file| has(file, Damage::Core)) {
        CoreState::Damaged
    } else {
        CoreState::Unproven
    };
    Condition {
        core: core_state,
        boxes: NamedBoxes::of(files).counted(),
        closed: (1..=core.shareholder_count).filter(|number| !is_enveloped(files, *number)).collect(),
        threshold: core.threshold,
        shareholder_count: core.shareholder_count,
        kind: core.kind,
        method: core.method,
        harms: harms(files),
        delivery: files
            .iter()
            .filter(|file| !has(file, Damage::Labels))
            .find_map(|file| file.labels.as_ref())
            .and_then(|labels| labels.delivery().cloned()),
    }
}

fn has(file: &Reading, damage: Damage) -> bool {
    file.verdict.damages().contains(&damage)
}

/// Whether some file has that envelope as it was written, as far as anybody can tell.
fn is_enveloped(files: &[Reading], number: u8) -> bool {
    files.iter().any(|file| {
        !has(file, Damage::Envelope(usize::from(number)))
            && file.envelopes.iter().any(|envelope| envelope.number == number)
    })
}

/// Parts that every file has damaged.
fn harms(files: &[Reading]) -> Vec<Harm> {
    let kinds = [
        (Damage::Envelopes, Harm::EnvelopeList),
        (Damage::Labels, Harm::Labels),
        (Damage::Anchor, Harm::Anchor),
        (Damage::Snapshot, Harm::Snapshot),
        (Damage::Boxes, Harm::BoxList),
        (Damage::Order, Harm::Order),
        (Damage::Unknown, Harm::Unknown),
        (Damage::Layout, Harm::Layout),
    ];
    let everywhere = |damage| !files.is_empty() && files.iter().all(|file| has(file, damage));
    kinds.into_iter().filter(|(damage, _)| everywhere(*damage)).map(|(_, harm)| harm).collect()
}

/// The boxes that anything in the files names, by digest.
#[derive(Debug, Default)]
pub(super) struct NamedBoxes {
    pub known: BTreeSet<Hex<32>>,
    pub here: BTreeSet<Hex<32>>,
    /// Boxes of which nothing but the place in a list is left.
    pub nameless: usize,
    pub is_certain: bool,
}

impl NamedBoxes {
    pub fn of(files: &[Reading]) -> Self {
        let mut named = Self { is_certain: true, ..Self::default() };
        let boxes = |file: &Reading| -> Vec<(BoxPlace, Hex<32>)> {
            file.boxes.iter().map(|placed| (placed.place, placed.sealed.header.previous)).collect()
        };
        let follows: BTreeMap<Hex<32>, Hex<32>> =
            files.iter().flat_map(boxes).map(|(place, previous)| (place.digest, previous)).collect();
        named.here.extend(follows.keys());
        for file in files {
            let of_file = Self::named_by(file, boxes(file));
            if !is_listed(file) && !files.iter().any(|other| covers(other, file)) {
                named.is_certain = false;
                // Some of the damaged ones may be those that something else in the file names.
                let missing = of_file.difference(&named.here).count();
                named.nameless += damaged_boxes(file).saturating_sub(missing);
            }
            named.known.extend(of_file);
        }
        // What a compaction replaced, as far as the boxes that are here tell. Where one of them is not here, it cannot be told from one
        // that is missing.
        let mut replaced = BTreeSet::new();
        for anchor in files.iter().filter_map(anchor_of) {
            let mut at = Some(anchor.base.digest);
            while let Some(digest) = at.filter(|digest| replaced.insert(*digest)) {
                at = follows.get(&digest).copied();
            }
        }
        named.known.retain(|digest| named.here.contains(digest) || !replaced.contains(digest));
        named
    }

    /// What one file names: by the list of its digests, else by the boxes themselves; by its anchor; by what a box follows.
    fn named_by(file: &Reading, mut places: Vec<(BoxPlace, Hex<32>)>) -> BTreeSet<Hex<32>> {
        let mut known = BTreeSet::new();
        let section = file.section.as_ref().filter(|_| is_listed(file));
        if let Some(section) = section {
            let listed: BTreeSet<Hex<32>> = section.digests.boxes.iter().copied().collect();
            places.retain(|(place, _)| listed.contains(&place.digest));
            known.extend(listed);
        }
        let trusted = places;
        known.extend(trusted.iter().map(|(place, _)| place.digest));
        let Some(anchor) = anchor_of(file) else { return known };
        if anchor.last.position > anchor.base.position {
            known.insert(anchor.last.digest);
        }
        let follows = trusted.iter().filter(|(place, _)| place.position > anchor.base.position.saturating_add(1));
        known.extend(follows.map(|(_, previous)| *previous));
        known
    }

    pub fn counted(&self) -> Boxes {
        Boxes {
            known: self.known.len() + self.nameless,
            readable: self.known.intersection(&self.here).count(),
            is_certain: self.is_certain,
        }
    }
}

/// Its list of digests is as it was written.
pub(super) fn is_listed(file: &Reading) -> bool {
    file.section.is_some() && !has(file, Damage::Snapshot)
}

fn anchor_of(file: &Reading) -> Option<&super::v1::model::Anchor> {
    file.anchor.as_ref().filter(|_| !has(file, Damage::Anchor))
}

fn damaged_boxes(file: &Reading) -> usize {
    file.verdict.damages().iter().filter(|damage| matches!(damage, Damage::Box(_))).count()
}

/// Whether a whole file holds as many boxes as a damaged one ever listed, and all that can be read of it.
fn covers(whole: &Reading, damaged: &Reading) -> bool {
    let boxes = |file: &Reading| -> BTreeSet<Hex<32>> { file.boxes.iter().map(|placed| placed.place.digest).collect() };
    !whole.verdict.is_damaged()
        && !has(damaged, Damage::Boxes)
        && boxes(whole).is_superset(&boxes(damaged))
        && whole.boxes.len() >= damaged.boxes.len() + damaged_boxes(damaged)
}
