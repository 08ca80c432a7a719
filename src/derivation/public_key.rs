//! Public keys of both curves.

use data_encoding::{BASE64, HEXLOWER, HEXLOWER_PERMISSIVE};
use k256::elliptic_curve::sec1::ToSec1Point;
use k256::{PublicKey as Secp256k1Key, Sec1Point};

use crate::domain::key_type::KeyType;
use crate::domain::typed::visible;

/// The byte that Sui has before a key on Ed25519.
const SUI_ED25519: [u8; 1] = [0];

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

    /// Reads a key as programs write it: hexadecimal with 0x or without (33, 65 or 64 bytes for ECDSA, 32 for `EdDSA`), or base64;
    /// Sui has one byte for the curve before it.
    pub fn read(key_type: KeyType, text: &str) -> Option<Self> {
        let text: String = visible(text).split_whitespace().collect();
        let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(&text);
        let of = |bytes: &[u8]| match (key_type, bytes.len()) {
            (KeyType::Ecdsa, 64) => Self::parse(key_type, &[&[4], bytes].concat()),
            (KeyType::Eddsa, 33) => Self::parse(key_type, bytes.strip_prefix(&SUI_ED25519)?),
            _ => Self::parse(key_type, bytes),
        };
        if let Ok(bytes) = HEXLOWER_PERMISSIVE.decode(digits.as_bytes()) {
            return of(&bytes);
        }
        of(&BASE64.decode(text.as_bytes()).ok()?)
    }

    /// Whether `text` is this key as programs write it: as [`Self::read`] takes it, in base58, without its sign (BIP-340), with the
    /// curve before it, with words behind it, with signs between the bytes, or as `SubjectPublicKeyInfo` (RFC 5280, section 4.1).
    pub fn is_written(&self, text: &str) -> bool {
        let text = visible(text);
        let first = text.split_whitespace().next().unwrap_or("");
        let behind = first.rsplit(':').next().unwrap_or("");
        let behind = behind.strip_prefix("ed25519-pub-").unwrap_or(behind);
        let digits: String = first.replace("\\x", "").chars().filter(|c| *c != ':').collect();
        [&*text, first, behind, &digits].into_iter().any(|text| self.is_one_of(text))
    }

    fn is_one_of(&self, text: &str) -> bool {
        let text = text.trim();
        if Self::read(self.key_type(), text).as_ref() == Some(self) {
            return true;
        }
        let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok();
        let bytes = bytes.or_else(|| BASE64.decode(text.as_bytes()).ok());
        let ends_with = |bytes: &[u8]| {
            let whole = self.uncompressed().unwrap_or_default();
            bytes.ends_with(&self.bytes()) || (!whole.is_empty() && bytes.ends_with(&whole))
        };
        // A sequence of at most 127 bytes (X.690, section 8.1.3).
        let is_info = |bytes: &[u8]| matches!(bytes, [0x30, length, rest @ ..] if usize::from(*length) == rest.len());
        match self {
            Self::Ed25519(key) if bs58::encode(key).into_string() == text => true,
            Self::Secp256k1 { x, .. } if bytes.as_deref() == Some(x) => true,
            _ => bytes.is_some_and(|bytes| is_info(&bytes) && ends_with(&bytes)),
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

    /// 65 bytes (SEC 1, section 2.3.3); `None` for `EdDSA`.
    pub fn uncompressed(&self) -> Option<Vec<u8>> {
        match self {
            Self::Secp256k1 { x, y } => Some([&[4][..], x, y].concat()),
            Self::Ed25519(_) => None,
        }
    }

    pub fn hex(&self) -> String {
        HEXLOWER.encode(&self.bytes())
    }
}
