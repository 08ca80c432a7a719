//! What an earlier run left half-written: what is said of it, and what becomes of it. Only files that were shown are deleted, and
//! only when somebody said so.

use super::Journey;
use crate::domain::text::counted;
use crate::effect::{Effect, LeftDraft, Place};

/// What such a file is.
pub const WHAT_IS_LEFT: &str = "A run that was stopped in the middle left this. It may hold part of what was being written, perhaps secrets. Nobody needs it.";
/// Said once they are gone.
pub const DELETED: &str =
    "Deleted. That does not erase what stood in it: keep the medium locked away, or destroy it when you are done.";

/// A line that says that there are some, where places are listed.
pub fn remark(count: usize) -> String {
    let it = if count == 1 { "it" } else { "them" };
    let files = counted(count, "file");
    format!("A run that was stopped left {files} where files are written, perhaps with secrets: F9 shows {it}.")
}

/// The same in one row of the smallest window.
pub fn brief_remark(count: usize) -> String {
    let it = if count == 1 { "it" } else { "them" };
    format!("A stopped run left {}: F9 shows {it}.", counted(count, "file"))
}

impl Journey {
    /// All that was found when places were last looked for.
    pub fn left(&self) -> impl Iterator<Item = &LeftDraft> {
        self.places.iter().flat_map(|place| &place.left)
    }

    /// What was found when places were looked for again, with the list of them as it was: somebody chose in it.
    pub fn hear_left(&mut self, places: Vec<Place>) {
        for place in &mut self.places {
            place.left.clear();
        }
        for new in places {
            if let Some(place) = self.places.iter_mut().find(|place| place.path == new.path) {
                place.left = new.left;
            }
        }
    }

    pub fn left_count(&self) -> usize {
        self.left().count()
    }
}

/// Deletes these.
pub fn removal(drafts: Vec<LeftDraft>) -> (Effect, &'static str) {
    (Effect::RemoveDrafts { drafts }, "Deleting what was left")
}
