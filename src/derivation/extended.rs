//! Extended keys of BIP-32 as text (`xprv…`, `xpub…`), "Serialization format".

use ripemd::Ripemd160;
use sha2::{Digest, Sha256};

use super::key::Node;
use super::public_key::PublicKey;
use super::text::secret_base58_check;
use crate::domain::derivation_path::PathPart;
use crate::domain::key_type::KeyType;
use crate::domain::secret::SecretText;

const MAIN_PRIVATE: [u8; 4] = [0x04, 0x88, 0xAD, 0xE4];
const MAIN_PUBLIC: [u8; 4] = [0x04, 0x88, 0xB2, 0x1E];

/// Where in the tree an extended key stands.
pub(super) struct TreePlace {
    depth: u8,
    parent: [u8; 4],
    /// The number of the last part, hardened ones with 2^31 added.
    number: u32,
}

impl TreePlace {
    pub const MASTER: Self = Self { depth: 0, parent: [0; 4], number: 0 };

    /// The place of the child of `parent`, which stands at `self`, at `part`.
    pub fn below(&self, parent: &PublicKey, part: PathPart) -> Self {
        Self { depth: self.depth.saturating_add(1), parent: fingerprint(parent), number: part.number() }
    }
}

/// The first four bytes of the digest of a public key (BIP-32, "Key identifiers").
fn fingerprint(key: &PublicKey) -> [u8; 4] {
    let digest = Ripemd160::digest(Sha256::digest(key.bytes()));
    digest.first_chunk().copied().unwrap_or_default()
}

/// `None` for keys that are not on secp256k1, and without a chain code.
pub(super) fn private(node: &Node, place: &TreePlace) -> Option<SecretText> {
    written(node, place, MAIN_PRIVATE, &[&[0], node.private.reveal()])
}

pub(super) fn public(node: &Node, place: &TreePlace) -> Option<SecretText> {
    written(node, place, MAIN_PUBLIC, &[&node.public.bytes()])
}

fn written(node: &Node, place: &TreePlace, version: [u8; 4], key: &[&[u8]]) -> Option<SecretText> {
    let chain_code = node.chain_code.as_ref().filter(|_| node.key_type() == KeyType::Ecdsa)?;
    let (depth, number) = ([place.depth], place.number.to_be_bytes());
    let mut parts: Vec<&[u8]> = vec![&version, &depth, &place.parent, &number, chain_code.reveal()];
    parts.extend(key);
    Some(secret_base58_check(&parts).finish())
}
