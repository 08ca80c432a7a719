//! What every screen is.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::console::Console;
use super::key::Key;
use super::pace::Intake;
use crate::effect::{ContentsFile, Effect, Outcome};
use crate::journey::Route;

/// One full-screen step. It changes only in its `on_` methods; drawing reads.
pub trait Screen {
    /// The name in the first row. Fixed for scripts.
    fn title(&self) -> &'static str;

    /// The keys that it answers now: footer and help are drawn from them. Enter comes first.
    fn keys(&self, console: &Console) -> Vec<KeyHint>;

    /// Keys that the footer has no room for; the help lists them.
    fn further_keys(&self, _room: &Console) -> Vec<KeyHint> {
        Vec::new()
    }

    /// What F1 says about it: what is asked, and what cannot go wrong.
    fn help(&self) -> &'static str;

    /// Called when it comes up, or comes up again.
    fn on_show(&mut self, _room: &mut Console) -> Reaction {
        Reaction::Stay
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction;

    /// What it takes keys for now.
    fn intake(&self, _room: &Console) -> Intake {
        Intake::Commands
    }

    /// Whether one word is asked for, so that of several none is taken: they may be a phrase.
    fn asks_one_word(&self) -> bool {
        false
    }

    /// The keys are read otherwise from now on, and words that were typed before may be others.
    fn on_keys_changed(&mut self) {}

    /// Whether places are chosen from now: F9 shows what an earlier run left in them.
    fn lists_places(&self, _console: &Console) -> bool {
        false
    }

    /// Whether it plans a backup that will protect nothing.
    fn plans_training(&self) -> bool {
        false
    }

    /// Hears which file was chosen for it.
    fn on_picked(&mut self, _file: ContentsFile, _console: &mut Console) -> Reaction {
        Reaction::Stay
    }

    /// Hears what was pasted. Where text is typed it is typed, up to its first line end; elsewhere letters are commands, and it is
    /// ignored.
    fn on_paste(&mut self, text: &str, console: &mut Console) -> Reaction {
        let is_typed = self.intake(console) == Intake::Text;
        if is_typed && self.asks_one_word() && text.split_whitespace().nth(1).is_some() {
            return self.on_key(Key::Char(' '), console);
        }
        for c in text.chars().take_while(|c| is_typed && !c.is_control()) {
            self.on_key(Key::Char(c), console);
        }
        Reaction::Stay
    }

    /// Hears what became of its effect.
    fn on_outcome(&mut self, _outcome: Outcome, _room: &mut Console) -> Reaction {
        Reaction::Stay
    }

    /// Hides what is secret: something lies over it, or the machine was asleep.
    fn hide(&mut self) {}

    /// Nobody touched a key for a while. What is being copied to paper stays all the same.
    fn on_idle(&mut self) {
        self.hide();
    }

    /// When something in view goes by itself: then `expire` is called.
    fn until(&self) -> Option<Duration> {
        None
    }

    fn expire(&mut self) {}

    /// Draws into `area` and says where the cursor stands.
    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position>;
}

/// A key and what it does, for the footer.
pub type KeyHint = (&'static str, &'static str);

/// What happens after a screen answered.
pub enum Reaction {
    Stay,
    /// To the screen before; from the first one, the question whether to leave.
    Back,
    /// To the screen before, which is told this file.
    Picked(ContentsFile),
    Open(Route),
    /// The screen goes, another takes its place.
    Replace(Route),
    /// All screens go, and this one is the only one.
    Restart(Route),
    /// Have something done; its outcome comes to this screen. The words say what is being done.
    Perform(Effect, &'static str),
    /// Ask whether to wipe and leave.
    AskToLeave,
    /// Wipe, and show the record; asks before, where something is held.
    Finish,
    /// Leave the program.
    Quit,
}
