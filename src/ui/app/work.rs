//! Effects that are asked for and waited for.

use std::time::Duration;

use super::{App, Request};
use crate::effect::{Act, Effect};
use crate::ui::key::Key;

/// An effect that is waited for.
pub(super) struct Working {
    pub ticket: u64,
    pub what: &'static str,
    pub since: Duration,
    /// About how long it takes, where that is known.
    pub expected: Option<Duration>,
    /// As a rule it takes no time that people notice.
    pub is_brief: bool,
    /// Whether Esc ends the waiting. Not for opening, writing a file or wiping: what came of those has to be known.
    pub can_give_up: bool,
    /// Files are being written or deleted: that is not left half-way, and what came of it belongs into the record.
    pub is_writing: bool,
}

impl Working {
    /// Nobody noticed it yet: keys pressed meanwhile count afterwards. A folder on a failing stick can take longer.
    pub fn is_unnoticed(&self, now: Duration) -> bool {
        self.is_brief && now.saturating_sub(self.since) < Duration::from_secs(1)
    }
}

/// The most keys that wait for brief work to end.
pub(super) const HELD_KEYS: usize = 64;

impl App {
    pub(super) fn perform(&mut self, effect: Effect, what: &'static str) {
        let expected = match effect {
            Effect::Check { .. } | Effect::Try { .. } => self.room.backup.as_ref().map(|backup| backup.derivation),
            Effect::Ceremony(Act::Confirm { .. } | Act::Keep { .. } | Act::Verify { .. }) => {
                self.room.making.as_ref().map(|making| making.begun.expected)
            }
            _ => None,
        };
        let is_writing = matches!(
            effect,
            Effect::Export(_)
                | Effect::Refresh(_)
                | Effect::Ceremony(Act::Begin(_) | Act::WriteSheets | Act::Seal | Act::Issue | Act::DeleteInventory)
        );
        // A phrase that is being made anew makes the one before void, whoever waits for it.
        let can_give_up =
            !is_writing && !matches!(effect, Effect::Open | Effect::Forget | Effect::Ceremony(Act::Show { .. }));
        let is_brief = matches!(
            effect,
            Effect::LookAtNetwork
                | Effect::FindPlaces
                | Effect::List { .. }
                | Effect::Remove { .. }
                | Effect::Derive { .. }
                | Effect::MakePassphrase
                | Effect::CheckName { .. }
                | Effect::Ceremony(
                    Act::AddInventory { .. }
                        | Act::ClearInventory
                        | Act::CreateKeys(_)
                        | Act::ReadPeople { .. }
                        | Act::Review
                        | Act::Begin(_)
                        | Act::WriteSheets
                        | Act::Show { .. }
                        | Act::LookForMedium
                )
                | Effect::Forget
        );
        self.tickets += 1;
        self.working = Some(Working {
            ticket: self.tickets,
            what,
            since: self.room.now,
            expected,
            is_brief,
            can_give_up,
            is_writing,
        });
        self.requests.push(Request::Perform(self.tickets, effect));
    }

    /// Whether something is written that has to come to its end.
    pub(super) fn is_writing(&self) -> bool {
        self.working.as_ref().is_some_and(|working| working.is_writing)
    }

    /// While something is done Esc gives it up. Other keys are forgotten, so that an Enter pressed out of impatience opens nothing;
    /// but not while the work is so brief that nobody saw it begin.
    pub(super) fn on_key_meanwhile(&mut self, key: Key) {
        let can_give_up = self.working.as_ref().is_some_and(|working| working.can_give_up);
        if !self.hold(key, self.room.now) && key == Key::Esc && can_give_up {
            self.give_up();
            self.room.is_given_up = self.room.entry.is_some();
            self.notice = Some("Stopped. It can be done again.");
        }
    }

    /// Keeps a key that is pressed during brief work, until that ends. Says whether it did.
    pub(super) fn hold(&mut self, key: Key, read: Duration) -> bool {
        let is_brief = self.working.as_ref().is_some_and(|working| working.is_unnoticed(self.room.now));
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
        self.held.clear();
    }
}
