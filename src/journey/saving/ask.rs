//! What is asked of codes that are saved, and why an answer is not taken.

use crate::domain::code_list::ListError;
use crate::domain::inventory::SetMode;
use crate::domain::text::Text;
use crate::effect::Trouble;

/// What can be done with the codes of accounts, before a file is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodesChoice {
    Save,
    Read,
    Practise,
    Found,
}

pub const CODES_CHOICES: [(CodesChoice, &str, &str); 4] = [
    (CodesChoice::Save, "Save", "codes of an account, into a file; needs no phrase"),
    (CodesChoice::Read, "Read", "or use them, with the phrase of one owner"),
    (CodesChoice::Practise, "Practise", "with a built-in file that protects nothing"),
    (CodesChoice::Found, "New file", "for owners, each of whom opens it alone"),
];

/// How codes come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Paste,
    Type,
    File,
    /// They do not: the service has none.
    None,
}

pub const WAYS: [(Way, &str, &str); 4] = [
    (Way::Paste, "Paste", "a list that you copied; or paste it here at once"),
    (Way::Type, "Type", "codes that only a phone or a paper shows"),
    (Way::File, "File", "that the service gave for download"),
    (Way::None, "No codes", "this service has none: note that"),
];

/// An account that is meant from the beginning: named on the command line, or looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedAccount {
    pub service: Text,
    /// Where it is not named, it is the only one at the service.
    pub login: Option<Text>,
    pub mode: SetMode,
}

/// What is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SavingAsked {
    #[default]
    Service,
    Login,
    /// A row of [`Saving::alike`]; the row behind them is another account.
    Alike,
    /// A row of [`WAYS`], or the list itself.
    Way,
    /// The list, as one text.
    Paste,
    /// Codes, one a line: [`Saving::lines`].
    Type,
    /// The file that the service gave.
    File,
    /// A row of the answers to [`Saving::doubt`].
    Doubt,
    /// Whether it was understood.
    Look,
    /// The last day on which the codes count; nothing where the service names none.
    Expires,
}

/// Why an answer is not taken.
#[derive(Debug)]
pub enum SavingRefusal {
    /// The list has no such row.
    NotListed,
    /// Nothing was typed, or more than fits.
    NoText,
    /// Beside typed codes each pasted line is one: there are too many, or one is longer than a code.
    NoLines,
    /// It was read, and is no list of codes.
    NoList(ListError),
    NoDay,
    /// The file was not read.
    NotRead(Trouble),
}
