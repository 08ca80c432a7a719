//! One file a screen. What comes after which is decided here, in one place.

pub mod backup;
#[cfg(test)]
mod catalogue;
pub mod ceremony;
pub mod chooser;
pub mod export;
pub mod hand_over;
pub mod home;
pub mod item;
mod lines;
pub mod phrase;
pub mod pick;
pub mod places;
pub mod qr;
pub mod quorum;
pub mod record;
pub mod recovered;
pub mod refresh;
pub mod repair;
pub mod unlisted;
mod wall;

use std::time::Duration;

use super::console::Console;
use super::screen::{Reaction, Screen};
use super::widgets::fit;
use crate::domain::recovery::{Board, Stage};
use crate::journey::{Goal, Loaded};

/// The screen of a stage.
fn of_stage(stage: Stage) -> Box<dyn Screen> {
    match stage {
        Stage::Gathering => Box::new(hand_over::HandOver::default()),
        Stage::Quorum => Box::new(quorum::Quorum::default()),
    }
}

/// Where things go on after a quorum opened the backup.
fn after_opening(console: &Console) -> Reaction {
    Reaction::Restart(match console.journey.goal() {
        Goal::Compact => Box::new(refresh::Refresh::compacting(console)),
        Goal::Rotate => Box::new(ceremony::Review::default()),
        Goal::Recover | Goal::Practise | Goal::Make | Goal::Refresh => Box::new(recovered::Recovered::default()),
    })
}

/// Where things go on after a phrase was accepted: the words of it are wiped first.
fn after_phrase(console: &mut Console) -> Reaction {
    console.journey.desk.clear();
    match console.journey.backup.as_ref().map(|backup| backup.board.stage()) {
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

/// Whether and when a phrase was verified, in a fixed width.
fn when(board: &Board, number: u8, now: Duration) -> String {
    let Some(at) = board.verified_at(number) else {
        return format!("{:<18}", if board.is_absent(number) { "not here" } else { "" });
    };
    let ago = match now.saturating_sub(at).as_secs() / 60 {
        0 => "just now".to_owned(),
        minutes @ 1..60 => format!("{minutes} min ago"),
        minutes => format!("{} h ago", minutes / 60),
    };
    format!("verified {ago:<9}")
}
