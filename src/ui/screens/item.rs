//! Recovered, one item: its lines, of which at most one secret is shown at a time, and only until the next key.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::inventory::{Collection, SealedBy, Standing, Version};
use crate::domain::text::Safe;
use crate::ui::items::{Line, PROPOSED, lines_of, origin};
use crate::ui::key::Key;
use crate::ui::room::Room;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{Rows, fit, put, secret, wrapped};

pub struct ShowItem {
    collection: Collection,
    id: String,
    rows: Rows,
    /// Whether the chosen line is shown, if it is a secret.
    is_revealed: bool,
}

impl ShowItem {
    pub fn new(collection: Collection, id: String) -> Self {
        Self { collection, id, rows: Rows::default(), is_revealed: false }
    }

    fn standing<'a>(&self, room: &'a Room) -> Option<&'a Standing> {
        room.inventory()?.standing(self.collection, &self.id)
    }

    fn lines<'a>(&self, room: &'a Room) -> Vec<Line<'a>> {
        let version = self.standing(room).and_then(|standing| standing.current.as_ref());
        version.map_or_else(Vec::new, |version| lines_of(self.collection, version.item.fields()))
    }
}

impl Screen for ShowItem {
    fn title(&self) -> &'static str {
        "Recovered"
    }

    fn keys(&self, room: &Room) -> Vec<KeyHint> {
        let lines = self.lines(room);
        let is_secret =
            self.rows.chosen(lines.len()).and_then(|index| lines.get(index)).is_some_and(|line| line.is_secret);
        let enter = match (is_secret, self.is_revealed) {
            (true, true) => "hide",
            (true, false) => "show this secret",
            (false, _) => "next line",
        };
        vec![("Enter", enter), ("Up/Down", "other line"), ("Esc", "back to the list")]
    }

    fn help(&self) -> &'static str {
        "Lines marked hidden are secret. Enter shows the chosen one below; it is hidden again with the next key, and after a while without a key.\nThe codes of an account are for one use each: next is the first one that is not marked as used."
    }

    fn on_key(&mut self, key: Key, room: &mut Room) -> Reaction {
        let lines = self.lines(room);
        let (count, was_revealed) = (lines.len(), self.is_revealed);
        let is_secret = self.rows.chosen(count).and_then(|index| lines.get(index)).is_some_and(|line| line.is_secret);
        drop(lines);
        self.is_revealed = false;
        match key {
            Key::Esc => return Reaction::Back,
            Key::Enter if is_secret => {
                self.is_revealed = !was_revealed;
                room.record.revealed += usize::from(self.is_revealed);
            }
            Key::Enter => {
                self.rows.on_key(Key::Down, count);
            }
            key => {
                self.rows.on_key(key, count);
            }
        }
        Reaction::Stay
    }

    fn hide(&mut self) {
        self.is_revealed = false;
    }

    fn draw(&self, room: &Room, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let standing = self.standing(room)?;
        let Version { item, source, .. } = standing.current.as_ref()?;
        let title = format!("{}: {}", item.collection().noun(), Safe(&item.title()));
        put(area, 0, 0, &title, theme::STRONG, buffer);
        let (mark, style) = match source.sealed_by {
            SealedBy::Quorum => ("", theme::PLAIN),
            SealedBy::Public => ("! ", theme::CARE),
        };
        let mut y = wrapped(area, 1, &format!("{mark}{}", origin(*source)), style, buffer);
        if !standing.proposals.is_empty() {
            y = wrapped(area, y, &format!("! {PROPOSED}; see About."), theme::CARE, buffer);
        }
        let lines = self.lines(room);
        let width = usize::from(area.width).saturating_sub(2);
        let label_width = lines.iter().map(|line| line.label.chars().count()).max().unwrap_or(0).min(20);
        let row = |index: usize| {
            lines.get(index).map_or_else(String::new, |line| {
                let value =
                    if line.is_secret { Cow::Borrowed("(hidden)") } else { Cow::Owned(Safe(line.value).to_string()) };
                let label = fit(&Safe(&line.label).to_string(), label_width);
                fit(&format!("{label:<label_width$}  {value}  {}", line.mark), width)
            })
        };
        // Rows below the list for the chosen value: more of them for a long note that is shown.
        let is_shown = |line: &&Line<'_>| !line.is_secret || self.is_revealed;
        let shown = self.rows.chosen(lines.len()).and_then(|index| lines.get(index)).filter(is_shown);
        let letters = shown.map_or(0, |line| line.value.chars().count());
        let rows = u16::try_from(letters / usize::from(area.width.max(1))).unwrap_or(u16::MAX);
        let pane_height = rows.saturating_add(3).clamp(4, area.height.saturating_sub(6).max(4));
        let list = Rect { y: area.y + y + 1, height: area.height.saturating_sub(y + 2 + pane_height), ..area };
        self.rows.draw(list, lines.len(), row, buffer);
        let chosen = self.rows.chosen(lines.len()).and_then(|index| lines.get(index))?;
        let pane = Rect { y: area.bottom().saturating_sub(pane_height), height: pane_height, ..area };
        put(pane, 0, 0, &format!("{}:", Safe(&chosen.label)), theme::LABEL, buffer);
        let value = Rect { y: pane.y + 1, height: pane_height.saturating_sub(1), ..pane };
        let is_whole = match (chosen.is_secret, self.is_revealed) {
            (true, false) => {
                put(value, 0, 0, "(hidden: Enter shows it)", theme::PLAIN, buffer);
                true
            }
            (true, true) => secret(value, chosen.value, theme::SECRET, buffer),
            (false, _) => secret(value, chosen.value, theme::PLAIN, buffer),
        };
        if !is_whole {
            let bottom = value.height.saturating_sub(1);
            put(
                value,
                0,
                bottom,
                &format!("{:<60}", "(longer than this: an export has all of it)"),
                theme::CARE,
                buffer,
            );
        }
        None
    }
}
