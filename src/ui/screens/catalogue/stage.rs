//! Drives an app as a person at the keys and a session behind it would.

use std::path::PathBuf;
use std::time::Duration;

use super::samples::{WORDS, derived, folder, opening, places, summary, with_findings};
use crate::effect::{Answer, Network, Opening, Outcome, Place, Source, Summary};
use crate::journey::{Goal, Journey};
use crate::ui::app::{App, Request};
use crate::ui::console::{Console, Options};
use crate::ui::key::Key;
use crate::ui::pace::REST;
use crate::ui::screen::Screen;
use crate::ui::screens::chooser::Chooser;
use crate::ui::screens::home::Home;

pub(super) struct Stage(pub(super) App);

impl Stage {
    /// In front of a screen that needs nothing before it.
    pub(super) fn of(console: Console, screen: impl Screen + 'static) -> Self {
        Self(App::new(console, Box::new(screen))).rest()
    }

    pub(super) fn home() -> Self {
        Self::home_on(&[])
    }

    /// Home on a machine with these network interfaces up.
    pub(super) fn home_on(up: &[&str]) -> Self {
        let home = Self(App::new(Console::default(), Box::new(Home::default())));
        let up = up.iter().map(|name| (*name).to_owned()).collect();
        home.hear(Outcome::Network(Network { is_known: true, up, unknown: Vec::new() }))
            .hear(Outcome::Places(Vec::new()))
            .rest()
    }

    pub(super) fn at_places(places: Vec<Place>) -> Self {
        Self::home().key(Key::Enter).hear(Outcome::Places(places))
    }

    pub(super) fn in_folder() -> Self {
        Self::at_places(places()).keys(&[Key::Down, Key::Enter]).hear(folder())
    }

    /// In front of an open file.
    pub(super) fn open(summary: Summary) -> Self {
        let source = Source::Files(vec![PathBuf::from("/run/media/ann/BACKUP/snapshot.json")]);
        let goal = if summary.sheets.is_some() { Goal::Practise } else { Goal::Recover };
        Self(App::new(Console::new(Journey::new(goal), Options::default()), Box::new(Chooser::loading(source))))
            .hear(Outcome::Loaded(Ok(Box::new(summary))))
    }

    /// In front of what can be done without recovering anything.
    pub(super) fn at_refresh(summary: Summary) -> Self {
        let mut stage = Self::open(summary);
        stage.0.console.journey.set_out(Goal::Refresh);
        stage.press("none").key(Key::Enter)
    }

    /// A quorum opened it to compact it.
    pub(super) fn at_compaction() -> Self {
        let mut stage = Self::at_quorum();
        stage.0.console.journey.set_out(Goal::Compact);
        stage.key(Key::Enter).hear(Outcome::Opened(Ok(with_findings())))
    }

    /// Types the words of the card that are asked for.
    pub(super) fn card(self) -> Self {
        let summary = summary();
        let words = summary.fingerprint.words();
        summary.asked_four.iter().fold(self, |stage, place| stage.press(words[*place]).key(Key::Enter))
    }

    pub(super) fn at_hand_over(summary: Summary) -> Self {
        Self::open(summary).press("none").key(Key::Enter)
    }

    pub(super) fn at_phrase(summary: Summary) -> Self {
        Self::at_hand_over(summary).sit_down()
    }

    pub(super) fn at_quorum() -> Self {
        Self::at_phrase(summary()).phrase_of(1).sit_down().phrase_of(3)
    }

    pub(super) fn at_recovered(opening: Opening) -> Self {
        Self::at_quorum().key(Key::Enter).hear(Outcome::Opened(Ok(opening)))
    }

    /// At the place of an export in this form: the first is the default.
    pub(super) fn at_export(form: usize) -> Self {
        let forms = Self::at_recovered(opening()).press("e").key(Key::Enter);
        forms.keys(&vec![Key::Down; form]).key(Key::Enter).hear(Outcome::Places(places()))
    }

    /// At the passphrase of an encrypted export.
    pub(super) fn at_passphrase() -> Self {
        Self::at_export(0).named()
    }

    /// A vault, with what its key gives.
    pub(super) fn at_vault(is_red: bool) -> Self {
        Self::at_recovered(opening()).keys(&[Key::Right, Key::Enter]).hear(derived(is_red))
    }

    /// In front of the ways to a vault that is not in the backup.
    pub(super) fn at_unlisted() -> Self {
        Self::at_recovered(opening()).press("n").key(Key::Enter).press("bitcoin").key(Key::Enter)
    }

    pub(super) fn phrase_of(self, number: u8) -> Self {
        let who = format!("shareholder {number} (named X in this file)");
        self.checked(Answer::Verified { number, who })
    }

    /// A whole phrase with a right checksum, and Enter.
    pub(super) fn all_words(self) -> Self {
        self.press(WORDS).press("about").key(Key::Enter)
    }

    /// From the place of an export to behind its name, which can be taken.
    pub(super) fn named(self) -> Self {
        self.keys(&[Key::Enter, Key::Enter]).hear(Outcome::NameChecked(Ok(())))
    }

    /// From the place of an export to the digits, typed.
    pub(super) fn agreed(self) -> Self {
        self.named().press("4096").key(Key::Enter)
    }

    pub(super) fn checked(self, answer: Answer) -> Self {
        let typed = self.all_words();
        typed.hear(Outcome::Checked { answer: Ok(answer), took: Duration::from_millis(1300) })
    }

    pub(super) fn press(self, text: &str) -> Self {
        text.chars().fold(self, |stage, c| stage.key(Key::Char(c)))
    }

    /// A key, and then the hands rest.
    pub(super) fn key(self, key: Key) -> Self {
        let stage = self.hurried(key).rest();
        // What a lone letter brought comes up when it is known to be alone.
        if matches!(key, Key::Char(_)) { stage.rest() } else { stage }
    }

    /// A key, and nothing is waited for.
    pub(super) fn hurried(mut self, key: Key) -> Self {
        let now = self.0.console.journey.now;
        self.0.on_key(key, now);
        self
    }

    pub(super) fn rest(mut self) -> Self {
        let now = self.0.console.journey.now + REST;
        self.0.on_time(now);
        self
    }

    /// From the board of a ceremony past the wall before the next person.
    pub(super) fn next_person(self) -> Self {
        self.key(Key::Enter).sit_down()
    }

    /// The one whom the wall is for sits down.
    pub(super) fn sit_down(self) -> Self {
        self.press("y").key(Key::Enter)
    }

    pub(super) fn keys(self, keys: &[Key]) -> Self {
        keys.iter().fold(self, |stage, key| stage.key(*key))
    }

    pub(super) fn paste(self, text: &str) -> Self {
        self.key(Key::PasteStart).press(&text.replace(' ', "\n")).key(Key::PasteEnd)
    }

    /// Answers every effect that is asked for, until none is any more.
    pub(super) fn hear_all(mut self, outcome: impl Fn() -> Outcome) -> Self {
        while let Some(Request::Perform(ticket, _)) = self.0.take_requests().pop() {
            let now = self.0.console.journey.now;
            self.0.on_outcome(ticket, outcome(), now);
            // A step that takes long asks first.
            self = self.key(Key::Char('y'));
        }
        self
    }

    /// Somebody looks: what is in view is known then.
    pub(super) fn drawn(mut self) -> Self {
        super::golden::frame(&mut self.0, 80, 24);
        self
    }

    pub(super) fn wait(self, seconds: u64) -> Self {
        self.wait_milliseconds(seconds * 1_000)
    }

    pub(super) fn wait_milliseconds(mut self, milliseconds: u64) -> Self {
        let now = self.0.console.journey.now + Duration::from_millis(milliseconds);
        self.0.on_time(now);
        self
    }

    /// Answers the effect that was asked for last.
    #[track_caller]
    pub(super) fn hear(mut self, outcome: Outcome) -> Self {
        let mut tickets = self.0.take_requests().into_iter().filter_map(|request| match request {
            Request::Perform(ticket, _) => Some(ticket),
            _ => None,
        });
        let Some(ticket) = tickets.next_back() else {
            panic!("nothing was asked for in:\n{}", super::golden::shown(&super::golden::frame(&mut self.0, 80, 24).0))
        };
        let now = self.0.console.journey.now;
        self.0.on_outcome(ticket, outcome, now);
        self.rest()
    }
}
