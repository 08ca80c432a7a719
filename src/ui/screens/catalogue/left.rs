//! States in which an earlier run left something half-written.

use super::NamedStage;
use super::samples::{network_down, places, places_with_left};
use super::stage::Stage;
use crate::effect::{Outcome, Trouble};
use crate::ui::key::Key;

/// What an earlier run left.
pub(super) fn states() -> Vec<NamedStage> {
    let home = || Stage::home().keys(&[Key::Enter]).hear(Outcome::Places(places_with_left())).key(Key::Esc);
    let home = || home().hear(network_down()).hear(Outcome::Places(places_with_left()));
    let page = || home().key(Key::F(9));
    let gone = || Outcome::DraftsRemoved(Vec::new());
    let failed = Outcome::DraftsRemoved(vec![Trouble::new(
        "/run/media/ann/EMPTY/.conclave-0123456789abcdef.part could not be deleted: the medium is read-only.",
        "Look for it once the medium is back, and delete it yourself.",
    )]);
    vec![
        ("left-home", home()),
        ("left-places", Stage::home().key(Key::Enter).hear(Outcome::Places(places_with_left()))),
        ("left-export", Stage::at_export(0).key(Key::F(5)).hear(Outcome::Places(places_with_left()))),
        ("left", page()),
        ("left-asked", page().press("d")),
        ("left-deleted", page().press("d").press("y").hear(gone()).hear(Outcome::Places(places()))),
        ("left-not-deleted", page().press("d").press("y").hear(failed).hear(Outcome::Places(places_with_left()))),
    ]
}
