//! The next snapshot of a backup that is loaded.

use std::path::PathBuf;

use crate::domain::text::Text;

/// A refresh without the quorum, or a compaction with it.
#[derive(Debug)]
pub struct RefreshOrder {
    pub change: Change,
    pub path: PathBuf,
    /// Words of the fingerprint as they stand on a card: their places (from 0) and the words. Empty for training.
    pub words: Vec<(usize, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The contents of this file are added.
    Add(PathBuf),
    Email(Text),
    Rename {
        number: u8,
        name: Text,
    },
    /// The fork with this other file is healed.
    Merge(PathBuf),
    /// All contents are sealed again, by the quorum that opened them.
    Compact,
}

/// A new snapshot of the same backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refreshed {
    pub path: PathBuf,
    pub sequence: u32,
    pub digest_words: String,
    pub notes: Vec<String>,
}
