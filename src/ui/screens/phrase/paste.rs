//! Words from a clipboard.

use zeroize::Zeroizing;

use super::{EnterPhrase, Offer};
use crate::domain::phrase_entry::{Pasted, PhraseEntry, is_separator};
use crate::journey::Task;
use crate::ui::console::Console;
use crate::ui::screen::Reaction;

impl EnterPhrase {
    /// Something was pasted: it is taken when somebody agreed to that.
    pub(super) fn take_pasted(&mut self, text: &str, console: &mut Console) -> Reaction {
        let Some(entry) = &mut console.journey.desk.entry else { return Reaction::Back };
        if text.chars().all(is_separator) {
            return Reaction::Stay;
        }
        if self.task != Task::Recovery {
            return self.say(true, "Type it from the paper: that is what is checked here. Nothing was taken.");
        }
        self.message = None;
        self.offer = Offer::Usual;
        if console.may_paste && entry.is_empty() {
            return self.paste(text, entry);
        }
        let over = if entry.is_empty() { "" } else { " It may go over words that are there." };
        let mut kept = Zeroizing::new(String::with_capacity(text.len()));
        kept.push_str(text);
        self.pasted = Some(kept);
        self.say(true, format!("Something was pasted. What is in a clipboard can be read by other programs, and stays there.{over} Use it all the same? y uses it, any other key drops it."))
    }

    /// Takes pasted words.
    pub(super) fn paste(&mut self, text: &str, entry: &mut PhraseEntry) -> Reaction {
        let Pasted { in_list, not_in_list, has_odd_signs, has_invisible, is_too_much, skipped, replaced } =
            entry.paste(text);
        let mut said = format!("Pasted words in the list: {in_list}.");
        if not_in_list > 0 {
            said = format!("{said} Not in it, and marked: {not_in_list}.");
        }
        if has_odd_signs {
            said.push_str(" Signs that are part of no word were left out: compare with the paper.");
        }
        if has_invisible {
            said.push_str(" Signs that nobody can see were left out.");
        }
        if replaced > 0 {
            said = format!("{said} Words that took the place of others: {replaced}.");
        }
        if entry.has_extra() {
            said = format!("{said} One word more than {} is kept behind the last one.", entry.len());
            if skipped > 0 {
                said = format!("{said} Words behind that one, which were left out: {skipped}.");
            }
        } else if is_too_much {
            said.push_str(" There was more than found room, or a number that no cell has.");
        }
        if let Some(gap) = entry.go_to_gap() {
            said = format!("{said} Word {} is empty: it is typed next.", gap + 1);
        }
        said.push_str(" Empty the clipboard now: the program cannot.");
        self.say(not_in_list > 0 || has_odd_signs || is_too_much, said)
    }
}
