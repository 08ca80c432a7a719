//! Random keys, outcomes and sizes over every state.

use std::time::Duration;

use super::golden::{frame, shown};
use super::samples::{
    CODE, NOTE, PASSPHRASE, derived, elsewhere, folder, places, summary, training, trouble, with_findings,
};
use super::{ceremony, device, json, resume, states};
use crate::domain::secret::SecretText;
use crate::effect::{Answer, Compared, Confirmation, DeviceSaid, Outcome, Searched};
use crate::ui::app::Request;
use crate::ui::key::Key;

/// The same numbers in every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn key(&mut self) -> Key {
        const KEYS: [Key; 24] = [
            Key::Enter,
            Key::Enter,
            Key::Enter,
            Key::Esc,
            Key::Up,
            Key::Down,
            Key::Left,
            Key::Right,
            Key::Tab,
            Key::BackTab,
            Key::Backspace,
            Key::Delete,
            Key::Home,
            Key::End,
            Key::PageUp,
            Key::PageDown,
            Key::F(1),
            Key::F(2),
            Key::F(3),
            Key::F(5),
            Key::F(10),
            Key::Ctrl('u'),
            Key::Ctrl('l'),
            Key::Ctrl('c'),
        ];
        let letters: Vec<char> = "abcdemnoqyz 0123456789./é佐\u{301}".chars().collect();
        match self.below(2) {
            0 => KEYS[usize::try_from(self.below(24)).expect("small")],
            _ => Key::Char(letters[usize::try_from(self.below(letters.len() as u64)).expect("small")]),
        }
    }

    fn outcome(&mut self) -> Outcome {
        match self.below(32) {
            26..=31 => self.of_device(),
            17..=24 => Outcome::Ceremony(Box::new(ceremony::said(self.below(14)))),
            25 => Outcome::Ceremony(Box::new(resume::said(self.below(4)))),
            0 => Outcome::Places(places()),
            1 => folder(),
            2 => Outcome::Loaded(Ok(Box::new(summary()))),
            3 => Outcome::Loaded(Ok(Box::new(training()))),
            4 => Outcome::Loaded(Err(trouble())),
            5 => Outcome::Checked {
                answer: Ok(Answer::Verified { number: 1, who: "one".to_owned() }),
                took: Duration::ZERO,
            },
            6 => Outcome::Checked { answer: Ok(elsewhere()), took: Duration::ZERO },
            7 => Outcome::Opened(Ok(with_findings())),
            8 => Outcome::Exported(Err(trouble())),
            9 => Outcome::Exported(Ok(json())),
            16 => Outcome::NameChecked(Ok(())),
            12 => derived(self.below(2) == 0),
            13 => Outcome::Searched(Ok(Searched::NotYet { tried: 9 })),
            14 => Outcome::Passphrase(Ok(SecretText::copy_of(PASSPHRASE))),
            15 => Outcome::Compared(Ok(Compared { done: 31, ..Compared::default() })),
            10 => Outcome::Forgotten,
            _ => Outcome::Died,
        }
    }

    fn of_device(&mut self) -> Outcome {
        let said = match self.below(6) {
            0 => DeviceSaid::Shares(Ok(device::facts())),
            1 => DeviceSaid::Names(Ok(())),
            2 => DeviceSaid::Key(Ok(())),
            3 => DeviceSaid::Confirmed(Ok(Confirmation::Same)),
            4 => DeviceSaid::Written(Err(trouble())),
            _ => return Outcome::Loaded(Ok(Box::new(device::backup(self.below(2) == 0)))),
        };
        device::said(said)
    }
}

#[test]
fn random_keys_outcomes_and_sizes_never_panic_and_never_show_two_secrets() {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    for mut sample in states() {
        let mut ticket = 0;
        for _ in 0..300 {
            let now = sample.app.console.journey.now + Duration::from_millis(numbers.below(3_000));
            sample.app.on_key(numbers.key(), now);
            for request in sample.app.take_requests() {
                if let Request::Perform(asked, _) = request {
                    ticket = asked;
                }
            }
            if numbers.below(3) == 0 {
                let outcome = numbers.outcome();
                sample.app.on_outcome(ticket, outcome, now);
            }
            let (columns, rows) = match numbers.below(4) {
                0 => (80, 24),
                1 => (60, 20),
                2 => (1 + numbers.below(120), 1 + numbers.below(50)),
                _ => (1 + numbers.below(500), 1 + numbers.below(200)),
            };
            let text = shown(
                &frame(&mut sample.app, u16::try_from(columns).expect("small"), u16::try_from(rows).expect("small")).0,
            );
            let revealed = ["4d1f8e2a", "77aa55bb", CODE, "8812-0034", NOTE, "9e8d7c6b", "KwDiBf89", "k7wqm"]
                .iter()
                .filter(|secret| text.contains(**secret))
                .count();
            assert!(revealed <= 1, "{}: {text}", sample.name);
        }
    }
}
