//! How several files stand to one another, from their sections alone (`docs/format.md`, section 12).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::v1::model::{BoxPlace, Placed, SealedBox};
use super::v1::read::Reading;
use super::v1::verdict::Damage;
use crate::crypto::digest::digest;
use crate::domain::encoding::{Base64, Hex};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// No other file of this backup is here.
    Only,
    Newest,
    Older,
    Fork,
    /// Of another backup than the first file.
    Other,
    /// It cannot be read well enough to say.
    Unknown,
}

impl Relation {
    pub fn name(self) -> &'static str {
        match self {
            Self::Only => "only",
            Self::Newest => "newest",
            Self::Older => "older",
            Self::Fork => "fork",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }
}

/// The relation of each file; the first readable one decides which backup the others are compared with.
pub fn relations(files: &[Reading]) -> Vec<Relation> {
    let states = states_of(files);
    let reference = states.iter().flatten().next().map(|state| state.core);
    let family: Vec<&FileState> = states.iter().flatten().filter(|state| Some(state.core) == reference).collect();
    states
        .iter()
        .map(|state| match state {
            None => Relation::Unknown,
            Some(state) if Some(state.core) != reference => Relation::Other,
            Some(_) if family.len() == 1 => Relation::Only,
            Some(state) => relation_of(state, &family),
        })
        .collect()
}

/// How each file stands to the first one alone, with what all of them together show: a file that was sealed anew twice since is older
/// where the one between is at hand.
pub fn relations_to_first(files: &[Reading]) -> Vec<Relation> {
    let states = states_of(files);
    let first = states.first().and_then(Option::as_ref);
    let to_first = |state: &Option<FileState>| match (state, first) {
        (None, _) | (_, None) => Relation::Unknown,
        (Some(state), Some(first)) if state.core != first.core => Relation::Other,
        (Some(state), Some(first)) => relation_of(state, &[first, state]),
    };
    states.iter().map(to_first).collect()
}

/// The same file without what is sealed in it: enough to say how it stands to others.
pub fn outline(file: Reading) -> Reading {
    let bare = |placed: Placed| {
        let SealedBox { header, .. } = &*placed.sealed;
        let sealed = SealedBox { ciphertext: Base64(Vec::new()), header: header.clone() };
        Placed { place: placed.place, sealed: Arc::new(sealed) }
    };
    Reading { boxes: file.boxes.into_iter().map(bare).collect(), ..file }
}

fn relation_of(state: &FileState, family: &[&FileState]) -> Relation {
    let others = || family.iter().filter(|other| other.digest != state.digest);
    let mine = &state.held;
    if others().any(|other| other.sequence > state.sequence && other.held.is_superset(mine)) {
        return Relation::Older;
    }
    let is_forked = |other: &&&FileState| {
        other.sequence == state.sequence || !(mine.is_superset(&other.held) || other.held.is_superset(mine))
    };
    // A file beside this one that another file has overtaken and united is no longer a fork of this one.
    if others().any(|other| is_forked(&other)) { Relation::Fork } else { Relation::Newest }
}

/// For each file the positions of boxes in older files that it does not hold, and that its base says it replaced. No phrase is
/// needed to write such a base: only an opening shows whether it is the quorum's.
pub fn replacement_claims(files: &[Reading]) -> Vec<BTreeSet<u32>> {
    let states = states_of(files);
    let claims = |(file, state): (&Reading, &Option<FileState>)| {
        let Some(state) = state else { return BTreeSet::new() };
        let own = held(&file.boxes);
        let older = files.iter().zip(&states).filter(|(_, other)| {
            other.as_ref().is_some_and(|other| other.core == state.core && other.sequence < state.sequence)
        });
        older
            .flat_map(|(other, _)| held(&other.boxes))
            .filter(|place| state.held.contains(place) && !own.contains(place))
            .map(|place| place.position)
            .collect()
    };
    files.iter().zip(&states).map(claims).collect()
}

/// Where the boxes stand that are really there.
fn held(boxes: &[Placed]) -> BTreeSet<BoxPlace> {
    boxes.iter().map(|placed| placed.place).collect()
}

fn states_of(files: &[Reading]) -> Vec<Option<FileState>> {
    let boxes: Vec<BTreeMap<BoxPlace, Hex<32>>> = files
        .iter()
        .map(|file| file.boxes.iter().map(|placed| (placed.place, placed.sealed.header.previous)).collect())
        .collect();
    let before: BTreeMap<BoxPlace, Hex<32>> =
        boxes.iter().flatten().map(|(place, previous)| (*place, *previous)).collect();
    files.iter().zip(&boxes).map(|(file, boxes)| FileState::of(file, boxes, &before)).collect()
}

/// Which backup a file is of; `None` where it cannot be read well enough to say.
fn core_of(file: &Reading) -> Option<Hex<32>> {
    let section = file.section.as_ref()?;
    // A core that is known to be damaged is of no backup at all: its digest in the section still says of which one it was.
    let whole = file.core.as_ref().ok().filter(|_| !file.verdict.damages().contains(&Damage::Core));
    Some(whole.map_or(section.digests.core, |core| digest("core", core)))
}

/// Whether two files are of one backup, as far as that can be read.
pub fn is_of_one_backup(one: &Reading, other: &Reading) -> bool {
    core_of(one).is_some_and(|core| core_of(other) == Some(core))
}

/// What of a file matters here.
struct FileState {
    core: Hex<32>,
    digest: Hex<32>,
    sequence: u32,
    /// Its boxes, and what its base supersedes as far as it is in any of the files.
    held: BTreeSet<BoxPlace>,
}

impl FileState {
    /// `boxes` of the file, and the box before each box of all files.
    fn of(file: &Reading, boxes: &BTreeMap<BoxPlace, Hex<32>>, before: &BTreeMap<BoxPlace, Hex<32>>) -> Option<Self> {
        let section = file.section.as_ref()?;
        let core = core_of(file)?;
        let mut held: BTreeSet<BoxPlace> = boxes.keys().copied().collect();
        let mut place = file.anchor.as_ref().map_or(BoxPlace::START, |anchor| anchor.base);
        while let Some(previous) = before.get(&place) {
            held.insert(place);
            let Some(position) = place.position.checked_sub(1) else { break };
            place = BoxPlace { digest: *previous, position };
        }
        Some(Self { core, digest: section.digest(), sequence: section.sequence, held })
    }
}
