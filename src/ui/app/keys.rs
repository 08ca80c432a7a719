//! What a key does: at once, at the question that lies over the screen, or at the screen.

use std::time::Duration;

use super::keycaps::{CapsChoice, Keycaps};
use super::{App, Overlay, Request, frame};
use crate::journey::Route;
use crate::ui::key::Key;
use crate::ui::pace::{Heard, Intake};
use crate::ui::screen::Reaction;

impl App {
    /// A key, and when it was read.
    pub(super) fn hear_key(&mut self, key: Key, read: Duration) {
        if self.take_pasted(key) {
            return;
        }
        let key = function_key(key);
        if key == Key::Ctrl('c') {
            self.console.pace.interrupt();
            self.interrupt();
            return;
        }
        if key == Key::Ctrl('l') {
            self.requests.push(Request::Repaint);
            return;
        }
        if frame::is_too_small(self.size) {
            return;
        }
        self.notice = None;
        if key != Key::F(1) && self.overlay == Overlay::None && self.hold(key, read) {
            // What it comes to is decided when it counts.
            return;
        }
        let key = match key {
            Key::Char(c) if !matches!(self.overlay, Overlay::Keycaps(_)) => Key::Char(self.console.read_key(c)),
            key => key,
        };
        let intake = match key {
            Key::F(1 | 8) => Intake::Text,
            _ => self.intake(),
        };
        match self.console.pace.press(key, intake, read) {
            Heard::Now => self.take(key),
            Heard::Only(c) => {
                self.take(Key::Char(c));
                // Behind y it is meant for the same.
                self.notice = self.notice.or(Some(ENTER_LOST).filter(|_| !matches!(c, 'y' | 'Y')));
            }
            Heard::After(c) => {
                let overlay = self.overlay;
                self.take(Key::Char(c));
                // A key that was pressed at a question is not meant for what lies below it.
                if self.overlay == overlay {
                    self.take(key);
                }
            }
            Heard::Waits => {}
            Heard::TooSoon => self.notice = Some(LET_GO),
            Heard::NotAgreed => self.notice = Some("! Press y, and then Enter."),
            Heard::Words => self.notice = Some(no_words(intake)),
        }
    }

    /// What keys are taken for now.
    pub(in crate::ui) fn intake(&self) -> Intake {
        match self.overlay {
            Overlay::None if self.working.is_some() => Intake::Text,
            Overlay::None => self.stack.last().map_or(Intake::Text, |screen| screen.intake(&self.console)),
            Overlay::Leave(_) => Intake::Commands,
            Overlay::Help | Overlay::Keycaps(_) => Intake::Text,
        }
    }

    /// A key that counts.
    pub(super) fn take(&mut self, key: Key) {
        match self.overlay {
            Overlay::Keycaps(ref mut keycaps) => {
                let choice = keycaps.on_key(key);
                self.choose(&choice);
            }
            Overlay::Help => self.uncover(),
            // What is being written is known only when it ends.
            Overlay::Leave(_) if matches!(key, Key::Char('y' | 'Y')) && self.is_writing() => {}
            Overlay::Leave(_) => {
                self.uncover();
                match key {
                    Key::Char('y' | 'Y') if self.has_nothing_to_tell() => self.react(Reaction::Quit),
                    Key::Char('y' | 'Y') => self.finish(None),
                    _ => {}
                }
            }
            Overlay::None if key == Key::F(1) => self.cover(Overlay::Help),
            Overlay::None if key == Key::F(8) && self.working.is_none() => {
                self.cover(Overlay::Keycaps(Keycaps::new(self.console.keyboard)));
            }
            Overlay::None if self.working.is_some() => self.on_key_meanwhile(key),
            Overlay::None if key == Key::F(9) && self.offers_left() => self.react(Reaction::Open(Route::Left)),
            Overlay::None => self.with_top(|screen, console| screen.on_key(key, console)),
        }
    }

    /// Whether what an earlier run left can be looked at here.
    pub(super) fn offers_left(&self) -> bool {
        let lists_places = self.stack.last().is_some_and(|screen| screen.lists_places(&self.console));
        lists_places && self.console.journey.left_count() > 0
    }

    /// The keys are labelled so from now on; words that were typed before and make no sense are read again.
    fn choose(&mut self, choice: &CapsChoice) {
        if !matches!(choice, CapsChoice::Open) {
            self.uncover();
        }
        let CapsChoice::Keyboard(keyboard) = *choice else { return };
        let before = std::mem::replace(&mut self.console.keyboard, keyboard);
        let reread = self.console.journey.desk.entry.as_mut().map_or(0, |entry| entry.reread(before, keyboard));
        self.notice = Some(match reread {
            0 => "The keys are read so from now on.",
            _ => "The keys are read so from now on, and words typed before were read again.",
        });
        if let Some(screen) = self.stack.last_mut() {
            screen.on_keys_changed();
        }
    }
}

/// Said when keys came where they have to rest first.
pub(super) const LET_GO: &str = "! Let go of the keys for a moment: nothing was taken.";

/// Said of Enter right behind a letter that was a command.
const ENTER_LOST: &str = "Enter came too soon behind a letter: it was not taken.";

/// Said of letters where none are typed.
pub(super) fn no_words(intake: Intake) -> &'static str {
    match intake {
        Intake::Wall { .. } => "! Words come after y and Enter: none was kept or shown.",
        Intake::Text | Intake::Commands | Intake::Rested => "! No words are typed here: none was kept or shown.",
    }
}

/// Every function key has a twin for keyboards and lines that have none.
fn function_key(key: Key) -> Key {
    match key {
        Key::Ctrl('g') => Key::F(1),
        Key::Ctrl('t') => Key::F(2),
        Key::Ctrl('r') => Key::F(3),
        Key::Ctrl('b') => Key::F(4),
        Key::Ctrl('f') => Key::F(5),
        Key::Ctrl('o') | Key::Insert => Key::F(6),
        Key::Ctrl('d') => Key::F(7),
        Key::Ctrl('k') => Key::F(8),
        Key::Ctrl('p') => Key::F(9),
        Key::Ctrl('x') => Key::F(10),
        key => key,
    }
}
