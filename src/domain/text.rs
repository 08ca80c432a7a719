//! Text that came from a file and is shown to people: nothing in it can steer a terminal or hide.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use unicode_normalization::char::is_combining_mark;

use super::encoding::TextVisitor;

/// The most characters (Unicode scalar values) of a text in a snapshot (`docs/format.md`, section 1).
pub const TEXT_LIMIT: usize = 256;
/// The same for a note.
pub const NOTE_LIMIT: usize = 4096;

/// A text of 1 to 256 characters, as it stands in the file. `Display` shows it [`Safe`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    pub fn new(text: &str) -> Option<Self> {
        is_text(text, TEXT_LIMIT).then(|| Self(text.to_owned()))
    }

    /// The text as it stands, for sealing and comparing. To people it is shown by `Display`.
    pub fn raw(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        Safe(&self.0).fmt(out)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor { expects: "a text of 1 to 256 characters", parse: Self::new })
    }
}

/// Whether `text` has 1 to `limit` characters.
pub fn is_text(text: &str, limit: usize) -> bool {
    !text.is_empty() && text.chars().take(limit.saturating_add(1)).count() <= limit
}

/// Whether `text` is an e-mail address: NAME@DOMAIN, with nothing that could end a line of an e-mail, begin another address, or hide.
pub fn is_address(text: &str) -> bool {
    let is_plain = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| !c.is_whitespace() && !is_hazardous(c) && !"@<>,;:\"()[]\\".contains(c))
    };
    is_text(text, TEXT_LIMIT) && text.split_once('@').is_some_and(|(name, domain)| is_plain(name) && is_plain(domain))
}

/// More marks on one letter than any writing needs are written out: a tower of them would cover the lines above.
const MARKS_LIMIT: usize = 4;

/// Shows text with everything that could steer a terminal, reorder or hide letters as `<U+202E>`. At most ten characters for one.
pub struct Safe<'a>(pub &'a str);

impl fmt::Display for Safe<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut marks = 0;
        self.0.chars().try_for_each(|c| {
            marks = if is_combining_mark(c) { marks + 1 } else { 0 };
            let is_written_out = marks > MARKS_LIMIT || is_hazardous(c);
            if is_written_out { write!(out, "<U+{:04X}>", u32::from(c)) } else { write!(out, "{c}") }
        })
    }
}

/// C0, C1, line and paragraph separators, directional marks and overrides (UAX #9), zero-width and invisible characters, hidden
/// controls of rare scripts, variation selectors, tags, private use, noncharacters (no XML can hold them).
fn is_hazardous(c: char) -> bool {
    c.is_control()
        || u32::from(c) & 0xFFFE == 0xFFFE
        || matches!(u32::from(c),
            0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F | 0x2028..=0x202E
            | 0x2060..=0x206F | 0x3164 | 0xFDD0..=0xFDEF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0xE000..=0xF8FF
            | 0x13430..=0x1343F | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF | 0xF0000..=0x10_FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_label_reaches_the_terminal_as_a_command() {
        let cases = [
            ("Jane Doe", "Jane Doe"),
            ("\u{1b}]0;owned\u{7}", "<U+001B>]0;owned<U+0007>"),
            ("\u{9b}31m", "<U+009B>31m"),
            ("a\u{202e}b\u{2066}c", "a<U+202E>b<U+2066>c"),
            ("zero\u{200b}width\u{feff}", "zero<U+200B>width<U+FEFF>"),
            ("tag\u{e0041}", "tag<U+E0041>"),
            ("Zoë 鍵 😀", "Zoë 鍵 😀"),
            ("line\nbreak", "line<U+000A>break"),
            ("no\u{fffe}\u{fdd0}\u{5ffff}", "no<U+FFFE><U+FDD0><U+5FFFF>"),
            ("hidden\u{1bca0}\u{13430}", "hidden<U+1BCA0><U+13430>"),
            ("e\u{301}\u{301}\u{301}\u{301}\u{301}f\u{301}", "e\u{301}\u{301}\u{301}\u{301}<U+0301>f\u{301}"),
        ];
        for (raw, shown) in cases {
            assert_eq!(Safe(raw).to_string(), shown);
        }
    }

    #[test]
    fn an_address_is_one_address() {
        for address in ["a@b", "backup@example.org", "o'neil+x@sub.example.org", "z\u{f6}e@ex\u{e4}mple.org"] {
            assert!(is_address(address), "{address}");
        }
        let long = format!("{}@b", "a".repeat(255));
        for other in [
            "",
            "a",
            "@b",
            "a@",
            "a@b@c",
            "a b@c",
            "a@b\nBcc: c@d",
            "a@b,c@d",
            "<a@b>",
            "a@b\u{202e}",
            "a@b\u{1b}[2J",
            &long,
        ] {
            assert!(!is_address(other), "{other}");
        }
    }

    #[test]
    fn a_text_has_1_to_256_characters() {
        assert!(Text::new("").is_none());
        assert!(Text::new(&"é".repeat(256)).is_some());
        assert!(Text::new(&"é".repeat(257)).is_none());
    }
}
