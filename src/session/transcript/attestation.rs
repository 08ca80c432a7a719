//! What a record says, in sentences: who did what, and how long after its beginning. All of it is what somebody wrote; whether it is
//! what was signed, its words tell.

use serde::Deserialize;

use super::chain::RecordChain;
use crate::crypto::label::Purpose;
use crate::domain::encoding::Hex;
use crate::domain::kind::Kind;
use crate::domain::text::{Safe, Text, brief, capital, counted};
use crate::domain::time::Timestamp;

/// Columns of a name in a sentence.
const NAME: usize = 60;

/// What people attest with their signatures.
#[derive(Debug, Default)]
pub struct Attestation {
    /// Names, and what they are.
    pub facts: Vec<(&'static str, String)>,
    /// What happened, a sentence each, with the seconds since the beginning.
    pub events: Vec<(u64, String)>,
    /// It ends with a backup.
    pub is_issued: bool,
}

/// An event, with those of its facts that are said. `docs/ceremony.md` has them all.
#[derive(Debug, Deserialize)]
#[serde(tag = "event")]
enum CeremonyEvent {
    #[serde(rename = "begun")]
    Begun(Box<BegunFacts>),
    #[serde(rename = "opened for rotation")]
    Opened(OpenedFacts),
    #[serde(rename = "resumed")]
    Resumed(ResumedFacts),
    #[serde(rename = "sheets written")]
    SheetsWritten { files: Vec<String> },
    #[serde(rename = "request declined")]
    Declined { number: u8 },
    #[serde(rename = "planned anew")]
    Replanned(Box<BegunFacts>),
    #[serde(rename = "phrase shown")]
    Shown { number: u8, anew: bool },
    #[serde(rename = "phrase confirmed")]
    Confirmed { number: u8 },
    #[serde(rename = "phrase kept")]
    Kept { number: u8, was: u8 },
    #[serde(rename = "phrases made")]
    Made { count: u8 },
    #[serde(rename = "file written")]
    FileWritten { file: String },
    #[serde(rename = "medium changed")]
    MediumChanged { file: bool },
    #[serde(rename = "medium")]
    Medium { state: MediumState },
    #[serde(rename = "read again")]
    ReadAgain {},
    #[serde(rename = "phrase verified")]
    Verified { number: u8 },
    #[serde(rename = "contents")]
    Contents { compared: bool },
    #[serde(rename = "proved")]
    Proved { shares: u8 },
    #[serde(rename = "issued")]
    Issued(Box<IssuedFacts>),
    #[serde(rename = "companions written")]
    CompanionsWritten { files: Vec<String> },
}

#[derive(Debug, Clone, Deserialize)]
struct BegunFacts {
    address: Text,
    conductor: Text,
    /// Records of earlier versions do not say it.
    #[serde(default)]
    kind: Kind,
    organization: Text,
    program: Text,
    purpose: Purpose,
    screens: bool,
    shareholders: Vec<Signatory>,
    threshold: u8,
}

/// A shareholder as the file names them.
#[derive(Debug, Clone, Deserialize)]
struct Signatory {
    number: u8,
    name: Text,
}

#[derive(Debug, Clone, Deserialize)]
struct OpenedFacts {
    accepted: u64,
    backup_id: Hex<16>,
    fingerprint: Vec<Text>,
    unconfirmed: u64,
    unsettled: u64,
}

#[derive(Debug, Clone, Deserialize)]
struct ResumedFacts {
    backup_id: Hex<16>,
    created: Timestamp,
    file: Text,
}

#[derive(Debug, Clone, Deserialize)]
struct IssuedFacts {
    backup_id: Hex<16>,
    confirmed: bool,
    created: Timestamp,
    digest_words: Text,
    fingerprint: Vec<Text>,
    replaces: Option<Hex<16>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum MediumState {
    Pulled,
    Skipped,
}

/// What was read of a record so far.
#[derive(Debug, Default)]
struct HeardSoFar {
    begun: Option<BegunFacts>,
    opened: Option<OpenedFacts>,
    resumed: Option<ResumedFacts>,
    /// Whether its contents were compared, where that is in question.
    compared: Option<bool>,
    medium: Option<MediumState>,
    issued: Option<IssuedFacts>,
}

impl Attestation {
    pub fn of(chain: &RecordChain) -> Self {
        let mut heard = HeardSoFar::default();
        let events = chain.events().iter().map(|noted| {
            let said = if let Ok(event) = CeremonyEvent::deserialize(&noted.facts) {
                heard.hear(event)
            } else {
                let name = noted.facts.get("event").and_then(serde_json::Value::as_str).unwrap_or_default();
                format!("An event that this version does not understand: {}.", shortened(name))
            };
            (noted.second, said)
        });
        let events = events.collect();
        Self { facts: heard.facts(), events, is_issued: heard.issued.is_some() }
    }
}

impl BegunFacts {
    /// Never more than a backup can have.
    fn signatories(&self) -> impl Iterator<Item = &Signatory> {
        self.shareholders.iter().take((*self.kind.rules().count.end()).into())
    }

    /// All of them, as the file names them.
    fn people(&self) -> String {
        let named = self.signatories().map(|person| format!("{} {}", person.number, shortened(person.name.raw())));
        named.collect::<Vec<_>>().join(", ")
    }
}

impl HeardSoFar {
    /// Takes an event, and says it.
    fn hear(&mut self, event: CeremonyEvent) -> String {
        match event {
            CeremonyEvent::Begun(facts) => {
                let how = if facts.screens { "on screens" } else { "without screens" };
                let said = format!(
                    "Begun {how}, with Conclave {}. Conductor: {}.",
                    shortened(facts.program.raw()),
                    shortened(facts.conductor.raw())
                );
                self.begun.get_or_insert(*facts);
                said
            }
            CeremonyEvent::Opened(facts) => {
                let said = format!(
                    "Backup {} was opened, to be replaced. Things in it that no quorum had confirmed: {}, accepted: {}. Things that did not check: {}.",
                    facts.backup_id, facts.unconfirmed, facts.accepted, facts.unsettled
                );
                self.opened = Some(facts);
                said
            }
            CeremonyEvent::Resumed(facts) => {
                let said = format!(
                    "It went on with a file that an earlier ceremony had left unconfirmed: {}, backup {} of {}.",
                    shortened(facts.file.raw()),
                    facts.backup_id,
                    facts.created
                );
                self.resumed = Some(facts);
                said
            }
            CeremonyEvent::Contents { compared } => {
                self.compared = Some(compared);
                format!("What the file holds was {}.", compared_text(compared))
            }
            CeremonyEvent::SheetsWritten { files } => {
                format!("Blank sheets were written: {}.", counted(files.len(), "file"))
            }
            CeremonyEvent::Declined { number } => {
                format!("{} did not want to hold a phrase, and the plan was opened again.", self.who(number))
            }
            CeremonyEvent::Replanned(begun) => {
                let quorum = begun.kind.rules().quorum_text(begun.threshold, begun.shareholders.len());
                let said = format!("The plan was changed. It opens with {quorum}.");
                self.begun = Some(*begun);
                said
            }
            CeremonyEvent::Shown { number, anew } => {
                let anew = if anew { "another phrase, in the place of an earlier one" } else { "a phrase" };
                format!("{} was shown {anew}.", self.who(number))
            }
            CeremonyEvent::Confirmed { number } => format!("{} typed the phrase back from paper.", self.who(number)),
            CeremonyEvent::Kept { number, was } => {
                format!("{} keeps a phrase of the backup before, that of number {was} there.", self.who(number))
            }
            CeremonyEvent::Made { count } => {
                format!("Made without screens, and shown to nobody: {}.", counted(count, "phrase"))
            }
            CeremonyEvent::MediumChanged { file: true } => {
                "Another place was taken, and the same file was written there.".to_owned()
            }
            CeremonyEvent::MediumChanged { file: false } => "Another place was taken.".to_owned(),
            CeremonyEvent::FileWritten { file } => format!("The file was written: {}.", shortened(&file)),
            CeremonyEvent::Medium { state } => {
                self.medium = Some(state);
                format!("The medium was {}.", state.said())
            }
            CeremonyEvent::ReadAgain {} => "The file was read again, and is the one that was written.".to_owned(),
            CeremonyEvent::Verified { number } => {
                let opens = "opens the file that was read again";
                if self.resumed.is_some() {
                    format!("{} typed the phrase from paper: it {opens}.", self.who(number))
                } else if self.kind().rules().is_verified_again() {
                    format!("{} typed the phrase once more: it {opens}.", self.who(number))
                } else {
                    format!("The phrase of {} {opens}.", self.named(number))
                }
            }
            CeremonyEvent::Proved { shares } => {
                format!("All shares belong together ({shares}): every quorum opens the file.")
            }
            CeremonyEvent::Issued(facts) => {
                let said = if facts.confirmed {
                    "Issued: from then on it was a backup."
                } else {
                    "Issued without screens: nobody had typed a phrase back from paper."
                };
                self.issued = Some(*facts);
                said.to_owned()
            }
            CeremonyEvent::CompanionsWritten { files } => {
                format!("Written beside the snapshot: {}.", counted(files.len(), "file"))
            }
        }
    }
    fn kind(&self) -> Kind {
        self.begun.as_ref().map_or(Kind::Organization, |begun| begun.kind)
    }

    /// `shareholder 2 (J. D.)`
    fn named(&self, number: u8) -> String {
        let holder = self.kind().rules().holder.one;
        let mut people = self.begun.iter().flat_map(BegunFacts::signatories);
        let name = people.find(|person| person.number == number).map(|person| shortened(person.name.raw()));
        name.map_or_else(|| format!("{holder} {number}"), |name| format!("{holder} {number} ({name})"))
    }

    /// The same where a sentence begins.
    fn who(&self, number: u8) -> String {
        capital(&self.named(number))
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = Vec::new();
        if let Some(begun) = &self.begun {
            let rules = begun.kind.rules();
            let purpose = if begun.purpose.is_training() { "training: it protects nothing" } else { "production" };
            facts.extend([
                ("Organization", begun.organization.to_string()),
                ("What was made", format!("{}, for {purpose}", rules.named)),
                ("Opens with", rules.quorum_text(begun.threshold, begun.shareholders.len())),
                (rules.holder.heading, begun.people()),
                ("E-mailed to", begun.address.to_string()),
                ("Conductor", begun.conductor.to_string()),
            ]);
        }
        let Some(issued) = &self.issued else { return facts };
        facts.push(("Backup made", issued.created.to_string()));
        facts.push(("Backup id", issued.backup_id.to_string()));
        facts.extend(issued.replaces.map(|old| ("Replaces", self.replaced(old))));
        facts.push(("Confirmed", confirmed(issued.confirmed).to_owned()));
        facts.extend(self.resumed.as_ref().map(|file| ("Written by", earlier(file))));
        facts.extend(self.compared.map(|compared| ("Contents", compared_text(compared).to_owned())));
        facts.push(("Medium", self.medium.map_or("not pulled out: nobody was asked to", MediumState::said).to_owned()));
        facts.push(("Fingerprint", joined(&issued.fingerprint)));
        facts.push(("Digest words", issued.digest_words.to_string()));
        facts
    }

    /// The backup before, as somebody finds its card.
    fn replaced(&self, old: Hex<16>) -> String {
        match self.opened.as_ref().filter(|opened| opened.backup_id == old) {
            Some(opened) => {
                let first = opened.fingerprint.get(..4).unwrap_or(&opened.fingerprint);
                format!("backup {old}, whose fingerprint begins with: {}", joined(first))
            }
            None => format!("backup {old}"),
        }
    }
}

fn earlier(file: &ResumedFacts) -> String {
    format!("an earlier ceremony, as {}", shortened(file.file.raw()))
}

fn compared_text(is_compared: bool) -> &'static str {
    if is_compared { "compared with what was to be sealed, and the same" } else { "NOT compared with an inventory" }
}

fn confirmed(is_confirmed: bool) -> &'static str {
    if is_confirmed { "yes: everybody typed the phrase back from paper" } else { "NO: it was made without screens" }
}

impl MediumState {
    fn said(self) -> &'static str {
        match self {
            Self::Pulled => "pulled out and put back before the file was read again",
            Self::Skipped => "NOT pulled out before the file was read again: that was skipped",
        }
    }
}

/// At most as many as a fingerprint has.
fn joined(words: &[Text]) -> String {
    words.iter().take(16).map(|word| shortened(word.raw())).collect::<Vec<_>>().join(" ")
}

fn shortened(text: &str) -> String {
    brief(&Safe(text).to_string(), NAME)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::super::Transcript;
    use super::*;

    fn of(events: &[(&str, Value)]) -> Attestation {
        let mut record = Transcript::begin(Duration::ZERO);
        for (second, (event, facts)) in (0..).zip(events) {
            record.note(Duration::from_secs(second), event, facts.clone());
        }
        Attestation::of(&RecordChain::read(&record.to_bytes()).unwrap())
    }

    fn begun(name: &str) -> Value {
        json!({
            "address": name, "conductor": name, "kind": "codes", "language": "english", "organization": name,
            "program": name, "purpose": "production", "screens": true, "threshold": 1, "words": 12,
            "shareholders": [{"number": 1, "name": name}, {"number": 2, "name": "J. D."}],
        })
    }

    #[test]
    fn every_event_is_said_in_a_sentence() {
        let id = "0123456789abcdef0123456789abcdef";
        let issued = |confirmed| {
            json!({"backup_id": id, "confirmed": confirmed, "created": "2026-03-02T10:00:00Z", "digest_words": "a b c d",
                "fingerprint": vec!["one"; 16], "replaces": id, "sequence": 1})
        };
        let opened = json!({"accepted": 1, "backup_id": id, "fingerprint": ["a", "b", "c", "d", "e"], "unconfirmed": 3, "unsettled": 0});
        let said = of(&[
            ("begun", begun("Ann")),
            ("opened for rotation", opened),
            ("sheets written", json!({"files": ["a", "b"]})),
            ("request declined", json!({"number": 2})),
            ("planned anew", begun("Ann")),
            ("phrase shown", json!({"number": 2, "anew": false})),
            ("phrase shown", json!({"number": 2, "anew": true})),
            ("phrase confirmed", json!({"number": 2})),
            ("phrase kept", json!({"number": 7, "was": 3})),
            ("phrases made", json!({"count": 1})),
            ("file written", json!({"file": "UNCONFIRMED-snapshot.json"})),
            ("medium", json!({"state": "skipped"})),
            ("medium", json!({"state": "pulled"})),
            ("read again", json!({})),
            ("phrase verified", json!({"number": 2})),
            ("proved", json!({"shares": 2})),
            ("issued", issued(true)),
            ("companions written", json!({"files": ["a"]})),
            ("medium changed", json!({"file": true})),
            ("later", json!({})),
            (
                "resumed",
                json!({"backup_id": id, "created": "2026-03-02T10:00:00Z", "file": "UNCONFIRMED-snapshot.json"}),
            ),
            ("contents", json!({"compared": false})),
            ("contents", json!({"compared": true})),
            ("phrase verified", json!({"number": 2})),
        ]);
        let sentences: Vec<&str> = said.events.iter().map(|(_, said)| said.as_str()).collect();
        for (place, sentence) in [
            (0, "Begun on screens, with Conclave Ann. Conductor: Ann."),
            (3, "Owner 2 (J. D.) did not want to hold a phrase, and the plan was opened again."),
            (4, "The plan was changed. It opens with any one of 2 owners."),
            (5, "Owner 2 (J. D.) was shown a phrase."),
            (6, "Owner 2 (J. D.) was shown another phrase, in the place of an earlier one."),
            (8, "Owner 7 keeps a phrase of the backup before, that of number 3 there."),
            (9, "Made without screens, and shown to nobody: 1 phrase."),
            (11, "The medium was NOT pulled out before the file was read again: that was skipped."),
            (14, "The phrase of owner 2 (J. D.) opens the file that was read again."),
            (16, "Issued: from then on it was a backup."),
            (18, "Another place was taken, and the same file was written there."),
            (19, "An event that this version does not understand: later."),
            (
                20,
                "It went on with a file that an earlier ceremony had left unconfirmed: UNCONFIRMED-snapshot.json, backup 0123456789abcdef0123456789abcdef of 2026-03-02T10:00:00Z.",
            ),
            (21, "What the file holds was NOT compared with an inventory."),
            (22, "What the file holds was compared with what was to be sealed, and the same."),
            (23, "Owner 2 (J. D.) typed the phrase from paper: it opens the file that was read again."),
        ] {
            assert_eq!(sentences[place], sentence);
        }
        assert_eq!(sentences.iter().filter(|said| said.contains("does not understand")).count(), 1, "{sentences:?}");
        assert!(said.is_issued && said.events[19].0 == 19);
        let fact = |name: &str| said.facts.iter().find(|(fact, _)| *fact == name).unwrap().1.as_str();
        assert_eq!(fact("Medium"), "pulled out and put back before the file was read again", "what was last counts");
        assert_eq!(fact("Contents"), "compared with what was to be sealed, and the same");
        assert_eq!(fact("Written by"), "an earlier ceremony, as UNCONFIRMED-snapshot.json");
        assert_eq!(fact("Replaces"), format!("backup {id}, whose fingerprint begins with: a b c d"));
        assert_eq!((fact("Opens with"), fact("Owners")), ("any one of 2 owners", "1 Ann, 2 J. D."));
        let without = of(&[("begun", begun("Ann")), ("issued", issued(false))]);
        assert!(without.facts.contains(&("Confirmed", "NO: it was made without screens".to_owned())));
        assert!(without.facts.contains(&("Medium", "not pulled out: nobody was asked to".to_owned())));
    }

    #[test]
    fn whatever_a_record_says_it_is_shown_as_text_and_has_an_end() {
        let name = "\u{1b}[2J\u{202e}\n".repeat(40);
        let mut facts = begun(&name);
        facts["shareholders"] = json!(vec![json!({"number": 1, "name": name}); 5_000]);
        let hostile = of(&[
            ("begun", facts),
            ("begun", json!({"address": 1})),
            (&"x\u{1b}".repeat(10_000), json!({})),
            ("medium", json!({"state": "lost"})),
            ("phrase shown", json!({"number": 300, "anew": "yes"})),
            ("file written", json!({"file": name.repeat(100)})),
            ("phrase confirmed", json!({"number": 1})),
        ]);
        let all = hostile.facts.iter().map(|(_, value)| value).chain(hostile.events.iter().map(|(_, said)| said));
        for text in all {
            assert!(!text.contains(|c: char| c.is_control() || c == '\u{202e}') && text.len() < 4_000, "{text}");
        }
        let unknown = hostile.events.iter().filter(|(_, said)| said.contains("does not understand")).count();
        assert_eq!((unknown, hostile.is_issued), (4, false));
    }
}
