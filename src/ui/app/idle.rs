//! Nobody at the keys: what is secret hides, later everything is wiped, and that is announced.

use std::time::Duration;

use super::App;
use super::keys::LET_GO;
use crate::ui::key::Key;

/// How long before a wipe that nobody asked for it is announced; any key keeps what is held.
const WARNED_BEFORE: Duration = Duration::from_secs(60);
/// Said of a letter that was pressed again before it could count.
const COUNTS_ONCE: &str = "A letter pressed several times at once counts once.";
/// How often the screen is drawn while something moves.
const BEAT: Duration = Duration::from_millis(200);

impl App {
    /// Time passed: hides, wipes.
    pub fn on_time(&mut self, now: Duration) {
        self.console.journey.now = now;
        self.take_lone_letter(now);
        let idle = now.saturating_sub(self.last_key);
        let is_over = self.stack.last().and_then(|screen| screen.until()).is_some_and(|until| until <= now);
        if let Some(screen) = self.stack.last_mut() {
            if is_over {
                screen.expire();
            }
            if idle >= self.console.options.hide_after {
                screen.on_idle();
            }
        }
        if self.working.is_none() && self.wipe_after().is_some_and(|limit| idle >= limit) {
            self.finish(Some("because no key was pressed for a long time"));
        }
    }

    /// A letter after which no other came is a command. Space and the letter of another order count as often as they were pressed;
    /// other letters count once, which is said.
    pub(super) fn take_lone_letter(&mut self, now: Duration) {
        if let Some((c, count)) = self.console.pace.ripe(now) {
            let times = if matches!(c, ' ' | 'o' | 'O') { count } else { 1 };
            (0..times).for_each(|_| self.take(Key::Char(c)));
            if times < count && self.working.is_none() {
                self.notice = Some(COUNTS_ONCE);
            }
        }
        if self.notice == Some(LET_GO) && self.console.pace.is_rested(now) {
            self.notice = None;
        }
    }

    /// When [`App::on_time`] and a new drawing are due, if nothing comes before.
    pub fn deadline(&self) -> Option<Duration> {
        let now = self.console.journey.now;
        let pace = self.console.pace.until().filter(|at| *at > now);
        if self.working.is_some() {
            return Some(pace.map_or(now + BEAT, |at| at.min(now + BEAT)));
        }
        let after_key = [Some(self.console.options.hide_after), self.wipe_after()];
        let until = self.stack.last().and_then(|screen| screen.until());
        if self.wipes_in().is_some() {
            let second = now + Duration::from_secs(1);
            return Some(pace.map_or(second, |at| at.min(second)));
        }
        let warning = self.wipe_after().map(|limit| limit.saturating_sub(WARNED_BEFORE));
        after_key
            .into_iter()
            .flatten()
            .chain(warning)
            .map(|limit| self.last_key + limit)
            .chain(until)
            .chain(pace)
            .filter(|at| *at > now)
            .min()
    }

    /// The machine was asleep: who looks at it now may be somebody else. Nothing secret stays in view.
    pub fn on_wake(&mut self) {
        if let Some(screen) = self.stack.last_mut() {
            screen.hide();
        }
    }

    fn wipe_after(&self) -> Option<Duration> {
        let limit = self.console.options.wipe_after;
        match (&self.console.journey.opening, self.console.journey.is_holding()) {
            // On the screens of a ceremony nothing of it is in view, and a wipe makes all papers void.
            _ if self.console.journey.is_making() => Some(limit.saturating_mul(6)),
            (Some(_), _) => Some(limit),
            (None, true) => Some(limit.saturating_mul(6)),
            (None, false) => None,
        }
    }

    /// How long it is until everything is wiped, once that is soon.
    pub(super) fn wipes_in(&self) -> Option<Duration> {
        let idle = self.console.journey.now.saturating_sub(self.last_key);
        let left = self.wipe_after()?.saturating_sub(idle);
        (self.working.is_none() && left <= WARNED_BEFORE && idle >= self.console.options.hide_after).then_some(left)
    }
}
