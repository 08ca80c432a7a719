//! Other files in the folder of a chosen one: newer or older ones of the same backup, and other backups. Looking at them costs no more
//! than one file may, whatever they are.

use std::path::{Path, PathBuf};

use super::load::load_beside;
use crate::effect::{Near, NearStanding};
use crate::machine::files::shown;
use crate::machine::folder;
use crate::snapshot::container::{Budget, Spent};
use crate::snapshot::relation::{Relation, is_of_one_backup, outline, relations_to_first};
use crate::snapshot::v1::read::Reading;

/// How many files beside the chosen one are looked at.
const NEAR_FILES: usize = 64;

/// How many other backups beside the chosen one are kept to recognise phrases of them. Each costs a derivation for a phrase that is
/// nobody's.
const OTHERS: usize = 3;

/// What lies beside the chosen file.
pub struct Beside {
    /// Files of the same backup.
    pub near: Vec<Near>,
    /// Files of other backups.
    pub others: Vec<Reading>,
    /// Files that may be snapshots and were not looked at to the end: they are too many, or too large, alone or together.
    pub unseen: usize,
    /// What looking at them took of one budget: as much as one file may cost.
    pub spent: Spent,
}

/// Other files in the folder of the first one.
pub fn beside(given: &[PathBuf], readings: &[Reading]) -> Beside {
    let (mut near, mut others) = (Vec::new(), Vec::new());
    let mut budget = Budget::default();
    let Some(first) = readings.first() else { return Beside { near, others, unseen: 0, spent: budget.spent() } };
    // Of each file of the backup what says how it stands to the others, the chosen one first.
    let mut family = vec![outline(first.clone())];
    let mut paths = Vec::new();
    let candidates = folder::candidates_beside(given, usize::MAX);
    let mut unseen = candidates.len().saturating_sub(NEAR_FILES);
    for path in candidates.into_iter().take(NEAR_FILES) {
        // What is no snapshot costs as well.
        let loaded = match load_beside(&path, &mut budget) {
            Ok(loaded) => loaded,
            Err(error) => {
                unseen += usize::from(error.is_limit());
                continue;
            }
        };
        if is_of_one_backup(first, &loaded.reading) {
            paths.push(path);
            family.push(outline(loaded.reading));
        } else if others.len() < OTHERS && loaded.reading.core.as_ref().is_ok_and(|core| !core.kdf.is_above_standard())
        {
            // Phrases are recognised by the core: what is sealed need not stay in memory.
            others.push(Reading { boxes: Vec::new(), ..loaded.reading });
        }
    }
    let relations = relations_to_first(&family);
    let chosen = family.first();
    for ((path, reading), relation) in paths.into_iter().zip(family.iter().skip(1)).zip(relations.into_iter().skip(1)) {
        let Some(standing) = chosen.and_then(|chosen| standing(chosen, reading, relation)) else { continue };
        let name = path.file_name().map_or_else(String::new, |name| shown(Path::new(name)));
        near.push(Near { path, name, sequence: reading.sequence(), standing });
    }
    near.sort_by_key(|near| std::cmp::Reverse((near.standing.is_advised(), near.sequence)));
    Beside { near, others, unseen, spent: budget.spent() }
}

/// How a file stands to the chosen one; `None` when it is of another backup.
fn standing(chosen: &Reading, other: &Reading, relation: Relation) -> Option<NearStanding> {
    let digest = |reading: &Reading| reading.section.as_ref().map(crate::snapshot::v1::model::Section::digest);
    let standing = match relation {
        Relation::Other | Relation::Unknown | Relation::Only => return None,
        _ if digest(chosen) == digest(other) => NearStanding::Same,
        Relation::Newest => NearStanding::Newer,
        Relation::Older => NearStanding::Older,
        Relation::Fork => NearStanding::Fork,
    };
    Some(match (chosen.verdict.is_damaged(), other.verdict.is_damaged()) {
        (_, true) => NearStanding::Damaged,
        (true, false) if standing == NearStanding::Same => NearStanding::Intact,
        _ => standing,
    })
}
