//! The search for the slip in a phrase that is nobody's, told by numbers and times.

use std::fmt::Write;
use std::time::Duration;

use zeroize::Zeroizing;

use super::{Conversation, Prompt, Talk, TalkStep, capital};
use crate::domain::text::counted;
use crate::effect::{Answer, Effect, Trouble};
use crate::journey::desk::Unfinished;
use crate::journey::slip::{Hunt, long, right_places, said};
use crate::journey::{Desk, Route};

pub(super) const HELP: &str = "Phrases that differ from the typed one by one slip are tried, the likeliest first. Only what the file itself commits to is taken as right.
y begins or goes on; anything else goes back to the words, which are kept. While it runs, Ctrl-C stops it; it can be gone on with.";

/// Nothing was told of a search yet.
const NOTHING: (usize, u64) = (usize::MAX, 0);

impl Conversation {
    pub(super) fn search_prompt(&self) -> Option<Prompt> {
        Some(Prompt::secret(match self.journey.desk.hunt {
            Some(Hunt::Plan | Hunt::Trying) => "Look for it? y or n:",
            Some(Hunt::LongStep) => "The next step takes long. Go on with it? y or n:",
            Some(Hunt::Found(_)) => "Say the right words here? y or n:",
            Some(Hunt::Nothing) | None => return None,
        }))
    }

    /// Somebody asked for it: says what would be tried.
    pub(super) fn ask_for_search(&mut self) {
        if !self.journey.plan_hunt() {
            self.say("For that at most two words may be missing or unknown. Type the others first; two question marks stand for one that cannot be read.");
            return;
        }
        let Some(search) = self.journey.desk.search() else { return };
        let now = search.repair.step().map_or(0, |(step, _)| step);
        let steps = search.repair.steps().iter().enumerate().skip(now);
        let lines: Vec<String> = steps
            .map(|(index, step)| {
                let left = if index == now { search.repair.left() } else { search.repair.candidates(step) };
                let phrases = counted(left, "phrase");
                format!("{}: about {phrases}, {}.", capital(step.class.title()), long(self.journey.takes(left)))
            })
            .collect();
        self.say("The slip can be looked for. Tried would be:");
        self.say_lines(lines);
        self.step = TalkStep::Search { told: NOTHING };
    }

    pub(super) fn on_search_line(&mut self, line: &str) {
        let is_yes = line.eq_ignore_ascii_case("y");
        match self.journey.desk.hunt {
            Some(Hunt::Plan | Hunt::LongStep | Hunt::Trying) if is_yes => {
                self.step = TalkStep::Search { told: NOTHING };
                let next = self.journey.go_on_hunting();
                self.search_on(next);
            }
            Some(Hunt::Found(_)) if is_yes => {
                self.say_right_words();
                self.leave_search();
            }
            Some(Hunt::Plan | Hunt::LongStep | Hunt::Trying | Hunt::Found(_) | Hunt::Nothing) | None => {
                self.leave_search();
            }
        }
    }

    /// To whom comes next, or back to the words.
    fn leave_search(&mut self) {
        if matches!(self.journey.leave_hunt(), Route::Phrase) {
            self.step = TalkStep::Phrase(Talk::default());
            self.say_where();
            return;
        }
        // It was said when it was found.
        if let Some(backup) = &mut self.journey.backup {
            backup.last_answer = None;
        }
        self.leave_phrase();
    }

    /// The next candidates, or what there is to say instead.
    fn search_on(&mut self, next: Option<Effect>) {
        if let Some(effect) = next {
            self.tell_progress();
            self.perform(effect);
            return;
        }
        match &self.journey.desk.hunt {
            Some(Hunt::Found(found)) => {
                let (answer, slip) = (capital(found.answer.trim_end_matches('.')), said(&found.slip));
                self.say(format!("{answer}."));
                self.say(slip);
                self.say("Compare the paper with the right words, and correct it only if it says something else.");
            }
            Some(Hunt::Nothing) | None => {
                self.say("None of these is a phrase of this backup. So it is more than one slip, or a phrase of another backup.");
                self.say("Compare each word with the paper once more, and look which backup the paper names. The words are kept.");
                self.journey.leave_hunt();
                self.step = TalkStep::Phrase(Talk::default());
            }
            Some(Hunt::Plan | Hunt::LongStep | Hunt::Trying) => {}
        }
    }

    /// Each step when it begins, and how long it takes yet, once a minute.
    fn tell_progress(&mut self) {
        let (TalkStep::Search { told }, Some(search)) = (&mut self.step, self.journey.desk.search()) else {
            return;
        };
        let Some((index, step)) = search.repair.step() else { return };
        let now = (index, search.took().as_secs() / 60);
        if *told == now {
            return;
        }
        *told = now;
        let left = search.repair.left();
        let time: Duration = self.journey.takes(left);
        let phrases = counted(left, "phrase");
        self.say(format!("Trying {}: about {phrases}, {}.", step.class.title(), long(time)));
    }

    pub(super) fn on_tried(&mut self, found: Result<Option<(usize, Answer)>, Trouble>, took: Duration) {
        match self.journey.hear_tried(found, took) {
            Ok(next) => self.search_on(next),
            Err(trouble) => {
                self.say_trouble("Stopped", &trouble);
                self.say_search_stopped();
            }
        }
    }

    /// It is not gone on with before somebody says so.
    pub(super) fn say_search_stopped(&mut self) {
        self.say("The search is stopped where it was; the words are kept.");
    }

    fn say_right_words(&mut self) {
        if self.journey.desk.entry.as_ref().is_some_and(Unfinished::is_kept) {
            self.say(super::phrase::STAY_UNSAID);
            return;
        }
        let Desk { entry: Some(entry), hunt: Some(Hunt::Found(found)), .. } = &self.journey.desk else { return };
        for place in right_places(&found.slip) {
            // Room for the longest word of any list: it never grows.
            let mut line = Zeroizing::new(String::with_capacity(80));
            let _ = write!(line, "{} {}", place + 1, entry.reveal(place));
            self.said.push(line);
        }
        self.has_said_words = true;
    }
}
