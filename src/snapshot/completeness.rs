//! Whether all of a backup came out when it was opened: the facts, from its files and from what was found.

use std::collections::BTreeSet;

use super::backup::Backup;
use super::condition::{NamedBoxes, is_listed};
use super::finding::{Finding, Loss};
use super::opening::Opened;
use super::v1::model::BoxPlace;
use crate::domain::completeness::Completeness;
use crate::domain::condition::Boxes;
use crate::domain::encoding::Hex;
use crate::domain::inventory::Collection;
use crate::domain::kind::Kind;

/// The facts of a backup that a quorum opened.
pub fn of(backup: &Backup, opened: &Opened) -> Completeness {
    let NamedBoxes { mut known, here, nameless, is_certain } = NamedBoxes::of(backup.files());
    // With the one before the first of them that is here: a compaction replaced that too.
    let before = |place: &BoxPlace| backup.boxes().get(place).map(|sealed| sealed.header.previous);
    let superseded: BTreeSet<Hex<32>> =
        opened.superseded.iter().flat_map(|place| [Some(place.digest), before(place)]).flatten().collect();
    known.retain(|digest| !superseded.contains(digest));
    let losses = || opened.findings.iter().map(Finding::loss);
    // A box that no list names is no loss when it stays closed: the one that it was once is counted already.
    let closed: BTreeSet<Hex<32>> = opened.closed.iter().map(|place| place.digest).collect();
    let readable = known.intersection(&here).filter(|digest| !closed.contains(digest)).count();
    // What a damaged section says is no claim.
    let newest = backup.files().iter().filter(|file| is_listed(file)).find_map(|file| file.section.as_ref());
    Completeness {
        boxes: Boxes { known: known.len() + nameless, readable, is_certain },
        lacks_boxes: losses().any(|loss| loss == Loss::Boxes),
        // A first snapshot has no box that a quorum did not mark.
        is_doubtful: opened.anchor.is_none()
            || newest.is_some_and(|section| section.sequence > 1) && losses().any(|loss| loss == Loss::Perhaps),
        claimed: newest.map(|section| section.counts),
        recovered: opened.inventory.counts(),
        shares_of: (backup.core().kind == Kind::Device).then(|| opened.inventory.items(Collection::Shares).count()),
    }
}
