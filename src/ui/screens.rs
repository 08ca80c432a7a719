//! One file a screen. What comes after which is decided here, in one place.

pub mod backup;
#[cfg(test)]
mod catalogue;
pub mod chooser;
pub mod export;
pub mod hand_over;
pub mod home;
pub mod item;
pub mod phrase;
pub mod quorum;
pub mod record;
pub mod recovered;

use super::room::{Loaded, Room};
use super::screen::{Reaction, Screen};
use super::widgets::fit;
use crate::domain::recovery::Stage;

/// The screen of a stage.
fn of_stage(stage: Stage) -> Box<dyn Screen> {
    match stage {
        Stage::Gathering => Box::new(hand_over::HandOver::default()),
        Stage::Quorum => Box::new(quorum::Quorum::default()),
    }
}

/// Where things go on after a phrase was accepted: the words of it are wiped first.
fn after_phrase(room: &mut Room) -> Reaction {
    room.entry = None;
    match room.backup.as_ref().map(|backup| backup.board.stage()) {
        // The hand-over lies below the phrase.
        Some(Stage::Gathering) | None => Reaction::Back,
        Some(stage @ Stage::Quorum) => Reaction::Replace(of_stage(stage)),
    }
}

/// The organization, as long as it is only claimed. A long name does not push that away.
fn unverified(backup: &Loaded, columns: usize) -> String {
    match &backup.summary.organization {
        Some(name) => format!("{} (unverified)", fit(&name.to_string(), columns.saturating_sub(13))),
        None => "no name can be read".to_owned(),
    }
}
