//! The phrase of a shareholder, or of the backup of a device, to be written on paper. It stays until they say that it is done, ten minutes at most; then three
//! sentences are agreed to, and only then it goes from the screen and is typed back.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{said, show, title_of};
use crate::domain::ceremony::SENTENCES;
use crate::domain::kind::Kind;
use crate::domain::phrase::Phrase;
use crate::effect::{DeviceAct, DeviceSaid, Effect, Outcome, Said, Trouble};
use crate::journey::Task;
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::screens::{device, wall};
use crate::ui::theme;
use crate::ui::widgets::{beside, columns, fit, put, secret, wrapped};

/// How long it stays without a key.
const STAYS: Duration = Duration::from_secs(600);

pub struct ShowNewPhrase {
    whose: Whose,
    /// Gone as soon as anything lies over the screen.
    phrase: Option<Phrase>,
    hides_at: Duration,
    /// How many sentences were agreed to; none before the phrase was written down.
    agreed: Option<usize>,
    trouble: Option<Trouble>,
}

/// Whose phrase it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// A shareholder's, by number.
    Holder(u8),
    /// The user's of a device.
    User,
}

impl Whose {
    /// For the screens of that person.
    fn title(self, console: &Console) -> String {
        match self {
            Self::Holder(number) => title_of(number, console),
            Self::User => "the user of this device".to_owned(),
        }
    }

    /// Who alone may see it.
    fn one(self, console: &Console) -> &'static str {
        match self {
            Self::Holder(_) => console.journey.holder().one,
            Self::User => Kind::Device.rules().holder.one,
        }
    }

    fn show(self) -> Effect {
        match self {
            Self::Holder(number) => show(number, false),
            Self::User => Effect::Device(DeviceAct::Show),
        }
    }
}

impl ShowNewPhrase {
    pub fn of(number: u8, phrase: Phrase, console: &mut Console) -> Self {
        Self::showing(Whose::Holder(number), phrase, console)
    }

    pub fn of_device(phrase: Phrase, console: &mut Console) -> Self {
        Self::showing(Whose::User, phrase, console)
    }

    fn showing(whose: Whose, phrase: Phrase, console: &mut Console) -> Self {
        // The words of an earlier attempt, and those of anybody else, are gone before others are shown.
        console.journey.desk.clear();
        console.journey.history.revealed += 1;
        Self { whose, phrase: Some(phrase), hides_at: console.journey.now + STAYS, agreed: None, trouble: None }
    }

    /// The phrase goes from the screen, and is typed back.
    fn done(&mut self, console: &mut Console) -> Reaction {
        self.phrase = None;
        let task = match self.whose {
            Whose::Holder(number) => Task::Confirm { number },
            Whose::User => Task::TypeBack,
        };
        console.journey.begin_phrase(task).map_or(Reaction::Back, Reaction::Replace)
    }
}

impl Screen for ShowNewPhrase {
    fn title(&self) -> &'static str {
        match self.whose {
            Whose::Holder(_) => super::TITLE,
            Whose::User => device::TITLE,
        }
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        let back = if self.whose == Whose::User { ("Esc", "back") } else { ("Esc", "back to the board") };
        match (&self.phrase, self.agreed) {
            (None, _) => vec![wall::agree(console, "show it again"), back],
            (Some(_), None) => vec![("Enter", "I have written it down"), ("Space", "10 more minutes"), back],
            (Some(_), Some(_)) => vec![("y", "yes, I agree"), ("Esc", "back to writing")],
        }
    }

    fn help(&self) -> &'static str {
        "Write the words on paper with their numbers, in this order and letter by letter. Nobody else may see them, and no camera.\nNothing hides them while you write, for ten minutes; any other key gives ten more. Then you type them back from the paper."
    }

    fn intake(&self, _room: &Console) -> Intake {
        if self.phrase.is_some() { Intake::Rested } else { Intake::Wall { command: None } }
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.trouble = None;
        if self.phrase.is_none() {
            return match key {
                Key::Esc => Reaction::Back,
                // Behind y only: somebody else may sit here by now.
                Key::Enter => Reaction::Perform(self.whose.show(), "Taking out the phrase"),
                _ => Reaction::Stay,
            };
        }
        self.hides_at = console.journey.now + STAYS;
        match (key, self.agreed) {
            (Key::Esc, Some(_)) => self.agreed = None,
            (Key::Esc, None) => return Reaction::Back,
            // What one promises as a shareholder nobody else promises.
            (Key::Enter, None) if self.whose == Whose::User => return self.done(console),
            (Key::Enter, None) => self.agreed = Some(0),
            (Key::Char('y' | 'Y'), Some(agreed)) if agreed + 1 >= SENTENCES.len() => return self.done(console),
            (Key::Char('y' | 'Y'), Some(agreed)) => self.agreed = Some(agreed + 1),
            _ => {}
        }
        Reaction::Stay
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        if let Outcome::Device(said) = outcome {
            match *said {
                DeviceSaid::Phrase(Ok(phrase)) => *self = Self::of_device(phrase, console),
                DeviceSaid::Phrase(Err(trouble)) => self.trouble = Some(trouble),
                _ => {}
            }
            return Reaction::Stay;
        }
        match said(outcome, console) {
            Some(Said::Phrase { number, phrase: Ok(phrase) }) if self.whose == Whose::Holder(number) => {
                *self = Self::of(number, phrase, console);
            }
            Some(Said::Phrase { phrase: Err(trouble), .. }) => self.trouble = Some(trouble),
            _ => {}
        }
        Reaction::Stay
    }

    fn hide(&mut self) {
        self.phrase = None;
        self.agreed = None;
    }

    /// Somebody writes: that takes no key. It goes by itself in the end.
    fn on_idle(&mut self) {}

    fn until(&self) -> Option<Duration> {
        self.phrase.as_ref().map(|_| self.hides_at)
    }

    fn expire(&mut self) {
        self.hide();
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let title = self.whose.title(console);
        let Some(phrase) = &self.phrase else {
            let mut y = wrapped(area, 0, &format!("Phrase of {title}"), theme::STRONG, buffer);
            y = wrapped(
                area,
                y + 1,
                &format!(
                    "The phrase is hidden. It is shown again to its {} alone; the others look away.",
                    self.whose.one(console)
                ),
                theme::PLAIN,
                buffer,
            );
            let cursor;
            (y, cursor) = wall::ask(console, &format!("I am {title}."), area, y + 1, buffer);
            if let Some(trouble) = &self.trouble {
                super::trouble(trouble, area, y, buffer);
            }
            return cursor;
        };
        let left = self.hides_at.saturating_sub(console.journey.now).as_secs();
        let clock = format!("hides in {}:{:02}", left / 60, left % 60);
        let width = usize::from(area.width);
        let head = fit(&format!("Phrase of {title}"), width.saturating_sub(clock.len() + 2));
        put(area, 0, 0, &beside(&head, &clock, width), theme::STRONG, buffer);
        let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let rows = words(phrase, below, buffer);
        // A blank row around the words, where there is room for it.
        let y = 1 + rows + u16::from(area.height > rows + 4);
        let text = match self.agreed {
            None => "Write all words on your paper, with their numbers.".to_owned(),
            Some(agreed) => {
                let sentence = SENTENCES.get(agreed).copied().unwrap_or("");
                format!("{}. {sentence} y?", agreed + 1)
            }
        };
        wrapped(area, y, &text, theme::STRONG, buffer);
        None
    }
}

/// Draws the words with their numbers, downwards in columns as on the sheet. Says how many rows they take.
fn words(phrase: &Phrase, area: Rect, buffer: &mut Buffer) -> u16 {
    let words = phrase.reveal_words();
    let widest = words.iter().map(|word| columns(word)).max().unwrap_or(0);
    // Number, word, and a gap that no eye jumps over by mistake.
    let cell = u16::try_from(widest.max(8) + 7).unwrap_or(u16::MAX);
    let count = u16::try_from(words.len()).unwrap_or(u16::MAX);
    // One column where there is room for it, as on the sheet; else as many as that takes.
    let most = (area.width / cell).max(1);
    let wanted = count.div_ceil(area.height.saturating_sub(3).max(1)).max(if count > 6 { 2 } else { 1 });
    let rows = count.div_ceil(wanted.min(most));
    for ((index, number), word) in (0..).zip(1_u16..).zip(words) {
        let (x, y) = (index / rows * cell, index % rows);
        let after = put(area, x, y, &format!("{number:>2}. "), theme::LABEL, buffer);
        let place = Rect { x: area.x + after, y: area.y + y, width: area.width.saturating_sub(after), height: 1 };
        secret(place.intersection(area), word, theme::SECRET, buffer);
    }
    rows
}
