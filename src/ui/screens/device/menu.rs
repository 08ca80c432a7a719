//! What can be done with the backup of a device, before a file is chosen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::journey::device::{DEVICE_CHOICES, DeviceChoice};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::screens::places::list;
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, wrapped};

#[derive(Default)]
pub struct DeviceMenu {
    rows: ChosenRow,
}

/// What must not be mistaken.
pub const WHAT_IT_IS: &str = "This is the backup of one person's device: that person's own shares. It is not the backup of an organization, and cannot rebuild its keys.";

impl Screen for DeviceMenu {
    fn title(&self) -> &'static str {
        super::TITLE
    }

    fn keys(&self, _console: &Console) -> Vec<KeyHint> {
        vec![("Enter", "choose"), ("Up/Down", "move"), ("Esc", "back")]
    }

    fn help(&self) -> &'static str {
        "Manage: the wallet of the device writes what it holds into a file (SHARES.json, described in docs/device.md). Here each of its organizations is backed up, one after the other.\nRestore: the phrase, or the cloud key and the PIN, open a backup; its shares are written for the device.\nPractise: the same on a device that is nobody's. Nothing can go wrong there."
    }

    fn on_show(&mut self, console: &mut Console) -> Reaction {
        console.journey.leave_loaded();
        Reaction::Stay
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        let chosen = self.rows.chosen(DEVICE_CHOICES.len()).and_then(|row| DEVICE_CHOICES.get(row));
        match (key, chosen) {
            (Key::Enter, Some((choice, ..))) => Reaction::Open(console.journey.choose_device(*choice)),
            (Key::Esc, _) => Reaction::Back,
            _ => {
                self.rows.on_key(key, DEVICE_CHOICES.len());
                Reaction::Stay
            }
        }
    }

    fn draw(&self, _console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let row = |(_, what, more): &(DeviceChoice, &str, &str)| format!("{what:<9} {more}");
        let y = list("Backup of a person's device", self.rows, &DEVICE_CHOICES, row, area, buffer);
        wrapped(area, y + 1, WHAT_IT_IS, theme::PLAIN, buffer);
        None
    }
}
