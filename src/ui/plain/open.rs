//! Which file, what is known of it, and a word of its fingerprint from a public card.

use std::path::PathBuf;

use super::{Conversation, Prompt, TalkStep};
use crate::domain::condition::CoreState;
use crate::domain::kind::Kind;
use crate::domain::text::Safe;
use crate::effect::{Effect, Source, Summary, Trouble};
use crate::journey::device::{device_facts, device_holds};
use crate::journey::{CardAnswer, CardCheck, Goal, Question, Route};

pub(super) const PATH_HELP: &str = "Type the path of the snapshot: the attachment of the backup e-mail (snapshot.json, .json.gz or .zip) or the whole e-mail (.eml).
The newest one is best; older ones work too. Files are only read.
The letter q leaves.";

const KIND_HELP: &str =
    "A device is backed up and restored by its user alone; an organization is recovered by its shareholders.
y goes on with what this file is. n opens another file. q leaves.";

const NEAR_HELP: &str = "Other files of the same backup lie beside the chosen one and add something to it.
y reads them together with it. n goes on with the chosen one alone.";

const HARM_HELP: &str = "A part of the file is damaged or missing. What that means was said above.
Before anybody types, look for another copy: the backup e-mail itself, other sticks, older snapshots. On another file nothing may be missing.
y goes on with this file all the same. n opens another file. q leaves.";

const CARD_HELP: &str = "A public card, which is no secret, has 16 fingerprint words. One of them is asked for, so that somebody really looks.
Type that word, or none if there is no card; that is noted in the record.
INTACT means that the file is as it was written, not that it is genuine: anybody can write a file.
o opens another file, q leaves. What is typed here is not echoed, in case a phrase is typed too early.";

impl Conversation {
    /// Reads a backup; what was held of another one is wiped.
    pub(super) fn load(&mut self, source: Source) {
        let effect = self.journey.read(source);
        self.begin_reading(effect);
    }

    fn begin_reading(&mut self, effect: Effect) {
        self.step = TalkStep::Path;
        self.say("Reading the backup.");
        self.perform(effect);
    }

    pub(super) fn on_path(&mut self, line: &str) {
        match line {
            "" => self.say("Type the path of a file. A question mark explains it, q leaves."),
            "q" => self.leave(),
            "drill" if self.offers_drill => {
                self.journey.set_out(Goal::Practise);
                self.load(Source::BuiltIn(Kind::Organization));
            }
            path => {
                if self.offers_drill {
                    self.journey.set_out(Goal::Recover);
                }
                self.load(Source::Files(vec![PathBuf::from(path)]));
            }
        }
    }

    pub(super) fn on_loaded(&mut self, result: Result<Summary, Trouble>) {
        match result {
            Err(trouble) => {
                self.journey.history.is_refused = true;
                self.say_trouble("Not opened", &trouble);
            }
            Ok(summary) => {
                let lines = facts(&summary, self.journey.is_drill());
                let harm = summary.condition.sentences();
                self.say_lines(lines);
                self.say_lines(harm);
                self.journey.load(summary);
                self.ask_of_backup();
            }
        }
    }

    /// What is asked before anybody types.
    fn ask_of_backup(&mut self) {
        let Some(backup) = &self.journey.backup else { return };
        match self.journey.next() {
            Route::Codes => return self.begin_saving(),
            // Cloud key and PIN are asked for there.
            Route::Device => return self.begin_device(),
            _ => {}
        }
        self.step = TalkStep::Open;
        match backup.question {
            Some(Question::Kind) => {
                let lines = super::device::of_kind(&backup.summary);
                self.say_lines(lines);
            }
            Some(Question::Near) => {
                let near = backup.advised();
                let near: Vec<String> = near
                    .map(|near| format!("{}: {}, sequence {}.", near.standing.title(), Safe(&near.name), near.sequence))
                    .collect();
                self.say("Other files of this backup lie beside it.");
                self.say_lines(near);
            }
            Some(Question::Harm) => {}
            Some(Question::Card) => self.go_to_card(),
            None => self.show_people(),
        }
    }

    fn on_near(&mut self, line: &str) {
        let is_used = match line {
            "y" | "Y" => true,
            "n" | "N" => false,
            _ => {
                self.say("Type y to use them too, or n to go on without them.");
                return;
            }
        };
        match self.journey.take_near(|_, near| is_used && near.standing.is_advised()) {
            Some(effect) => self.begin_reading(effect),
            None => self.ask_of_backup(),
        }
    }

    /// Whether to go on with what it is.
    fn on_kind(&mut self, line: &str) {
        match line {
            "y" | "Y" => {
                self.journey.accept_kind();
                self.ask_of_backup();
            }
            "n" | "N" | "o" | "O" => self.go_to_path(),
            "q" | "Q" => self.ask_to_leave(),
            _ => self.say("Type y to go on with it, or n for another file."),
        }
    }

    /// Whether to go on with a damaged file.
    fn on_harm(&mut self, line: &str) {
        match line {
            "y" | "Y" => {
                self.journey.accept_harm();
                self.ask_of_backup();
            }
            "n" | "N" | "o" | "O" => self.go_to_path(),
            "q" | "Q" => self.ask_to_leave(),
            _ => self.say("Type y to go on with this file all the same, or n for another file."),
        }
    }

    fn go_to_path(&mut self) {
        self.journey.wipe();
        self.step = TalkStep::Path;
    }

    fn go_to_card(&mut self) {
        if self.journey.backup.as_ref().is_some_and(|backup| !backup.summary.condition.can_judge()) {
            self.journey.compare("");
            self.say("No card can be compared: the core is damaged. That is noted in the record.");
            self.show_people();
            return;
        }
        let card = self.journey.backup.as_ref().filter(|backup| backup.summary.sheets.is_some());
        if let Some(words) = card.map(|backup| backup.summary.fingerprint.words()) {
            self.say("Practice card:");
            self.say_lines(numbered(&words));
        }
    }

    fn question(&self) -> Option<Question> {
        self.journey.backup.as_ref()?.question
    }

    pub(super) fn question_prompt(&self) -> Prompt {
        match self.question() {
            Some(Question::Kind) => Prompt::open("Go on with it? y or n:"),
            Some(Question::Near) => Prompt::open("Use them too? y or n:"),
            Some(Question::Harm) => Prompt::secret("Go on with this file? y or n:"),
            Some(Question::Card) | None => {
                let asked = self.journey.backup.as_ref().map_or(0, |backup| backup.summary.asked) + 1;
                Prompt::secret(format!("Fingerprint word {asked} of 16 from the card (none if there is no card):"))
            }
        }
    }

    pub(super) fn question_help(&self) -> &'static str {
        match self.question() {
            Some(Question::Kind) => KIND_HELP,
            Some(Question::Near) => NEAR_HELP,
            Some(Question::Harm) => HARM_HELP,
            Some(Question::Card) | None => CARD_HELP,
        }
    }

    pub(super) fn on_question(&mut self, line: &str) {
        match self.question() {
            Some(Question::Kind) => self.on_kind(line),
            Some(Question::Near) => self.on_near(line),
            Some(Question::Harm) => self.on_harm(line),
            Some(Question::Card) | None => self.on_card(line),
        }
    }

    fn on_card(&mut self, line: &str) {
        match line {
            "q" | "Q" => return self.ask_to_leave(),
            "o" | "O" => return self.go_to_path(),
            _ => {}
        }
        match self.journey.compare(line) {
            CardAnswer::Done(CardCheck::Not) => {
                self.say("The fingerprint was not compared with a card. That is noted in the record.");
                self.show_people();
            }
            CardAnswer::Done(CardCheck::Word) => {
                self.say("The fingerprint word of the card matches.");
                self.show_people();
            }
            CardAnswer::Nothing => self.say("Type that word from a public card, or none if there is no card."),
            CardAnswer::Several => self.say("One word of the card is asked for here. Recovery phrases come later."),
            CardAnswer::Another => {
                let Some(Summary { asked, condition, .. }) = self.journey.backup.as_ref().map(|backup| &backup.summary)
                else {
                    return;
                };
                let or_damaged = if condition.core == CoreState::Whole { "" } else { ", or its core is damaged" };
                let what =
                    format!("That does not match: word {} of this file is another one. Read it again.", asked + 1);
                self.say(what);
                self.say(format!(
                    "If the card says this word, the file is not of that backup{or_damaged}: o opens another file."
                ));
            }
        }
    }
}

/// What is known of a backup without any phrase.
fn facts(summary: &Summary, is_drill: bool) -> Vec<String> {
    let mut lines = Vec::new();
    match (summary.is_training, is_drill) {
        (true, true) => lines.push("TRAINING drill. This backup protects nothing.".to_owned()),
        (true, false) => lines.push("TRAINING. This backup protects nothing.".to_owned()),
        (false, true) => lines.push("DRILL. Nothing of this backup is shown or written.".to_owned()),
        (false, false) => {}
    }
    if summary.device.is_none() {
        lines.push(match &summary.organization {
            Some(name) => format!("Organization: {name} (unverified)."),
            None => "Organization: no name can be read.".to_owned(),
        });
    }
    for file in &summary.files {
        lines.push(format!("{}: {}.", file.name, file.verdict));
        lines.extend(file.warning().map(|warning| format!("Careful: {warning}")));
    }
    let other = |name: &String| format!("{name} is of another backup; it is used only to recognise phrases.");
    lines.extend(summary.others.iter().map(other));
    let made = summary.created.as_deref().unwrap_or("on an unknown day");
    lines.push(format!("Made {made}, sequence {}.", summary.sequence));
    if summary.device.is_some() {
        lines.extend(device_facts(summary).into_iter().map(|(label, fact)| format!("{label}: {fact}.")));
        lines.push(format!("Shares of: {}.", device_holds(summary, |_| true)));
        return lines;
    }
    let holder = &summary.kind.rules().holder;
    lines.push(format!(
        "Opens with {}.",
        summary.kind.rules().quorum_text(summary.threshold, summary.shareholders.len())
    ));
    let names: Vec<String> =
        summary.shareholders.iter().map(|holder| format!("{} {}", holder.number, holder.title())).collect();
    lines.push(format!("{}: {}.", holder.heading, names.join(", ")));
    lines.extend(summary.form.map(|form| format!("Phrases: {} words, {}.", form.words.words(), form.language.title())));
    let holds = summary.holds().map(|holds| format!("Holds {holds}."));
    lines.push(holds.unwrap_or_else(|| "What it holds is unknown.".to_owned()));
    lines
}

/// Words of a practice card or sheet with their numbers, four a line.
pub(super) fn numbered(words: &[&str]) -> Vec<String> {
    let words: Vec<String> = (1..).zip(words).map(|(number, word)| format!("{number} {word}")).collect();
    words.chunks(4).map(|line| format!("{}.", line.join(", "))).collect()
}
