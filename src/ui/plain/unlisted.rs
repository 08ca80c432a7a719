//! The questions of a vault that is not in the backup, line by line: lines into answers. `<` goes one step back.

use std::time::Duration;

use super::item::said_lines;
use super::{Conversation, Prompt, TalkStep, picked};
use crate::domain::chain::Chain;
use crate::domain::derivation_path::DerivationPath;
use crate::domain::inventory::Version;
use crate::domain::key_type::KeyType;
use crate::domain::text::{Safe, counted};
use crate::effect::{DerivedKey, Searched, Trouble};
use crate::journey::items::ItemLine;
use crate::journey::unlisted::{Asked, MOST_PATHS, OFFERED, Refusal, Unlisted, chains_of, keys};
use crate::journey::{Given, Journey, Reply};

/// A vault that is asked about, and what was told of the search: the tenth, and when.
#[derive(Default)]
pub(super) struct Sought {
    vault: Unlisted,
    told: (u64, Duration),
}

/// How far the search is is told no oftener than this.
const TOLD_AFTER: Duration = Duration::from_secs(5);
/// And so often even where a tenth takes longer.
const TOLD_AT_LAST: Duration = Duration::from_secs(60);

impl Sought {
    pub(super) fn prompt(&self) -> Prompt {
        match self.vault.asked() {
            Asked::Key => Prompt::open("Which key, by number, or Enter for 1:"),
            Asked::Chain => Prompt::open("Chain:"),
            Asked::Way | Asked::Path => Prompt::open("Path, or a and an address:"),
            Asked::Address => Prompt::open("Address:"),
            Asked::Accounts => Prompt::open(format!("How many accounts, from 0 on, or Enter for {OFFERED}:")),
            Asked::Indexes => Prompt::open(format!("How many addresses of each, from 0 on, or Enter for {OFFERED}:")),
            Asked::Search | Asked::Nowhere => Prompt::open("Enter goes on with the search, < goes back:"),
            Asked::Derived => Prompt::open("r and a name, < for another path, or Enter to end:"),
        }
    }

    pub(super) fn help(&self, journey: &Journey) -> Vec<String> {
        let said = match self.vault.asked() {
            Asked::Key => {
                let mut lines = vec![
                    "For a vault that was made after the backup, or was never recorded: its key can be derived from a key of the backup.".to_owned(),
                ];
                lines.extend(keys_said(journey));
                lines.push("< goes back.".to_owned());
                return lines;
            }
            Asked::Chain => return chains_said(self.vault.key_type()),
            Asked::Way | Asked::Path => {
                let mut lines = vec![
                    "A derivation path leads from the key of the backup to the key of the vault, a number a step.".to_owned(),
                    "Where only the address is known, a and the address, or a alone, searches for the path.".to_owned(),
                ];
                lines.extend(self.vault.path().into_iter().flat_map(explained));
                lines.push("< goes back to the chain.".to_owned());
                return lines;
            }
            Asked::Address => "Type the address whose path is searched. < goes back to the path.",
            Asked::Accounts => {
                "Paths are tried: so many accounts from 0 on, and so many addresses of each. More take longer. < goes back to the address."
            }
            Asked::Indexes => {
                "So many addresses of each account are tried, from 0 on. < goes back to the number of accounts."
            }
            Asked::Search | Asked::Nowhere => {
                "Enter tries the paths that are left; while it runs, Enter stops it. < goes back to the range, and begins anew."
            }
            Asked::Derived => {
                "r and a name says that one secret, after a question; the beginning of the name is enough. s says the public parts again.
What was derived is not added to exports.
< goes back to the path, Enter to the contents of the backup."
            }
        };
        said.lines().map(str::to_owned).collect()
    }

    pub(super) fn lines(&self) -> Vec<ItemLine<'_>> {
        self.vault.lines()
    }

    /// How far it is, if that is to be said now.
    fn progress(&mut self, now: Duration) -> Option<String> {
        let (paths, tried) = (self.vault.paths(), self.vault.tried());
        let tenth = tried.saturating_mul(10) / paths.max(1);
        let (told, when) = self.told;
        let since = now.saturating_sub(when);
        let is_due = since >= TOLD_AFTER && (tenth > told || since >= TOLD_AT_LAST);
        is_due.then(|| {
            self.told = (tenth, now);
            format!("{tried} of {} {} tried.", counted(paths, "path"), if paths == 1 { "was" } else { "were" })
        })
    }
}

impl Conversation {
    pub(super) fn begin_unlisted(&mut self) {
        self.say("A vault that is not in the backup: from which key is it derived?");
        let keys = keys_said(&self.journey);
        if keys.is_empty() {
            self.say("No key is in this backup.");
            return;
        }
        self.say_lines(keys);
        self.step = TalkStep::Unlisted(Box::default());
    }

    /// A search runs.
    pub(super) fn is_searching_path(&self) -> bool {
        matches!(&self.step, TalkStep::Unlisted(sought) if sought.vault.asked() == Asked::Search)
    }

    pub(super) fn on_unlisted_line(&mut self, line: &str) {
        let TalkStep::Unlisted(sought) = &mut self.step else { return };
        let Sought { vault, .. } = sought.as_mut();
        let before = vault.asked();
        let words: Vec<&str> = line.split_whitespace().collect();
        let reply = match (before, words.as_slice()) {
            // The way and the path are one question here.
            (Asked::Path, ["<"]) => {
                vault.back();
                vault.back()
            }
            (_, ["<"]) | (Asked::Nowhere, _) => vault.back(),
            (Asked::Way | Asked::Path, ["a" | "A", address @ ..]) => {
                if before == Asked::Path {
                    vault.back();
                }
                match (vault.answer(Given::Row(1), &self.journey), address) {
                    (reply, []) => reply,
                    (_, address) => vault.answer(Given::Text(&address.join(" ")), &self.journey),
                }
            }
            (Asked::Way | Asked::Path, _) => {
                if before == Asked::Way {
                    vault.answer(Given::Row(0), &self.journey);
                }
                let offered = vault.path().filter(|_| line.is_empty()).map(ToString::to_string);
                vault.answer(Given::Text(offered.as_deref().unwrap_or(line)), &self.journey)
            }
            (Asked::Key, _) => {
                // A number that is none is no row of the list.
                vault.answer(Given::Row(picked(line, usize::MAX).unwrap_or(usize::MAX)), &self.journey)
            }
            (Asked::Accounts | Asked::Indexes, []) => vault.answer(Given::Text(&OFFERED.to_string()), &self.journey),
            (Asked::Chain | Asked::Address | Asked::Accounts | Asked::Indexes, _) => {
                vault.answer(Given::Text(line), &self.journey)
            }
            (Asked::Search | Asked::Derived, []) => vault.answer(Given::Yes, &self.journey),
            (Asked::Search, _) => {
                self.say("Press Enter to go on, or type < to go back.");
                return;
            }
            (Asked::Derived, ["s" | "S"]) => {
                let lines = said_lines(&vault.lines(), "r and the name");
                self.say_lines(lines);
                return;
            }
            (Asked::Derived, ["r" | "R", name @ ..]) => {
                let name = name.join(" ");
                if let TalkStep::Unlisted(sought) = std::mem::replace(&mut self.step, TalkStep::Recovered) {
                    self.ask_for_part(&name, Some(sought));
                }
                return;
            }
            (Asked::Derived, _) => {
                self.say("Type r and a name, < for another path, or Enter to end.");
                return;
            }
        };
        self.go_on_with_unlisted(before, reply);
    }

    /// Says what comes next; `before` was asked until now.
    fn go_on_with_unlisted(&mut self, before: Asked, reply: Reply<Refusal>) {
        match reply {
            Reply::Ask => self.ask_of_unlisted(before),
            Reply::Do(effect, _) => {
                if before == Asked::Indexes
                    && let TalkStep::Unlisted(sought) = &mut self.step
                {
                    sought.told = (0, self.journey.now);
                    let said = format!("Searching {}. Enter stops it.", counted(sought.vault.paths(), "path"));
                    self.say(said);
                }
                self.perform(effect);
            }
            Reply::Refused(why) => self.say_why_not(why),
            Reply::Left => {
                self.step = TalkStep::Recovered;
                self.say("Back to the contents of the backup.");
            }
        }
    }

    /// Says what is asked now, where that is more than the prompt.
    fn ask_of_unlisted(&mut self, before: Asked) {
        let TalkStep::Unlisted(sought) = &self.step else { return };
        let vault = &sought.vault;
        let offered = vault.path().map(|path| format!("Enter derives the path {path}."));
        let lines: Vec<String> = match vault.asked() {
            Asked::Key => keys_said(&self.journey),
            Asked::Chain if before == Asked::Key => {
                vec!["Which chain, as one word, as in bitcoin. A question mark lists them.".to_owned()]
            }
            Asked::Way if before == Asked::Chain => {
                let chain = vault.chain().map(|chain| format!("Chain: {}.", chain.title()));
                chain.into_iter().chain(offered).collect()
            }
            Asked::Way | Asked::Path => offered.into_iter().collect(),
            Asked::Derived => {
                let path = vault.path().map(|path| format!("Derived along {path}."));
                path.into_iter().chain(said_lines(&vault.lines(), "r and the name")).collect()
            }
            Asked::Chain | Asked::Address | Asked::Accounts | Asked::Indexes | Asked::Search | Asked::Nowhere => {
                Vec::new()
            }
        };
        self.say_lines(lines);
    }

    fn say_why_not(&mut self, why: Refusal) {
        match why {
            Refusal::NotListed => self.say_no_such_number(),
            Refusal::NoChain => {
                self.say("That is no chain that is known here for this type of key. A question mark lists them.");
            }
            Refusal::NoPath(error) => {
                self.say(format!("Not derived: {error}."));
                self.say(format!("To do: {}.", error.hint()));
                let TalkStep::Unlisted(sought) = &self.step else { return };
                let explained: Vec<String> = sought.vault.path().into_iter().flat_map(explained).collect();
                self.say_lines(explained);
            }
            Refusal::NoAddress => self.say("Type the address, without spaces, or < to go back."),
            Refusal::NoNumber => self.say("Type a number from 1 on, or < to go back."),
            Refusal::TooMany => {
                self.say(format!("Not searched: take together not more than {MOST_PATHS} paths."));
            }
            Refusal::NotDerived(Trouble { what, hint }) | Refusal::NotSearched(Trouble { what, hint }) => {
                self.say_lines([what, hint]);
            }
        }
    }

    pub(super) fn on_derived_path(&mut self, result: Result<Box<DerivedKey>, Trouble>) {
        let TalkStep::Unlisted(sought) = &mut self.step else { return };
        let reply = sought.vault.hear_derived(result);
        self.go_on_with_unlisted(Asked::Path, reply);
    }

    pub(super) fn on_searched(&mut self, result: Result<Searched, Trouble>) {
        let TalkStep::Unlisted(sought) = &mut self.step else { return };
        let reply = sought.vault.hear_searched(result);
        let mut said: Vec<String> = Vec::new();
        match sought.vault.asked() {
            Asked::Search => said.extend(sought.progress(self.journey.now)),
            Asked::Nowhere => {
                said.push("The address is at none of these paths.".to_owned());
                said.push("Try a larger range, or with < another key or chain.".to_owned());
                said.push("An address of a contract or of several keys is not found this way.".to_owned());
                sought.vault.back();
            }
            Asked::Path => {
                let found = sought.vault.found().zip(sought.vault.path());
                said.extend(found.map(|(form, path)| format!("Found as {form} at {path}.")));
            }
            Asked::Key
            | Asked::Chain
            | Asked::Way
            | Asked::Address
            | Asked::Accounts
            | Asked::Indexes
            | Asked::Derived => {}
        }
        self.say_lines(said);
        self.go_on_with_unlisted(Asked::Search, reply);
    }
}

fn keys_said(journey: &Journey) -> Vec<String> {
    let said = |(number, key): (u32, &Version)| {
        let kind = key.item.fields().text("key_type").unwrap_or("");
        let mark = if key.is_confirmed() { "" } else { ", not confirmed by a quorum" };
        format!("{number} {}, {}{mark}.", Safe(&key.item.title()), Safe(kind))
    };
    (1..).zip(keys(journey)).map(said).collect()
}

/// The chains for a type of key, a line each.
fn chains_said(key_type: Option<KeyType>) -> Vec<String> {
    let titled = |word: &str| {
        let title = Chain::parse(word).map_or_else(String::new, |chain| chain.title().to_owned());
        if title.to_lowercase() == word { format!("{word}.") } else { format!("{word}, {title}.") }
    };
    let mut lines = vec!["Chains for this key, by their words.".to_owned()];
    lines.extend(chains_of(key_type).into_iter().map(titled));
    lines.extend(match key_type {
        Some(KeyType::Ecdsa) => Some("Others are cosmos: and the prefix of their addresses.".to_owned()),
        Some(KeyType::Eddsa) => Some("Others are polkadot: and the number of their addresses.".to_owned()),
        None => Some("The type of this key is not known here.".to_owned()),
    });
    lines.push("< goes back to the key.".to_owned());
    lines
}

/// Its parts, a line each.
fn explained(path: &DerivationPath) -> Vec<String> {
    let mut lines = vec![format!("For example {path}, part by part.")];
    lines.extend(path.explain().into_iter().map(|(part, meaning)| format!("{part}: {meaning}.")));
    lines
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Talking, derived};
    use super::*;
    use crate::effect::{Effect, Outcome, WantedKey};
    use crate::ui::app::Request;

    fn path(text: &str) -> DerivationPath {
        DerivationPath::parse(text).unwrap()
    }

    fn at_path() -> Talking {
        let mut talking = Talking::at_recovered();
        assert!(talking.line("d").contains("1 Main, ECDSA_SECP256K1."));
        talking.line("1");
        let said = talking.line("ethereum");
        assert!(said.contains("Chain: Ethereum.\nEnter derives the path m/44/60/0/0/0."), "{said}");
        talking
    }

    fn wanted(talking: &mut Talking) -> Option<Effect> {
        talking.0.take_requests().into_iter().rev().find_map(|request| match request {
            Request::Perform(_, effect) => Some(effect),
            _ => None,
        })
    }

    #[test]
    fn a_vault_that_is_not_there_is_derived_by_key_chain_and_path() {
        let mut talking = Talking::at_recovered();
        talking.line("d");
        assert!(talking.line("7").contains("no number of the list"));
        assert!(talking.line("").contains("Which chain"));
        assert!(talking.line("solana").contains("no chain that is known here for this type of key"));
        let said = talking.line("?");
        assert!(
            said.contains("ethereum.")
                && said.contains("bitcoin-testnet, Bitcoin testnet.")
                && !said.contains("solana"),
            "{said}"
        );
        talking.line("Ethereum");
        let said = talking.line("m/44/x");
        assert!(
            said.contains("Not derived: part 2 of the derivation path is not a number.") && said.contains("44: "),
            "{said}"
        );
        assert!(talking.line("?").contains("For example m/44/60/0/0/0, part by part."));
        talking.line("m/44/60/0/0/3");
        let effect = wanted(&mut talking);
        assert!(
            matches!(effect, Some(Effect::Derive { wanted: WantedKey::Path { path: of, .. } }) if of == path("m/44/60/0/0/3"))
        );
        let said = talking.hear(Outcome::Derived(Ok(Box::new(derived()))));
        assert!(said.starts_with("Derived along m/44/60/0/0/3.") && said.contains("checksummed: 0xAA"), "{said}");
        assert!(talking.line("r w").contains("Electrum takes it."));
        assert_eq!(talking.line("y"), "WIF: Kwif");
        assert!(talking.line("r nothing").contains("no secret part") && talking.line("s").contains("Secret parts"));
        assert!(talking.line("what").contains("Type r and a name"));
        assert!(talking.line("<").contains("Enter derives the path m/44/60/0/0/3."));
        talking.line("");
        let failed = Outcome::Derived(Err(Trouble::new("Not derived: it is hardened.", "Take another path.")));
        assert_eq!(talking.hear(failed), "Not derived: it is hardened.\nTake another path.");
        for _ in 0..3 {
            talking.line("<");
        }
        assert_eq!(talking.prompt(), "What next:");
    }

    #[test]
    fn the_path_of_an_address_is_searched_and_the_search_can_be_stopped_and_gone_on_with() {
        let mut talking = at_path();
        talking.line("a");
        assert!(talking.line("").contains("Type the address"));
        talking.line("0xaa");
        assert!(talking.line("none").contains("from 1 on") && talking.line("0").contains("from 1 on"));
        talking.line("99999999");
        assert!(talking.line("99999999").contains("not more than"));
        talking.line("");
        assert!(talking.line("10").contains("Searching 200 paths. Enter stops it."));
        for (seconds, tried, says) in
            [(1, 30, ""), (6, 60, "60 of 200 paths were tried."), (7, 90, ""), (30, 91, "91 of 200")]
        {
            talking.0.journey.now = Duration::from_secs(seconds);
            let said = talking.hear(Outcome::Searched(Ok(Searched::NotYet { tried })));
            assert!(said.contains(says) && (says.is_empty() == said.is_empty()), "{seconds}: {said}");
        }
        let ticket = talking.0.waiting.unwrap();
        talking.0.stop();
        assert!(talking.said().contains("stopped where it was"));
        assert!(
            talking
                .0
                .take_requests()
                .iter()
                .any(|request| matches!(request, Request::GiveUp(given) if *given == ticket))
        );
        talking.0.on_outcome(ticket, Outcome::Searched(Ok(Searched::Nowhere)));
        assert_eq!(talking.prompt(), "Enter goes on with the search, < goes back:");
        talking.line("");
        assert!(matches!(wanted(&mut talking), Some(Effect::Search { from: 91, .. })));
        talking.0.on_interrupt();
        assert!(talking.line("").contains("Nothing was wiped."));
        talking.line("");
        let found = Searched::Found { path: path("m/44/60/1/0/0"), form: "checksummed" };
        assert!(talking.hear(Outcome::Searched(Ok(found))).contains("Found as checksummed at m/44/60/1/0/0."));
        assert!(talking.hear(Outcome::Derived(Ok(Box::new(derived())))).contains("Derived along m/44/60/1/0/0."));
        assert!(talking.line("").contains("Back to the contents"));
    }

    #[test]
    fn an_address_that_is_nowhere_can_be_searched_further() {
        let mut talking = at_path();
        talking.line("a 0xaa");
        talking.line("");
        talking.line("");
        assert!(talking.hear(Outcome::Searched(Ok(Searched::Nowhere))).contains("at none of these paths"));
        assert!(talking.prompt().starts_with("How many accounts"));
        talking.line("<");
        assert_eq!(talking.prompt(), "Address:");
        talking.line("<");
        assert_eq!(talking.prompt(), "Path, or a and an address:");
    }

    #[test]
    fn every_question_is_explained() {
        let mut talking = Talking::at_recovered();
        for line in ["d", "1", "bitcoin", "a", "bc1", "20"] {
            talking.line(line);
            let before = talking.prompt();
            assert!(talking.line("?").len() > 60 && talking.prompt() == before, "{before}");
        }
    }
}
