//! What phrases and their file give to whoever has both: every value of suite 1 (`docs/format.md`, section 7) that must not be left
//! anywhere, computed from the primitives and not through `conclave::crypto`.

use conclave::crypto::kdf::Kdf;
use conclave::domain::canonical;
use conclave::domain::inventory::SealedBy;
use conclave::domain::phrase::Phrase;
use conclave::snapshot::backup::{Backup, Judged};
use conclave::snapshot::opening::open;
use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use crate::support::CachedArgon2;
use crate::support::scan::{Secret, of_key};

/// The values of a backup of which all phrases are here, in order.
pub fn of_suite(backup: &Backup, phrases: &[Phrase]) -> Vec<Secret> {
    let core = backup.core();
    let label = |name: &str| format!("conclave/v1/{}/{name}\0", core.purpose.name()).into_bytes();
    let extract = |ikm: &[u8]| Hkdf::<Sha256>::extract(Some(&core.backup_id.0), ikm).0.to_vec();
    let expand = |prk: &[u8], name: &str, rest: &[u8], length: usize| {
        let mut out = vec![0; length];
        Hkdf::<Sha256>::from_prk(prk).unwrap().expand(&[&label(name), rest].concat(), &mut out).unwrap();
        out
    };
    let digest = Sha256::digest([label("core"), canonical::bytes(core)].concat());
    let kdf = CachedArgon2::default();
    let mut secrets = Vec::new();
    let mut shares = Vec::new();
    for (number, phrase) in (1u8..).zip(phrases) {
        let derived = kdf.derive(phrase.reveal_entropy(), &core.kdf).unwrap();
        let prk = extract(derived.reveal());
        let key = expand(&prk, "envelope", &[&[number], digest.as_slice()].concat(), 44);
        let Ok(Judged::Verified(share)) = backup.recognise(phrase, &kdf) else { panic!("phrase {number}") };
        secrets.extend(of_key(&format!("the derived key of shareholder {number}"), derived.reveal()));
        secrets.extend(of_key(&format!("the PRK of shareholder {number}"), &prk));
        secrets.extend(of_key(&format!("the envelope key of shareholder {number}"), &key[..32]));
        secrets.extend(of_key(&format!("the envelope nonce of shareholder {number}"), &key[32..]));
        secrets.extend(of_key(&format!("the share of shareholder {number}"), share.value.reveal()));
        shares.push(share);
    }
    let opened = open(backup, &shares).unwrap();
    let wrapping_key = opened.wrapping_key.reveal().reveal();
    let prk = extract(wrapping_key);
    secrets.extend(of_key("the wrapping key", wrapping_key));
    secrets.extend(of_key("the PRK of the wrapping key", &prk));
    secrets.extend(of_key("the seed of the key pair", &expand(&prk, "kem-seed", &[], 32)));
    secrets.extend(of_key("the mac key", &expand(&prk, "quorum-mac", &[], 32)));
    for (place, sealed) in backup.boxes().iter().filter(|(_, sealed)| sealed.header.sealed_by == SealedBy::Quorum) {
        let header = canonical::bytes(&sealed.header);
        let context = Sha256::digest([label("box"), digest.to_vec(), header].concat());
        let key = expand(&prk, "quorum-box", &context, 44);
        secrets.extend(of_key(&format!("the key of box {}", place.position), &key[..32]));
        secrets.extend(of_key(&format!("the nonce of box {}", place.position), &key[32..]));
    }
    secrets
}
