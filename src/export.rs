//! What is written of recovered contents: one file a format, bytes out. Nothing is written to a disk here.

mod contents;
mod facts;
#[cfg(test)]
mod fixture;
mod kdbx;
mod keys;
mod plain;
mod sheets;
mod table;
mod view;

pub use kdbx::ENTRIES_LIMIT;
pub use plain::secret_text;

use crate::derivation::{Derived, Keyring};
use crate::domain::explain::Explain;
use crate::domain::export_form::{ExportForm, Selection};
use crate::domain::inventory::{Collection, Inventory, Version};
use crate::domain::secret::{SecretBuffer, SecretText};
use view::ExportView;

/// A file to be written.
#[derive(Debug)]
pub struct ExportFile {
    /// What stands between the stem and the ending of the name that somebody chose: empty for the first file, `-codes` for the
    /// second one of a table.
    pub suffix: &'static str,
    pub bytes: SecretBuffer,
}

/// Why an export cannot be made. Nothing was written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    #[error("KeePass programs become unusable above {limit} entries, and this would be {entries}")]
    TooManyEntries { entries: usize, limit: usize },
    #[error("printed, this would be {sheets} sheets; nobody finds anything in more than {limit}")]
    TooManySheets { sheets: usize, limit: usize },
    #[error("the passphrase is not printable ASCII")]
    Passphrase,
    #[error("the {form} form cannot be written without secrets")]
    HoldsSecrets { form: &'static str },
    #[error("nothing of what is marked stands in the {form} form: it holds vaults and codes, no master keys")]
    Nothing { form: &'static str },
    #[error("the library that encrypts failed")]
    Encryption,
}

impl Explain for ExportError {
    fn hint(&self) -> String {
        match self {
            Self::TooManyEntries { .. } | Self::TooManySheets { .. } => {
                "Mark what is needed and export that, or choose another form."
            }
            Self::Passphrase => "Use letters without accents, digits, signs and spaces.",
            Self::HoldsSecrets { .. } => "Choose keys, csv or text.",
            Self::Nothing { .. } => "Choose another form, or mark vaults or accounts with codes.",
            Self::Encryption => "Choose another form.",
        }
        .to_owned()
    }
}

/// What an export is made from.
pub struct Report<'a> {
    pub inventory: &'a Inventory,
    pub keyring: &'a Keyring,
    pub selection: &'a Selection,
    /// What deriving each of [`vaults_of`] gave, in the same order.
    pub derived: Vec<Derived>,
    pub is_training: bool,
    /// What does not check, as the Recovered screen says it.
    pub red: &'a [String],
    /// What is only to be known of it, as that screen says it too.
    pub notes: &'a [String],
}

/// Every version of a vault that the export will hold: those that count, then proposed and earlier ones. Deriving them takes
/// time; the caller does it on all cores.
pub fn vaults_of<'a>(inventory: &'a Inventory, selection: &Selection) -> Vec<&'a Version> {
    view::versions_of(inventory, selection, Collection::Vaults).collect()
}

/// The files of an export. `passphrase` is for [`ExportForm::Kdbx`].
pub fn documents(
    form: ExportForm,
    report: &Report<'_>,
    passphrase: Option<&SecretText>,
) -> Result<Vec<ExportFile>, ExportError> {
    if report.selection.is_public_only && !form.rules().can_be_public {
        return Err(ExportError::HoldsSecrets { form: form.rules().name });
    }
    // The contents need nothing derived.
    let view = || ExportView::of(report);
    let first = match form {
        ExportForm::Kdbx => kdbx::document(&view(), passphrase.ok_or(ExportError::Passphrase)?)?,
        ExportForm::Json => contents::document(report)?,
        ExportForm::Keys => keys::document(&view()),
        ExportForm::Csv => return tables(&view()),
        ExportForm::Text => sheets::document(&view())?,
    };
    Ok(vec![ExportFile { suffix: "", bytes: first }])
}

/// Vaults, and codes where there are any.
fn tables(view: &ExportView<'_>) -> Result<Vec<ExportFile>, ExportError> {
    let codes = table::codes(view).map(|bytes| ExportFile { suffix: "-codes", bytes });
    if view.vaults.is_empty() && codes.is_none() && !view.keys.is_empty() {
        return Err(ExportError::Nothing { form: ExportForm::Csv.rules().name });
    }
    Ok(std::iter::once(ExportFile { suffix: "", bytes: table::vaults(view) }).chain(codes).collect())
}
