//! Errors as people hear them.

use std::fmt::Display;

/// An error that names the next step. Its `Display` says what happened, as the beginning of a sentence or after a colon: no capital
/// letter, no full stop.
pub trait Explain: Display {
    /// What to do next: whole sentences.
    fn hint(&self) -> String;
}
