//! Other files of a backup at hand, and whether reading them too adds something. Plain data.

use std::path::PathBuf;

/// A file of the same backup that lies beside the one that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    pub path: PathBuf,
    pub name: String,
    pub sequence: u32,
    pub standing: NearStanding,
}

impl Near {
    pub fn is_damaged(&self) -> bool {
        self.standing == NearStanding::Damaged
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NearStanding {
    /// It holds everything that the chosen one holds, and more.
    Newer,
    /// It was made side by side with the chosen one.
    Fork,
    Older,
    Same,
    /// The same, where the chosen one is damaged.
    Intact,
    Damaged,
}

impl NearStanding {
    /// Whether uniting it adds something: then it is offered before anybody is asked for a phrase, else only on request.
    pub fn is_advised(self) -> bool {
        matches!(self, Self::Newer | Self::Fork | Self::Intact)
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Newer => "NEWER",
            Self::Fork => "fork",
            Self::Older => "older",
            Self::Same => "same",
            Self::Intact => "INTACT",
            Self::Damaged => "damaged",
        }
    }
}
