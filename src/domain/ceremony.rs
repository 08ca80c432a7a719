//! The making of a backup: what is planned, and how far each shareholder is. Nothing is called a backup before every one of them
//! has typed the phrase from paper twice, the second time against the file that was read again.

use super::kind::{Kind, Rules};
use super::phrase::PhraseForm;
use super::text::Text;

/// What each shareholder agrees to before the phrase is typed back.
pub const SENTENCES: [&str; 3] = [
    "I have written down all words, in the right order.",
    "I will store the paper safely.",
    "I share the phrase with nobody.",
];

/// What the name of a file begins with that no ceremony has confirmed.
pub const UNCONFIRMED_PREFIX: &str = "UNCONFIRMED-";

/// What is said of a file whose name, or path, says that it was not confirmed.
pub fn warning_of(path: &str) -> Option<&'static str> {
    path.rsplit('/').next().filter(|name| name.starts_with(UNCONFIRMED_PREFIX)).map(|_| {
        "This file was never confirmed: its ceremony did not end, or ran without screens. Nobody has shown that the papers open it."
    })
}

/// Somebody who can be chosen as a shareholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: Text,
    pub email: Option<Text>,
}

impl Person {
    /// The first letter of each part of the name: `J. D.`
    pub fn initials(&self) -> String {
        let parts = self.name.raw().split(|c: char| c.is_whitespace() || c == '-').filter(|part| !part.is_empty());
        let first = |part: &str| part.chars().find(|c| c.is_alphanumeric()).map(|c| format!("{}.", c.to_uppercase()));
        let letters: Vec<String> = parts.filter_map(first).collect();
        if letters.is_empty() { "?".to_owned() } else { letters.join(" ") }
    }
}

/// How shareholders are named in the file, which is e-mailed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NameStyle {
    #[default]
    Initials,
    Full,
    FullWithEmail,
}

impl NameStyle {
    pub const ALL: [Self; 3] = [Self::Initials, Self::Full, Self::FullWithEmail];

    /// Its word on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Initials => "initials",
            Self::Full => "full",
            Self::FullWithEmail => "email",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Initials => "initials only",
            Self::Full => "full names",
            Self::FullWithEmail => "full names and e-mail addresses",
        }
    }
}

/// What is decided before the first phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub kind: Kind,
    /// Who asks the shareholders: the conductor.
    pub conductor: Text,
    pub organization: Text,
    pub is_training: bool,
    /// In the order of their numbers.
    pub shareholders: Vec<Person>,
    pub names: NameStyle,
    pub threshold: u8,
    /// The backup e-mail address.
    pub delivery: Text,
    pub form: PhraseForm,
}

impl Plan {
    /// The name of a shareholder as it stands in the file.
    pub fn label(&self, person: &Person) -> Text {
        match self.names {
            NameStyle::Initials => Text::new(&person.initials()).unwrap_or_else(|| person.name.clone()),
            NameStyle::Full | NameStyle::FullWithEmail => person.name.clone(),
        }
    }

    /// `shareholder 2 (Jane Doe)`
    pub fn title(&self, number: u8) -> String {
        let person = usize::from(number).checked_sub(1).and_then(|index| self.shareholders.get(index));
        let holder = self.kind.rules().holder.one;
        person.map_or_else(|| format!("{holder} {number}"), |person| format!("{holder} {number} ({})", person.name))
    }
}

/// What a threshold means for people: how many may be lost, and how few can open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threshold {
    /// One alone could open everything: refused.
    One,
    /// More than there are, or too few or too many people for its kind.
    Impossible,
    /// Everybody is needed: one lost paper loses everything.
    All,
    /// So many papers may be lost.
    Some { spare: u8 },
}

impl Threshold {
    pub fn of(rules: &Rules, threshold: u8, count: usize) -> Self {
        let is_allowed = rules.allows(threshold, count);
        match u8::try_from(count).unwrap_or(u8::MAX).saturating_sub(threshold) {
            _ if !is_allowed && threshold == 1 && rules.allows_count(count) => Self::One,
            _ if !is_allowed => Self::Impossible,
            0 => Self::All,
            spare => Self::Some { spare },
        }
    }

    pub fn is_possible(self) -> bool {
        matches!(self, Self::All | Self::Some { .. })
    }
}

/// How far one shareholder is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
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
pub enum Stage {
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
    stage: Stage,
    steps: Vec<Step>,
}

impl Progress {
    pub fn new(shareholders: usize) -> Self {
        Self { stage: Stage::Asking, steps: vec![Step::Waiting; shareholders] }
    }

    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// How many shareholders there are.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub fn step(&self, number: u8) -> Step {
        self.index(number).and_then(|index| self.steps.get(index)).copied().unwrap_or_default()
    }

    /// How many shareholders came at least so far.
    pub fn count(&self, step: Step) -> usize {
        self.steps.iter().filter(|reached| **reached >= step).count()
    }

    pub fn is_all(&self, step: Step) -> bool {
        !self.steps.is_empty() && self.count(step) == self.steps.len()
    }

    /// A phrase is made and shown, in the place of any before. What was sealed and verified with the one before is void: the file has
    /// to be written anew, and everybody verifies once more. Confirmed phrases of the others stay.
    pub fn show(&mut self, number: u8) -> bool {
        let Some(index) = self.index(number).filter(|_| self.stage < Stage::Issued) else { return false };
        self.ask_again();
        self.steps.get_mut(index).map(|step| *step = Step::Shown).is_some()
    }

    pub fn confirm(&mut self, number: u8) -> bool {
        self.advance(number, Stage::Asking, Step::Shown, Step::Confirmed)
    }

    /// The file is written.
    pub fn seal(&mut self) -> bool {
        let is_allowed = self.stage == Stage::Asking && self.is_all(Step::Confirmed);
        self.go(is_allowed, Stage::Sealed)
    }

    /// The file is read again: phrases count against it.
    pub fn read_again(&mut self) -> bool {
        self.go(self.stage == Stage::Sealed, Stage::Proving)
    }

    pub fn verify(&mut self, number: u8) -> bool {
        self.advance(number, Stage::Proving, Step::Confirmed, Step::Verified)
    }

    /// All shares are proved and the contents are the same.
    pub fn issue(&mut self) -> bool {
        let is_allowed = self.stage == Stage::Proving && self.is_all(Step::Verified);
        self.go(is_allowed, Stage::Issued)
    }

    /// Back to before the file was written: it was not what it should be, or is gone.
    pub fn ask_again(&mut self) -> bool {
        if self.stage == Stage::Issued {
            return false;
        }
        for step in self.steps.iter_mut().filter(|step| **step == Step::Verified) {
            *step = Step::Confirmed;
        }
        self.stage = Stage::Asking;
        true
    }

    fn go(&mut self, is_allowed: bool, stage: Stage) -> bool {
        if is_allowed {
            self.stage = stage;
        }
        is_allowed
    }

    fn advance(&mut self, number: u8, stage: Stage, from: Step, to: Step) -> bool {
        let is_allowed = self.stage == stage && self.step(number) == from;
        let index = self.index(number).filter(|_| is_allowed);
        index.and_then(|index| self.steps.get_mut(index)).map(|step| *step = to).is_some()
    }

    fn index(&self, number: u8) -> Option<usize> {
        usize::from(number).checked_sub(1).filter(|index| *index < self.steps.len())
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
        assert!(progress.read_again() && progress.verify(1) && !progress.issue());
        // A new phrase for one of them: the other stays confirmed, and everything after is done again.
        assert!(progress.show(2));
        assert_eq!(
            (progress.stage(), progress.step(1), progress.step(2)),
            (Stage::Asking, Step::Confirmed, Step::Shown)
        );
        assert!(!progress.seal() && progress.confirm(2) && progress.seal() && progress.read_again());
        assert!(progress.verify(2) && !progress.verify(2) && !progress.issue() && progress.verify(1));
        assert!(progress.issue() && !progress.show(1) && !progress.ask_again());
    }

    #[test]
    fn a_file_that_was_not_confirmed_is_known_by_its_name() {
        for path in ["UNCONFIRMED-snapshot.json", "/a/b/UNCONFIRMED-snapshot.eml"] {
            assert!(warning_of(path).is_some(), "{path}");
        }
        for path in
            ["snapshot.json", "/UNCONFIRMED-a/snapshot.json", "", "unconfirmed.json", "old-UNCONFIRMED-snapshot.json"]
        {
            assert!(warning_of(path).is_none(), "{path}");
        }
    }

    #[test]
    fn what_a_threshold_means() {
        let of = |threshold, count| Threshold::of(Kind::Organization.rules(), threshold, count);
        assert_eq!(of(1, 3), Threshold::One);
        assert_eq!(of(2, 2), Threshold::All);
        assert_eq!(of(3, 5), Threshold::Some { spare: 2 });
        for (threshold, count) in [(0, 3), (4, 3), (2, 1), (1, 1), (2, 17)] {
            assert_eq!(of(threshold, count), Threshold::Impossible);
        }
        let of = |threshold, count| Threshold::of(Kind::Codes.rules(), threshold, count);
        assert_eq!(
            (of(1, 3), of(1, 1), of(2, 3)),
            (Threshold::Some { spare: 2 }, Threshold::All, Threshold::Impossible)
        );
    }

    #[test]
    fn initials_are_letters_of_the_name() {
        let of = |name: &str| Person { name: Text::new(name).unwrap(), email: None }.initials();
        assert_eq!(of("Jane Doe"), "J. D.");
        assert_eq!(of("chloé  Durand-Łuczak"), "C. D. Ł.");
        assert_eq!(of("..."), "?");
    }
}
