//! Whether all of a backup came out when it was opened: the facts, from its files and from what was found.

use std::collections::BTreeSet;

use super::backup::Backup;
use super::condition::NamedBoxes;
use super::finding::{Finding, Loss};
use super::opening::Opened;
use crate::domain::completeness::{Claimed, Completeness, Recovered};
use crate::domain::condition::Boxes;
use crate::domain::encoding::Hex;
use crate::domain::inventory::Collection;

/// The facts of a backup that a quorum opened.
pub fn of(backup: &Backup, opened: &Opened) -> Completeness {
    let NamedBoxes { mut known, here, nameless, is_certain } = NamedBoxes::of(backup.files());
    let superseded: BTreeSet<Hex<32>> = opened.superseded.iter().map(|place| place.digest).collect();
    known.retain(|digest| !superseded.contains(digest));
    let losses = || opened.findings.iter().map(Finding::loss);
    // A box that no list names is no loss when it stays closed: the one that it was once is counted already.
    let closed: BTreeSet<Hex<32>> = opened.closed.iter().map(|place| place.digest).collect();
    let readable = known.intersection(&here).filter(|digest| !closed.contains(digest)).count();
    let newest = backup.files().iter().find_map(|file| file.section.as_ref());
    let (vaults, accounts, codes) = opened.inventory.counts();
    let recovered = Recovered { keys: opened.inventory.items(Collection::Keys).count(), vaults, accounts, codes };
    let is_less = |found: usize, claimed: u64| (found as u64) < claimed;
    Completeness {
        boxes: Boxes { known: known.len() + nameless, readable, is_certain },
        lacks_boxes: losses().any(|loss| loss == Loss::Boxes),
        // A first snapshot has no box that a quorum did not mark.
        is_doubtful: opened.anchor.is_none()
            || newest.is_some_and(|section| section.sequence > 1) && losses().any(|loss| loss == Loss::Perhaps),
        // Later claims count a changed item twice.
        is_short: newest.is_some_and(|section| {
            let counts = section.counts;
            section.sequence == 1
                && (is_less(vaults, counts.vaults)
                    || is_less(accounts, counts.accounts)
                    || is_less(codes, counts.codes))
        }),
        claimed: newest.map(|section| Claimed {
            vaults: section.counts.vaults,
            accounts: section.counts.accounts,
            codes: section.counts.codes,
        }),
        recovered,
    }
}
