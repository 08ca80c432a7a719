//! What can be said of a file before any phrase (`docs/format.md`, section 6).

use std::fmt;

use crate::crypto::kdf::KdfError;
use crate::domain::explain::Explain;
use crate::domain::tally::NAMED;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Unchanged since written. Not: genuine.
    Intact,
    /// The same contents in another layout.
    Reformatted,
    /// What is named is not as it was written; the rest is used.
    Damaged(Vec<Damage>),
}

impl Verdict {
    /// `INTACT`, `REFORMATTED` or `DAMAGED`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Intact => "INTACT",
            Self::Reformatted => "REFORMATTED",
            Self::Damaged(_) => "DAMAGED",
        }
    }

    pub fn damages(&self) -> &[Damage] {
        match self {
            Self::Damaged(damages) => damages,
            _ => &[],
        }
    }

    /// What is damaged, in one line: the first parts by name, the rest by number.
    pub fn damaged_parts(&self) -> String {
        let of = |damages: &[Damage]| damages.iter().map(Damage::to_string).collect::<Vec<_>>().join(", ");
        match self.damages().split_at_checked(NAMED) {
            Some((first, rest)) if !rest.is_empty() => format!("{} and {} more", of(first), rest.len()),
            _ => of(self.damages()),
        }
    }

    pub fn is_damaged(&self) -> bool {
        matches!(self, Self::Damaged(_))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Intact => out.write_str("INTACT (unchanged since it was written)"),
            Self::Reformatted => out.write_str("REFORMATTED (same contents; a program on the way changed the layout)"),
            Self::Damaged(_) => write!(out, "DAMAGED ({})", self.damaged_parts()),
        }
    }
}

/// The name of something damaged. Numbers count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    Core,
    Envelopes,
    Envelope(usize),
    Labels,
    Anchor,
    Snapshot,
    Boxes,
    Box(usize),
    /// Boxes stand in another order than (position, digest), which no writer makes. What they hold is used in the right one.
    Order,
    Unknown,
    Layout,
}

impl fmt::Display for Damage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Core => out.write_str("core"),
            Self::Envelopes => out.write_str("envelopes"),
            Self::Envelope(number) => write!(out, "envelope {number}"),
            Self::Labels => out.write_str("labels"),
            Self::Anchor => out.write_str("anchor"),
            Self::Snapshot => out.write_str("snapshot"),
            Self::Boxes => out.write_str("boxes"),
            Self::Box(number) => write!(out, "box {number}"),
            Self::Order => out.write_str("order"),
            Self::Unknown => out.write_str("unknown"),
            Self::Layout => out.write_str("layout"),
        }
    }
}

/// Why nothing can be done with a file. Nothing is lost by a refusal: files are only read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileRefusal {
    #[error("this is not a Conclave snapshot")]
    NotASnapshot,
    #[error("this looks like a Conclave snapshot, but it is broken in a way that leaves nothing to read")]
    NothingReadable,
    #[error("this snapshot has format version {version}; this program reads version 1")]
    Version { version: u64 },
    #[error("this snapshot was made by a newer version of Conclave ({member} is {value})")]
    Newer { member: &'static str, value: String },
    #[error("\"{member}\" is missing")]
    Missing { member: &'static str },
    #[error("\"{member}\" stands twice in the file: nobody can say which one counts")]
    Twice { member: &'static str },
    #[error("\"{member}\" is damaged and cannot be read ({what})")]
    Malformed { member: &'static str, what: String },
    #[error(transparent)]
    Kdf(KdfError),
    #[error("the file exceeds a limit: {what}")]
    Limit { what: String },
    #[error("{}", too_few_envelopes(*.usable, *.threshold))]
    Envelopes { usable: usize, threshold: u8 },
}

fn too_few_envelopes(usable: usize, threshold: u8) -> String {
    let verb = if usable == 1 { "is" } else { "are" };
    match threshold {
        1 => "the envelope that a recovery needs is not left".to_owned(),
        _ => format!("only {usable} of the {threshold} envelopes that a recovery needs {verb} left"),
    }
}

impl Explain for FileRefusal {
    fn hint(&self) -> String {
        match self {
            Self::NotASnapshot => "Choose the snapshot.json of the backup, or the e-mail that it came with.",
            Self::NothingReadable => {
                "Ask for the original attachment, or take another copy: a line that was re-wrapped or cut cannot be put together again."
            }
            Self::Version { .. } | Self::Newer { .. } => "Use the newer version of Conclave that made it.",
            Self::Missing { .. } | Self::Twice { .. } | Self::Malformed { .. } => {
                "Without it no phrase can be judged. Look for another copy: the backup e-mail itself, other sticks; or give any other snapshot of the same backup beside this one."
            }
            Self::Kdf(_) => "No ceremony makes such a file. Take another copy, and ask where this one comes from.",
            Self::Limit { .. } => "No ceremony makes such a file. Take another copy.",
            Self::Envelopes { .. } => "Give another copy or another snapshot of the same backup beside this one.",
        }
        .to_owned()
    }
}
