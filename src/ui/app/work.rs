//! Effects that are asked for and waited for.

use std::time::Duration;

use super::{App, Request};
use crate::effect::{Act, Effect, Nature, Stop};
use crate::ui::key::Key;

/// An effect that is waited for.
pub(super) struct Working {
    pub ticket: u64,
    pub what: &'static str,
    pub since: Duration,
    /// About how long it takes, where that is known.
    pub expected: Option<Duration>,
    pub nature: Nature,
}

impl Working {
    /// Nobody noticed it yet: keys pressed meanwhile count afterwards. A folder on a failing stick can take longer.
    pub fn is_unnoticed(&self, now: Duration) -> bool {
        self.nature.is_brief && now.saturating_sub(self.since) < Duration::from_secs(1)
    }
}

/// The most keys that wait for brief work to end.
pub(super) const HELD_KEYS: usize = 64;

impl App {
    pub(super) fn perform(&mut self, effect: Effect, what: &'static str) {
        let expected = match effect {
            Effect::Check { .. } | Effect::Try { .. } => {
                self.console.journey.backup.as_ref().map(|backup| backup.derivation)
            }
            Effect::Ceremony(Act::Confirm { .. } | Act::Keep { .. } | Act::Verify { .. }) => {
                self.console.journey.making.as_ref().map(|making| making.expected)
            }
            _ => None,
        };
        if let Effect::Ceremony(Act::Issue) = effect {
            self.console.journey.note_naming();
        }
        self.tickets += 1;
        let (nature, since) = (effect.nature(), self.console.journey.now);
        self.working = Some(Working { ticket: self.tickets, what, since, expected, nature });
        self.requests.push(Request::Perform(self.tickets, effect));
    }

    /// Whether something is written that has to come to its end.
    pub(super) fn is_writing(&self) -> bool {
        self.working.as_ref().is_some_and(|working| working.nature.stop == Stop::Writing)
    }

    /// While something is done Esc gives it up. Other keys are forgotten, so that an Enter pressed out of impatience opens nothing;
    /// but not while the work is so brief that nobody saw it begin.
    pub(super) fn on_key_meanwhile(&mut self, key: Key) {
        let can_give_up = self.working.as_ref().is_some_and(|working| working.nature.stop == Stop::Allowed);
        if !self.hold(key, self.console.journey.now) && key == Key::Esc && can_give_up {
            self.give_up();
            self.console.journey.desk.is_given_up = self.console.journey.desk.entry.is_some();
            self.notice = Some("Stopped. It can be done again.");
        }
    }

    /// Keeps a key that is pressed during brief work, until that ends. Says whether it did.
    pub(super) fn hold(&mut self, key: Key, read: Duration) -> bool {
        let is_brief = self.working.as_ref().is_some_and(|working| working.is_unnoticed(self.console.journey.now));
        let has_room = self.held.len() < HELD_KEYS;
        if is_brief && has_room {
            self.held.push((key, read));
        }
        is_brief && has_room
    }

    pub(super) fn give_up(&mut self) {
        if let Some(working) = self.working.take() {
            self.requests.push(Request::GiveUp(working.ticket));
        }
        // They may be words: cleared, they would stay in the buffer.
        self.held = Vec::with_capacity(HELD_KEYS);
    }
}
