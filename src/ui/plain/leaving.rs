//! Leaving, and the wipe before it: asked for once, or after a long time without a key.

use std::time::Duration;

use super::{Conversation, Leaving, TalkStep};
use crate::effect::Effect;
use crate::journey::losses;
use crate::ui::app::{Ending, Request};
use crate::ui::screens::record::{WHAT_WAS_WIPED, facts};

impl Conversation {
    /// Ctrl-C: asks once.
    pub fn on_interrupt(&mut self) {
        if self.leaving == Leaving::Asked || matches!(self.step, TalkStep::Over { .. }) {
            self.wipe();
            self.end(Ending::Interrupted);
        } else {
            self.ask_to_leave();
        }
    }

    /// Ctrl-D on an empty line: asks once, and then leaves as if that had been agreed to.
    pub fn on_end(&mut self) {
        if self.leaving == Leaving::Asked { self.leave() } else { self.ask_to_leave() }
    }

    /// After how long without a key [`Conversation::on_idle`] is due. `is_typing` says whether something stands in a line that has no
    /// echo: that may be words of a phrase.
    pub fn wipe_after(&self, is_typing: bool) -> Option<Duration> {
        let limit = self.options.wipe_after;
        match (&self.journey.opening, self.journey.is_holding() || is_typing, self.is_working()) {
            (_, _, true) | (None, false, _) => None,
            (Some(_), _, _) => Some(limit),
            (None, true, _) => Some(limit.saturating_mul(6)),
        }
    }

    /// Nobody pressed a key for a long time.
    pub fn on_idle(&mut self) {
        self.finish(Some("because no key was pressed for a long time"));
    }

    /// Enter while something runs: the search for an address stops where it is.
    pub fn stop(&mut self) {
        if self.is_working() && self.is_searching_path() {
            self.give_up();
            self.say("The search is stopped where it was.");
        }
    }

    /// Drops, and so overwrites, every secret that is held here.
    pub(super) fn wipe(&mut self) {
        self.journey.wipe();
        self.list.clear();
        self.shown = None;
        self.left.clear();
        // What was being asked may hold a passphrase or a rebuilt key.
        self.step = TalkStep::Path;
    }

    pub(super) fn ask_to_leave(&mut self) {
        if self.is_working() && matches!(self.step, TalkStep::Search { .. }) {
            self.give_up();
            self.say_search_stopped();
        }
        self.stop();
        self.leaving = Leaving::Asked;
        self.say("Wipe and leave?");
        self.say_lines(losses(&self.journey));
        self.say("Files are not changed by leaving.");
    }

    pub(super) fn leave(&mut self) {
        self.leaving = Leaving::No;
        if !self.journey.history.is_blank() || self.journey.is_holding() {
            self.finish(None);
        } else {
            self.give_up();
            self.wipe();
            self.end(Ending::Left);
        }
    }

    pub(super) fn end(&mut self, ending: Ending) {
        self.leaving = Leaving::Done;
        self.requests.push(Request::Leave(ending));
    }

    pub(super) fn give_up(&mut self) {
        if let Some(ticket) = self.waiting.take() {
            self.requests.push(Request::GiveUp(ticket));
        }
    }

    /// Wipes all that is held here, and has the session do the same.
    pub(super) fn finish(&mut self, why: Option<&'static str>) {
        self.give_up();
        self.leaving = Leaving::No;
        self.journey.end(why);
        self.wipe();
        self.step = TalkStep::Over { is_armed: false };
        self.say("Overwriting what is held.");
        self.perform(Effect::Forget);
    }

    pub(super) fn tell_record(&mut self, is_wiped: bool) {
        self.journey.history.is_wiped = is_wiped;
        let why = self.journey.history.why_wiped;
        self.say(match (is_wiped, why) {
            (false, _) => "A defect ended that. Switch the machine off.".to_owned(),
            (true, None) => "Wiped.".to_owned(),
            (true, Some(why)) => format!("Wiped {why}."),
        });
        if is_wiped {
            self.say(WHAT_WAS_WIPED);
        }
        let facts = facts(&self.journey.history);
        self.say_lines(facts.into_iter().map(|(_, fact)| format!("{fact}.")));
        if self.journey.history.revealed > 0 || self.has_said_words {
            self.say("What was said of secrets and near words still stands on this terminal: clear it, and what can be scrolled back.");
        }
        if why.is_none() {
            self.end(Ending::Left);
        }
    }
}
