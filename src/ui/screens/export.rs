//! Export: what, in which form, where, under which name; then a passphrase that is proven to stand on paper, or four digits that
//! agree to a file without encryption.

mod passphrase;

use std::path::PathBuf;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::passphrase::{Answer, AskPassphrase};
use super::places::{Places, list};
use crate::domain::export_form::{ExportForm, Selection};
use crate::domain::secret::SecretText;
use crate::domain::text::Safe;
use crate::effect::{Effect, ExportOrder, Outcome, Trouble, Written};
use crate::journey::export;
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{Field, Rows, fit_end, put, wrapped};

#[derive(Default)]
pub struct Export {
    step: Step,
    /// What was chosen so far: places in the lists of their steps.
    what: Rows,
    form: Rows,
    place: Places,
    name: Field,
    digits: Field,
    passphrase: AskPassphrase,
    /// What the last attempt did.
    result: Option<Result<Written, Trouble>>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Step {
    #[default]
    What,
    Form,
    Place,
    Name,
    Digits,
    Passphrase,
    Done,
}

impl Export {
    fn selection(&self, console: &Console) -> Selection {
        let mut choices = export::choices(&console.journey);
        let chosen = self.what.chosen(choices.len()).filter(|chosen| *chosen < choices.len());
        chosen.map(|chosen| choices.swap_remove(chosen).1).unwrap_or_default()
    }

    fn chosen_form(&self, console: &Console) -> ExportForm {
        let forms = export::forms(&self.selection(console));
        self.form.chosen(forms.len()).and_then(|chosen| forms.get(chosen).copied()).unwrap_or(ExportForm::Kdbx)
    }

    fn path(&self, console: &Console) -> Option<PathBuf> {
        Some(self.place.chosen(console)?.path.join(self.name.text().trim()))
    }

    /// How many rows the list of a step has; none for a step without a list.
    fn list(&mut self, console: &Console) -> Option<(&mut Rows, usize)> {
        match self.step {
            Step::What => Some((&mut self.what, export::choices(&console.journey).len())),
            Step::Form => {
                let count = export::forms(&self.selection(console)).len();
                Some((&mut self.form, count))
            }
            Step::Place | Step::Name | Step::Digits | Step::Passphrase | Step::Done => None,
        }
    }

    fn enter(&mut self, console: &Console) -> Reaction {
        let form = self.chosen_form(console);
        match self.step {
            Step::What => {
                self.form = Rows::default();
                self.step = Step::Form;
            }
            Step::Form => {
                self.name = Field::with(form.file_name());
                self.step = Step::Place;
                return Reaction::Perform(Effect::FindPlaces, "Looking for media");
            }
            Step::Place if self.place.chosen(console).is_none() => {}
            Step::Place => self.step = Step::Name,
            Step::Name if !export::is_name(self.name.text().trim()) => {
                let hint = "The folder was chosen above; a name has no / in it.";
                self.result = Some(Err(Trouble::new("that is no name for a file.", hint)));
            }
            Step::Name => {
                self.name = Field::with(&export::with_ending(self.name.text().trim(), form));
                let Some(path) = self.path(console) else { return Reaction::Stay };
                return Reaction::Perform(Effect::CheckName { form, path }, "Looking at the name");
            }
            Step::Digits => return self.agree(console),
            Step::Passphrase => {}
            Step::Done => return Reaction::Back,
        }
        Reaction::Stay
    }

    /// The name can be taken.
    fn go_on(&mut self, console: &Console) -> Reaction {
        let selection = self.selection(console);
        if selection.is_public_only {
            return self.write(console, None);
        }
        if !self.chosen_form(console).is_encrypted() {
            self.step = Step::Digits;
            return Reaction::Stay;
        }
        self.step = Step::Passphrase;
        // After a failed attempt the same passphrase stands on the paper already.
        self.passphrase.agreed().map_or(Reaction::Stay, |passphrase| self.write(console, Some(passphrase)))
    }

    fn agree(&mut self, console: &Console) -> Reaction {
        let is_agreed = console.journey.opening.as_ref().is_some_and(|opening| self.digits.text() == opening.digits);
        self.digits.clear();
        if is_agreed {
            return self.write(console, None);
        }
        let hint = "Type them as they stand before the field.";
        self.result = Some(Err(Trouble::new("those are not the four digits.", hint)));
        Reaction::Stay
    }

    fn write(&mut self, console: &Console, passphrase: Option<SecretText>) -> Reaction {
        let Some(path) = self.path(console) else { return Reaction::Stay };
        let order =
            ExportOrder { form: self.chosen_form(console), selection: self.selection(console), path, passphrase };
        Reaction::Perform(Effect::Export(Box::new(order)), "Writing, and reading back what was written")
    }

    /// One step back; from the first one to what was recovered.
    fn back(&mut self) -> Reaction {
        self.digits.clear();
        self.step = match self.step {
            Step::What | Step::Done => return Reaction::Back,
            Step::Form => Step::What,
            Step::Place => Step::Form,
            Step::Name => Step::Place,
            Step::Digits | Step::Passphrase => Step::Name,
        };
        Reaction::Stay
    }

    fn on_passphrase_key(&mut self, key: Key, console: &Console) -> Reaction {
        match self.passphrase.on_key(key) {
            Answer::Stay => Reaction::Stay,
            Answer::Make => Reaction::Perform(Effect::MakePassphrase, "Making a passphrase"),
            Answer::Back => self.back(),
            Answer::Agreed(passphrase) => self.write(console, Some(passphrase)),
        }
    }
}

impl Screen for Export {
    fn title(&self) -> &'static str {
        "Export"
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        match self.step {
            Step::What | Step::Form => vec![("Enter", "take this"), ("Up/Down", "other"), ("Esc", "back")],
            Step::Place => {
                vec![("Enter", "take this place"), ("Up/Down", "other place"), ("F5", "look again"), ("Esc", "back")]
            }
            Step::Name => {
                let enter = if self.selection(console).is_public_only { "write the file" } else { "take this name" };
                vec![("Enter", enter), ("Backspace", "change it"), ("Esc", "other place")]
            }
            Step::Digits => vec![("Enter", "write the file"), ("Esc", "other name")],
            Step::Passphrase => self.passphrase.keys(),
            Step::Done => vec![("Enter", "back to what was recovered"), ("F10", "finish and wipe")],
        }
    }

    fn intake(&self, _room: &Console) -> Intake {
        match self.step {
            Step::Passphrase => self.passphrase.intake(),
            Step::Name | Step::Digits => Intake::Text,
            Step::What | Step::Form | Step::Place | Step::Done => Intake::Commands,
        }
    }

    fn help(&self) -> &'static str {
        "A KeePass file is encrypted; KeePassXC and similar programs open it. Its passphrase counts only after it was typed back from paper. The other forms are not encrypted: write them to a medium that you can lock away or destroy.\nNothing is ever overwritten. A file is complete or it is not there: it is written under another name, read back, compared, and only then named.\nPlaces: the folder that the program was started in, mounted media, and the folder of --export-dir."
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        if self.step != Step::Done {
            self.result = None;
        }
        if self.step == Step::Passphrase {
            return self.on_passphrase_key(key, console);
        }
        match (key, self.step) {
            (Key::Enter, _) => self.enter(console),
            (Key::Esc, _) => self.back(),
            (Key::F(10), Step::Done) => Reaction::Finish,
            (Key::F(5), Step::Place) => Reaction::Perform(Effect::FindPlaces, "Looking for media"),
            (key, Step::Place) => {
                self.place.on_key(key, console);
                Reaction::Stay
            }
            (key, Step::Name) => {
                self.name.on_key(key);
                Reaction::Stay
            }
            // What is typed here stands in clear.
            (Key::Char(c), Step::Digits) if !c.is_ascii_digit() => {
                self.digits.clear();
                let hint = "Words are not typed here: none was kept or shown.";
                self.result = Some(Err(Trouble::new("those are not the four digits.", hint)));
                Reaction::Stay
            }
            (key, Step::Digits) => {
                self.digits.on_key(key);
                Reaction::Stay
            }
            (key, _) => {
                if let Some((rows, count)) = self.list(console) {
                    rows.on_key(key, count);
                }
                Reaction::Stay
            }
        }
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        match outcome {
            Outcome::Places(places) => self.place.hear(places, console),
            Outcome::Passphrase(made) => {
                console.journey.record.revealed += usize::from(made.is_ok());
                self.passphrase.hear(made);
            }
            Outcome::NameChecked(Ok(())) if self.step == Step::Name => return self.go_on(console),
            Outcome::NameChecked(Err(trouble)) => self.result = Some(Err(trouble)),
            Outcome::Exported(result) => {
                console.journey.record.export(&result);
                if let Ok(written) = &result {
                    console.journey.wrote(written.form, &self.selection(console));
                }
                self.step = if result.is_ok() { Step::Done } else { Step::Name };
                if result.is_ok() {
                    self.passphrase = AskPassphrase::default();
                }
                self.result = Some(result);
            }
            _ => {}
        }
        Reaction::Stay
    }

    fn hide(&mut self) {
        self.passphrase.hide();
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let opening = console.journey.opening.as_ref()?;
        let (selection, form) = (self.selection(console), self.chosen_form(console));
        let mut y = 0;
        let line = |label: &str, value: &str, y: u16, buffer: &mut Buffer| {
            let x = put(area, 0, y, label, theme::LABEL, buffer);
            put(area, x, y, value, theme::PLAIN, buffer);
            y + 1
        };
        let choices = export::choices(&console.journey);
        let chosen = self.what.chosen(choices.len()).and_then(|chosen| choices.get(chosen));
        if self.step != Step::What {
            y = line("What    ", chosen.map_or("", |(words, _)| words.as_str()), y, buffer);
        }
        if !matches!(self.step, Step::What | Step::Form) {
            y = line("Form    ", export::title(form), y, buffer);
            let style = if form.is_encrypted() || selection.is_public_only { theme::PLAIN } else { theme::CARE };
            let mark = if style == theme::PLAIN { "" } else { "! " };
            y = wrapped(area, y, &format!("{mark}{}", export::warning(form, &selection)), style, buffer);
        }
        let width = usize::from(area.width).saturating_sub(10);
        let shown = |path: &std::path::Path| Safe(&path.to_string_lossy()).to_string();
        if !matches!(self.step, Step::What | Step::Form | Step::Place)
            && let Some(place) = self.place.chosen(console)
        {
            let folder = shown(&place.path);
            y = line("Where   ", &fit_end(&folder, width), y, buffer);
            if self.step != Step::Name {
                y = line("Name    ", &fit_end(&Safe(self.name.text()).to_string(), width), y, buffer);
            }
        }
        let below = Rect { y: area.y + y + 1, height: area.height.saturating_sub(y + 1), ..area };
        let (cursor, y) = match self.step {
            Step::What => {
                let y = list("What is to be written", self.what, &choices, |(words, _)| words.clone(), below, buffer);
                (None, y)
            }
            Step::Form => {
                let forms = export::forms(&selection);
                let y = list("In which form", self.form, &forms, |form| export::title(*form).to_owned(), below, buffer);
                let style = if form.is_encrypted() || selection.is_public_only { theme::PLAIN } else { theme::CARE };
                let mark = if style == theme::PLAIN { "" } else { "! " };
                let warning = format!("{mark}{}", export::warning(form, &selection));
                (None, wrapped(below, y + 1, &warning, style, buffer))
            }
            Step::Place => (None, self.place.draw(console, below, buffer)),
            Step::Name => self.name.draw("Name    ", below, 0, buffer),
            Step::Digits => self.digits.draw(&format!("Type {} to agree: ", opening.digits), below, 0, buffer),
            Step::Passphrase => self.passphrase.draw(below, buffer),
            Step::Done => (None, 0),
        };
        self.draw_result(&selection, Rect { y: below.y + y, height: below.height.saturating_sub(y), ..below }, buffer);
        cursor
    }
}

impl Export {
    fn draw_result(&self, selection: &Selection, area: Rect, buffer: &mut Buffer) {
        match &self.result {
            Some(Ok(written)) => {
                let mut y = 0;
                for path in &written.paths {
                    let path = Safe(&path.to_string_lossy()).to_string();
                    y = wrapped(area, y, &format!("ok  Written and read back: {path}"), theme::GOOD, buffer);
                }
                wrapped(area, y, export::afterwards(written.form, selection), theme::PLAIN, buffer);
            }
            Some(Err(Trouble { what, hint })) => {
                let y = wrapped(area, 1, &format!("! Not written: {what}"), theme::BAD, buffer);
                wrapped(area, y, &format!("{hint} What was recovered is still here."), theme::PLAIN, buffer);
            }
            None => {}
        }
    }
}
