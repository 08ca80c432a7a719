//! States in which a secret is in view.

use std::time::Duration;

use super::NamedStage;
use super::samples::*;
use super::stage::Stage;
use crate::domain::secret::SecretText;
use crate::effect::{Answer, Outcome};
use crate::ui::key::Key;

/// Where a secret is in view because somebody typed it or asked for it.
pub(super) fn asked() -> Vec<NamedStage> {
    vec![
        ("phrase-large-typing", Stage::at_phrase(summary()).key(Key::F(4)).press("abandon zebra")),
        ("phrase-unknown", Stage::at_phrase(summary()).press("abandon zebraz ")),
        ("phrase-near", Stage::at_phrase(summary()).press("abandin ")),
        ("phrase-other-keys", Stage::at_phrase(summary()).press("yebra").key(Key::Enter)),
        (
            "repair-found-shown",
            Stage::at_phrase(summary())
                .press(APART)
                .press("zebra")
                .keys(&[Key::Enter, Key::F(9), Key::Enter])
                .hear(Outcome::Tried {
                    found: Ok(Some((0, Answer::Verified { number: 2, who: "shareholder 2".to_owned() }))),
                    took: Duration::from_secs(2),
                })
                .key(Key::F(3)),
        ),
        ("phrase-begins-so", Stage::at_phrase(summary()).press("zebra ze")),
        ("phrase-typing", Stage::at_phrase(summary()).press("abandon abandon zebra")),
        ("phrase-returned", Stage::at_phrase(summary()).press("zebraz abandon ").keys(&[Key::Home])),
        ("phrase-shown", Stage::at_phrase(summary()).press("abandon zebraz abo").key(Key::F(3))),
        ("phrase-practice", Stage::at_phrase(training())),
        ("phrase-practice-wrong", Stage::at_phrase(training()).press(WORDS).press("zebra").key(Key::Enter)),
        ("phrase-practice-large", Stage::at_phrase(training()).keys(&[Key::F(4), Key::F(5)]).press("zoo zebra")),
        (
            "item-revealed",
            Stage::at_recovered(opening()).key(Key::Enter).hear(derived(false)).keys(&[Key::End, Key::Char('y')]),
        ),
        (
            "export-passphrase-shown",
            Stage::at_passphrase()
                .key(Key::Enter)
                .hear(Outcome::Passphrase(Ok(SecretText::copy_of(PASSPHRASE))))
                .press("y"),
        ),
        (
            "export-passphrase-new",
            Stage::at_passphrase()
                .key(Key::Enter)
                .hear(Outcome::Passphrase(Ok(SecretText::copy_of(PASSPHRASE))))
                .press("y")
                .keys(&[Key::Esc, Key::Enter])
                .hear(Outcome::Passphrase(Ok(SecretText::copy_of(PASSPHRASE))))
                .press("y"),
        ),
        (
            "export-passphrase-typed",
            Stage::at_passphrase()
                .key(Key::Enter)
                .hear(Outcome::Passphrase(Ok(SecretText::copy_of(PASSPHRASE))))
                .press("y")
                .key(Key::Enter)
                .press("k7wqm-3f"),
        ),
    ]
}
