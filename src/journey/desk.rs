//! The words of a phrase that is not checked yet, with the search for their slip: one value, dropped together.

use std::ops::{Deref, DerefMut};

use super::slip::{Hunt, Search};
use crate::domain::phrase::PhraseForm;
use crate::domain::phrase_entry::PhraseEntry;

/// The words that are being typed, and what they are typed for.
#[derive(Debug, Default)]
pub struct Desk {
    pub entry: Option<Unfinished>,
    /// Their slip is looked for.
    pub hunt: Option<Hunt>,
    /// What they are typed for.
    pub task: Task,
    /// A check of them was given up; it may have come to its end all the same.
    pub is_given_up: bool,
    /// How they are shown.
    pub look: DeskLook,
}

/// What a phrase is typed for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Task {
    /// To open a backup.
    #[default]
    Recovery,
    /// This shareholder types back what was shown.
    Confirm { number: u8 },
    /// This shareholder keeps the phrase of the backup before.
    Keep { number: u8 },
    /// Somebody types it against the file that was read again.
    Verify,
    /// The user of a device types back what was shown.
    TypeBack,
}

impl Task {
    /// Whether whoever comes next types it: then nobody knows whose words were there before.
    fn is_of_anybody(self) -> bool {
        match self {
            Self::Recovery | Self::Verify => true,
            Self::Confirm { .. } | Self::Keep { .. } | Self::TypeBack => false,
        }
    }
}

/// How somebody wants the words of one phrase to be shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeskLook {
    /// Nothing is, not even the word that is being typed.
    pub is_masked: bool,
    /// One word at a time, five rows high.
    pub is_large: bool,
}

impl Desk {
    /// Somebody begins the words of a phrase for a task, or goes on with those that are kept for it.
    pub fn begin(&mut self, task: Task, form: PhraseForm) -> &mut Unfinished {
        if self.task != task {
            self.clear();
        }
        self.task = task;
        let is_kept = task.is_of_anybody() && self.is_holding();
        let entry = self.entry.get_or_insert_with(|| Unfinished::new(form));
        entry.is_kept |= is_kept;
        entry
    }

    /// Drops, and so overwrites, the words and the search for a slip in them.
    pub fn clear(&mut self) {
        // One by one: a whole desk that is written over this one would bring what lies on the stack in the place of what it has not.
        let Self { entry, hunt, task, is_given_up, look } = self;
        *entry = None;
        *hunt = None;
        (*task, *is_given_up, *look) = (Task::default(), false, DeskLook::default());
    }

    pub fn is_holding(&self) -> bool {
        self.entry.as_ref().is_some_and(Unfinished::is_holding)
    }

    /// The search for the slip in the words.
    pub fn search(&self) -> Option<&Search> {
        self.entry.as_ref()?.search()
    }

    /// Begins a search for what stands in the cells, or goes on with the one for the same words. Says whether there can be one.
    pub(super) fn begin_search(&mut self) -> bool {
        let Some(Unfinished { entry, search, .. }) = &mut self.entry else { return false };
        entry.go(entry.current());
        *search = Search::of(entry, search.take());
        search.is_some()
    }
}

/// The words of a phrase that is not checked yet, with the search for a slip in them, which holds them too: one value, so that neither
/// outlives the other.
#[derive(Debug)]
pub struct Unfinished {
    pub(super) entry: PhraseEntry,
    pub(super) search: Option<Search>,
    /// Somebody sat down in front of them, perhaps not the one who typed them: none of them is shown or said.
    is_kept: bool,
}

impl Unfinished {
    pub fn new(form: PhraseForm) -> Self {
        Self { entry: PhraseEntry::new(form), search: None, is_kept: false }
    }

    /// Whether there is anything of a phrase in it: cells may be emptied while the search still has their words.
    pub fn is_holding(&self) -> bool {
        !self.entry.is_empty() || self.search.is_some()
    }

    pub fn is_kept(&self) -> bool {
        self.is_kept
    }

    pub fn search(&self) -> Option<&Search> {
        self.search.as_ref()
    }
}

impl Deref for Unfinished {
    type Target = PhraseEntry;

    fn deref(&self) -> &PhraseEntry {
        &self.entry
    }
}

impl DerefMut for Unfinished {
    fn deref_mut(&mut self) -> &mut PhraseEntry {
        &mut self.entry
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::WordCount;
    use crate::domain::wordlist::WordList;
    use crate::journey::Journey;

    #[test]
    fn words_that_a_search_has_count_as_held_until_both_are_dropped() {
        let mut journey = Journey::default();
        assert!(!journey.is_holding());
        let form = PhraseForm { language: WordList::English, words: WordCount::TWELVE };
        let entry = journey.desk.begin(Task::Recovery, form);
        assert!(!entry.is_holding());
        entry.paste("abandon ability able about above absent absorb abstract absurd abuse access accident");
        assert!(journey.desk.begin_search() && journey.is_holding());
        let entry = journey.desk.entry.as_mut().unwrap();
        for place in 0..12 {
            entry.go(place);
            entry.clear_cell();
        }
        assert!(entry.is_empty() && entry.is_holding() && journey.is_holding() && journey.desk.search().is_some());
        journey.desk.clear();
        assert!(!journey.is_holding() && journey.desk.search().is_none());
    }
}
