//! What an earlier run left half-written: said once where places become known, with the question whether to delete it.

use super::{Conversation, Prompt};
use crate::effect::{LeftDraft, Trouble};
use crate::journey::left::{DELETED, WHAT_IS_LEFT, removal};

pub(super) const HELP: &str = "y deletes the files that were named just now, n keeps them. They are half-written: a program that was killed, or a power cut, left them.";

pub(super) fn prompt(drafts: &[LeftDraft]) -> Prompt {
    Prompt::rested(if drafts.len() == 1 { "Delete it? y or n:" } else { "Delete them? y or n:" })
}

impl Conversation {
    /// Says what was found and not said before, and asks.
    pub(super) fn ask_of_left(&mut self) {
        let new: Vec<LeftDraft> = self.journey.left().filter(|draft| !self.told.contains(draft)).cloned().collect();
        if new.is_empty() {
            return;
        }
        self.say(WHAT_IS_LEFT);
        self.say_lines(new.iter().map(ToString::to_string));
        self.told.extend(new.iter().cloned());
        self.left = new;
    }

    pub(super) fn on_left_line(&mut self, line: &str) {
        match line.to_lowercase().as_str() {
            "y" | "yes" => {
                let (effect, _) = removal(std::mem::take(&mut self.left));
                self.perform(effect);
            }
            "n" | "no" => {
                self.left.clear();
                self.say("Kept.");
            }
            "?" => self.say_lines(HELP.lines()),
            _ => self.say("Type y to delete, n to keep."),
        }
    }

    pub(super) fn on_left_removed(&mut self, troubles: &[Trouble]) {
        for trouble in troubles {
            self.say_trouble("Not deleted", trouble);
        }
        if troubles.is_empty() {
            self.say(DELETED);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Talking, places};
    use super::*;
    use crate::effect::{Effect, Outcome, Place};
    use crate::ui::app::Request;

    fn with_draft() -> Vec<Place> {
        let path = "/yes/.conclave-0123456789abcdef.part";
        let draft = LeftDraft { path: path.into(), size: 812, changed: None, device: 1, inode: 2 };
        let mut places = places();
        places.iter_mut().find(|place| place.is_writable).unwrap().left = vec![draft];
        places
    }

    #[test]
    fn what_was_left_is_named_and_deleted_only_after_yes_and_not_asked_twice() {
        let mut talking = Talking::at_recovered();
        for line in ["e", "", ""] {
            talking.line(line);
        }
        let said = talking.hear(Outcome::Places(with_draft()));
        assert!(
            said.contains("perhaps secrets") && said.contains("/yes/.conclave-0123456789abcdef.part, 812 B"),
            "{said}"
        );
        assert_eq!(talking.prompt(), "Delete it? y or n:");
        assert!(talking.line("").contains("Type y to delete"));
        assert!(talking.line("?").contains("power cut"));
        assert_eq!(talking.line("n"), "Kept.");
        let asked = talking.prompt();
        assert!(!asked.contains("Delete"), "{asked}");
        talking.line("l");
        assert!(!talking.hear(Outcome::Places(with_draft())).contains("perhaps secrets"), "it was said");
        talking.line("<");
        talking.0.told.clear();
        talking.line("");
        talking.hear(Outcome::Places(with_draft()));
        talking.line("y");
        let requests = talking.0.take_requests();
        assert!(
            matches!(requests.last(), Some(Request::Perform(_, Effect::RemoveDrafts { drafts })) if drafts.len() == 1)
        );
        assert!(talking.hear(Outcome::DraftsRemoved(Vec::new())).contains("That does not erase"));
        assert_eq!(talking.prompt(), asked);
    }
}
