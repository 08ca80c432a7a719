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
use crate::ui::widgets::Scroll;

/// Papers, one in view.
pub struct ByHand {
    papers: Vec<String>,
    paper: usize,
    /// Lines that are wider than the window are broken: what is copied by hand must be all there.
    scroll: Scroll,
}

impl ByHand {
    /// The blank sheet of a shareholder.
    pub fn sheet(number: u8, console: &Console) -> Self {
        let papers = console.journey.making.as_ref().map(|making| sheet(making, number));
        Self { papers: papers.into_iter().collect(), paper: 0, scroll: Scroll::default() }
    }

    /// The public cards of all shareholders, then the page on which they sign the record.
    pub fn cards(console: &Console) -> Self {
        let issued = console.journey.history.made.as_ref().and_then(|made| made.issued.as_ref());
        let papers = issued.iter().flat_map(|issued| issued.cards.iter().chain([&issued.to_sign])).cloned();
        Self { papers: papers.collect(), paper: 0, scroll: Scroll::default() }
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
            keys.push(("Left/Right", "other paper"));
        }
        keys.push(("Esc", "back"));
        keys
    }

    fn help(&self) -> &'static str {
        "Copy it by hand where there is no printer. It holds no secret."
    }

    fn on_key(&mut self, key: Key, _room: &mut Console) -> Reaction {
        let papers = self.papers.len().max(1);
        let paper = match key {
            Key::Enter | Key::Esc => return Reaction::Back,
            Key::Right => (self.paper + 1) % papers,
            Key::Left => (self.paper + papers - 1) % papers,
            key => {
                self.scroll.on_key(key);
                return Reaction::Stay;
            }
        };
        (self.paper, self.scroll) = (paper, Scroll::default());
        Reaction::Stay
    }

    fn draw(&self, _room: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let text = self.papers.get(self.paper).map_or("", String::as_str);
        let lines: Vec<_> = text.lines().map(|line| (theme::PLAIN, Safe(line).to_string())).collect();
        self.scroll.draw(&lines, area, buffer);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_window_all_of_a_paper_can_be_copied() {
        let address = format!("{}@example.org", "vaults-and-keys.".repeat(12));
        let paper = format!("E-mailed to: {address}\n\n{}\nthe last line", "one more line\n".repeat(40));
        for (width, height) in [(78, 19), (58, 14)] {
            let mut screen = ByHand { papers: vec![paper.clone()], paper: 0, scroll: Scroll::default() };
            let (mut console, area) = (Console::default(), Rect::new(0, 0, width, height));
            let (mut seen, mut first) = (String::new(), String::new());
            for _ in 0..paper.len() {
                let mut buffer = Buffer::empty(area);
                screen.draw(&console, area, &mut buffer);
                let row = |y| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
                let rows: Vec<String> = (0..height).map(row).collect();
                if first.is_empty() {
                    first = rows.concat();
                }
                seen = rows.concat();
                screen.on_key(Key::Down, &mut console);
            }
            assert!(first.contains(&address), "{width}: nothing is cut: {first}");
            assert!(first.contains("more below") && seen.ends_with("the last line"), "{width}: {seen}");
        }
    }
}
