//! The worked example of `docs/format.md`: every intermediate value, computed here from the primitives and not through
//! `conclave::crypto`, must be what the document's files say and what the program reads.
//!
//! `CONCLAVE_WRITE_EXAMPLE=1` writes the files anew. They change only when the format does.

use std::fmt::Write as _;
use std::fs;

use conclave::crypto::kdf::{Argon2id, Kdf};
use conclave::domain::canonical;
use conclave::domain::encoding::Hex;
use conclave::snapshot::backup::Judged;
use conclave::snapshot::refresh::{Issue, append_public};
use conclave::snapshot::v1::layout;
use conclave::snapshot::v1::model::Snapshot;
use data_encoding::HEXLOWER;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::support::*;

const FOLDER: &str = "docs/worked-example";

fn label(name: &str) -> Vec<u8> {
    format!("conclave/v1/training/{name}\0").into_bytes()
}

fn expand(prk: &[u8], name: &str, rest: &[u8], length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    Hkdf::<Sha256>::from_prk(prk).unwrap().expand(&[&label(name), rest].concat(), &mut out).unwrap();
    out
}

fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    Sha256::digest(parts.concat()).to_vec()
}

fn example() -> (Snapshot, Vec<conclave::domain::phrase::Phrase>) {
    let kdf = CachedArgon2::default();
    let mut entropy = Seeded::new("the worked example of format 1");
    let (first, phrases) = found(plan(2, 3), small_records(), &kdf, &mut entropy);
    let issue = Issue { created: time("2026-02-03T04:05:06Z"), issuer: None, entropy: &mut entropy };
    (append_public(&first, vec![put_vault("v3", "Café")], issue).unwrap(), phrases)
}

/// Name and value of everything between the phrases and the records.
fn values(snapshot: &Snapshot, phrases: &[conclave::domain::phrase::Phrase]) -> String {
    let mut out = String::new();
    let mut say = |name: &str, value: &[u8]| writeln!(out, "{name} = {}", HEXLOWER.encode(value)).unwrap();
    let core = &snapshot.core;
    let canonical_core = canonical::bytes(core);
    let core_digest = sha256(&[&label("core"), &canonical_core]);
    say("core_digest", &core_digest);
    let backup = backup(&[snapshot]);
    let mut shares = Vec::new();
    for (number, phrase) in (1u8..).zip(phrases) {
        let n = usize::from(number) - 1;
        say(&format!("entropy_{number}"), phrase.reveal_entropy());
        let r = Argon2id { available_memory: u64::MAX }.derive(phrase.reveal_entropy(), &core.kdf).unwrap();
        say(&format!("R_{number}"), r.reveal());
        let (prk, _) = Hkdf::<Sha256>::extract(Some(&core.backup_id.0), r.reveal());
        say(&format!("PRK_{number}"), &prk);
        let commitment = expand(&prk, "phrase-commitment", &[number], 32);
        say(&format!("phrase_commit_{number}"), &commitment);
        assert_eq!(commitment, core.phrase_commitments[n].0);
        let key = expand(&prk, "envelope", &[&[number], core_digest.as_slice()].concat(), 44);
        say(&format!("envelope_key_and_nonce_{number}"), &key);
        let Ok(Judged::Verified(share)) = backup.recognise(phrase, &CachedArgon2::default()) else {
            panic!("{number}")
        };
        say(&format!("share_{number}"), &[&[number], share.value.reveal().as_slice()].concat());
        let committed = sha256(&[&label("share-commitment"), &core.backup_id.0, &[number], share.value.reveal()]);
        say(&format!("share_commit_{number}"), &committed);
        assert_eq!(committed, core.share_commitments[n].0);
        shares.push(share);
    }
    let opened = conclave::snapshot::opening::open(&backup, &shares).unwrap();
    let wk = opened.wrapping_key.reveal().reveal();
    say("WK", wk);
    let (prk, _) = Hkdf::<Sha256>::extract(Some(&core.backup_id.0), wk);
    say("PRK_W", &prk);
    let commitment = expand(&prk, "wrapping-key-commitment", &[], 32);
    say("wk_commit", &commitment);
    assert_eq!(commitment, core.wrapping_key_commitment.0);
    say("kem_seed", &expand(&prk, "kem-seed", &[], 32));
    let mac_key = expand(&prk, "quorum-mac", &[], 32);
    say("mac_key", &mac_key);
    let mut mac = Hmac::<Sha256>::new_from_slice(&mac_key).unwrap();
    mac.update(&[label("anchor"), core_digest.clone(), snapshot.anchor.without_mac()].concat());
    let mac = mac.finalize().into_bytes();
    say("anchor.mac", &mac);
    assert_eq!(snapshot.anchor.mac, Some(Hex(mac.into())));
    for (number, sealed) in (1..).zip(&snapshot.boxes) {
        let context = sha256(&[&label("box"), &core_digest, &canonical::bytes(&sealed.header)]);
        say(&format!("box_context_{number}"), &context);
        if number == 1 {
            say("box_key_and_nonce_1", &expand(&prk, "quorum-box", &context, 44));
        }
        say(&format!("digest_box_{number}"), &sealed.place().digest.0);
    }
    say("digest_core", &sha256(&[b"conclave/v1/digest/core\0", &canonical_core]));
    say("digest_labels", &sha256(&[b"conclave/v1/digest/labels\0", &canonical::bytes(&snapshot.labels)]));
    say("digest_anchor", &sha256(&[b"conclave/v1/digest/anchor\0", &canonical::bytes(&snapshot.anchor)]));
    for (number, envelope) in (1..).zip(&snapshot.envelopes) {
        let digest = sha256(&[b"conclave/v1/digest/envelope\0", &canonical::bytes(envelope)]);
        say(&format!("digest_envelope_{number}"), &digest);
        assert_eq!(digest, snapshot.section.digests.envelopes[number - 1].0);
    }
    say("checksum", &snapshot.section.checksum.unwrap().0);
    say("digest_snapshot", &snapshot.section.digest().0);
    writeln!(out, "fingerprint = {}", backup.fingerprint()).unwrap();
    out
}

#[test]
fn the_worked_example_in_the_documents_is_true() {
    let (snapshot, phrases) = example();
    let opened = open_with(&backup(&[&snapshot]), &phrases, &[3, 1], &CachedArgon2::default()).unwrap();
    let lines: Vec<String> =
        (1..).zip(&phrases).map(|(n, phrase)| format!("{n}. {}\n", phrase.reveal_words().join(" "))).collect();
    let files = [
        ("snapshot.json", String::from_utf8(layout::to_bytes(&snapshot)).unwrap()),
        ("phrases.txt", lines.concat()),
        ("expected.json", contents(&opened)),
        ("values.txt", values(&snapshot, &phrases)),
    ];
    let document = fs::read_to_string(project("docs/format.md")).unwrap();
    assert!(document.contains(&files[3].1), "docs/format.md shows other values");
    for (name, now) in files {
        let path = project(FOLDER).join(name);
        if std::env::var_os("CONCLAVE_WRITE_EXAMPLE").is_some_and(|value| value == "1") {
            fs::write(&path, &now).unwrap();
        }
        assert!(fs::read_to_string(&path).unwrap() == now, "{} is not what the program makes", path.display());
    }
}
