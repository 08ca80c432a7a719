//! Keys with what is needed to derive further ones: the master key, and the key of a vault.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::curve::{self, OutOfRange};
use super::extended;
use super::public_key::PublicKey;
use super::text;
use crate::domain::derivation_path::{DerivationPath, PathPart};
use crate::domain::explain::Explain;
use crate::domain::key_type::KeyType;
use crate::domain::secret::{SecretBytes, SecretText};

/// How many keys on the way to vaults a master key remembers; with more it forgets all and begins anew.
const REMEMBERED: usize = 256;

/// A key of the backup: its private key rebuilt, from shares where it is kept so.
pub struct MasterKey {
    node: Arc<Node>,
    /// Keys on the way: thousands of vaults share the first parts of their paths.
    remembered: Mutex<HashMap<Vec<PathPart>, Arc<Node>>>,
}

/// A key derived from a master key along a path.
pub struct ChildKey {
    node: Arc<Node>,
}

/// A private key, its public key and its chain code, somewhere on a path.
pub(super) struct Node {
    pub private: SecretBytes<32>,
    pub public: PublicKey,
    pub chain_code: Option<SecretBytes<32>>,
}

/// Why a key cannot be derived. Completes "cannot check, because …".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeriveError {
    #[error("this backup holds no usable key with that id")]
    NoKey,
    #[error("the key has no chain code")]
    NoChainCode,
    #[error(
        "{part} in its derivation path is hardened, and keys on Ed25519 that were shared between parties have no hardened children"
    )]
    Hardened { part: PathPart },
    #[error("its derivation path leads to no key at {part}")]
    NoSuchChild { part: PathPart },
}

impl Explain for DeriveError {
    fn hint(&self) -> String {
        match self {
            Self::NoKey => "Look at the list of keys: a key that is not there cannot be derived from.",
            Self::NoChainCode => {
                "Only the path m, the key itself, can be looked at; a chain code may stand in an older backup."
            }
            Self::Hardened { .. } => "Try the same path without the marks of hardened parts.",
            Self::NoSuchChild { .. } => {
                "This happens to one path in 2^127: try the next index, and check the chain code."
            }
        }
        .to_owned()
    }
}

impl Node {
    pub fn new(key_type: KeyType, private: SecretBytes<32>, chain_code: Option<SecretBytes<32>>) -> Self {
        Self { public: curve::public_key(key_type, &private), private, chain_code }
    }

    pub fn key_type(&self) -> KeyType {
        self.public.key_type()
    }

    pub fn child(&self, part: PathPart) -> Result<Self, DeriveError> {
        let key_type = self.key_type();
        if key_type == KeyType::Eddsa && part.is_hardened() {
            return Err(DeriveError::Hardened { part });
        }
        let chain_code = self.chain_code.as_ref().ok_or(DeriveError::NoChainCode)?;
        let (private, chain_code) = curve::child(key_type, &self.private, &self.public, chain_code, part)
            .map_err(|OutOfRange| DeriveError::NoSuchChild { part })?;
        Ok(Self::new(key_type, private, Some(chain_code)))
    }
}

impl MasterKey {
    /// `chain_code` may be missing: then there are no children.
    pub fn of_private_key(
        key_type: KeyType,
        private: &[u8; 32],
        chain_code: Option<SecretBytes<32>>,
    ) -> Result<Self, OutOfRange> {
        Ok(Self::of(key_type, curve::private_key(key_type, private)?, chain_code))
    }

    /// From additive shares.
    pub fn of_shares(
        key_type: KeyType,
        shares: &[SecretBytes<32>],
        chain_code: Option<SecretBytes<32>>,
    ) -> Result<Self, OutOfRange> {
        Ok(Self::of(key_type, curve::sum_of_shares(key_type, shares)?, chain_code))
    }

    fn of(key_type: KeyType, private: SecretBytes<32>, chain_code: Option<SecretBytes<32>>) -> Self {
        Self { node: Arc::new(Node::new(key_type, private, chain_code)), remembered: Mutex::default() }
    }

    pub fn key_type(&self) -> KeyType {
        self.node.key_type()
    }

    /// 64 digits; of an `EdDSA` key the little-endian scalar.
    pub fn private_key_hex(&self) -> SecretText {
        text::hex(self.node.private.reveal())
    }

    /// Computed from the private key.
    pub fn public_key_hex(&self) -> String {
        self.node.public.hex()
    }

    pub fn public_key(&self) -> &PublicKey {
        &self.node.public
    }

    pub fn has_chain_code(&self) -> bool {
        self.node.chain_code.is_some()
    }

    /// 64 digits.
    pub fn chain_code_hex(&self) -> Option<SecretText> {
        self.node.chain_code.as_ref().map(|code| text::hex(code.reveal()))
    }

    /// The extended private key at depth 0 (BIP-32, `xprv…`); only of an ECDSA key with a chain code.
    pub fn extended_private_key(&self) -> Option<SecretText> {
        extended::private(&self.node)
    }

    /// The extended public key at depth 0 (BIP-32, `xpub…`); it shows every address of the key that is not behind a hardened part.
    pub fn extended_public_key(&self) -> Option<SecretText> {
        extended::public(&self.node)
    }

    /// The key along `path`; for `m` the key itself.
    pub fn child(&self, path: &DerivationPath) -> Result<ChildKey, DeriveError> {
        Ok(ChildKey { node: self.node_at(path.parts())? })
    }

    /// The key along `parts`, by way of the keys before it, which are remembered.
    pub(super) fn node_at(&self, parts: &[PathPart]) -> Result<Arc<Node>, DeriveError> {
        let Some((last, before)) = parts.split_last() else { return Ok(Arc::clone(&self.node)) };
        let prefixes = || (1..=before.len()).filter_map(|length| before.get(..length));
        let known = prefixes().rev().find_map(|prefix| Some((prefix.len(), self.remembered(prefix)?)));
        let (done, mut node) = known.unwrap_or_else(|| (0, Arc::clone(&self.node)));
        // No lock is held meanwhile: two threads may do the same work once.
        for prefix in prefixes().skip(done) {
            let Some(part) = prefix.last() else { continue };
            node = Arc::new(node.child(*part)?);
            self.remember(prefix, &node);
        }
        Ok(Arc::new(node.child(*last)?))
    }

    fn remembered(&self, prefix: &[PathPart]) -> Option<Arc<Node>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner).get(prefix).cloned()
    }

    fn remember(&self, prefix: &[PathPart], node: &Arc<Node>) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED {
            remembered.clear();
        }
        remembered.insert(prefix.to_vec(), Arc::clone(node));
    }
}

impl ChildKey {
    pub fn key_type(&self) -> KeyType {
        self.node.key_type()
    }

    /// 64 digits; of an `EdDSA` key the little-endian scalar.
    pub fn private_key_hex(&self) -> SecretText {
        text::hex(self.node.private.reveal())
    }

    pub fn public_key_hex(&self) -> String {
        self.node.public.hex()
    }

    pub fn public_key(&self) -> &PublicKey {
        &self.node.public
    }

    pub(super) fn private(&self) -> &SecretBytes<32> {
        &self.node.private
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "MasterKey({})", self.public_key_hex())
    }
}

impl std::fmt::Debug for ChildKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "ChildKey({})", self.public_key_hex())
    }
}
