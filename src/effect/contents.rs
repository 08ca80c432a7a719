//! A file with what is to be backed up.

use std::path::PathBuf;

use crate::domain::inventory::Agreed;

/// Contents (JSON) or a table of vaults (CSV), and what somebody agreed to about the columns of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContentsFile {
    pub path: PathBuf,
    pub agreed: Agreed,
}

impl From<PathBuf> for ContentsFile {
    fn from(path: PathBuf) -> Self {
        Self { path, agreed: Agreed::default() }
    }
}
