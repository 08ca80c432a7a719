//! A vault that the backup does not hold: its key by key, chain and path; or its path, searched by a known address.

mod steps;

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::lines::Lines;
use crate::domain::chain::Chain;
use crate::domain::derivation_path::DerivationPath;
use crate::domain::inventory::{Collection, Version};
use crate::domain::key_type::KeyType;
use crate::domain::text::Safe;
use crate::effect::{DerivedKey, Effect, KnownAddress, Outcome, Searched, Trouble, Wanted};
use crate::journey::items::{Line, MOST_PATHS, chains_of, derived_lines};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{Field, Rows, fit, put, wrapped};

pub struct Unlisted {
    step: Step,
    keys: Rows,
    chains: Rows,
    /// What leaves some of the chains, or names one that is not listed.
    chain: Field,
    how: Rows,
    path: Field,
    address: Field,
    /// How many accounts and addresses of each are searched.
    accounts: Field,
    indexes: Field,
    /// How far the search is, and since when it runs.
    tried: u64,
    begun: Duration,
    found: Option<String>,
    derived: Option<Box<DerivedKey>>,
    lines: Lines,
    trouble: Option<Trouble>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Key,
    Chain,
    How,
    Path,
    Address,
    Accounts,
    Indexes,
    /// Running, or stopped where it was.
    Search,
    Nowhere,
    Derived,
}

const HOW: [&str; 2] = ["I know its derivation path", "I know its address: search for the path"];

impl Unlisted {
    pub fn of(_room: &Console) -> Self {
        Self {
            step: Step::Key,
            keys: Rows::default(),
            chains: Rows::default(),
            chain: Field::default(),
            how: Rows::default(),
            path: Field::default(),
            address: Field::default(),
            accounts: Field::with("20"),
            indexes: Field::with("20"),
            tried: 0,
            begun: Duration::ZERO,
            found: None,
            derived: None,
            lines: Lines::default(),
            trouble: None,
        }
    }

    fn all_keys(console: &Console) -> Vec<&Version> {
        console.journey.inventory().map_or_else(Vec::new, |inventory| inventory.items(Collection::Keys).collect())
    }

    fn key<'a>(&self, console: &'a Console) -> Option<&'a Version> {
        let keys = Self::all_keys(console);
        self.keys.chosen(keys.len()).and_then(|chosen| keys.get(chosen).copied())
    }

    fn key_type(&self, console: &Console) -> Option<KeyType> {
        KeyType::named(self.key(console)?.item.fields().text("key_type")?)
    }

    /// The chains of the chosen key's type that the typed text leaves.
    fn listed_chains(&self, console: &Console) -> Vec<&'static str> {
        let key_type = self.key_type(console);
        let typed = self.chain.text().trim().to_lowercase();
        chains_of(key_type).into_iter().filter(|word| word.contains(&typed)).collect()
    }

    fn chosen_chain(&self, console: &Console) -> Option<Chain> {
        let listed = self.listed_chains(console);
        let chosen = self.chains.chosen(listed.len()).and_then(|chosen| listed.get(chosen));
        let chain = chosen.map_or_else(|| Chain::parse(self.chain.text()), |word| Chain::parse(word));
        chain.filter(|chain| Some(chain.key_type()) == self.key_type(console))
    }

    fn current(&mut self) -> Option<&mut Field> {
        match self.step {
            Step::Chain => Some(&mut self.chain),
            Step::Path => Some(&mut self.path),
            Step::Address => Some(&mut self.address),
            Step::Accounts => Some(&mut self.accounts),
            Step::Indexes => Some(&mut self.indexes),
            _ => None,
        }
    }

    fn enter(&mut self, console: &Console) -> Reaction {
        match self.step {
            Step::Key if self.key(console).is_some() => {
                self.chain.clear();
                self.chains = Rows::default();
                self.step = Step::Chain;
            }
            Step::Chain => match self.chosen_chain(console) {
                Some(chain) => {
                    let path = DerivationPath::of_vault(chain.coin(), 0, 0);
                    self.path = Field::with(&path.map_or_else(String::new, |path| path.to_string()));
                    self.step = Step::How;
                }
                None => {
                    self.trouble = Some(Trouble::new(
                        "That is no chain that is known here for this type of key.",
                        "Clear the text and choose one. Others begin with cosmos: or polkadot: and their prefix.",
                    ));
                }
            },
            Step::How if self.how.chosen(HOW.len()) == Some(0) => self.step = Step::Path,
            Step::How => self.step = Step::Address,
            Step::Path => return self.derive(console),
            Step::Address if self.address.text().trim().is_empty() => {}
            Step::Address => self.step = Step::Accounts,
            Step::Accounts => self.step = Step::Indexes,
            Step::Indexes => {
                (self.tried, self.begun) = (0, console.journey.now);
                return self.search(console);
            }
            Step::Search => return self.search(console),
            Step::Key | Step::Nowhere | Step::Derived => {}
        }
        Reaction::Stay
    }

    fn derive(&mut self, console: &Console) -> Reaction {
        let path = match DerivationPath::parse(self.path.text()) {
            Ok(path) => path,
            Err(error) => {
                let hint = error.hint();
                self.trouble =
                    Some(Trouble::new(format_args!("Not derived: {error}."), format_args!("To do: {hint}.")));
                return Reaction::Stay;
            }
        };
        let (Some(key), Some(chain)) = (self.key(console), self.chosen_chain(console)) else { return Reaction::Stay };
        let wanted = Wanted::Path { key_id: key.item.id().to_owned(), chain, path };
        Reaction::Perform(Effect::Derive { wanted }, "Deriving the key")
    }

    /// What is searched for; `None` when a number is none or there would be too many paths.
    fn known(&self, console: &Console) -> Option<KnownAddress> {
        let number = |field: &Field| field.text().trim().parse::<u32>().ok().filter(|number| *number > 0);
        let known = KnownAddress {
            key_id: self.key(console)?.item.id().to_owned(),
            chain: self.chosen_chain(console)?,
            address: self.address.text().trim().to_owned(),
            accounts: number(&self.accounts)?,
            indexes: number(&self.indexes)?,
        };
        (known.paths() <= MOST_PATHS).then_some(known)
    }

    fn search(&mut self, console: &Console) -> Reaction {
        let Some(wanted) = self.known(console) else {
            self.step = Step::Accounts;
            self.trouble = Some(Trouble::new(
                "Not searched: that is no range.",
                format_args!("Take numbers from 1 on, together not more than {MOST_PATHS} paths."),
            ));
            return Reaction::Stay;
        };
        self.step = Step::Search;
        Reaction::Perform(Effect::Search { wanted, from: self.tried }, "Searching")
    }

    fn back(&mut self) -> Reaction {
        self.step = match self.step {
            Step::Key => return Reaction::Back,
            Step::Chain => Step::Key,
            Step::How => Step::Chain,
            Step::Path | Step::Address => Step::How,
            Step::Accounts => Step::Address,
            Step::Indexes => Step::Accounts,
            Step::Search | Step::Nowhere => Step::Indexes,
            Step::Derived => Step::Path,
        };
        self.derived = None;
        self.found = None;
        Reaction::Stay
    }

    fn derived(&self) -> Vec<Line<'_>> {
        self.derived.as_ref().map_or_else(Vec::new, |derived| {
            let mut lines = derived_lines(derived, None);
            lines.sort_by_key(|line| line.is_secret);
            lines
        })
    }
}

impl Screen for Unlisted {
    fn title(&self) -> &'static str {
        "Recovered"
    }

    fn keys(&self, _room: &Console) -> Vec<KeyHint> {
        match self.step {
            Step::Key => vec![("Enter", "take this key"), ("Up/Down", "other key"), ("Esc", "back to the list")],
            Step::Chain => {
                vec![("Enter", "take this chain"), ("Up/Down", "other"), ("letters", "find"), ("Esc", "back")]
            }
            Step::How => vec![("Enter", "take this"), ("Up/Down", "other"), ("Esc", "back")],
            Step::Path => vec![("Enter", "derive"), ("Backspace", "change it"), ("^U", "clear"), ("Esc", "back")],
            Step::Address => vec![("Enter", "go on"), ("^U", "clear"), ("Esc", "back")],
            Step::Accounts => vec![("Enter", "go on"), ("Backspace", "change it"), ("Esc", "back")],
            Step::Indexes => vec![("Enter", "search"), ("Backspace", "change it"), ("Esc", "back")],
            Step::Search => vec![("Enter", "go on"), ("Esc", "back")],
            Step::Nowhere => vec![("Esc", "another range")],
            Step::Derived => {
                let mut keys = self.lines.keys(&self.derived());
                keys.push(("Esc", "other path"));
                keys
            }
        }
    }

    fn intake(&self, _room: &Console) -> Intake {
        match self.step {
            Step::Chain | Step::Path | Step::Address | Step::Accounts | Step::Indexes => Intake::Text,
            _ => Intake::Commands,
        }
    }

    fn help(&self) -> &'static str {
        "For a wallet account that was made after the backup, or was never recorded: every key of a vault is derived from a master key along a path like m/44/60/0/0/0, so it can be derived here as well.\nWhere only the address is known, paths are tried: so many accounts from 0 on, and so many addresses of each. Esc stops; it can be gone on with.\nWhat comes out is shown as for any other vault; it is not added to exports."
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.trouble = None;
        if key == Key::Esc {
            return self.back();
        }
        if self.step == Step::Derived {
            let mut view = std::mem::take(&mut self.lines);
            let reaction = view.on_key(key, &self.derived(), &mut console.journey.record);
            self.lines = view;
            return reaction;
        }
        if key == Key::Enter {
            return self.enter(console);
        }
        let count = match self.step {
            Step::Key => Self::all_keys(console).len(),
            Step::Chain => self.listed_chains(console).len(),
            _ => HOW.len(),
        };
        match self.step {
            Step::Key => self.keys.on_key(key, count),
            Step::How => self.how.on_key(key, count),
            Step::Chain if self.chains.on_key(key, count) => true,
            _ => self.current().is_some_and(|field| field.on_key(key)),
        };
        Reaction::Stay
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        match outcome {
            Outcome::Derived(Ok(derived)) => {
                self.derived = Some(derived);
                self.lines = Lines::default();
                self.step = Step::Derived;
            }
            Outcome::Derived(Err(trouble)) => self.trouble = Some(trouble),
            Outcome::Searched(Err(trouble)) => {
                self.step = Step::Address;
                self.trouble = Some(trouble);
            }
            Outcome::Searched(Ok(Searched::NotYet { tried })) => {
                self.tried = tried;
                return self.search(console);
            }
            Outcome::Searched(Ok(Searched::Nowhere)) => self.step = Step::Nowhere,
            Outcome::Searched(Ok(Searched::Found { path, form })) => {
                self.path = Field::with(&path.to_string());
                self.found = Some(format!("ok  Found as {form} at {path}"));
                return self.derive(console);
            }
            _ => {}
        }
        Reaction::Stay
    }

    fn hide(&mut self) {
        self.lines.hide();
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        put(area, 0, 0, "A vault that is not in the backup", theme::STRONG, buffer);
        let mut y = 1;
        let mut line = |label: &str, value: &str| {
            let x = put(area, 0, y, label, theme::LABEL, buffer);
            put(area, x, y, &fit(value, usize::from(area.width.saturating_sub(x))), theme::PLAIN, buffer);
            y += 1;
        };
        if self.step != Step::Key
            && let Some(key) = self.key(console)
        {
            line("Key     ", &said(key));
        }
        if !matches!(self.step, Step::Key | Step::Chain)
            && let Some(chain) = self.chosen_chain(console)
        {
            line("Chain   ", chain.title());
        }
        match self.step {
            Step::Derived => line("Path    ", self.path.text()),
            Step::Accounts | Step::Indexes | Step::Search | Step::Nowhere => {
                line("Address ", &Safe(self.address.text()).to_string());
            }
            _ => {}
        }
        if let Some(found) = self.found.as_ref().filter(|_| self.step == Step::Derived) {
            y = wrapped(area, y, found, theme::GOOD, buffer);
        }
        let warning = self.derived.as_ref().filter(|derived| derived.is_red).and_then(|derived| derived.check.as_ref());
        if let Some(warning) = warning {
            y = wrapped(area, y, &format!("! {}", Safe(warning)), theme::BAD, buffer);
        }
        let below = Rect { y: area.y + y + 1, height: area.height.saturating_sub(y + 1), ..area };
        let (cursor, y) = self.draw_step(console, below, buffer);
        if let Some(Trouble { what, hint }) = &self.trouble {
            let y = wrapped(below, y + 1, &format!("! {what}"), theme::BAD, buffer);
            wrapped(below, y, hint, theme::PLAIN, buffer);
        }
        cursor
    }
}

fn said(key: &Version) -> String {
    let kind = key.item.fields().text("key_type").unwrap_or("");
    let mark = if key.is_confirmed() { "" } else { "! NOT CONFIRMED by a quorum: " };
    format!("{mark}{}  {}", Safe(&key.item.title()), Safe(kind))
}
