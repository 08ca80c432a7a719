//! The sections of format 1 (`docs/format.md`, section 3). Fields stand in alphabetical order: that is the canonical form.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::strict::{list, object, objects, only_true, present, present_object};
use crate::crypto::digest::digest;
use crate::crypto::kdf::KdfNumbers;
use crate::crypto::label::{Binding, Purpose, core_digest};
use crate::crypto::wrapping::box_context;
use crate::domain::canonical;
use crate::domain::encoding::{Base64, Hex};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::inventory::{Claimed, OrganizationLabel, SealedBy};
use crate::domain::kind::{Kind, Method};
use crate::domain::phrase::PhraseForm;
use crate::domain::text::Text;
use crate::domain::time::Timestamp;

pub const FORMAT: &str = "conclave-snapshot";
pub const VERSION: u64 = 1;
pub const SUITE: u64 = 1;

/// Made once by the ceremony and never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Core {
    pub backup_id: Hex<16>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Hex<32>>,
    #[serde(deserialize_with = "object")]
    pub kdf: KdfNumbers,
    pub kind: Kind,
    pub labels_digest: Hex<32>,
    pub method: Method,
    #[serde(default, deserialize_with = "present_object", skip_serializing_if = "Option::is_none")]
    pub phrase: Option<PhraseForm>,
    #[serde(deserialize_with = "list")]
    pub phrase_commitments: Vec<Hex<32>>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub public_key: Option<Base64>,
    pub purpose: Purpose,
    #[serde(default, deserialize_with = "present_object", skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Replaces>,
    #[serde(deserialize_with = "list")]
    pub share_commitments: Vec<Hex<32>>,
    pub shareholder_count: u8,
    pub suite: u64,
    pub threshold: u8,
    pub wrapping_key_commitment: Hex<32>,
}

/// The backup that a rotation left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replaces {
    pub backup_id: Hex<16>,
    /// `core_digest` of section 7, the one that the fingerprint is made of.
    pub core_digest: Hex<32>,
}

impl Replaces {
    /// The first words of its fingerprint, as they stand on its public cards: enough to find one in a drawer.
    pub fn first_words(&self) -> String {
        let words = Fingerprint::of(&self.core_digest.0).words();
        words.get(..4).unwrap_or(&words).join(" ")
    }
}

impl Core {
    pub fn binding(&self) -> Binding {
        Binding { purpose: self.purpose, backup_id: self.backup_id }
    }

    /// `core_digest`: what everything of this backup is bound to, and its fingerprint.
    pub fn core_digest(&self) -> Hex<32> {
        core_digest(self.purpose, &canonical::bytes(self))
    }
}

/// The sealed share of a shareholder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    pub number: u8,
    pub sealed: Base64,
}

/// Names, for people. Not secret and not trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Labels {
    Holders(HolderLabels),
    Device(DeviceLabels),
}

/// Those of a backup that belongs to an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolderLabels {
    pub delivery: Text,
    pub organization: Text,
    pub salt: Hex<32>,
    #[serde(deserialize_with = "objects")]
    pub shareholders: Vec<ShareholderLabel>,
}

/// Those of a backup of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceLabels {
    #[serde(default, deserialize_with = "present_object", skip_serializing_if = "Option::is_none")]
    pub cloud: Option<CloudLabel>,
    /// Sorted by id.
    #[serde(deserialize_with = "objects")]
    pub organizations: Vec<OrganizationLabel>,
    pub salt: Hex<32>,
}

/// Where somebody said that the cloud key is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloudLabel {
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub account: Option<Text>,
    pub provider: Text,
}

impl Labels {
    pub fn organization(&self) -> Option<&Text> {
        self.of_holders().map(|labels| &labels.organization)
    }

    pub fn delivery(&self) -> Option<&Text> {
        self.of_holders().map(|labels| &labels.delivery)
    }

    pub fn shareholders(&self) -> &[ShareholderLabel] {
        self.of_holders().map_or(&[], |labels| &labels.shareholders)
    }

    pub fn name_of(&self, number: u8) -> Option<&Text> {
        self.shareholders().iter().find(|shareholder| shareholder.number == number).map(|shareholder| &shareholder.name)
    }

    /// Those of a device.
    pub fn of_device(&self) -> Option<&DeviceLabels> {
        match self {
            Self::Holders(_) => None,
            Self::Device(labels) => Some(labels),
        }
    }

    fn of_holders(&self) -> Option<&HolderLabels> {
        match self {
            Self::Holders(labels) => Some(labels),
            Self::Device(_) => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareholderLabel {
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub email: Option<Text>,
    pub name: Text,
    pub number: u8,
}

/// The quorum's mark on the file as it was when a quorum was present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    #[serde(deserialize_with = "object")]
    pub base: BoxPlace,
    pub envelopes: Hex<32>,
    pub labels: Hex<32>,
    #[serde(deserialize_with = "object")]
    pub last: BoxPlace,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub mac: Option<Hex<32>>,
    pub sequence: u32,
    /// Nobody has shown yet that every phrase on paper opens the file. That it is not there claims nothing.
    #[serde(default, deserialize_with = "only_true", skip_serializing_if = "is_absent")]
    pub unconfirmed: bool,
}

impl Anchor {
    /// What the mac is made over.
    pub fn without_mac(&self) -> Vec<u8> {
        canonical::bytes(&Self { mac: None, ..self.clone() })
    }
}

/// `serde` asks by reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_absent(member: &bool) -> bool {
    !member
}

/// A box, by position and digest. Sorted so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoxPlace {
    pub digest: Hex<32>,
    pub position: u32,
}

impl BoxPlace {
    /// Before the first box of a ceremony.
    pub const START: Self = Self { digest: Hex::ZERO, position: 0 };
}

impl Ord for BoxPlace {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.position, self.digest).cmp(&(other.position, other.digest))
    }
}

impl PartialOrd for BoxPlace {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What this snapshot is, and the digests of everything in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub checksum: Option<Hex<32>>,
    #[serde(deserialize_with = "object")]
    pub counts: Claimed,
    pub created: Timestamp,
    #[serde(deserialize_with = "object")]
    pub digests: Digests,
    pub id: Hex<16>,
    #[serde(deserialize_with = "list")]
    pub previous: Vec<Hex<32>>,
    pub sequence: u32,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub signature: Option<Base64>,
}

impl Section {
    pub fn digest(&self) -> Hex<32> {
        digest("snapshot", self)
    }

    /// The checksum that this section should have.
    pub fn right_checksum(&self) -> Hex<32> {
        digest("checksum", &Self { checksum: None, ..self.clone() })
    }

    /// What an issuer signs.
    pub fn signed_part(&self) -> Vec<u8> {
        canonical::bytes(&Self { checksum: None, signature: None, ..self.clone() })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digests {
    pub anchor: Hex<32>,
    #[serde(deserialize_with = "list")]
    pub boxes: Vec<Hex<32>>,
    pub core: Hex<32>,
    #[serde(deserialize_with = "list")]
    pub envelopes: Vec<Hex<32>>,
    pub labels: Hex<32>,
}

/// Sealed records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedBox {
    pub ciphertext: Base64,
    #[serde(deserialize_with = "object")]
    pub header: Header,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    pub created: Timestamp,
    pub id: Hex<16>,
    pub position: u32,
    pub previous: Hex<32>,
    pub sealed_by: SealedBy,
}

impl Header {
    pub fn context(&self, core: &Core, core_digest: &Hex<32>) -> [u8; 32] {
        box_context(core.binding(), core_digest, &canonical::bytes(self))
    }
}

impl SealedBox {
    pub fn place(&self) -> BoxPlace {
        BoxPlace { digest: digest("box", self), position: self.header.position }
    }
}

/// A box as it was read, with its place, for which all of it is digested once. A clone shares the box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub place: BoxPlace,
    pub sealed: Arc<SealedBox>,
}

impl Placed {
    pub fn new(sealed: SealedBox) -> Self {
        Self { place: sealed.place(), sealed: Arc::new(sealed) }
    }
}

/// A whole snapshot with nothing missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    pub core: Core,
    pub envelopes: Vec<Envelope>,
    pub labels: Labels,
    pub anchor: Anchor,
    pub section: Section,
    /// Shared with what they were read into: a box may be tens of megabytes.
    pub boxes: Vec<Arc<SealedBox>>,
}

/// Where boxes stand.
pub fn places(boxes: &[Arc<SealedBox>]) -> BTreeSet<BoxPlace> {
    boxes.iter().map(|sealed| sealed.place()).collect()
}

/// The digest of the array of envelope digests.
pub fn envelopes_digest(envelopes: &[Envelope]) -> Hex<32> {
    digest("envelopes", &envelope_digests(envelopes))
}

pub fn envelope_digests(envelopes: &[Envelope]) -> Vec<Hex<32>> {
    envelopes.iter().map(|envelope| digest("envelope", envelope)).collect()
}
