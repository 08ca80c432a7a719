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

pub use crate::domain::export_form::{ENTRIES_LIMIT, ExportError};
pub use plain::secret_text;

use crate::derivation::{Derived, Keyring};
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
    if form == ExportForm::Kdbx && passphrase.is_none() {
        return Err(ExportError::Passphrase);
    }
    form.check(report.inventory, report.selection)?;
    // The contents need nothing derived.
    let view = || ExportView::of(report);
    let first = match form {
        ExportForm::Kdbx => kdbx::document(&view(), passphrase.ok_or(ExportError::Passphrase)?)?,
        ExportForm::Json => contents::document(report)?,
        ExportForm::Keys => keys::document(&view()),
        ExportForm::Csv => return Ok(tables(&view())),
        ExportForm::Text => sheets::document(&view()),
    };
    Ok(vec![ExportFile { suffix: "", bytes: first }])
}

/// Vaults, and codes where there are any.
fn tables(view: &ExportView<'_>) -> Vec<ExportFile> {
    let codes = table::codes(view).map(|bytes| ExportFile { suffix: "-codes", bytes });
    std::iter::once(ExportFile { suffix: "", bytes: table::vaults(view) }).chain(codes).collect()
}
