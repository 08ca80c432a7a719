//! The rules that a well-formed section keeps beside its types (`docs/format.md`, sections 3 and 14).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::limits;
use super::model::{Anchor, BoxPlace, Core, DeviceLabels, Envelope, HolderLabels, Labels, SUITE, SealedBox, Section};
use super::strict::Object;
use super::verdict::FileRefusal;
use crate::crypto::envelope::SEALED_LENGTH;
use crate::crypto::seal::{ENCAPSULATED_LENGTH, PUBLIC_KEY_LENGTH};
use crate::domain::encoding::Hex;
use crate::domain::inventory::{ORGANIZATIONS_LIMIT, SealedBy};
use crate::domain::kind::{Kind, Method};
use crate::domain::text::{Safe, brief, counted};

/// The most columns of what is quoted from a file in an error.
const QUOTED: usize = 240;

/// The one core: known to this version, and with every rule of section 3.1 and the limits kept.
pub fn read_core(values: &[&str]) -> Result<Core, FileRefusal> {
    let value = match values {
        [value] => *value,
        [] => return Err(FileRefusal::Missing { member: "core" }),
        _ => return Err(FileRefusal::Twice { member: "core" }),
    };
    // First what a newer version would say differently, so that it is called newer and not broken.
    if let Ok(Object(outline)) = serde_json::from_str::<Object<CoreOutline>>(value) {
        if let Some(suite) = outline.suite.filter(|suite| *suite != SUITE) {
            return Err(FileRefusal::Newer { member: "suite", value: suite.to_string() });
        }
        if let Some(kind) = outline.kind.filter(|kind| Kind::named(kind).is_none()) {
            let kind = kind.chars().take(40).collect::<String>();
            return Err(FileRefusal::Newer { member: "kind", value: Safe(&kind).to_string() });
        }
    }
    let malformed = |what: String| FileRefusal::Malformed { member: "core", what };
    let core: Core = serde_json::from_str::<Object<Core>>(value)
        .map(|Object(core)| core)
        .map_err(|error| malformed(brief(&Safe(&beginning(&error)).to_string(), QUOTED)))?;
    check_core(&core, malformed)?;
    Ok(core)
}

/// What the JSON reader says, without most of a name that it quotes: that can be as long as the file.
fn beginning(error: &serde_json::Error) -> String {
    use std::fmt::Write;
    struct Start(String);
    impl Write for Start {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            let left = QUOTED.saturating_sub(self.0.len());
            self.0.extend(text.chars().take(left));
            Ok(())
        }
    }
    let mut start = Start(String::new());
    let written = write!(start, "{error}");
    debug_assert!(written.is_ok(), "writing to memory does not fail");
    start.0
}

/// The members of a core that say whether this program knows the rest.
#[derive(Deserialize)]
struct CoreOutline {
    suite: Option<u64>,
    kind: Option<String>,
}

fn check_core(core: &Core, malformed: impl Fn(String) -> FileRefusal) -> Result<(), FileRefusal> {
    let (rules, threshold, count) = (core.kind.rules(), core.threshold, core.shareholder_count);
    if !rules.allows(threshold, count.into()) {
        return Err(malformed(format!("a threshold of {threshold} of {count} is not possible")));
    }
    if core.phrase_commitments.len() != usize::from(count) || core.share_commitments.len() != usize::from(count) {
        return Err(malformed(format!("it does not have {}", counted(count, "commitment"))));
    }
    if core.phrase.is_some() != (core.method == Method::Phrase) || !rules.methods.contains(&core.method) {
        return Err(malformed("method and phrase do not go together".to_owned()));
    }
    let length = core.public_key.as_ref().map(|key| key.0.len());
    if length != rules.has_public_key().then_some(PUBLIC_KEY_LENGTH) {
        return Err(malformed("its public key does not fit".to_owned()));
    }
    core.kdf.check_bounds().map_err(FileRefusal::Kdf)
}

pub fn is_well_formed_envelope(envelope: &Envelope) -> bool {
    envelope.sealed.0.len() == SEALED_LENGTH
}

pub fn is_well_formed_labels(labels: &Labels, count: Option<u8>) -> bool {
    match labels {
        Labels::Holders(HolderLabels { shareholders, .. }) => {
            (1..=u8::MAX).zip(shareholders).all(|(number, label)| label.number == number)
                && count.is_none_or(|count| shareholders.len() == usize::from(count))
        }
        Labels::Device(DeviceLabels { organizations, .. }) => {
            (1..=ORGANIZATIONS_LIMIT).contains(&organizations.len())
                && organizations.is_sorted_by(|one, next| one.id < next.id)
        }
    }
}

pub fn is_well_formed_anchor(anchor: &Anchor) -> bool {
    let in_range = |position| position <= limits::SEQUENCE;
    anchor.mac.is_some()
        && in_range(anchor.sequence)
        && in_range(anchor.base.position)
        && in_range(anchor.last.position)
}

pub fn is_well_formed_section(section: &Section) -> bool {
    section.checksum.is_some()
        && (1..=limits::SEQUENCE).contains(&section.sequence)
        && section.previous.len() <= 2
        && section.previous.is_sorted_by(|one, next| one < next)
        && section.signature.as_ref().is_none_or(|signature| signature.0.len() == 64)
}

/// Whether each box follows one that is there, or the `base` of the file, or stands beside what that replaced.
pub fn follow_one_another(boxes: &[(BoxPlace, &SealedBox)], base: BoxPlace) -> bool {
    let positions: BTreeMap<Hex<32>, u32> = boxes.iter().map(|(place, _)| (place.digest, place.position)).collect();
    boxes.iter().all(|(_, SealedBox { header, .. })| {
        let Some(before) = header.position.checked_sub(1) else { return false };
        match positions.get(&header.previous) {
            Some(position) => *position == before,
            None => BoxPlace { digest: header.previous, position: before } == base || before < base.position,
        }
    })
}

/// What is left without the tag, and without the encapsulated key of a public box.
pub fn plaintext_length(sealed: &SealedBox) -> usize {
    let around = match sealed.header.sealed_by {
        SealedBy::Quorum => 16,
        SealedBy::Public => 16 + ENCAPSULATED_LENGTH,
    };
    sealed.ciphertext.0.len().saturating_sub(around)
}

/// `kind`: that of core, when it can be read. It says who can seal boxes.
pub fn is_well_formed_box(sealed: &SealedBox, kind: Option<Kind>) -> bool {
    let header = &sealed.header;
    (1..=limits::SEQUENCE).contains(&header.position)
        && kind.is_none_or(|kind| kind.rules().boxes.contains(&header.sealed_by))
}
