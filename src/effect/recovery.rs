//! Reading a backup, and opening it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{DeviceClaims, Near};
use crate::domain::ceremony::{NEVER_CONFIRMED, has_unconfirmed_name};
use crate::domain::completeness::Completeness;
use crate::domain::condition::Condition;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::inventory::{Claimed, Collection, Inventory};
use crate::domain::kind::{Kind, Method};
use crate::domain::phrase::PhraseForm;
use crate::domain::proof::Checks;
use crate::domain::recovery::Holder;
use crate::domain::text::{Text, counted};

/// Where a backup comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// These files. The first decides which backup it is.
    Files(Vec<PathBuf>),
    /// The built-in training backup, with its practice sheets.
    BuiltIn(Kind),
    /// The built-in training backup of a device that opens in this way, with what opens it.
    BuiltInDevice(Method),
}

/// All that is known of a backup before it is open. Names in it are unverified.
#[derive(Debug, Clone)]
pub struct Summary {
    pub kind: Kind,
    pub is_training: bool,
    pub organization: Option<Text>,
    /// The day it was made (RFC 3339) and the sequence of the newest file.
    pub created: Option<String>,
    pub sequence: u32,
    /// What it holds, as the newest file says.
    pub claimed: Option<Claimed>,
    pub threshold: u8,
    pub shareholders: Vec<Holder>,
    /// Of its phrases; `None` where a cloud key and a PIN open it.
    pub form: Option<PhraseForm>,
    /// What it claims to hold, where it is of a device.
    pub device: Option<DeviceClaims>,
    pub fingerprint: Fingerprint,
    /// Which word of the fingerprint is to be typed from a card; counts from 0. Chosen at random.
    pub asked: usize,
    /// Four of them, for what is sealed without phrases: all different, chosen at random.
    pub asked_four: [usize; 4],
    /// The files that were asked for, in that order, also those of other backups. Empty for the built-in one.
    pub given: Vec<PathBuf>,
    /// The files it was read from, the newest first.
    pub files: Vec<FileFacts>,
    /// Two of them were made side by side: together they hold more than each says.
    pub is_forked: bool,
    /// What they still give together.
    pub condition: Condition,
    /// Other files of the same backup beside the first.
    pub near: Vec<Near>,
    /// Files that were given, but are of another backup.
    pub others: Vec<String>,
    /// About how long one derivation takes on this machine.
    pub expected: Duration,
    /// How many derivations this machine does at the same time: its cores, as far as its free memory is enough.
    pub at_once: usize,
    /// The practice sheets of the built-in training backup, in the order of shareholders; the PIN where that opens it.
    pub sheets: Option<&'static str>,
}

/// A file that a backup was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    pub name: String,
    pub verdict: String,
    pub is_damaged: bool,
    /// It says of itself that nobody has shown that the papers open it.
    pub is_unconfirmed: bool,
}

impl Summary {
    /// What opens it.
    pub fn method(&self) -> Method {
        if self.form.is_some() { Method::Phrase } else { Method::CloudPin }
    }

    /// What it holds, as the file claims; `None` where nothing can be read. What its kind does not take is not named.
    pub fn holds(&self) -> Option<String> {
        if let Some(device) = &self.device {
            return Some(format!(
                "shares of {}, as the file claims",
                counted(device.organizations.len(), "organization")
            ));
        }
        let Claimed { vaults, accounts, codes } = self.claimed?;
        let codes = counted(codes, "code");
        let by = if self.is_forked {
            "at least, by what the files claim; together they may hold more"
        } else {
            "as the file claims"
        };
        Some(if self.kind.rules().takes.contains(&Collection::Vaults) {
            let (vaults, accounts) = (counted(vaults, "vault"), counted(accounts, "account"));
            format!("{vaults}, {accounts} with {codes}, {by} (keys are not counted)")
        } else {
            // A set that was added later counts as an account of its own there: nobody knows without a phrase which it is of.
            format!("{codes}, {by}")
        })
    }
}

impl FileFacts {
    /// What has to be said of it before anything else.
    pub fn warning(&self) -> Option<&'static str> {
        (self.is_unconfirmed || has_unconfirmed_name(&self.name)).then_some(NEVER_CONFIRMED)
    }
}

/// An open backup.
#[derive(Debug)]
pub struct Opening {
    /// Empty when it is withheld.
    pub inventory: Arc<Inventory>,
    /// Whether that is all of it.
    pub completeness: Completeness,
    /// A drill on a production backup: it opened, and nothing of it is shown or written.
    pub is_withheld: bool,
    /// The name as it was sealed; `None` where it did not come out, or is withheld.
    pub organization: Option<Text>,
    /// What does not check, in the order in which it matters.
    pub red: Vec<String>,
    /// What is only worth knowing.
    pub notes: Vec<String>,
    /// Four random digits, to be typed before anything is written unencrypted.
    pub digits: String,
    /// How far keys and addresses are compared.
    pub comparison: Comparison,
}

impl Opening {
    /// All of it came out, and all of it checks.
    pub fn is_clean(&self) -> bool {
        self.red.is_empty() && self.completeness.is_whole()
    }
}

/// How far the keys and vaults of an open backup are compared with what it records of them.
#[derive(Debug, Default)]
pub struct Comparison {
    pub checks: Checks,
    /// Vaults.
    pub done: usize,
    pub total: usize,
    /// Vaults whose address is the one that their key gives.
    pub matches: usize,
    pub is_complete: bool,
}

/// Some keys and vaults were compared with what the backup records of them.
#[derive(Debug, Default)]
pub struct Compared {
    /// What is known of them; empty when the contents are withheld.
    pub checks: Checks,
    /// How many vaults are compared by now.
    pub done: usize,
    /// What does not check, and what could not be compared.
    pub red: Vec<String>,
    pub notes: Vec<String>,
    /// Vaults whose address is the one that their key gives.
    pub matches: usize,
}
