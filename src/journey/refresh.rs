//! The next snapshot of a backup: what is changed; four words of its fingerprint from a card, for what needs no phrases; where it is
//! written. A compaction and what a quorum confirms come here behind an opening, and what is sealed of codes when it is decided
//! (`saving`): all of them are asked only for what is left.

use std::path::PathBuf;

use super::export::{is_name, with_extension};
use super::{CardCheck, Given, Goal, Journey, Reply, Saving};
use crate::domain::email::address_in;
use crate::domain::inventory::{CodeKind, SetMode};
use crate::domain::kind::Kind;
use crate::domain::recovery::Holder;
use crate::domain::text::{Safe, Text, counted};
use crate::effect::{Change, Confirmed, ContentsFile, Differences, Effect, Place, RefreshOrder, Refreshed, Trouble};

/// What can be done with a backup that is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    Codes,
    Add,
    Address,
    Rename,
    Unite,
    Confirm,
    Rotate,
    Compact,
}

/// What can be done, and what it is about; the likeliest first.
pub const CHOICES: [(Choice, &str, &str); 8] = [
    (Choice::Add, "Add contents", "keys, vaults and codes from a file"),
    (Choice::Codes, "Save codes", "of an account: pasted, typed, from a file"),
    (Choice::Address, "Change the address", "where snapshots are sent to"),
    (Choice::Rename, "Change a name", "of a shareholder, as the file has it"),
    (Choice::Unite, "Unite", "with a file made side by side"),
    (Choice::Confirm, "Confirm", "what was added; needs phrases"),
    (Choice::Rotate, "Rotate", "new people or phrases; needs phrases"),
    (Choice::Compact, "Compact", "seal all again; needs phrases"),
];

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A row of [`CHOICES`].
    What,
    /// The file with the contents, or the other file.
    File,
    /// A row of the shareholders.
    Who,
    /// A new address or name.
    Text,
    /// A word of the card.
    Card,
    /// A row of [`Place::for_exports`]; or to look for places again.
    Place,
    /// The name of a new file in the chosen folder.
    Name,
    /// Of which file that is kept which only one can keep: a row of [`Differences`].
    Keep,
    /// Nothing any more: a file was written.
    Done,
}

/// Why an answer is not taken, or what was done failed.
#[derive(Debug)]
pub enum Refusal {
    /// The list has no such row.
    NotListed,
    /// Nothing was typed, or more than fits.
    NoText,
    NoAddress,
    /// That word of the card, from 0, is another one in this file.
    AnotherWord(usize),
    /// It cannot be the name of a file in the chosen folder.
    NotAName,
    NotWritten(Trouble),
}

/// What is decided of the next snapshot, and what is asked now.
pub struct Refresh {
    asked: Asked,
    choice: Choice,
    /// Which shareholder gets another name.
    who: Option<u8>,
    change: Option<Change>,
    /// Words of the card that matched, in the order in which they are asked for.
    words: Vec<String>,
    folder: PathBuf,
    name: String,
    /// What the files that are united say differently.
    differences: Differences,
    done: Option<Refreshed>,
}

impl Default for Refresh {
    fn default() -> Self {
        Self {
            asked: Asked::What,
            choice: Choice::Add,
            who: None,
            change: None,
            words: Vec::new(),
            folder: PathBuf::new(),
            name: String::new(),
            differences: Differences::default(),
            done: None,
        }
    }
}

impl Refresh {
    /// Of a backup that a quorum opened: all its contents are sealed again.
    pub fn compacting() -> Self {
        Self { asked: Asked::Place, choice: Choice::Compact, change: Some(Change::Compact), ..Self::default() }
    }

    /// Of a backup that a quorum opened: what it confirms of what was added is decided.
    pub fn confirming(confirmed: Confirmed) -> Self {
        let change = Some(Change::Confirm(confirmed));
        Self { asked: Asked::Place, choice: Choice::Confirm, change, ..Self::default() }
    }

    /// What was decided of the codes of an account. Whoever opened the backup, or compared a card before, is not asked for one.
    pub fn sealing(journey: &Journey) -> Self {
        let has_card =
            journey.opening.is_some() || journey.backup.as_ref().is_some_and(|backup| !backup.card.is_empty());
        let asked = if has_card { Asked::Place } else { Asked::Card };
        Self { asked, choice: Choice::Codes, change: journey.saving.change().cloned(), ..Self::default() }
    }

    pub fn asked(&self) -> Asked {
        self.asked
    }

    /// Whether the places have to be looked for at once.
    pub fn begins_with_places(&self) -> bool {
        self.asked == Asked::Place
    }

    /// Whether nothing but the training purpose speaks for the file that is sealed to.
    pub fn is_not_compared(&self, journey: &Journey) -> bool {
        let has_card = journey.backup.as_ref().is_some_and(|backup| !backup.card.is_empty());
        self.words.is_empty() && !has_card && journey.opening.is_none()
    }

    pub fn choice(&self) -> Choice {
        self.choice
    }

    pub fn is_compaction(&self) -> bool {
        matches!(self.change, Some(Change::Compact))
    }

    /// What a quorum confirms, if that is what is sealed.
    pub fn confirmed(&self) -> Option<&Confirmed> {
        match &self.change {
            Some(Change::Confirm(confirmed)) => Some(confirmed),
            _ => None,
        }
    }

    /// What is changed, once that is decided.
    pub fn change(&self) -> Option<&Change> {
        let is_decided = match self.asked {
            Asked::What | Asked::File | Asked::Who | Asked::Text => false,
            Asked::Card | Asked::Place | Asked::Name | Asked::Keep | Asked::Done => true,
        };
        self.change.as_ref().filter(|_| is_decided)
    }

    /// The name that was taken, with its ending.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The words of the card that matched.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Which word of the card is asked for, from 0; `None` when all four matched.
    pub fn word_asked(&self, journey: &Journey) -> Option<usize> {
        journey.backup.as_ref()?.summary.asked_four.get(self.words.len()).copied()
    }

    /// What was written, at the end.
    pub fn done(&self) -> Option<&Refreshed> {
        self.done.as_ref()
    }

    /// An answer to what is asked. [`Reply::Left`] where phrases are needed first: [`Journey::next`] says where that goes on.
    pub fn answer(&mut self, given: Given<'_>, journey: &mut Journey) -> Reply<Refusal> {
        match self.asked {
            Asked::What => match given.row().and_then(|row| CHOICES.get(row)) {
                Some((choice, ..)) => self.choose(*choice, journey),
                None => Reply::Refused(Refusal::NotListed),
            },
            Asked::File => match (given, self.choice) {
                (Given::File(path), Choice::Unite) => self.changes(Change::Merge(path.to_owned())),
                (Given::File(path), _) => Reply::Do(Effect::LookAtTable { path: path.to_owned() }, "Reading the file"),
                (Given::Row(_) | Given::Text(_) | Given::Yes | Given::Again, _) => Reply::Refused(Refusal::NotListed),
            },
            Asked::Who => match given.row().and_then(|row| holders(journey).get(row)) {
                Some(holder) => {
                    self.who = Some(holder.number);
                    self.turn(Asked::Text)
                }
                None => Reply::Refused(Refusal::NotListed),
            },
            Asked::Text => match (Text::new(given.text().trim()), self.who) {
                (None, _) => Reply::Refused(Refusal::NoText),
                (Some(name), Some(number)) => self.changes(Change::Rename { number, name }),
                (Some(typed), None) => match address_in(typed.raw()) {
                    Some(address) => self.changes(Change::Email(address)),
                    None => Reply::Refused(Refusal::NoAddress),
                },
            },
            Asked::Card => self.take_word(given.text(), journey),
            Asked::Place if matches!(given, Given::Again) => look_for_places(),
            Asked::Place => match given.row().and_then(|row| Place::for_exports(&journey.places).get(row).copied()) {
                Some(place) => {
                    self.folder.clone_from(&place.path);
                    self.turn(Asked::Name)
                }
                None => Reply::Refused(Refusal::NotListed),
            },
            Asked::Name if !is_name(given.text().trim()) => Reply::Refused(Refusal::NotAName),
            Asked::Name => {
                self.name = with_extension(given.text().trim(), "json");
                self.write(None, journey)
            }
            Asked::Keep => match given.row().filter(|row| *row < self.differences.files.len()) {
                Some(row) => self.write(Some(row), journey),
                None => Reply::Refused(Refusal::NotListed),
            },
            Asked::Done => Reply::Left,
        }
    }

    /// What is added: somebody agreed to how it is understood, or nothing was to be asked.
    pub fn hear_contents(&mut self, file: ContentsFile) -> Reply<Refusal> {
        self.changes(Change::Add(file))
    }

    /// One question back.
    pub fn back(&mut self) -> Reply<Refusal> {
        let to = match self.asked {
            Asked::What | Asked::Done => return Reply::Left,
            // What was opened stays below a compaction; what was decided of codes is asked about again.
            Asked::Place if self.is_compaction() || self.confirmed().is_some() => return Reply::Left,
            Asked::Card if self.choice == Choice::Codes => return Reply::Left,
            Asked::Place if self.choice == Choice::Codes && self.words.is_empty() => return Reply::Left,
            Asked::Text if self.who.is_some() => Asked::Who,
            Asked::File | Asked::Who | Asked::Text => Asked::What,
            Asked::Card => match self.change {
                Some(Change::Email(_) | Change::Rename { .. }) => Asked::Text,
                Some(
                    Change::Add(_)
                    | Change::Merge(_)
                    | Change::Compact
                    | Change::Confirm(_)
                    | Change::Codes(_)
                    | Change::Used { .. },
                )
                | None => Asked::File,
            },
            Asked::Place => {
                self.words.clear();
                Asked::Card
            }
            Asked::Name => Asked::Place,
            Asked::Keep => Asked::Name,
        };
        self.turn(to)
    }

    /// Where files may be.
    pub fn hear_places(&mut self, places: Vec<Place>, journey: &mut Journey) {
        journey.places = places;
    }

    /// What became of the file.
    pub fn hear_refreshed(&mut self, result: Result<Refreshed, Trouble>, journey: &mut Journey) -> Reply<Refusal> {
        journey.history.refresh(&result);
        match result {
            Ok(refreshed) => {
                if let Some(backup) = &mut journey.backup {
                    backup.summary.sequence = refreshed.sequence;
                }
                if self.choice == Choice::Codes {
                    journey.saving = Saving::default();
                }
                self.done = Some(refreshed);
                self.turn(Asked::Done)
            }
            Err(trouble) => Reply::Refused(Refusal::NotWritten(trouble)),
        }
    }

    /// Nothing was written: the files differ in what only one of them can keep.
    pub fn hear_differences(&mut self, differences: Differences) -> Reply<Refusal> {
        self.differences = differences;
        self.turn(Asked::Keep)
    }

    /// What the files that are united say differently.
    pub fn differences(&self) -> &Differences {
        &self.differences
    }

    fn choose(&mut self, choice: Choice, journey: &mut Journey) -> Reply<Refusal> {
        (self.choice, self.who) = (choice, None);
        match choice {
            Choice::Add | Choice::Unite => self.turn(Asked::File),
            Choice::Address => self.turn(Asked::Text),
            Choice::Rename => self.turn(Asked::Who),
            Choice::Codes => {
                journey.turn_saving(Saving::default());
                journey.turn_to(Goal::Save);
                Reply::Left
            }
            Choice::Rotate => {
                journey.turn_to(Goal::Rotate);
                Reply::Left
            }
            Choice::Compact => {
                journey.turn_to(Goal::Compact);
                Reply::Left
            }
            Choice::Confirm => {
                journey.turn_to(Goal::Confirm);
                Reply::Left
            }
        }
    }

    /// It is decided what is changed; next the card shows that the file is of this backup.
    fn changes(&mut self, change: Change) -> Reply<Refusal> {
        self.change = Some(change);
        self.words.clear();
        self.turn(Asked::Card)
    }

    fn take_word(&mut self, typed: &str, journey: &mut Journey) -> Reply<Refusal> {
        let Some(backup) = &mut journey.backup else { return Reply::Left };
        let summary = &backup.summary;
        let Some(asked) = summary.asked_four.get(self.words.len()) else { return self.ask_for_place() };
        let typed = typed.trim().to_lowercase();
        // In training the card may be left out.
        if typed.is_empty() && self.words.is_empty() && summary.is_training {
            return self.ask_for_place();
        }
        if !summary.fingerprint.has(*asked, &typed) {
            return Reply::Refused(Refusal::AnotherWord(*asked));
        }
        self.words.push(typed);
        if self.words.len() < summary.asked_four.len() {
            return Reply::Ask;
        }
        backup.compared = Some(CardCheck::Word);
        // Not asked for again, when more is sealed.
        backup.card = summary.asked_four.into_iter().zip(self.words.iter().cloned()).collect();
        self.ask_for_place()
    }

    fn ask_for_place(&mut self) -> Reply<Refusal> {
        self.turn(Asked::Place);
        look_for_places()
    }

    fn write(&self, keep: Option<usize>, journey: &Journey) -> Reply<Refusal> {
        let (Some(change), Some(backup)) = (self.change.clone(), &journey.backup) else { return Reply::Ask };
        let words = backup.card.clone();
        let order = RefreshOrder { change, path: self.folder.join(&self.name), words, keep };
        Reply::Do(Effect::Refresh(Box::new(order)), "Sealing, writing, and reading back what was written")
    }

    fn turn(&mut self, to: Asked) -> Reply<Refusal> {
        self.asked = to;
        Reply::Ask
    }
}

/// The shareholders, of whom one can get another name.
pub fn holders(journey: &Journey) -> &[Holder] {
    journey.backup.as_ref().map_or(&[], |backup| backup.board.shareholders())
}

/// What came of it, where it is about codes: `Saved: 10 codes for GitHub / ops@example.org`.
pub fn saved(change: &Change) -> Option<String> {
    match change {
        Change::Codes(set) if set.kind == CodeKind::None => {
            Some(format!("Saved: {} / {} has no codes", set.service, set.login))
        }
        Change::Codes(set) => {
            let retired = if set.mode == SetMode::Replace { ", in the place of earlier ones" } else { "" };
            let codes = counted(set.codes.len(), "code");
            Some(format!("Saved: {codes} for {} / {}{retired}", set.service, set.login))
        }
        Change::Used { title, .. } => Some(format!("Marked as used: a code of {}", Safe(title))),
        Change::Add(_)
        | Change::Email(_)
        | Change::Rename { .. }
        | Change::Merge(_)
        | Change::Compact
        | Change::Confirm(_) => None,
    }
}

/// The name that is offered for the next file.
pub fn name_offered(journey: &Journey) -> String {
    let next = journey.backup.as_ref().map_or(1, |backup| backup.summary.sequence.saturating_add(1));
    let name = if journey.kind() == Kind::Codes { "codes" } else { "snapshot" };
    format!("{name}-{next}.json")
}

fn look_for_places() -> Reply<Refusal> {
    Reply::Do(Effect::FindPlaces, "Looking for media")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::effect::PlaceKind;
    use crate::journey::samples::loaded;

    fn at_card(journey: &mut Journey) -> Refresh {
        let mut refresh = Refresh::default();
        refresh.answer(Given::Row(0), journey);
        let path = Path::new("/b/added.json");
        assert!(matches!(refresh.answer(Given::File(path), journey), Reply::Do(Effect::LookAtTable { .. }, _)));
        refresh.hear_contents(path.to_owned().into());
        assert_eq!(refresh.asked(), Asked::Card);
        refresh
    }

    /// Answers with the word of the card that is asked for.
    fn word(refresh: &mut Refresh, journey: &mut Journey) -> Reply<Refusal> {
        let asked = refresh.word_asked(journey).unwrap();
        let words = journey.backup.as_ref().unwrap().summary.fingerprint.words();
        refresh.answer(Given::Text(words[asked]), journey)
    }

    #[test]
    fn each_choice_leads_to_its_question_and_back() {
        for (row, (choice, asked)) in [
            (Choice::Add, Some(Asked::File)),
            (Choice::Codes, None),
            (Choice::Address, Some(Asked::Text)),
            (Choice::Rename, Some(Asked::Who)),
            (Choice::Unite, Some(Asked::File)),
            (Choice::Confirm, None),
            (Choice::Rotate, None),
            (Choice::Compact, None),
        ]
        .into_iter()
        .enumerate()
        {
            let (mut journey, mut refresh) = (loaded(), Refresh::default());
            assert_eq!(CHOICES[row].0, choice);
            let reply = refresh.answer(Given::Row(row), &mut journey);
            if let Some(asked) = asked {
                assert_eq!((refresh.asked(), matches!(reply, Reply::Ask)), (asked, true), "{choice:?}");
                refresh.back();
                assert_eq!(refresh.asked(), Asked::What, "{choice:?}");
            } else {
                assert!(matches!(reply, Reply::Left), "{choice:?}");
                let goal = match choice {
                    Choice::Rotate => Goal::Rotate,
                    Choice::Confirm => Goal::Confirm,
                    Choice::Codes => Goal::Save,
                    _ => Goal::Compact,
                };
                assert_eq!(journey.goal(), goal);
            }
        }
    }

    #[test]
    fn what_needs_no_phrases_needs_four_words_of_the_card() {
        let mut journey = loaded();
        let mut refresh = at_card(&mut journey);
        for typed in ["", "none", "two words"] {
            let reply = refresh.answer(Given::Text(typed), &mut journey);
            assert!(matches!(reply, Reply::Refused(Refusal::AnotherWord(1))), "{typed}");
        }
        for _ in 0..3 {
            assert!(matches!(word(&mut refresh, &mut journey), Reply::Ask));
        }
        assert_eq!(journey.backup.as_ref().unwrap().compared, None);
        assert!(matches!(word(&mut refresh, &mut journey), Reply::Do(Effect::FindPlaces, _)));
        assert_eq!((refresh.asked(), refresh.words().len()), (Asked::Place, 4));
        assert_eq!(journey.backup.as_ref().unwrap().compared, Some(CardCheck::Word));
        // Back to the card: it is looked at anew.
        refresh.back();
        assert_eq!((refresh.asked(), refresh.words().len()), (Asked::Card, 0));
    }

    #[test]
    fn a_file_is_written_under_a_name_in_a_place_and_what_failed_can_be_tried_again() {
        let mut journey = loaded();
        let mut refresh = at_card(&mut journey);
        (0..4).for_each(|_| drop(word(&mut refresh, &mut journey)));
        refresh.hear_places(vec![Place::new(PlaceKind::Current, "/here", true)], &mut journey);
        assert!(matches!(refresh.answer(Given::Row(1), &mut journey), Reply::Refused(Refusal::NotListed)));
        refresh.answer(Given::Row(0), &mut journey);
        assert!(matches!(refresh.answer(Given::Text("a/b"), &mut journey), Reply::Refused(Refusal::NotAName)));
        let Reply::Do(Effect::Refresh(order), _) = refresh.answer(Given::Text("next"), &mut journey) else {
            panic!("nothing is written");
        };
        assert_eq!((order.path.to_str(), order.words.len()), (Some("/here/next.json"), 4));
        assert!(matches!(&order.change, Change::Add(file) if file.path.ends_with("added.json")));
        let full = Err(Trouble::new("full.", "Make room."));
        assert!(matches!(refresh.hear_refreshed(full, &mut journey), Reply::Refused(Refusal::NotWritten(_))));
        assert_eq!((refresh.asked(), journey.history.is_unwritten), (Asked::Name, true));
    }

    #[test]
    fn what_differs_is_decided_by_somebody_before_it_is_written() {
        let mut journey = loaded();
        let mut refresh = at_card(&mut journey);
        (0..4).for_each(|_| drop(word(&mut refresh, &mut journey)));
        refresh.hear_places(vec![Place::new(PlaceKind::Current, "/here", true)], &mut journey);
        refresh.answer(Given::Row(0), &mut journey);
        refresh.answer(Given::Text("next"), &mut journey);
        let both = |one: &str, other: &str| vec![one.to_owned(), other.to_owned()];
        let differences = Differences {
            files: both("a.json", "b.json"),
            labels: vec![("Address".to_owned(), both("a@x.org", "b@x.org"))],
            ..Differences::default()
        };
        assert_eq!(differences.lines(), ["Address: a@x.org (A) or b@x.org (B)"]);
        assert!(matches!(refresh.hear_differences(differences), Reply::Ask));
        assert_eq!(refresh.asked(), Asked::Keep);
        assert!(matches!(refresh.answer(Given::Row(2), &mut journey), Reply::Refused(Refusal::NotListed)));
        let Reply::Do(Effect::Refresh(order), _) = refresh.answer(Given::Row(1), &mut journey) else {
            panic!("nothing is written");
        };
        assert_eq!((order.keep, order.path.to_str()), (Some(1), Some("/here/next.json")));
        refresh.back();
        assert_eq!(refresh.asked(), Asked::Name);
    }

    #[test]
    fn a_name_and_an_address_are_told_apart_by_what_was_chosen() {
        let mut journey = loaded();
        let mut refresh = Refresh::default();
        refresh.answer(Given::Row(3), &mut journey);
        refresh.answer(Given::Row(1), &mut journey);
        refresh.answer(Given::Text("jane@example.org"), &mut journey);
        assert!(matches!(refresh.change(), Some(Change::Rename { number: 2, .. })));
        let mut refresh = Refresh::default();
        refresh.answer(Given::Row(2), &mut journey);
        assert!(matches!(refresh.answer(Given::Text("Jane"), &mut journey), Reply::Refused(Refusal::NoAddress)));
        refresh.answer(Given::Text("jane@example.org"), &mut journey);
        assert!(matches!(refresh.change(), Some(Change::Email(_))));
    }
}
