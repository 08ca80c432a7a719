//! What screens see: the journey, and how whoever sits at the keyboard uses it.

use std::time::Duration;

use super::pace::Pace;
use crate::domain::keyboard::Keyboard;
use crate::domain::phrase_entry::PhraseEntry;
use crate::journey::Journey;

/// What the command line decides.
#[derive(Debug, Clone)]
pub struct Options {
    /// Secrets hide after so long without a key.
    pub hide_after: Duration,
    /// An open backup is wiped after so long without a key; a gathering after six times as long.
    pub wipe_after: Duration,
    /// The terminal is sent ASCII only.
    pub is_ascii: bool,
    /// The terminal is the kernel's text console, whose fonts lack half blocks as a rule.
    pub is_console: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            hide_after: Duration::from_secs(60),
            wipe_after: Duration::from_secs(600),
            is_ascii: false,
            is_console: false,
        }
    }
}

/// The journey, and what is so of the keyboard and of the one who sits at it.
#[derive(Debug, Default)]
pub struct Console {
    pub journey: Journey,
    pub options: Options,
    /// Whether the keys rest.
    pub pace: Pace,
    /// What is printed on the keys.
    pub keyboard: Keyboard,
    /// Somebody agreed that phrases are pasted.
    pub may_paste: bool,
}

impl Console {
    pub fn new(journey: Journey, options: Options) -> Self {
        Self { journey, options, ..Self::default() }
    }

    /// The character on the key that was pressed. Digits stay digits: where a keyboard has them with Shift, its keypad has them
    /// without, and here a digit is asked for more often than an accent; but not within a word.
    pub fn read_key(&self, c: char) -> char {
        let typed = self.journey.desk.entry.as_deref().map_or("", PhraseEntry::reveal_typing);
        let is_digit = c.is_ascii_digit() && !typed.starts_with(char::is_alphabetic);
        if is_digit { c } else { self.keyboard.read(c) }
    }
}
