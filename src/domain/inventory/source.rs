//! Who put a record there, for people: what no quorum confirmed is named with it wherever it is shown.

use std::collections::HashSet;
use std::fmt;

use super::item::Item;
use super::sets::sets;
use super::union::{BoxSource, SealedBy, Standing, Version};
use crate::domain::encoding::Hex;
use crate::domain::kind::HolderWords;
use crate::domain::secret::SecretText;
use crate::domain::text::counted;

/// The issuer whose right signature stands under a file that holds a box: the first digits of its key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IssuerMark([u8; 4]);

impl IssuerMark {
    pub fn of(issuer: &Hex<32>) -> Self {
        let [a, b, c, d, ..] = issuer.0;
        Self([a, b, c, d])
    }
}

impl fmt::Display for IssuerMark {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", Hex(self.0))
    }
}

impl fmt::Debug for IssuerMark {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "IssuerMark({self})")
    }
}

impl BoxSource {
    /// How it came into the backup, and when: `added 2026-01-02 by somebody who had the file`.
    pub fn added(&self) -> String {
        let date = self.created.date();
        match (self.sealed_by, self.issuer) {
            (SealedBy::Quorum, _) => format!("sealed {date}"),
            (SealedBy::Public, Some(issuer)) => format!("issued {date} by the key {issuer}"),
            (SealedBy::Public, None) => format!("added {date} by somebody who had the file"),
        }
    }
}

impl Version {
    /// How it came into the backup; of what a rotation carried over, how it came into the one before.
    pub fn added(&self) -> String {
        match self.origin {
            Some(origin) => {
                format!("carried over from an earlier backup, where it was added {}", origin.created.date())
            }
            None => self.source.added(),
        }
    }
}

/// Codes of an account that somebody without the quorum marked as used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForeignMarks {
    pub codes: usize,
    /// The last box that has one of these marks.
    pub last: BoxSource,
}

impl ForeignMarks {
    /// Those of an account as it was sealed, before `marks` count in it.
    pub(super) fn of(account: &Item, marks: &[(SecretText, BoxSource)]) -> Option<Self> {
        let by = |sealed_by| marks.iter().filter(move |(_, source)| source.sealed_by == sealed_by);
        let mut open: HashSet<&str> = by(SealedBy::Public).map(|(code, _)| code.reveal()).collect();
        if open.is_empty() {
            return None;
        }
        for (code, _) in by(SealedBy::Quorum) {
            open.remove(code.reveal());
        }
        let sets = sets(account);
        let codes = || sets.iter().flat_map(|set| set.codes());
        let marked: HashSet<&str> =
            codes().filter(|(code, is_used)| !is_used && open.contains(code)).map(|(code, _)| code).collect();
        let (_, last) = by(SealedBy::Public).rfind(|(code, _)| marked.contains(code.reveal()))?;
        Some(Self { codes: marked.len(), last: *last })
    }
}

impl Standing {
    /// Whether there is something of that kind.
    pub fn has_more_by_others(&self) -> bool {
        self.unconfirmed_sets().next().is_some() || self.foreign_marks().is_some()
    }

    /// What others did to an item that counts, where that is to be said: sets of codes they added, and codes they marked.
    pub fn by_others(&self, holder: &HolderWords) -> Vec<String> {
        let decider = holder.decider;
        let were = |codes: usize| format!("{} {}", counted(codes, "code"), if codes == 1 { "was" } else { "were" });
        let sets = self.unconfirmed_sets().last().map(|last| {
            let codes = self.unconfirmed_sets().map(|added| added.item.code_count()).sum();
            format!("{} {}; no {decider} has confirmed that.", were(codes), last.added())
        });
        let marks = self.foreign_marks().map(|marks| {
            format!("{} marked as used by others; the last mark was {}.", were(marks.codes), marks.last.added())
        });
        sets.into_iter().chain(marks).collect()
    }
}
