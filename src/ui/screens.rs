//! One file a screen. What comes after which is decided in the journeys.

#[cfg(test)]
mod catalogue;
pub mod ceremony;
pub mod chooser;
pub mod codes;
pub mod columns;
pub mod device;
pub mod export;
pub mod hand_over;
pub mod home;
pub mod item;
pub mod left;
mod lines;
pub mod open;
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
pub mod wall;

use std::time::Duration;

use super::console::Console;
use super::screen::Reaction;
use super::widgets::fit;
use crate::domain::recovery::Board;
use crate::journey::{Recovery, Route};

/// On from a phrase or the search for its slip, or back to what lies below.
fn back_or(next: Route, console: &Console) -> Reaction {
    if console.journey.is_below(&next) { Reaction::Back } else { Reaction::Replace(next) }
}

/// The organization, as long as it is only claimed. A long name does not push that away.
fn unverified(backup: &Recovery, columns: usize) -> String {
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
