//! A vault that the backup does not hold: its key by key, chain and path; or its path, searched by a known address. `<` goes one
//! step back.

use std::time::Duration;

use super::item::said_lines;
use super::{Conversation, Prompt, Step, picked};
use crate::domain::chain::Chain;
use crate::domain::derivation_path::DerivationPath;
use crate::domain::inventory::{Collection, Version};
use crate::domain::key_type::KeyType;
use crate::domain::text::Safe;
use crate::effect::{DerivedKey, Effect, KnownAddress, Searched, Trouble, Wanted};
use crate::journey::Journey;
use crate::journey::items::{Line, MOST_PATHS, chains_of, derived_lines};

/// What is decided, and what is asked now.
#[derive(Default)]
pub(super) struct Unlisted {
    at: At,
    key_id: String,
    key_type: Option<KeyType>,
    chain: Option<Chain>,
    /// The path that is offered, or was derived.
    path: Option<DerivationPath>,
    address: String,
    accounts: u32,
    indexes: u32,
    /// How many paths were tried, and what of it was told: the tenth, and when.
    tried: u64,
    told: (u64, Duration),
    derived: Option<Box<DerivedKey>>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum At {
    #[default]
    Key,
    Chain,
    Path,
    Address,
    Accounts,
    Indexes,
    /// The search was stopped, or did not go on.
    Search,
    Derived,
}

/// So many accounts, and addresses of each, are offered to be searched.
const OFFERED: u32 = 20;
/// How far the search is is told no oftener than this.
const TOLD_AFTER: Duration = Duration::from_secs(5);
/// And so often even where a tenth takes longer.
const TOLD_AT_LAST: Duration = Duration::from_secs(60);

impl Unlisted {
    pub(super) fn prompt(&self) -> Prompt {
        match self.at {
            At::Key => Prompt::open("Which key, by number, or Enter for 1:"),
            At::Chain => Prompt::open("Chain:"),
            At::Path => Prompt::open("Path, or a and an address:"),
            At::Address => Prompt::open("Address:"),
            At::Accounts => Prompt::open(format!("How many accounts, from 0 on, or Enter for {OFFERED}:")),
            At::Indexes => Prompt::open(format!("How many addresses of each, from 0 on, or Enter for {OFFERED}:")),
            At::Search => Prompt::open("Enter goes on with the search, < goes back:"),
            At::Derived => Prompt::open("r and a name, < for another path, or Enter to end:"),
        }
    }

    pub(super) fn help(&self, journey: &Journey) -> Vec<String> {
        let said = match self.at {
            At::Key => {
                let mut lines = vec![
                    "For a vault that was made after the backup, or was never recorded: its key can be derived from a key of the backup.".to_owned(),
                ];
                lines.extend(keys_said(journey));
                lines.push("< goes back.".to_owned());
                return lines;
            }
            At::Chain => return chains_said(self.key_type),
            At::Path => {
                let mut lines = vec![
                    "A derivation path leads from the key of the backup to the key of the vault, a number a step.".to_owned(),
                    "Where only the address is known, a and the address, or a alone, searches for the path.".to_owned(),
                ];
                lines.extend(self.path.iter().flat_map(explained));
                lines.push("< goes back to the chain.".to_owned());
                return lines;
            }
            At::Address => "Type the address whose path is searched. < goes back to the path.",
            At::Accounts => {
                "Paths are tried: so many accounts from 0 on, and so many addresses of each. More take longer. < goes back to the address."
            }
            At::Indexes => {
                "So many addresses of each account are tried, from 0 on. < goes back to the number of accounts."
            }
            At::Search => {
                "Enter tries the paths that are left; while it runs, Enter stops it. < goes back to the range, and begins anew."
            }
            At::Derived => {
                "r and a name says that one secret, after a question; the beginning of the name is enough. s says the public parts again.
What was derived is not added to exports.
< goes back to the path, Enter to the contents of the backup."
            }
        };
        said.lines().map(str::to_owned).collect()
    }

    pub(super) fn lines(&self) -> Vec<Line<'_>> {
        self.derived.as_ref().map_or_else(Vec::new, |derived| derived_lines(derived, None))
    }

    fn known(&self) -> Option<KnownAddress> {
        let known = KnownAddress {
            key_id: self.key_id.clone(),
            chain: self.chain.clone()?,
            address: self.address.clone(),
            accounts: self.accounts,
            indexes: self.indexes,
        };
        (1..=MOST_PATHS).contains(&known.paths()).then_some(known)
    }

    /// How far it is, if that is to be said now.
    fn progress(&mut self, now: Duration) -> Option<String> {
        let paths = self.known()?.paths();
        let tenth = self.tried.saturating_mul(10) / paths.max(1);
        let (told, when) = self.told;
        let since = now.saturating_sub(when);
        let is_due = since >= TOLD_AFTER && (tenth > told || since >= TOLD_AT_LAST);
        is_due.then(|| {
            self.told = (tenth, now);
            format!("{} of {paths} paths were tried.", self.tried)
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
        self.step = Step::Unlisted(Box::default());
    }

    /// A search runs.
    pub(super) fn is_searching_path(&self) -> bool {
        matches!(&self.step, Step::Unlisted(vault) if vault.at == At::Search)
    }

    fn take_unlisted(&mut self) -> Option<Box<Unlisted>> {
        match std::mem::replace(&mut self.step, Step::Recovered) {
            Step::Unlisted(vault) => Some(vault),
            other => {
                self.step = other;
                None
            }
        }
    }

    pub(super) fn on_unlisted_line(&mut self, line: &str) {
        let Some(mut vault) = self.take_unlisted() else { return };
        let words: Vec<&str> = line.split_whitespace().collect();
        if line == "<" {
            self.back_from(vault);
            return;
        }
        match (vault.at, words.as_slice()) {
            (At::Key, _) => self.take_key(&mut vault, line),
            (At::Chain, _) => self.take_chain(&mut vault, line),
            (At::Path, ["a" | "A"]) => vault.at = At::Address,
            (At::Path, ["a" | "A", address]) | (At::Address, [address]) => {
                (*address).clone_into(&mut vault.address);
                vault.at = At::Accounts;
            }
            (At::Path, _) => self.take_path(&mut vault, line),
            (At::Address, _) => self.say("Type the address, without spaces, or < to go back."),
            (At::Accounts | At::Indexes, _) => self.take_number(&mut vault, line),
            (At::Search, []) => self.search_paths(&mut vault),
            (At::Search, _) => self.say("Press Enter to go on, or type < to go back."),
            (At::Derived, []) => {
                self.say("Back to the contents of the backup.");
                return;
            }
            (At::Derived, ["s" | "S"]) => {
                let lines = said_lines(&vault.lines(), "r and the name");
                self.say_lines(lines);
            }
            (At::Derived, ["r" | "R", name @ ..]) => {
                self.ask_for_part(&name.join(" "), Some(vault));
                return;
            }
            (At::Derived, _) => self.say("Type r and a name, < for another path, or Enter to end."),
        }
        self.step = Step::Unlisted(vault);
    }

    fn back_from(&mut self, mut vault: Box<Unlisted>) {
        vault.derived = None;
        vault.at = match vault.at {
            At::Key => {
                self.say("Back to the contents of the backup.");
                return;
            }
            At::Chain => {
                let keys = keys_said(&self.journey);
                self.say_lines(keys);
                At::Key
            }
            At::Path => At::Chain,
            At::Address | At::Derived => {
                self.offer_path(&mut vault);
                At::Path
            }
            At::Accounts => At::Address,
            At::Indexes => At::Accounts,
            At::Search => At::Indexes,
        };
        self.step = Step::Unlisted(vault);
    }

    fn take_key(&mut self, vault: &mut Unlisted, line: &str) {
        let keys = keys(&self.journey);
        let Some(key) = picked(line, keys.len()).and_then(|index| keys.get(index)) else {
            self.say_no_such_number();
            return;
        };
        key.item.id().clone_into(&mut vault.key_id);
        vault.key_type = key.item.fields().text("key_type").and_then(KeyType::named);
        vault.at = At::Chain;
        self.say("Which chain, as one word, as in bitcoin. A question mark lists them.");
    }

    fn take_chain(&mut self, vault: &mut Unlisted, line: &str) {
        match Chain::parse(line).filter(|chain| Some(chain.key_type()) == vault.key_type) {
            Some(chain) => {
                vault.path = None;
                self.say(format!("Chain: {}.", chain.title()));
                vault.chain = Some(chain);
                vault.at = At::Path;
                self.offer_path(vault);
            }
            None => self.say("That is no chain that is known here for this type of key. A question mark lists them."),
        }
    }

    fn offer_path(&mut self, vault: &mut Unlisted) {
        if vault.path.is_none() {
            vault.path = vault.chain.as_ref().and_then(|chain| DerivationPath::of_vault(chain.coin(), 0, 0));
        }
        let offered = vault.path.as_ref().map(|path| format!("Enter derives the path {path}."));
        self.say_lines(offered);
    }

    fn take_path(&mut self, vault: &mut Unlisted, line: &str) {
        let parsed = match (&vault.path, line) {
            (Some(path), "") => Ok(path.clone()),
            _ => DerivationPath::parse(line),
        };
        match parsed {
            Ok(path) => {
                vault.path = Some(path);
                self.derive_path(vault);
            }
            Err(error) => {
                self.say(format!("Not derived: {error}."));
                self.say(format!("To do: {}.", error.hint()));
                let explained: Vec<String> = vault.path.iter().flat_map(explained).collect();
                self.say_lines(explained);
            }
        }
    }

    fn derive_path(&mut self, vault: &Unlisted) {
        let (Some(chain), Some(path)) = (vault.chain.clone(), vault.path.clone()) else { return };
        let wanted = Wanted::Path { key_id: vault.key_id.clone(), chain, path };
        self.perform(Effect::Derive { wanted });
    }

    pub(super) fn on_derived_path(&mut self, result: Result<Box<DerivedKey>, Trouble>) {
        let Some(mut vault) = self.take_unlisted() else { return };
        match result {
            Ok(derived) => {
                let path = vault.path.as_ref().map(|path| format!("Derived along {path}."));
                self.say_lines(path);
                vault.derived = Some(derived);
                vault.at = At::Derived;
                let lines = said_lines(&vault.lines(), "r and the name");
                self.say_lines(lines);
            }
            Err(trouble) => {
                self.say_trouble("Not derived", &trouble);
                vault.at = At::Path;
            }
        }
        self.step = Step::Unlisted(vault);
    }

    /// How many accounts, then how many addresses of each.
    fn take_number(&mut self, vault: &mut Unlisted, line: &str) {
        let number = if line.is_empty() { Some(OFFERED) } else { line.parse::<u32>().ok() };
        let Some(number) = number.filter(|number| *number > 0) else {
            self.say("Type a number from 1 on, or < to go back.");
            return;
        };
        if vault.at == At::Accounts {
            vault.accounts = number;
            vault.at = At::Indexes;
            return;
        }
        vault.indexes = number;
        if let Some(known) = vault.known() {
            self.say(format!("Searching {} paths. Enter stops it.", known.paths()));
            (vault.at, vault.tried, vault.told) = (At::Search, 0, (0, self.journey.now));
            self.search_paths(vault);
        } else {
            self.say(format!("Not searched: take together not more than {MOST_PATHS} paths."));
            vault.at = At::Accounts;
        }
    }

    fn search_paths(&mut self, vault: &mut Unlisted) {
        let Some(wanted) = vault.known() else { return };
        self.perform(Effect::Search { wanted, from: vault.tried });
    }

    pub(super) fn on_searched(&mut self, result: Result<Searched, Trouble>) {
        let Some(mut vault) = self.take_unlisted() else { return };
        match result {
            Ok(Searched::NotYet { tried }) => {
                vault.tried = tried;
                let progress = vault.progress(self.journey.now);
                self.say_lines(progress);
                self.search_paths(&mut vault);
            }
            Ok(Searched::Found { path, form }) => {
                self.say(format!("Found as {form} at {path}."));
                vault.path = Some(path);
                vault.at = At::Path;
                self.derive_path(&vault);
            }
            Ok(Searched::Nowhere) => {
                self.say("The address is at none of these paths.");
                self.say("Try a larger range, or with < another key or chain.");
                self.say("An address of a contract or of several keys is not found this way.");
                vault.at = At::Accounts;
            }
            Err(trouble) => self.say_trouble("Not searched", &trouble),
        }
        self.step = Step::Unlisted(vault);
    }
}

fn keys(journey: &Journey) -> Vec<&Version> {
    journey.inventory().map_or_else(Vec::new, |inventory| inventory.items(Collection::Keys).collect())
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
    use crate::effect::Outcome;
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
            matches!(effect, Some(Effect::Derive { wanted: Wanted::Path { path: of, .. } }) if of == path("m/44/60/0/0/3"))
        );
        let said = talking.hear(Outcome::Derived(Ok(Box::new(derived()))));
        assert!(said.starts_with("Derived along m/44/60/0/0/3.") && said.contains("checksummed: 0xAA"), "{said}");
        assert!(talking.line("r w").contains("Electrum takes it."));
        assert_eq!(talking.line("y"), "WIF: Kwif");
        assert!(talking.line("r nothing").contains("no secret part") && talking.line("s").contains("Secret parts"));
        assert!(talking.line("what").contains("Type r and a name"));
        assert!(talking.line("<").contains("Enter derives the path m/44/60/0/0/3."));
        talking.line("");
        let failed = Outcome::Derived(Err(Trouble::new("It is hardened.", "Take another path.")));
        assert!(talking.hear(failed).contains("Not derived: It is hardened."));
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
