//! What is in a folder.

use std::path::PathBuf;

/// Something in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderEntry {
    pub path: PathBuf,
    /// Its name, safe to show.
    pub name: String,
    pub kind: EntryKind,
    /// Bytes; 0 for a folder.
    pub size: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    Folder,
    /// Its name ends like that of a snapshot or of something that holds one.
    Candidate,
    Other,
}
