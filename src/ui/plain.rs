//! The same recovery line by line, for screen readers and braille lines: a conversation that takes lines and outcomes and gives
//! sentences, the next prompt, and requests. Like the screens it holds no clock and does nothing itself.

mod device;
mod export;
mod item;
mod leaving;
mod left;
mod open;
mod people;
mod phrase;
mod recovered;
mod saving;
mod search;
mod unlisted;

use zeroize::Zeroizing;

use self::item::{AskedSecret, ShownItem};
use self::phrase::Talk;
use self::saving::Typing;
use self::unlisted::Sought;
use super::app::{Ending, Request};
use super::console::Options;
use crate::domain::inventory::Collection;
use crate::domain::text::capital;
use crate::effect::{Effect, LeftDraft, Outcome, Source, Trouble};
use crate::journey::Journey;
use crate::journey::export::Export;
use crate::journey::refresh::{Refresh, name_offered};
use crate::ui::screens::home::USES_NO_NETWORK;

/// What is asked, and whether the answer may be seen while it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    pub text: String,
    pub is_secret: bool,
    /// It is asked only once the keys rest; what is pressed before is dropped.
    pub is_rested: bool,
}

impl Prompt {
    fn open(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_secret: false, is_rested: false }
    }

    /// Also where nothing secret is asked for, but somebody may type a phrase too early.
    fn secret(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_secret: true, is_rested: false }
    }

    /// For what an Enter too many, or a line that was typed ahead, must not answer.
    fn rested(text: impl Into<String>) -> Self {
        Self { is_rested: true, ..Self::secret(text) }
    }
}

pub struct Conversation {
    pub journey: Journey,
    options: Options,
    step: TalkStep,
    /// Nothing was named on the command line: the practice is offered beside a path.
    offers_drill: bool,
    /// The last list that was said, in its order.
    list: Vec<(Collection, String)>,
    /// The item that was said last, with the key that was rebuilt for it.
    shown: Option<ShownItem>,
    /// The ticket of what is waited for.
    waiting: Option<u64>,
    tickets: u64,
    leaving: Leaving,
    /// Words were said that belong to somebody's phrase, or may.
    has_said_words: bool,
    /// What an earlier run left, and it is asked whether to delete it: before the question of the step.
    left: Vec<LeftDraft>,
    /// What was said of that already.
    told: Vec<LeftDraft>,
    said: Vec<Zeroizing<String>>,
    requests: Vec<Request>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaving {
    No,
    /// The question whether to leave stands before the one of the step.
    Asked,
    /// Nothing is asked any more.
    Done,
}

/// What is asked.
enum TalkStep {
    /// Which file.
    Path,
    /// What is asked of a backup before anybody types.
    Open,
    /// Who comes next, or whether to open, once enough phrases are verified.
    People,
    /// The words of a phrase.
    Phrase(Talk),
    /// The search for the slip in them.
    Search {
        /// What was told last: the step, and the minutes that went by.
        told: (usize, u64),
    },
    /// What to hear of the contents.
    Recovered,
    /// Whether a secret may be said.
    Reveal(AskedSecret),
    /// What is written of the contents, how and where to.
    Export(Box<Export>),
    /// A vault that the backup does not hold.
    Unlisted(Box<Sought>),
    /// What can be done with the backup of a device.
    DeviceMenu,
    /// The backup of a device.
    Device,
    /// Codes of an account on their way into a file.
    Codes(Typing),
    /// What was decided of codes goes into the next file.
    Seal(Box<Refresh>),
    /// Everything is wiped. After a wipe that nobody asked for two empty lines end it: who was typing types on.
    Over { is_armed: bool },
}

impl Conversation {
    /// Begins with `source`, else with the question for a path. `offers_drill` says whether the practice can be named there.
    pub fn new(journey: Journey, options: Options, source: Option<Source>, offers_drill: bool) -> Self {
        let mut conversation = Self {
            journey,
            options,
            step: TalkStep::Path,
            offers_drill,
            list: Vec::new(),
            shown: None,
            waiting: None,
            tickets: 0,
            leaving: Leaving::No,
            has_said_words: false,
            left: Vec::new(),
            told: Vec::new(),
            said: Vec::new(),
            requests: Vec::new(),
        };
        conversation.say("Conclave, line by line. A question mark explains each question. Ctrl-C leaves.");
        if let Some(network) = &conversation.journey.network {
            let said = format!("{USES_NO_NETWORK} {network}");
            conversation.say(said);
        }
        conversation.ask_of_left();
        match source {
            Some(source) => conversation.load(source),
            None if conversation.is_managing() && conversation.journey.device.is_some() => conversation.begin_device(),
            None if conversation.is_managing() => conversation.begin_device_menu(),
            None => {}
        }
        conversation
    }

    /// What is to be said now, a line each.
    pub fn take_said(&mut self) -> Vec<Zeroizing<String>> {
        std::mem::take(&mut self.said)
    }

    pub fn take_requests(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.requests)
    }

    /// Whether an outcome is waited for.
    pub fn is_working(&self) -> bool {
        self.waiting.is_some()
    }

    /// What is asked now; nothing while something is done.
    pub fn prompt(&self) -> Option<Prompt> {
        match self.leaving {
            Leaving::No => {}
            Leaving::Asked => return Some(Prompt::rested("y leaves, Enter stays, Ctrl-C again leaves at once:")),
            Leaving::Done => return None,
        }
        if self.is_working() {
            return None;
        }
        if !self.left.is_empty() {
            return Some(left::prompt(&self.left));
        }
        Some(match &self.step {
            TalkStep::Path if self.offers_drill => Prompt::open("Path of the snapshot, or drill:"),
            TalkStep::Path => Prompt::open("Path of the snapshot:"),
            TalkStep::Open => self.question_prompt(),
            TalkStep::People if self.is_quorum() => Prompt::rested("Enter opens the backup:"),
            TalkStep::People => Prompt::rested("y and Enter for the next phrase:"),
            TalkStep::Phrase(talk) => self.phrase_prompt(talk),
            TalkStep::Search { .. } => return self.search_prompt(),
            TalkStep::Recovered if self.is_withheld() => Prompt::rested("Enter leaves:"),
            TalkStep::Recovered => Prompt::open("What next:"),
            TalkStep::Reveal(_) => Prompt::rested("Say it here? y or n:"),
            TalkStep::Export(export) => export::prompt(export.asked()),
            TalkStep::Unlisted(vault) => vault.prompt(),
            TalkStep::DeviceMenu => Prompt::open("Which, by number, or q:"),
            TalkStep::Device => self.device_prompt(),
            TalkStep::Codes(typing) => saving::prompt(&self.journey.saving, typing),
            TalkStep::Seal(refresh) => {
                saving::seal_prompt(refresh, &name_offered(&self.journey), refresh.word_asked(&self.journey))
            }
            TalkStep::Over { .. } => Prompt::secret("Enter twice leaves:"),
        })
    }

    /// Somebody answered.
    pub fn on_line(&mut self, typed: &str) {
        let line = typed.trim();
        if self.leaving == Leaving::Asked {
            self.leaving = Leaving::No;
            if line.eq_ignore_ascii_case("y") {
                self.leave();
            } else {
                self.say("Nothing was wiped.");
            }
            return;
        }
        if self.is_working() {
            return;
        }
        if !self.left.is_empty() {
            self.on_left_line(line);
            return;
        }
        if line == "?" {
            self.say_help();
            return;
        }
        match &mut self.step {
            TalkStep::Path => self.on_path(line),
            TalkStep::Open => self.on_question(line),
            TalkStep::People => self.on_people(line),
            TalkStep::Phrase(_) => self.on_phrase(line),
            TalkStep::Search { .. } => self.on_search_line(line),
            TalkStep::Recovered => self.on_recovered(line),
            TalkStep::Reveal(_) => self.on_reveal(line),
            // Whether a space stands around a passphrase matters.
            TalkStep::Export(_) => self.on_export_line(typed),
            TalkStep::Unlisted(_) => self.on_unlisted_line(line),
            TalkStep::DeviceMenu => self.on_device_menu(line),
            TalkStep::Device => self.on_device_line(typed),
            TalkStep::Codes(_) => self.on_codes_line(typed),
            TalkStep::Seal(_) => self.on_seal_line(typed),
            TalkStep::Over { is_armed } => {
                let is_meant = line.is_empty() && *is_armed;
                *is_armed = line.is_empty();
                if is_meant {
                    self.end(Ending::Left);
                }
            }
        }
    }

    /// What became of a request. Nobody hears one that was given up.
    pub fn on_outcome(&mut self, ticket: u64, outcome: Outcome) {
        if self.waiting != Some(ticket) {
            if let Some(effect) = self.journey.hear_late(outcome) {
                self.tickets += 1;
                self.requests.push(Request::Perform(self.tickets, effect));
            }
            return;
        }
        self.waiting = None;
        let is_places = matches!(outcome, Outcome::Places(_));
        self.hear(outcome);
        if is_places {
            self.ask_of_left();
        }
    }

    fn hear(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::DraftsRemoved(troubles) => self.on_left_removed(&troubles),
            Outcome::Forgotten => self.tell_record(true),
            Outcome::Died if matches!(self.step, TalkStep::Over { .. }) => self.tell_record(false),
            // While what was opened is compared.
            outcome @ Outcome::Died if self.journey.next_comparison().is_some() => {
                self.journey.hear_compared(outcome);
                self.compare();
            }
            Outcome::Died => {
                self.shown = None;
                self.say("A defect ended that. It can be tried again.");
            }
            Outcome::Device(said) => self.on_device_said(*said),
            Outcome::Loaded(result) if matches!(self.step, TalkStep::Device) => self.on_device_loaded(result),
            Outcome::Checked { answer, took } if matches!(self.step, TalkStep::Device) => {
                self.on_pin_checked(answer, took);
            }
            Outcome::Places(places) if matches!(self.step, TalkStep::Device) => self.hear_places_for_device(places),
            Outcome::Loaded(result) => self.on_loaded(result.map(|summary| *summary)),
            Outcome::Checked { answer, took } => self.on_checked(answer, took),
            Outcome::Opened(result) => self.on_opened(result),
            Outcome::Places(places) if matches!(self.step, TalkStep::Seal(_)) => self.hear_places_for_seal(places),
            Outcome::Places(places) => self.on_places(places),
            Outcome::Text(result) => self.on_text(result),
            Outcome::Refreshed(result) => self.on_refreshed(result),
            Outcome::Differ(differences) => self.on_differences(*differences),
            outcome @ Outcome::Compared(_) => {
                self.journey.hear_compared(outcome);
                self.compare();
            }
            Outcome::NameChecked(checked) => self.on_name_checked(checked),
            Outcome::Exported(result) => self.on_exported(result),
            Outcome::Tried { found, took } => self.on_tried(found, took),
            Outcome::Removed { number } => self.on_removed(number),
            Outcome::Derived(result) => self.on_derived(result),
            Outcome::Searched(result) => self.on_searched(result),
            Outcome::Passphrase(result) => self.on_passphrase(result),
            // Nothing here asks for it.
            Outcome::Network(_) | Outcome::Listed { .. } | Outcome::Ceremony(_) | Outcome::Table { .. } => {}
        }
    }

    fn say(&mut self, line: impl Into<String>) {
        self.said.push(Zeroizing::new(line.into()));
    }

    fn say_lines<L: Into<String>>(&mut self, lines: impl IntoIterator<Item = L>) {
        for line in lines {
            self.say(line);
        }
    }

    fn say_trouble(&mut self, what_failed: &str, Trouble { what, hint }: &Trouble) {
        self.say(format!("{what_failed}: {what}"));
        self.say(hint.as_str());
    }

    fn perform(&mut self, effect: Effect) {
        self.tickets += 1;
        self.waiting = Some(self.tickets);
        self.requests.push(Request::Perform(self.tickets, effect));
    }

    /// What the question mark says.
    fn say_help(&mut self) {
        let help = match &self.step {
            TalkStep::Path => open::PATH_HELP,
            TalkStep::Open => self.question_help(),
            TalkStep::People if self.is_quorum() => people::QUORUM_HELP,
            TalkStep::People => people::PEOPLE_HELP,
            TalkStep::Phrase(_) => phrase::HELP,
            TalkStep::Search { .. } => search::HELP,
            TalkStep::Recovered if self.is_withheld() => recovered::WITHHELD_HELP,
            TalkStep::Recovered => recovered::HELP,
            TalkStep::Reveal(_) => item::REVEAL_HELP,
            TalkStep::Export(export) => export::help(export.asked()),
            TalkStep::Unlisted(vault) => {
                let lines = vault.help(&self.journey);
                self.say_lines(lines);
                return;
            }
            TalkStep::DeviceMenu => device::MENU_HELP,
            TalkStep::Device => device::HELP,
            TalkStep::Codes(_) => saving::HELP,
            TalkStep::Seal(_) => saving::SEAL_HELP,
            TalkStep::Over { .. } => "What was held is wiped. Press Enter twice to leave.",
        };
        let help = self.journey.holder().said(help);
        self.say_lines(help.lines());
    }
}

/// The place of a number that was typed in a list of so many; Enter alone takes the first.
fn picked(line: &str, count: usize) -> Option<usize> {
    let number = if line.is_empty() { Some(1) } else { line.trim_end_matches('.').parse::<usize>().ok() };
    number.and_then(|number| number.checked_sub(1)).filter(|index| *index < count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::completeness::Completeness;
    use crate::domain::condition::{Boxes, Condition, CoreState};
    use crate::domain::fingerprint::Fingerprint;
    use crate::domain::import_form::ImportForm;
    use crate::domain::inventory::{BoxSource, Claimed, Counts, Inventory, SealedBy, read_records};
    use crate::domain::kind::{Kind, Method};
    use crate::domain::phrase::{PhraseForm, WordCount};
    use crate::domain::proof::{AddressCheck, KeyStanding, PublicKeyCheck, VaultCheck};
    use crate::domain::recovery::Holder;
    use crate::domain::secret::SecretText;
    use crate::domain::text::Text;
    use crate::domain::time::Timestamp;
    use crate::domain::wordlist::WordList;
    use crate::effect::{Answer, Comparison, DerivedKey, FileFacts, Opening, Place, PlaceKind, Searched, Summary};
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::time::Duration;

    const WORDS: &str = "abandon ability able about above absent absorb abstract absurd abuse access accident";

    fn summary() -> Summary {
        let names = ["Ann", "Ben", "Joe"];
        Summary {
            kind: Kind::Organization,
            is_training: false,
            organization: Text::new("Example Cellar"),
            created: Some("2026-01-02".to_owned()),
            sequence: 1,
            claimed: Some(Claimed { vaults: 2, accounts: 1, codes: 2 }),
            threshold: 2,
            shareholders: (1..)
                .zip(names)
                .map(|(number, name)| Holder { kind: Kind::Organization, number, name: Text::new(name) })
                .collect(),
            form: Some(PhraseForm { language: WordList::English, words: WordCount::TWELVE }),
            device: None,
            fingerprint: Fingerprint::of(&[7; 32]),
            asked: 6,
            asked_four: [1, 4, 9, 14],
            given: vec![PathBuf::from("/b/snapshot.json")],
            files: vec![FileFacts {
                name: "snapshot.json".to_owned(),
                verdict: "INTACT".to_owned(),
                is_damaged: false,
                is_unconfirmed: false,
            }],
            is_forked: false,
            condition: Condition {
                core: CoreState::Whole,
                boxes: Boxes { known: 1, readable: 1, is_certain: true },
                closed: Vec::new(),
                threshold: 2,
                shareholder_count: 3,
                kind: Kind::Organization,
                method: Method::Phrase,
                harms: Vec::new(),
                delivery: Text::new("backup@example.org"),
            },
            near: Vec::new(),
            others: Vec::new(),
            expected: Duration::from_millis(1900),
            sheets: None,
            at_once: 1,
        }
    }

    pub(super) const PRIVATE: &str = "4d1f8e2ac03b7d6a5599e8f0c1b2a3948576a1b2c3d4e5f60718293a4b5c6d7e";

    /// A key, a vault with a newer proposal and an older version, one that is removed, and an account.
    fn inventory() -> Inventory {
        let vault = |id: &str, name: &str| {
            format!(
                r#"{{"record":"put","collection":"vaults","item":{{"id":"{id}","name":"{name}","chain":"ethereum","address":"0xaa"}}}}"#
            )
        };
        let key = format!(
            r#"{{"record":"put","collection":"keys","item":{{"id":"k","name":"Main","key_type":"ECDSA_SECP256K1","public_key":"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798","private_key":"{PRIVATE}"}}}}"#
        );
        let account = r#"{"record":"put","collection":"accounts","item":{"service":"Mail","login":"ops","owners":["Ann"],"kind":"single-use","codes":["1111-2222","3333-4444"],"used":["1111-2222"],"saved":"2026-01-01T00:00:00Z"}}"#;
        let removal = r#"{"record":"remove","collection":"vaults","id":"v2"}"#;
        let mut inventory = Inventory::of(Kind::Organization);
        let boxes = [
            (SealedBy::Quorum, vec![key, vault("v1", "Old rent"), vault("v2", "Gone"), account.to_owned()]),
            (SealedBy::Quorum, vec![vault("v1", "Rent"), removal.to_owned()]),
            (SealedBy::Public, vec![vault("v1", "Rent of mine"), vault("v3", "Added")]),
        ];
        for (position, (sealed_by, records)) in (1..).zip(boxes) {
            let created = Timestamp::parse("2026-01-02T03:04:05Z").unwrap();
            let text = format!(r#"{{"records":[{}]}}"#, records.join(","));
            let entries = read_records(Kind::Organization, text.as_bytes()).unwrap();
            let faults: Vec<_> = entries.iter().filter_map(|entry| entry.fault.as_ref()).collect();
            assert!(faults.is_empty(), "{faults:?}");
            inventory.apply(BoxSource { sealed_by, position, created, issuer: None }, entries);
        }
        inventory.finish();
        inventory
    }

    pub(super) fn places() -> Vec<Place> {
        let place = |path: &str, is_writable| Place::new(PlaceKind::Current, path, is_writable);
        let mut stick = place("/also", true);
        stick.remarks = vec![crate::effect::Remark::KeepsNoPermissions];
        vec![place("/no", false), place("/yes", true), stick]
    }

    fn comparison() -> Comparison {
        let check = |address| VaultCheck { address, public_key: PublicKeyCheck::NotCompared };
        let mut comparison = Comparison { is_complete: true, total: 2, done: 2, matches: 1, ..Comparison::default() };
        comparison.checks.keys.insert("k".to_owned(), KeyStanding::Proven);
        let right = check(AddressCheck::Mismatch { derived: vec!["0xbb".to_owned()] });
        comparison.checks.vaults.insert("v1".to_owned(), right);
        let because = "no path is recorded".to_owned();
        comparison.checks.vaults.insert("v3".to_owned(), check(AddressCheck::CannotCheck { because: because.into() }));
        comparison
    }

    pub(super) fn derived() -> DerivedKey {
        DerivedKey {
            check: Some("match".to_owned()),
            public_key: Some("03ffee".to_owned()),
            private_key: Some(SecretText::copy_of("77aa55")),
            addresses: vec![("checksummed", "0xAA".to_owned())],
            forms: vec![
                ImportForm { name: "WIF", value: Some(SecretText::copy_of("Kwif")), hint: "Electrum takes it." },
                ImportForm { name: "Ledger", value: None, hint: "A Ledger cannot take it." },
            ],
            ..DerivedKey::default()
        }
    }

    fn opening() -> Opening {
        Opening {
            inventory: Arc::new(inventory()),
            is_withheld: false,
            organization: Text::new("Example Cellar"),
            completeness: Completeness {
                boxes: Boxes { known: 2, readable: 2, is_certain: true },
                lacks_boxes: false,
                is_doubtful: false,
                claimed: Some(Claimed { vaults: 2, accounts: 1, codes: 2 }),
                recovered: Counts { keys: 1, vaults: 2, accounts: 1, codes: 2 },
                shares_of: None,
            },
            red: Vec::new(),
            notes: vec!["a note".to_owned()],
            digits: "0471".to_owned(),
            comparison: comparison(),
        }
    }

    /// A conversation, and all that it said since it was last asked.
    pub(super) struct Talking(pub(super) Conversation);

    impl Talking {
        fn new() -> Self {
            Self(Conversation::new(
                Journey::default(),
                Options::default(),
                Some(Source::Files(vec![PathBuf::from("x")])),
                false,
            ))
        }

        fn at_card() -> Self {
            let mut talking = Self::new();
            talking.hear(Outcome::Loaded(Ok(Box::new(summary()))));
            talking
        }

        fn at_people() -> Self {
            let mut talking = Self::at_card();
            talking.line("none");
            talking
        }

        fn at_phrase() -> Self {
            let mut talking = Self::at_people();
            talking.line("y");
            talking
        }

        fn at_quorum() -> Self {
            let mut talking = Self::at_phrase();
            for number in 1..=2 {
                talking.line(WORDS.replace("accident", "about").as_str());
                talking.0.waiting = Some(77);
                let answer = Ok(Answer::Verified { number, who: format!("shareholder {number}") });
                talking.0.on_outcome(77, Outcome::Checked { answer, took: Duration::from_secs(1) });
                if number == 1 {
                    talking.line("y");
                }
            }
            talking
        }

        pub(super) fn at_recovered() -> Self {
            let mut talking = Self::at_quorum();
            talking.line("");
            talking.hear(Outcome::Opened(Ok(opening())));
            talking
        }

        pub(super) fn line(&mut self, line: &str) -> String {
            self.0.on_line(line);
            // Where nobody looks for what is asked, every name can be taken.
            if let Some(Request::Perform(ticket, Effect::CheckName { .. })) = self.0.requests.last() {
                let ticket = *ticket;
                self.0.requests.pop();
                self.0.on_outcome(ticket, Outcome::NameChecked(Ok(())));
            }
            self.said()
        }

        pub(super) fn hear(&mut self, outcome: Outcome) -> String {
            let ticket = self.0.waiting.expect("something is waited for");
            self.0.on_outcome(ticket, outcome);
            self.said()
        }

        pub(super) fn said(&mut self) -> String {
            self.0.take_said().iter().map(|line| line.as_str()).collect::<Vec<_>>().join("\n")
        }

        pub(super) fn prompt(&self) -> String {
            self.0.prompt().map_or_else(String::new, |prompt| prompt.text)
        }

        pub(super) fn ended(&mut self) -> Option<Ending> {
            self.0.take_requests().into_iter().find_map(|request| match request {
                Request::Leave(ending) => Some(ending),
                _ => None,
            })
        }
    }

    #[test]
    fn what_is_known_of_a_file_is_said_and_a_wrong_word_of_the_card_goes_no_further() {
        let mut talking = Talking::new();
        assert!(talking.0.prompt().is_none(), "nothing is asked while it is read");
        assert!(talking.said().contains("Reading the backup."));
        let said = talking.hear(Outcome::Loaded(Err(Trouble::new("It is broken.", "Look for another copy."))));
        assert!(said.contains("Not opened: It is broken.") && said.contains("Look for another copy."), "{said}");
        assert_eq!(talking.prompt(), "Path of the snapshot:");
        talking.line("/y");
        let said = talking.hear(Outcome::Loaded(Ok(Box::new(summary()))));
        for part in ["Example Cellar (unverified)", "INTACT", "sequence 1", "any 2 of 3", "1 Ann, 2 Ben, 3 Joe"] {
            assert!(said.contains(part), "{part} in {said}");
        }
        assert!(talking.prompt().starts_with("Fingerprint word 7 of 16"));
        let word = summary().fingerprint.words()[6];
        assert!(talking.line("rebirthx").contains("does not match"));
        assert!(talking.line("zebra abandon").contains("come later"));
        assert!(talking.line(&word.to_uppercase()).contains("matches"));
        assert_eq!(talking.prompt(), "y and Enter for the next phrase:");
        // An Enter too many, and words that are typed too early, begin nothing.
        assert!(talking.line("").contains("types y"));
        assert!(talking.line(WORDS).contains("None was kept or said."));
        assert!(talking.0.prompt().is_some_and(|prompt| prompt.is_rested && prompt.is_secret));
        assert!(talking.0.journey.desk.entry.is_none());
    }

    #[test]
    fn whose_names_are_kept_is_asked_and_enter_alone_decides_nothing() {
        let mut talking = Talking::at_recovered();
        talking.0.step = TalkStep::Seal(Box::new(Refresh::sealing(&talking.0.journey)));
        talking.0.waiting = Some(77);
        let both = |one: &str, other: &str| vec![one.to_owned(), other.to_owned()];
        let differences = crate::effect::Differences {
            files: both("/b/codes.json", "/b/other.json"),
            labels: vec![("Owner 2".to_owned(), both("Ben", "Mallory"))],
            ..crate::effect::Differences::default()
        };
        talking.0.on_outcome(77, Outcome::Differ(Box::new(differences)));
        let said = talking.said();
        for part in
            ["Owner 2: Ben (A) or Mallory (B).", "No quorum's mark", "1 A  /b/codes.json.", "2 B  /b/other.json."]
        {
            assert!(said.contains(part), "{part} in {said}");
        }
        assert_eq!(talking.prompt(), "Which is kept, by number:");
        assert!(!talking.line("").is_empty() && talking.0.waiting.is_none());
        assert!(!talking.line("3").is_empty() && talking.prompt() == "Which is kept, by number:");
        talking.line("<");
        assert!(talking.prompt().starts_with("Name of the new file"));
    }

    #[test]
    fn of_a_phrase_only_numbers_are_said() {
        let mut talking = Talking::at_phrase();
        talking.said();
        let mut all = String::new();
        for (line, says, asks) in [
            ("abandon", "Word 1: in the list.", "Word 2 of 12:"),
            ("ability  able", "Words 2, 3: in the list.", "Word 4 of 12:"),
            ("xylofon", "Word 4 is not in the English list. Type 4. and", "Word 5 of 12:"),
            ("??", "Word 5 cannot be read.", "Word 6 of 12:"),
            ("?", "Type the words in the order", "Word 6 of 12:"),
            ("12. accident", "Word 12: in the list.", "Word 4 of 12:"),
            ("<", "", "Word 3 of 12:"),
            ("-", "Word 3 is empty.", "Word 3 of 12:"),
            ("", "Words 3, 6 to 11: still missing.", "Word 3 of 12:"),
            ("=3", "Word 3: in the list.", "Word 4 of 12:"),
            ("6", "", "Word 6 of 12:"),
            ("44. zoo", "There are words 1 to 12.", "Word 6 of 12:"),
            ("z0o", "letters only", "Word 6 of 12:"),
            ("=9999", "letters only", "Word 6 of 12:"),
            ("absent absorb abstract absurd abuse access", "Words 6 to 11: in the list.", "Word 4 of 12:"),
            ("about above", "Press Enter to check.", "Word 6 of 12, or Enter to check:"),
            ("12.", "", "Word 12 of 12, or Enter to check:"),
            ("accident zoo", "There are 12 words.", "Enter checks the phrase:"),
            ("", "wrong checksum", "Enter checks the phrase:"),
            ("12. zoo", "All 12 words are there.", "Enter checks the phrase:"),
        ] {
            let said = talking.line(line);
            assert!(said.contains(says) && talking.prompt() == asks, "{line}: {said} / {}", talking.prompt());
            all.push_str(&said);
        }
        let said = all.split(|c: char| !c.is_alphabetic());
        let words: Vec<&str> = "xylofon zoo".split(' ').chain(WORDS.split(' ')).collect();
        // `able`, `about` and `above` are words of sentences as well.
        let leaked: Vec<&str> = said.filter(|word| word.len() > 5 && words.contains(word)).collect();
        assert!(leaked.is_empty(), "{leaked:?}");
    }

    #[test]
    fn near_words_are_said_when_asked_for_and_a_digit_takes_one() {
        let mut talking = Talking::at_phrase();
        assert!(!talking.line("abandom abilty zzzzzzzz").contains("abandon"));
        let said = talking.line("n");
        assert!(said.contains("Near to word 1:\n1 abandon"), "{said}");
        assert!(talking.line("1").contains("Word 1: in the list."));
        assert!(talking.line("n").contains("Near to word 2:"));
        assert!(talking.line("").contains("Nothing was changed"));
        assert_eq!(talking.prompt(), "Word 4 of 12:");
        // Without near words before it a digit is the number of a word.
        talking.line("5");
        assert_eq!(talking.prompt(), "Word 5 of 12:");
        talking.line("2. ability");
        assert!(talking.line("n").contains("No word of the list is near to word 3."));
    }

    #[test]
    fn signs_need_no_space_between_them() {
        let mut talking = Talking::at_people();
        let form = PhraseForm { language: WordList::ChineseSimplified, words: WordCount::TWELVE };
        talking.0.journey.backup.as_mut().unwrap().summary.form = Some(form);
        talking.line("y");
        let signs: String = WordList::ChineseSimplified.words()[..12].concat();
        assert!(talking.line(&signs).contains("Words 1 to 12: in the list."));
    }

    #[test]
    fn a_phrase_that_is_left_is_kept_until_somebody_wipes_it() {
        let mut talking = Talking::at_phrase();
        talking.line("abandon ability");
        let said = talking.line("!");
        assert!(said.contains("unfinished phrase are kept: 2. Whoever typed them goes on with y"), "{said}");
        assert!(said.contains("Type y when that person sits here") && !said.contains("next shareholder"), "{said}");
        assert!(talking.line("y").contains("Words in the list: 2 of 12."));
        // Who sits here now may be somebody else.
        talking.line("abandin");
        let said = talking.line("n");
        assert!(said.contains("none of them is said") && !said.contains("abandon"), "{said}");
        talking.line("<");
        talking.line("-");
        talking.line("!");
        assert!(talking.line("w").contains("Words that would be wiped: 2."));
        assert!(talking.0.journey.desk.entry.is_some());
        assert!(talking.line("w y").contains("are wiped"));
        assert!(talking.line("y").contains("Type the 12 words"));
        assert!(talking.line("!").contains("0 of 2 phrases verified. Still needed: any 2 of Ann, Ben or Joe."));
        assert!(talking.line("a 3").contains("3 Joe is not here. Still needed: Ann and Ben."));
        assert!(talking.line("l").contains("1 Ann.\n2 Ben.\n3 Joe, not here."));
        assert!(talking.line("a 9").contains("shareholders 1 to 3"));
        assert!(talking.line(WORDS).contains("come after y and Enter"));
    }

    #[test]
    fn a_search_for_the_slip_is_held_and_goes_with_its_words() {
        let mut talking = Talking::at_phrase();
        talking.line(WORDS);
        assert!(talking.line("s").contains("Tried would be"));
        talking.line("n");
        for number in 1..=12 {
            talking.line(&format!("{number}."));
            talking.line("-");
        }
        assert_eq!(talking.0.journey.desk.entry.as_ref().map(|entry| entry.filled()), Some(0));
        assert_eq!(talking.0.wipe_after(false), Some(Duration::from_secs(3600)), "the search has the words");
        talking.line("!");
        assert!(talking.0.journey.desk.search().is_none() && talking.0.wipe_after(false).is_none());
    }

    #[test]
    fn a_search_that_a_defect_ended_is_asked_about_again() {
        let mut talking = Talking::at_phrase();
        talking.line(WORDS);
        talking.line("s");
        talking.line("y");
        assert_eq!(talking.prompt(), "", "it runs");
        assert!(talking.hear(Outcome::Died).contains("can be tried again"));
        assert_eq!(talking.prompt(), "Look for it? y or n:");
    }

    #[test]
    fn answers_are_said_in_their_fixed_words_and_the_phrase_is_kept() {
        let mut talking = Talking::at_phrase();
        talking.line(&("abandon ".repeat(11) + "about"));
        assert!(talking.line("").contains("Checking the phrase. This takes about 2 s."));
        let answer = Ok(Answer::NotOfThisBackup { elsewhere: None });
        let said = talking.hear(Outcome::Checked { answer, took: Duration::from_secs(1) });
        assert!(said.starts_with("Not a phrase of this backup. Compare it with the paper"), "{said}");
        assert_eq!(talking.prompt(), "Enter checks the phrase:");
        talking.line("");
        let answer = Ok(Answer::Verified { number: 2, who: "shareholder 2 (Ben)".to_owned() });
        let said = talking.hear(Outcome::Checked { answer, took: Duration::from_secs(1) });
        assert!(said.contains("Verified: shareholder 2 (Ben).\n1 of 2 phrases verified."), "{said}");
        assert!(talking.0.journey.desk.entry.is_none());
        assert_eq!(talking.0.journey.history.wrong, 1);
    }

    #[test]
    fn leaving_is_asked_once_and_wipes_and_tells_the_record() {
        let mut talking = Talking::at_recovered();
        talking.0.on_interrupt();
        assert!(talking.said().contains("The opened contents are wiped."));
        assert!(talking.line("").contains("Nothing was wiped."));
        assert!(talking.0.journey.opening.is_some());
        talking.0.on_end();
        talking.0.on_end();
        assert!(talking.0.journey.opening.is_none() && talking.0.journey.backup.is_none());
        talking.said();
        let said = talking.hear(Outcome::Forgotten);
        assert!(
            talking.0.prompt().is_none() && said.starts_with("Wiped.") && said.contains("Written: nothing."),
            "{said}"
        );
        assert_eq!(talking.ended(), Some(Ending::Left));

        let mut talking = Talking::at_phrase();
        talking.line(WORDS);
        talking.0.on_interrupt();
        talking.0.on_interrupt();
        assert!(talking.0.journey.desk.entry.is_none());
        assert_eq!(talking.ended(), Some(Ending::Interrupted));
    }

    #[test]
    fn what_nobody_touches_is_wiped_and_two_empty_lines_leave() {
        assert_eq!(Talking::at_card().0.wipe_after(false), None);
        let mut talking = Talking::at_phrase();
        talking.line("abandon");
        assert_eq!(talking.0.wipe_after(false), Some(Duration::from_secs(3600)));
        assert_eq!(Talking::at_phrase().0.wipe_after(false), None);
        assert_eq!(Talking::at_phrase().0.wipe_after(true), Some(Duration::from_secs(3600)), "a line is being typed");
        let mut talking = Talking::at_recovered();
        assert_eq!(talking.0.wipe_after(false), Some(Duration::from_secs(600)));
        talking.0.on_idle();
        talking.said();
        assert!(talking.hear(Outcome::Forgotten).starts_with("Wiped because no key was pressed"));
        assert!(talking.0.prompt().is_some_and(|prompt| prompt.is_secret));
        for line in ["", "abandon", ""] {
            talking.line(line);
            assert_eq!(talking.ended(), None);
        }
        talking.line("");
        assert_eq!(talking.ended(), Some(Ending::Left));
    }

    #[test]
    fn a_check_that_was_given_up_is_not_heard() {
        let mut talking = Talking::at_phrase();
        talking.line(&("abandon ".repeat(11) + "about"));
        talking.line("");
        let ticket = talking.0.waiting.unwrap();
        talking.0.on_interrupt();
        talking.line("y");
        let requests = talking.0.take_requests();
        assert!(requests.iter().any(|request| matches!(request, Request::GiveUp(given) if *given == ticket)));
        let answer = Ok(Answer::Verified { number: 2, who: "shareholder 2".to_owned() });
        talking.0.on_outcome(ticket, Outcome::Checked { answer, took: Duration::ZERO });
        assert!(talking.0.journey.history.verified.is_empty());
    }

    #[test]
    fn a_question_mark_explains_every_question_and_changes_nothing() {
        for talking in [
            || Talking(Conversation::new(Journey::default(), Options::default(), None, true)),
            Talking::at_card,
            Talking::at_people,
            Talking::at_phrase,
            Talking::at_quorum,
            Talking::at_recovered,
        ] {
            let mut talking = talking();
            talking.said();
            let before = talking.prompt();
            let said = talking.line("?");
            assert!(said.len() > 60 && talking.prompt() == before, "{before}: {said}");
        }
    }

    #[test]
    fn whatever_is_typed_and_heard_nothing_panics_and_no_word_of_a_phrase_is_said() {
        const LINES: &[&str] = &[
            "",
            "",
            "",
            "none",
            "zebra",
            "zebra zoo 3. zebra",
            "zebro zeb",
            "n",
            "1",
            "5.",
            "12 zebra",
            "<",
            "-",
            "!",
            "??",
            "f",
            "w",
            "a 1",
            "l",
            "y",
            "y",
            "k",
            "s 1",
            "r 1",
            "r 2 private",
            "s 2 2",
            "m 1-3",
            "m",
            "u",
            "f rent",
            "e",
            "0471",
            "/x",
            "d",
            "a 0xaa",
            "ethereum",
            "r wif",
            "2",
            "long enough a passphrase",
            "q",
            "=7 =99999",
            "\u{1b}[2J",
            "的一",
            "99999999999999999999999",
        ];
        // A small generator (xorshift), the same in every run.
        let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
        let mut any = |limit: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed % limit as u64).unwrap()
        };
        for _ in 0..300 {
            let mut talking =
                [Talking::at_card, Talking::at_phrase, Talking::at_quorum, Talking::at_recovered][any(4)]();
            talking.said();
            for _ in 0..60 {
                let said = match (talking.0.waiting, any(13)) {
                    (Some(_), 0) => talking.hear(Outcome::Died),
                    (Some(_), 1) => talking.hear(Outcome::Forgotten),
                    (Some(_), 2) => talking.hear(Outcome::Loaded(Ok(Box::new(summary())))),
                    (Some(_), 3) => talking.hear(Outcome::Opened(Ok(opening()))),
                    (Some(_), 4) => talking.hear(Outcome::Places(places())),
                    (Some(_), 6) => talking.hear(Outcome::Derived(Ok(Box::new(derived())))),
                    (Some(_), 7) => talking.hear(Outcome::Searched(Ok(Searched::NotYet { tried: 7 }))),
                    (Some(_), 8) => talking.hear(Outcome::Searched(Ok(Searched::Nowhere))),
                    (Some(_), 9) => talking.hear(Outcome::Passphrase(Ok(SecretText::copy_of("abcde-fghjk")))),
                    (Some(_), 10) => talking.hear(Outcome::Exported(Err(Trouble::new("full.", "Make room.")))),
                    (Some(_), 5) => {
                        let answer = Ok(Answer::AlreadyEntered { number: 1, who: "shareholder 1".to_owned() });
                        talking.hear(Outcome::Checked { answer, took: Duration::ZERO })
                    }
                    (None, 0) => {
                        talking.0.on_interrupt();
                        talking.said()
                    }
                    _ => talking.line(LINES[any(LINES.len())]),
                };
                // What was taken for the name of a file is said as one.
                let is_near = said.contains("Near to word") || said.contains("It is written to");
                assert!(is_near || !(said.contains("zebra") || said.contains("zoo")), "{said}");
                assert!(!said.contains('\u{1b}'));
                talking.prompt();
            }
        }
    }

    /// Boxes are missing, and nothing or something came out.
    fn lacking(readable: usize) -> (Condition, Opening) {
        let boxes = Boxes { known: 2, readable, is_certain: true };
        let whole = opening().completeness;
        let recovered = if readable == 0 { Counts::default() } else { whole.recovered };
        let completeness = Completeness { boxes, recovered, ..whole };
        let red = completeness.finding().into_iter().collect();
        let came_out = if readable == 0 {
            Opening { inventory: Arc::new(Inventory::of(Kind::Organization)), organization: None, ..opening() }
        } else {
            opening()
        };
        (Condition { boxes, ..summary().condition }, Opening { completeness, red, ..came_out })
    }

    #[test]
    fn what_is_missing_is_said_before_anybody_types_and_nothing_comforts_afterwards() {
        const COMFORT: [&str; 8] = [
            "nothing is lost",
            "nothing was lost",
            "everything",
            "genuine",
            "every box",
            "all of it",
            "all keys",
            "all checks",
        ];
        for readable in [0, 1] {
            let (condition, opened) = lacking(readable);
            let mut talking = Talking::new();
            let mut all = talking.hear(Outcome::Loaded(Ok(Box::new(Summary { condition, ..summary() }))));
            assert!(
                all.contains(&format!("{readable} of 2 boxes can be read")) && all.contains("another copy"),
                "{all}"
            );
            let asked = |talking: &Talking| talking.0.prompt().expect("a prompt").text;
            assert!(asked(&talking).contains("Go on with this file?"));
            all += &talking.line("");
            all += &talking.line("?");
            all += &talking.line("y");
            assert!(asked(&talking).contains("Fingerprint word"));
            for line in ["none", "?", ""] {
                all += &talking.line(line);
            }
            for number in 1..=2 {
                talking.0.waiting = Some(77);
                let who = format!("shareholder {number}");
                let answer = Ok(Answer::Verified { number, who });
                all += &talking.hear(Outcome::Checked { answer, took: Duration::from_secs(2) });
                all += &talking.line("");
            }
            all += &talking.hear(Outcome::Opened(Ok(opened)));
            assert!(all.contains("INCOMPLETE") && all.contains("Keep all other copies"), "{all}");
            assert!(!all.contains("\"\"") && !all.contains("sealed: ."), "{all}");
            for line in ["?", "k", "v", "a", "f bitcoin", "i", "m"] {
                all += &talking.line(line);
            }
            let said = talking.line("e");
            assert_eq!(said.contains("There is nothing to write"), readable == 0, "{said}");
            assert_eq!(said.contains("What came out (INCOMPLETE)"), readable > 0, "{said}");
            all += &said;
            if readable > 0 {
                for line in ["?", "1", "?", "<", "<"] {
                    all += &talking.line(line);
                }
            }
            all += &talking.line("q");
            all += &talking.line("y");
            let record = talking.hear(Outcome::Forgotten);
            assert!(record.contains("INCOMPLETE"), "{record}");
            all += &record;
            let text = all.to_lowercase();
            let found: Vec<_> = COMFORT.iter().filter(|comfort| text.contains(**comfort)).collect();
            assert!(found.is_empty(), "{found:?}\n{all}");
        }
    }

    #[test]
    fn a_dash_behind_the_last_word_says_which_one_it_emptied() {
        let mut talking = Talking::at_phrase();
        talking.line(WORDS);
        assert!(talking.line("-").contains("Word 12 is empty."));
        let entry = talking.0.journey.desk.entry.as_ref().expect("words");
        assert_eq!((entry.first_open(), entry.filled()), (Some(11), 11));
    }

    #[test]
    fn words_typed_where_it_is_asked_whether_to_open_hear_how_a_further_phrase_comes() {
        let mut talking = Talking::at_quorum();
        let said = talking.line("zebra abandon ability");
        assert!(said.contains("A further phrase comes after f.") && !said.contains("y and Enter"), "{said}");
    }

    #[test]
    fn with_a_damaged_core_no_card_is_asked_for() {
        let condition = Condition { core: CoreState::Damaged, ..summary().condition };
        let mut talking = Talking::new();
        let said = talking.hear(Outcome::Loaded(Ok(Box::new(Summary { condition, ..summary() }))));
        assert!(said.contains("no phrase can be judged with this file") && said.contains("same core"), "{said}");
        let said = talking.line("y");
        assert!(said.contains("No card can be compared"), "{said}");
        assert!(!talking.0.prompt().expect("a prompt").text.contains("Fingerprint"));
    }
}
