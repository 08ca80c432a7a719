//! What somebody can do who has only the file: seal boxes to its public key, and recompute every digest.

use std::sync::Arc;

use conclave::crypto::digest::digest;
use conclave::crypto::seal;
use conclave::domain::encoding::{Base64, Hex};
use conclave::domain::inventory::SealedBy;
use conclave::domain::secret::SecretBuffer;
use conclave::snapshot::v1::model::{BoxPlace, Header, SealedBox, Snapshot, envelope_digests};

use crate::support::{Seeded, time};

/// Recomputes every digest and the checksum, as anybody can.
pub fn reissue(mut snapshot: Snapshot) -> Snapshot {
    let digests = &mut snapshot.section.digests;
    digests.core = digest("core", &snapshot.core);
    digests.envelopes = envelope_digests(&snapshot.envelopes);
    digests.labels = digest("labels", &snapshot.labels);
    digests.anchor = digest("anchor", &snapshot.anchor);
    digests.boxes = snapshot.boxes.iter().map(|sealed| sealed.place().digest).collect();
    snapshot.section.checksum = Some(snapshot.section.right_checksum());
    snapshot
}

/// A public box with any plaintext, after the box `after`.
pub fn public_box(snapshot: &Snapshot, after: BoxPlace, plaintext: String) -> SealedBox {
    let header = Header {
        created: time("2026-06-06T06:06:06Z"),
        id: Hex([6; 16]),
        position: after.position + 1,
        previous: after.digest,
        sealed_by: SealedBy::Public,
    };
    let context = header.context(&snapshot.core, &snapshot.core.core_digest());
    let public_key = snapshot.core.public_key.as_ref().unwrap();
    let plaintext = SecretBuffer::from_vec(plaintext.into_bytes());
    let ciphertext = seal::seal(&public_key.0, plaintext, &context, &mut Seeded::new("forger")).unwrap();
    SealedBox { ciphertext: Base64(ciphertext), header }
}

/// The snapshot with public boxes appended, one for each plaintext.
pub fn with_boxes(snapshot: &Snapshot, plaintexts: impl IntoIterator<Item = String>) -> Snapshot {
    let mut forged = snapshot.clone();
    let mut after = forged.boxes.last().map_or(BoxPlace::START, |sealed| sealed.place());
    for plaintext in plaintexts {
        let sealed = public_box(snapshot, after, plaintext);
        after = sealed.place();
        forged.boxes.push(Arc::new(sealed));
    }
    reissue(forged)
}

/// The plaintext of a box of so many records, each as `record` gives it.
pub fn records(count: usize, record: impl Fn(usize) -> String) -> String {
    let mut text = String::from("{\"records\":[");
    for number in 0..count {
        if number > 0 {
            text.push(',');
        }
        text.push_str(&record(number));
    }
    text.push_str("]}");
    text
}
