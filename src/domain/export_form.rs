//! The forms in which recovered contents are written, and what of them is.

use std::collections::BTreeSet;

use super::explain::Explain;
use super::inventory::{Collection, Inventory, Standing};

/// A form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportForm {
    /// `KeePass` (KDBX 4), encrypted by a passphrase.
    Kdbx,
    /// The contents exactly as sealed and added (`docs/format.md`, section 10).
    Json,
    /// Keys with all that is derived of them, as JSON.
    Keys,
    /// Vaults as a table, and codes as a second one.
    Csv,
    /// Sheets to be printed, one a vault or account.
    Text,
}

/// What is so of every file of a form.
#[derive(Debug)]
pub struct FormRules {
    /// As the command line names it.
    pub name: &'static str,
    /// As a list offers it.
    pub title: &'static str,
    /// The name of the file that is offered.
    pub file_name: &'static str,
    /// What stands between stem and ending of the names of all files that an export may have; the first always has none.
    pub suffixes: &'static [&'static str],
    /// What protects it where it holds secrets.
    pub protection: Protection,
    /// Whether it holds the master keys themselves.
    pub holds_keys: bool,
    /// Whether it is the contents, which can be sealed again: a vault brings its key, and nothing that is derived is in it.
    pub is_contents: bool,
    /// Whether it can be written without private keys and codes.
    pub can_be_public: bool,
    /// What has to be known to read it rightly, said when it was written.
    pub reading: Option<&'static str>,
}

const KDBX: FormRules = FormRules {
    name: "kdbx",
    title: "KeePass file (.kdbx), encrypted by a passphrase",
    file_name: "recovered.kdbx",
    suffixes: &[""],
    protection: Protection::Passphrase,
    holds_keys: true,
    is_contents: false,
    can_be_public: false,
    reading: None,
};

const JSON: FormRules = FormRules {
    name: "json",
    title: "Contents alone, without marks or notes (.json)",
    file_name: "contents.json",
    suffixes: &[""],
    protection: Protection::Nothing,
    holds_keys: true,
    is_contents: true,
    can_be_public: false,
    reading: None,
};

const KEYS: FormRules = FormRules {
    name: "keys",
    title: "Keys and what is derived from them (.json)",
    file_name: "keys.json",
    suffixes: &[""],
    protection: Protection::Nothing,
    holds_keys: true,
    is_contents: false,
    can_be_public: true,
    reading: None,
};

const CSV: FormRules = FormRules {
    name: "csv",
    title: "Tables of vaults and of codes (.csv), no master keys",
    file_name: "vaults.csv",
    suffixes: &["", "-codes"],
    protection: Protection::Nothing,
    holds_keys: false,
    is_contents: false,
    can_be_public: true,
    reading: Some("One apostrophe at the beginning of a cell is for spreadsheets: take it away."),
};

const TEXT: FormRules = FormRules {
    name: "text",
    title: "Sheets to print, one a vault or account (.txt)",
    file_name: "sheets.txt",
    suffixes: &[""],
    protection: Protection::Nothing,
    holds_keys: true,
    is_contents: false,
    can_be_public: true,
    reading: None,
};

impl ExportForm {
    /// In the order in which they are offered; the first is the default.
    pub const ALL: [Self; 5] = [Self::Kdbx, Self::Json, Self::Keys, Self::Csv, Self::Text];

    pub fn rules(self) -> &'static FormRules {
        match self {
            Self::Kdbx => &KDBX,
            Self::Json => &JSON,
            Self::Keys => &KEYS,
            Self::Csv => &CSV,
            Self::Text => &TEXT,
        }
    }
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
            Self::Nothing { .. } => "Choose another form, or mark vaults or accounts.",
            Self::Encryption => "Choose another form.",
        }
        .to_owned()
    }
}

/// Above so many entries `KeePass` programs become unusable.
pub const ENTRIES_LIMIT: usize = 20_000;
/// The most versions of items, each of which takes a printed page or more.
pub const SHEETS_LIMIT: usize = 20_000;

const COLLECTIONS: [Collection; 4] = [Collection::Keys, Collection::Vaults, Collection::Accounts, Collection::Shares];

impl ExportForm {
    /// Whether a file of this form can hold that. It takes no time: it is looked at before anything is derived for a file, and before
    /// anybody writes down a passphrase for it.
    pub fn check(self, inventory: &Inventory, selection: &Selection) -> Result<(), ExportError> {
        let name = self.rules().name;
        if selection.is_public_only && !self.rules().can_be_public {
            return Err(ExportError::HoldsSecrets { form: name });
        }
        let standings = |collection| {
            inventory
                .standings(collection)
                .filter(move |(id, _)| selection.takes(collection, id))
                .map(|(_, known)| known)
        };
        let versions: usize = COLLECTIONS.into_iter().flat_map(standings).map(version_count).sum();
        match self {
            Self::Kdbx if versions > ENTRIES_LIMIT => {
                Err(ExportError::TooManyEntries { entries: versions, limit: ENTRIES_LIMIT })
            }
            Self::Text if versions > SHEETS_LIMIT => {
                Err(ExportError::TooManySheets { sheets: versions, limit: SHEETS_LIMIT })
            }
            Self::Csv => {
                let counts = |known: &Standing| known.current.is_some();
                let has_table = standings(Collection::Vaults).next().is_some()
                    || (!selection.is_public_only && standings(Collection::Accounts).any(counts));
                let is_nothing = !has_table && standings(Collection::Keys).next().is_some();
                if is_nothing { Err(ExportError::Nothing { form: name }) } else { Ok(()) }
            }
            Self::Kdbx | Self::Text | Self::Json | Self::Keys => Ok(()),
        }
    }
}

/// How many versions of an item are written.
fn version_count(known: &Standing) -> usize {
    usize::from(known.current.is_some()) + known.proposals().len() + known.earlier().len()
}

/// What keeps whoever has a written file from the private keys and codes of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// It holds none.
    NoSecret,
    Passphrase,
    /// Nothing does.
    Nothing,
}

/// What is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these items, by collection and id; `None` for everything.
    pub marked: Option<BTreeSet<(Collection, String)>>,
    /// No private key, no share, no code.
    pub is_public_only: bool,
}

impl Selection {
    pub fn takes(&self, collection: Collection, id: &str) -> bool {
        self.marked.as_ref().is_none_or(|marked| marked.contains(&(collection, id.to_owned())))
    }
    /// What protects a file of that form that holds this.
    pub fn protection(&self, form: ExportForm) -> Protection {
        if self.is_public_only { Protection::NoSecret } else { form.rules().protection }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_secrets_is_protected_or_said_not_to_be() {
        for form in ExportForm::ALL {
            let rules = form.rules();
            assert_eq!(rules.suffixes[0], "", "{form:?}");
            assert_ne!(Selection::default().protection(form), Protection::NoSecret);
            let public = Selection { is_public_only: true, ..Selection::default() };
            assert_eq!(public.protection(form), Protection::NoSecret);
            // Only what nobody has to keep apart from a passphrase is of use without secrets.
            assert!(!rules.can_be_public || rules.protection == Protection::Nothing, "{form:?}");
        }
        assert!(!ExportForm::Json.rules().can_be_public, "contents cannot be sealed again without their secrets");
    }
}
