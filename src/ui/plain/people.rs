//! Who is here and who comes next; and when enough phrases are verified, whether to open.

use super::open::numbered;
use super::{Conversation, Talk, TalkStep};
use crate::domain::kind::Kind;
use crate::domain::phrase_entry::PhraseEntry;
use crate::domain::phrase_list::practice;
use crate::domain::recovery::{Holder, RecoveryStage};
use crate::effect::{Effect, Opening, Trouble};
use crate::journey::Task;
use crate::ui::screens::quorum::opens;

pub(super) const PEOPLE_HELP: &str = "The next {one} sits down with the paper. The order does not matter, and nobody has to say who they are: the program recognises each phrase.
y and Enter say that the next {one} sits here, and go on to the words of a phrase. l lists the {many}.
a and a number, as in a 3, notes that {one} 3 is not here, or here again.
d and a number forgets a verified phrase, so that it can be typed again.
w y wipes the kept words of an unfinished phrase. q leaves.
Verified phrases are kept until you leave. What is typed here is not echoed, in case a phrase is typed too early.";

pub(super) const QUORUM_HELP: &str =
    "Enough phrases are verified to rebuild the wrapping key. Enter does it and opens the backup.
f checks a further phrase first: that shows that its holder could help another time, and changes nothing else.
l lists the {many}. d and a number forgets a verified phrase. q leaves.";

impl Conversation {
    /// Whether enough phrases are verified.
    pub(super) fn is_quorum(&self) -> bool {
        self.journey.backup.as_ref().is_some_and(|backup| backup.board.stage() == RecoveryStage::Quorum)
    }

    /// Where things stand among the people: still gathering, or enough.
    pub(super) fn show_people(&mut self) {
        if self.journey.desk.entry.as_deref().is_some_and(PhraseEntry::is_empty) {
            self.journey.desk.clear();
        }
        let Some(backup) = &mut self.journey.backup else { return };
        let answer = backup.last_answer.take();
        let board = &backup.board;
        let (verified, total) = (board.verified_count(), board.shareholders().len());
        let (progress, prospect) = (board.progress(), board.prospect());
        if let Some(answer) = answer {
            self.say(format!("{}.", super::capital(answer.trim_end_matches('.'))));
        }
        self.step = TalkStep::People;
        if self.is_quorum() {
            let not_all = if verified < total {
                format!("That is not everybody: {verified} of {total}.")
            } else {
                "That is everybody.".to_owned()
            };
            if self.journey.kind() == Kind::Device {
                self.say(opens(&self.journey));
                return;
            }
            self.say(format!("{prospect} {progress}. {not_all}"));
            self.say_kept();
            self.say(opens(&self.journey));
            self.say("f checks a further phrase first.");
        } else {
            self.say(format!("{progress}. {prospect}"));
            let who = if self.say_kept() { "that person" } else { "the next {one}" };
            let say = format!(
                "Type y when {who} sits here, l to hear the list of {{many}}, a 3 to mark {{one}} 3 as not here, q to leave."
            );
            self.say(self.journey.holder().said(&say));
        }
    }

    /// Words of an unfinished phrase are of one person, and go on with that one alone. Says whether there are any.
    fn say_kept(&mut self) -> bool {
        let filled = self.journey.desk.entry.as_deref().map(PhraseEntry::filled);
        let go_on = if self.is_quorum() { "f" } else { "y" };
        self.say_lines(filled.map(|filled| {
            format!("Words of an unfinished phrase are kept: {filled}. Whoever typed them goes on with {go_on}; for anybody else w y wipes them.")
        }));
        filled.is_some()
    }

    pub(super) fn on_people(&mut self, line: &str) {
        match (line, self.is_quorum()) {
            ("", true) => {
                self.say("Rebuilding the wrapping key and opening the boxes.");
                self.perform(Effect::Open);
            }
            // Not Enter alone: it may be one too many of whoever sat here before.
            ("f" | "F", true) if self.journey.kind() == Kind::Device => {
                self.say("Nobody else opens a device. Enter opens the backup, q leaves.");
            }
            ("f" | "F", true) | ("y" | "Y", false) => self.begin_phrase(),
            ("", false) => {
                let next = "The next {one} sits down with the paper and types y. The others look away.";
                self.say(self.journey.holder().said(next));
            }
            (line, _) => self.on_people_command(line),
        }
    }

    fn on_people_command(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["l" | "L"] => self.say_list(),
            ["q" | "Q"] => self.ask_to_leave(),
            ["w" | "W"] if self.journey.desk.entry.is_some() => {
                let filled = self.journey.desk.entry.as_deref().map_or(0, PhraseEntry::filled);
                self.say(format!(
                    "Words that would be wiped: {filled}. They would have to be typed again. w y wipes them."
                ));
            }
            ["w" | "W", "y" | "Y"] if self.journey.desk.entry.is_some() => {
                self.journey.desk.clear();
                self.say("The words are wiped. The next phrase begins anew.");
            }
            ["a" | "A", number] => self.toggle(number),
            ["d" | "D", number] => self.forget(number),
            [_] | [_, _] => self.say("That is no command here. A question mark lists them."),
            _ if self.is_quorum() => {
                self.say("A further phrase comes after f. No word was kept or said.");
            }
            _ => self.say("Words of a phrase come after y and Enter. None was kept or said."),
        }
    }

    /// The shareholder that a command names; says so when there is none.
    fn named(&mut self, number: &str) -> Option<Holder> {
        let holders = self.journey.backup.as_ref()?.board.shareholders();
        let named = holders.iter().find(|holder| holder.number.to_string() == number).cloned();
        if named.is_none() {
            let total = holders.len();
            self.say(format!("There are {} 1 to {total}.", self.journey.holder().many));
        }
        named
    }

    /// Forgets a verified phrase, so that it can be typed again.
    fn forget(&mut self, number: &str) {
        let Some(holder) = self.named(number) else { return };
        let is_verified = self.journey.backup.as_ref().is_some_and(|backup| backup.board.is_verified(holder.number));
        if is_verified {
            self.perform(Effect::Remove { number: holder.number });
        } else {
            self.say(format!("{}: no phrase is verified.", entitled(&holder)));
        }
    }

    pub(super) fn on_removed(&mut self, number: u8) {
        self.journey.forget(number);
        let holder = self.journey.holder().one;
        self.say(format!("The phrase of {holder} {number} is forgotten. It can be typed again."));
        self.leave_phrase();
    }

    fn toggle(&mut self, number: &str) {
        let Some(holder) = self.named(number) else { return };
        let Some(board) = self.journey.backup.as_mut().map(|backup| &mut backup.board) else { return };
        board.toggle_absent(holder.number);
        let state = match (board.is_verified(holder.number), board.is_absent(holder.number)) {
            (true, _) => "is here: that phrase is verified",
            (false, true) => "is not here",
            (false, false) => "is here",
        };
        let prospect = board.prospect();
        self.say(format!("{} {state}. {prospect}", entitled(&holder)));
    }

    fn say_list(&mut self) {
        let Some(board) = self.journey.backup.as_ref().map(|backup| &backup.board) else { return };
        let line = |holder: &Holder| {
            let state = match (board.is_verified(holder.number), board.is_absent(holder.number)) {
                (true, _) => ", verified",
                (false, true) => ", not here",
                (false, false) => "",
            };
            format!("{}{state}.", entitled(holder))
        };
        let lines: Vec<String> = board.shareholders().iter().map(line).collect();
        self.say_lines(lines);
    }

    pub(super) fn begin_phrase(&mut self) {
        let Some(backup) = &self.journey.backup else { return };
        let Some(form) = backup.summary.form else { return };
        let board = &backup.board;
        let next = board.waiting(false).chain(board.waiting(true)).next();
        let sheet = backup.summary.sheets.zip(next).and_then(|(sheets, holder)| {
            let lines = practice(sheets);
            let line = lines.get(usize::from(holder.number).checked_sub(1)?)?;
            Some((format!("Practice sheet {}:", entitled(holder)), numbered(&line.words)))
        });
        if let Some((title, lines)) = sheet {
            self.say(title);
            self.say_lines(lines);
        }
        let (words, list) = (form.words.words(), form.language.title());
        let is_new = self.journey.desk.entry.is_none();
        self.journey.begin_phrase(Task::Recovery);
        self.step = TalkStep::Phrase(Talk::default());
        if is_new {
            self.say(format!(
                "Type the {words} words ({list}), one a line or several. Nothing that is typed is echoed. The others look away."
            ));
        } else {
            self.say_where();
        }
    }

    pub(super) fn on_opened(&mut self, result: Result<Opening, Trouble>) {
        match result {
            Ok(opening) => {
                self.journey.open(opening);
                self.say("Comparing keys and addresses with the record.");
                self.compare();
            }
            Err(trouble) => {
                self.journey.history.is_refused = true;
                self.say_trouble("Not opened", &trouble);
            }
        }
    }
}

/// The number first: the name is only a label.
fn entitled(holder: &Holder) -> String {
    holder.name.as_ref().map_or_else(
        || format!("{} {}", holder.kind.rules().holder.label, holder.number),
        |name| format!("{} {name}", holder.number),
    )
}
