//! The questions of an export, each with its list or field.

mod passphrase;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::passphrase::AskPassphrase;
use super::places::{Places, list};
use crate::domain::export_form::{ExportForm, Protection};
use crate::domain::text::Safe;
use crate::effect::{Outcome, Trouble, WrittenFiles};
use crate::journey::export::{Asked, Export, Refusal, afterwards, choices, forms, warning};
use crate::journey::{Given, Reply};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, Field, fit_end, put, wrapped};

#[derive(Default)]
pub struct AskExport {
    export: Export,
    what: ChosenRow,
    form: ChosenRow,
    place: Places,
    name: Field,
    digits: Field,
    passphrase: AskPassphrase,
    said: Option<SaidOfExport>,
}

/// What is said of the last answer, or of what was done.
enum SaidOfExport {
    NotWritten(Trouble),
    NotTaken(Trouble),
}

impl AskExport {
    /// The form that was decided on; before that, the one in the chosen row.
    fn form(&self, console: &Console) -> ExportForm {
        if self.export.asked() != Asked::Form {
            return self.export.form();
        }
        let forms = forms(self.export.selection(), console.journey.kind());
        self.form.chosen(forms.len()).and_then(|row| forms.get(row).copied()).unwrap_or(ExportForm::Kdbx)
    }

    fn enter(&mut self, console: &Console) -> Reply<Refusal> {
        let journey = &console.journey;
        let row = |row: Option<usize>| Given::Row(row.unwrap_or(0));
        match self.export.asked() {
            Asked::What => {
                self.form = ChosenRow::default();
                self.export.answer(row(self.what.chosen(choices(journey).len())), journey)
            }
            Asked::Form => {
                let count = forms(self.export.selection(), console.journey.kind()).len();
                let reply = self.export.answer(row(self.form.chosen(count)), journey);
                self.name = Field::with(self.export.form().rules().file_name);
                reply
            }
            Asked::Place => self.export.answer(row(self.place.row(console)), journey),
            Asked::Name => {
                let reply = self.export.answer(Given::Text(self.name.text()), journey);
                if matches!(reply, Reply::Do(..)) {
                    self.name = Field::with(self.export.name());
                }
                reply
            }
            Asked::Digits => {
                let reply = self.export.answer(Given::Text(self.digits.text()), journey);
                self.digits.clear();
                reply
            }
            Asked::Which | Asked::Made | Asked::TypedBack | Asked::Own | Asked::OwnAgain => {
                self.passphrase.enter(&mut self.export, journey)
            }
            Asked::Done => self.export.back(),
        }
    }

    /// Any other key goes into the list or field of what is asked.
    fn on_field_key(&mut self, key: Key, console: &mut Console) {
        match (self.export.asked(), key) {
            (Asked::What, key) => {
                self.what.on_key(key, choices(&console.journey).len());
            }
            (Asked::Form, key) => {
                self.form.on_key(key, forms(self.export.selection(), console.journey.kind()).len());
            }
            (Asked::Place, key) => self.place.on_key(key, console),
            (Asked::Name, key) => {
                self.name.on_key(key);
            }
            // What is typed here stands in clear.
            (Asked::Digits, Key::Char(c)) if !c.is_ascii_digit() => {
                self.digits.clear();
                let hint = "Words are not typed here: none was kept or shown.";
                self.said = Some(SaidOfExport::NotWritten(Trouble::new("those are not the four digits.", hint)));
            }
            (Asked::Digits, key) => {
                self.digits.on_key(key);
            }
            (Asked::Which | Asked::Made | Asked::TypedBack | Asked::Own | Asked::OwnAgain, key) => {
                let trouble = self.passphrase.on_key(key, &mut self.export, &mut console.journey);
                self.said = trouble.map(SaidOfExport::NotTaken);
            }
            (Asked::Done, _) => {}
        }
    }

    /// What comes next; `before` was asked until now.
    fn go_on(&mut self, before: Asked, reply: Reply<Refusal>) -> Reaction {
        let asked = self.export.asked();
        if asked != before {
            self.digits.clear();
            self.passphrase.begin(asked);
        }
        match reply {
            Reply::Ask => Reaction::Stay,
            Reply::Do(effect, what) => Reaction::Perform(effect, what),
            Reply::Refused(why) => {
                self.said = said(why, before);
                Reaction::Stay
            }
            Reply::Left => Reaction::Back,
        }
    }
}

/// Why an answer to `asked` was not taken; nothing where the screen shows that already.
fn said(why: Refusal, asked: Asked) -> Option<SaidOfExport> {
    Some(match why {
        Refusal::NotListed | Refusal::NoPlace | Refusal::Nothing => return None,
        Refusal::NotAName => SaidOfExport::NotWritten(Trouble::new(
            "that is no name for a file.",
            "The folder was chosen above; a name has no / in it.",
        )),
        Refusal::DoesNotFit(error) => SaidOfExport::NotTaken(Trouble::undone("written", &error)),
        Refusal::NotTheDigits => SaidOfExport::NotWritten(Trouble::new(
            "those are not the four digits.",
            "Type them as they stand before the field.",
        )),
        Refusal::NameRefused(trouble) | Refusal::NotWritten(trouble) => SaidOfExport::NotWritten(trouble),
        Refusal::NotMade(trouble) => SaidOfExport::NotTaken(trouble),
        Refusal::Unfit(error) => SaidOfExport::NotTaken(Trouble::undone("taken", &error)),
        Refusal::NotTheSame { .. } if asked == Asked::OwnAgain => SaidOfExport::NotTaken(Trouble::new(
            "That is not what was typed first.",
            "Type it again, or Esc to begin anew.",
        )),
        Refusal::NotTheSame { group } => SaidOfExport::NotTaken(Trouble::new(
            other_group(group),
            "Correct it there: what was typed stays. If the paper says that, Esc and y show it again. Here capitals, spaces and dashes do not count; other programs want it as it is shown.",
        )),
    })
}

/// Which group of a generated passphrase differs.
pub fn other_group(group: Option<usize>) -> String {
    match group {
        Some(1) => "Group 1 is not what was shown.".to_owned(),
        Some(group) => format!("Group {group} is not what was shown; those before it are."),
        None => "That is not what was shown.".to_owned(),
    }
}

impl Screen for AskExport {
    fn title(&self) -> &'static str {
        "Export"
    }

    fn keys(&self, _console: &Console) -> Vec<KeyHint> {
        match self.export.asked() {
            Asked::What | Asked::Form => vec![("Enter", "take this"), ("Up/Down", "other"), ("Esc", "back")],
            Asked::Place => {
                vec![("Enter", "take this place"), ("Up/Down", "other place"), ("F5", "look again"), ("Esc", "back")]
            }
            Asked::Name => {
                let is_last = self.export.protection() == Protection::NoSecret;
                let enter = if is_last { "write the file" } else { "take this name" };
                vec![("Enter", enter), ("Backspace", "change it"), ("Esc", "other place")]
            }
            Asked::Digits => vec![("Enter", "write the file"), ("Esc", "other name")],
            Asked::Which | Asked::Made | Asked::TypedBack | Asked::Own | Asked::OwnAgain => {
                self.passphrase.keys(&self.export)
            }
            Asked::Done => vec![("Enter", "back to what was recovered"), ("F10", "finish and wipe")],
        }
    }

    fn intake(&self, _console: &Console) -> Intake {
        match self.export.asked() {
            Asked::What | Asked::Form | Asked::Place | Asked::Which | Asked::Done => Intake::Commands,
            Asked::Made => Intake::Rested,
            Asked::Name | Asked::Digits | Asked::TypedBack | Asked::Own | Asked::OwnAgain => Intake::Text,
        }
    }

    fn lists_places(&self, _console: &Console) -> bool {
        self.export.asked() == Asked::Place
    }

    fn help(&self) -> &'static str {
        "A KeePass file is encrypted; KeePassXC and similar programs open it. Its passphrase counts only after it was typed back from paper. The other forms are not encrypted: write them to a medium that you can lock away or destroy.\nNothing is ever overwritten. A file is complete or it is not there: it is written under another name, read back, compared, and only then named.\nPlaces: the folder that the program was started in, mounted media, and the folder of --export-dir."
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.said = None;
        let before = self.export.asked();
        let reply = match (key, before) {
            (Key::Enter, _) => self.enter(console),
            (Key::Esc, _) => self.export.back(),
            (Key::F(10), Asked::Done) => return Reaction::Finish,
            (Key::F(5), Asked::Place) => self.export.answer(Given::Again, &console.journey),
            (key, _) => {
                self.on_field_key(key, console);
                return Reaction::Stay;
            }
        };
        self.go_on(before, reply)
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        let before = self.export.asked();
        let reply = match outcome {
            Outcome::Places(places) => {
                let export = &mut self.export;
                self.place.renew(console, |journey| export.hear_places(places, journey))
            }
            Outcome::Passphrase(made) => self.export.hear_passphrase(made),
            Outcome::NameChecked(checked) => self.export.hear_name(checked),
            Outcome::Exported(result) => self.export.hear_exported(result, &mut console.journey),
            _ => Reply::Ask,
        };
        self.go_on(before, reply)
    }

    fn hide(&mut self) {
        self.passphrase.hide();
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let opening = console.journey.opening.as_ref()?;
        let (asked, selection, form) = (self.export.asked(), self.export.selection(), self.form(console));
        let warned = |area: Rect, y: u16, buffer: &mut Buffer| {
            let protection = selection.protection(form);
            let is_safe = protection != Protection::Nothing;
            let (mark, style) = if is_safe { ("", theme::PLAIN) } else { ("! ", theme::CARE) };
            wrapped(area, y, &format!("{mark}{}", warning(protection)), style, buffer)
        };
        let y = self.draw_decided(console, warned, area, buffer);
        let below = Rect { y: area.y + y + 1, height: area.height.saturating_sub(y + 1), ..area };
        let (cursor, y) = match asked {
            Asked::What => {
                let choices = choices(&console.journey);
                let y = list("What is to be written", self.what, &choices, |(words, _)| words.clone(), below, buffer);
                (None, y)
            }
            Asked::Form => {
                let forms = forms(selection, console.journey.kind());
                let y = list("In which form", self.form, &forms, |form| form.rules().title.to_owned(), below, buffer);
                (None, warned(below, y + 1, buffer))
            }
            Asked::Place => (None, self.place.draw(console, below, buffer)),
            Asked::Name => self.name.draw("Name    ", below, 0, buffer),
            Asked::Digits => self.digits.draw(&format!("Type {} to agree: ", opening.digits), below, 0, buffer),
            Asked::Which | Asked::Made | Asked::TypedBack | Asked::Own | Asked::OwnAgain => {
                self.passphrase.draw(&self.export, below, buffer)
            }
            Asked::Done => (None, 0),
        };
        let rest = Rect { y: below.y + y, height: below.height.saturating_sub(y), ..below };
        if let Some(written) = self.export.written() {
            draw_written(written, rest, buffer);
        }
        match &self.said {
            Some(SaidOfExport::NotWritten(Trouble { what, hint })) => {
                let y = wrapped(rest, 1, &format!("! Not written: {what}"), theme::BAD, buffer);
                wrapped(rest, y, &format!("{hint} What was recovered is still here."), theme::PLAIN, buffer);
            }
            Some(SaidOfExport::NotTaken(Trouble { what, hint })) => {
                let y = wrapped(rest, 1, &format!("! {what}"), theme::BAD, buffer);
                wrapped(rest, y, hint, theme::PLAIN, buffer);
            }
            None => {}
        }
        cursor
    }
}

impl AskExport {
    /// What is decided so far; says in which row it ends.
    fn draw_decided(
        &self,
        console: &Console,
        warned: impl Fn(Rect, u16, &mut Buffer) -> u16,
        area: Rect,
        buffer: &mut Buffer,
    ) -> u16 {
        let line = |label: &str, value: &str, y: u16, buffer: &mut Buffer| {
            let x = put(area, 0, y, label, theme::LABEL, buffer);
            put(area, x, y, value, theme::PLAIN, buffer);
            y + 1
        };
        let width = usize::from(area.width).saturating_sub(10);
        let asked = self.export.asked();
        if asked == Asked::What {
            return 0;
        }
        let choices = choices(&console.journey);
        let chosen = self.what.chosen(choices.len()).and_then(|chosen| choices.get(chosen));
        let mut y = line("What    ", chosen.map_or("", |(words, _)| words.as_str()), 0, buffer);
        if asked == Asked::Form {
            return y;
        }
        y = line("Form    ", self.export.form().rules().title, y, buffer);
        y = warned(area, y, buffer);
        // The paths of what was written say where it is.
        if matches!(asked, Asked::Place | Asked::Done) {
            return y;
        }
        let folder = Safe(&self.export.folder().to_string_lossy()).to_string();
        y = line("Where   ", &fit_end(&folder, width), y, buffer);
        if asked == Asked::Name {
            return y;
        }
        line("Name    ", &fit_end(&Safe(self.export.name()).to_string(), width), y, buffer)
    }
}

fn draw_written(written: &WrittenFiles, area: Rect, buffer: &mut Buffer) {
    let mut y = 0;
    for path in &written.paths {
        let path = Safe(&path.to_string_lossy()).to_string();
        y = wrapped(area, y, &format!("ok  Written and read back: {path}"), theme::GOOD, buffer);
    }
    y = wrapped(area, y, afterwards(written.protection), theme::PLAIN, buffer);
    if let Some(remark) = written.exposure {
        y = wrapped(area, y, &format!("! {remark}"), theme::CARE, buffer);
    }
    if let Some(reading) = written.form.rules().reading {
        wrapped(area, y, reading, theme::PLAIN, buffer);
    }
}
