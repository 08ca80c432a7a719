//! Who has to come yet: the people of a recovery, without anything secret of theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::kind::Kind;
use super::text::{Text, counted};

/// Somebody who holds a backup, as the file names them. The number is the identity, the name only a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Of the backup.
    pub kind: Kind,
    pub number: u8,
    pub name: Option<Text>,
}

impl Holder {
    /// The name for people, or the number.
    pub fn title(&self) -> String {
        self.name.as_ref().map_or_else(|| format!("{} {}", self.kind.rules().holder.one, self.number), Text::to_string)
    }
}

/// Where a recovery stands. One screen belongs to each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryStage {
    /// Phrases are missing.
    Gathering,
    /// Enough phrases are verified; nothing is open yet.
    Quorum,
}

/// The people of a recovery: whose phrase is verified, and who is not here.
#[derive(Debug, Clone)]
pub struct Board {
    threshold: u8,
    shareholders: Vec<Holder>,
    /// When, by the clock of the program.
    verified: BTreeMap<u8, Duration>,
    absent: BTreeSet<u8>,
}

impl Board {
    pub fn new(threshold: u8, shareholders: Vec<Holder>) -> Self {
        Self { threshold, shareholders, verified: BTreeMap::new(), absent: BTreeSet::new() }
    }

    pub fn threshold(&self) -> u8 {
        self.threshold
    }

    pub fn shareholders(&self) -> &[Holder] {
        &self.shareholders
    }

    /// A phrase was verified. Somebody who typed is here.
    pub fn verify(&mut self, number: u8, now: Duration) {
        self.verified.entry(number).or_insert(now);
        self.absent.remove(&number);
    }

    /// The phrase of that shareholder is no longer held.
    pub fn forget(&mut self, number: u8) {
        self.verified.remove(&number);
    }

    pub fn is_verified(&self, number: u8) -> bool {
        self.verified.contains_key(&number)
    }

    /// When that phrase was verified.
    pub fn verified_at(&self, number: u8) -> Option<Duration> {
        self.verified.get(&number).copied()
    }

    /// Notes that somebody is not here, or here after all.
    pub fn toggle_absent(&mut self, number: u8) {
        if !self.is_verified(number) && !self.absent.remove(&number) {
            self.absent.insert(number);
        }
    }

    pub fn is_absent(&self, number: u8) -> bool {
        self.absent.contains(&number)
    }

    pub fn verified_count(&self) -> usize {
        self.verified.len()
    }

    /// How many phrases are verified, beside how many are needed.
    pub fn progress(&self) -> String {
        let (verified, threshold) = (self.verified_count(), usize::from(self.threshold));
        if verified > threshold {
            format!("{verified} phrases verified, {threshold} needed")
        } else {
            format!("{verified} of {} verified", counted(threshold, "phrase"))
        }
    }

    /// Who comes next, in the order of the list: somebody who is needed yet, and here.
    pub fn next(&self) -> Option<u8> {
        let waiting = (self.missing() > 0).then(|| self.waiting(false).next());
        waiting.flatten().map(|holder| holder.number)
    }

    /// How many phrases are needed yet.
    pub fn missing(&self) -> usize {
        usize::from(self.threshold).saturating_sub(self.verified.len())
    }

    pub fn stage(&self) -> RecoveryStage {
        if self.missing() == 0 { RecoveryStage::Quorum } else { RecoveryStage::Gathering }
    }

    /// Those whose phrase is not verified, and whether they are here.
    pub fn waiting(&self, absent: bool) -> impl Iterator<Item = &Holder> {
        self.shareholders
            .iter()
            .filter(move |holder| !self.is_verified(holder.number) && self.is_absent(holder.number) == absent)
    }

    /// Once there are enough: who need not come.
    pub fn not_needed(&self) -> Option<String> {
        let others: Vec<&Holder> = self.shareholders.iter().filter(|holder| !self.is_verified(holder.number)).collect();
        let is_said = self.missing() == 0 && !others.is_empty();
        is_said.then(|| ended(format!("Not needed any more: {}", listed(&others, "and"))))
    }

    /// Whether the recovery can be finished, said with the names of those who are not here.
    pub fn prospect(&self) -> String {
        let here: Vec<&Holder> = self.waiting(false).collect();
        let absent: Vec<&Holder> = self.waiting(true).collect();
        let missing = self.missing();
        if missing == 0 {
            let not_needed = self.not_needed().map_or_else(String::new, |said| format!(" {said}"));
            format!("Enough phrases are verified.{not_needed}")
        } else if here.len() >= missing {
            let from = if here.len() == missing {
                ended(format!("Still needed: {}", listed(&here, "and")))
            } else {
                let how_many = if missing == 1 { "one".to_owned() } else { format!("any {missing}") };
                ended(format!("Still needed: {how_many} of {}", listed(&here, "or")))
            };
            if absent.is_empty() {
                from
            } else {
                ended(format!("{from} Still possible without {}", listed(&absent, "and")))
            }
        } else {
            let also = missing - here.len();
            format!("Not possible like this: {also} more of {} must come.", listed(&absent, "and"))
        }
    }
}

/// With a full stop, which initials have already.
fn ended(sentence: String) -> String {
    if sentence.ends_with('.') { sentence } else { sentence + "." }
}

/// `Ann`, `Ann and Ben`, `Ann, Ben and Joe`; their numbers when they are many.
fn listed(holders: &[&Holder], last_joined_by: &str) -> String {
    /// More names than these, or longer ones, are no longer read.
    const NAMES: usize = 5;
    const LETTERS: usize = 32;
    let is_many = holders.len() > NAMES;
    let name = |holder: &&Holder| {
        let title = if is_many { holder.number.to_string() } else { holder.title() };
        let short: String = title.chars().take(LETTERS).collect();
        if short == title { title } else { format!("{short}…") }
    };
    let names: Vec<String> = holders.iter().map(name).collect();
    let list = match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} {last_joined_by} {last}", before.join(", ")),
    };
    match holders.first() {
        Some(first) if is_many => format!("{} {list}", first.kind.rules().holder.many),
        _ => list,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board(threshold: u8, names: &[&str]) -> Board {
        let holders =
            (1..).zip(names).map(|(number, name)| Holder { kind: Kind::Organization, number, name: Text::new(name) });
        Board::new(threshold, holders.collect())
    }

    #[test]
    fn it_says_from_whom_phrases_are_needed_and_without_whom_it_is_possible() {
        let mut board = board(2, &["Ann", "Ben", "Joe"]);
        assert_eq!(board.prospect(), "Still needed: any 2 of Ann, Ben or Joe.");
        board.toggle_absent(3);
        assert_eq!(board.prospect(), "Still needed: Ann and Ben. Still possible without Joe.");
        board.toggle_absent(1);
        assert_eq!(board.prospect(), "Not possible like this: 1 more of Ann and Joe must come.");
        board.verify(1, Duration::ZERO);
        assert_eq!(board.prospect(), "Still needed: Ben. Still possible without Joe.");
        assert_eq!(board.stage(), RecoveryStage::Gathering);
        board.verify(2, Duration::ZERO);
        let enough = "Enough phrases are verified. Not needed any more: Joe.";
        assert_eq!((board.prospect().as_str(), board.stage()), (enough, RecoveryStage::Quorum));
        assert_eq!((board.progress().as_str(), board.next()), ("2 of 2 phrases verified", None));
        board.toggle_absent(2);
        assert!(!board.is_absent(2), "who typed is here");
        board.verify(3, Duration::ZERO);
        assert_eq!(board.prospect(), "Enough phrases are verified.");
        // Never four of three.
        assert_eq!(board.progress(), "3 phrases verified, 2 needed");
    }

    #[test]
    fn next_comes_somebody_who_is_needed_yet_and_here() {
        let mut board = board(2, &["Ann", "Ben", "Joe"]);
        assert_eq!(board.next(), Some(1));
        board.verify(1, Duration::ZERO);
        board.toggle_absent(2);
        assert_eq!((board.next(), board.progress().as_str()), (Some(3), "1 of 2 phrases verified"));
    }

    #[test]
    fn many_are_listed_by_their_numbers_and_long_names_are_cut() {
        let many = board(2, &["x"; 7]);
        assert_eq!(many.prospect(), "Still needed: any 2 of shareholders 1, 2, 3, 4, 5, 6 or 7.");
        let long = board(1, &["é".repeat(40).as_str()]);
        assert_eq!(long.prospect(), format!("Still needed: {}….", "é".repeat(32)));
    }

    #[test]
    fn a_verified_shareholder_counts_once_in_any_order() {
        let mut board = board(2, &["Ann", "Ben", "Joe"]);
        board.verify(3, Duration::ZERO);
        board.verify(3, Duration::ZERO);
        assert_eq!((board.missing(), board.verified_count()), (1, 1));
        board.verify(1, Duration::ZERO);
        assert_eq!(board.missing(), 0);
        board.verify(1, Duration::from_secs(9));
        assert_eq!(board.verified_at(1), Some(Duration::ZERO), "the first time counts");
        board.forget(1);
        assert_eq!((board.missing(), board.verified_at(1)), (1, None));
    }
}
