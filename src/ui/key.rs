//! Keys as the screens see them, out of the bytes that a terminal sends. The only place that knows escape sequences.
//!
//! Sources: ECMA-48 (control sequences), the VT220 and xterm manuals (function keys), `console_codes(4)` (the Linux console).

use std::fmt;
use std::time::Duration;

use zeroize::Zeroize;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Char(char),
    /// A control character as its letter, in lower case.
    Ctrl(char),
    F(u8),
    Backspace,
    BackTab,
    Delete,
    Down,
    End,
    Enter,
    Esc,
    Home,
    Insert,
    Left,
    PageDown,
    PageUp,
    /// What comes up to [`Key::PasteEnd`] was pasted: characters only, a line end as one of them.
    PasteStart,
    PasteEnd,
    Right,
    Tab,
    Up,
}

/// What is typed may be part of a phrase: it never reaches a log.
impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(_) => out.write_str("Char(_)"),
            Self::Ctrl(c) => write!(out, "Ctrl({c})"),
            Self::F(number) => write!(out, "F({number})"),
            Self::Backspace => out.write_str("Backspace"),
            Self::BackTab => out.write_str("BackTab"),
            Self::Delete => out.write_str("Delete"),
            Self::Down => out.write_str("Down"),
            Self::End => out.write_str("End"),
            Self::Enter => out.write_str("Enter"),
            Self::Esc => out.write_str("Esc"),
            Self::Home => out.write_str("Home"),
            Self::Insert => out.write_str("Insert"),
            Self::Left => out.write_str("Left"),
            Self::PageDown => out.write_str("PageDown"),
            Self::PageUp => out.write_str("PageUp"),
            Self::PasteStart => out.write_str("PasteStart"),
            Self::PasteEnd => out.write_str("PasteEnd"),
            Self::Right => out.write_str("Right"),
            Self::Tab => out.write_str("Tab"),
            Self::Up => out.write_str("Up"),
        }
    }
}

/// What was typed is overwritten where it waited.
impl Zeroize for Key {
    fn zeroize(&mut self) {
        *self = Self::Esc;
    }
}

/// How long the rest of an escape sequence is waited for before a lone Esc is taken for the key.
const LONE_ESC: Duration = Duration::from_millis(40);
/// How long a sequence that has begun may take, and how long after a lone Esc its late rest is still known for what it is.
const SLOW_LINE: Duration = Duration::from_millis(400);
/// How long a pause ends a paste whose end never came.
const LONG_PAUSE: Duration = Duration::from_secs(2);

/// Makes keys of bytes, however the reads cut them. Time is told to it.
#[derive(Default)]
pub struct Decoder {
    state: ReaderState,
    /// When the last byte came.
    last: Duration,
    is_pasting: bool,
    /// The bytes of an unfinished character or sequence.
    held: [u8; 16],
    length: usize,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum ReaderState {
    #[default]
    Ground,
    /// A lone Esc was given out; a sequence whose Esc came too early may follow.
    AfterEsc,
    Esc,
    /// `ESC [` and parameters; `late` when its Esc was given out already.
    Csi {
        late: bool,
    },
    /// `ESC O`
    Ss3 {
        late: bool,
    },
    /// `ESC [ [`, the function keys of the Linux console.
    Linux,
    /// A character of so many bytes.
    Utf8(usize),
}

impl Decoder {
    /// Takes a byte that came at `now` and gives out the keys that are complete.
    pub fn feed(&mut self, byte: u8, now: Duration, give: &mut impl FnMut(Key)) {
        self.expire(now, give);
        self.last = now;
        match self.state {
            ReaderState::Ground => self.ground(byte, give),
            ReaderState::AfterEsc => match byte {
                b'[' => self.enter(ReaderState::Csi { late: true }),
                b'O' => self.enter(ReaderState::Ss3 { late: true }),
                _ => self.ground(byte, give),
            },
            ReaderState::Esc if self.is_pasting && byte != b'[' => self.ground(byte, give),
            ReaderState::Esc => match byte {
                b'[' => self.enter(ReaderState::Csi { late: false }),
                b'O' => self.enter(ReaderState::Ss3 { late: false }),
                0x1B => give(Key::Esc),
                // A key with Alt held, or two keys in one read: neither is lost.
                _ => {
                    give(Key::Esc);
                    self.ground(byte, give);
                }
            },
            ReaderState::Csi { .. } => self.csi(byte, give),
            ReaderState::Ss3 { .. } => {
                self.reset(ReaderState::Ground);
                ss3(byte).into_iter().for_each(give);
            }
            ReaderState::Linux => {
                self.reset(ReaderState::Ground);
                (b'A'..=b'E').contains(&byte).then(|| Key::F(byte - b'A' + 1)).into_iter().for_each(give);
            }
            ReaderState::Utf8(length) => self.utf8(byte, length, give),
        }
    }

    /// When [`Decoder::expire`] has something to do, if nothing comes before.
    pub fn deadline(&self) -> Option<Duration> {
        let patience = match self.state {
            ReaderState::Ground if self.is_pasting => LONG_PAUSE,
            ReaderState::Ground => return None,
            ReaderState::Esc => LONE_ESC,
            ReaderState::AfterEsc
            | ReaderState::Csi { .. }
            | ReaderState::Ss3 { .. }
            | ReaderState::Linux
            | ReaderState::Utf8(_) => SLOW_LINE,
        };
        Some(self.last + patience)
    }

    /// Gives up waiting for what did not come in time.
    pub fn expire(&mut self, now: Duration, give: &mut impl FnMut(Key)) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        match self.state {
            ReaderState::Ground if self.is_pasting => {
                self.is_pasting = false;
                give(Key::PasteEnd);
            }
            ReaderState::Esc if self.is_pasting => {}
            ReaderState::Esc => {
                self.reset(ReaderState::AfterEsc);
                self.last = now;
                give(Key::Esc);
                return;
            }
            // Somebody pressed Esc and then this very character.
            ReaderState::Csi { late: true } if self.length == 0 => give(Key::Char('[')),
            ReaderState::Ss3 { late: true } => give(Key::Char('O')),
            _ => {}
        }
        self.reset(ReaderState::Ground);
    }

    fn ground(&mut self, byte: u8, give: &mut impl FnMut(Key)) {
        self.reset(ReaderState::Ground);
        match byte {
            0x1B => self.enter(ReaderState::Esc),
            0x00..=0x1F | 0x7F if self.is_pasting => give(Key::Char('\n')),
            b'\r' | b'\n' => give(Key::Enter),
            b'\t' => give(Key::Tab),
            0x08 | 0x7F => give(Key::Backspace),
            0x01..=0x1A => give(Key::Ctrl(char::from(byte - 1 + b'a'))),
            0x20..=0x7E => give(Key::Char(char::from(byte))),
            0xC2..=0xDF => self.begin(byte, 2),
            0xE0..=0xEF => self.begin(byte, 3),
            0xF0..=0xF4 => self.begin(byte, 4),
            // Control characters that are no key, and bytes that begin no character.
            _ => {}
        }
    }

    fn begin(&mut self, byte: u8, length: usize) {
        self.enter(ReaderState::Utf8(length));
        self.hold(byte);
    }

    fn utf8(&mut self, byte: u8, length: usize, give: &mut impl FnMut(Key)) {
        if !(0x80..=0xBF).contains(&byte) {
            self.ground(byte, give);
            return;
        }
        self.hold(byte);
        if self.length == length {
            let c = self.held.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok()?.chars().next());
            self.reset(ReaderState::Ground);
            c.filter(|c| !c.is_control()).map(Key::Char).into_iter().for_each(give);
        }
    }

    fn csi(&mut self, byte: u8, give: &mut impl FnMut(Key)) {
        match byte {
            b'[' if self.length == 0 => self.enter(ReaderState::Linux),
            // Parameters and intermediates. What is too long to be a key is swallowed up to its end.
            0x20..=0x3F => self.hold(byte),
            0x40..=0x7E => {
                let key = control_sequence(self.held.get(..self.length).unwrap_or_default(), byte);
                self.reset(ReaderState::Ground);
                let is_pasting = self.is_pasting;
                match key {
                    Some(Key::PasteStart) => self.is_pasting = true,
                    Some(Key::PasteEnd) => self.is_pasting = false,
                    _ => {}
                }
                // Keys within what was pasted are none, and there is no end without a beginning.
                key.filter(|key| is_pasting == (*key == Key::PasteEnd)).into_iter().for_each(give);
            }
            _ => self.ground(byte, give),
        }
    }

    fn hold(&mut self, byte: u8) {
        if let Some(place) = self.held.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    fn enter(&mut self, state: ReaderState) {
        self.reset(state);
    }

    fn reset(&mut self, state: ReaderState) {
        self.held.zeroize();
        self.length = 0;
        self.state = state;
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        self.held.zeroize();
    }
}

fn ss3(byte: u8) -> Option<Key> {
    Some(match byte {
        b'P' => Key::F(1),
        b'Q' => Key::F(2),
        b'R' => Key::F(3),
        b'S' => Key::F(4),
        b'M' => Key::Enter,
        _ => return letter(byte),
    })
}

/// Modifiers (`1;5C`) are ignored: the key counts.
fn control_sequence(parameters: &[u8], last: u8) -> Option<Key> {
    let number = || -> Option<u8> {
        let first = parameters.split(|byte| *byte == b';').next()?;
        std::str::from_utf8(first).ok()?.parse().ok()
    };
    match last {
        b'~' => Some(match number()? {
            1 | 7 => Key::Home,
            2 => Key::Insert,
            3 => Key::Delete,
            4 | 8 => Key::End,
            5 => Key::PageUp,
            6 => Key::PageDown,
            number @ 11..=15 => Key::F(number - 10),
            number @ 17..=21 => Key::F(number - 11),
            number @ 23..=24 => Key::F(number - 12),
            200 => Key::PasteStart,
            201 => Key::PasteEnd,
            _ => return None,
        }),
        b'P'..=b'S' => ss3(last),
        b'Z' => Some(Key::BackTab),
        _ => letter(last),
    }
}

fn letter(byte: u8) -> Option<Key> {
    Some(match byte {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'F' => Key::End,
        b'H' => Key::Home,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds bytes so many microseconds apart, then waits.
    fn keys(bytes: &[u8], apart: u64) -> Vec<Key> {
        let mut found = Vec::new();
        let mut decoder = Decoder::default();
        let mut now = Duration::ZERO;
        for byte in bytes {
            now += Duration::from_micros(apart);
            decoder.feed(*byte, now, &mut |key| found.push(key));
        }
        while let Some(deadline) = decoder.deadline() {
            decoder.expire(deadline, &mut |key| found.push(key));
        }
        found
    }

    #[test]
    fn sequences_are_keys_however_they_are_cut() {
        let cases: &[(&[u8], Key)] = &[
            (b"\x1b[A", Key::Up),
            (b"\x1bOB", Key::Down),
            (b"\x1b[1;5C", Key::Right),
            (b"\x1b[D", Key::Left),
            (b"\x1b[Z", Key::BackTab),
            (b"\x1b[3~", Key::Delete),
            (b"\x1b[5~", Key::PageUp),
            (b"\x1b[1~", Key::Home),
            (b"\x1b[F", Key::End),
            (b"\x1b[[A", Key::F(1)),
            (b"\x1b[[E", Key::F(5)),
            (b"\x1bOP", Key::F(1)),
            (b"\x1b[12~", Key::F(2)),
            (b"\x1b[17~", Key::F(6)),
            (b"\x1b[21~", Key::F(10)),
            (b"\x1b", Key::Esc),
            (b"\r", Key::Enter),
            (b"\n", Key::Enter),
            (b"\x7f", Key::Backspace),
            (b"\x08", Key::Backspace),
            (b"\x03", Key::Ctrl('c')),
            ("é".as_bytes(), Key::Char('é')),
            ("鍵".as_bytes(), Key::Char('鍵')),
        ];
        // 9600 baud is a byte in 1,042 microseconds.
        for apart in [0, 1_042, 39_000] {
            for (bytes, key) in cases {
                assert!(keys(bytes, apart) == [*key], "{bytes:?} every {apart} us: {:?}", keys(bytes, apart));
            }
        }
    }

    #[test]
    fn an_arrow_key_byte_by_byte_never_becomes_text() {
        let arrows = b"\x1b[A\x1b[B\x1b[C\x1b[D".repeat(50);
        for apart in (0..400_000).step_by(7_001) {
            let found = keys(&arrows, apart);
            assert!(found.iter().all(|key| !matches!(key, Key::Char(_))), "every {apart} us: {found:?}");
            assert_eq!(found.iter().filter(|key| **key != Key::Esc).count(), 200, "every {apart} us");
        }
    }

    #[test]
    fn what_is_no_key_is_swallowed_and_hides_nothing_after_it() {
        for noise in
            [&b"\x1b[?1;2c"[..], b"\x1b[99999999999999999999999~", b"\x1b[201~", b"\x1b[M", b"\xff\xc3", b"\x1b[[x"]
        {
            let mut bytes = noise.to_vec();
            bytes.extend(b"z");
            let found = keys(&bytes, 10);
            assert!(found == [Key::Char('z')], "{noise:?}: {found:?}");
        }
    }

    #[test]
    fn what_is_pasted_is_characters_between_two_marks_and_never_a_key() {
        let pasted = [Key::PasteStart, Key::Char('a'), Key::Char('\n'), Key::Char('é'), Key::PasteEnd];
        for apart in [0, 10, 1_042] {
            for text in ["a\ré", "a\né", "a\té", "a\u{3}é", "a\x1b[A\x1b\r\x1b[200~é", "a\x1bOP\x1b[1~é"] {
                let found = keys(format!("\x1b[200~{text}\x1b[201~").as_bytes(), apart);
                let is_so = found == pasted || text.contains('O') && found.len() == pasted.len() + 1;
                assert!(is_so, "{text:?}: {found:?}");
            }
        }
        // The end that never comes is a long pause.
        assert!(keys(b"\x1b[200~a", 10) == [Key::PasteStart, Key::Char('a'), Key::PasteEnd]);
        assert!(keys(b"\x1b[200~a\x1b", 10) == [Key::PasteStart, Key::Char('a'), Key::PasteEnd]);
    }

    #[test]
    fn esc_and_the_key_after_it_are_both_there() {
        assert!(keys(b"\x1bq", 10) == [Key::Esc, Key::Char('q')]);
        assert!(keys(b"\x1b\x1b", 10) == [Key::Esc, Key::Esc]);
        assert!(keys(b"\x1b[", 50_000) == [Key::Esc, Key::Char('[')], "somebody typed a bracket");
    }

    #[test]
    fn what_is_typed_is_not_printed() {
        assert_eq!(format!("{:?}", keys("zé".as_bytes(), 1)), "[Char(_), Char(_)]");
    }
}
