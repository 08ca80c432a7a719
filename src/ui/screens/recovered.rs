//! Recovered: what the backup holds. Names only; an item is looked into on its own screen, where one secret at a time is shown.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::export::Export;
use super::item::ShowItem;
use crate::domain::inventory::{Collection, Inventory, SealedBy, Standing, Version};
use crate::domain::text::Safe;
use crate::effect::Opening;
use crate::ui::items::what;
use crate::ui::key::Key;
use crate::ui::room::Room;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{Field, Rows, fit, put, wrapped};

#[derive(Default)]
pub struct Recovered {
    tab: usize,
    /// Ids of the items that the search leaves, in order.
    ids: Vec<String>,
    rows: Rows,
    /// The first row of findings in view.
    scrolled: usize,
    search: Field,
    is_searching: bool,
}

const TABS: [(&str, Option<Collection>); 4] = [
    ("Keys", Some(Collection::Keys)),
    ("Vaults", Some(Collection::Vaults)),
    ("Accounts", Some(Collection::Accounts)),
    ("About", None),
];

impl Recovered {
    /// What is listed; `None` for the findings, which are all that a withheld backup shows.
    fn collection(&self, room: &Room) -> Option<Collection> {
        let collection = TABS.get(self.tab).and_then(|(_, collection)| *collection);
        collection.filter(|_| !is_withheld(room))
    }

    fn find(&mut self, room: &Room) {
        let wanted = self.search.text().to_lowercase();
        self.ids = match (room.inventory(), self.collection(room)) {
            (Some(inventory), Some(collection)) => matching(inventory, collection, &wanted),
            _ => Vec::new(),
        };
        self.rows = Rows::default();
    }

    fn turn(&mut self, by: usize, room: &Room) -> Reaction {
        self.tab = (self.tab + by) % TABS.len();
        self.scrolled = 0;
        self.find(room);
        Reaction::Stay
    }

    fn on_search_key(&mut self, key: Key, room: &Room) -> Reaction {
        match key {
            Key::Enter | Key::Down => self.is_searching = false,
            Key::Esc => {
                self.is_searching = false;
                self.search.clear();
                self.find(room);
            }
            key => {
                if self.search.on_key(key) {
                    self.find(room);
                }
            }
        }
        Reaction::Stay
    }
}

/// Whether anything that people know an item by holds `wanted`.
fn matching(inventory: &Inventory, collection: Collection, wanted: &str) -> Vec<String> {
    let holds = |version: &Version| {
        let fields = version.item.fields();
        let known = ["id", "chain", "address", "key_type"].iter().filter_map(|member| fields.text(member));
        version.item.title().to_lowercase().contains(wanted)
            || known.into_iter().any(|text| text.to_lowercase().contains(wanted))
    };
    let items = inventory.items(collection).filter(|version| wanted.is_empty() || holds(version));
    items.map(|version| version.item.id().to_owned()).collect()
}

impl Screen for Recovered {
    fn title(&self) -> &'static str {
        "Recovered"
    }

    fn keys(&self, room: &Room) -> Vec<KeyHint> {
        if self.is_searching {
            return vec![("Enter", "to the list"), ("Esc", "end the search")];
        }
        if is_withheld(room) {
            return vec![("Enter", "finish and wipe"), ("Up/Down", "scroll")];
        }
        let mut keys = Vec::new();
        if self.collection(room).is_some() && !self.ids.is_empty() {
            keys.push(("Enter", "look inside"));
        } else {
            keys.push(("Enter", "next list"));
        }
        keys.extend([("Left/Right", "other list"), ("/", "search")]);
        keys.extend([("e", "export"), ("F10", "finish and wipe")]);
        keys
    }

    fn takes_text(&self) -> bool {
        self.is_searching
    }

    fn help(&self) -> &'static str {
        "Everything that the backup holds. Secrets are hidden: look inside an item, choose a line, press Enter, and that one is shown until you move on.\nAbout says what was checked and what does not check. Addresses are shown as recorded; this version does not compare them with the keys.\nF10 wipes everything and shows the record."
    }

    fn on_show(&mut self, room: &mut Room) -> Reaction {
        if self.ids.is_empty() {
            self.find(room);
        }
        Reaction::Stay
    }

    fn on_key(&mut self, key: Key, room: &mut Room) -> Reaction {
        if self.is_searching {
            return self.on_search_key(key, room);
        }
        let is_withheld = is_withheld(room);
        match key {
            Key::Enter if is_withheld => Reaction::Finish,
            Key::Enter => match (self.collection(room), self.rows.chosen(self.ids.len())) {
                (Some(collection), Some(chosen)) => {
                    let id = self.ids.get(chosen).cloned().unwrap_or_default();
                    Reaction::Open(Box::new(ShowItem::new(collection, id)))
                }
                _ => self.turn(1, room),
            },
            Key::Right | Key::Tab => self.turn(1, room),
            Key::Left | Key::BackTab => self.turn(TABS.len() - 1, room),
            Key::Char('/') if self.collection(room).is_some() => {
                self.is_searching = true;
                Reaction::Stay
            }
            Key::Char('e' | 'E') if !is_withheld => Reaction::Open(Box::new(Export::default())),
            // Nothing was taken along yet: one key must not undo what everybody typed.
            Key::F(10) if room.record.exported.is_empty() && !is_withheld => Reaction::AskToLeave,
            Key::F(10) => Reaction::Finish,
            Key::Esc if !self.search.text().is_empty() => {
                self.search.clear();
                self.find(room);
                Reaction::Stay
            }
            Key::Esc => Reaction::AskToLeave,
            Key::Up if self.collection(room).is_none() => {
                self.scrolled = self.scrolled.saturating_sub(1);
                Reaction::Stay
            }
            Key::Down if self.collection(room).is_none() => {
                self.scrolled = (self.scrolled + 1).min(findings(room).len());
                Reaction::Stay
            }
            key => {
                self.rows.on_key(key, self.ids.len());
                Reaction::Stay
            }
        }
    }

    fn draw(&self, room: &Room, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let opening = room.opening.as_ref()?;
        let verdict = if opening.red.is_empty() {
            ("ok  Opened. Genuine: every mark of the quorum checks.".to_owned(), theme::GOOD)
        } else {
            (format!("!   Opened, but {} thing(s) do not check: see About.", opening.red.len()), theme::BAD)
        };
        put(area, 0, 0, &verdict.0, verdict.1, buffer);
        put(area, 0, 1, &opening.organization, theme::PLAIN, buffer);
        let below = Rect { y: area.y + 5, height: area.height.saturating_sub(5), ..area };
        if opening.is_withheld {
            let (vaults, accounts, codes) = opening.counts;
            let text = format!(
                "This is a drill on a production backup: it opens. It holds {vaults} vaults and {accounts} accounts with {codes} codes. Nothing of it is shown or written."
            );
            let y = wrapped(below, 0, &text, theme::STRONG, buffer);
            self.draw_about(
                room,
                Rect { y: below.y + y + 1, height: below.height.saturating_sub(y + 1), ..below },
                buffer,
            );
            return None;
        }
        self.draw_tabs(opening, area, buffer);
        let Some(collection) = self.collection(room) else {
            self.draw_about(room, below, buffer);
            return None;
        };
        let mut cursor = None;
        if self.is_searching || !self.search.text().is_empty() {
            let at = put(area, 0, 4, "Search: ", theme::LABEL, buffer);
            let at = put(area, at, 4, &Safe(self.search.text()).to_string(), theme::FIELD, buffer);
            cursor = self.is_searching.then(|| Position::new((area.x + at).min(area.right() - 1), area.y + 4));
        }
        let width = usize::from(area.width).saturating_sub(2);
        let row = |index: usize| {
            let standing = self.ids.get(index).and_then(|id| opening.inventory.standing(collection, id));
            standing.map_or_else(String::new, |standing| row_of(standing, width))
        };
        self.rows.draw(below, self.ids.len(), row, buffer);
        if self.ids.is_empty() {
            let text = if self.search.text().is_empty() {
                if opening.red.is_empty() {
                    "Nothing of this kind is in the backup."
                } else {
                    "Nothing of this kind could be read. About says what does not check."
                }
            } else {
                "Nothing is found."
            };
            put(below, 0, 0, text, theme::PLAIN, buffer);
        }
        cursor
    }
}

impl Recovered {
    fn draw_tabs(&self, opening: &Opening, area: Rect, buffer: &mut Buffer) {
        let mut x = 0;
        for (index, (name, collection)) in TABS.iter().enumerate() {
            let count = collection.map_or_else(String::new, |of| format!(" {}", opening.inventory.items(of).count()));
            let (text, style) = if index == self.tab {
                (format!("[{name}{count}]"), theme::CHOSEN)
            } else {
                (format!(" {name}{count} "), theme::PLAIN)
            };
            x = put(area, x, 3, &text, style, buffer) + 1;
        }
    }

    fn draw_about(&self, room: &Room, area: Rect, buffer: &mut Buffer) {
        let mut y = 0;
        for (is_red, text) in findings(room).into_iter().skip(self.scrolled) {
            let (mark, style) = if is_red { ("! ", theme::BAD) } else { ("- ", theme::PLAIN) };
            y = wrapped(area, y, &format!("{mark}{text}"), style, buffer);
        }
        if y == 0 {
            wrapped(area, 0, "Nothing more is to be said of it.", theme::PLAIN, buffer);
        }
    }
}

/// Nothing of the contents is here, as in a drill on a production backup.
fn is_withheld(room: &Room) -> bool {
    room.opening.as_ref().is_none_or(|opening| opening.is_withheld)
}

/// Red ones first.
fn findings(room: &Room) -> Vec<(bool, &str)> {
    let Some(opening) = &room.opening else { return Vec::new() };
    let red = opening.red.iter().map(|text| (true, text.as_str()));
    red.chain(opening.notes.iter().map(|text| (false, text.as_str()))).collect()
}

/// Name, what it is, and marks: `!` when no quorum has confirmed it, `+` when changes of it were proposed.
fn row_of(standing: &Standing, width: usize) -> String {
    let Some(Version { item, source, .. }) = &standing.current else { return String::new() };
    let what = what(item);
    let mark = match (source.sealed_by, standing.proposals.is_empty()) {
        (SealedBy::Public, _) => "! ",
        (SealedBy::Quorum, false) => "+ ",
        (SealedBy::Quorum, true) => "  ",
    };
    let title = fit(&Safe(&item.title()).to_string(), width / 2);
    let gap = (width / 2).saturating_sub(ratatui::text::Span::raw(&title).width());
    fit(&format!("{mark}{title}{}  {}", " ".repeat(gap), Safe(&what)), width)
}
