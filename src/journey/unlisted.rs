//! A vault that the backup does not hold: its key by key, chain and path; or its path, searched by a known address. Holds the key
//! that was derived while it is asked about.

use std::time::Duration;

use super::items::{ItemLine, derived_lines};
use super::{Given, Journey, Reply};
use crate::domain::chain::Chain;
use crate::domain::derivation_path::{DerivationPath, PathError};
use crate::domain::inventory::{Collection, Version};
use crate::domain::key_type::KeyType;
use crate::domain::typed::visible;
use crate::effect::{DerivedKey, Effect, KnownAddress, Searched, Trouble, WantedKey};

/// More paths than this are not searched for an address in one go: it would take hours.
pub const MOST_PATHS: u64 = 50_000_000;

/// So many accounts, and addresses of each, are offered to be searched.
pub const OFFERED: u32 = 20;

/// What is known of the vault.
pub const WAYS: [&str; 2] = ["I know its derivation path", "I know its address: search for the path"];

/// What is decided of the vault, and what is asked now.
#[derive(Default)]
pub struct Unlisted {
    asked: Asked,
    key_id: String,
    key_type: Option<KeyType>,
    chain: Option<Chain>,
    /// The path that is offered, was answered, or was found.
    path: Option<DerivationPath>,
    address: String,
    accounts: u32,
    indexes: u32,
    /// How many paths were tried, and since when.
    tried: u64,
    begun: Duration,
    /// The form in which the address was found at the path.
    found: Option<&'static str>,
    derived: Option<Box<DerivedKey>>,
}

/// What is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Asked {
    /// A row of [`keys`].
    #[default]
    Key,
    /// The word of a chain for that key.
    Chain,
    /// A row of [`WAYS`].
    Way,
    Path,
    Address,
    /// How many accounts are searched, from 0 on.
    Accounts,
    /// How many addresses of each account, from 0 on.
    Indexes,
    /// Whether to go on with the search; it runs, or was stopped where it was.
    Search,
    /// Whether to search elsewhere: the address is at none of the paths.
    Nowhere,
    /// Whether that is all: the key is derived.
    Derived,
}

/// Why an answer is not taken, or what was done failed.
#[derive(Debug)]
pub enum Refusal {
    /// The list has no such row.
    NotListed,
    /// It is no chain that is known here for this type of key.
    NoChain,
    NoPath(PathError),
    /// Nothing, or several words.
    NoAddress,
    /// It is no number from 1 on.
    NoNumber,
    /// There would be more than [`MOST_PATHS`].
    TooMany,
    NotDerived(Trouble),
    NotSearched(Trouble),
}

impl Unlisted {
    pub fn asked(&self) -> Asked {
        self.asked
    }

    pub fn key_type(&self) -> Option<KeyType> {
        self.key_type
    }

    pub fn chain(&self) -> Option<&Chain> {
        self.chain.as_ref()
    }

    /// The path that is offered, was answered, or was found.
    pub fn path(&self) -> Option<&DerivationPath> {
        self.path.as_ref()
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// How many paths there are to search.
    pub fn paths(&self) -> u64 {
        self.known().map_or(0, |known| known.paths())
    }

    /// How many of them were tried.
    pub fn tried(&self) -> u64 {
        self.tried
    }

    /// When the search began.
    pub fn begun(&self) -> Duration {
        self.begun
    }

    /// The form in which the address was found at the path.
    pub fn found(&self) -> Option<&'static str> {
        self.found
    }

    pub fn derived(&self) -> Option<&DerivedKey> {
        self.derived.as_deref()
    }

    /// What the derived key gives; secrets last.
    pub fn lines(&self) -> Vec<ItemLine<'_>> {
        let mut lines = self.derived().map_or_else(Vec::new, |derived| derived_lines(derived, None));
        lines.sort_by_key(|line| line.is_secret);
        lines
    }

    /// An answer to what is asked.
    pub fn answer(&mut self, given: Given<'_>, journey: &Journey) -> Reply<Refusal> {
        let typed = given.text().trim();
        match self.asked {
            Asked::Key => match given.row().and_then(|row| keys(journey).into_iter().nth(row)) {
                Some(key) => {
                    key.item.id().clone_into(&mut self.key_id);
                    self.key_type = key.item.fields().text("key_type").and_then(KeyType::named);
                    self.turn(Asked::Chain)
                }
                None => Reply::Refused(Refusal::NotListed),
            },
            Asked::Chain => match Chain::parse(typed).filter(|chain| Some(chain.key_type()) == self.key_type) {
                Some(chain) => {
                    self.path = DerivationPath::of_vault(chain.coin(), 0, 0);
                    self.chain = Some(chain);
                    self.turn(Asked::Way)
                }
                None => Reply::Refused(Refusal::NoChain),
            },
            Asked::Way => match given.row() {
                Some(0) => self.turn(Asked::Path),
                Some(1) => self.turn(Asked::Address),
                _ => Reply::Refused(Refusal::NotListed),
            },
            Asked::Path => match DerivationPath::parse(typed) {
                Ok(path) => {
                    self.path = Some(path);
                    self.found = None;
                    self.derive()
                }
                Err(error) => Reply::Refused(Refusal::NoPath(error)),
            },
            Asked::Address => {
                let typed = visible(typed);
                let typed = typed.trim();
                if typed.split_whitespace().count() != 1 {
                    return Reply::Refused(Refusal::NoAddress);
                }
                typed.clone_into(&mut self.address);
                self.turn(Asked::Accounts)
            }
            Asked::Accounts => match number(typed) {
                Some(number) => {
                    self.accounts = number;
                    self.turn(Asked::Indexes)
                }
                None => Reply::Refused(Refusal::NoNumber),
            },
            Asked::Indexes => match number(typed) {
                Some(number) => {
                    self.indexes = number;
                    self.begin(journey.now)
                }
                None => Reply::Refused(Refusal::NoNumber),
            },
            Asked::Search if matches!(given, Given::Yes) => self.search(),
            Asked::Derived if matches!(given, Given::Yes) => {
                self.turn(Asked::Key);
                Reply::Left
            }
            Asked::Search | Asked::Nowhere | Asked::Derived => Reply::Ask,
        }
    }

    /// One question back.
    pub fn back(&mut self) -> Reply<Refusal> {
        self.turn(match self.asked {
            Asked::Key => return Reply::Left,
            Asked::Chain => Asked::Key,
            Asked::Way => Asked::Chain,
            Asked::Path | Asked::Address => Asked::Way,
            Asked::Accounts => Asked::Address,
            Asked::Indexes | Asked::Nowhere => Asked::Accounts,
            Asked::Search => Asked::Indexes,
            Asked::Derived => Asked::Path,
        })
    }

    pub fn hear_derived(&mut self, result: Result<Box<DerivedKey>, Trouble>) -> Reply<Refusal> {
        match result {
            Ok(derived) if self.asked == Asked::Path => {
                self.turn(Asked::Derived);
                self.derived = Some(derived);
                Reply::Ask
            }
            Ok(_) => Reply::Ask,
            Err(trouble) => Reply::Refused(Refusal::NotDerived(trouble)),
        }
    }

    /// How far the search is. It goes on until it is given up or at its end; what is found is derived.
    pub fn hear_searched(&mut self, result: Result<Searched, Trouble>) -> Reply<Refusal> {
        if self.asked != Asked::Search {
            return Reply::Ask;
        }
        match result {
            Ok(Searched::NotYet { tried }) => {
                self.tried = tried;
                self.search()
            }
            Ok(Searched::Nowhere) => self.turn(Asked::Nowhere),
            Ok(Searched::Found { path, form }) => {
                self.turn(Asked::Path);
                (self.path, self.found) = (Some(path), Some(form));
                self.derive()
            }
            // The address is none of this chain, or the key cannot be read: going on would fail again.
            Err(trouble) => {
                self.turn(Asked::Address);
                Reply::Refused(Refusal::NotSearched(trouble))
            }
        }
    }

    /// Turns to another question, and drops the key that was derived. Nothing else drops it.
    fn turn(&mut self, to: Asked) -> Reply<Refusal> {
        self.derived = None;
        self.asked = to;
        Reply::Ask
    }

    fn derive(&self) -> Reply<Refusal> {
        let (Some(chain), Some(path)) = (self.chain.clone(), self.path.clone()) else { return Reply::Ask };
        let wanted = WantedKey::Path { key_id: self.key_id.clone(), chain, path };
        Reply::Do(Effect::Derive { wanted }, "Deriving the key")
    }

    /// A new search, with nothing tried.
    fn begin(&mut self, now: Duration) -> Reply<Refusal> {
        if self.paths() > MOST_PATHS {
            self.turn(Asked::Accounts);
            return Reply::Refused(Refusal::TooMany);
        }
        self.turn(Asked::Search);
        (self.tried, self.begun) = (0, now);
        self.search()
    }

    fn search(&self) -> Reply<Refusal> {
        let Some(wanted) = self.known() else { return Reply::Ask };
        Reply::Do(Effect::Search { wanted, from: self.tried }, "Searching")
    }

    fn known(&self) -> Option<KnownAddress> {
        Some(KnownAddress {
            key_id: self.key_id.clone(),
            chain: self.chain.clone()?,
            address: self.address.clone(),
            accounts: self.accounts,
            indexes: self.indexes,
        })
    }
}

/// The keys that a vault can be derived from.
pub fn keys(journey: &Journey) -> Vec<&Version> {
    journey.inventory().map_or_else(Vec::new, |inventory| inventory.items(Collection::Keys).collect())
}

/// The words of the chains whose keys are derived from keys of this type.
pub fn chains_of(key_type: Option<KeyType>) -> Vec<&'static str> {
    let fits = |chain: &&Chain| Some(chain.key_type()) == key_type;
    Chain::offered().iter().filter(fits).map(Chain::word).collect()
}

fn number(typed: &str) -> Option<u32> {
    typed.parse::<u32>().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::super::samples::opened;
    use super::*;
    use crate::domain::secret::SecretText;

    fn path(text: &str) -> DerivationPath {
        DerivationPath::parse(text).unwrap()
    }

    fn trouble() -> Trouble {
        Trouble::new("that failed.", "Do another thing.")
    }

    /// What somebody does, or what is heard.
    enum Event {
        Row(usize),
        Text(&'static str),
        Yes,
        Back,
        Derived(bool),
        NotYet(u64),
        Nowhere,
        Found(&'static str),
        Failed,
    }
    use Event::*;

    struct Tried {
        vault: Unlisted,
        journey: Journey,
        reply: Reply<Refusal>,
    }

    impl Tried {
        fn after(mut self, events: &[Event]) -> Self {
            for event in events {
                self.tell(event);
            }
            self
        }

        fn tell(&mut self, event: &Event) {
            let Self { vault, journey, .. } = self;
            let key = || DerivedKey { private_key: Some(SecretText::copy_of("77aa55")), ..DerivedKey::default() };
            self.reply = match *event {
                Row(row) => vault.answer(Given::Row(row), journey),
                Text(text) => vault.answer(Given::Text(text), journey),
                Yes => vault.answer(Given::Yes, journey),
                Back => vault.back(),
                Derived(true) => vault.hear_derived(Ok(Box::new(key()))),
                Derived(false) => vault.hear_derived(Err(trouble())),
                NotYet(tried) => vault.hear_searched(Ok(Searched::NotYet { tried })),
                Nowhere => vault.hear_searched(Ok(Searched::Nowhere)),
                Found(text) => vault.hear_searched(Ok(Searched::Found { path: path(text), form: "checksummed" })),
                Failed => vault.hear_searched(Err(trouble())),
            };
        }

        fn new() -> Self {
            Self { vault: Unlisted::default(), journey: opened(), reply: Reply::Ask }
        }

        fn at_path() -> Self {
            Self::new().after(&[Row(0), Text("ethereum"), Row(0)])
        }

        /// A search of 20 paths runs.
        fn searching() -> Self {
            Self::new().after(&[Row(0), Text("ethereum"), Row(1), Text("0xaa"), Text("2"), Text("10")])
        }

        fn refused(&self) -> Option<&Refusal> {
            match &self.reply {
                Reply::Refused(why) => Some(why),
                _ => None,
            }
        }

        /// From where on a search goes on now.
        fn searches_from(&self) -> Option<u64> {
            match &self.reply {
                Reply::Do(Effect::Search { from, .. }, _) => Some(*from),
                _ => None,
            }
        }

        /// The path that is derived now.
        fn derives(&self) -> Option<String> {
            match &self.reply {
                Reply::Do(Effect::Derive { wanted: WantedKey::Path { path, .. } }, _) => Some(path.to_string()),
                _ => None,
            }
        }
    }

    #[test]
    fn each_answer_leads_to_the_next_question_and_back_to_the_one_before() {
        let expected = [
            (Row(1), Asked::Chain),
            (Back, Asked::Key),
            (Row(0), Asked::Chain),
            (Text("Ethereum"), Asked::Way),
            (Back, Asked::Chain),
            (Text("ethereum"), Asked::Way),
            (Row(0), Asked::Path),
            (Back, Asked::Way),
            (Row(0), Asked::Path),
            (Text("m/44/60/0/0/3"), Asked::Path),
            (Derived(true), Asked::Derived),
            (Back, Asked::Path),
            (Back, Asked::Way),
            (Row(1), Asked::Address),
            (Back, Asked::Way),
            (Row(1), Asked::Address),
            (Text("0xaa"), Asked::Accounts),
            (Back, Asked::Address),
            (Text("0xaa"), Asked::Accounts),
            (Text("2"), Asked::Indexes),
            (Back, Asked::Accounts),
            (Text("2"), Asked::Indexes),
            (Text("10"), Asked::Search),
            (Back, Asked::Indexes),
            (Text("10"), Asked::Search),
            (Nowhere, Asked::Nowhere),
            // Another range is both numbers.
            (Back, Asked::Accounts),
            (Text("3"), Asked::Indexes),
            (Text("10"), Asked::Search),
            (NotYet(12), Asked::Search),
            (Found("m/44/60/1/0/0"), Asked::Path),
            (Derived(true), Asked::Derived),
        ];
        let mut tried = Tried::new();
        for (number, (event, asked)) in expected.iter().enumerate() {
            tried.tell(event);
            assert_eq!(tried.vault.asked(), *asked, "{number}");
        }
        assert_eq!(tried.vault.found(), Some("checksummed"));
        assert!(matches!(tried.after(&[Yes]).reply, Reply::Left));
        assert!(matches!(Tried::new().after(&[Back]).reply, Reply::Left));
    }

    #[test]
    fn only_chains_of_the_type_of_the_key_are_taken_and_they_offer_their_path() {
        let tried = Tried::new().after(&[Row(0), Text("solana")]);
        assert!(matches!(tried.refused(), Some(Refusal::NoChain)));
        let tried = tried.after(&[Text(" Bitcoin ")]);
        assert_eq!(tried.vault.path(), Some(&path("m/44/0/0/0/0")));
        assert_eq!(Tried::new().after(&[Row(1), Text("solana")]).vault.asked(), Asked::Way);
        let (of_ecdsa, eddsa) = (chains_of(Some(KeyType::Ecdsa)), chains_of(Some(KeyType::Eddsa)));
        assert!(of_ecdsa.contains(&"ethereum") && !of_ecdsa.contains(&"solana") && eddsa.contains(&"solana"));
        assert!(chains_of(None).is_empty());
        let nothing = Tried::new().after(&[Row(9)]);
        assert!(matches!(nothing.refused(), Some(Refusal::NotListed)));
    }

    #[test]
    fn a_path_that_is_none_or_cannot_be_derived_is_asked_for_again() {
        let wrong = Tried::at_path().after(&[Text("m/44/x")]);
        assert!(matches!(wrong.refused(), Some(Refusal::NoPath(_))));
        assert_eq!(wrong.vault.path(), Some(&path("m/44/60/0/0/0")), "what was offered is offered");
        let failed = wrong.after(&[Text("m/1'"), Derived(false)]);
        assert!(matches!(failed.refused(), Some(Refusal::NotDerived(_))) && failed.vault.asked() == Asked::Path);
    }

    #[test]
    fn nothing_and_several_words_are_no_address() {
        for wrong in ["", "  ", "abandon ability able"] {
            let tried = Tried::new().after(&[Row(0), Text("ethereum"), Row(1), Text(wrong)]);
            assert!(matches!(tried.refused(), Some(Refusal::NoAddress)) && tried.vault.address().is_empty(), "{wrong}");
        }
    }

    #[test]
    fn each_number_is_judged_where_it_is_given_and_both_together_at_the_end() {
        let at_accounts = || Tried::new().after(&[Row(0), Text("ethereum"), Row(1), Text("0xaa")]);
        for wrong in ["", "0", "-1", "none", "99999999999"] {
            let tried = at_accounts().after(&[Text(wrong)]);
            assert!(matches!(tried.refused(), Some(Refusal::NoNumber)) && tried.vault.asked() == Asked::Accounts);
            let tried = at_accounts().after(&[Text("1"), Text(wrong)]);
            assert!(matches!(tried.refused(), Some(Refusal::NoNumber)) && tried.vault.asked() == Asked::Indexes);
        }
        let most = at_accounts().after(&[Text("50000"), Text("1000")]);
        assert_eq!((most.vault.paths(), most.searches_from()), (MOST_PATHS, Some(0)));
        let many = at_accounts().after(&[Text("50001"), Text("1000")]);
        assert!(matches!(many.refused(), Some(Refusal::TooMany)) && many.vault.asked() == Asked::Accounts);
    }

    #[test]
    fn a_search_goes_on_where_it_was_and_begins_anew_for_another_range() {
        let tried = Tried::searching();
        assert_eq!(tried.searches_from(), Some(0));
        let tried = tried.after(&[NotYet(7)]);
        assert_eq!(tried.searches_from(), Some(7));
        let tried = tried.after(&[Yes]);
        assert_eq!((tried.searches_from(), tried.vault.tried()), (Some(7), 7), "after it was given up");
        assert_eq!(tried.after(&[Back, Text("10")]).searches_from(), Some(0));
    }

    #[test]
    fn an_address_that_cannot_be_searched_is_asked_for_again() {
        let tried = Tried::searching().after(&[Failed]);
        assert!(matches!(tried.refused(), Some(Refusal::NotSearched(_))) && tried.vault.asked() == Asked::Address);
    }

    #[test]
    fn what_was_found_is_derived_and_said_of_that_path_alone() {
        let found = Tried::searching().after(&[Found("m/44/60/1/0/0")]);
        assert_eq!(found.derives().as_deref(), Some("m/44/60/1/0/0"));
        // It fails, and somebody derives another one.
        let other = found.after(&[Derived(false), Text("m/44/60/2/0/0"), Derived(true)]);
        assert!(other.vault.asked() == Asked::Derived && other.vault.found().is_none());
    }

    #[test]
    fn the_derived_key_is_dropped_with_its_question() {
        let derived = || Tried::at_path().after(&[Text("m/44/60/0/0/0"), Derived(true)]);
        assert!(derived().vault.lines().iter().any(|line| line.is_secret));
        for event in [Back, Yes] {
            let tried = derived().after(&[event]);
            assert!(tried.vault.derived().is_none() && tried.vault.lines().is_empty());
        }
        // What was given up is not heard.
        assert!(Tried::searching().after(&[Derived(true)]).vault.derived().is_none());
    }

    #[test]
    fn whatever_is_answered_nothing_panics_and_too_much_is_never_searched() {
        const EVENTS: &[Event] = &[
            Row(0),
            Row(0),
            Row(1),
            Row(1),
            Row(7),
            Text("ethereum"),
            Text("ethereum"),
            Text("solana"),
            Text("m/44/60/0/0/3"),
            Text("0xaa"),
            Text("20"),
            Text("20"),
            Text("4000000000"),
            Text(""),
            Yes,
            Back,
            Derived(true),
            Derived(false),
            NotYet(9),
            Nowhere,
            Found("m/44/60/0/0/1"),
            Failed,
        ];
        // A small generator (xorshift), the same in every run.
        let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
        let mut any = |limit: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed % limit as u64).unwrap()
        };
        let (mut searches, mut derived) = (0, 0);
        for _ in 0..2_000 {
            let mut tried = Tried::new();
            for _ in 0..60 {
                tried.tell(&EVENTS[any(EVENTS.len())]);
                if let Reply::Do(Effect::Search { wanted, .. }, _) = &tried.reply {
                    assert!((1..=MOST_PATHS).contains(&wanted.paths()));
                    searches += 1;
                }
                let is_derived = tried.vault.asked() == Asked::Derived;
                assert_eq!(tried.vault.derived().is_some(), is_derived);
                derived += usize::from(is_derived);
                if matches!(tried.reply, Reply::Left) {
                    break;
                }
            }
        }
        assert!(searches > 100 && derived > 100, "{searches} {derived}");
    }
}
