//! What can be written of recovered contents and how, in words.

use crate::domain::export_form::{ExportForm, Protection, Selection};
use crate::domain::inventory::{Collection, Counts};
use crate::domain::kind::Kind;
use crate::domain::text::counted;
use crate::journey::Journey;

/// What can be taken, in words; the likeliest first.
pub fn choices(journey: &Journey) -> Vec<(String, Selection)> {
    let Some(opening) = &journey.opening else { return Vec::new() };
    let Counts { keys, vaults, accounts, codes } = opening.completeness.recovered;
    let marked = Some(journey.marked.clone()).filter(|marked| !marked.is_empty());
    let count = journey.marked.len();
    let is_whole = opening.completeness.is_whole();
    let is_of_device = opening.inventory.kind() == Kind::Device;
    let shares = opening.inventory.items(Collection::Shares).count();
    let held = format!(
        "{}, {}, {} with {}",
        counted(keys, "key"),
        counted(vaults, "vault"),
        counted(accounts, "account"),
        counted(codes, "code")
    );
    let held = if is_of_device { format!("the shares of {}", counted(shares, "organization")) } else { held };
    let mut choices = Vec::new();
    if marked.is_some() {
        let selection = Selection { marked: marked.clone(), is_public_only: false };
        choices.push((format!("What is marked: {count}"), selection));
    }
    choices.push((
        if is_whole { format!("Everything: {held}") } else { format!("What came out (INCOMPLETE): {held}") },
        Selection::default(),
    ));
    if is_of_device {
        // There is nothing public in a share.
        return choices;
    }
    let public = if is_whole { "everything" } else { "what came out (INCOMPLETE)" };
    choices.push((
        format!("Public parts of {public}: no private key, no code"),
        Selection { marked: None, is_public_only: true },
    ));
    if marked.is_some() {
        let selection = Selection { marked, is_public_only: true };
        choices.push((format!("Public parts of what is marked: {count}"), selection));
    }
    choices
}

/// Said instead of an export that would hold nothing.
pub const NOTHING: &str = "There is nothing to write: no key, vault or account came out.";

/// Whether an export would hold nothing.
pub fn is_empty(journey: &Journey) -> bool {
    journey.opening.as_ref().is_none_or(|opening| opening.inventory.is_bare())
}

/// The forms in which that can be written of such a backup; the default first.
pub fn forms(selection: &Selection, kind: Kind) -> Vec<ExportForm> {
    let is_offered = |form: &ExportForm| {
        kind.rules().forms.contains(form) && (!selection.is_public_only || form.rules().can_be_public)
    };
    ExportForm::ALL.into_iter().filter(is_offered).collect()
}

/// What has to be known before it is written.
pub fn warning(protection: Protection) -> &'static str {
    match protection {
        Protection::NoSecret => {
            "Names and addresses only: whoever reads the file sees what there is, and can take nothing."
        }
        Protection::Passphrase => "Encrypted: whoever has the file and its passphrase has all that is in it.",
        Protection::Nothing => "NOT ENCRYPTED: whoever reads the file has all that is in it.",
    }
}

/// Where the passphrase of an encrypted file comes from.
pub const PASSPHRASES: [&str; 2] = ["Made at random, to be written on paper", "One of your own, typed twice"];

/// Whether it can be the name of a file in the chosen folder.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains('/') && name != "." && name != ".."
}

/// The name with the ending of its form, where it has none: programs choose their files by it.
pub fn with_ending(name: &str, form: ExportForm) -> String {
    with_extension(name, form.rules().file_name.rsplit_once('.').map_or("", |(_, ending)| ending))
}

/// The same with this ending.
pub fn with_extension(name: &str, ending: &str) -> String {
    if name.contains('.') { name.to_owned() } else { format!("{name}.{ending}") }
}

/// Said after something was written.
pub fn afterwards(protection: Protection) -> &'static str {
    match protection {
        Protection::NoSecret => "It holds no private key and no code.",
        Protection::Passphrase => "Nobody can open it without its passphrase: keep the two apart.",
        Protection::Nothing => "Deleting it later does not erase it: destroy the medium when you are done.",
    }
}
