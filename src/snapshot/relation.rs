//! How several files stand to one another, from their sections alone (`docs/format.md`, section 12).

use std::collections::BTreeSet;

use super::v1::model::Place;
use super::v1::read::Reading;
use crate::crypto::digest::digest;
use crate::domain::encoding::Hex;

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
    let states: Vec<Option<State>> = files.iter().map(State::of).collect();
    let reference = states.iter().flatten().next().map(|state| state.core);
    let family: Vec<&State> = states.iter().flatten().filter(|state| Some(state.core) == reference).collect();
    let all: Vec<&Reading> = files.iter().collect();
    states
        .iter()
        .map(|state| match state {
            None => Relation::Unknown,
            Some(state) if Some(state.core) != reference => Relation::Other,
            Some(_) if family.len() == 1 => Relation::Only,
            Some(state) => relation_of(state, &family, &all),
        })
        .collect()
}

fn relation_of(state: &State, family: &[&State], files: &[&Reading]) -> Relation {
    let others = || family.iter().filter(|other| other.digest != state.digest);
    let held = |state: &State| state.held(files);
    let mine = held(state);
    if others().any(|other| other.sequence > state.sequence && held(other).is_superset(&mine)) {
        return Relation::Older;
    }
    let is_forked = |other: &&&State| {
        let theirs = held(other);
        other.sequence == state.sequence || !(mine.is_superset(&theirs) || theirs.is_superset(&mine))
    };
    // A file beside this one that another file has overtaken and united is no longer a fork of this one.
    if others().any(|other| is_forked(&other)) { Relation::Fork } else { Relation::Newest }
}

/// What of a file matters here.
struct State {
    core: Hex<32>,
    digest: Hex<32>,
    sequence: u32,
    boxes: BTreeSet<Place>,
    base: Place,
}

impl State {
    fn of(file: &Reading) -> Option<Self> {
        let section = file.section.as_ref()?;
        let core = file.core.as_ref().map_or(section.digests.core, |core| digest("core", core));
        Some(Self {
            core,
            digest: section.digest(),
            sequence: section.sequence,
            boxes: file.boxes.iter().map(super::v1::model::SealedBox::place).collect(),
            base: file.anchor.as_ref().map_or(Place::START, |anchor| anchor.base),
        })
    }

    /// Its boxes, and what its base supersedes as far as it is in any of the files.
    fn held(&self, files: &[&Reading]) -> BTreeSet<Place> {
        let mut held = self.boxes.clone();
        let mut place = self.base;
        let find = |place: Place| {
            files
                .iter()
                .flat_map(|file| &file.boxes)
                .find(|sealed| sealed.header.position == place.position && sealed.place() == place)
        };
        while let Some(sealed) = find(place) {
            held.insert(place);
            let Some(position) = place.position.checked_sub(1) else { break };
            place = Place { digest: sealed.header.previous, position };
        }
        held
    }
}
