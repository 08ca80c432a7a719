//! Home: what to do.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::effect::{Effect, Outcome};
use crate::journey::left::brief_remark;
use crate::journey::{Goal, Route};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, wrapped};

/// Of the program alone: what the machine does is another matter.
pub const USES_NO_NETWORK: &str = "Conclave uses no network.";

#[derive(Default)]
pub struct Home {
    rows: ChosenRow,
}

#[derive(Clone, Copy)]
enum HomeRow {
    Recover,
    Practise,
    BackUp,
    Codes,
    Device,
    Refresh,
    Leave,
}

const CHOICES: [(HomeRow, &str); 7] = [
    (HomeRow::Recover, "Recover    open a snapshot with recovery phrases"),
    (HomeRow::Practise, "Practise   the same with the built-in training backup"),
    (HomeRow::BackUp, "Back up    phrases for the shareholders, and the file"),
    (HomeRow::Codes, "Codes      save or read the recovery codes of accounts"),
    (HomeRow::Device, "Device     back up or restore one person's own shares"),
    (HomeRow::Refresh, "Refresh    add to a backup, or change or rotate it"),
    (HomeRow::Leave, "Leave"),
];

impl Screen for Home {
    fn title(&self) -> &'static str {
        "Home"
    }

    fn keys(&self, _room: &Console) -> Vec<KeyHint> {
        vec![("Enter", "choose"), ("Up/Down", "move")]
    }

    fn lists_places(&self, _console: &Console) -> bool {
        true
    }

    fn help(&self) -> &'static str {
        "Recover: choose the snapshot that was e-mailed to the backup address, then enough shareholders type their recovery phrases, one after the other.\nPractise: the same screens on a backup that protects nothing, with practice phrases beside the entry. Nothing can go wrong there.\nBack up: every shareholder gets a new phrase, writes it down and types it back twice. Only then there is a backup. One that was interrupted when its file was written is finished there.\nCodes: the single-use codes of an account go into a file of its owners, without a phrase; each owner alone reads them.\nDevice: the backup of one person's own shares, for that person alone. It cannot recover an organization.\nRefresh: a new file of a backup with more in it, or with another address or names. Phrases are needed only to rotate or compact it."
    }

    fn on_show(&mut self, console: &mut Console) -> Reaction {
        console.journey.leave_loaded();
        // Somebody may have pulled the cable meanwhile.
        Reaction::Perform(Effect::LookAtNetwork, "Looking at the network")
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        match outcome {
            Outcome::Network(network) => {
                console.journey.network = Some(network);
                return Reaction::Perform(Effect::FindPlaces, "Looking for media");
            }
            Outcome::Places(places) => console.journey.places = places,
            _ => {}
        }
        Reaction::Stay
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        let chosen = self.rows.chosen(CHOICES.len()).and_then(|index| CHOICES.get(index));
        match (key, chosen) {
            (Key::Enter, Some((choice, _))) => choose(*choice, console),
            (Key::Enter | Key::Esc, _) => Reaction::AskToLeave,
            _ => {
                self.rows.on_key(key, CHOICES.len());
                Reaction::Stay
            }
        }
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let y = wrapped(
            area,
            0,
            "Conclave recovers and backs up an organization's keys and recovery codes.",
            theme::STRONG,
            buffer,
        );
        let rows = u16::try_from(CHOICES.len()).unwrap_or(u16::MAX);
        let list = Rect { y: area.y + y + 1, height: rows, ..area };
        let row = |index: usize| CHOICES.get(index).map_or_else(String::new, |(_, text)| (*text).to_owned());
        self.rows.draw(list, CHOICES.len(), row, buffer);
        let (mark, style, network) = match &console.journey.network {
            Some(network) if network.is_care() => ("! ", theme::CARE, network.to_string()),
            Some(network) => ("", theme::PLAIN, network.to_string()),
            None => ("", theme::PLAIN, String::new()),
        };
        let (mut y, left) = (y + 2 + rows, console.journey.left_count());
        if left > 0 {
            y = wrapped(area, y, &format!("! {}", brief_remark(left)), theme::CARE, buffer);
        }
        let y = wrapped(area, y, &format!("{mark}{USES_NO_NETWORK} {network}"), style, buffer);
        wrapped(area, y, "Only what you export or back up is stored. Leaving wipes.", theme::PLAIN, buffer);
        None
    }
}

fn choose(choice: HomeRow, console: &mut Console) -> Reaction {
    let goal = match choice {
        HomeRow::Recover => Goal::Recover,
        HomeRow::Practise => Goal::Practise,
        HomeRow::BackUp => Goal::Make,
        HomeRow::Refresh => Goal::Refresh,
        HomeRow::Codes => return Reaction::Open(Route::CodesMenu),
        HomeRow::Device => return Reaction::Open(Route::DeviceMenu),
        HomeRow::Leave => return Reaction::AskToLeave,
    };
    Reaction::Open(console.journey.set_out(goal))
}
