//! What goes into a journey and what comes out of it: an answer of somebody, and what comes next.

use std::path::Path;

use crate::effect::Effect;

/// What somebody answers. No `Debug`: what was typed may be a secret.
#[derive(Clone, Copy)]
pub enum Given<'a> {
    /// A row of the list that is asked from, counted from 0.
    Row(usize),
    /// What was typed.
    Text(&'a str),
    /// A file that was chosen.
    File(&'a Path),
    /// What is asked about is so, or is to be done.
    Yes,
    /// The list that is asked from is to be looked for again.
    Again,
}

impl<'a> Given<'a> {
    pub(super) fn row(self) -> Option<usize> {
        match self {
            Self::Row(row) => Some(row),
            Self::Text(_) | Self::File(_) | Self::Yes | Self::Again => None,
        }
    }

    pub(super) fn text(self) -> &'a str {
        match self {
            Self::Text(text) => text,
            Self::Row(_) | Self::File(_) | Self::Yes | Self::Again => "",
        }
    }
}

/// What comes next; `R` is why an answer is not taken.
pub enum Reply<R> {
    /// A question: another one, or the same again.
    Ask,
    /// Have this done, and let the journey hear what came of it. The words say what is being done.
    Do(Effect, &'static str),
    /// The question stays, or an earlier one is asked again.
    Refused(R),
    /// Nothing is asked any more, and nothing is held.
    Left,
}
