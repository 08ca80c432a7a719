//! What the backup holds: lists of names with what came of checking them, a search, and marks for an export.

use super::{Conversation, TalkStep};
use crate::domain::completeness::Extent;
use crate::domain::inventory::{Collection, Counts};
use crate::domain::kind::Kind;
use crate::domain::natural::NaturalKey;
use crate::domain::text::{Safe, counted};
use crate::effect::Opening;
use crate::journey::Journey;
use crate::journey::items::{check_word, holds, what};
use crate::journey::{export, items};

pub(super) const HELP: &str = "k lists the keys, v the vaults, a the accounts, o the organizations of a device, each with a number. f and words lists what holds these words.
In a list, match means that the key gives the recorded address. MISMATCH means that it gives another one.
s and a number, as in s 4, says the public parts of item 4 of the last list and names its secret parts. s 4 2 says its version 2, if it has several.
r, a number and a name, as in r 4 private key, says that one secret, after a question. The beginning of the name is enough.
m and numbers, as in m 1 3 5-9, marks items of the last list for an export. m says what is marked, u takes all marks away.
c and a number, as in c 4, saves further codes of account 4; c alone those of another account. x and a number marks its next code as used, in a new file; x 4 code 3 marks that one.
e writes to a file. d derives a vault that is not in the backup.
i says again what does not check, and what may be missing. q wipes and leaves.";

pub(super) const WITHHELD_HELP: &str =
    "The production backup opened; more is not shown in a drill. Enter leaves; it asks before it wipes.";

/// Said of a drill that shows nothing.
const ENTER_LEAVES: &str = "Press Enter to leave; it asks before it wipes.";

impl Conversation {
    /// Nothing of the contents is here, as in a drill on a production backup.
    pub(super) fn is_withheld(&self) -> bool {
        self.journey.opening.as_ref().is_none_or(|opening| opening.is_withheld)
    }

    /// Compares what is still to be compared, then says what was recovered.
    pub(super) fn compare(&mut self) {
        match self.journey.next_comparison() {
            Some(effect) => self.perform(effect),
            None => self.show_recovered(),
        }
    }

    fn show_recovered(&mut self) {
        self.step = TalkStep::Recovered;
        self.say_findings();
        let Some(opening) = &self.journey.opening else { return };
        let Counts { keys, vaults, accounts, codes } = opening.completeness.recovered;
        if opening.is_withheld {
            self.say(items::withheld(opening));
            self.say(ENTER_LEAVES);
            return;
        }
        let comparison = &opening.comparison;
        let compared = (comparison.total > 0).then(|| {
            format!("Addresses rebuilt from the keys: {} of {} match the record.", comparison.matches, comparison.total)
        });
        let holds = if opening.completeness.is_whole() { "It holds" } else { "Of it came out" };
        if opening.inventory.kind() == Kind::Device {
            let organizations = counted(opening.inventory.items(Collection::Shares).count(), "organization");
            self.say(format!("{holds} shares of {organizations}."));
            self.say("o lists them. s 1 says item 1 of the last list. r 1 NAME says one secret part of it.");
            self.say("e exports. A question mark explains more. q wipes and leaves.");
            return;
        }
        let (keys, vaults) = (counted(keys, "key"), counted(vaults, "vault"));
        let (accounts, codes) = (counted(accounts, "account"), counted(codes, "code"));
        let has_keys = items::listed(&opening.inventory).contains(&Collection::Keys);
        let of_keys = if has_keys { format!("{keys}, {vaults} and ") } else { String::new() };
        self.say(format!("{holds} {of_keys}{accounts} with {codes}."));
        self.say_lines(compared);
        let lists = if has_keys { "k keys, v vaults, a accounts list them." } else { "a lists the accounts." };
        self.say(format!("{lists} s 4 says item 4 of the last list. r 4 NAME says one secret part of it."));
        if !has_keys {
            self.say("x 4 marks the next code of account 4 as used, in a new file. c 4 saves further codes of it.");
        }
        self.say("e exports. A question mark explains more. q wipes and leaves.");
    }

    /// What does not check, then what is only worth knowing.
    fn say_findings(&mut self) {
        let Some(opening) = &self.journey.opening else { return };
        let mut lines = vec![match opening.completeness.extent() {
            _ if opening.is_clean() => format!("Opened. {}", items::genuine(opening)),
            Extent::Whole => format!("Opened, every box was read; things that do not check: {}.", opening.red.len()),
            Extent::Uncertain => {
                format!("Opened, perhaps INCOMPLETE. Things that do not check: {}.", opening.red.len())
            }
            Extent::Incomplete => format!("Opened, but INCOMPLETE. Things that do not check: {}.", opening.red.len()),
        }];
        lines.extend(opening.red.iter().map(|finding| format!("Does not check: {finding}")));
        lines.extend(opening.notes.iter().map(|note| format!("Note: {note}")));
        lines.extend(match (&opening.organization, opening.inventory.unsealed_name()) {
            (Some(name), None) => Some(format!("Organization as it was sealed: {name}.")),
            (Some(_), Some(_)) => Some(format!("Organization: {}.", items::organization(opening))),
            (None, _) => Some(items::organization(opening)).filter(|said| !said.is_empty()),
        });
        self.say_lines(lines);
    }

    pub(super) fn on_recovered(&mut self, line: &str) {
        if self.is_withheld() {
            match line {
                "" | "q" | "Q" => self.ask_to_leave(),
                _ => self.say(format!("Nothing of it is shown or written. {ENTER_LEAVES}")),
            }
            return;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            // The number of a list alone.
            [number] if number.bytes().all(|byte| byte.is_ascii_digit()) => self.say_item(number, None),
            ["k" | "K"] => self.say_items(&[Collection::Keys], &[], "Keys"),
            ["v" | "V"] => self.say_items(&[Collection::Vaults], &[], "Vaults"),
            ["a" | "A"] => self.say_items(&[Collection::Accounts], &[], "Accounts"),
            ["o" | "O"] => self.say_items(&[Collection::Shares], &[], "Organizations"),
            ["f" | "F"] => self.say("Type words after f, as in f bitcoin."),
            ["f" | "F", words @ ..] => {
                let listed = self.journey.inventory().map_or_else(Vec::new, |inventory| items::listed(inventory));
                self.say_items(&listed, words, "Found");
            }
            ["i" | "I"] => self.say_findings(),
            ["s" | "S", number] => self.say_item(number, None),
            ["s" | "S", number, version] => self.say_item(number, Some(version)),
            ["r" | "R", number, name @ ..] => self.ask_to_reveal(number, name),
            ["m" | "M"] => self.say_marked(),
            ["m" | "M", numbers @ ..] => self.mark(numbers),
            ["u" | "U"] => {
                self.journey.marked.clear();
                self.say("Nothing is marked.");
            }
            ["e" | "E"] if export::is_empty(&self.journey) => self.say(export::NOTHING),
            ["e" | "E"] => self.begin_export(),
            ["d" | "D"] => self.begin_unlisted(),
            ["c" | "C"] => {
                self.journey.save_another();
                self.begin_saving();
            }
            ["c" | "C", number] => self.save_codes_of(number),
            ["x" | "X", number, name @ ..] => self.mark_code_used(number, name),
            ["q" | "Q"] => self.ask_to_leave(),
            [] => {
                self.say(
                    "k, v or a lists what there is, e exports, q wipes and leaves. A question mark explains more.",
                );
            }
            _ => self.say("That is no command here. A question mark lists them."),
        }
    }

    /// Lists what holds all these words; a list of one collection does not name it in each line.
    fn say_items(&mut self, collections: &[Collection], words: &[&str], title: &str) {
        let Some(opening) = &self.journey.opening else { return };
        let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
        let found: Vec<_> = collections.iter().flat_map(|collection| found(opening, *collection, &words)).collect();
        let is_mixed = collections.len() > 1;
        let lines: Vec<String> = (1..)
            .zip(&found)
            .map(|(number, item)| format!("{number} {}", row(&self.journey, opening, item, is_mixed)))
            .collect();
        let first = match (found.is_empty(), words.is_empty(), opening.is_clean()) {
            (false, _, _) => format!("{title}: {}.", found.len()),
            (true, false, _) => "Nothing is found.".to_owned(),
            (true, true, true) => "Nothing of this kind is in the backup.".to_owned(),
            (true, true, false) => "Nothing of this kind could be read. i says what does not check.".to_owned(),
        };
        self.list = found;
        self.say(first);
        self.say_lines(lines);
    }

    /// The item of the last list with that number.
    pub(super) fn listed(&self, number: &str) -> Result<&(Collection, String), &'static str> {
        if self.list.is_empty() {
            return Err("Ask for a list first: k, v or a.");
        }
        let index = number.trim_end_matches('.').parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        index.and_then(|index| self.list.get(index)).ok_or("The last list has no item with that number.")
    }

    fn mark(&mut self, numbers: &[&str]) {
        let mut items = Vec::new();
        for word in numbers.iter().flat_map(|word| word.split(',')).filter(|word| !word.is_empty()) {
            let (from, to) = word.split_once('-').unwrap_or((word, word));
            let range = self.listed(from).and_then(|_| self.listed(to)).map(|_| (from.parse(), to.parse()));
            match range {
                Ok((Ok(from), Ok(to))) if from <= to => {
                    items.extend(self.list.iter().take(to).skip(usize::saturating_sub(from, 1)).cloned());
                }
                Ok(_) => {
                    self.say("Type numbers of the last list, as in m 1 3 5-9. Nothing was marked.");
                    return;
                }
                Err(why) => {
                    self.say(format!("{why} Nothing was marked."));
                    return;
                }
            }
        }
        self.journey.marked.extend(items);
        self.say(format!("Marked for an export: {}. e writes them, m says them.", self.journey.marked.len()));
    }

    fn say_marked(&mut self) {
        let Some(opening) = &self.journey.opening else { return };
        if self.journey.marked.is_empty() {
            self.say("Nothing is marked. m and numbers, as in m 1 3 5-9, marks items of the last list for an export.");
            return;
        }
        let title = |(collection, id): &(Collection, String)| {
            let (_, version) = opening.inventory.standing(*collection, id)?.versions().next()?;
            Some(format!("{} {}.", super::capital(collection.noun()), Safe(&version.item.title())))
        };
        let names: Vec<String> = self.journey.marked.iter().filter_map(title).collect();
        self.say(format!("Marked for an export: {}.", self.journey.marked.len()));
        self.say_lines(names);
    }
}

/// The items that hold all these words, by id, as screens list them; accounts by name, for nobody knows their ids. Removed ones last.
fn found(opening: &Opening, collection: Collection, words: &[String]) -> Vec<(Collection, String)> {
    let mut found: Vec<(bool, NaturalKey, &str)> = opening
        .inventory
        .standings(collection)
        .filter_map(|(id, standing)| {
            let (_, version) = standing.versions().next()?;
            let is_found = words.iter().all(|word| holds(version, word));
            let title = if collection == Collection::Accounts { version.item.title() } else { String::new() };
            is_found.then(|| (standing.current.is_none(), NaturalKey::of(&title), id))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, _, id)| (collection, id.to_owned())).collect()
}

/// Its name, what came of checking it, and what it is: what is long comes last.
fn row(journey: &Journey, opening: &Opening, listed: &(Collection, String), is_mixed: bool) -> String {
    let (collection, id) = listed;
    let Some(standing) = opening.inventory.standing(*collection, id) else { return String::new() };
    let Some((_, version)) = standing.versions().next() else { return String::new() };
    let kind = if is_mixed { format!("{} ", collection.noun()) } else { String::new() };
    let mut parts = vec![format!("{kind}{}", version.item.title())];
    let mut add = |part: &str| {
        if !part.is_empty() {
            parts.push(part.to_owned());
        }
    };
    match (&standing.current, version.is_trusted(), standing.proposals().is_empty()) {
        (None, _, _) => add("removed"),
        (_, is_confirmed, is_settled) => {
            let word = check_word(&opening.comparison.checks, *collection, id);
            add(word);
            match (is_confirmed, is_settled) {
                (false, _) if word == "match" => add("not confirmed by a quorum but proved by its address"),
                (false, _) => add("not confirmed by a quorum"),
                (true, false) => add("a change was proposed"),
                (true, true) if standing.has_more_by_others() => add("others added codes or marked some"),
                (true, true) => {}
            }
        }
    }
    if journey.marked.contains(listed) {
        add("marked");
    }
    what(&version.item).split("  ").for_each(add);
    format!("{}.", Safe(&parts.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::super::tests::Talking;

    #[test]
    fn a_list_says_the_check_of_each_item_and_what_is_removed() {
        let mut talking = Talking::at_recovered();
        assert!(talking.line("s 1").contains("Ask for a list first"));
        assert_eq!(talking.line("k"), "Keys: 1.\n1 Main, proven, ECDSA_SECP256K1.");
        let said = talking.line("v");
        let expected = "Vaults: 3.\n1 Rent, MISMATCH, a change was proposed, ethereum, 0xaa.\n\
             2 Added, cannot check, not confirmed by a quorum, ethereum, 0xaa.\n3 Gone, removed, ethereum, 0xaa.";
        assert_eq!(said, expected);
        assert!(talking.line("a").contains("1 Mail / ops, LOW: 1 of 2 codes left, Ann."));
    }

    #[test]
    fn a_search_lists_what_holds_all_words_and_its_numbers_count() {
        let mut talking = Talking::at_recovered();
        assert!(talking.line("f").contains("Type words after f"));
        assert!(talking.line("f nobody").contains("Nothing is found."));
        let said = talking.line("F ANN");
        assert!(said.starts_with("Found: 1.\n1 account Mail / ops"), "{said}");
        assert!(talking.line("f ethereum added").contains("1 vault Added"));
        assert!(talking.line("s 1").starts_with("") && talking.0.is_working());
    }

    #[test]
    fn marks_are_set_by_numbers_and_ranges_or_not_at_all() {
        let mut talking = Talking::at_recovered();
        assert!(talking.line("m").contains("Nothing") || talking.0.journey.marked.is_empty());
        assert!(talking.line("m 1").contains("Ask for a list first"));
        talking.line("v");
        for wrong in ["m 9", "m 1 2-9", "m 3-1", "m x", "m 0", "m 1-", "m 1 99999999999999999999999"] {
            let said = talking.line(wrong);
            assert!(said.contains("Nothing was marked.") && talking.0.journey.marked.is_empty(), "{wrong}: {said}");
        }
        assert!(talking.line("m 1,3").contains("Marked for an export: 2."));
        assert!(talking.line("m 2-3").contains("Marked for an export: 3."));
        talking.line("k");
        talking.line("m 1");
        let said = talking.line("m");
        assert!(said.contains("Marked for an export: 4.\nKey Main.\nVault Rent."), "{said}");
        assert!(talking.line("k").contains("marked"));
        assert!(talking.line("u").contains("Nothing is marked.") && talking.0.journey.marked.is_empty());
    }
}
