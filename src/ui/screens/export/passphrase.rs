//! The passphrase of an encrypted file: made at random and typed back from paper, or one's own, typed twice.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::passphrase::{check_own, matches};
use crate::domain::secret::{SecretField, SecretText};
use crate::effect::Trouble;
use crate::journey::export::PASSPHRASES as WHICH;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::KeyHint;
use crate::ui::theme;
use crate::ui::widgets::{Rows, put, secret, wrapped};

#[derive(Default)]
pub struct AskPassphrase {
    step: Step,
    rows: Rows,
    /// The one that counts once it was typed again.
    wanted: Option<SecretText>,
    typed: SecretField,
    /// Nobody touched a key for a while, or nobody asked for it yet.
    is_hidden: bool,
    is_agreed: bool,
    /// How many were made: those before the last one are void.
    made: usize,
    trouble: Option<Trouble>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Step {
    /// Made, or one's own.
    #[default]
    Which,
    /// The made one stands on the screen, to be written down.
    Shown,
    /// It is typed back from paper.
    TypedBack,
    /// One's own is typed, and typed again.
    Own,
    OwnAgain,
}

/// What comes of a key.
pub enum Answer {
    Stay,
    /// One is to be made.
    Make,
    /// Back to what was asked before.
    Back,
    /// It stands on paper, or was typed twice.
    Agreed(SecretText),
}

impl AskPassphrase {
    /// The passphrase that was agreed on before.
    pub fn agreed(&self) -> Option<SecretText> {
        let wanted = self.wanted.as_ref().filter(|_| self.is_agreed)?;
        Some(SecretText::copy_of(wanted.reveal()))
    }

    /// What keys are taken for now.
    pub fn intake(&self) -> Intake {
        match self.step {
            Step::Which => Intake::Commands,
            Step::Shown => Intake::Rested,
            Step::TypedBack | Step::Own | Step::OwnAgain => Intake::Text,
        }
    }

    pub fn hide(&mut self) {
        self.is_hidden = true;
    }

    pub fn hear(&mut self, made: Result<SecretText, Trouble>) {
        match made {
            Ok(passphrase) => {
                self.want(passphrase);
                self.made += 1;
                self.go_to(Step::Shown);
                // Not by the Enter that asked for it: that may be held.
                self.is_hidden = true;
            }
            Err(trouble) => self.trouble = Some(trouble),
        }
    }

    pub fn keys(&self) -> Vec<KeyHint> {
        match self.step {
            Step::Which => vec![("Enter", "take this"), ("Up/Down", "other"), ("Esc", "other name")],
            Step::Shown if self.is_hidden => vec![("y", "show it"), ("Esc", "back")],
            Step::Shown => vec![("Enter", "it stands on paper"), ("Esc", "back")],
            Step::TypedBack => vec![("Enter", "compare"), ("Esc", "see it again")],
            Step::Own | Step::OwnAgain => vec![("Enter", "take it"), ("^U", "clear"), ("Esc", "back")],
        }
    }

    pub fn on_key(&mut self, key: Key) -> Answer {
        self.trouble = None;
        if self.step == Step::Shown && self.is_hidden && key != Key::Esc {
            self.is_hidden = !matches!(key, Key::Char('y' | 'Y'));
            return Answer::Stay;
        }
        self.is_hidden = false;
        match (self.step, key) {
            (Step::Which, Key::Enter) if self.rows.chosen(WHICH.len()) == Some(0) => return Answer::Make,
            (Step::Which, Key::Enter) => self.go_to(Step::Own),
            (Step::Which, Key::Esc) => return Answer::Back,
            (Step::Which, key) => {
                self.rows.on_key(key, WHICH.len());
            }
            (Step::Shown, Key::Enter) => self.go_to(Step::TypedBack),
            (Step::TypedBack, Key::Esc) => self.go_to(Step::Shown),
            (Step::Shown | Step::Own | Step::OwnAgain, Key::Esc) => {
                self.wanted = None;
                self.go_to(Step::Which);
            }
            (Step::Shown, _) => {}
            (Step::TypedBack | Step::Own | Step::OwnAgain, Key::Enter) => return self.enter(),
            (_, Key::Char(c)) if !self.typed.push(c) => {
                self.trouble = Some(Trouble::new("That is too long.", "Take at most 128 characters."));
            }
            (_, Key::Backspace) => {
                self.typed.pop();
            }
            (_, Key::Ctrl('u')) => self.typed.clear(),
            _ => {}
        }
        Answer::Stay
    }

    /// Another one counts no more than the first did before it was typed again.
    fn want(&mut self, passphrase: SecretText) {
        self.wanted = Some(passphrase);
        self.is_agreed = false;
    }

    fn go_to(&mut self, step: Step) {
        self.typed.clear();
        self.step = step;
    }

    fn enter(&mut self) -> Answer {
        if self.step == Step::Own {
            match check_own(self.typed.reveal()) {
                Ok(()) => {
                    self.want(SecretText::copy_of(self.typed.reveal()));
                    self.go_to(Step::OwnAgain);
                }
                Err(error) => self.trouble = Some(Trouble::undone("taken", &error)),
            }
            return Answer::Stay;
        }
        let typed = self.typed.reveal();
        let is_same = self.wanted.as_ref().is_some_and(|wanted| matches(typed, wanted));
        self.typed.clear();
        if is_same {
            self.is_agreed = true;
            return self.agreed().map_or(Answer::Stay, Answer::Agreed);
        }
        self.trouble = Some(if self.step == Step::TypedBack {
            Trouble::new(
                "That is not what was shown.",
                "Compare the paper: Esc shows it again. Small letters, digits and the dashes count.",
            )
        } else {
            Trouble::new("That is not what was typed first.", "Type it again, or Esc to begin anew.")
        });
        Answer::Stay
    }

    /// Says where the cursor is and in which row it ends.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer) -> (Option<Position>, u16) {
        let mut cursor = None;
        let mut field = |label: &str, is_shown: bool, y: u16, buffer: &mut Buffer| {
            let x = put(area, 0, y, label, theme::STRONG, buffer);
            let count = u16::try_from(self.typed.reveal().chars().count()).unwrap_or(u16::MAX);
            let end = if is_shown {
                let rest = Rect { x: area.x + x, y: area.y + y, width: area.width.saturating_sub(x + 1), height: 1 };
                secret(rest, self.typed.reveal(), theme::FIELD, buffer);
                x + count
            } else {
                put(area, x, y, &"*".repeat(usize::from(count)), theme::FIELD, buffer)
            };
            let end = end.min(area.width.saturating_sub(1));
            put(area, end, y, "_", theme::PLAIN, buffer);
            cursor = Some(Position::new(area.x + end, area.y + y));
        };
        let y = match self.step {
            Step::Which => {
                put(area, 0, 0, "Passphrase of the file", theme::STRONG, buffer);
                let list = Rect { y: area.y + 1, height: 2.min(area.height.saturating_sub(1)), ..area };
                let row = |index: usize| WHICH.get(index).map_or_else(String::new, |&row| row.to_owned());
                self.rows.draw(list, WHICH.len(), row, buffer);
                3
            }
            Step::Shown if self.is_hidden => wrapped(
                area,
                0,
                "The passphrase is hidden. Have paper and pen ready, and look around: y shows it.",
                theme::STRONG,
                buffer,
            ),
            Step::Shown => {
                let y = wrapped(area, 0, "Write this on paper, then type it back from there:", theme::STRONG, buffer);
                let text = self.wanted.as_ref().map_or("", |wanted| wanted.reveal());
                let row = Rect { x: area.x + 2, y: area.y + y + 1, width: area.width.saturating_sub(2), height: 2 };
                secret(row.intersection(area), text, theme::SECRET, buffer);
                let hint =
                    "Small letters and digits; no letter looks like a digit. Keep the paper apart from the file.";
                let y = wrapped(area, y + 3, hint, theme::PLAIN, buffer);
                if self.made < 2 {
                    return (cursor, y);
                }
                wrapped(area, y, "! It is a new one: cross out what was written before.", theme::CARE, buffer)
            }
            Step::TypedBack => {
                field("From the paper: ", !self.is_hidden, 0, buffer);
                1
            }
            Step::Own => {
                field("Passphrase: ", false, 0, buffer);
                let hint = "At least 12 characters: letters without accents, digits, signs, spaces. Several words are better than one.";
                wrapped(area, 2, hint, theme::PLAIN, buffer)
            }
            Step::OwnAgain => {
                field("The same again: ", false, 0, buffer);
                1
            }
        };
        let Some(Trouble { what, hint }) = &self.trouble else { return (cursor, y) };
        let y = wrapped(area, y + 1, &format!("! {what}"), theme::BAD, buffer);
        (cursor, wrapped(area, y, hint, theme::PLAIN, buffer))
    }
}
