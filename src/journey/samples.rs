//! An open backup for tests: a key of either type, a vault, an account.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::Journey;
use crate::domain::completeness::Completeness;
use crate::domain::condition::{Boxes, Condition, CoreState};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::inventory::{Counts, Inventory, SealedBy, Source, read_records};
use crate::domain::kind::Kind;
use crate::domain::phrase::{PhraseForm, WordCount};
use crate::domain::recovery::Shareholder;
use crate::domain::text::Text;
use crate::domain::time::Timestamp;
use crate::domain::wordlist::WordList;
use crate::effect::{Comparison, Opening, Summary};

pub(super) const DIGITS: &str = "0471";

pub(super) fn opened() -> Journey {
    let records = [
        r#"{"record":"put","collection":"keys","item":{"id":"a","key_type":"ECDSA_SECP256K1"}}"#,
        r#"{"record":"put","collection":"keys","item":{"id":"b","key_type":"EDDSA_ED25519"}}"#,
        r#"{"record":"put","collection":"vaults","item":{"id":"v","name":"Rent","chain":"ethereum","key_id":"a"}}"#,
        r#"{"record":"put","collection":"accounts","item":{"service":"Mail","login":"ops","kind":"single-use","codes":["1111"]}}"#,
    ];
    let text = format!(r#"{{"records":[{}]}}"#, records.join(","));
    let entries = read_records(Kind::Organization, text.as_bytes()).unwrap();
    let mut inventory = Inventory::of(Kind::Organization);
    let created = Timestamp::parse("2026-01-02T03:04:05Z").unwrap();
    inventory.apply(Source { sealed_by: SealedBy::Quorum, position: 1, created }, entries);
    inventory.finish();
    let mut journey = Journey::default();
    journey.open(Opening {
        inventory: Arc::new(inventory),
        is_withheld: false,
        organization: None,
        completeness: Completeness {
            boxes: Boxes { known: 1, readable: 1, is_certain: true },
            lacks_boxes: false,
            is_doubtful: false,
            claimed: None,
            recovered: Counts { keys: 2, vaults: 1, accounts: 1, codes: 1 },
        },
        red: Vec::new(),
        notes: Vec::new(),
        digits: DIGITS.to_owned(),
        comparison: Comparison::default(),
    });
    journey
}

/// A production backup of three people, of which any two open it; nothing of it was asked yet.
pub(super) fn loaded() -> Journey {
    let mut journey = Journey::default();
    journey.load(Summary {
        is_training: false,
        organization: Text::new("Example Cellar"),
        created: None,
        sequence: 4,
        claimed: None,
        threshold: 2,
        shareholders: (1..=3).map(|number| Shareholder { number, name: None }).collect(),
        form: PhraseForm { language: WordList::English, words: WordCount::TWELVE },
        fingerprint: Fingerprint::of(&[7; 32]),
        asked: 6,
        asked_four: [1, 4, 9, 14],
        given: vec![PathBuf::from("/b/snapshot.json")],
        files: Vec::new(),
        condition: Condition {
            core: CoreState::Whole,
            boxes: Boxes { known: 1, readable: 1, is_certain: true },
            closed: Vec::new(),
            threshold: 2,
            shareholder_count: 3,
            harms: Vec::new(),
            delivery: None,
        },
        near: Vec::new(),
        others: Vec::new(),
        expected: Duration::from_secs(2),
        sheets: None,
        at_once: 1,
    });
    journey
}
