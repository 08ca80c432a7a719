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

/// More marks on one letter than any writing needs are written out: a tower of them would cover the lines above.
const MARKS_LIMIT: usize = 4;

/// Shows text with everything that could steer a terminal, reorder or hide letters as `<U+202E>`. At most ten characters for one.
pub struct Safe<'a>(pub &'a str);

impl fmt::Display for Safe<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            // As most text is.
            return out.write_str(self.0);
        }
        // At the beginning a mark has no letter, and would go onto what stands before the text.
        let mut marks = MARKS_LIMIT;
        let mut before = ' ';
        let mut rest = self.0.chars().peekable();
        while let Some(c) = rest.next() {
            let is_mark = is_combining_mark(c) || hangul(c).is_some_and(Hangul::is_mark);
            marks = if is_mark { marks + 1 } else { 0 };
            let is_between = !before.is_whitespace() && rest.peek().is_some_and(|next| !next.is_whitespace());
            let is_space = c == IDEOGRAPHIC_SPACE && is_between;
            let is_written_out = marks > MARKS_LIMIT
                || is_hazardous(c)
                || (is_odd_space(c) && !is_space)
                || hangul(c).is_some_and(|part| part.is_mark() && !part.joins(hangul(before)));
            if is_written_out { write!(out, "<U+{:04X}>", u32::from(c)) } else { write!(out, "{c}") }?;
            // What was written out is no letter that a part of Hangul could join.
            before = if is_written_out && !c.is_whitespace() { '>' } else { c };
        }
        Ok(())
    }
}

/// Text that is [`Safe`] already, at most so many columns of it, where only ASCII is sure to take no more than one; `…` for the rest.
/// For sentences: a name of 256 wide letters would fill a screen.
pub fn brief(text: &str, columns: usize) -> String {
    let (mut used, mut end) = (0, 0);
    for (at, c) in text.char_indices() {
        used += if c.is_ascii() { 1 } else { 2 };
        if used > columns {
            return format!("{}…", text.get(..end).unwrap_or_default());
        }
        if used < columns {
            end = at + c.len_utf8();
        }
    }
    text.to_owned()
}

/// So many of a thing: `1 key`, `2 keys`, `1 box`, `2 boxes`.
pub fn counted(count: impl TryInto<u64>, one: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    let ending = if count == 1 {
        ""
    } else if one.ends_with('x') {
        "es"
    } else {
        "s"
    };
    format!("{count} {one}{ending}")
}

/// A list in a row, `separator` between its members: as many of them as fit, and how many are left out.
pub fn listed(members: &[String], separator: &str, fits: impl Fn(&str) -> bool) -> String {
    let whole = members.join(separator);
    if fits(&whole) {
        return whole;
    }
    let shortened = |count: usize| {
        let named = members.get(..count).unwrap_or(members).join(separator);
        format!("{named}{separator}and {} more", members.len() - count)
    };
    let longest = (1..members.len()).rev().map(shortened).find(|text| fits(text));
    longest.unwrap_or_else(|| counted(members.len(), "name"))
}

/// With its first letter as a capital.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The space of Chinese and Japanese: between two letters it is what it looks like.
const IDEOGRAPHIC_SPACE: char = '\u{3000}';

/// A space that cannot be told from another one, from nothing, or that no search for a space finds.
fn is_odd_space(c: char) -> bool {
    c == '\u{2800}' || (c != ' ' && c.is_whitespace())
}

/// Hangul as Unicode joins it into syllables (UAX #29, GB6 to GB8): consonants before, vowels, consonants behind, and whole syllables
/// without and with such a consonant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hangul {
    Leading,
    Vowel,
    Trailing,
    Open,
    Closed,
}

impl Hangul {
    /// Whether it has no width of its own.
    fn is_mark(self) -> bool {
        matches!(self, Self::Vowel | Self::Trailing)
    }

    fn joins(self, before: Option<Self>) -> bool {
        match self {
            Self::Vowel => matches!(before, Some(Self::Leading | Self::Vowel | Self::Open)),
            Self::Trailing => matches!(before, Some(Self::Vowel | Self::Open | Self::Trailing | Self::Closed)),
            Self::Leading | Self::Open | Self::Closed => false,
        }
    }
}

fn hangul(c: char) -> Option<Hangul> {
    Some(match u32::from(c) {
        0x1100..=0x115F | 0xA960..=0xA97C => Hangul::Leading,
        0x1160..=0x11A7 | 0xD7B0..=0xD7C6 => Hangul::Vowel,
        0x11A8..=0x11FF | 0xD7CB..=0xD7FB => Hangul::Trailing,
        syllable @ 0xAC00..=0xD7A3 if (syllable - 0xAC00).is_multiple_of(28) => Hangul::Open,
        0xAC00..=0xD7A3 => Hangul::Closed,
        _ => return None,
    })
}

/// C0, C1, line and paragraph separators, directional marks and overrides (UAX #9), zero-width and invisible characters, hidden
/// controls of rare scripts, variation selectors, tags, private use, noncharacters (no XML can hold them); and what has no width and
/// no letter before it to stand on: signs that go before a letter in rare scripts, and marks too new for most terminals.
pub(super) fn is_hazardous(c: char) -> bool {
    c.is_control()
        || u32::from(c) & 0xFFFE == 0xFFFE
        || matches!(u32::from(c),
            0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F | 0x2028..=0x202E
            | 0x2060..=0x206F | 0x3164 | 0xFDD0..=0xFDEF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0xE000..=0xF8FF
            | 0x605 | 0x70F | 0x890 | 0x891 | 0x8E2 | 0xD4E | 0xA8FA | 0x111C2 | 0x111C3 | 0x113D1 | 0x1193F | 0x11941
            | 0x11A84..=0x11A89 | 0x11D46 | 0x11F02 | 0x5C8 | 0x5C9 | 0xB53 | 0xB54 | 0x1ADE | 0x1ADF | 0x1AEC..=0x1AF0
            | 0x10ECB..=0x10ECF | 0x10EF0..=0x10EF9 | 0x11DF0 | 0x1D127 | 0x1D128 | 0x1D250..=0x1D252 | 0x1D25B | 0x1D25C | 0x1D25F
            | 0x1D280 | 0x1D281
            | 0x13430..=0x1343F | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF | 0xF0000..=0x10_FFFF)
}

/// A path as it is typed into a command: in quotes where a shell would take it apart.
pub fn argument(path: &str) -> String {
    let shown = Safe(path).to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+:,@".contains(c);
    if !shown.is_empty() && shown.chars().all(is_plain) { shown } else { format!("'{}'", shown.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_typed_as_one_argument() {
        for (path, typed) in [
            ("/media/stick/UNCONFIRMED-snapshot.json", "/media/stick/UNCONFIRMED-snapshot.json"),
            ("/media/MY STICK/a.json", "'/media/MY STICK/a.json'"),
            ("/media/Ann's/$(x)", "'/media/Ann'\\''s/$(x)'"),
            ("", "''"),
            ("/médias/é", "/médias/é"),
        ] {
            assert_eq!(argument(path), typed);
        }
    }

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
            ("\u{301}\u{301}a\u{301}", "<U+0301><U+0301>a\u{301}"),
            ("\u{1112}\u{1161}\u{11ab}", "\u{1112}\u{1161}\u{11ab}"),
            ("가\u{11a8}\u{1161}x\u{11a8}", "가\u{11a8}<U+1161>x<U+11A8>"),
            ("\u{600}\u{605}\u{5c8}", "\u{600}<U+0605><U+05C8>"),
            ("\u{1161}a\u{2003}b\u{a0}\u{2800}", "<U+1161>a<U+2003>b<U+00A0><U+2800>"),
            ("佐藤\u{3000}花子", "佐藤\u{3000}花子"),
            ("\u{3000}佐藤\u{3000}", "<U+3000>佐藤<U+3000>"),
            ("佐\u{3000}\u{3000}藤 \u{3000}子", "佐<U+3000><U+3000>藤 <U+3000>子"),
        ];
        for (raw, shown) in cases {
            assert_eq!(Safe(raw).to_string(), shown);
        }
    }

    #[test]
    fn in_a_sentence_a_long_name_is_cut() {
        assert_eq!((brief("abcd", 4), brief("abcde", 4)), ("abcd".to_owned(), "abc…".to_owned()));
        assert_eq!(
            (brief("佐藤", 4), brief("佐藤花", 5), brief("佐", 0)),
            ("佐藤".to_owned(), "佐藤…".to_owned(), "…".to_owned())
        );
    }

    #[test]
    fn one_thing_is_no_plural() {
        assert_eq!([0, 1, 2].map(|count: usize| counted(count, "box")), ["0 boxes", "1 box", "2 boxes"]);
        assert_eq!([0, 1, 2].map(|count: u8| counted(count, "key")), ["0 keys", "1 key", "2 keys"]);
    }

    #[test]
    fn a_text_has_1_to_256_characters() {
        assert!(Text::new("").is_none());
        assert!(Text::new(&"é".repeat(256)).is_some());
        assert!(Text::new(&"é".repeat(257)).is_none());
    }

    #[test]
    fn a_list_is_shortened_between_its_members_and_says_how_many_are_left_out() {
        let members = ["Acme", "Bank", "Cellar"].map(str::to_owned);
        let within = |most: usize| listed(&members, ", ", |text| text.len() <= most);
        assert_eq!((within(18).as_str(), within(17).as_str()), ("Acme, Bank, Cellar", "Acme, and 2 more"));
        assert_eq!((within(23).as_str(), within(3).as_str()), ("Acme, Bank, Cellar", "3 names"));
        let four = ["Acme", "Bank", "Cellar", "Depot of the town"].map(str::to_owned);
        assert_eq!(listed(&four, "; ", |text| text.len() <= 30), "Acme; Bank; Cellar; and 1 more");
    }
}
