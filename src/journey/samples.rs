//! An open backup for tests: a key of either type, a vault, an account.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::Journey;
use crate::domain::completeness::Completeness;
use crate::domain::condition::{Boxes, Condition, CoreState};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::inventory::{BoxSource, Counts, Inventory, SealedBy, read_records};
use crate::domain::kind::{Kind, Method};
use crate::domain::phrase::{PhraseForm, WordCount};
use crate::domain::recovery::Holder;
use crate::domain::text::Text;
use crate::domain::time::Timestamp;
use crate::domain::wordlist::WordList;
use crate::effect::{Comparison, Opening, Summary};

pub(super) const DIGITS: &str = "0471";

pub(super) fn opened() -> Journey {
    let key = |id: &str, key_type: &str, public: &str| {
        let private = "4d".repeat(32);
        format!(
            r#"{{"record":"put","collection":"keys","item":{{"id":"{id}","name":"{id}","key_type":"{key_type}","public_key":"{public}","private_key":"{private}"}}}}"#
        )
    };
    let ecdsa = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    let records = [
        key("a", "ECDSA_SECP256K1", ecdsa),
        key("b", "EDDSA_ED25519", &"d7".repeat(32)),
        r#"{"record":"put","collection":"vaults","item":{"id":"v","name":"Rent","chain":"ethereum","address":"0xaa","key_id":"a"}}"#.to_owned(),
        r#"{"record":"put","collection":"accounts","item":{"service":"Mail","login":"ops","owners":["Ann"],"kind":"single-use","codes":["1111-2222"],"used":[],"saved":"2026-01-01T00:00:00Z"}}"#.to_owned(),
    ];
    let text = format!(r#"{{"records":[{}]}}"#, records.join(","));
    let entries = read_records(Kind::Organization, text.as_bytes()).unwrap();
    assert!(entries.iter().all(|entry| entry.fault.is_none()));
    let mut inventory = Inventory::of(Kind::Organization);
    let created = Timestamp::parse("2026-01-02T03:04:05Z").unwrap();
    inventory.apply(BoxSource { sealed_by: SealedBy::Quorum, position: 1, created, issuer: None }, entries);
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
            shares_of: None,
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
        kind: Kind::Organization,
        is_training: false,
        organization: Text::new("Example Cellar"),
        created: None,
        sequence: 4,
        claimed: None,
        threshold: 2,
        shareholders: (1..=3).map(|number| Holder { kind: Kind::Organization, number, name: None }).collect(),
        form: Some(PhraseForm { language: WordList::English, words: WordCount::TWELVE }),
        device: None,
        fingerprint: Fingerprint::of(&[7; 32]),
        asked: 6,
        asked_four: [1, 4, 9, 14],
        given: vec![PathBuf::from("/b/snapshot.json")],
        files: Vec::new(),
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
