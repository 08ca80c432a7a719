//! The forms in which recovered contents are written, and what of them is.

use std::collections::BTreeSet;

use super::inventory::Collection;

/// A form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportForm {
    /// `KeePass` (KDBX 4), encrypted by a passphrase.
    Kdbx,
    /// The contents exactly as sealed (`docs/format.md`, section 10).
    Json,
    /// Keys with all that is derived of them, as JSON.
    Keys,
    /// Vaults as a table, and codes as a second one.
    Csv,
    /// Sheets to be printed, one a vault or account.
    Text,
}

impl ExportForm {
    /// In the order in which they are offered; the first is the default.
    pub const ALL: [Self; 5] = [Self::Kdbx, Self::Json, Self::Keys, Self::Csv, Self::Text];

    /// As the command line names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kdbx => "kdbx",
            Self::Json => "json",
            Self::Keys => "keys",
            Self::Csv => "csv",
            Self::Text => "text",
        }
    }

    /// The name of the file that is offered.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Kdbx => "recovered.kdbx",
            Self::Json => "contents.json",
            Self::Keys => "keys.json",
            Self::Csv => "vaults.csv",
            Self::Text => "sheets.txt",
        }
    }

    pub fn is_encrypted(self) -> bool {
        self == Self::Kdbx
    }

    /// Whether it holds what is derived of the contents, and what came of comparing that.
    pub fn is_derived(self) -> bool {
        self != Self::Json
    }

    /// Whether it holds the master keys themselves.
    pub fn holds_keys(self) -> bool {
        self != Self::Csv
    }

    /// Whether it can be written without private keys and codes.
    pub fn can_be_public(self) -> bool {
        matches!(self, Self::Keys | Self::Csv | Self::Text)
    }
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
}
