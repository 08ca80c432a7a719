//! The search for the slip in a phrase that is nobody's, told by numbers and times.

use std::fmt::Write;
use std::time::Duration;

use zeroize::Zeroizing;

use super::{Conversation, Prompt, Step, Talk, capital};
use crate::effect::{Answer, Effect, Trouble};
use crate::journey::desk::Unfinished;
use crate::journey::slip::{Found, Next, Tried, long, right_places, said};

pub(super) const HELP: &str = "Phrases that differ from the typed one by one slip are tried, the likeliest first. Only what the file itself commits to is taken as right.
y begins or goes on; anything else goes back to the words, which are kept. While it runs, Ctrl-C stops it; it can be gone on with.";

/// Where the search stands.
pub(super) enum Hunt {
    /// Nothing runs. `is_long` when the next step takes long.
    Asked { is_long: bool },
    Running {
        /// What was told last: the step, and the minutes that went by.
        told: (usize, u64),
    },
    /// Whether the right words shall be said.
    Found(Found),
}

impl Hunt {
    pub(super) fn prompt(&self) -> Option<Prompt> {
        Some(Prompt::secret(match self {
            Self::Asked { is_long: false } => "Look for it? y or n:",
            Self::Asked { is_long: true } => "The next step takes long. Go on with it? y or n:",
            Self::Running { .. } => return None,
            Self::Found(_) => "Say the right words here? y or n:",
        }))
    }
}

impl Conversation {
    /// Somebody asked for it: says what would be tried.
    pub(super) fn ask_for_search(&mut self) {
        if !self.journey.desk.begin_search() {
            self.say("For that at most two words may be missing or unknown. Type the others first; two question marks stand for one that cannot be read.");
            return;
        }
        let Some(search) = self.journey.desk.search() else { return };
        let now = search.repair.step().map_or(0, |(step, _)| step);
        let steps = search.repair.steps().iter().enumerate().skip(now);
        let lines: Vec<String> = steps
            .map(|(index, step)| {
                let left = if index == now { search.repair.left() } else { search.repair.candidates(step) };
                format!("{}: about {left}, {}.", capital(step.class.title()), long(self.journey.takes(left)))
            })
            .collect();
        self.say("The slip can be looked for. Tried would be:");
        self.say_lines(lines);
        self.step = Step::Search(Hunt::Asked { is_long: self.journey.is_long() });
    }

    pub(super) fn on_search_line(&mut self, line: &str) {
        let is_yes = line.eq_ignore_ascii_case("y");
        match std::mem::replace(&mut self.step, Step::Phrase(Talk::default())) {
            Step::Search(Hunt::Asked { .. }) if is_yes => {
                self.step = Step::Search(Hunt::Running { told: (usize::MAX, 0) });
                self.search_on();
            }
            Step::Search(Hunt::Found(found)) => {
                if is_yes {
                    self.say_right_words(&found);
                }
                if found.is_accepted {
                    self.journey.desk.clear();
                    self.show_people();
                } else {
                    self.say_where();
                }
            }
            _ => self.say_where(),
        }
    }

    /// The next candidates, or what there is to say instead.
    fn search_on(&mut self) {
        match self.journey.next_try() {
            Next::Try(phrases) => {
                self.tell_progress();
                self.perform(Effect::Try { phrases });
            }
            Next::LongStep => self.step = Step::Search(Hunt::Asked { is_long: true }),
            Next::End => {
                self.say("None of these is a phrase of this backup. So it is more than one slip, or a phrase of another backup.");
                self.say("Compare each word with the paper once more, and look which backup the paper names. The words are kept.");
                self.step = Step::Phrase(Talk::default());
            }
        }
    }

    /// Each step when it begins, and how long it takes yet, once a minute.
    fn tell_progress(&mut self) {
        let (Step::Search(Hunt::Running { told }), Some(search)) = (&mut self.step, self.journey.desk.search()) else {
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
        self.say(format!("Trying {}: about {left}, {}.", step.class.title(), long(time)));
    }

    pub(super) fn on_tried(&mut self, found: Result<Option<(usize, Answer)>, Trouble>, took: Duration) {
        match self.journey.hear_tried(found, took) {
            Tried::Found(found) => {
                self.say(format!("{}.", capital(found.answer.trim_end_matches('.'))));
                self.say(said(&found.slip));
                self.say("Compare the paper with the right words, and correct it only if it says something else.");
                self.step = Step::Search(Hunt::Found(found));
            }
            Tried::Nothing => self.search_on(),
            Tried::Trouble(trouble) => {
                self.say_trouble("Stopped", &trouble);
                self.stop_search();
            }
        }
    }

    /// It is not gone on with before somebody says so.
    pub(super) fn stop_search(&mut self) {
        self.say("The search is stopped where it was; the words are kept.");
        self.step = Step::Search(Hunt::Asked { is_long: false });
    }

    fn say_right_words(&mut self, found: &Found) {
        if self.journey.desk.entry.as_ref().is_some_and(Unfinished::is_kept) {
            self.say(super::phrase::STAY_UNSAID);
            return;
        }
        let Some(entry) = &self.journey.desk.entry else { return };
        for place in right_places(&found.slip) {
            // Room for the longest word of any list: it never grows.
            let mut line = Zeroizing::new(String::with_capacity(80));
            let _ = write!(line, "{} {}", place + 1, entry.reveal(place));
            self.said.push(line);
        }
        self.has_said_words = true;
    }
}
