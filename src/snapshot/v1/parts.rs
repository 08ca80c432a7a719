//! A text taken apart into sections, as JSON or, when it is not JSON, line by line. Nothing is judged here.

use std::borrow::Cow;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::layout::FORMAT_LINE;
use super::limits;
use crate::domain::inventory::{MEMBERS_LIMIT, NESTING_LIMIT};

/// Where the sections of a text are. Each list holds the values that stood under that name, at most two: that is one too many.
#[derive(Debug, Default)]
pub struct TextParts<'a> {
    pub format: Vec<&'a str>,
    pub version: Vec<&'a str>,
    pub core: Vec<&'a str>,
    pub labels: Vec<&'a str>,
    pub anchor: Vec<&'a str>,
    pub snapshot: Vec<&'a str>,
    /// `None` inside: it is not an array.
    pub envelopes: Vec<Option<Vec<&'a str>>>,
    pub boxes: Vec<Option<Vec<&'a str>>>,
    pub has_unknown: bool,
    /// The text is not JSON.
    pub is_salvaged: bool,
    pub excess: Option<Excess>,
}

/// More of something than this format allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    Levels,
    Members,
}

/// Takes a value of a member that may stand there once.
fn note<T>(values: &mut Vec<T>, value: T) {
    if values.len() < 2 {
        values.push(value);
    }
}

impl<'a> TextParts<'a> {
    /// Takes a JSON object apart; `None` when the text is not JSON, or not an object.
    pub fn of_json(text: &'a str) -> Option<Self> {
        let parts: Self = serde_json::from_str(text).ok()?;
        let excess = is_too_deep(text).then_some(Excess::Levels).or(parts.excess);
        Some(Self { excess, ..parts })
    }

    fn take(&mut self, name: &[u8], value: &'a str) {
        match name {
            b"format" => note(&mut self.format, value),
            b"version" => note(&mut self.version, value),
            b"core" => note(&mut self.core, value),
            b"labels" => note(&mut self.labels, value),
            b"anchor" => note(&mut self.anchor, value),
            b"snapshot" => note(&mut self.snapshot, value),
            b"envelopes" => note(&mut self.envelopes, elements(value)),
            b"boxes" => note(&mut self.boxes, elements(value)),
            _ => self.has_unknown = true,
        }
    }

    /// Reads the lines of the file's own layout one by one.
    pub fn of_lines(text: &'a str) -> Self {
        let mut parts = Self { is_salvaged: true, ..Self::default() };
        let mut list = List::None;
        for line in text.lines().filter(|line| !line.is_empty()) {
            let value = |name: &str| {
                let value = line.strip_prefix('"')?.strip_prefix(name)?.strip_prefix("\":")?;
                Some(value.strip_suffix(',').unwrap_or(value))
            };
            let before = std::mem::replace(&mut list, List::None);
            if line == FORMAT_LINE {
                note(&mut parts.format, "\"conclave-snapshot\"");
                note(&mut parts.version, "1");
            } else if let Some(value) = value("core") {
                note(&mut parts.core, value);
            } else if let Some(value) = value("labels") {
                note(&mut parts.labels, value);
            } else if let Some(value) = value("anchor") {
                note(&mut parts.anchor, value);
            } else if let Some(value) = value("snapshot") {
                note(&mut parts.snapshot, value);
            } else if line == "\"envelopes\":[" {
                note(&mut parts.envelopes, Some(Vec::new()));
                list = List::Envelopes;
            } else if line == "\"boxes\":[" {
                note(&mut parts.boxes, Some(Vec::new()));
                list = List::Boxes;
            } else if line != "]," && line != "]" {
                let elements = match before {
                    List::None => None,
                    List::Envelopes => parts.envelopes.last_mut(),
                    List::Boxes => parts.boxes.last_mut(),
                };
                if let Some(Some(elements)) = elements {
                    if elements.len() <= limits::BOXES {
                        elements.push(line.strip_suffix(',').unwrap_or(line));
                    }
                    list = before;
                }
            }
        }
        parts
    }
}

/// In which array the lines of a salvage are.
enum List {
    None,
    Envelopes,
    Boxes,
}

/// The elements of an array, at most one more than a file may have of anything: that is enough to refuse it.
fn elements(json: &str) -> Option<Vec<&str>> {
    let Elements(elements) = serde_json::from_str(json).ok()?;
    Some(elements)
}

struct Elements<'a>(Vec<&'a str>);

impl<'de> Deserialize<'de> for Elements<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Array;
        impl<'de> Visitor<'de> for Array {
            type Value = Elements<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut elements = Vec::new();
                while elements.len() <= limits::BOXES {
                    let Some(element) = list.next_element::<&RawValue>()? else { return Ok(Elements(elements)) };
                    elements.push(element.get());
                }
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Elements(elements))
            }
        }
        deserializer.deserialize_seq(Array)
    }
}

/// The members of the outermost object, values unread.
impl<'de> Deserialize<'de> for TextParts<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = TextParts<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut parts = TextParts::default();
                let mut count = 0_usize;
                while let Some(NameBytes(name)) = map.next_key()? {
                    let value: &RawValue = map.next_value()?;
                    parts.take(&name, value.get());
                    count += 1;
                }
                parts.excess = (count > MEMBERS_LIMIT).then_some(Excess::Members);
                Ok(parts)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A name as bytes: even one with a lone surrogate is only unknown, and no reason to call the whole text broken.
struct NameBytes<'a>(Cow<'a, [u8]>);

impl<'de> Deserialize<'de> for NameBytes<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl<'de> Visitor<'de> for Bytes {
            type Value = NameBytes<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a name")
            }

            fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
                Ok(NameBytes(Cow::Borrowed(bytes)))
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(NameBytes(Cow::Owned(bytes.to_vec())))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// Whether a text is JSON of any kind.
pub fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

/// For a text that is JSON.
fn is_too_deep(json: &str) -> bool {
    let mut level = 0usize;
    for (is_quoted, piece) in pieces(json) {
        if is_quoted {
            continue;
        }
        for byte in piece.bytes() {
            match byte {
                b'{' | b'[' => {
                    level += 1;
                    if level > NESTING_LIMIT {
                        return true;
                    }
                }
                b'}' | b']' => level = level.saturating_sub(1),
                _ => {}
            }
        }
    }
    false
}

/// What stands between quotes and what does not, by turns, without the quotes; that first which is not.
fn pieces(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let (mut rest, mut is_quoted) = (Some(text), false);
    std::iter::from_fn(move || {
        let from = rest?;
        let mut end = from.find('"');
        // Behind an odd number of backslashes a quote is a sign of the text, wherever a line was broken between them.
        while let Some(at) = end.filter(|_| is_quoted) {
            let before = from.as_bytes().get(..at).unwrap_or_default().iter().rev().filter(|byte| !is_break(**byte));
            if before.take_while(|byte| **byte == b'\\').count() % 2 == 0 {
                break;
            }
            end = from.get(at + 1..).and_then(|behind| behind.find('"')).map(|next| at + 1 + next);
        }
        let piece = end.map_or(from, |end| from.get(..end).unwrap_or_default());
        rest = end.and_then(|end| from.get(end + 1..));
        let was_quoted = is_quoted;
        is_quoted = !is_quoted;
        Some((was_quoted, piece))
    })
}

/// Removes raw CR, LF and TAB inside quotes, where mail programs put them. A text without any is not copied.
pub fn without_breaks_in_quotes(text: &str) -> Cow<'_, str> {
    if !pieces(text).any(|(is_quoted, piece)| is_quoted && has_break(piece)) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    for (number, (is_quoted, piece)) in pieces(text).enumerate() {
        if number > 0 {
            kept.push('"');
        }
        if is_quoted {
            piece.split(['\r', '\n', '\t']).for_each(|part| kept.push_str(part));
        } else {
            kept.push_str(piece);
        }
    }
    Cow::Owned(kept)
}

/// What mail servers put into a line that is longer than they take (998 signs, RFC 5321, 4.5.3.1.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// A line end and a space (Postfix, nullmailer).
    Space,
    /// `!`, a line end and a space (Sendmail).
    MarkAndSpace,
}

impl Fold {
    pub const ALL: [Self; 2] = [Self::Space, Self::MarkAndSpace];
}

/// A text without these, wherever they stand; `None` where there are none.
pub fn without_folds(text: &str, fold: Fold) -> Option<String> {
    const FOLDED: &str = "\n ";
    let mut unfolded = String::with_capacity(text.len());
    let (mut rest, mut is_folded) = (text, false);
    while let Some((line, behind)) = rest.split_once(FOLDED) {
        let content = line.strip_suffix('\r').unwrap_or(line);
        let kept = match fold {
            Fold::Space => Some(content),
            Fold::MarkAndSpace => content.strip_suffix('!'),
        };
        is_folded |= kept.is_some();
        unfolded.push_str(kept.unwrap_or(line));
        unfolded.push_str(if kept.is_some() { "" } else { FOLDED });
        rest = behind;
    }
    unfolded.push_str(rest);
    is_folded.then_some(unfolded)
}

fn is_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n' | b'\t')
}

/// Looks at many bytes at a time: ciphertexts are long.
fn has_break(piece: &str) -> bool {
    piece.as_bytes().chunks(64).any(|chunk| chunk.iter().fold(false, |found, byte| found | is_break(*byte)))
}

/// The same within each line, for a text that is read line by line.
pub fn without_breaks_in_lines(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    for line in text.lines() {
        lines.push_str(&without_breaks_in_quotes(line));
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_are_removed_between_quotes_only() {
        assert_eq!(without_breaks_in_quotes("{\n\"a\r\n\tb\\\"\nc\":\t1}"), "{\n\"ab\\\"c\":\t1}");
        assert!(matches!(without_breaks_in_quotes("{\n\"a\":1}"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_mail_servers_do_to_long_lines_is_undone() {
        let folds = |text: &str| Fold::ALL.map(|fold| without_folds(text, fold));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(folds("ab\r\n c\nd"), [some("abc\nd"), None]);
        assert_eq!(folds("ab!\r\n c!\n  d\n e"), [some("ab!c! de"), some("abc d\n e")]);
        assert_eq!(folds("ab\ncd\r\n"), [None, None]);
    }

    #[test]
    fn quotes_behind_backslashes_end_nothing() {
        let said =
            |text: &str| pieces(text).map(|(is_quoted, piece)| format!("{is_quoted}:{piece}")).collect::<Vec<_>>();
        assert_eq!(said(r#"a"b\"c\\"d"#), ["false:a", r#"true:b\"c\\"#, "false:d"]);
        assert_eq!(said(r#"\"x"y"#), [r"false:\", "true:x", "false:y"]);
        assert_eq!(said(""), ["false:"]);
        assert_eq!(said("\"open\\\""), ["false:", "true:open\\\""]);
        assert_eq!(without_breaks_in_quotes("\"a\nb\"\n\"c\t\""), "\"ab\"\n\"c\"");
        assert_eq!(without_breaks_in_quotes("x\"a\nb"), "x\"ab");
        assert_eq!(without_breaks_in_quotes("\"a\\\n\"b\"\n"), "\"a\\\"b\"\n");
    }

    #[test]
    fn no_more_elements_are_taken_than_are_needed_to_refuse_them() {
        let list = vec!["1"; 3 * limits::BOXES];
        let json = format!("{{\"envelopes\":[{}],\"core\":{{}}}}", list.join(","));
        let parts = TextParts::of_json(&json).unwrap();
        assert_eq!(parts.envelopes[0].as_ref().unwrap().len(), limits::BOXES + 1);
        assert_eq!(parts.core, ["{}"]);
        let lines = format!("\"boxes\":[\n{}\n]\n\"core\":{{}},", list.join(",\n"));
        let parts = TextParts::of_lines(&lines);
        assert_eq!(parts.boxes[0].as_ref().unwrap().len(), limits::BOXES + 1);
        assert_eq!(parts.core, ["{}"]);
    }

    #[test]
    fn a_quoted_bracket_is_not_a_level() {
        assert!(!is_too_deep(&format!("[\"{}\\\"[\"]", "[".repeat(40))));
        assert!(!is_too_deep(&format!("{}{}", "[".repeat(16), "]".repeat(16))));
        assert!(is_too_deep(&format!("{}{}", "[".repeat(17), "]".repeat(17))));
    }
}
