//! Recovered: what the backup holds. Names only; an item is looked into on its own screen, where one secret at a time is shown.

mod listing;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use self::listing::ListingOrder;
use crate::domain::inventory::Collection;
use crate::domain::text::{Safe, counted};
use crate::effect::Opening;
use crate::journey::{Goal, Route, export, items};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, Field, Scroll, put, wrapped};

#[derive(Default)]
pub struct Recovered {
    tab: usize,
    /// Ids of the items that the search leaves, in order.
    ids: Vec<String>,
    rows: ChosenRow,
    /// Through what is said of the backup.
    scroll: Scroll,
    search: Field,
    is_searching: bool,
    order: ListingOrder,
    /// An export was asked for, and there is nothing to write.
    is_refused: bool,
}

/// The lists that there are; the last is what is said of the backup.
fn tabs(console: &Console) -> Vec<(&'static str, Option<Collection>)> {
    let listed = console.journey.inventory().map_or_else(Vec::new, |inventory| items::listed(inventory));
    let name = |collection| match collection {
        Collection::Keys => "Keys",
        Collection::Vaults => "Vaults",
        Collection::Accounts => "Accounts",
        Collection::Shares => "Shares",
    };
    let tabs = listed.into_iter().map(|collection| (name(collection), Some(collection)));
    tabs.chain([("About", None)]).collect()
}

impl Recovered {
    /// What is listed; `None` for the findings, which are all that a withheld backup shows.
    fn collection(&self, console: &Console) -> Option<Collection> {
        let collection = tabs(console).get(self.tab).and_then(|(_, collection)| *collection);
        collection.filter(|_| !is_withheld(console))
    }

    fn find(&mut self, console: &Console) {
        let wanted = self.search.text().to_lowercase();
        self.ids = match (&console.journey.opening, self.collection(console)) {
            (Some(opening), Some(collection)) => listing::ids(opening, collection, &wanted, self.order),
            _ => Vec::new(),
        };
        self.rows = ChosenRow::default();
    }

    /// The chosen item.
    fn chosen(&self, console: &Console) -> Option<(Collection, String)> {
        let id = self.ids.get(self.rows.chosen(self.ids.len())?)?;
        Some((self.collection(console)?, id.clone()))
    }

    /// Marks the chosen item, or takes the mark away, and goes on to the next.
    fn mark(&mut self, console: &mut Console) {
        let Some(chosen) = self.chosen(console) else { return };
        if is_there(console, &chosen) && !console.journey.marked.remove(&chosen) {
            console.journey.marked.insert(chosen);
        }
        self.rows.on_key(Key::Down, self.ids.len());
    }

    /// Marks everything that is listed; when all of it is marked, takes the marks away.
    fn mark_all(&mut self, console: &mut Console) {
        let Some(collection) = self.collection(console) else { return };
        let listed = self.ids.iter().map(|id| (collection, id.clone()));
        let listed: Vec<_> = listed.filter(|item| is_there(console, item)).collect();
        if listed.iter().all(|item| console.journey.marked.contains(item)) {
            for item in &listed {
                console.journey.marked.remove(item);
            }
        } else {
            console.journey.marked.extend(listed);
        }
    }

    fn turn(&mut self, by: usize, console: &Console) -> Reaction {
        self.tab = (self.tab + by) % tabs(console).len();
        self.scroll = Scroll::default();
        self.find(console);
        Reaction::Stay
    }

    fn on_search_key(&mut self, key: Key, console: &Console) -> Reaction {
        match key {
            Key::Enter | Key::Down => self.is_searching = false,
            Key::Esc => {
                self.is_searching = false;
                self.search.clear();
                self.find(console);
            }
            key => {
                if self.search.on_key(key) {
                    self.find(console);
                }
            }
        }
        Reaction::Stay
    }
}

impl Screen for Recovered {
    fn title(&self) -> &'static str {
        "Recovered"
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        if self.is_searching {
            return vec![("Enter", "to the list"), ("Esc", "end the search")];
        }
        if is_withheld(console) {
            return vec![("Enter", "finish and wipe"), ("Up/Down", "scroll")];
        }
        let mut keys = Vec::new();
        if self.collection(console).is_none() {
            keys.extend([("Enter", "next list"), ("Up/Down", "scroll"), ("Left/Right", "other list")]);
            keys.extend([("e", "export"), ("F10", "finish and wipe")]);
            return keys;
        }
        keys.push(("Enter", if self.ids.is_empty() { "next list" } else { "look inside" }));
        keys.extend([("Left/Right", "other list"), ("/", "search")]);
        keys.extend([("e", "export"), ("F10", "finish and wipe")]);
        if can_confirm(console) {
            keys.push(("c", "confirm"));
        }
        keys.push(("Space", "mark"));
        if self.collection(console) == Some(Collection::Accounts) {
            keys.push(("a", "save codes"));
        }
        if lists(console, Collection::Vaults) {
            keys.push(("n", "a vault that is not here"));
        }
        keys
    }

    fn further_keys(&self, console: &Console) -> Vec<KeyHint> {
        if is_withheld(console) {
            return Vec::new();
        }
        vec![("m", "mark all that are listed, or none"), ("o", "other order")]
    }

    fn intake(&self, _room: &Console) -> Intake {
        if self.is_searching { Intake::Text } else { Intake::Rested }
    }

    fn help(&self) -> &'static str {
        "What came out of the backup. Secrets are hidden: look inside an item, choose a line, press y, and that one is shown until you move on.\nThe address of each vault is rebuilt from its key and compared with the record: match, MISMATCH, or cannot check, with the reason inside. About says what does not check, and what may be missing.\nc, where something waits for a quorum: look at it, and seal what you accept into a new file.\nn derives a vault that is not in the backup. Before a name: * marked, ! added without the quorum (inside it says by whom, and what proves it), + a change was proposed, ~ others added codes or marked some, - removed.\nF10 wipes what is held and shows the record."
    }

    fn on_show(&mut self, console: &mut Console) -> Reaction {
        if console.journey.goal() == Goal::Confirm {
            console.journey.turn_to(Goal::Recover);
        }
        // What is listed may have changed meanwhile; the row stays.
        let rows = self.rows;
        self.find(console);
        self.rows = rows;
        match console.journey.take_wanted() {
            Some(id) => Reaction::Open(Route::Item { collection: Collection::Accounts, id }),
            None => Reaction::Stay,
        }
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.is_refused = false;
        if self.is_searching {
            return self.on_search_key(key, console);
        }
        let is_withheld = is_withheld(console);
        match key {
            Key::Enter if is_withheld => Reaction::Finish,
            Key::Enter => match self.chosen(console) {
                Some((collection, id)) => Reaction::Open(Route::Item { collection, id }),
                None => self.turn(1, console),
            },
            Key::Right | Key::Tab => self.turn(1, console),
            Key::Left | Key::BackTab => self.turn(tabs(console).len() - 1, console),
            Key::Char('/') if self.collection(console).is_some() => {
                self.is_searching = true;
                Reaction::Stay
            }
            Key::Char('e' | 'E') if !is_withheld => {
                self.is_refused = export::is_empty(&console.journey);
                if self.is_refused { Reaction::Stay } else { Reaction::Open(Route::Export) }
            }
            Key::Char('a' | 'A') if !is_withheld && self.collection(console) == Some(Collection::Accounts) => {
                Reaction::Open(console.journey.save_another())
            }
            Key::Char('c' | 'C') if can_confirm(console) => Reaction::Open(console.journey.turn_to(Goal::Confirm)),
            Key::Char('n' | 'N') if !is_withheld && lists(console, Collection::Vaults) => {
                Reaction::Open(Route::Unlisted)
            }
            Key::Char(' ') => {
                self.mark(console);
                Reaction::Stay
            }
            Key::Char('m' | 'M') => {
                self.mark_all(console);
                Reaction::Stay
            }
            Key::Char('o' | 'O') if self.collection(console).is_some() => {
                self.order = self.order.next();
                self.find(console);
                Reaction::Stay
            }
            Key::F(10) => Reaction::Finish,
            Key::Esc if !self.search.text().is_empty() => {
                self.search.clear();
                self.find(console);
                Reaction::Stay
            }
            Key::Esc => Reaction::AskToLeave,
            key if self.collection(console).is_none() => {
                self.scroll.on_key(key);
                Reaction::Stay
            }
            key => {
                self.rows.on_key(key, self.ids.len());
                Reaction::Stay
            }
        }
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let opening = console.journey.opening.as_ref()?;
        let comparison = &opening.comparison;
        let y = draw_verdict(opening, area, buffer);
        let area = Rect { y: area.y + y, height: area.height.saturating_sub(y), ..area };
        put(area, 0, 0, &items::organization(opening), theme::PLAIN, buffer);
        let compared = match (comparison.is_complete, comparison.total) {
            (true, 0) => String::new(),
            (true, total) => {
                format!("Addresses rebuilt from the keys: {} of {total} match the record.", comparison.matches)
            }
            (false, total) => format!("Comparing addresses with keys: {} of {total} ...", comparison.done),
        };
        put(area, 0, 1, &compared, theme::PLAIN, buffer);
        let below = Rect { y: area.y + 4, height: area.height.saturating_sub(4), ..area };
        if opening.is_withheld {
            let y = wrapped(below, 0, &items::withheld(opening), theme::STRONG, buffer);
            self.draw_about(
                console,
                Rect { y: below.y + y + 1, height: below.height.saturating_sub(y + 1), ..below },
                buffer,
            );
            return None;
        }
        self.draw_tabs(console, opening, area, buffer);
        let Some(collection) = self.collection(console) else {
            self.draw_about(console, below, buffer);
            return None;
        };
        let mut cursor = None;
        if self.is_searching || !self.search.text().is_empty() {
            let at = put(area, 0, 3, "Search: ", theme::LABEL, buffer);
            let at = put(area, at, 3, &Safe(self.search.text()).to_string(), theme::FIELD, buffer);
            cursor = self.is_searching.then(|| Position::new((area.x + at).min(area.right() - 1), area.y + 3));
        }
        let list = Rect { y: below.y + 1, height: below.height.saturating_sub(1), ..below };
        let width = ChosenRow::columns(list, self.ids.len());
        if !self.ids.is_empty() {
            put(below, 2, 0, &listing::head(collection, width), theme::LABEL, buffer);
        }
        let row = |index: usize| {
            let id = self.ids.get(index);
            id.map_or_else(String::new, |id| listing::row(console, opening, collection, id, width))
        };
        if self.is_refused {
            put(area, 0, 3, &format!("! {}", export::NOTHING), theme::CARE, buffer);
        } else if cursor.is_none() && self.search.text().is_empty() {
            let order = if self.order == ListingOrder::Id {
                String::new()
            } else {
                format!("sorted by {}  ", self.order.title())
            };
            let marked = console.journey.marked.len();
            let marked = if marked == 0 { String::new() } else { format!("{marked} marked for an export") };
            put(area, 0, 3, &format!("{order}{marked}"), theme::LABEL, buffer);
        }
        self.rows.draw(list, self.ids.len(), row, buffer);
        if self.ids.is_empty() {
            let text = if self.search.text().is_empty() {
                if opening.is_clean() {
                    "Nothing of this kind is in the backup."
                } else {
                    "Nothing of this kind could be read. About says what does not check."
                }
            } else {
                "Nothing is found."
            };
            put(list, 0, 0, text, theme::PLAIN, buffer);
        }
        cursor
    }
}

impl Recovered {
    fn draw_tabs(&self, console: &Console, opening: &Opening, area: Rect, buffer: &mut Buffer) {
        let mut x = 0;
        for (index, (name, collection)) in tabs(console).into_iter().enumerate() {
            let count = collection.map_or_else(String::new, |of| format!(" {}", opening.inventory.items(of).count()));
            let (text, style) = if index == self.tab {
                (format!("[{name}{count}]"), theme::CHOSEN)
            } else {
                (format!(" {name}{count} "), theme::PLAIN)
            };
            x = put(area, x, 2, &text, style, buffer) + 1;
        }
    }

    fn draw_about(&self, console: &Console, area: Rect, buffer: &mut Buffer) {
        let said = |(is_red, text): (bool, &str)| {
            let (mark, style) = if is_red { ("! ", theme::BAD) } else { ("- ", theme::PLAIN) };
            (style, format!("{mark}{text}"))
        };
        let (red, notes): (Vec<_>, Vec<_>) = findings(console).into_iter().partition(|(is_red, _)| *is_red);
        let mut lines: Vec<(Style, String)> = Vec::new();
        for (title, findings) in [("Does not check:", red), ("To be known:", notes)] {
            lines.extend((!findings.is_empty()).then(|| (theme::STRONG, title.to_owned())));
            lines.extend(findings.into_iter().map(said));
        }
        if let Some(opening) = console.journey.opening.as_ref().filter(|opening| !opening.is_withheld) {
            lines.extend(items::compared(opening).into_iter().map(|text| (theme::PLAIN, format!("- {text}"))));
        }
        if lines.is_empty() {
            lines.push((theme::PLAIN, "Nothing more is to be said of it.".to_owned()));
        }
        self.scroll.draw(&lines, area, buffer);
    }
}

/// Whether it is all there and checks: a row, or more where something is missing.
fn draw_verdict(opening: &Opening, area: Rect, buffer: &mut Buffer) -> u16 {
    let completeness = &opening.completeness;
    if opening.is_clean() {
        let notes = match opening.notes.len() {
            0 => String::new(),
            count => format!(" {}: see About.", counted(count, "note")),
        };
        return wrapped(area, 0, &format!("ok  Opened. {}{notes}", items::genuine(opening)), theme::GOOD, buffer);
    }
    let Some(verdict) = completeness.verdict() else {
        let text = format!("!   Opened, every box was read; {} thing(s) do not check: see About.", opening.red.len());
        return wrapped(area, 0, &text, theme::BAD, buffer);
    };
    let y = wrapped(area, 0, &format!("! Opened. {verdict} See About."), theme::BAD, buffer);
    wrapped(area, y, &completeness.counts(), theme::BAD, buffer)
}

/// Whether it counts: what was removed is in no export.
fn is_there(console: &Console, (collection, id): &(Collection, String)) -> bool {
    let standing = console.journey.inventory().and_then(|inventory| inventory.standing(*collection, id));
    standing.is_some_and(|standing| standing.current.is_some())
}

/// Whether something in it waits for the quorum that opened it; in practice nothing is sealed.
fn can_confirm(console: &Console) -> bool {
    !is_withheld(console) && !console.journey.is_drill() && console.journey.is_awaiting()
}

/// Nothing of the contents is here, as in a drill on a production backup.
fn is_withheld(console: &Console) -> bool {
    console.journey.opening.as_ref().is_none_or(|opening| opening.is_withheld)
}

fn lists(console: &Console, collection: Collection) -> bool {
    tabs(console).iter().any(|(_, listed)| *listed == Some(collection))
}

/// Red ones first.
fn findings(console: &Console) -> Vec<(bool, &str)> {
    let Some(opening) = &console.journey.opening else { return Vec::new() };
    // What is missing stands above every list.
    let above = opening.completeness.finding();
    let below = opening.red.iter().filter(|text| above.as_ref() != Some(*text));
    let red = below.map(|text| (true, text.as_str()));
    red.chain(opening.notes.iter().map(|text| (false, text.as_str()))).collect()
}
