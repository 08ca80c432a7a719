//! What the backup holds: lists of names, the public parts of an item, and one secret at a time, after a question.

use std::fmt::Write;

use zeroize::Zeroizing;

use super::{Conversation, Step};
use crate::domain::inventory::{Collection, SealedBy, Standing, Version};
use crate::domain::text::Safe;
use crate::ui::items::{Line, PROPOSED, lines_of, origin, what};

pub(super) const HELP: &str = "k lists the keys, v the vaults, a the accounts, each with a number.
s and a number, as in s 4, says the public parts of item 4 of the last list and names its secret parts.
r, a number and a name, as in r 4 private_key, says that one secret, after a question.
i says again what was checked. e writes everything to a file. q wipes everything and leaves.";

pub(super) const WITHHELD_HELP: &str =
    "The production backup opened; that is all that this drill shows. Enter wipes everything and leaves.";

pub(super) const REVEAL_HELP: &str =
    "The secret is written here as text, and stays on this terminal and in what can be scrolled back until you clear it.
y says it, n does not.";

/// A secret that somebody asked for.
pub(super) struct Asked {
    collection: Collection,
    id: String,
    label: String,
}

impl Conversation {
    /// Nothing of the contents is here, as in a drill on a production backup.
    pub(super) fn is_withheld(&self) -> bool {
        self.room.opening.as_ref().is_none_or(|opening| opening.is_withheld)
    }

    pub(super) fn show_recovered(&mut self) {
        self.step = Step::Recovered;
        self.say_findings();
        let Some(opening) = &self.room.opening else { return };
        let (vaults, accounts, codes) = opening.counts;
        if opening.is_withheld {
            self.say(format!(
                "This is a drill on a production backup: it opens. It holds {vaults} vaults and {accounts} accounts with {codes} codes. Nothing of it is shown or written."
            ));
            self.say("Press Enter to wipe and leave.");
            return;
        }
        let keys = opening.inventory.items(Collection::Keys).count();
        self.say(format!("It holds {keys} keys, {vaults} vaults and {accounts} accounts with {codes} codes."));
        self.say("k keys, v vaults, a accounts list them. s 4 says item 4 of the last list. r 4 NAME says one secret part of it. e exports. q wipes and leaves.");
    }

    /// What does not check, then what is only worth knowing.
    fn say_findings(&mut self) {
        let Some(opening) = &self.room.opening else { return };
        let mut lines = vec![if opening.red.is_empty() {
            "Opened. Genuine: every mark of the quorum checks.".to_owned()
        } else {
            format!("Opened, but things that do not check: {}.", opening.red.len())
        }];
        lines.extend(opening.red.iter().map(|finding| format!("Does not check: {finding}")));
        lines.extend(opening.notes.iter().map(|note| format!("Note: {note}")));
        lines.push(format!("Organization as it was sealed: {}.", opening.organization));
        self.say_lines(lines);
    }

    pub(super) fn on_recovered(&mut self, line: &str) {
        if self.is_withheld() {
            match line {
                "" | "q" | "Q" => self.finish(None),
                _ => self.say("Nothing of it is shown or written. Press Enter to wipe and leave."),
            }
            return;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["k" | "K"] => self.say_items(Collection::Keys, "Keys"),
            ["v" | "V"] => self.say_items(Collection::Vaults, "Vaults"),
            ["a" | "A"] => self.say_items(Collection::Accounts, "Accounts"),
            ["i" | "I"] => self.say_findings(),
            ["s" | "S", number] => self.say_item(number),
            ["r" | "R", number, name @ ..] => self.ask_to_reveal(number, &name.join(" ")),
            ["e" | "E"] => self.begin_export(),
            ["q" | "Q"] if self.room.record.exported.is_empty() => self.ask_to_leave(),
            ["q" | "Q"] => self.finish(None),
            [] => {
                self.say(
                    "k, v or a lists what there is, e exports, q wipes and leaves. A question mark explains more.",
                );
            }
            _ => self.say("That is no command here. A question mark lists them."),
        }
    }

    fn say_items(&mut self, collection: Collection, title: &str) {
        let Some(opening) = &self.room.opening else { return };
        let mut ids = Vec::new();
        let mut lines = Vec::new();
        for (number, version) in (1..).zip(opening.inventory.items(collection)) {
            let is_proposed = opening
                .inventory
                .standing(collection, version.item.id())
                .is_some_and(|standing| !standing.proposals.is_empty());
            let mark = match (version.source.sealed_by, is_proposed) {
                (SealedBy::Public, _) => ", not confirmed by a quorum",
                (SealedBy::Quorum, true) => ", a change was proposed",
                (SealedBy::Quorum, false) => "",
            };
            lines.push(format!(
                "{number} {}, {}{mark}.",
                Safe(&version.item.title()),
                Safe(&what(&version.item).replace("  ", ", "))
            ));
            ids.push(version.item.id().to_owned());
        }
        let first = match (ids.is_empty(), opening.red.is_empty()) {
            (false, _) => format!("{title}: {}.", ids.len()),
            (true, true) => "Nothing of this kind is in the backup.".to_owned(),
            (true, false) => "Nothing of this kind could be read. i says what does not check.".to_owned(),
        };
        self.list = Some((collection, ids));
        self.say(first);
        self.say_lines(lines);
    }

    /// The item of the last list with that number.
    fn chosen(&self, number: &str) -> Result<(Collection, &str, &Standing), &'static str> {
        let (collection, ids) = self.list.as_ref().ok_or("Ask for a list first: k, v or a.")?;
        let index = number.trim_end_matches('.').parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let id = index.and_then(|index| ids.get(index)).ok_or("The last list has no item with that number.")?;
        let standing = self.room.inventory().and_then(|inventory| inventory.standing(*collection, id));
        Ok((*collection, id, standing.ok_or("Nothing is known of that item.")?))
    }

    fn say_item(&mut self, number: &str) {
        match self.chosen(number).map(|(collection, _, standing)| said_of(number, collection, standing)) {
            Ok(lines) => lines.into_iter().for_each(|line| self.say(line)),
            Err(why) => self.say(why),
        }
    }

    fn ask_to_reveal(&mut self, number: &str, name: &str) {
        let found = self.chosen(number).and_then(|(collection, id, standing)| {
            let lines = lines(collection, standing);
            let secret: Vec<&Line<'_>> = lines.iter().filter(|line| line.is_secret).collect();
            let line = match secret.as_slice() {
                [only] if name.is_empty() => Some(only),
                secret => secret.iter().find(|line| line.label.eq_ignore_ascii_case(name)),
            };
            let line = line.ok_or("It has no secret part of that name. s and its number names them.")?;
            Ok(Asked { collection, id: id.to_owned(), label: line.label.clone().into_owned() })
        });
        match found {
            Ok(asked) => {
                self.say(format!("{}: it will stand on this terminal until you clear it.", Safe(&asked.label)));
                self.step = Step::Reveal(asked);
            }
            Err(why) => self.say(why),
        }
    }

    pub(super) fn on_reveal(&mut self, line: &str) {
        let Step::Reveal(asked) = &self.step else { return };
        if matches!(line, "y" | "Y") {
            let standing = self.room.inventory().and_then(|inventory| inventory.standing(asked.collection, &asked.id));
            let lines = standing.map_or_else(Vec::new, |standing| lines(asked.collection, standing));
            let said = lines
                .iter()
                .find(|line| line.is_secret && line.label == asked.label)
                .map(|line| secret_line(&line.label, line.value));
            self.room.record.revealed += usize::from(said.is_some());
            self.said.extend(said);
        } else if matches!(line, "n" | "N" | "") {
            self.say("It was not said.");
        } else {
            self.say("Type y to have it said, or n.");
            return;
        }
        self.step = Step::Recovered;
    }
}

fn lines(collection: Collection, standing: &Standing) -> Vec<Line<'_>> {
    standing.current.as_ref().map_or_else(Vec::new, |version| lines_of(collection, version.item.fields()))
}

/// The public parts of an item, and the names of its secret ones.
fn said_of(number: &str, collection: Collection, standing: &Standing) -> Vec<String> {
    let Some(Version { item, source, .. }) = &standing.current else { return Vec::new() };
    let mut said = vec![format!("{}: {}.", super::capital(collection.noun()), Safe(&item.title())), origin(*source)];
    if !standing.proposals.is_empty() {
        said.push(format!("{PROPOSED}."));
    }
    let lines = lines(collection, standing);
    let public = lines.iter().filter(|line| !line.is_secret);
    said.extend(public.map(|line| format!("{}: {}", Safe(&line.label), Safe(line.value))));
    let secret: Vec<String> = lines
        .iter()
        .filter(|line| line.is_secret)
        .map(|line| {
            let mark = if line.mark.is_empty() { String::new() } else { format!(" ({})", line.mark) };
            format!("{}{mark}", Safe(&line.label))
        })
        .collect();
    said.push(if secret.is_empty() {
        "It has no secret parts.".to_owned()
    } else {
        format!("Secret parts: {}. r {number} and the name says one.", secret.join(", "))
    });
    said
}

/// A secret with its name, without a copy of it on the way: `Safe` writes at most ten characters for one, so nothing grows.
fn secret_line(label: &str, value: &str) -> Zeroizing<String> {
    let mut line = Zeroizing::new(String::with_capacity((label.len() + value.len()).saturating_mul(10) + 2));
    let _ = write!(line, "{}: {}", Safe(label), Safe(value));
    line
}
