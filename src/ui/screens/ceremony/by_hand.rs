//! A paper on the screen, to be copied by hand where there is no printer. Nothing secret.

use std::fmt::Write;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::text::Safe;
use crate::journey::Making;
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{fit, put};

/// Papers, one in view.
pub struct ByHand {
    papers: Vec<String>,
    paper: usize,
    /// The first line in view.
    line: usize,
}

impl ByHand {
    /// The blank sheet of a shareholder.
    pub fn sheet(number: u8, console: &Console) -> Self {
        let papers = console.journey.making.as_ref().map(|making| sheet(making, number));
        Self { papers: papers.into_iter().collect(), paper: 0, line: 0 }
    }

    /// The public cards of all shareholders.
    pub fn cards(console: &Console) -> Self {
        let issued = console.journey.history.made.as_ref().and_then(|made| made.issued.as_ref());
        Self { papers: issued.map_or_else(Vec::new, |issued| issued.cards.clone()), paper: 0, line: 0 }
    }

    fn lines(&self) -> Vec<&str> {
        self.papers.get(self.paper).map_or_else(Vec::new, |paper| paper.lines().collect())
    }
}

fn sheet(making: &Making, number: u8) -> String {
    let mut text = String::new();
    if making.plan.is_training {
        text.push_str("TRAINING: this phrase protects nothing.\n");
    }
    let _ = writeln!(text, "Date: {}\n{} number: {number}", making.date, making.plan.kind.rules().holder.label);
    for word in 1..=making.plan.form.words.words() {
        let _ = writeln!(text, "{word:>2}. ______________");
    }
    text
}

impl Screen for ByHand {
    fn title(&self) -> &'static str {
        super::TITLE
    }

    fn keys(&self, _room: &Console) -> Vec<KeyHint> {
        let mut keys = vec![("Enter", "back"), ("Up/Down", "scroll")];
        if self.papers.len() > 1 {
            keys.push(("Left/Right", "other card"));
        }
        keys.push(("Esc", "back"));
        keys
    }

    fn help(&self) -> &'static str {
        "Copy it by hand where there is no printer. It holds no secret."
    }

    fn on_key(&mut self, key: Key, _room: &mut Console) -> Reaction {
        let last = self.lines().len().saturating_sub(1);
        let papers = self.papers.len().max(1);
        match key {
            Key::Enter | Key::Esc => return Reaction::Back,
            Key::Down => self.line = (self.line + 1).min(last),
            Key::Up => self.line = self.line.saturating_sub(1),
            Key::Right => (self.paper, self.line) = ((self.paper + 1) % papers, 0),
            Key::Left => (self.paper, self.line) = ((self.paper + papers - 1) % papers, 0),
            _ => {}
        }
        Reaction::Stay
    }

    fn draw(&self, _room: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let lines = self.lines();
        let height = usize::from(area.height);
        let first = self.line.min(lines.len().saturating_sub(height));
        let width = usize::from(area.width);
        for (y, line) in (0..area.height).zip(lines.iter().skip(first)) {
            put(area, 0, y, &fit(&Safe(line).to_string(), width), theme::PLAIN, buffer);
        }
        let x = area.width.saturating_sub(6);
        if first > 0 {
            put(area, x, 0, "^ more", theme::LABEL, buffer);
        }
        if first + height < lines.len() {
            put(area, x, area.height.saturating_sub(1), "v more", theme::LABEL, buffer);
        }
        None
    }
}
