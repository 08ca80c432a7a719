//! What is typed and chosen for a plan, and when an answer is one.

use std::path::PathBuf;

use super::pages::PURPOSES;
use super::people::People;
use crate::domain::ceremony::{NameStyle, Person, Plan, ProposedPlan, Threshold};
use crate::domain::email::address_in;
use crate::domain::kind::{Kind, Rules};
use crate::domain::phrase::{PhraseForm, WordCount};
use crate::domain::text::Text;
use crate::domain::wordlist::WordList;
use crate::effect::{Place, PlaceKind, Trouble};
use crate::journey::export::is_name;
use crate::ui::console::Console;
use crate::ui::key::Key;
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
    /// The number was not typed: one that is typed takes its place.
    pub is_threshold_proposed: bool,
    /// Everybody is needed, and that was agreed to: for so many people.
    pub all_agreed: Option<usize>,
    pub email: Field,
    pub words: ChosenRow,
    pub language: ChosenRow,
    pub place: ChosenRow,
    /// Places were offered once, and one of them was chosen.
    pub has_seen_places: bool,
    /// The place that the command line names.
    pub named_place: Option<PathBuf>,
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
            is_threshold_proposed: false,
            all_agreed: None,
            email: Field::default(),
            words: ChosenRow::default(),
            language: ChosenRow::at(english.unwrap_or(0)),
            place: ChosenRow::default(),
            has_seen_places: false,
            named_place: None,
            folder: Field::with(FOLDER),
        }
    }
}

impl Draft {
    /// The answers of a plan that is to be changed, without that shareholder.
    pub fn again(plan: &Plan, declined: u8) -> Self {
        let proposed = ProposedPlan {
            organization: Some(plan.organization.clone()),
            is_training: Some(plan.is_training),
            conductor: Some(plan.conductor.clone()),
            threshold: Some(plan.threshold),
            delivery: Some(plan.delivery.clone()),
            names: Some(plan.names),
            words: Some(plan.form.words),
            language: Some(plan.form.language),
            ..ProposedPlan::default()
        };
        let mut draft = Self { kind: plan.kind, ..Self::default() };
        draft.propose(proposed);
        draft.people = People::without(plan.shareholders.clone(), usize::from(declined).saturating_sub(1));
        draft
    }

    /// Takes over what is known; people and contents come from files, which are read first.
    pub fn propose(&mut self, proposed: ProposedPlan) {
        let ProposedPlan {
            contents: _,
            agreed: _,
            creates_keys: _,
            people: _,
            organization,
            is_training,
            conductor,
            threshold,
            delivery,
            folder,
            names,
            words,
            language,
        } = proposed;
        let texts =
            [(organization, &mut self.organization), (conductor, &mut self.conductor), (delivery, &mut self.email)];
        for (text, field) in texts {
            if let Some(text) = text {
                *field = Field::with(text.raw());
            }
        }
        if let Some(threshold) = threshold {
            self.threshold = Field::with(&threshold.to_string());
            self.is_threshold_proposed = true;
        }
        let row = |place: Option<usize>, row: &mut ChosenRow| {
            if let Some(place) = place {
                *row = ChosenRow::at(place);
            }
        };
        let purpose = |wanted| PURPOSES.iter().position(|(is_training, _)| *is_training == wanted);
        row(is_training.and_then(purpose), &mut self.purpose);
        row(names.and_then(|wanted| NameStyle::ALL.iter().position(|style| *style == wanted)), &mut self.names);
        row(
            words.and_then(|wanted| WORDS.iter().position(|words| usize::from(*words) == wanted.words())),
            &mut self.words,
        );
        row(language.and_then(|wanted| WordList::ALL.iter().position(|list| *list == wanted)), &mut self.language);
        if let Some((parent, name)) = folder.as_deref().and_then(|folder| Some((folder.parent()?, folder.file_name()?)))
        {
            let parent = if parent.as_os_str().is_empty() { std::path::Path::new(".") } else { parent };
            self.named_place = Some(parent.to_owned());
            self.folder = Field::with(&name.to_string_lossy());
        }
    }

    /// The place that the command line names is one of those that are offered.
    pub fn keep_named_place(&self, places: &mut Vec<Place>) {
        if let Some(named) = &self.named_place
            && !places.iter().any(|place| place.path == *named && place.is_writable)
        {
            places.push(Place::new(PlaceKind::Named, named.clone(), true));
        }
    }

    /// Types the number of those who are needed: what is typed takes the place of what was proposed.
    pub fn on_threshold_key(&mut self, key: Key) {
        if matches!(key, Key::Char(_)) && self.is_threshold_proposed {
            self.threshold.clear();
        }
        if self.threshold.on_key(key) {
            self.is_threshold_proposed = false;
        }
    }

    /// Who asks: the name alone.
    pub fn asker(&self) -> Option<Text> {
        Person::parse(self.conductor.text()).map(|person| person.name)
    }
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
            conductor: self.asker()?,
            organization: text(&self.organization)?,
            is_training: self.is_training(),
            shareholders: self.people.chosen().to_vec(),
            names: self.names(),
            threshold,
            delivery: address_in(self.email.text())?,
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
