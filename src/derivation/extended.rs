//! Extended keys of BIP-32 as text (`xprv…`, `xpub…`), "Serialization format".

use super::key::Node;
use super::text::secret_base58_check;
use crate::domain::key_type::KeyType;
use crate::domain::secret::SecretText;

const MAIN_PRIVATE: [u8; 4] = [0x04, 0x88, 0xAD, 0xE4];
const MAIN_PUBLIC: [u8; 4] = [0x04, 0x88, 0xB2, 0x1E];

/// `None` for keys that are not on secp256k1, and without a chain code.
pub(super) fn private(node: &Node) -> Option<SecretText> {
    written(node, MAIN_PRIVATE, &[&[0], node.private.reveal()])
}

pub(super) fn public(node: &Node) -> Option<SecretText> {
    written(node, MAIN_PUBLIC, &[&node.public.bytes()])
}

/// Of a master key: depth 0, no parent, number 0.
fn written(node: &Node, version: [u8; 4], key: &[&[u8]]) -> Option<SecretText> {
    const PLACE: [u8; 9] = [0; 9];
    let chain_code = node.chain_code.as_ref().filter(|_| node.key_type() == KeyType::Ecdsa)?;
    let mut parts: Vec<&[u8]> = vec![&version, &PLACE, chain_code.reveal()];
    parts.extend(key);
    Some(secret_base58_check(&parts).finish())
}
