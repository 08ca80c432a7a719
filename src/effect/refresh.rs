//! The next snapshot of a backup that is loaded.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::inventory::NewSet;
use crate::domain::secret::SecretText;
use crate::domain::text::Text;

/// A refresh without the quorum, or a compaction with it.
#[derive(Debug)]
pub struct RefreshOrder {
    pub change: Change,
    pub path: PathBuf,
    /// Words of the fingerprint as they stand on a card: their places (from 0) and the words. Empty for training.
    pub words: Vec<(usize, String)>,
}

#[derive(Debug, Clone)]
pub enum Change {
    /// The contents of this file are added.
    Add(PathBuf),
    Email(Text),
    Rename {
        number: u8,
        name: Text,
    },
    /// Codes of an account are added.
    Codes(Arc<NewSet>),
    /// A code of an account was used.
    Used {
        account: String,
        /// The account, for people.
        title: String,
        code: Arc<SecretText>,
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
