//! The next snapshot of a backup that is loaded.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::inventory::NewSet;
use crate::domain::secret::SecretText;
use crate::domain::text::Text;

use super::ContentsFile;

/// A refresh without the quorum, or a compaction with it.
#[derive(Debug)]
pub struct RefreshOrder {
    pub change: Change,
    pub path: PathBuf,
    /// Words of the fingerprint as they stand on a card: their places (from 0) and the words. Empty for training.
    pub words: Vec<(usize, String)>,
    /// Of which file what only one of them can keep is taken, where they differ: its place in [`Differences`].
    pub keep: Option<usize>,
}

#[derive(Debug, Clone)]
pub enum Change {
    /// What this file holds is added.
    Add(ContentsFile),
    Email(Text),
    Rename {
        number: u8,
        name: Text,
    },
    /// Codes of an account are added.
    Codes(Arc<NewSet>),
    /// A code of an account was used.
    Used {
        account: String,
        /// The account, for people.
        title: String,
        code: Arc<SecretText>,
    },
    /// The fork with this other file is healed.
    Merge(PathBuf),
    /// All contents are sealed again, by the quorum that opened them.
    Compact,
    /// The quorum that opened it confirms what was added or proposed.
    Confirm(Confirmed),
}

/// What a quorum confirms of what nobody has confirmed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Confirmed {
    /// Places in the list that was reviewed.
    pub accepted: Vec<usize>,
    /// How much of it was not accepted, and keeps its mark.
    pub left: usize,
}

impl Change {
    /// Whether the new file is issued for the backup address. A mark that a code was used is not worth an e-mail.
    pub fn has_mail(&self) -> bool {
        match self {
            Self::Add(_)
            | Self::Email(_)
            | Self::Rename { .. }
            | Self::Codes(_)
            | Self::Merge(_)
            | Self::Compact
            | Self::Confirm(_) => true,
            Self::Used { .. } => false,
        }
    }
}

/// A new snapshot of the same backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refreshed {
    pub path: PathBuf,
    /// The e-mail that was written beside it.
    pub mail: Option<PathBuf>,
    pub sequence: u32,
    pub digest_words: String,
    /// What it did: `Address: old@example.org -> new@example.org`.
    pub did: Vec<String>,
    pub notes: Vec<String>,
}

/// What files of one backup say differently, of which their union can keep only one. Without a quorum nobody can say which of them is
/// genuine: a person decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// The files, for people; the one that was chosen first is the first.
    pub files: Vec<String>,
    /// Names and addresses: what it is, and what each file says.
    pub labels: Vec<(String, Vec<String>)>,
    /// The quorum's mark in each file, where they differ.
    pub marks: Vec<String>,
    /// Which files have the labels of the ceremony.
    pub of_ceremony: Vec<usize>,
}

impl Differences {
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.marks.is_empty()
    }

    /// What differs, a line each: `Address: a@example.org (A) or b@example.org (B)`.
    pub fn lines(&self) -> Vec<String> {
        let each = |values: &[String]| {
            let values = values.iter().enumerate().map(|(place, value)| format!("{value} ({})", letter(place)));
            values.collect::<Vec<_>>().join(" or ")
        };
        let mut lines: Vec<String> =
            self.labels.iter().map(|(what, values)| format!("{what}: {}", each(values))).collect();
        if !self.marks.is_empty() {
            lines.push(format!("The quorum's mark: {}", each(&self.marks)));
        }
        if let (false, Some(place)) = (self.labels.is_empty(), self.of_ceremony.first()) {
            lines.push(format!("Names and address of {} are those of the ceremony", letter(*place)));
        }
        lines
    }

    /// The files in a sentence: `a.json (A) and b.json (B)`.
    pub fn named(&self) -> String {
        let named = self.files.iter().enumerate().map(|(place, file)| format!("{file} ({})", letter(place)));
        named.collect::<Vec<_>>().join(" and ")
    }

    /// The files with the letters that stand for them, a row each.
    pub fn rows(&self) -> Vec<String> {
        self.files.iter().enumerate().map(|(place, file)| format!("{}  {file}", letter(place))).collect()
    }
}

/// A for the first file, B for the next.
pub fn letter(place: usize) -> String {
    u8::try_from(place)
        .ok()
        .and_then(|place| b'A'.checked_add(place))
        .filter(u8::is_ascii_uppercase)
        .map_or_else(|| format!("file {}", place + 1), |letter| char::from(letter).to_string())
}

/// What is asked about files that differ.
pub const WHICH_IS_KEPT: &str = "The files say different things, and only one of each can be kept. Whose?";

/// What decides it.
pub const NO_MARK_CHECKED: &str =
    "No quorum's mark was checked, because that takes phrases: somebody may have written one of these files.";
