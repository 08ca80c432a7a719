//! What can be done with the codes of accounts, before a file is chosen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::journey::saving::{CODES_CHOICES, CodesChoice};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::screens::places::list;
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, wrapped};

#[derive(Default)]
pub struct CodesMenu {
    rows: ChosenRow,
}

impl Screen for CodesMenu {
    fn title(&self) -> &'static str {
        "Codes"
    }

    fn keys(&self, _console: &Console) -> Vec<KeyHint> {
        vec![("Enter", "choose"), ("Up/Down", "move"), ("Esc", "back")]
    }

    fn help(&self) -> &'static str {
        "Save: the codes that a service shows right after you turn on its second factor go into a file, sealed to its owners. Nobody has to be there, and no phrase is needed.\nRead: the phrase of one owner opens the file: which codes are left, and the next one.\nNew file: every owner gets a phrase of twelve words, and each of them alone can open the file."
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        let chosen = self.rows.chosen(CODES_CHOICES.len()).and_then(|row| CODES_CHOICES.get(row));
        match (key, chosen) {
            (Key::Enter, Some((choice, ..))) => Reaction::Open(console.journey.choose_codes(*choice)),
            (Key::Esc, _) => Reaction::Back,
            _ => {
                self.rows.on_key(key, CODES_CHOICES.len());
                Reaction::Stay
            }
        }
    }

    fn draw(&self, _console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let row = |(_, what, more): &(CodesChoice, &str, &str)| format!("{what:<9} {more}");
        let y = list("Recovery codes of accounts", self.rows, &CODES_CHOICES, row, area, buffer);
        wrapped(
            area,
            y + 1,
            "They belong to the account: every owner of a file reads all its codes alone.",
            theme::PLAIN,
            buffer,
        );
        None
    }
}
