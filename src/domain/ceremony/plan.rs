//! What is decided before the first phrase, and what a threshold means.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{NameStyle, Person};
use crate::domain::inventory::Agreed;
use crate::domain::kind::{Kind, Rules};
use crate::domain::phrase::{PhraseForm, WordCount};
use crate::domain::text::Text;
use crate::domain::wordlist::WordList;

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

/// What is known of a plan before somebody answers its questions. Each can be answered otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProposedPlan {
    /// Files with what is backed up.
    pub contents: Vec<PathBuf>,
    /// What is agreed to about their columns.
    pub agreed: Agreed,
    /// New master keys are made.
    pub creates_keys: bool,
    pub organization: Option<Text>,
    pub is_training: Option<bool>,
    pub conductor: Option<Text>,
    /// A list of people who all become shareholders, in its order.
    pub people: Option<PathBuf>,
    pub threshold: Option<u8>,
    pub delivery: Option<Text>,
    /// The new folder.
    pub folder: Option<PathBuf>,
    pub names: Option<NameStyle>,
    pub words: Option<WordCount>,
    pub language: Option<WordList>,
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

    /// Who stays when `before` becomes this plan: each new number with the one before.
    pub fn stays(&self, before: &Self) -> BTreeMap<u8, u8> {
        let was = |person: &Person| (1..).zip(&before.shareholders).find(|(_, other)| *other == person);
        let numbers = (1..).zip(&self.shareholders);
        numbers.filter_map(|(number, person)| was(person).map(|(old, _)| (number, old))).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
