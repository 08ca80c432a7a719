//! The two kinds of key that a backup holds.

/// A curve and how keys on it are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyType {
    /// secp256k1 (SEC 2): private keys big-endian, public keys compressed (33 bytes).
    Ecdsa,
    /// Ed25519 (RFC 8032): private keys are little-endian scalars, never seeds; public keys have 32 bytes.
    Eddsa,
}

impl KeyType {
    /// From its name in a record, in any case and also with `MPC_` before it.
    pub fn named(name: &str) -> Option<Self> {
        let upper = name.to_ascii_uppercase();
        let plain = upper.strip_prefix("MPC_").unwrap_or(&upper);
        [Self::Ecdsa, Self::Eddsa].into_iter().find(|key_type| key_type.name() == plain)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Ecdsa => "ECDSA_SECP256K1",
            Self::Eddsa => "EDDSA_ED25519",
        }
    }
}
