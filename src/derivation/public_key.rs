//! Public keys of both curves.

use data_encoding::HEXLOWER;
use k256::elliptic_curve::sec1::ToSec1Point;
use k256::{PublicKey as Secp256k1Key, Sec1Point};

use crate::domain::key_type::KeyType;

/// A point of one of the two curves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKey {
    /// Uncompressed (SEC 1, section 2.3.3): x and y, 32 bytes each, big-endian.
    Secp256k1 { x: [u8; 32], y: [u8; 32] },
    /// RFC 8032, section 5.1.2.
    Ed25519([u8; 32]),
}

impl PublicKey {
    /// Reads `bytes`: 33 (compressed) or 65 for ECDSA, 32 for `EdDSA`. Of an `EdDSA` key it is not checked that it is a point.
    pub fn parse(key_type: KeyType, bytes: &[u8]) -> Option<Self> {
        match key_type {
            KeyType::Ecdsa => {
                let key = Secp256k1Key::from_sec1_bytes(bytes).ok()?;
                Some(Self::of_secp256k1(&key.to_sec1_point(false)))
            }
            KeyType::Eddsa => bytes.try_into().ok().map(Self::Ed25519),
        }
    }

    pub(super) fn of_secp256k1(point: &Sec1Point) -> Self {
        let coordinate = |bytes: Option<&_>| bytes.map_or([0; 32], |bytes: &k256::FieldBytes| (*bytes).into());
        Self::Secp256k1 { x: coordinate(point.x()), y: coordinate(point.y()) }
    }

    pub fn key_type(&self) -> KeyType {
        match self {
            Self::Secp256k1 { .. } => KeyType::Ecdsa,
            Self::Ed25519(_) => KeyType::Eddsa,
        }
    }

    /// As a record holds it: 33 bytes (compressed) for ECDSA, 32 for `EdDSA`.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Secp256k1 { x, y } => {
                let sign = 2 + (y.last().copied().unwrap_or(0) & 1);
                [&[sign][..], x].concat()
            }
            Self::Ed25519(bytes) => bytes.to_vec(),
        }
    }

    pub fn hex(&self) -> String {
        HEXLOWER.encode(&self.bytes())
    }
}
