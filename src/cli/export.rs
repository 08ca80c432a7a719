//! What is written of an open backup without screens: the form, and what protects it.

use std::path::Path;

use super::{Exit, Failure, Streams};
use crate::domain::export_form::{ExportForm, Protection, Selection};
use crate::domain::passphrase;
use crate::domain::secret::SecretText;
use crate::effect::ExportOrder;
use crate::machine::output::parent;
use crate::machine::{files, media};
use crate::session::load::LoadError;

pub fn form(name: &str) -> Result<ExportForm, String> {
    let names = || ExportForm::ALL.map(|form| form.rules().name).join(", ");
    ExportForm::ALL
        .into_iter()
        .find(|form| form.rules().name.eq_ignore_ascii_case(name))
        .ok_or_else(|| format!("the forms are {}", names()))
}

/// More than any passphrase.
const PASSPHRASE_LIMIT: usize = 1 << 12;

/// What is to be written, before anything is derived.
pub fn order(form: ExportForm, out: &Path, passphrase: Option<&Path>, plaintext: bool) -> Result<ExportOrder, Failure> {
    let order = |passphrase| ExportOrder { form, selection: Selection::default(), path: out.to_owned(), passphrase };
    match (passphrase, form.rules().protection == Protection::Passphrase) {
        (None, false) if plaintext => Ok(order(None)),
        (_, false) if !plaintext => Err(Failure::new(
            Exit::Usage,
            format_args!(
                "the form {} is not encrypted: whoever reads the file has the keys and codes.",
                form.rules().name
            ),
            "Add --plaintext if that is what you want, and destroy the medium afterwards. Or take --format kdbx.",
        )),
        (Some(_), false) => Err(Failure::new(
            Exit::Usage,
            format_args!("--passphrase is for --format kdbx, and {} is not encrypted.", form.rules().name),
            "Leave one of them out.",
        )),
        (None, _) => Err(Failure::new(
            Exit::Usage,
            "the form kdbx is encrypted by a passphrase, and none is given.",
            "Add --passphrase FILE: the first line of that file is the passphrase.",
        )),
        (Some(file), true) => Ok(order(Some(passphrase_in(file)?))),
    }
}

/// What lets others read a file at `path` that nothing protects but its mode, if anything does. Said before secrets come in, and
/// again when they were written.
pub fn exposure(path: &Path) -> Option<String> {
    media::lets_others_read(path).map(|remark| format!("{}: {remark}.", files::shown(parent(path))))
}

pub fn warn_of_exposure(path: &Path, streams: &mut Streams<'_>) {
    if let Some(said) = exposure(path) {
        streams.warn(&said);
    }
}

/// The same of an export, which may be encrypted.
pub fn exposed(order: &ExportOrder) -> Option<String> {
    let protection = order.selection.protection(order.form);
    (protection == Protection::Nothing).then(|| exposure(&order.path)).flatten()
}

/// The first line of a file.
fn passphrase_in(file: &Path) -> Result<SecretText, Failure> {
    let bytes = files::read_secret(file, PASSPHRASE_LIMIT)
        .map_err(|error| Failure { exit: Exit::Usage, ..LoadError::from(error).into() })?;
    let text = std::str::from_utf8(bytes.reveal()).unwrap_or("\u{0}");
    let line = text.lines().next().unwrap_or("");
    passphrase::check_own(line).map_err(|error| Failure::of(Exit::Usage, &error))?;
    Ok(SecretText::copy_of(line))
}
