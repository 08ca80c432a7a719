//! Open, first part: choose a file. Knows mounted media; reads a backup when one is chosen.

use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::backup::OpenBackup;
use crate::domain::text::Safe;
use crate::effect::{Effect, Entry, EntryKind, Outcome, PlaceKind, Source, Trouble};
use crate::ui::key::Key;
use crate::ui::room::Room;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{Field, Rows, beside, fit, fit_end, put, wrapped};

#[derive(Default)]
pub struct Chooser {
    /// The folder in view; without one, the places.
    folder: Option<PathBuf>,
    entries: Vec<Entry>,
    rows: Rows,
    filter: Field,
    shows_all: bool,
    trouble: Option<Trouble>,
    /// What is to be read as soon as the screen comes up.
    waiting: Option<Source>,
}

impl Chooser {
    /// Reads `source` at once.
    pub fn loading(source: Source) -> Self {
        Self { waiting: Some(source), ..Self::default() }
    }

    /// The entries that the filter leaves.
    fn shown(&self) -> Vec<&Entry> {
        let wanted = self.filter.text().to_lowercase();
        let is_shown = |entry: &&Entry| {
            (self.shows_all || entry.kind != EntryKind::Other) && entry.name.to_lowercase().contains(&wanted)
        };
        self.entries.iter().filter(is_shown).collect()
    }

    fn count(&self, room: &Room) -> usize {
        if self.folder.is_some() { self.shown().len() } else { room.places.len() }
    }

    fn list(&mut self, folder: PathBuf) -> Reaction {
        self.trouble = None;
        Reaction::Perform(Effect::List { folder }, "Looking into the folder")
    }

    /// The folder above, or the places.
    fn up(&mut self, room: &Room) -> Reaction {
        let is_place = |folder: &Path| room.places.iter().any(|place| place.path == folder);
        match self.folder.as_deref() {
            Some(folder) if !is_place(folder) => match folder.parent() {
                Some(parent) => self.list(parent.to_owned()),
                None => self.show_places(),
            },
            Some(_) => self.show_places(),
            None => Reaction::Back,
        }
    }

    fn show_places(&mut self) -> Reaction {
        self.folder = None;
        self.rows = Rows::default();
        self.filter.clear();
        Reaction::Perform(Effect::FindPlaces, "Looking for media")
    }

    fn choose(&mut self, room: &mut Room) -> Reaction {
        let chosen = self.rows.chosen(self.count(room)).unwrap_or(0);
        if self.folder.is_none() {
            return match room.places.get(chosen) {
                Some(place) if place.kind == PlaceKind::Unmounted => {
                    self.trouble = Some(Trouble::new("That medium is not mounted.", format_args!("{}.", place.title)));
                    Reaction::Stay
                }
                Some(place) => self.list(place.path.clone()),
                None => Reaction::Stay,
            };
        }
        match self.shown().get(chosen) {
            Some(Entry { kind: EntryKind::Folder, path, .. }) => self.list(path.clone()),
            Some(Entry { path, .. }) => load(Source::Files(vec![path.clone()]), room),
            None => Reaction::Stay,
        }
    }
}

/// Reads a backup; what was held of another one is wiped.
pub(super) fn load(source: Source, room: &mut Room) -> Reaction {
    room.wipe();
    room.is_training = false;
    let is_drill = room.options.is_drill;
    Reaction::Perform(Effect::Load { source, is_drill }, "Reading the backup")
}

impl Screen for Chooser {
    fn title(&self) -> &'static str {
        "Open"
    }

    fn keys(&self, _room: &Room) -> Vec<KeyHint> {
        match self.folder {
            Some(_) => vec![
                ("Enter", "open"),
                ("Left", "folder above"),
                ("Tab", "all files"),
                ("a-z", "search"),
                ("Esc", "back"),
            ],
            None => vec![("Enter", "look inside"), ("Up/Down", "move"), ("F5", "look again"), ("Esc", "back")],
        }
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn help(&self) -> &'static str {
        "Choose the snapshot: the attachment of the backup e-mail (snapshot.json, .json.gz or .zip) or the whole e-mail (.eml). The newest one is best; older ones work too.\nFiles are only read. A stick that you plug in now shows after F5."
    }

    fn on_show(&mut self, room: &mut Room) -> Reaction {
        match self.waiting.take() {
            Some(source) => load(source, room),
            None if self.folder.is_none() => self.show_places(),
            None => Reaction::Stay,
        }
    }

    fn on_key(&mut self, key: Key, room: &mut Room) -> Reaction {
        let count = self.count(room);
        match key {
            Key::Enter => self.choose(room),
            Key::Left => self.up(room),
            Key::Esc if !self.filter.text().is_empty() => {
                self.filter.clear();
                Reaction::Stay
            }
            Key::Esc if self.folder.is_some() => self.show_places(),
            Key::Esc => Reaction::Back,
            Key::F(5) => match self.folder.clone() {
                Some(folder) => self.list(folder),
                None => self.show_places(),
            },
            Key::Tab => {
                self.shows_all = !self.shows_all;
                Reaction::Stay
            }
            Key::Backspace if self.filter.text().is_empty() => self.up(room),
            key => {
                if !self.rows.on_key(key, count) && self.folder.is_some() && self.filter.on_key(key) {
                    self.rows = Rows::default();
                }
                Reaction::Stay
            }
        }
    }

    fn on_outcome(&mut self, outcome: Outcome, room: &mut Room) -> Reaction {
        match outcome {
            Outcome::Places(places) => room.places = places,
            Outcome::Listed { folder, entries: Ok(entries) } => {
                // Coming up from a folder, that folder is chosen; else the first file that may be a snapshot.
                let below = self.folder.take();
                self.entries = entries;
                self.filter.clear();
                let came_from = self.shown().iter().position(|entry| Some(&entry.path) == below.as_ref());
                let candidate = self.shown().iter().position(|entry| entry.kind == EntryKind::Candidate);
                self.rows = Rows::at(came_from.or(candidate).unwrap_or(0));
                self.folder = Some(folder);
            }
            Outcome::Listed { entries: Err(trouble), .. } => self.trouble = Some(trouble),
            Outcome::Loaded(Ok(summary)) => {
                self.trouble = None;
                room.load(*summary);
                return Reaction::Open(Box::new(OpenBackup::of(room)));
            }
            Outcome::Loaded(Err(trouble)) => {
                room.record.is_refused = true;
                self.trouble = Some(trouble);
                if self.folder.is_none() && room.places.is_empty() {
                    return Reaction::Perform(Effect::FindPlaces, "Looking for media");
                }
            }
            _ => {}
        }
        Reaction::Stay
    }

    fn draw(&self, room: &Room, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let width = usize::from(area.width);
        let trouble_rows = if self.trouble.is_some() { 6 } else { 0 };
        let list = Rect { y: area.y + 2, height: area.height.saturating_sub(2 + trouble_rows), ..area };
        let mut cursor = None;
        match &self.folder {
            None => {
                put(area, 0, 0, "Where is the snapshot?", theme::STRONG, buffer);
                let row =
                    |index: usize| room.places.get(index).map_or_else(String::new, |place| place_row(place, width - 2));
                self.rows.draw(list, room.places.len(), row, buffer);
                if room.places.is_empty() {
                    put(list, 0, 0, "No place was found. Plug in the stick, then press F5.", theme::PLAIN, buffer);
                }
            }
            Some(folder) => {
                let path = Safe(&folder.to_string_lossy()).to_string();
                put(area, 0, 0, &fit_end(&path, width), theme::STRONG, buffer);
                if !self.filter.text().is_empty() {
                    let x = put(area, 0, 1, "Search: ", theme::LABEL, buffer);
                    let x = put(area, x, 1, &Safe(self.filter.text()).to_string(), theme::FIELD, buffer);
                    cursor = Some(Position::new(area.x + x, area.y + 1));
                }
                let shown = self.shown();
                let row = |index: usize| shown.get(index).map_or_else(String::new, |entry| entry_row(entry, width - 2));
                self.rows.draw(list, shown.len(), row, buffer);
                if shown.is_empty() {
                    let text = "No snapshot or folder is here. Tab shows all files, Left the folder above.";
                    wrapped(list, 0, text, theme::PLAIN, buffer);
                }
            }
        }
        if let Some(Trouble { what, hint }) = &self.trouble {
            let below = Rect { y: area.bottom().saturating_sub(trouble_rows), height: trouble_rows, ..area };
            let y = wrapped(below, 0, &format!("Not opened: {what}"), theme::BAD, buffer);
            wrapped(below, y, hint, theme::PLAIN, buffer);
        }
        cursor
    }
}

fn place_row(place: &crate::effect::Place, width: usize) -> String {
    let what = match place.kind {
        PlaceKind::Current => "Here",
        PlaceKind::Named => "Exports",
        PlaceKind::Home => "Home",
        PlaceKind::Medium => "Medium",
        PlaceKind::Unmounted => return fit(&place.title, width),
    };
    let path = Safe(&place.path.to_string_lossy()).to_string();
    let title = if place.kind == PlaceKind::Medium { format!("{}  ", place.title) } else { String::new() };
    beside(
        &fit(&format!("{what:<8} {title}{}", fit_end(&path, width.saturating_sub(10))), width),
        &place.facts(),
        width,
    )
}

fn entry_row(entry: &Entry, width: usize) -> String {
    let size = match entry.kind {
        EntryKind::Folder => "folder".to_owned(),
        _ if entry.size < 10_240 => format!("{} B", entry.size),
        _ if entry.size < 10 << 20 => format!("{} KiB", entry.size >> 10),
        _ => format!("{} MiB", entry.size >> 20),
    };
    let name = fit(&entry.name, width.saturating_sub(11));
    let gap = width.saturating_sub(ratatui::text::Span::raw(&name).width() + size.len());
    format!("{name}{}{size}", " ".repeat(gap))
}
