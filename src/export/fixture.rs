//! A small inventory for the tests of this layer, with derived values that need no derivation.

use super::Report;
use super::view::{ExportView, Material};
use crate::derivation::{Derived, Keyring};
use crate::domain::export_form::Selection;
use crate::domain::import_form::ImportForm;
use crate::domain::inventory::{BoxSource, Collection, Inventory, SealedBy, read_records};
use crate::domain::kind::Kind;
use crate::domain::proof::{AddressCheck, PublicKeyCheck, VaultCheck};
use crate::domain::secret::{SecretBuffer, SecretText};
use crate::domain::time::Timestamp;

pub const PRIVATE_KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
pub const PUBLIC_KEY: &str = "02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
pub const WIF: &str = "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn";

/// What must never stand in an export that is public only.
pub const SECRETS: [&str; 9] = [
    "00112233445566778899aabbccddeeff",
    "0011 2233 4455 6677",
    WIF,
    "c0dec0dec0dec0de",
    "code-one",
    "code-two",
    "a secret note",
    "sealed colour",
    "teleport",
];

const QUORUM: &str = r#"{"record":"organization","name":"Example Cellar"},
{"record":"put","collection":"keys","item":{"id":"k","key_type":"ECDSA_SECP256K1",
 "public_key":"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
 "private_key":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeef0",
 "chain_code":"c0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0de","colour":"sealed colour"}},
{"record":"put","collection":"vaults","item":{"id":"v1","name":"Rent","chain":"bitcoin","address":"1A","key_id":"k",
 "path":"m/44/0/0/0/1","colour":{"deep":["sealed colour"]}}},
{"record":"put","collection":"vaults","item":{"id":"v1","name":"Rent now","chain":"bitcoin","address":"1B","key_id":"k",
 "path":"m/44/0/0/0/2","check":"sealed colour"}},
{"record":"put","collection":"vaults","item":{"id":"gone","name":"Gone","chain":"solana"}},
{"record":"remove","collection":"vaults","id":"gone"},
{"record":"put","collection":"accounts","item":{"service":"Mail","login":"ops","owners":["Ann","Bo"],"kind":"single-use",
 "codes":["code-one","code-two","code-\u0000three"],"used":["code-one"],"saved":"2026-01-01T00:00:00Z",
 "note":"a secret note\nof two lines"}},
{"record":"teleport","to":"teleport"}"#;

const PUBLIC: &str = r#"
{"record":"put","collection":"vaults","item":{"id":"v1","name":"Thief","chain":"bitcoin","address":"1C"}},
{"record":"remove","collection":"vaults","id":"v1"},
{"record":"put","collection":"vaults","item":{"id":"v2","name":"Travel","chain":"ethereum","address":"0xA"}}"#;

pub fn inventory() -> Inventory {
    let mut inventory = Inventory::of(Kind::Organization);
    for (position, (sealed_by, records)) in (1..).zip([(SealedBy::Quorum, QUORUM), (SealedBy::Public, PUBLIC)]) {
        let created = Timestamp::parse("2026-01-02T03:04:05Z").unwrap();
        let plaintext = format!("{{\"records\":[{records}]}}");
        let entries = read_records(Kind::Organization, plaintext.as_bytes()).unwrap();
        assert!(entries.iter().all(|entry| entry.fault.is_none()));
        inventory.apply(BoxSource { sealed_by, position, created, issuer: None }, entries);
    }
    inventory.finish();
    inventory
}

/// The same without any derived key: what a report of the session looks like when nothing can be derived.
pub fn with_report<R>(inventory: &Inventory, selection: &Selection, work: impl FnOnce(&Report<'_>) -> R) -> R {
    let derived = super::vaults_of(inventory, selection).into_iter().map(|_| Derived {
        check: VaultCheck {
            address: AddressCheck::Match { form: "P2WPKH", notation: None },
            public_key: PublicKeyCheck::NotCompared,
        },
        child: None,
    });
    let report = Report {
        inventory,
        keyring: &Keyring::of(inventory),
        selection,
        derived: derived.collect(),
        is_training: true,
        red: &["vault Rent now: a change was proposed".to_owned()],
        notes: &["vault Travel: its address proves it".to_owned()],
    };
    work(&report)
}

/// A view in which the current key and the vaults v1 have keys.
pub fn with_view<R>(selection: &Selection, work: impl FnOnce(&ExportView<'_>) -> R) -> R {
    with_report(&inventory(), selection, |report| {
        let mut view = ExportView::of(report);
        for known in view.keys.iter_mut().chain(&mut view.vaults).filter(|known| known.id != "v2") {
            for shown in known.current.iter_mut().chain(&mut known.proposals).chain(&mut known.earlier) {
                shown.material = Some(material(selection.is_public_only));
            }
        }
        work(&view)
    })
}

fn material(is_public: bool) -> Material {
    let secret = |text| SecretText::copy_of(text);
    let imports = vec![
        ImportForm { name: "WIF", value: Some(secret(WIF)), hint: "for Bitcoin wallets" },
        ImportForm { name: "Seed", value: None, hint: "there is no seed" },
    ];
    Material {
        public_key: PUBLIC_KEY.to_owned(),
        private_key: (!is_public).then(|| secret(PRIVATE_KEY)),
        imports: if is_public { Vec::new() } else { imports },
    }
}

pub fn public_only() -> Selection {
    Selection { marked: None, is_public_only: true }
}

pub fn marked(items: &[(Collection, &str)]) -> Selection {
    let marked = items.iter().map(|(collection, id)| (*collection, (*id).to_owned())).collect();
    Selection { marked: Some(marked), is_public_only: false }
}

/// The bytes as text.
pub fn text(bytes: &SecretBuffer) -> String {
    String::from_utf8(bytes.reveal().to_vec()).unwrap()
}
