//! Sample states of the codes of an account on their way into a file.

use super::NamedStage;
use super::samples::*;
use super::stage::Stage;
use crate::domain::kind::Kind;
use crate::domain::recovery::Holder;
use crate::domain::secret::SecretText;
use crate::effect::{Outcome, Refreshed, Summary, Trouble};
use crate::journey::Goal;
use crate::ui::key::Key;

/// A file for the codes of accounts, of three owners.
pub(super) fn circle() -> Summary {
    let of_codes = |holder: Holder| Holder { kind: Kind::Codes, ..holder };
    let mut condition = condition();
    (condition.kind, condition.threshold) = (Kind::Codes, 1);
    Summary {
        kind: Kind::Codes,
        threshold: 1,
        shareholders: summary().shareholders.into_iter().map(of_codes).collect(),
        condition,
        ..summary()
    }
}

/// In front of the first question about codes that are saved into it.
fn at_codes(summary: Summary) -> Stage {
    let mut stage = Stage::home().keys(&[Key::Down, Key::Down, Key::Down, Key::Enter, Key::Enter]);
    assert_eq!(stage.0.console.journey.goal(), Goal::Save);
    stage = stage.hear(Outcome::Places(places())).keys(&[Key::Down, Key::Enter]).hear(folder());
    stage.keys(&[Key::Down, Key::Enter]).hear(Outcome::Loaded(Ok(Box::new(summary))))
}

fn at_way(summary: Summary) -> Stage {
    at_codes(summary).press("GitHub").key(Key::Enter).press("ops@museum.example").key(Key::Enter)
}

const LIST: &str = "1. 8811-5302\n2. 7431-9926\n3. 5127-4410\n4. 7431-9926\n5. 0093-118\n";

fn pasted() -> Stage {
    at_way(circle()).paste_list(LIST)
}

/// What a file would be read as, but for what stands in it.
fn text(text: &str) -> Outcome {
    Outcome::Text(Ok(SecretText::copy_of(text)))
}

fn place() -> Stage {
    pasted().key(Key::Enter).card().hear(Outcome::Places(places()))
}

fn written() -> Outcome {
    Outcome::Refreshed(Ok(Refreshed {
        path: "/run/media/ann/EMPTY/codes-5.json".into(),
        mail: Some("/run/media/ann/EMPTY/codes-5.eml".into()),
        sequence: 5,
        digest_words: "chatter capricorn ringbolt article".to_owned(),
        did: vec!["Added: 1 account with 10 codes".to_owned()],
        notes: Vec::new(),
    }))
}

/// An open backup, at the account with codes.
fn at_account() -> Stage {
    Stage::at_recovered(opening()).keys(&[Key::Right, Key::Right, Key::Enter])
}

fn shown_code() -> Stage {
    at_account().press("y")
}

/// The code that was shown is marked, up to the place of the new file.
fn marking() -> Stage {
    shown_code().press("u").hear(Outcome::Places(places()))
}

/// None of them shows a code.
pub(super) fn states() -> Vec<NamedStage> {
    let long = Trouble::new("/run/media/ann/BACKUP/codes.pdf is no UTF-8 text.", "Nothing was saved. Paste the codes.");
    vec![
        ("codes-open", Stage::open(circle())),
        ("codes-hand-over", Stage::at_hand_over(circle())),
        ("codes-menu", Stage::home().keys(&[Key::Down, Key::Down, Key::Down, Key::Enter])),
        ("codes-service", at_codes(circle())),
        ("codes-service-none", at_codes(circle()).key(Key::Enter)),
        ("codes-login", at_codes(circle()).press("GitHub").key(Key::Enter).press("ops")),
        ("codes-way", at_way(circle())),
        ("codes-paste", at_way(circle()).key(Key::Enter)),
        ("codes-paste-lines", at_way(circle()).key(Key::Enter).press("8811-5302").key(Key::Enter).press("5")),
        ("codes-no-list", at_way(circle()).paste_list("abandon")),
        ("codes-type", at_way(circle()).keys(&[Key::Down, Key::Enter])),
        ("codes-file", at_way(circle()).keys(&[Key::Down, Key::Down, Key::Enter]).hear(Outcome::Places(places()))),
        (
            "codes-file-refused",
            at_way(circle())
                .keys(&[Key::Down, Key::Down, Key::Enter])
                .hear(Outcome::Places(places()))
                .keys(&[Key::Down, Key::Enter])
                .hear(folder())
                .keys(&[Key::Tab, Key::End, Key::Enter])
                .hear(Outcome::Text(Err(long))),
        ),
        ("codes-none", at_way(circle()).keys(&[Key::End, Key::Enter])),
        ("codes-look-hidden", pasted().key(Key::F(3))),
        ("codes-look-idle", pasted().wait(60)),
        ("codes-expires", pasted().press("d").press("2030")),
        ("codes-expires-wrong", pasted().press("d").press("2030-13-01").key(Key::Enter)),
        ("codes-card", pasted().key(Key::Enter)),
        ("codes-place", place()),
        ("codes-name", place().key(Key::Enter)),
        ("codes-done", place().keys(&[Key::Enter, Key::Enter]).hear(written())),
        ("codes-leave", pasted().key(Key::F(3)).key(Key::Ctrl('c'))),
        ("codes-account", at_account()),
        (
            "codes-alike",
            Stage::at_recovered(opening())
                .keys(&[Key::Right, Key::Right])
                .press("a")
                .press("Mail.com")
                .key(Key::Enter)
                .press("ops@example.org")
                .key(Key::Enter),
        ),
        ("codes-mark", marking()),
        (
            "codes-mark-done",
            marking().keys(&[Key::Enter, Key::Enter]).hear(written()).hear(Outcome::Opened(Ok(opening()))),
        ),
    ]
}

/// Where codes are compared with the page of the service, or one was asked for.
pub(super) fn asked() -> Vec<NamedStage> {
    let two_readings = "GitHub\n7431-9926\n8811-5302\n6650-1123\n\nGitLab\n5127-4410\n0093-1181\n7702-4456\n";
    vec![
        ("codes-look", pasted()),
        ("codes-look-turned", pasted().press("r").press("k").key(Key::Down).press(" ")),
        ("codes-look-organization", at_way(summary()).paste_list(LIST)),
        (
            "codes-doubt",
            at_way(circle())
                .keys(&[Key::Down, Key::Down, Key::Enter])
                .hear(Outcome::Places(places()))
                .hear_text(two_readings),
        ),
        ("codes-typed", typed()),
        ("codes-typed-look", typed().keys(&[Key::Enter, Key::Enter])),
        ("codes-account-shown", shown_code()),
    ]
}

fn typed() -> Stage {
    let at = at_way(circle()).keys(&[Key::Down, Key::Enter]);
    ["7431-9926", "5127-4410", "0093-118", "4410-5127"]
        .iter()
        .fold(at, |stage, code| stage.press(code).key(Key::Enter))
        .keys(&[Key::Up])
}

impl Stage {
    fn paste_list(self, text: &str) -> Self {
        self.key(Key::PasteStart).press(text).key(Key::PasteEnd)
    }

    /// A file was chosen and holds this.
    fn hear_text(self, holds: &str) -> Self {
        self.keys(&[Key::Down, Key::Enter]).hear(folder()).keys(&[Key::Tab, Key::End, Key::Enter]).hear(text(holds))
    }
}
