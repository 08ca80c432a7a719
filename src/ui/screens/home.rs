//! Home: what to do.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::chooser::Chooser;
use crate::effect::Source;
use crate::ui::key::Key;
use crate::ui::room::Room;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{Rows, wrapped};

#[derive(Default)]
pub struct Home {
    rows: Rows,
}

const CHOICES: [&str; 3] = [
    "Recover    open a snapshot with recovery phrases",
    "Practise   the same with the built-in training backup",
    "Leave",
];

impl Screen for Home {
    fn title(&self) -> &'static str {
        "Home"
    }

    fn keys(&self, _room: &Room) -> Vec<KeyHint> {
        vec![("Enter", "choose"), ("Up/Down", "move")]
    }

    fn help(&self) -> &'static str {
        "Recover: choose the snapshot that was e-mailed to the backup address, then enough shareholders type their recovery phrases, one after the other.\nPractise: the same screens on a backup that protects nothing, with practice phrases beside the entry. Nothing can go wrong there."
    }

    fn on_key(&mut self, key: Key, room: &mut Room) -> Reaction {
        match (key, self.rows.chosen(CHOICES.len())) {
            (Key::Enter, Some(0)) => {
                room.options.is_drill = false;
                Reaction::Open(Box::new(Chooser::default()))
            }
            (Key::Enter, Some(1)) => {
                room.options.is_drill = true;
                Reaction::Open(Box::new(Chooser::loading(Source::BuiltIn)))
            }
            (Key::Enter | Key::Esc, _) => Reaction::AskToLeave,
            _ => {
                self.rows.on_key(key, CHOICES.len());
                Reaction::Stay
            }
        }
    }

    fn draw(&self, _room: &Room, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let y = wrapped(
            area,
            0,
            "Conclave recovers an organization's keys and recovery codes, without any network.",
            theme::STRONG,
            buffer,
        );
        let list = Rect { y: area.y + y + 1, height: 3, ..area };
        self.rows.draw(list, CHOICES.len(), |index| CHOICES.get(index).copied().unwrap_or("").to_owned(), buffer);
        wrapped(
            area,
            y + 5,
            "Nothing is stored but what you export. Leaving wipes what was typed.",
            theme::PLAIN,
            buffer,
        );
        None
    }
}
