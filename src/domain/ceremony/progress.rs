//! How far a ceremony and each shareholder are: one state machine, in which no step can be skipped.

use std::collections::BTreeMap;

/// How far one shareholder is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PhraseState {
    #[default]
    Waiting,
    /// A phrase was shown, and may stand on paper.
    Shown,
    /// Typed back from paper; derived and kept.
    Confirmed,
    /// Typed once more, against the file that was read again.
    Verified,
}

/// How far the ceremony is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum CeremonyStage {
    /// Phrases are shown and typed back.
    #[default]
    Asking,
    /// The file was written as unconfirmed; its medium is to be pulled out and put back.
    Sealed,
    /// The file was read again; phrases are typed against it.
    Proving,
    /// All shares are proved and the contents compared: it is a backup.
    Issued,
}

/// The state of a ceremony. Every change is one of these methods, and each says whether it was allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    stage: CeremonyStage,
    states: Vec<PhraseState>,
    /// The file is one that an earlier ceremony left: no phrase is made, and it is not written anew.
    is_resumed: bool,
}

impl Progress {
    pub fn new(shareholders: usize) -> Self {
        Self { states: vec![PhraseState::Waiting; shareholders], ..Self::default() }
    }

    /// Of a file that an earlier ceremony left unconfirmed: its phrases are on paper, and it is to be read again.
    pub fn resumed(shareholders: usize) -> Self {
        let states = vec![PhraseState::Confirmed; shareholders];
        Self { stage: CeremonyStage::Sealed, states, is_resumed: true }
    }

    pub fn is_resumed(&self) -> bool {
        self.is_resumed
    }

    pub fn stage(&self) -> CeremonyStage {
        self.stage
    }

    /// How many shareholders there are.
    pub fn people(&self) -> usize {
        self.states.len()
    }

    pub fn state(&self, number: u8) -> PhraseState {
        self.index(number).and_then(|index| self.states.get(index)).copied().unwrap_or_default()
    }

    /// How many shareholders came at least so far.
    pub fn count(&self, state: PhraseState) -> usize {
        self.states.iter().filter(|reached| **reached >= state).count()
    }

    pub fn is_all(&self, state: PhraseState) -> bool {
        !self.states.is_empty() && self.count(state) == self.states.len()
    }

    /// The file lies on another medium now, byte for byte: it is to be read again there, and what was typed against it counts.
    pub fn move_file(&mut self) -> bool {
        self.go(matches!(self.stage, CeremonyStage::Sealed | CeremonyStage::Proving), CeremonyStage::Sealed)
    }

    /// A phrase is made and shown, in the place of any before. What was sealed and verified with the one before is void: the file has
    /// to be written anew, and everybody verifies once more. Confirmed phrases of the others stay.
    pub fn show(&mut self, number: u8) -> bool {
        let Some(index) = self.index(number) else { return false };
        if !self.ask_again() {
            return false;
        }
        self.states.get_mut(index).map(|state| *state = PhraseState::Shown).is_some()
    }

    pub fn confirm(&mut self, number: u8) -> bool {
        self.advance(number, CeremonyStage::Asking, PhraseState::Shown, PhraseState::Confirmed)
    }

    /// The file is written.
    pub fn seal(&mut self) -> bool {
        let is_allowed = self.stage == CeremonyStage::Asking && self.is_all(PhraseState::Confirmed);
        self.go(is_allowed, CeremonyStage::Sealed)
    }

    /// The file is read again: phrases count against it.
    pub fn read_again(&mut self) -> bool {
        self.go(self.stage == CeremonyStage::Sealed, CeremonyStage::Proving)
    }

    pub fn verify(&mut self, number: u8) -> bool {
        self.advance(number, CeremonyStage::Proving, PhraseState::Confirmed, PhraseState::Verified)
    }

    /// All shares are proved and the contents are the same.
    pub fn issue(&mut self) -> bool {
        let is_allowed = self.stage == CeremonyStage::Proving && self.is_all(PhraseState::Verified);
        self.go(is_allowed, CeremonyStage::Issued)
    }

    /// Back to before the file was written: it was not what it should be, or is gone. Not of one that an earlier ceremony left.
    pub fn ask_again(&mut self) -> bool {
        if self.stage == CeremonyStage::Issued || self.is_resumed {
            return false;
        }
        for state in self.states.iter_mut().filter(|state| **state == PhraseState::Verified) {
            *state = PhraseState::Confirmed;
        }
        self.stage = CeremonyStage::Asking;
        true
    }

    /// Other people hold the backup now: who stays (new number, number before) is as far as before, as far as that goes without a file.
    #[must_use]
    pub fn replanned(&self, people: usize, stays: &BTreeMap<u8, u8>) -> Self {
        let state = |number| stays.get(&number).map_or(PhraseState::Waiting, |old| self.state(*old));
        let states = (1..).take(people).map(|number| state(number).min(PhraseState::Confirmed)).collect();
        Self { states, ..Self::default() }
    }

    fn go(&mut self, is_allowed: bool, stage: CeremonyStage) -> bool {
        if is_allowed {
            self.stage = stage;
        }
        is_allowed
    }

    fn advance(&mut self, number: u8, stage: CeremonyStage, from: PhraseState, to: PhraseState) -> bool {
        let is_allowed = self.stage == stage && self.state(number) == from;
        let index = self.index(number).filter(|_| is_allowed);
        index.and_then(|index| self.states.get_mut(index)).map(|state| *state = to).is_some()
    }

    fn index(&self, number: u8) -> Option<usize> {
        usize::from(number).checked_sub(1).filter(|index| *index < self.states.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ceremony_goes_its_way_and_no_other() {
        let mut progress = Progress::new(2);
        assert!(!progress.seal() && !progress.issue() && !progress.read_again() && !progress.verify(1));
        assert!(!progress.confirm(1), "not before it was shown");
        assert!(!progress.show(0) && !progress.show(3));
        for number in [2, 1] {
            assert!(progress.show(number) && progress.confirm(number));
        }
        assert!(progress.seal() && !progress.verify(1), "not before it was read again");
        assert!(progress.read_again());
        assert!(progress.verify(1) && !progress.issue());
        // On another medium it is read again, and who has typed has typed.
        assert!(progress.move_file() && !progress.verify(2) && progress.read_again());
        assert_eq!(progress.state(1), PhraseState::Verified);
        // A new phrase for one of them: the other stays confirmed, and everything after is done again.
        assert!(progress.show(2));
        assert_eq!(
            (progress.stage(), progress.state(1), progress.state(2)),
            (CeremonyStage::Asking, PhraseState::Confirmed, PhraseState::Shown)
        );
        assert!(!progress.seal() && progress.confirm(2) && progress.seal() && progress.read_again());
        assert!(progress.verify(2) && !progress.verify(2) && !progress.issue() && progress.verify(1));
        assert!(progress.issue() && !progress.show(1) && !progress.ask_again());
    }

    #[test]
    fn a_ceremony_that_goes_on_with_a_file_reads_it_again_and_hears_everybody() {
        let mut progress = Progress::resumed(2);
        assert!(progress.is_resumed() && !progress.verify(1) && !progress.issue(), "not before it was read again");
        assert!(!progress.show(1) && !progress.confirm(1) && !progress.seal() && !progress.ask_again());
        assert!(progress.read_again() && progress.verify(2) && !progress.issue());
        assert!(progress.move_file() && progress.read_again() && progress.verify(1));
        assert!(!progress.show(1), "no phrase takes the place of one on paper");
        assert!(progress.issue() && progress.stage() == CeremonyStage::Issued);
    }

    #[test]
    fn who_stays_is_as_far_as_before_and_nobody_is_verified_against_a_file_that_is_not_there() {
        let mut progress = Progress::new(3);
        assert!(progress.show(1) && progress.confirm(1) && progress.show(2) && progress.show(3) && progress.confirm(3));
        let other = progress.replanned(4, &BTreeMap::from([(1, 3), (4, 1)]));
        let states: Vec<PhraseState> = (1..=4).map(|number| other.state(number)).collect();
        let (waiting, confirmed) = (PhraseState::Waiting, PhraseState::Confirmed);
        assert_eq!(states, [confirmed, waiting, waiting, confirmed]);
        assert_eq!((other.stage(), other.people()), (CeremonyStage::Asking, 4));
    }
}
