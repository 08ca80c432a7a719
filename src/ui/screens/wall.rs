//! The wall between two people: whoever sat here is done, and nothing of the next one comes into view before that one sits down,
//! lets the keys rest, and says so with y and Enter.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::journey::{Behind, Task};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{put, wrapped};

pub struct Wall {
    behind: Behind,
    /// Kept words are about to be wiped, if the key comes again.
    is_wiping: bool,
}

/// What the one who sits down says.
pub const NEXT: &str = "I am the next {one}.";
/// The same, where words of an unfinished phrase are kept: they are of one person, and go on with that one alone.
pub const TYPED_THEM: &str = "I typed the kept words.";
/// What happens with such words.
pub const KEPT: &str = "Whoever typed them goes on; for anybody else ^N wipes them.";
pub const WIPES: &str = "! ^N once more wipes these words; they would have to be typed again.";

impl Wall {
    pub fn before(behind: Behind) -> Self {
        Self { behind, is_wiping: false }
    }

    /// How many words are kept for whoever sits down here, where nobody said whose they are.
    fn kept(&self, console: &Console) -> Option<usize> {
        let task = match self.behind {
            Behind::Request { .. } | Behind::Another { .. } => return None,
            Behind::Verify => Task::Verify,
            Behind::Further => Task::Recovery,
        };
        let entry = console
            .journey
            .desk
            .entry
            .as_ref()
            .filter(|entry| console.journey.desk.task == task && entry.is_holding())?;
        Some(entry.filled())
    }
}

impl Screen for Wall {
    fn title(&self) -> &'static str {
        match self.behind {
            Behind::Request { .. } | Behind::Another { .. } | Behind::Verify => "Ceremony",
            Behind::Further => "Hand-over",
        }
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        let go = match self.behind {
            Behind::Request { .. } | Behind::Another { .. } => "that is me",
            Behind::Verify | Behind::Further if self.kept(console).is_some() => "go on with the kept words",
            Behind::Verify | Behind::Further => "I have my paper",
        };
        let mut keys = vec![agree(console, go)];
        keys.extend(self.kept(console).map(|_| ("^N", "wipe these words")));
        keys.push(("Esc", "back"));
        keys
    }

    fn help(&self) -> &'static str {
        "One {one} at a time sits here, and the others look away. Nothing of anybody is shown before the one who sits here has said so: let go of the keys, press y, then Enter.\nA key that is held, or an Enter too many, does nothing here. Words that are typed here are neither kept nor shown."
    }

    fn intake(&self, _room: &Console) -> Intake {
        Intake::Wall { command: None }
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        let was_wiping = std::mem::take(&mut self.is_wiping);
        match key {
            Key::Ctrl('n') if self.kept(console).is_some() => {
                if was_wiping {
                    console.journey.desk.clear();
                }
                self.is_wiping = !was_wiping;
                Reaction::Stay
            }
            // It is let through behind y only.
            Key::Enter => console.journey.sit_down(self.behind).map_or(Reaction::Back, Reaction::Replace),
            Key::Esc => Reaction::Back,
            _ => Reaction::Stay,
        }
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let (head, what, sentence) = match (self.kept(console), self.behind) {
            (Some(filled), _) => (
                "Now: the one who typed the kept words".to_owned(),
                format!("Words of an unfinished phrase are kept, masked: {filled}. {KEPT}"),
                TYPED_THEM.to_owned(),
            ),
            (None, Behind::Request { number } | Behind::Another { number }) => {
                let title = super::ceremony::title_of(number, console);
                let head = format!("Now: {title}");
                let what = if matches!(self.behind, Behind::Another { .. }) {
                    "This is about another phrase for you. Sit down alone at this screen; the others look away."
                } else {
                    "Sit down alone at this screen; the others look away."
                };
                (head, what.to_owned(), format!("I am {title}."))
            }
            (None, Behind::Verify | Behind::Further) => (
                format!("Now: the next {}", console.journey.holder().one),
                "Sit down alone with your paper; the others look away. Nobody has to say who they are.".to_owned(),
                console.journey.holder().said(NEXT),
            ),
        };
        let y = wrapped(area, 0, &head, theme::STRONG, buffer);
        let y = wrapped(area, y, &what, theme::PLAIN, buffer);
        let (y, cursor) = ask(console, &sentence, area, y + 1, buffer);
        if self.is_wiping {
            wrapped(area, y + 1, WIPES, theme::CARE, buffer);
        }
        cursor
    }
}

/// The keys that open a wall, for the footer.
pub fn agree(console: &Console, what: &'static str) -> KeyHint {
    if console.pace.is_agreed() { ("Enter", what) } else { ("y Enter", what) }
}

/// Asks for y and Enter, once the keys rest; says the row behind it and where the cursor stands.
pub fn ask(console: &Console, sentence: &str, area: Rect, y: u16, buffer: &mut Buffer) -> (u16, Option<Position>) {
    if !console.pace.is_rested(console.journey.now) {
        // As many rows as the question will have: nothing jumps.
        let y = wrapped(area, y, "Hands off the keys for a moment.", theme::PLAIN, buffer);
        return (y + 1, None);
    }
    let y = wrapped(area, y, &format!("Press y and Enter to say: {sentence}"), theme::STRONG, buffer);
    let x = put(area, 0, y, "Your answer: ", theme::LABEL, buffer);
    let x = put(area, x, y, if console.pace.is_agreed() { "y" } else { "" }, theme::FIELD, buffer);
    put(area, x, y, "_", theme::PLAIN, buffer);
    (y + 1, Some(Position::new(area.x + x, area.y + y)))
}
