//! Bytes as text in the file: `hexN` and `base64` of `docs/format.md`, section 1. Strict: one text for each value.

use std::fmt;

use data_encoding::{BASE64, HEXLOWER};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `N` public bytes, written as lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hex<const N: usize>(pub [u8; N]);

impl<const N: usize> Hex<N> {
    pub const ZERO: Self = Self([0; N]);

    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != N.checked_mul(2)? {
            return None;
        }
        HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok().map(Self)
    }
}

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_str(TextVisitor { expects: "lower-case hexadecimal digits", parse: |text| Self::parse(text) })
    }
}

/// Public bytes, written as base64 with padding and zero trailing bits.
#[derive(Clone, PartialEq, Eq)]
pub struct Base64(pub Vec<u8>);

impl fmt::Debug for Base64 {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Base64({} bytes)", self.0.len())
    }
}

/// The base64 text, in pieces: a box of 44 MiB is written without a copy of it.
impl fmt::Display for Base64 {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Three bytes are four characters, so only the last piece can have padding.
        const PIECE: usize = 3 << 10;
        let mut text = [0; PIECE / 3 * 4];
        self.0.chunks(PIECE).try_for_each(|piece| {
            let text = text.get_mut(..BASE64.encode_len(piece.len())).unwrap_or_default();
            BASE64.encode_mut(piece, text);
            out.write_str(std::str::from_utf8(text).unwrap_or_default())
        })
    }
}

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor {
            expects: "base64 with padding",
            parse: |text| BASE64.decode(text.as_bytes()).ok().map(Self),
        })
    }
}

/// Reads a value from a JSON string without an owned copy of it.
pub struct TextVisitor<T> {
    pub expects: &'static str,
    pub parse: fn(&str) -> Option<T>,
}

impl<T> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.expects)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).ok_or_else(|| E::custom(format_args!("expected {}", self.expects)))
    }
}

/// Writes and reads a fieldless enum as one of fixed words, and as nothing else: serde's derived readers would take an object for it.
macro_rules! words {
    ($type:ident: $expects:literal, $($variant:ident = $word:literal),+ $(,)?) => {
        impl $type {
            /// The word that stands for it in the file.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            pub fn named(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer
                    .deserialize_str($crate::domain::encoding::TextVisitor { expects: $expects, parse: Self::named })
            }
        }
    };
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_has_one_spelling() {
        assert_eq!(Hex::<2>::parse("00ff"), Some(Hex([0, 255])));
        for wrong in ["00FF", "00f", "00ff0", "0 ff", "00fg", ""] {
            assert_eq!(Hex::<2>::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn base64_is_written_in_pieces_as_in_one() {
        for length in [0, 1, 2, 3, 3071, 3072, 3073, 10_000] {
            let bytes = Base64((0..length).map(|n| u8::try_from(n % 251).unwrap()).collect());
            assert_eq!(serde_json::to_string(&bytes).unwrap(), format!("{:?}", BASE64.encode(&bytes.0)));
        }
    }

    #[test]
    fn base64_has_one_spelling() {
        let read = |text: &str| serde_json::from_str::<Base64>(&format!("{text:?}")).map(|bytes| bytes.0).ok();
        assert_eq!(read("AAE="), Some(vec![0, 1]));
        for wrong in ["AAE", "AAF=", "AAE =", "AAE=\n", "AA-_", "A==="] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
