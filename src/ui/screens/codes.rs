//! Codes: the codes of an account on their way into a file. What they are is in view while somebody compares them with the page of the
//! service; it hides when nobody is at the keys.

mod draw;
pub mod menu;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::pick::{Pick, PickOutcome, WantedFiles};
use crate::domain::code_list::{CODES_LIMIT, TEXT_LIMIT};
use crate::domain::secret::SecretField;
use crate::effect::{Outcome, Trouble};
use crate::journey::saving::{SavingAsked, SavingRefusal};
use crate::journey::{Given, Reply, Route, Saving};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::widgets::{ChosenRow, Field};
use zeroize::Zeroizing;

pub struct AskCodes {
    /// A service, a login, a day.
    text: Field,
    rows: ChosenRow,
    /// The line that is being typed.
    line: usize,
    /// What comes letter by letter where a list is to be pasted: consoles without marks around it send it so. It never grows.
    gathered: Option<Zeroizing<String>>,
    pick: Pick,
    /// What stands in the list is not in view.
    is_hidden: bool,
    trouble: Option<Trouble>,
}

impl Default for AskCodes {
    fn default() -> Self {
        let nothing = "No text file or folder is here. Tab shows all files, Left the folder above.";
        let wanted = WantedFiles::Endings(&[".txt", ".csv", ".tsv", ".md", ".html", ".pdf"]);
        Self {
            text: Field::default(),
            rows: ChosenRow::default(),
            line: 0,
            gathered: None,
            pick: Pick::new("Where is the file with the codes?", nothing, wanted),
            is_hidden: false,
            trouble: None,
        }
    }
}

impl AskCodes {
    fn asked(console: &Console) -> SavingAsked {
        console.journey.saving.asked()
    }

    fn answer(&mut self, given: Given<'_>, console: &mut Console) -> Reaction {
        let reply = console.journey.answer_saving(given);
        self.go_on(reply, console)
    }

    fn go_on(&mut self, reply: Reply<SavingRefusal>, console: &mut Console) -> Reaction {
        match reply {
            Reply::Ask => {
                self.rows = ChosenRow::default();
                self.text.clear();
                self.gathered = None;
                self.is_hidden = false;
                self.line = console.journey.saving.lines().len();
                match Self::asked(console) {
                    SavingAsked::File => self.pick.begin(),
                    SavingAsked::Expires => {
                        self.text = Field::with(console.journey.saving.expires().unwrap_or(""));
                        Reaction::Stay
                    }
                    _ => Reaction::Stay,
                }
            }
            Reply::Do(effect, what) => Reaction::Perform(effect, what),
            Reply::Refused(why) => {
                self.gathered = None;
                if Self::asked(console) == SavingAsked::File {
                    self.pick.refuse(said(why));
                } else {
                    self.trouble = said(why);
                }
                Reaction::Stay
            }
            Reply::Left => Reaction::Replace(Route::SealChange),
        }
    }

    fn enter(&mut self, console: &mut Console) -> Reaction {
        let saving = &console.journey.saving;
        let row = |count: usize| Given::Row(self.rows.chosen(count).unwrap_or(usize::MAX));
        match saving.asked() {
            SavingAsked::Service | SavingAsked::Login | SavingAsked::Expires => {
                let text = std::mem::take(&mut self.text);
                let reaction = self.answer(Given::Text(text.text()), console);
                if self.trouble.is_some() {
                    self.text = text;
                }
                reaction
            }
            SavingAsked::Alike => self.answer(row(saving.alike().len() + 1), console),
            SavingAsked::Way => self.answer(row(saving.ways().len()), console),
            SavingAsked::Doubt => self.answer(row(saving.doubt_answers().len()), console),
            SavingAsked::Look => self.answer(Given::Yes, console),
            SavingAsked::Paste => self.end_line(console),
            SavingAsked::Type => self.next_line(console),
            SavingAsked::File => Reaction::Stay,
        }
    }

    /// A line of what comes letter by letter ends; an empty one ends the list.
    fn end_line(&mut self, console: &mut Console) -> Reaction {
        let gathered = self.gathered.as_deref().map_or("", String::as_str);
        if gathered.is_empty() || gathered.ends_with('\n') {
            let text = self.gathered.take().unwrap_or_default();
            return self.answer(Given::Text(&text), console);
        }
        self.gather('\n');
        Reaction::Stay
    }

    fn gather(&mut self, c: char) {
        let text = self.gathered.get_or_insert_with(|| Zeroizing::new(String::with_capacity(TEXT_LIMIT)));
        if text.len() + c.len_utf8() <= TEXT_LIMIT {
            text.push(c);
        } else {
            self.trouble =
                Some(Trouble::new("That is longer than any list of codes.", "Paste only the lines with codes."));
        }
    }

    /// The next line; an empty one ends the list.
    fn next_line(&mut self, console: &mut Console) -> Reaction {
        let lines = console.journey.saving.lines();
        let is_empty = lines.reveal(self.line).is_empty();
        if is_empty {
            return self.answer(Given::Yes, console);
        }
        self.line = (self.line + 1).min(CODES_LIMIT - 1);
        Reaction::Stay
    }

    fn on_line_key(&mut self, key: Key, console: &mut Console) {
        let count = console.journey.saving.lines().len();
        match key {
            Key::Up => self.line = self.line.saturating_sub(1),
            Key::Down => self.line = (self.line + 1).min(count),
            Key::Home => self.line = 0,
            Key::End => self.line = count,
            Key::Char(c) if !c.is_control() => {
                let has_room = console.journey.saving.lines_mut().line(self.line).is_some_and(|line| line.push(c));
                if !has_room {
                    self.trouble =
                        Some(Trouble::new("A code is shorter than that.", "One code a line: Enter goes on."));
                }
            }
            Key::Backspace => {
                let was_empty = !console.journey.saving.lines_mut().line(self.line).is_some_and(SecretField::pop);
                if was_empty {
                    self.line = self.line.saturating_sub(1);
                }
            }
            Key::Ctrl('u') => {
                if let Some(line) = console.journey.saving.lines_mut().line(self.line) {
                    line.clear();
                }
            }
            _ => {}
        }
    }

    fn on_look_key(&mut self, key: Key, saving: &mut Saving) {
        match key {
            Key::Char('r' | 'R') => saving.turn_mode(),
            Key::Char('k' | 'K') => saving.turn_kind(),
            Key::Char('d' | 'D') => {
                saving.ask_expires();
                self.text = Field::with(saving.expires().unwrap_or(""));
            }
            Key::Char(' ') => saving.turn_used(self.rows.chosen(saving.codes().len()).unwrap_or(usize::MAX)),
            key => drop(self.rows.on_key(key, saving.codes().len())),
        }
    }

    fn back(&mut self, console: &mut Console) -> Reaction {
        match console.journey.saving.back() {
            Reply::Left => Reaction::Back,
            reply @ (Reply::Ask | Reply::Do(..) | Reply::Refused(_)) => {
                let reaction = self.go_on(reply, console);
                // What was answered can be changed.
                let saving = &console.journey.saving;
                if matches!(saving.asked(), SavingAsked::Service | SavingAsked::Login) {
                    self.text = Field::with(&saving.typed_name());
                }
                reaction
            }
        }
    }
}

/// Why an answer was not taken.
fn said(why: SavingRefusal) -> Option<Trouble> {
    Some(match why {
        SavingRefusal::NotListed => return None,
        SavingRefusal::NoText => Trouble::new("Nothing was typed, or more than fits.", "It takes 1 to 256 characters."),
        SavingRefusal::NoLines => Trouble::new(
            "What was pasted has too many lines, or one that is longer than a code: nothing of it was taken.",
            "What is typed stays. Type the rest, or go back with Esc and paste the whole list.",
        ),
        SavingRefusal::NoList(error) => Trouble::of(&error),
        SavingRefusal::NoDay => Trouble::new("That is no day.", "A day is YYYY-MM-DD; Enter alone names none."),
        SavingRefusal::NotRead(trouble) => trouble,
    })
}

impl Screen for AskCodes {
    fn title(&self) -> &'static str {
        "Codes"
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        let back = ("Esc", "back");
        match Self::asked(console) {
            SavingAsked::Service | SavingAsked::Login | SavingAsked::Expires => {
                vec![("Enter", "take this"), ("Backspace", "change it"), back]
            }
            SavingAsked::Alike | SavingAsked::Way | SavingAsked::Doubt => {
                vec![("Enter", "take this"), ("Up/Down", "other"), back]
            }
            SavingAsked::Paste if self.gathered.is_some() => vec![("Enter Enter", "the list ends"), back],
            SavingAsked::Paste => vec![("Paste", "the list"), back],
            SavingAsked::Type => vec![
                ("Enter", "next code"),
                ("Enter Enter", "that was all"),
                back,
                ("Up/Down", "other line"),
                ("F3", if self.is_hidden { "show" } else { "hide" }),
            ],
            SavingAsked::File => self.pick.keys(),
            SavingAsked::Look => {
                let mut keys = vec![("Enter", "save codes"), back];
                if console.journey.saving.codes().is_empty() {
                    keys = vec![("Enter", "save this"), back];
                } else {
                    keys.extend([
                        ("r", "replace earlier ones"),
                        ("k", "other kind"),
                        ("d", "last day"),
                        ("Space", "used"),
                        ("F3", if self.is_hidden { "show" } else { "hide" }),
                    ]);
                }
                keys
            }
        }
    }

    fn intake(&self, console: &Console) -> Intake {
        match Self::asked(console) {
            SavingAsked::Alike | SavingAsked::Doubt | SavingAsked::Look => Intake::Commands,
            SavingAsked::Service
            | SavingAsked::Login
            | SavingAsked::Way
            | SavingAsked::Paste
            | SavingAsked::Type
            | SavingAsked::File
            | SavingAsked::Expires => Intake::Text,
        }
    }

    fn help(&self) -> &'static str {
        "Codes are taken as the service gives them: numbered, in columns, with text around them. Letters, capitals, zeros and hyphens stay as they are. What can be read in more than one way is asked about.\nCompare the list with the page of the service, then save it. They are sealed to those who hold the file: nobody else reads them, and no phrase is needed here.\nEarlier codes of the account stay usable; r says that the service has made new ones in their place. Earlier ones stay readable as history."
    }

    fn on_show(&mut self, console: &mut Console) -> Reaction {
        console.journey.begin_saving();
        Reaction::Stay
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.trouble = None;
        let asked = Self::asked(console);
        if asked == SavingAsked::File {
            self.pick.refuse(None);
            return match self.pick.on_key(key, console) {
                PickOutcome::React(reaction) => reaction,
                PickOutcome::File(path) => self.answer(Given::File(&path), console),
                PickOutcome::Back => self.back(console),
            };
        }
        match (key, asked) {
            (Key::Enter, _) => return self.enter(console),
            (Key::Esc, _) => return self.back(console),
            (Key::F(3), SavingAsked::Type | SavingAsked::Look) => self.is_hidden = !self.is_hidden,
            (key, SavingAsked::Service | SavingAsked::Login | SavingAsked::Expires) => drop(self.text.on_key(key)),
            (key, SavingAsked::Alike) => drop(self.rows.on_key(key, console.journey.saving.alike().len() + 1)),
            (key, SavingAsked::Way) => drop(self.rows.on_key(key, console.journey.saving.ways().len())),
            (key, SavingAsked::Doubt) => drop(self.rows.on_key(key, console.journey.saving.doubt_answers().len())),
            (Key::Char(c), SavingAsked::Paste) => self.gather(c),
            (Key::Tab, SavingAsked::Paste) => self.gather('\t'),
            (Key::Backspace, SavingAsked::Paste) => drop(self.gathered.as_mut().and_then(|text| text.pop())),
            (key, SavingAsked::Type) => self.on_line_key(key, console),
            (key, SavingAsked::Look) => self.on_look_key(key, &mut console.journey.saving),
            (_, SavingAsked::Paste | SavingAsked::File) => {}
        }
        Reaction::Stay
    }

    fn on_paste(&mut self, text: &str, console: &mut Console) -> Reaction {
        self.trouble = None;
        match Self::asked(console) {
            SavingAsked::Way | SavingAsked::Paste | SavingAsked::Type => self.answer(Given::Text(text), console),
            SavingAsked::Service | SavingAsked::Login | SavingAsked::Expires => {
                for c in text.chars().take_while(|c| !c.is_control()) {
                    self.text.on_key(Key::Char(c));
                }
                Reaction::Stay
            }
            SavingAsked::Alike | SavingAsked::File | SavingAsked::Doubt | SavingAsked::Look => Reaction::Stay,
        }
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        match outcome {
            Outcome::Text(result) => {
                let reply = console.journey.saving.hear_text(result);
                self.go_on(reply, console)
            }
            outcome => {
                self.pick.on_outcome(outcome, console);
                Reaction::Stay
            }
        }
    }

    fn hide(&mut self) {
        self.is_hidden = true;
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        if Self::asked(console) == SavingAsked::File {
            return self.pick.draw(console, area, buffer);
        }
        self.draw_asked(console, area, buffer)
    }
}
