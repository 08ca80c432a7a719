//! Whose phrase it is.

use std::fmt;

use crate::domain::fingerprint::Fingerprint;
use crate::domain::text::brief;

/// Whose phrase it is. Its `Display` is fixed for scripts and never holds a word of the phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Verified { number: u8, who: String },
    AlreadyEntered { number: u8, who: String },
    AlteredFile { number: u8, who: String },
    NotOfThisBackup { elsewhere: Option<Elsewhere> },
    CannotBeJudged,
}

/// Another backup at hand that the phrase is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    pub who: String,
    pub file: String,
    /// The day that file was made.
    pub made: Option<String>,
    pub fingerprint: Fingerprint,
}

impl Answer {
    /// What to do next, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Verified { .. } => None,
            Self::AlreadyEntered { .. } => Some("It counts once"),
            Self::AlteredFile { .. } => Some("Look for another copy of the snapshot"),
            Self::NotOfThisBackup { elsewhere: Some(_) } => Some("Open that backup, or look for the right paper"),
            Self::NotOfThisBackup { elsewhere: None } => {
                Some("Compare it with the paper, and look whether the paper names another backup")
            }
            Self::CannotBeJudged => Some(
                "The core of this file is damaged or cannot be compared, so nobody can say whether the phrase is right. Look for another copy of the snapshot",
            ),
        }
    }
}

/// The most columns of a name in an answer.
const NAME: usize = 64;

impl fmt::Display for Answer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verified { who, .. } => write!(out, "verified: {}", brief(who, NAME)),
            Self::AlreadyEntered { who, .. } => write!(out, "already entered: {}", brief(who, NAME)),
            Self::AlteredFile { who, .. } => write!(out, "right phrase, altered file: {}", brief(who, NAME)),
            Self::NotOfThisBackup { elsewhere: None } => out.write_str("not a phrase of this backup"),
            Self::NotOfThisBackup { elsewhere: Some(Elsewhere { who, file, made, fingerprint }) } => {
                let made = made.as_ref().map_or_else(String::new, |made| format!(" of {made}"));
                let (who, file) = (brief(who, NAME), brief(file, NAME));
                write!(
                    out,
                    "not a phrase of this backup, but of another: it is that of {who} in {file}{made}, fingerprint {fingerprint}"
                )
            }
            Self::CannotBeJudged => out.write_str("cannot be judged"),
        }
    }
}
