//! Whether what came out of an open backup is all of it: plain facts, the one place that judges them, and the sentence that says it.

use super::condition::Boxes;
use super::inventory::{Claimed, Counts};
use super::text::counted;

/// What is known of an open backup's contents being all there. The files are read and the counts made elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completeness {
    /// Boxes that the files or the quorum's mark name, and those of them that opened.
    pub boxes: Boxes,
    /// A box that had to be there was not read.
    pub lacks_boxes: bool,
    /// A mark that would tell whether boxes are missing is missing or wrong itself.
    pub is_doubtful: bool,
    /// By the newest file.
    pub claimed: Option<Claimed>,
    /// What came out.
    pub recovered: Counts,
    /// Of the backup of a device: of how many organizations shares came out.
    pub shares_of: Option<usize>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Extent {
    #[default]
    Whole,
    /// Nobody can tell.
    Uncertain,
    Incomplete,
}

/// What to do as long as something is or may be missing.
pub const KEEP: &str = "Keep all other copies of this backup.";

impl Completeness {
    /// The one place where it is decided.
    pub fn extent(&self) -> Extent {
        if self.lacks_boxes || self.boxes.readable < self.boxes.known {
            Extent::Incomplete
        } else if self.is_doubtful || !self.boxes.is_certain {
            Extent::Uncertain
        } else {
            Extent::Whole
        }
    }

    pub fn is_whole(&self) -> bool {
        self.extent() == Extent::Whole
    }

    /// What is or may be missing, in a sentence; `None` when it is all there.
    pub fn verdict(&self) -> Option<String> {
        let boxes = self.boxes.counted();
        match self.extent() {
            Extent::Whole => None,
            Extent::Incomplete if self.boxes.readable < self.boxes.known => {
                Some(format!("INCOMPLETE: {boxes} could be read. {KEEP}"))
            }
            Extent::Incomplete => Some(format!("INCOMPLETE: boxes that had to be there are missing. {KEEP}")),
            Extent::Uncertain => Some(format!("Perhaps INCOMPLETE: nobody can tell whether boxes are missing. {KEEP}")),
        }
    }

    /// What came out beside what was claimed.
    pub fn counts(&self) -> String {
        if let Some(organizations) = self.shares_of {
            return format!("Recovered: the shares of {}.", counted(organizations, "organization"));
        }
        let Counts { keys, vaults, accounts, codes } = self.recovered;
        let (keys, vaults) = (counted(keys, "key"), counted(vaults, "vault"));
        let (accounts, codes) = (counted(accounts, "account"), counted(codes, "code"));
        match self.claimed {
            Some(claimed) => format!(
                "Recovered: {keys}; {vaults} (claimed: {}), {accounts} ({}), {codes} ({}).",
                claimed.vaults, claimed.accounts, claimed.codes
            ),
            None => {
                format!("Recovered: {keys}, {vaults}, {accounts}, {codes}; what was claimed cannot be read.")
            }
        }
    }

    /// Both in one, where something is or may be missing.
    pub fn finding(&self) -> Option<String> {
        self.verdict().map(|verdict| format!("{verdict} {}", self.counts()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Completeness {
        Completeness {
            boxes: Boxes { known: 2, readable: 2, is_certain: true },
            lacks_boxes: false,
            is_doubtful: false,
            claimed: Some(Claimed { vaults: 3, accounts: 2, codes: 12 }),
            recovered: Counts { keys: 1, vaults: 3, accounts: 2, codes: 12 },
            shares_of: None,
        }
    }

    #[test]
    fn only_what_lacks_nothing_is_whole() {
        assert!(whole().is_whole() && whole().finding().is_none());
        let boxes = |known, readable, is_certain| Boxes { known, readable, is_certain };
        for (facts, extent) in [
            (Completeness { boxes: boxes(1, 0, true), ..whole() }, Extent::Incomplete),
            (Completeness { lacks_boxes: true, ..whole() }, Extent::Incomplete),
            (Completeness { boxes: boxes(1, 1, false), ..whole() }, Extent::Uncertain),
            (Completeness { is_doubtful: true, ..whole() }, Extent::Uncertain),
        ] {
            assert_eq!(facts.extent(), extent, "{facts:?}");
            let finding = facts.finding().expect("something is to be said");
            assert!(finding.contains("INCOMPLETE") && finding.contains(KEEP), "{finding}");
            assert!(finding.contains("1 key; 3 vaults (claimed: 3), 2 accounts (2), 12 codes (12)"), "{finding}");
        }
    }

    #[test]
    fn of_a_device_its_shares_are_counted() {
        let facts = Completeness { shares_of: Some(0), lacks_boxes: true, ..whole() };
        let finding = facts.finding().expect("something is to be said");
        assert!(finding.contains("the shares of 0 organizations") && !finding.contains("vault"), "{finding}");
    }
}
