//! Why there is no new snapshot. Nothing was written, and the old file is as it was.

use std::path::PathBuf;

use crate::domain::entropy::EntropyFailed;
use crate::domain::explain::Explain;
use crate::effect::{Differences, NO_MARK_CHECKED};
use crate::machine::files::shown;
use crate::session::contents::ContentsFault;
use crate::session::load::LoadError;
use crate::snapshot::sealing::SealingError;

#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    #[error("no backup is loaded")]
    NoBackup,
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error("{file} is {verdict}. A damaged file is not refreshed")]
    Damaged { file: String, verdict: String },
    #[error("{} is of another backup", shown(.path))]
    OtherBackup { path: PathBuf },
    /// `is_first`: the file that was named first holds everything.
    #[error("nothing to merge: {holds} holds everything of {other}")]
    NothingToMerge { holds: String, other: String, is_first: bool },
    #[error("{} differ, and only one of each can be kept: {}", .0.named(), .0.lines().join("; "))]
    Differ(Box<Differences>),
    #[error("there is no such file among those that are united")]
    NothingToKeep,
    #[error(transparent)]
    Contents(#[from] ContentsFault),
    #[error("{} is of \"{theirs}\", and the backup names \"{ours}\"", shown(.path))]
    OtherOrganization { path: PathBuf, ours: String, theirs: String },
    #[error("{} says that it is for production, and this is a training backup", shown(.path))]
    Production { path: PathBuf },
    #[error("{} and {} both hold {what}", shown(.one), shown(.other))]
    AddedTwice { one: PathBuf, other: PathBuf, what: String },
    #[error("{} holds a {noun}, and this is a file for codes alone", shown(.path))]
    NotTaken { path: PathBuf, noun: &'static str },
    #[error("{file} is so far ahead in its sequence that no refreshes would be left")]
    FarAhead { file: String },
    #[error("this file was never confirmed; its refresh is not either")]
    Unconfirmed,
    #[error("there is no {holder} {number}")]
    NoHolder { holder: &'static str, number: u8 },
    #[error("nothing would change")]
    NoChange,
    #[error("the fingerprint is not that of this file")]
    Fingerprint,
    #[error("the public key in this file is not that of those who hold it")]
    ForeignKey,
    #[error("{} is no card: {what}", shown(.path))]
    NoCard { path: PathBuf, what: String },
    #[error("this backup names an issuer, who signs every snapshot")]
    IssuerNeeded,
    #[error("this backup names no issuer: nothing is to be signed")]
    NoIssuer,
    #[error("that key is not the one of the issuer that this backup names")]
    OtherIssuer,
    #[error("{file} is not signed by the issuer: somebody else wrote it")]
    NotSigned { file: String },
    #[error("{} is no issuer's key: it must hold 64 hexadecimal digits", shown(.path))]
    NoKey { path: PathBuf },
    #[error("files that stand side by side are united before a quorum seals anything")]
    ForkToSeal,
    #[error("{}, read again, is not the file that was written", shown(.path))]
    NotReadAgain { path: PathBuf },
    #[error("not enough phrases are verified")]
    NoQuorum,
    #[error("the clock of this machine shows no usable date")]
    Clock,
    #[error(transparent)]
    Sealing(#[from] SealingError),
    #[error(transparent)]
    Entropy(#[from] EntropyFailed),
}

/// What an error is owed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// What was asked for.
    Order,
    /// A file, or words, that do not fit.
    File,
    Machine,
}

impl RefreshError {
    pub fn cause(&self) -> Cause {
        match self {
            Self::NoBackup
            | Self::NothingToMerge { .. }
            | Self::Differ(_)
            | Self::NothingToKeep
            | Self::Sealing(SealingError::OtherBase | SealingError::NothingAccepted)
            | Self::NoHolder { .. }
            | Self::NoChange
            | Self::Unconfirmed
            | Self::IssuerNeeded
            | Self::ForkToSeal
            | Self::NoQuorum => Cause::Order,
            Self::Clock
            | Self::NotReadAgain { .. }
            | Self::Entropy(_)
            | Self::Sealing(SealingError::Entropy(_) | SealingError::NotProved) => Cause::Machine,
            Self::Load(_)
            | Self::Damaged { .. }
            | Self::OtherBackup { .. }
            | Self::Contents(_)
            | Self::OtherOrganization { .. }
            | Self::Production { .. }
            | Self::AddedTwice { .. }
            | Self::NotTaken { .. }
            | Self::FarAhead { .. }
            | Self::Fingerprint
            | Self::ForeignKey
            | Self::NoCard { .. }
            | Self::NoIssuer
            | Self::OtherIssuer
            | Self::NotSigned { .. }
            | Self::NoKey { .. }
            | Self::Sealing(_) => Cause::File,
        }
    }
}

impl Explain for RefreshError {
    fn hint(&self) -> String {
        let hint = match self {
            Self::Load(error) => return error.hint(),
            Self::NothingToMerge { holds, .. } => return format!("Nothing was written. Go on with {holds}."),
            Self::Differ(_) => {
                return format!("Nothing was written. Say with --keep A or --keep B whose is kept. {NO_MARK_CHECKED}");
            }
            Self::NothingToKeep => "Nothing was written. Leave --keep away: nothing else is united here.",
            Self::NoBackup => "Choose a snapshot first.",
            Self::Damaged { .. } => {
                "Nothing was written. Take another copy of the snapshot; the newest one that is whole."
            }
            Self::OtherBackup { .. } => "Nothing was written. Compare the fingerprints of both files with your card.",
            Self::Contents(fault) => return format!("Nothing was written. {}", fault.hint()),
            Self::OtherOrganization { .. } => {
                "Nothing was written. Look whether it is the right file. If it is, write the name of the backup into it."
            }
            Self::Production { .. } => {
                "Nothing was written. A training backup protects nothing: its phrases are no secret. Take the real backup."
            }
            Self::NotTaken { .. } => {
                "Nothing was written. Add it to the backup of the organization, and only accounts to this file."
            }
            Self::AddedTwice { .. } => "Nothing was written. Leave out one of them.",
            Self::FarAhead { .. } => {
                "Nothing was written. Somebody may have set its number by hand. Recovery takes both files together."
            }
            Self::Unconfirmed => "Nothing was written. Begin the name of the new file with UNCONFIRMED-.",
            Self::NoHolder { .. } => "Nothing was written. Look at the numbers with `conclave inspect`.",
            Self::NoChange => "Nothing was written. The file says so already.",
            Self::Fingerprint => {
                "Nothing was written. Read the words again. If they are right, this file is not of your backup: somebody may have put another one in its place, who could read what you add. Take the file from the backup e-mails."
            }
            Self::ForeignKey => {
                "Nothing was written: what is added would be sealed to somebody else. Take another copy of the file."
            }
            Self::NoCard { .. } => {
                "Nothing was written. Who put another snapshot in the place of yours could have written those words too. Give the words of a public card, or the file fingerprint.txt of the ceremony, as they were kept apart from the snapshots."
            }
            Self::IssuerNeeded => "Nothing was written. Use `conclave seal` with --issuer-key, where that key is.",
            Self::NoIssuer => "Nothing was written. Leave out --issuer-key.",
            Self::OtherIssuer => "Nothing was written. Look for the key that was named when the backup was made.",
            Self::NotSigned { .. } => {
                "Nothing was written: an issuer must not sign what somebody else changed. Go on from the newest file that is signed, or from the ceremony's own file alone, and ask who wrote this one."
            }
            Self::NoKey { .. } => "Nothing was written. Name the file that holds the issuer's private key.",
            Self::ForkToSeal => "Nothing was written. Unite the files first, then open the new one.",
            Self::NotReadAgain { .. } => {
                "Do not use it: delete it and an e-mail beside it, and take another medium. The old file is as it was."
            }
            Self::NoQuorum => "Nothing was written. Have enough phrases typed first.",
            Self::Clock => "Nothing was written. Set the date, and try again.",
            Self::Sealing(SealingError::RefreshTooLarge) => "Add less at a time, or rotate the backup.",
            Self::Sealing(SealingError::TooLarge) => "Nothing was written. Rotate the backup with less in it.",
            Self::Sealing(SealingError::TooMany) => {
                "Nothing was written. Compact the backup: conclave rotate --compact."
            }
            Self::Sealing(SealingError::SequenceSpent) => "Nothing was written. Rotate the backup.",
            Self::Sealing(SealingError::CompactedApart) => {
                "Nothing was written. Keep both files: a recovery takes both together."
            }
            Self::Sealing(SealingError::OtherBase) => {
                "Nothing was written. Take the other file's names and mark (--keep B), if you know where it comes from: no quorum's mark was checked. Or keep both files: a recovery takes both together."
            }
            Self::Sealing(SealingError::OtherEnvelopes) => {
                "Nothing was written. Keep both files, and look for other copies: a recovery takes all together."
            }
            Self::Sealing(SealingError::NothingAccepted) => {
                "Nothing was written. What nobody accepts stays where it is, with its mark."
            }
            Self::Sealing(SealingError::MarkNotGenuine) => {
                "Nothing was written. Recover shows what does not check. Take another copy of the file, or rotate the backup."
            }
            Self::Sealing(_) | Self::Entropy(_) => "Nothing was written. Restart the machine and try again.",
        };
        hint.to_owned()
    }
}
