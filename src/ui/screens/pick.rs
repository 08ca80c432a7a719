//! A file among places and folders, for screens that need one: the screen hands over keys, outcomes and an area, and hears which
//! file was picked. Knows mounted media. Nothing is opened here but folders.

use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::text::Safe;
use crate::effect::{Effect, EntryKind, FolderEntry, Outcome, Place, PlaceKind, Trouble};
use crate::journey::Route;
use crate::journey::left::remark;
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::screen::{KeyHint, Reaction};
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, Field, beside, columns, fit, fit_end, put, wrapped};

/// Which files are shown before somebody asks for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantedFiles {
    /// What may be a snapshot, or hold one.
    Snapshots,
    /// Names that end like this, in small letters: `.csv`.
    Endings(&'static [&'static str]),
}

/// What came of a key.
pub enum PickOutcome {
    /// Nothing yet; this is to be done.
    React(Reaction),
    File(PathBuf),
    /// Out of the places.
    Back,
}

pub struct Pick {
    /// Asked above the places.
    question: &'static str,
    /// Said where a folder has none of the wanted files.
    nothing: &'static str,
    wanted: WantedFiles,
    /// What the names of the likeliest files begin with, in small letters.
    likely: &'static [&'static str],
    /// The folder in view; without one, the places.
    folder: Option<PathBuf>,
    entries: Vec<FolderEntry>,
    rows: ChosenRow,
    filter: Field,
    /// What was typed last is in no name, and was not taken.
    is_unfound: bool,
    shows_all: bool,
    trouble: Option<Trouble>,
}

/// Files that lie beside snapshots, and are none.
const NO_SNAPSHOTS: [&str; 5] =
    ["expected.json", "shares.json", "cloud-key.json", "practice-cloud-key.json", "contents.json"];
/// Rows below the list, where there is trouble.
const TROUBLE_ROWS: u16 = 6;

impl Pick {
    pub fn new(question: &'static str, nothing: &'static str, wanted: WantedFiles) -> Self {
        Self {
            question,
            nothing,
            wanted,
            likely: &[],
            folder: None,
            entries: Vec::new(),
            rows: ChosenRow::default(),
            filter: Field::default(),
            is_unfound: false,
            shows_all: false,
            trouble: None,
        }
    }

    /// For a snapshot.
    pub fn snapshot(question: &'static str) -> Self {
        let nothing = "No snapshot or folder is here. Tab shows all files, Left the folder above.";
        Self::new(question, nothing, WantedFiles::Snapshots).likely(&["snapshot", "backup", "device-backup"])
    }

    /// Begins on a file whose name begins like one of these, the first ones first.
    #[must_use]
    pub fn likely(self, likely: &'static [&'static str]) -> Self {
        Self { likely, ..self }
    }

    /// The row that is chosen when a folder comes into view: a wanted file, the likeliest one.
    fn first(&self) -> Option<usize> {
        let rank = |entry: &FolderEntry| {
            let name = entry.name.to_lowercase();
            let place = self.likely.iter().position(|likely| name.starts_with(likely));
            // What a sample has beside its snapshot is none.
            place.unwrap_or(self.likely.len() + usize::from(NO_SNAPSHOTS.contains(&name.as_str())))
        };
        let shown = self.shown();
        let files =
            shown.iter().enumerate().filter(|(_, entry)| entry.kind != EntryKind::Folder && self.is_wanted(entry));
        files.min_by_key(|(_, entry)| rank(entry)).map(|(row, _)| row)
    }

    /// To be asked for when it comes into view: the places, unless a folder is in view.
    pub fn begin(&mut self) -> Reaction {
        if self.folder.is_none() { self.show_places() } else { Reaction::Stay }
    }

    /// Why the file that was picked could not be used; `None` takes back what was said.
    pub fn refuse(&mut self, trouble: Option<Trouble>) {
        self.trouble = trouble;
    }

    pub fn is_at_places(&self) -> bool {
        self.folder.is_none()
    }

    /// Whether a name is wanted. Folders always are.
    fn is_wanted(&self, entry: &FolderEntry) -> bool {
        match (self.wanted, entry.kind) {
            (_, EntryKind::Folder) => true,
            (WantedFiles::Snapshots, kind) => kind == EntryKind::Candidate,
            (WantedFiles::Endings(endings), _) => {
                let name = entry.name.to_lowercase();
                endings.iter().any(|ending| name.ends_with(ending))
            }
        }
    }

    /// The entries that the filter leaves.
    fn shown(&self) -> Vec<&FolderEntry> {
        let wanted = self.filter.text().to_lowercase();
        let is_shown = |entry: &&FolderEntry| {
            (self.shows_all || self.is_wanted(entry)) && entry.name.to_lowercase().contains(&wanted)
        };
        self.entries.iter().filter(is_shown).collect()
    }

    fn count(&self, console: &Console) -> usize {
        if self.folder.is_some() { self.shown().len() } else { console.journey.places.len() }
    }

    fn list(&mut self, folder: PathBuf) -> Reaction {
        self.trouble = None;
        Reaction::Perform(Effect::List { folder }, "Looking into the folder")
    }

    /// The folder above, or the places.
    fn up(&mut self, console: &Console) -> PickOutcome {
        let is_place = |folder: &Path| console.journey.places.iter().any(|place| place.path == folder);
        let above = match self.folder.as_deref() {
            None => return PickOutcome::Back,
            Some(folder) if is_place(folder) => None,
            Some(folder) => folder.parent().map(Path::to_owned),
        };
        PickOutcome::React(match above {
            Some(above) => self.list(above),
            None => self.show_places(),
        })
    }

    fn show_places(&mut self) -> Reaction {
        self.folder = None;
        self.rows = ChosenRow::default();
        self.filter.clear();
        Reaction::Perform(Effect::FindPlaces, "Looking for media")
    }

    fn choose(&mut self, console: &Console) -> PickOutcome {
        let chosen = self.rows.chosen(self.count(console)).unwrap_or(0);
        if self.folder.is_none() {
            return PickOutcome::React(match console.journey.places.get(chosen) {
                Some(place) if place.kind == PlaceKind::Unmounted => {
                    self.trouble = Some(Trouble::new("That medium is not mounted.", format_args!("{}.", place.title)));
                    Reaction::Stay
                }
                Some(place) => self.list(place.path.clone()),
                None => Reaction::Stay,
            });
        }
        match self.shown().get(chosen) {
            Some(FolderEntry { kind: EntryKind::Folder, path, .. }) => PickOutcome::React(self.list(path.clone())),
            Some(FolderEntry { path, .. }) => PickOutcome::File(path.clone()),
            None => PickOutcome::React(Reaction::Stay),
        }
    }

    /// The keys that it answers now.
    pub fn keys(&self) -> Vec<KeyHint> {
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

    pub fn on_key(&mut self, key: Key, console: &Console) -> PickOutcome {
        let count = self.count(console);
        self.is_unfound = false;
        let reaction = match key {
            Key::Enter => return self.choose(console),
            Key::Left => return self.up(console),
            Key::Backspace if self.filter.text().is_empty() => return self.up(console),
            Key::Esc if !self.filter.text().is_empty() => {
                self.filter.clear();
                Reaction::Stay
            }
            Key::Esc if self.folder.is_some() => self.show_places(),
            Key::Esc => return PickOutcome::Back,
            Key::F(9) if self.folder.is_none() && console.journey.left_count() > 0 => Reaction::Open(Route::Left),
            Key::F(5) => match self.folder.clone() {
                Some(folder) => self.list(folder),
                None => self.show_places(),
            },
            Key::Tab => {
                self.shows_all = !self.shows_all;
                Reaction::Stay
            }
            key => {
                if !self.rows.on_key(key, count) && self.folder.is_some() && self.filter.on_key(key) {
                    self.rows = ChosenRow::default();
                }
                // Nothing stands here that is in no name in view: somebody may type a phrase.
                if matches!(key, Key::Char(_)) && self.folder.is_some() && self.shown().is_empty() {
                    self.filter.clear();
                    self.is_unfound = true;
                }
                Reaction::Stay
            }
        };
        PickOutcome::React(reaction)
    }

    /// Hears of places and folders; what is not for it is handed back.
    pub fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Option<Outcome> {
        match outcome {
            Outcome::Places(places) => console.journey.places = places,
            Outcome::Listed { folder, entries: Ok(entries) } => {
                // Coming up from a folder, that folder is chosen; else the first file that is wanted.
                let below = self.folder.take();
                self.entries = entries;
                self.filter.clear();
                let shown = self.shown();
                let came_from = shown.iter().position(|entry| Some(&entry.path) == below.as_ref());
                self.rows = ChosenRow::at(came_from.or(self.first()).unwrap_or(0));
                self.folder = Some(folder);
            }
            Outcome::Listed { entries: Err(trouble), .. } => self.trouble = Some(trouble),
            outcome => return Some(outcome),
        }
        None
    }

    pub fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let trouble_rows = if self.trouble.is_some() { TROUBLE_ROWS } else { 0 };
        let list = Rect { y: area.y + 2, height: area.height.saturating_sub(2 + trouble_rows), ..area };
        let cursor = match &self.folder {
            None => {
                self.draw_places(console, area, list, buffer);
                None
            }
            Some(folder) => self.draw_folder(folder, area, list, buffer),
        };
        if let Some(Trouble { what, hint }) = &self.trouble {
            let below = Rect { y: area.bottom().saturating_sub(trouble_rows), height: trouble_rows, ..area };
            let y = wrapped(below, 0, &format!("Not opened: {what}"), theme::BAD, buffer);
            wrapped(below, y, hint, theme::PLAIN, buffer);
        }
        cursor
    }

    fn draw_places(&self, console: &Console, area: Rect, list: Rect, buffer: &mut Buffer) {
        let width = usize::from(area.width).saturating_sub(2);
        put(area, 0, 0, self.question, theme::STRONG, buffer);
        let row =
            |index: usize| console.journey.places.get(index).map_or_else(String::new, |place| place_row(place, width));
        self.rows.draw(list, console.journey.places.len(), row, buffer);
        let left = console.journey.left_count();
        if left > 0 {
            let below =
                u16::try_from(console.journey.places.len()).unwrap_or(u16::MAX).min(list.height.saturating_sub(4));
            wrapped(list, below + 1, &format!("! {}", remark(left)), theme::CARE, buffer);
        }
        if console.journey.places.is_empty() {
            put(list, 0, 0, "No place was found. Plug in the stick, then press F5.", theme::PLAIN, buffer);
        }
    }

    fn draw_folder(&self, folder: &Path, area: Rect, list: Rect, buffer: &mut Buffer) -> Option<Position> {
        let width = usize::from(area.width);
        let path = Safe(&folder.to_string_lossy()).to_string();
        put(area, 0, 0, &fit_end(&path, width), theme::STRONG, buffer);
        let mut cursor = None;
        if !self.filter.text().is_empty() {
            let x = put(area, 0, 1, "Search: ", theme::LABEL, buffer);
            let x = put(area, x, 1, &Safe(self.filter.text()).to_string(), theme::FIELD, buffer);
            cursor = Some(Position::new(area.x + x, area.y + 1));
        }
        if self.is_unfound {
            put(area, 0, 1, "! No name here has that: nothing of it was kept or shown.", theme::CARE, buffer);
        }
        let shown = self.shown();
        let row =
            |index: usize| shown.get(index).map_or_else(String::new, |entry| entry_row(entry, width.saturating_sub(2)));
        self.rows.draw(list, shown.len(), row, buffer);
        if shown.is_empty() {
            wrapped(list, 0, self.nothing, theme::PLAIN, buffer);
        }
        cursor
    }
}

fn place_row(place: &Place, width: usize) -> String {
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

fn entry_row(entry: &FolderEntry, width: usize) -> String {
    let size = match entry.kind {
        EntryKind::Folder => "folder".to_owned(),
        _ if entry.size < 10_240 => format!("{} B", entry.size),
        _ if entry.size < 10 << 20 => format!("{} KiB", entry.size >> 10),
        _ => format!("{} MiB", entry.size >> 20),
    };
    let name = fit(&entry.name, width.saturating_sub(11));
    let gap = width.saturating_sub(columns(&name) + size.len());
    format!("{name}{}{size}", " ".repeat(gap))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, kind: EntryKind) -> FolderEntry {
        FolderEntry { path: Path::new("/stick").join(name), name: name.to_owned(), kind, size: 1 }
    }

    #[test]
    fn the_first_wanted_file_is_chosen_and_others_are_shown_on_request() {
        let mut console = Console::default();
        console.journey.places = vec![Place::new(PlaceKind::Medium, "/stick", false)];
        let mut pick = Pick::new("Where is the list?", "No list is here.", WantedFiles::Endings(&[".csv"]));
        assert!(matches!(pick.begin(), Reaction::Perform(Effect::FindPlaces, _)));
        assert!(matches!(
            pick.on_key(Key::Enter, &console),
            PickOutcome::React(Reaction::Perform(Effect::List { .. }, _))
        ));
        let entries = vec![
            entry("old", EntryKind::Folder),
            entry("a.json", EntryKind::Candidate),
            entry("People.CSV", EntryKind::Other),
        ];
        let heard = pick.on_outcome(Outcome::Listed { folder: "/stick".into(), entries: Ok(entries) }, &mut console);
        assert!(heard.is_none());
        assert!(matches!(pick.on_key(Key::Enter, &console), PickOutcome::File(path) if path.ends_with("People.CSV")));
        // Of snapshots the one that is called so, and none of what lies beside it.
        let names = ["expected.json", "letter.eml", "Snapshot-3.json", "snapshot.zip"];
        for (first, expected) in [(0, "Snapshot-3.json"), (1, "Snapshot-3.json"), (3, "snapshot.zip")] {
            let mut pick = Pick::snapshot("Where?");
            let entries = names.iter().skip(first).map(|name| entry(name, EntryKind::Candidate)).collect();
            pick.on_outcome(Outcome::Listed { folder: "/stick".into(), entries: Ok(entries) }, &mut console);
            assert!(matches!(pick.on_key(Key::Enter, &console), PickOutcome::File(path) if path.ends_with(expected)));
        }
        let mut beside = Pick::snapshot("Where?");
        let entries = ["expected.json", "letter.eml"].map(|name| entry(name, EntryKind::Candidate)).to_vec();
        beside.on_outcome(Outcome::Listed { folder: "/stick".into(), entries: Ok(entries) }, &mut console);
        assert!(matches!(beside.on_key(Key::Enter, &console), PickOutcome::File(path) if path.ends_with("letter.eml")));
        pick.on_key(Key::Tab, &console);
        "js".chars().for_each(|c| drop(pick.on_key(Key::Char(c), &console)));
        assert!(matches!(pick.on_key(Key::Enter, &console), PickOutcome::File(path) if path.ends_with("a.json")));
        // The search goes first, then the folder, then the places.
        assert!(matches!(pick.on_key(Key::Esc, &console), PickOutcome::React(Reaction::Stay)));
        assert!(matches!(
            pick.on_key(Key::Esc, &console),
            PickOutcome::React(Reaction::Perform(Effect::FindPlaces, _))
        ));
        assert!(matches!(pick.on_key(Key::Esc, &console), PickOutcome::Back));
        assert!(matches!(pick.on_outcome(Outcome::Forgotten, &mut console), Some(Outcome::Forgotten)));
    }
}
