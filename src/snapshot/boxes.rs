//! Boxes: what only a quorum can seal, and what anybody can who has the file (`docs/format.md`, section 7).

use super::sealing::SealingError;
use super::v1::limits::{BOX_PLAINTEXT, PUBLIC_VALUES, SEQUENCE};
use super::v1::model::{BoxPlace, Core, Header, SealedBox};
use crate::crypto::seal;
use crate::crypto::wrapping::WrappingKey;
use crate::domain::canonical;
use crate::domain::encoding::{Base64, Hex};
use crate::domain::entropy::{Entropy, random};
use crate::domain::inventory::{Fields, Records, SealedBy, VALUES_LIMIT, write_records};
use crate::domain::secret::SecretBuffer;
use crate::domain::time::Timestamp;

/// Seals a box that only a quorum can make, after the box `after`.
pub(super) fn seal_quorum_box(
    core: &Core,
    wrapping_key: &WrappingKey,
    after: BoxPlace,
    records: Vec<Fields>,
    created: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<SealedBox, SealingError> {
    let plaintext = plaintext_of(records)?;
    let header = header_after(after, SealedBy::Quorum, created, entropy)?;
    let context = header.context(core, &core.core_digest());
    Ok(SealedBox { ciphertext: Base64(wrapping_key.seal(plaintext, &context)), header })
}

/// Seals a box that anybody can make who has the file, after the box `after`.
pub(super) fn seal_public_box(
    core: &Core,
    after: BoxPlace,
    plaintext: SecretBuffer,
    created: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<SealedBox, SealingError> {
    let header = header_after(after, SealedBy::Public, created, entropy)?;
    let context = header.context(core, &core.core_digest());
    let public_key = core.public_key.as_ref().map_or(&[][..], |key| &key.0);
    let ciphertext = seal::seal(public_key, plaintext, &context, entropy)?;
    Ok(SealedBox { ciphertext: Base64(ciphertext), header })
}

/// The same for as many records as there are, in as many boxes as they need. More than a reader would read again is refused.
pub(super) fn seal_public_boxes(
    core: &Core,
    mut after: BoxPlace,
    records: Vec<Fields>,
    created: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Vec<SealedBox>, SealingError> {
    let mut boxes = Vec::new();
    let mut left = PUBLIC_VALUES;
    for records in chunks(records) {
        let plaintext = plaintext_of(records)?;
        left = left.checked_sub(weight_of(&plaintext)?).ok_or(SealingError::UnconfirmedTooMuch)?;
        let sealed = seal_public_box(core, after, plaintext, created, entropy)?;
        after = sealed.place();
        boxes.push(sealed);
    }
    Ok(boxes)
}

/// Splits records so that each part fits into a box. At least one part.
pub(super) fn chunks(records: Vec<Fields>) -> Vec<Vec<Fields>> {
    // With room for what stands around the records.
    let (weights, bytes) = (VALUES_LIMIT / 4 * 3, BOX_PLAINTEXT / 4 * 3);
    let (mut parts, mut part) = (Vec::new(), Vec::new());
    let (mut weight, mut size) = (0, 0);
    for record in records {
        let more = (record.weight(), canonical::secret_bytes(&record, 0).reveal().len());
        if !part.is_empty() && (weight + more.0 > weights || size + more.1 > bytes) {
            parts.push(std::mem::take(&mut part));
            (weight, size) = (0, 0);
        }
        weight += more.0;
        size += more.1;
        part.push(record);
    }
    parts.push(part);
    parts
}

pub(super) fn plaintext_of(records: Vec<Fields>) -> Result<SecretBuffer, SealingError> {
    let plaintext = write_records(records);
    weight_of(&plaintext)?;
    if plaintext.reveal().len() <= BOX_PLAINTEXT { Ok(plaintext) } else { Err(SealingError::TooLarge) }
}

/// By the rules of whoever will read it.
pub(super) fn weight_of(plaintext: &SecretBuffer) -> Result<usize, SealingError> {
    let records = Records::weigh(plaintext.reveal(), VALUES_LIMIT).map_err(|_| SealingError::TooLarge)?;
    Ok(records.weight())
}

fn header_after(
    after: BoxPlace,
    sealed_by: SealedBy,
    created: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Header, SealingError> {
    let position =
        after.position.checked_add(1).filter(|position| *position <= SEQUENCE).ok_or(SealingError::SequenceSpent)?;
    Ok(Header { created, id: Hex(random(entropy)?), position, previous: after.digest, sealed_by })
}
