//! Files that are written of an open backup.

use std::path::PathBuf;

use crate::domain::export_form::{ExportForm, Selection};
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
    /// Without private keys and codes.
    pub is_public: bool,
}

impl WrittenFiles {
    /// What kind of file it is, for people.
    pub fn kind(&self) -> &'static str {
        match (self.is_public, self.form.is_encrypted()) {
            (true, _) => "public parts only",
            (false, true) => "encrypted",
            (false, false) => "NOT encrypted",
        }
    }
}
