//! What is typed and chosen for a plan, and when an answer is one.

use std::path::PathBuf;

use super::pages::PURPOSES;
use super::people::People;
use crate::domain::ceremony::{NameStyle, Plan, Threshold};
use crate::domain::kind::{Kind, Rules};
use crate::domain::phrase::{PhraseForm, WordCount};
use crate::domain::text::{Text, is_address};
use crate::domain::wordlist::WordList;
use crate::effect::{Place, Trouble};
use crate::journey::export::is_name;
use crate::ui::console::Console;
use crate::ui::widgets::{ChosenRow, Field};

/// The lengths of a phrase.
pub const WORDS: [u8; 5] = [12, 15, 18, 21, 24];
/// The new folder, where no other name is typed.
pub const FOLDER: &str = "conclave-backup";

/// All answers, as far as they go.
pub struct Draft {
    /// What is planned.
    pub kind: Kind,
    pub organization: Field,
    pub conductor: Field,
    pub purpose: ChosenRow,
    pub people: People,
    pub names: ChosenRow,
    pub threshold: Field,
    /// Everybody is needed, and that was agreed to: for so many people.
    pub all_agreed: Option<usize>,
    pub email: Field,
    pub words: ChosenRow,
    pub language: ChosenRow,
    pub place: ChosenRow,
    pub folder: Field,
}

impl Default for Draft {
    fn default() -> Self {
        let english = WordList::ALL.iter().position(|list| *list == WordList::English);
        Self {
            kind: Kind::default(),
            organization: Field::default(),
            conductor: Field::default(),
            purpose: ChosenRow::default(),
            people: People::default(),
            names: ChosenRow::default(),
            threshold: Field::default(),
            all_agreed: None,
            email: Field::default(),
            words: ChosenRow::default(),
            language: ChosenRow::at(english.unwrap_or(0)),
            place: ChosenRow::default(),
            folder: Field::with(FOLDER),
        }
    }
}

impl Draft {
    pub fn names(&self) -> NameStyle {
        chosen(self.names, &NameStyle::ALL).unwrap_or_default()
    }

    pub fn is_training(&self) -> bool {
        chosen(self.purpose, &PURPOSES).is_some_and(|(is_training, _)| is_training)
    }

    pub fn form(&self) -> PhraseForm {
        let words = chosen(self.words, &WORDS).and_then(WordCount::new).unwrap_or(WordCount::TWELVE);
        PhraseForm { language: chosen(self.language, &WordList::ALL).unwrap_or(WordList::English), words }
    }

    /// What was typed as the threshold, if it is a number; what the kind decides is not typed.
    pub fn threshold(&self) -> Option<u8> {
        if self.kind.rules().is_opened_alone() {
            return Some(*self.kind.rules().threshold.start());
        }
        self.threshold.text().trim().parse().ok()
    }

    /// What it means for the people that are named.
    pub fn meaning(&self) -> Option<Threshold> {
        Some(Threshold::of(self.kind.rules(), self.threshold()?, self.people.chosen().len()))
    }

    pub fn place<'a>(&self, console: &'a Console) -> Option<&'a Place> {
        let places = Place::for_exports(&console.journey.places);
        self.place.chosen(places.len()).and_then(|index| places.get(index).copied())
    }

    /// The new folder.
    pub fn folder(&self, console: &Console) -> Option<PathBuf> {
        let name = self.folder.text().trim();
        is_name(name).then(|| self.place(console).map(|place| place.path.join(name)))?
    }

    /// The plan, where every answer is one.
    pub fn plan(&self) -> Option<Plan> {
        let threshold = self.threshold()?;
        self.meaning()?.is_possible().then_some(())?;
        Some(Plan {
            kind: self.kind,
            conductor: text(&self.conductor)?,
            organization: text(&self.organization)?,
            is_training: self.is_training(),
            shareholders: self.people.chosen().to_vec(),
            names: self.names(),
            threshold,
            delivery: text(&self.email).filter(|address| is_address(address.raw()))?,
            form: self.form(),
        })
    }

    /// Whether anything of it is somebody's work.
    pub fn is_touched(&self) -> bool {
        let fields = [&self.organization, &self.conductor, &self.email];
        fields.iter().any(|field| !field.text().is_empty()) || !self.people.chosen().is_empty()
    }
}

/// The text of a field without what stands around it.
pub fn text(field: &Field) -> Option<Text> {
    Text::new(field.text().trim())
}

/// A name that is asked for.
pub fn check_text(field: &Field, what: &str) -> Result<(), Trouble> {
    match text(field) {
        Some(_) => Ok(()),
        None if field.text().trim().is_empty() => {
            Err(Trouble::new(format_args!("Nothing was typed: {what} is needed."), ""))
        }
        None => Err(Trouble::new("That is too long.", "At most 256 characters.")),
    }
}

/// Whether so many people can hold one.
pub fn check_count(rules: &Rules, count: usize) -> Result<(), Trouble> {
    if rules.allows_count(count) {
        return Ok(());
    }
    Err(Trouble::new(
        format_args!("{} {} are possible; there are {count} so far.", rules.count_text(), rules.holder.many),
        "Type a name and Enter, or take people from a list.",
    ))
}

fn chosen<T: Copy>(rows: ChosenRow, items: &[T]) -> Option<T> {
    rows.chosen(items.len()).and_then(|index| items.get(index).copied())
}
