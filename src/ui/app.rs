//! The stack of screens and what lies around them: title, status, footer, help, the question whether to leave, idleness.
//! Takes keys, outcomes and the time; gives requests. Does nothing itself.

mod frame;
mod idle;
mod keycaps;
mod keys;
mod paste;
mod work;

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use zeroize::Zeroizing;

use self::keycaps::Keycaps;
use self::work::{HELD_KEYS, Working};
use super::console::Console;
use super::key::Key;
use super::routes::screen;
use super::screen::{Reaction, Screen};
use crate::effect::{Effect, Outcome};
use crate::journey::Route;

pub use frame::{LEAST_COLUMNS, LEAST_ROWS};

/// What the program outside is asked to do. Outcomes name the ticket of their effect.
#[derive(Debug)]
pub enum Request {
    Perform(u64, Effect),
    /// Nobody waits for that effect any more.
    GiveUp(u64),
    /// Draw every cell anew.
    Repaint,
    Leave(Ending),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Somebody chose to leave; the record says how far things went.
    Left,
    /// Ctrl-C, twice.
    Interrupted,
}

/// How soon the second Ctrl-C has to come.
const TWICE_WITHIN: Duration = Duration::from_secs(3);
pub struct App {
    pub console: Console,
    stack: Vec<Box<dyn Screen>>,
    working: Option<Working>,
    /// What nobody waits for: keys and addresses are compared while somebody looks around.
    background: Option<u64>,
    tickets: u64,
    overlay: Overlay,
    /// Pressed while brief work was done, and when.
    held: Vec<(Key, Duration)>,
    /// What is being pasted; it never grows.
    pasted: Option<Zeroizing<String>>,
    /// Said once, until the next key.
    notice: Option<&'static str>,
    last_key: Duration,
    size: (u16, u16),
    requests: Vec<Request>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Overlay {
    None,
    Help,
    /// Whether to leave; when Ctrl-C was pressed last.
    Leave(Option<Duration>),
    /// What is printed on the keys.
    Keycaps(Keycaps),
}

impl App {
    pub fn new(console: Console, first: Box<dyn Screen>) -> Self {
        let mut app = Self {
            console,
            stack: Vec::new(),
            working: None,
            background: None,
            tickets: 0,
            overlay: Overlay::None,
            held: Vec::with_capacity(HELD_KEYS),
            pasted: None,
            notice: None,
            last_key: Duration::ZERO,
            size: (LEAST_COLUMNS, LEAST_ROWS),
            requests: Vec::new(),
        };
        app.stack.push(first);
        app.show();
        app
    }

    pub fn take_requests(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.requests)
    }

    /// The window has this size from now on.
    pub fn on_resize(&mut self, columns: u16, rows: u16) {
        self.size = (columns, rows);
    }

    /// The name of the screen in view.
    pub fn title(&self) -> &'static str {
        self.stack.last().map_or("", |screen| screen.title())
    }

    /// Which page is in view: how many lie below, and its name.
    pub fn page(&self) -> (usize, &'static str) {
        (self.stack.len(), self.title())
    }

    pub fn is_working(&self) -> bool {
        self.working.is_some()
    }

    pub fn on_key(&mut self, key: Key, now: Duration) {
        let was_wiped = self.console.journey.history.why_wiped.is_some();
        self.on_time(now);
        self.last_key = now;
        if self.console.journey.history.why_wiped.is_some() != was_wiped {
            // It was meant for a screen that is gone.
            return;
        }
        self.hear_key(key, now);
    }

    /// What became of an effect. Nobody hears one that was given up.
    pub fn on_outcome(&mut self, ticket: u64, outcome: Outcome, now: Duration) {
        self.on_time(now);
        if self.background == Some(ticket) {
            self.background = None;
            self.console.journey.hear_compared(outcome);
            self.go_on();
            return;
        }
        if self.working.as_ref().is_none_or(|working| working.ticket != ticket) {
            let had_words = self.console.journey.desk.entry.is_some();
            let effect = self.console.journey.hear_late(outcome);
            if had_words && self.console.journey.desk.entry.is_none() {
                self.with_top(|screen, console| screen.on_show(console));
            }
            if let Some(effect) = effect {
                self.tickets += 1;
                self.requests.push(Request::Perform(self.tickets, effect));
            }
            return;
        }
        self.working = None;
        // Work is not idleness: the wait for it does not count.
        self.last_key = now;
        if matches!(outcome, Outcome::Forgotten) {
            self.console.journey.history.is_wiped = true;
        } else {
            if matches!(outcome, Outcome::Died) {
                self.notice = Some("A defect ended that. It can be tried again.");
            }
            // What was answered to a question that lies over the screen is not taken away by it.
            if self.overlay == Overlay::None {
                self.console.pace.begin(now);
            }
            self.with_top(|screen, console| screen.on_outcome(outcome, console));
        }
        self.go_on();
        for (key, read) in std::mem::replace(&mut self.held, Vec::with_capacity(HELD_KEYS)) {
            // Whether letters stand alone is seen by when they were pressed.
            self.take_lone_letter(read);
            self.hear_key(key, read);
        }
    }

    /// Asks for the next piece of what is done in the background.
    fn go_on(&mut self) {
        if self.background.is_none()
            && let Some(effect) = self.console.journey.next_comparison()
        {
            self.tickets += 1;
            self.background = Some(self.tickets);
            self.requests.push(Request::Perform(self.tickets, effect));
        }
    }

    /// Draws everything and says where the cursor stands.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        frame::draw(self, area, buffer)
    }

    /// No backup was read, or its record was shown already.
    fn has_nothing_to_tell(&self) -> bool {
        let history = &self.console.journey.history;
        history.is_wiped || (history.is_blank() && !self.console.journey.is_holding())
    }

    /// Ctrl-C asks whether to leave; a second one soon after wipes and leaves at once, as the question says.
    fn interrupt(&mut self) {
        let now = self.console.journey.now;
        match self.overlay {
            Overlay::Leave(Some(first)) if now.saturating_sub(first) <= TWICE_WITHIN => {
                self.console.journey.wipe();
                self.stack.clear();
                self.requests.push(Request::Leave(Ending::Interrupted));
            }
            _ => self.cover(Overlay::Leave(Some(now))),
        }
    }

    /// Lays something over the screen; nothing secret stays in view below.
    fn cover(&mut self, overlay: Overlay) {
        if let Some(screen) = self.stack.last_mut() {
            screen.hide();
        }
        self.overlay = overlay;
        self.console.pace.begin(self.console.journey.now);
    }

    /// The screen below is in view again.
    fn uncover(&mut self) {
        self.overlay = Overlay::None;
        self.console.pace.begin(self.console.journey.now);
    }

    /// Wipes all that the screens hold, has the session do the same, and shows the record.
    fn finish(&mut self, why: Option<&'static str>) {
        self.give_up();
        self.notice = None;
        self.overlay = Overlay::None;
        self.console.journey.end(why);
        self.react(Reaction::Restart(Route::Record));
        self.perform(Effect::Forget, "Overwriting what is held");
    }

    fn with_top(&mut self, act: impl FnOnce(&mut dyn Screen, &mut Console) -> Reaction) {
        if let Some(screen) = self.stack.last_mut() {
            let reaction = act(screen.as_mut(), &mut self.console);
            self.react(reaction);
        }
    }

    fn react(&mut self, reaction: Reaction) {
        match reaction {
            Reaction::Stay => return,
            Reaction::Back if self.stack.len() > 1 => {
                self.stack.pop();
            }
            Reaction::Picked(file) => {
                self.stack.pop();
                self.console.pace.begin(self.console.journey.now);
                self.with_top(|screen, console| screen.on_picked(file, console));
                return;
            }
            Reaction::Back | Reaction::AskToLeave => {
                self.cover(Overlay::Leave(None));
                return;
            }
            Reaction::Open(route) => self.go(route),
            Reaction::Replace(route) => {
                self.stack.pop();
                self.go(route);
            }
            Reaction::Restart(route) => {
                self.stack.clear();
                self.go(route);
            }
            Reaction::Perform(effect, what) => {
                self.perform(effect, what);
                return;
            }
            // One key must not undo what everybody typed, whatever was written.
            Reaction::Finish if self.console.journey.is_holding() || self.console.journey.making.is_some() => {
                self.cover(Overlay::Leave(None));
                return;
            }
            Reaction::Finish => {
                self.finish(None);
                return;
            }
            Reaction::Quit => {
                self.console.journey.wipe();
                self.stack.clear();
                self.requests.push(Request::Leave(Ending::Left));
                return;
            }
        }
        self.show();
    }

    fn go(&mut self, route: Route) {
        self.stack.push(screen(route, &mut self.console));
    }

    /// The uppermost screen comes up, or comes up again.
    fn show(&mut self) {
        self.console.pace.begin(self.console.journey.now);
        self.with_top(|screen, console| screen.on_show(console));
    }
}
