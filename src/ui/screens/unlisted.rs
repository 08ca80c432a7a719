//! The questions of a vault that is not in the backup, each with its list or field.

mod steps;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::lines::Lines;
use crate::domain::inventory::Version;
use crate::domain::text::Safe;
use crate::effect::{Outcome, Trouble};
use crate::journey::unlisted::{Asked, MOST_PATHS, OFFERED, Refusal, Unlisted, WAYS, chains_of, keys};
use crate::journey::{Given, Reply};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, Field, fit, put, wrapped};

pub struct AskUnlisted {
    vault: Unlisted,
    keys: ChosenRow,
    chains: ChosenRow,
    /// What leaves some of the chains, or names one that is not listed.
    chain: Field,
    ways: ChosenRow,
    path: Field,
    address: Field,
    accounts: Field,
    indexes: Field,
    lines: Lines,
    trouble: Option<Trouble>,
}

impl Default for AskUnlisted {
    fn default() -> Self {
        let offered = Field::with(&OFFERED.to_string());
        Self {
            vault: Unlisted::default(),
            keys: ChosenRow::default(),
            chains: ChosenRow::default(),
            chain: Field::default(),
            ways: ChosenRow::default(),
            path: Field::default(),
            address: Field::default(),
            accounts: offered.clone(),
            indexes: offered,
            lines: Lines::default(),
            trouble: None,
        }
    }
}

impl AskUnlisted {
    /// The chains for the chosen key that the typed text leaves.
    fn listed_chains(&self) -> Vec<&'static str> {
        let typed = self.chain.text().trim().to_lowercase();
        chains_of(self.vault.key_type()).into_iter().filter(|word| word.contains(&typed)).collect()
    }

    fn enter(&mut self, console: &Console) -> Reply<Refusal> {
        let journey = &console.journey;
        let row = |row: Option<usize>| Given::Row(row.unwrap_or(0));
        match self.vault.asked() {
            Asked::Key => {
                self.chain.clear();
                self.chains = ChosenRow::default();
                self.vault.answer(row(self.keys.chosen(keys(journey).len())), journey)
            }
            Asked::Chain => {
                let listed = self.listed_chains();
                let chosen = self.chains.chosen(listed.len()).and_then(|chosen| listed.get(chosen).copied());
                let reply = self.vault.answer(Given::Text(chosen.unwrap_or(self.chain.text())), journey);
                self.offer_path();
                reply
            }
            Asked::Way => self.vault.answer(row(self.ways.chosen(WAYS.len())), journey),
            Asked::Path => self.vault.answer(Given::Text(self.path.text()), journey),
            Asked::Address => self.vault.answer(Given::Text(self.address.text()), journey),
            Asked::Accounts => self.vault.answer(Given::Text(self.accounts.text()), journey),
            Asked::Indexes => self.vault.answer(Given::Text(self.indexes.text()), journey),
            Asked::Search => self.vault.answer(Given::Yes, journey),
            Asked::Nowhere | Asked::Derived => Reply::Ask,
        }
    }

    fn offer_path(&mut self) {
        self.path = Field::with(&self.vault.path().map_or_else(String::new, ToString::to_string));
    }

    /// Any other key goes into the list or field of what is asked.
    fn on_field_key(&mut self, key: Key, console: &Console) {
        let count = self.listed_chains().len();
        match self.vault.asked() {
            Asked::Key => self.keys.on_key(key, keys(&console.journey).len()),
            Asked::Way => self.ways.on_key(key, WAYS.len()),
            Asked::Chain => self.chains.on_key(key, count) || self.chain.on_key(key),
            Asked::Path => self.path.on_key(key),
            Asked::Address => self.address.on_key(key),
            Asked::Accounts => self.accounts.on_key(key),
            Asked::Indexes => self.indexes.on_key(key),
            Asked::Search | Asked::Nowhere | Asked::Derived => false,
        };
    }

    fn go_on(&mut self, reply: Reply<Refusal>) -> Reaction {
        match reply {
            Reply::Ask => Reaction::Stay,
            Reply::Do(effect, what) => Reaction::Perform(effect, what),
            Reply::Refused(why) => {
                self.trouble = trouble(why);
                Reaction::Stay
            }
            Reply::Left => Reaction::Back,
        }
    }
}

/// Why an answer was not taken; nothing where the screen shows that already.
fn trouble(why: Refusal) -> Option<Trouble> {
    Some(match why {
        Refusal::NotListed => return None,
        Refusal::NoChain => Trouble::new(
            "That is no chain that is known here for this type of key.",
            "Clear the text and choose one. Others begin with cosmos: or polkadot: and their prefix.",
        ),
        Refusal::NoPath(error) => {
            let hint = error.hint();
            Trouble::new(format_args!("Not derived: {error}."), format_args!("To do: {hint}."))
        }
        Refusal::NoAddress => Trouble::new("That is no address.", "Type it without spaces."),
        Refusal::NoNumber | Refusal::TooMany => Trouble::new(
            "Not searched: that is no range.",
            format_args!("Take numbers from 1 on, together not more than {MOST_PATHS} paths."),
        ),
        Refusal::NotDerived(trouble) | Refusal::NotSearched(trouble) => trouble,
    })
}

impl Screen for AskUnlisted {
    fn title(&self) -> &'static str {
        "Recovered"
    }

    fn keys(&self, _console: &Console) -> Vec<KeyHint> {
        match self.vault.asked() {
            Asked::Key => vec![("Enter", "take this key"), ("Up/Down", "other key"), ("Esc", "back to the list")],
            Asked::Chain => {
                vec![("Enter", "take this chain"), ("Up/Down", "other"), ("letters", "find"), ("Esc", "back")]
            }
            Asked::Way => vec![("Enter", "take this"), ("Up/Down", "other"), ("Esc", "back")],
            Asked::Path => vec![("Enter", "derive"), ("Backspace", "change it"), ("^U", "clear"), ("Esc", "back")],
            Asked::Address => vec![("Enter", "go on"), ("^U", "clear"), ("Esc", "back")],
            Asked::Accounts => vec![("Enter", "go on"), ("Backspace", "change it"), ("Esc", "back")],
            Asked::Indexes => vec![("Enter", "search"), ("Backspace", "change it"), ("Esc", "back")],
            Asked::Search => vec![("Enter", "go on"), ("Esc", "back")],
            Asked::Nowhere => vec![("Esc", "another range")],
            Asked::Derived => {
                let mut keys = self.lines.keys(&self.vault.lines());
                keys.push(("Esc", "other path"));
                keys
            }
        }
    }

    fn intake(&self, _console: &Console) -> Intake {
        match self.vault.asked() {
            Asked::Chain | Asked::Path | Asked::Address | Asked::Accounts | Asked::Indexes => Intake::Text,
            Asked::Key | Asked::Way | Asked::Search | Asked::Nowhere | Asked::Derived => Intake::Commands,
        }
    }

    fn help(&self) -> &'static str {
        "For a wallet account that was made after the backup, or was never recorded: every key of a vault is derived from a master key along a path like m/44/60/0/0/0, so it can be derived here as well.\nWhere only the address is known, paths are tried: so many accounts from 0 on, and so many addresses of each. Esc stops; it can be gone on with.\nWhat comes out is shown as for any other vault; it is not added to exports."
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.trouble = None;
        let reply = match (key, self.vault.asked()) {
            (Key::Esc, _) => self.vault.back(),
            (key, Asked::Derived) => return self.lines.on_key(key, &self.vault.lines(), &mut console.journey.history),
            (Key::Enter, _) => self.enter(console),
            (key, _) => {
                self.on_field_key(key, console);
                Reply::Ask
            }
        };
        self.go_on(reply)
    }

    fn on_outcome(&mut self, outcome: Outcome, _console: &mut Console) -> Reaction {
        let reply = match outcome {
            Outcome::Derived(result) => {
                self.lines = Lines::default();
                self.vault.hear_derived(result)
            }
            Outcome::Searched(result) => {
                let reply = self.vault.hear_searched(result);
                if self.vault.found().is_some() {
                    self.offer_path();
                }
                reply
            }
            _ => Reply::Ask,
        };
        self.go_on(reply)
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
        let asked = self.vault.asked();
        let keys = keys(&console.journey);
        if asked != Asked::Key
            && let Some(key) = self.keys.chosen(keys.len()).and_then(|row| keys.get(row))
        {
            line("Key     ", &said(key));
        }
        if !matches!(asked, Asked::Key | Asked::Chain)
            && let Some(chain) = self.vault.chain()
        {
            line("Chain   ", chain.title());
        }
        match asked {
            Asked::Derived => line("Path    ", self.path.text()),
            Asked::Accounts | Asked::Indexes | Asked::Search | Asked::Nowhere => {
                line("Address ", &Safe(self.vault.address()).to_string());
            }
            Asked::Key | Asked::Chain | Asked::Way | Asked::Path | Asked::Address => {}
        }
        if let (Asked::Derived, Some(form), Some(path)) = (asked, self.vault.found(), self.vault.path()) {
            y = wrapped(area, y, &format!("ok  Found as {form} at {path}"), theme::GOOD, buffer);
        }
        let warning = self.vault.derived().filter(|derived| derived.is_red).and_then(|derived| derived.check.as_ref());
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
