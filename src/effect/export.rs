//! Files that are written of an open backup.

use std::path::PathBuf;

use super::Remark;
use crate::domain::export_form::{ExportForm, Protection, Selection};
use crate::domain::secret::SecretText;

/// An export that somebody decided on.
#[derive(Debug)]
pub struct ExportOrder {
    pub form: ExportForm,
    pub selection: Selection,
    pub path: PathBuf,
    /// For the form that is encrypted.
    pub passphrase: Option<SecretText>,
}

/// Files that were written and read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFiles {
    pub paths: Vec<PathBuf>,
    pub form: ExportForm,
    pub protection: Protection,
    /// What lets others read them although their mode is 0600, where nothing else protects them.
    pub exposure: Option<Remark>,
}

impl WrittenFiles {
    /// What kind of file it is, for people.
    pub fn kind(&self) -> &'static str {
        match self.protection {
            Protection::NoSecret => "public parts only",
            Protection::Passphrase => "encrypted",
            Protection::Nothing => "NOT encrypted",
        }
    }
}
