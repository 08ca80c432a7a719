//! The forms in which recovered contents are written, and what of them is.

use std::collections::BTreeSet;

use super::inventory::Collection;

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
