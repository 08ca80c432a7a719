//! Base64 as mail programs write it (RFC 2045, section 6.8), read as far as it goes: a wrong sign costs three bytes at most, and
//! not what stands behind it. What came out, the digests of a snapshot judge.

use data_encoding::BASE64_NOPAD;

use crate::domain::text::counted;

/// Signs that a line has, where it is a whole one (RFC 2045 and RFC 7468 have 76 and 64).
const WHOLE_LINE: usize = 60;

/// What came out of a text.
pub(super) struct Base64Text {
    pub bytes: Vec<u8>,
    /// Bytes of the text that were read; behind them stands something else, or nothing.
    pub end: usize,
    /// Signs that are none, or line ends that are wrong.
    pub wrong: usize,
    /// Where in the text the first of them is, in bytes.
    pub first_wrong: usize,
}

impl Base64Text {
    /// Of a text that is base64. What a list or a gateway put above and below is left out.
    pub(super) fn of(text: &[u8]) -> Self {
        let (start, width) = beginning(text).unwrap_or_default();
        Self::read(text, start, width, text.len() / 4 * 3 + 3)
    }

    /// `start`: where it begins. `width`: signs of a whole line, or 0. `capacity`: bytes that are reserved.
    fn read(text: &[u8], start: usize, width: usize, capacity: usize) -> Self {
        let mut read = Self { bytes: Vec::with_capacity(capacity), end: start, wrong: 0, first_wrong: 0 };
        let mut signs = Vec::with_capacity(PIECE);
        let mut rest = lines(text.get(start..).unwrap_or_default()).peekable();
        while let Some(line) = rest.next() {
            let bare = without_end(line);
            let next = rest.peek().map(|next| without_end(next));
            let is_taken = if next.is_some_and(|next| is_split(bare, next, width)) {
                read.take(bare, &mut signs);
                read.stand_in(bare.len(), &mut signs);
                true
            } else if is_longer(bare, width) {
                read.take_joined(bare, width, &mut signs)
            } else if is_damaged(bare, width) {
                read.take_damaged(bare, 0, &mut signs);
                true
            } else if is_clean(bare) {
                read.take(bare, &mut signs);
                true
            } else {
                false
            };
            if !is_taken {
                break;
            }
            read.end += line.len();
        }
        decode(&mut signs, &mut read.bytes);
        read
    }

    /// How far it was read, and what of it is wrong; nothing where it was read to the end of `text` and nothing is.
    pub(super) fn remarks(&self, text: &[u8]) -> Vec<String> {
        let rest = text.get(self.end..).unwrap_or_default();
        let mut remarks = Vec::new();
        if !rest.trim_ascii().is_empty() {
            remarks.push(format!(
                "its base64 ends at byte {} of {}, and what stands behind it was not read",
                self.end,
                text.len()
            ));
        }
        if self.wrong > 0 {
            remarks.push(format!(
                "{} of its base64 {} wrong, the first at byte {} of {}",
                counted(self.wrong, "sign"),
                if self.wrong == 1 { "is" } else { "are" },
                self.first_wrong,
                text.len()
            ));
        }
        remarks
    }

    /// A line without wrong signs.
    fn take(&mut self, line: &[u8], signs: &mut Vec<u8>) {
        for byte in line {
            if is_sign(*byte) {
                signs.push(*byte);
            }
            if signs.len() == PIECE || *byte == b'=' {
                decode(signs, &mut self.bytes);
            }
        }
    }

    /// A line of whole length. `at`: where in its line of the text it begins.
    fn take_damaged(&mut self, line: &[u8], at: usize, signs: &mut Vec<u8>) {
        let end = without_padding(line).len();
        for (index, byte) in line.iter().take(end).enumerate() {
            if is_sign(*byte) {
                signs.push(*byte);
            } else {
                self.stand_in(at + index, signs);
            }
            if signs.len() == PIECE {
                decode(signs, &mut self.bytes);
            }
        }
    }

    /// In the place of a sign that is lost: some bits are wrong, and those behind it stay where they are.
    fn stand_in(&mut self, at: usize, signs: &mut Vec<u8>) {
        self.note_wrong(at);
        signs.push(b'A');
        if signs.len() == PIECE {
            decode(signs, &mut self.bytes);
        }
    }

    fn note_wrong(&mut self, at: usize) {
        if self.wrong == 0 {
            self.first_wrong = self.end + at;
        }
        self.wrong += 1;
    }

    /// Lines that stand behind one another because the end of one became something else; whether they are such.
    fn take_joined(&mut self, line: &[u8], width: usize, signs: &mut Vec<u8>) -> bool {
        let mut pieces = Vec::new();
        let mut at = 0;
        while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
            let piece = rest.get(..width).unwrap_or(rest);
            if odd(piece) > piece.len() / 8 {
                return false;
            }
            pieces.push((at, piece));
            at += width + if rest.get(width) == Some(&b'\r') { 2 } else { 1 };
        }
        for (at, piece) in pieces {
            self.take_damaged(piece, at, signs);
            if line.get(at + width).is_some_and(|end| !end.is_ascii_whitespace()) {
                self.note_wrong(at + width);
            }
        }
        true
    }
}

/// What each run of whole lines in a text stands for, in order: of an e-mail whose header or boundary is damaged, or whose parts
/// somebody copied out of it.
pub(super) fn runs(text: &[u8]) -> impl Iterator<Item = Base64Text> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..)?;
        let (start, width) = beginning(rest)?;
        let mut run = Base64Text::read(rest, start, width, 0);
        let line = rest.get(start..).and_then(|rest| lines(rest).next()).map_or(1, <[u8]>::len);
        let end = run.end.max(start + line);
        run.end += from;
        from += end;
        Some(run)
    })
}

/// Where base64 begins, and how many signs a whole line of it has: at the first such line, or at a line above it that is damaged.
fn beginning(text: &[u8]) -> Option<(usize, usize)> {
    let mut at = 0;
    let (mut above, mut above_that): (&[u8], &[u8]) = (&[], &[]);
    let mut rest = lines(text);
    while let Some(line) = rest.next() {
        let bare = without_end(line);
        if is_whole(bare) {
            let (one, two) = (without_end(above), without_end(above_that));
            let mut below = rest.clone().map(without_end);
            let (below, below_that) = (below.next().unwrap_or_default(), below.next().unwrap_or_default());
            if is_split(one, bare, below.len()) {
                return Some((at - above.len(), below.len()));
            }
            if is_split(bare, below, below_that.len()) {
                return Some((at, below_that.len()));
            }
            if is_whole(below) && is_longer(bare, below.len()) {
                return Some((at, below.len()));
            }
            let width = bare.len();
            let is_joined = one.len() > width && one.len() <= 2 * width + 2 && odd(one) <= 2;
            let start = if is_damaged(one, width) || is_joined {
                at - above.len()
            } else if is_split(two, one, width) {
                at - above.len() - above_that.len()
            } else {
                at
            };
            return Some((start, width));
        }
        at += line.len();
        above_that = std::mem::replace(&mut above, line);
    }
    None
}

/// Lines with their ends.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    bytes.split_inclusive(|byte| *byte == b'\n')
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn without_padding(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|byte| *byte != b'=').map_or(0, |at| at + 1);
    line.get(..end).unwrap_or(line)
}

fn is_sign(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

fn is_whole(line: &[u8]) -> bool {
    line.len() >= WHOLE_LINE && line.iter().all(|byte| is_sign(*byte) || *byte == b'=')
}

fn is_clean(line: &[u8]) -> bool {
    line.iter().all(|byte| is_sign(*byte) || byte.is_ascii_whitespace() || *byte == b'=')
}

/// How many signs of a line, before what fills it up, are none.
fn odd(line: &[u8]) -> usize {
    without_padding(line).iter().filter(|byte| !is_sign(**byte)).count()
}

/// A line as long as the others in which a few signs are none.
fn is_damaged(line: &[u8], width: usize) -> bool {
    width >= WHOLE_LINE && line.len() == width && odd(line) > 0 && odd(line) <= width / 8
}

/// Two lines that were one before a sign of it became a line end.
fn is_split(line: &[u8], next: &[u8], width: usize) -> bool {
    width >= WHOLE_LINE
        && !line.is_empty()
        // Widths are even.
        && line.len() != next.len()
        && line.len() + 1 + next.len() == width
        && line.iter().chain(next).all(|byte| is_sign(*byte))
}

/// A line that holds more than whole groups of four signs, and so more than one line.
fn is_longer(line: &[u8], width: usize) -> bool {
    width >= WHOLE_LINE && line.len() > width && (!line.len().is_multiple_of(4) || odd(line) > 0)
}

/// Signs that are decoded at once, so that only the result needs memory of its own: whole groups of four.
const PIECE: usize = 4 << 10;

/// Appends what `signs` stand for, and takes them away. A last one that makes no byte is of a cut file.
fn decode(signs: &mut Vec<u8>, bytes: &mut Vec<u8>) {
    if signs.len() % 4 == 1 {
        signs.pop();
    }
    let before = bytes.len();
    bytes.resize(before + signs.len() * 3 / 4, 0);
    let written = bytes.get_mut(before..).map(|room| BASE64_NOPAD.decode_mut(signs, room));
    if let Some(Err(partial)) = written {
        bytes.truncate(before + partial.written);
    }
    signs.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_far_as_it_goes() {
        for (body, text, end) in [
            ("QUJD", "ABC", 4),
            ("QU\r\nJD\r\n", "ABC", 8),
            ("QQ==QkM=", "ABC", 8),
            ("QUJDR", "ABC", 5),
            ("QUJD\n___ a footer ___\nQUJD\n", "ABC", 5),
            ("QUJDRA", "ABCD", 6),
            ("", "", 0),
            ("Q U\tJD", "ABC", 6),
        ] {
            let read = Base64Text::of(body.as_bytes());
            assert_eq!((std::str::from_utf8(&read.bytes).unwrap(), read.end, read.wrong), (text, end, 0), "{body:?}");
        }
        let long = numbers(20_000);
        assert_eq!(Base64Text::of(data_encoding::BASE64.encode(&long).as_bytes()).bytes, long);
    }

    fn numbers(count: u32) -> Vec<u8> {
        (0..count).map(|n| ((n * n) >> 3).to_le_bytes()[0]).collect()
    }

    #[test]
    fn a_wrong_bit_anywhere_costs_no_line_but_the_last() {
        let bytes = numbers(500);
        for (name, text) in [
            ("CRLF", data_encoding::BASE64_MIME.encode(&bytes)),
            ("LF", data_encoding::BASE64_MIME.encode(&bytes).replace("\r\n", "\n")),
        ] {
            for at in 0..text.len() {
                // Of a last line, which is shorter, all may be lost.
                let allowed = if at < text.trim_end().rfind('\n').unwrap() { 3 } else { 57 };
                for bit in 0..8 {
                    let mut flipped = text.clone().into_bytes();
                    flipped[at] ^= 1 << bit;
                    let read = Base64Text::of(&flipped);
                    let different = read.bytes.iter().zip(&bytes).filter(|(one, other)| one != other).count();
                    let missing = bytes.len().saturating_sub(read.bytes.len());
                    assert!(
                        different + missing <= allowed,
                        "{name}, bit {bit} of byte {at}: {different} and {missing}"
                    );
                }
            }
        }
    }

    #[test]
    fn runs_of_whole_lines_are_found_in_any_text() {
        let (one, two) = (numbers(300), numbers(200));
        let text = |bytes: &[u8]| data_encoding::BASE64_MIME.encode(bytes);
        let whole = format!("A header: x\r\n\r\n{}--b--\r\nQUJD\r\nwords\r\n{}", text(&one), text(&two));
        let found: Vec<Vec<u8>> = runs(whole.as_bytes()).map(|run| run.bytes).collect();
        assert_eq!(found, [one, two]);
        assert_eq!(runs(b"no such line\n").count(), 0);
        // Whatever stands above and below it, each byte is looked at a few times at most, and it ends.
        for odd in ["-", "=", " ", "\n", "\r"] {
            let text = format!("{}{odd}\n", "A".repeat(60)).repeat(50);
            assert!(runs(text.as_bytes()).count() <= 50);
        }
    }
}
