//! The canonical form of a JSON value (`docs/format.md`, section 2): what digests, seals and signatures are taken of.
//!
//! Names come out in the order in which a type gives them, so every type that is written here declares its fields in
//! alphabetical order; `the_names_of_every_section_are_sorted` in `snapshot` holds them to it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::secret::SecretBuffer;

/// Writes the canonical form. Fails only as `out` fails.
pub fn write(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Ascii(CompactFormatter)))?;
    Ok(())
}

/// The canonical form of a value that is not secret.
pub fn bytes(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = write(value, &mut bytes);
    debug_assert!(written.is_ok(), "writing to memory does not fail");
    bytes
}

/// The canonical form of a secret value, in a buffer that never grows, with room for `spare` more bytes.
pub fn secret_bytes(value: &impl Serialize, spare: usize) -> SecretBuffer {
    into_secret(|out| value.serialize(&mut Serializer::with_formatter(out, Ascii(CompactFormatter))), spare)
}

/// The form for files that people look at: sorted names, an indent of one space, ASCII, one LF at the end.
pub fn secret_document(value: &impl Serialize) -> SecretBuffer {
    let indented = || Ascii(PrettyFormatter::with_indent(b" "));
    let mut document = into_secret(|out| value.serialize(&mut Serializer::with_formatter(out, indented())), 1);
    let ended = document.write_all(b"\n");
    debug_assert!(ended.is_ok(), "room for the line end was kept");
    document
}

/// Measures first and writes then, so that no half-grown copy of a secret is left behind.
fn into_secret(emit: impl Fn(&mut dyn Write) -> serde_json::Result<()>, spare: usize) -> SecretBuffer {
    let mut length = CanonicalLength(0);
    let measured = emit(&mut length);
    let mut buffer = SecretBuffer::with_capacity(length.0.saturating_add(spare));
    let written = emit(&mut buffer);
    debug_assert!(measured.is_ok() && written.is_ok(), "writing to memory does not fail");
    buffer
}

struct CanonicalLength(usize);

impl Write for CanonicalLength {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A formatter that escapes all outside U+0020..U+007E, as Python's `json.dumps` does.
struct Ascii<F>(F);

impl<F: Formatter> Formatter for Ascii<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.bytes().position(|byte| !(b' '..=b'~').contains(&byte)) {
            let (plain, tail) = rest.split_at(at);
            out.write_all(plain.as_bytes())?;
            let mut characters = tail.chars();
            if let Some(character) = characters.next() {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            }
            rest = characters.as_str();
        }
        out.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canonical_form_is_what_python_gives() {
        // Right sides: python3 -c 'import json; print(json.dumps(x, sort_keys=True, separators=(",", ":")))'
        let cases = [
            ("", r#""""#),
            ("a\"b\\c/", r#""a\"b\\c/""#),
            ("\u{8}\u{c}\n\r\t\u{0}\u{1f}", r#""\b\f\n\r\t\u0000\u001f""#),
            ("~\u{7f}\u{80}é\u{fffd}😀z", r#""~\u007f\u0080\u00e9\ufffd\ud83d\ude00z""#),
        ];
        for (value, expected) in cases {
            assert_eq!(String::from_utf8(bytes(&value)).unwrap(), expected);
        }
    }

    #[test]
    fn a_document_is_indented_by_one_space() {
        let value = std::collections::BTreeMap::from([("a", vec![1, 2]), ("b", vec![])]);
        let document = secret_document(&value);
        assert_eq!(document.reveal(), b"{\n \"a\": [\n  1,\n  2\n ],\n \"b\": []\n}\n");
    }
}
