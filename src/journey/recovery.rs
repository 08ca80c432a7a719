//! A recovery: a file is read, what it is gets looked at, phrases are verified, and a quorum opens it.

use std::sync::Arc;
use std::time::Duration;

use zeroize::Zeroizing;

use super::{Behind, Goal, HowOpened, Journey, Route, Task};
use crate::domain::inventory::Inventory;
use crate::domain::kind::{HolderWords, Kind};
use crate::domain::phrase::{PhraseError, PhraseForm};
use crate::domain::phrase_entry::PhraseEntry;
use crate::domain::recovery::{Board, RecoveryStage};
use crate::effect::{Act, Answer, DeviceAct, Effect, Near, Opening, Outcome, Source, Summary, TypedWords};

/// A backup and how far its recovery is.
#[derive(Debug)]
pub struct Recovery {
    pub summary: Summary,
    pub board: Board,
    /// What is asked of it before anybody types; `None` when that is answered.
    pub question: Option<Question>,
    /// How the fingerprint was compared; `None` until it was.
    pub compared: Option<CardCheck>,
    /// What a derivation takes: the forecast at first, then what the last one took.
    pub derivation: Duration,
    /// Whose phrase was accepted last, to be said once.
    pub last_answer: Option<String>,
    /// Words of a public card that are those of the file, with their places: enough to seal to it without phrases.
    pub card: Vec<(usize, String)>,
}

/// What is asked of a backup before anybody types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Whether it is what people came for: the backup of a device is none of an organization.
    Kind,
    /// Whether other files of it are read too.
    Near,
    /// Whether to go on with a damaged file.
    Harm,
    /// A word of a public card.
    Card,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardCheck {
    /// A word of the card was typed and matched.
    Word,
    /// There was no card.
    Not,
}

/// What was typed from a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardAnswer {
    /// It is answered.
    Done(CardCheck),
    /// Nothing was typed.
    Nothing,
    /// Several words: perhaps those of a phrase.
    Several,
    /// Another word than that of the file.
    Another,
}

impl Recovery {
    /// `is_for_device`: the backup of a device is wanted.
    fn of(summary: Summary, asks_near: bool, is_for_device: bool) -> Self {
        let board = Board::new(summary.threshold, summary.shareholders.clone());
        let mut recovery = Self {
            derivation: summary.expected,
            summary,
            board,
            question: Some(Question::Near),
            compared: None,
            last_answer: None,
            card: Vec::new(),
        };
        if recovery.is_of_device() || is_for_device {
            recovery.question = Some(Question::Kind);
        } else if !asks_near || recovery.advised().next().is_none() {
            recovery.go_on_from_near();
        }
        recovery
    }

    /// Whether it is one person's.
    pub fn is_of_device(&self) -> bool {
        self.summary.kind == Kind::Device
    }

    /// Files near by that add something.
    pub fn advised(&self) -> impl Iterator<Item = &Near> {
        self.summary.near.iter().filter(|near| near.standing.is_advised())
    }

    /// Whether there is something to be said of damage.
    pub fn is_harmed(&self) -> bool {
        !self.summary.condition.is_whole()
    }

    fn go_on_from_near(&mut self) {
        self.question = if self.is_harmed() { Some(Question::Harm) } else { self.card() };
    }

    /// Whoever opens a device has no card of it: nobody else seals to it.
    fn card(&self) -> Option<Question> {
        (!self.is_of_device()).then_some(Question::Card)
    }

    /// Compares a word with the one that is asked for; `none` where there is no card.
    fn compare(&mut self, typed: &str) -> CardAnswer {
        let typed = typed.trim();
        let words = self.summary.fingerprint.words();
        let is_the_word = || words.get(self.summary.asked).is_some_and(|word| word.eq_ignore_ascii_case(typed));
        let compared = match self.compared {
            Some(compared) => compared,
            // Its fingerprint is not that of any card.
            None if !self.summary.condition.can_judge() => CardCheck::Not,
            None if typed.is_empty() => return CardAnswer::Nothing,
            None if typed.eq_ignore_ascii_case("none") => CardCheck::Not,
            None if is_the_word() => CardCheck::Word,
            None if typed.contains(char::is_whitespace) => return CardAnswer::Several,
            None => return CardAnswer::Another,
        };
        (self.compared, self.question) = (Some(compared), None);
        CardAnswer::Done(compared)
    }
}

impl Journey {
    /// The kind of backup that this is about.
    pub fn kind(&self) -> Kind {
        let making = self.making.as_ref().map(|making| making.plan.kind);
        making.or(self.backup.as_ref().map(|backup| backup.summary.kind)).unwrap_or_default()
    }

    /// What those who hold it are called.
    pub fn holder(&self) -> &'static HolderWords {
        &self.kind().rules().holder
    }

    /// What comes next.
    pub fn next(&self) -> Route {
        let Some(backup) = &self.backup else {
            return if self.goal == Goal::Device { Route::Device } else { Route::Choose };
        };
        match (&self.opening, backup.question, self.goal, backup.board.stage()) {
            (Some(_), _, Goal::Compact, _) => Route::Compact,
            (Some(_), _, Goal::Rotate | Goal::Confirm, _) => Route::Review,
            (
                Some(_),
                _,
                Goal::Recover | Goal::Practise | Goal::Make | Goal::Refresh | Goal::Save | Goal::Device | Goal::Restore,
                _,
            ) => Route::Recovered,
            (None, _, Goal::Device, _) => Route::Device,
            // Where codes are saved four words of the card are asked for, later.
            (None, None | Some(Question::Card), Goal::Save, _) => Route::Codes,
            (None, Some(Question::Kind | Question::Near | Question::Harm | Question::Card), _, _) => Route::Open,
            (None, None, Goal::Refresh, _) => Route::Refresh,
            (
                None,
                None,
                Goal::Recover
                | Goal::Practise
                | Goal::Make
                | Goal::Rotate
                | Goal::Compact
                | Goal::Confirm
                | Goal::Restore,
                stage,
            ) => match stage {
                RecoveryStage::Quorum => Route::Quorum,
                // Nobody comes after its one user.
                RecoveryStage::Gathering if backup.is_of_device() => Route::Device,
                RecoveryStage::Gathering => Route::People,
            },
        }
    }

    /// Whether what comes after a phrase lies below it already: the people, or the page of a device, which goes on itself.
    pub fn is_below(&self, next: &Route) -> bool {
        match next {
            Route::People | Route::Device => true,
            Route::Quorum => self.backup.as_ref().is_some_and(Recovery::is_of_device),
            _ => false,
        }
    }

    /// What has to be done to read what somebody chose. What was held of another backup is dropped.
    pub fn read(&mut self, source: Source) -> Effect {
        self.is_near_asked = false;
        self.read_again(source)
    }

    fn read_again(&mut self, source: Source) -> Effect {
        self.wipe();
        self.was_training = false;
        Effect::Load { source, is_drill: self.is_drill(), keeps_device: false }
    }

    /// A backup was read: the recovery begins anew.
    pub fn load(&mut self, summary: Summary) {
        self.wipe();
        let file = summary.files.first().map(|file| file.name.clone());
        self.history = self.history.of_another(file, summary.method());
        let is_for_device = matches!(self.goal, Goal::Restore | Goal::Device);
        // Left so, it was not what people came for.
        self.history.is_refused = (summary.kind == Kind::Device) != is_for_device;
        let mut backup = Recovery::of(summary, !self.is_near_asked, is_for_device);
        if let Some(words) = self.given_card.as_ref().filter(|words| backup.summary.fingerprint.is(words)) {
            backup.card = words.iter().cloned().enumerate().collect();
            backup.compared = Some(CardCheck::Word);
        }
        self.backup = Some(backup);
    }

    /// Whether files that lie beside the chosen one can be asked about: no phrase would be lost by reading it again.
    pub fn can_ask_near(&self) -> bool {
        self.backup.as_ref().is_some_and(|backup| !backup.summary.near.is_empty()) && !self.is_holding()
    }

    /// Asks once more whether other files are read too, or what is damaged.
    pub fn ask(&mut self, question: Question) {
        if let Some(backup) = &mut self.backup {
            backup.question = Some(question);
        }
    }

    /// Goes on with those files near by that are `taken`; what has to be done, if there is one.
    pub fn take_near(&mut self, taken: impl Fn(usize, &Near) -> bool) -> Option<Effect> {
        let backup = self.backup.as_mut()?;
        backup.go_on_from_near();
        let near = backup.summary.near.iter().enumerate().filter(|(index, near)| taken(*index, near));
        let added: Vec<_> = near.map(|(_, near)| near.path.clone()).collect();
        let paths = [backup.summary.given.clone(), added.clone()].concat();
        self.is_near_asked = true;
        (!added.is_empty()).then(|| self.read_again(Source::Files(paths)))
    }

    /// Goes on with what the file is: a device is restored, all else recovered.
    pub fn accept_kind(&mut self) {
        let asks_near = !self.is_near_asked;
        let Some(backup) = &mut self.backup else { return };
        self.history.is_refused = false;
        match (backup.is_of_device(), self.goal) {
            (
                true,
                Goal::Recover | Goal::Save | Goal::Refresh | Goal::Rotate | Goal::Compact | Goal::Confirm | Goal::Make,
            ) => {
                self.goal = Goal::Restore;
            }
            (false, Goal::Restore | Goal::Device) => self.goal = Goal::Recover,
            (true, Goal::Practise | Goal::Device | Goal::Restore) | (false, _) => {}
        }
        backup.question = Some(Question::Near);
        if !asks_near || backup.advised().next().is_none() {
            backup.go_on_from_near();
        }
    }

    /// Goes on with a damaged file.
    pub fn accept_harm(&mut self) {
        if let Some(backup) = &mut self.backup {
            backup.question = backup.card();
        }
    }

    /// Hears what somebody read from a public card.
    pub fn compare(&mut self, typed: &str) -> CardAnswer {
        self.backup.as_mut().map_or(CardAnswer::Nothing, |backup| backup.compare(typed))
    }

    /// Whoever is behind that wall sits down.
    pub fn sit_down(&mut self, behind: Behind) -> Option<Route> {
        match behind {
            Behind::Request { number } => Some(Route::Request { number, is_another: false }),
            Behind::Another { number } => Some(Route::Request { number, is_another: true }),
            Behind::Verify => self.begin_phrase(Task::Verify),
            Behind::Further => self.begin_phrase(Task::Recovery),
        }
    }

    /// Somebody begins to type the words of a phrase, or goes on with those that are kept for it.
    pub fn begin_phrase(&mut self, task: Task) -> Option<Route> {
        let form = match task {
            Task::Recovery => {
                let backup = self.backup.as_mut()?;
                backup.last_answer = None;
                backup.summary.form?
            }
            Task::Confirm { .. } | Task::Keep { .. } | Task::Verify => self.making.as_ref()?.plan.form,
            Task::TypeBack => PhraseForm::OF_DEVICE,
        };
        self.desk.begin(task, form);
        Some(Route::Phrase)
    }

    /// Has the words checked that stand in the cells, for what they are typed for; `None` without words.
    pub fn check(&self) -> Option<Result<Effect, PhraseError>> {
        let entry = self.desk.entry.as_ref()?;
        Some(match self.desk.task {
            // Compared with what was shown: that names the words, where a checksum only says that some are wrong.
            Task::Confirm { number } => Ok(Effect::Ceremony(Act::Confirm { number, typed: typed(entry) })),
            Task::TypeBack => Ok(Effect::Device(DeviceAct::Confirm(typed(entry)))),
            Task::Keep { number } => entry.phrase().map(|phrase| Effect::Ceremony(Act::Keep { number, phrase })),
            Task::Verify => entry.phrase().map(|phrase| Effect::Ceremony(Act::Verify { phrase })),
            Task::Recovery => entry.phrase().map(|phrase| Effect::Check { phrase }),
        })
    }

    /// Hears whose phrase it is. One that is accepted counts, and its words are dropped; says whether it was.
    pub fn hear_checked(&mut self, answer: &Answer, took: Duration) -> bool {
        let hint = answer.hint().map_or_else(String::new, |hint| format!(". {hint}."));
        if let Some(backup) = &mut self.backup {
            backup.derivation = took;
        }
        match answer {
            Answer::Verified { number, who } | Answer::AlreadyEntered { number, who } => {
                self.verify(*number, who);
                self.desk.clear();
                if let Some(backup) = &mut self.backup {
                    backup.last_answer = Some(format!("{answer}{hint}"));
                }
                return true;
            }
            Answer::AlteredFile { .. } => self.history.altered += 1,
            Answer::NotOfThisBackup { .. } => self.history.wrong += 1,
            Answer::CannotBeJudged => {}
        }
        false
    }

    /// A quorum opened the backup.
    pub fn open(&mut self, opening: Opening) {
        self.desk.clear();
        self.history.opened = Some(HowOpened::of(&opening));
        self.opening = Some(opening);
    }

    /// What is still to be compared in an open backup.
    pub fn next_comparison(&self) -> Option<Effect> {
        let comparison = &self.opening.as_ref()?.comparison;
        (!comparison.is_complete).then_some(Effect::Compare { from: comparison.done })
    }

    /// What came of it.
    pub fn hear_compared(&mut self, outcome: Outcome) {
        let Some(opening) = &mut self.opening else { return };
        let comparison = &mut opening.comparison;
        if let Outcome::Compared(Ok(compared)) = outcome {
            comparison.checks.keys.extend(compared.checks.keys);
            comparison.checks.vaults.extend(compared.checks.vaults);
            comparison.done = compared.done;
            comparison.matches += compared.matches;
            comparison.is_complete = comparison.done >= comparison.total;
            opening.red.extend(compared.red);
            opening.notes.extend(compared.notes);
        } else {
            // It is not asked for again: a defect would come again.
            comparison.is_complete = true;
            opening.red.push(
                "A defect of this program ended the comparison of keys and addresses with the record.".to_owned(),
            );
        }
        self.history.opened = Some(HowOpened::of(opening));
    }

    /// The accepted phrase of a shareholder is no longer held.
    pub fn forget(&mut self, number: u8) {
        if let Some(backup) = &mut self.backup {
            backup.board.forget(number);
            backup.last_answer = None;
        }
        self.history.verified.retain(|(verified, _)| *verified != number);
    }

    pub fn inventory(&self) -> Option<&Arc<Inventory>> {
        self.opening.as_ref().map(|opening| &opening.inventory)
    }

    pub fn verify(&mut self, number: u8, who: &str) {
        let Some(backup) = &mut self.backup else { return };
        if !backup.board.is_verified(number) {
            backup.board.verify(number, self.now);
            self.history.verified.push((number, who.to_owned()));
        }
    }
}

/// The words in the cells, whatever their checksum says.
fn typed(entry: &PhraseEntry) -> TypedWords {
    // It never grows.
    let mut positions = Zeroizing::new(Vec::with_capacity(entry.len()));
    positions.extend((0..entry.len()).filter_map(|place| entry.reveal_position(place)));
    TypedWords::new(positions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effect::NearStanding;
    use crate::journey::samples::{loaded, opened};

    #[test]
    fn what_comes_next_follows_from_what_is_asked_and_wanted_and_who_is_there() {
        assert!(matches!(Journey::default().next(), Route::Choose));
        let mut journey = loaded();
        assert!(matches!(journey.next(), Route::Open));
        for (typed, answer) in
            [(" ", CardAnswer::Nothing), ("two words", CardAnswer::Several), ("zebra", CardAnswer::Another)]
        {
            assert_eq!(journey.compare(typed), answer);
            assert!(matches!(journey.next(), Route::Open), "{typed}");
        }
        assert_eq!(journey.compare(" NONE "), CardAnswer::Done(CardCheck::Not));
        assert!(matches!(journey.next(), Route::People));
        assert!(matches!(journey.turn_to(Goal::Refresh), Route::Refresh));
        assert!(matches!(journey.turn_to(Goal::Rotate), Route::People));
        for number in 1..=2 {
            journey.verify(number, "somebody");
        }
        assert!(matches!(journey.next(), Route::Quorum));
        journey.opening = opened().opening;
        assert!(matches!(journey.next(), Route::Review));
        assert!(matches!(journey.turn_to(Goal::Compact), Route::Compact));
        assert!(matches!(journey.turn_to(Goal::Recover), Route::Recovered));
        assert!(matches!(journey.turn_to(Goal::Practise), Route::Recovered));
    }

    #[test]
    fn files_beside_the_chosen_one_are_asked_about_once() {
        let near =
            |standing| Near { path: "/b/other.json".into(), name: "other.json".to_owned(), sequence: 5, standing };
        let with = |standing| Summary { near: vec![near(standing)], ..loaded().backup.unwrap().summary };
        let mut journey = Journey::default();
        journey.read(Source::Files(vec!["/b/snapshot.json".into()]));
        journey.load(with(NearStanding::Newer));
        let question = |journey: &Journey| journey.backup.as_ref().unwrap().question;
        assert_eq!(question(&journey), Some(Question::Near));
        let Some(Effect::Load { source: Source::Files(paths), .. }) = journey.take_near(|_, _| true) else {
            panic!("nothing is read");
        };
        assert_eq!((paths.len(), journey.backup.is_none()), (2, true));
        journey.load(with(NearStanding::Newer));
        assert_eq!(question(&journey), Some(Question::Card), "it was asked already");
        journey.read(Source::Files(paths));
        journey.load(with(NearStanding::Older));
        assert_eq!(question(&journey), Some(Question::Card), "it adds nothing");
        assert!(journey.take_near(|_, _| false).is_none());
        let newer = near(NearStanding::Newer);
        assert!(journey.is_marked_at_first(&newer));
        for goal in [Goal::Refresh, Goal::Save] {
            assert!(!Journey::new(goal).is_marked_at_first(&newer), "{goal:?}: something is added");
        }
    }
}
