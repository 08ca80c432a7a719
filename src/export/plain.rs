//! What the forms for people share: hostile text made plain, and secret text put together without copies left behind.

use std::fmt::{self, Write as _};
use std::io;

use zeroize::Zeroizing;

use crate::domain::secret::{SecretBuffer, SecretText};
use crate::domain::text::Safe;

/// Whether [`Safe`] shows all that is in it as it is.
pub fn is_faithful(text: &str) -> bool {
    let mut length = WrittenLength(0);
    write!(length, "{}", Safe(text)).is_ok() && length.0 == text.len()
}

/// Measures first and writes then: no half-grown copy of a secret is left behind.
pub fn secret_text(what: fmt::Arguments<'_>) -> SecretText {
    let mut length = WrittenLength(0);
    let measured = length.write_fmt(what);
    let mut text = Zeroizing::new(String::with_capacity(length.0));
    let written = text.write_fmt(what);
    debug_assert!(measured.is_ok() && written.is_ok(), "writing to memory does not fail");
    SecretText::copy_of(&text)
}

/// The same for a whole file. `emit` must write the same each time.
pub fn secret_file(emit: impl Fn(&mut dyn io::Write) -> io::Result<()>) -> SecretBuffer {
    let mut length = WrittenLength(0);
    let measured = emit(&mut length);
    let mut buffer = SecretBuffer::with_capacity(length.0);
    let written = emit(&mut buffer);
    debug_assert!(measured.is_ok() && written.is_ok(), "writing to memory does not fail");
    buffer
}

/// Counts bytes.
struct WrittenLength(usize);

impl fmt::Write for WrittenLength {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.saturating_add(text.len());
        Ok(())
    }
}

impl io::Write for WrittenLength {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_xml_holds_and_what_hides_is_written_out() {
        let cases = [
            ("Zoe\u{308} 鍵", "Zoe\u{308} 鍵"),
            ("a\0b\u{fffe}\u{1fffe}\u{fdd0}", "a<U+0000>b<U+FFFE><U+1FFFE><U+FDD0>"),
            ("\u{1bca0}x\u{202e}", "<U+1BCA0>x<U+202E>"),
            (&format!("e{}", "\u{301}".repeat(6)), &format!("e{}<U+0301><U+0301>", "\u{301}".repeat(4))),
        ];
        for (raw, plain) in cases {
            assert_eq!(Safe(raw).to_string(), plain);
            assert_eq!(is_faithful(raw), raw == plain);
        }
    }

    #[test]
    fn secret_text_is_put_together_as_it_was_asked_for() {
        assert_eq!(secret_text(format_args!("{:>5}|{}", 7, "é")).reveal(), "    7|é");
        assert_eq!(secret_file(|out| write!(out, "{}", 17)).reveal(), b"17");
    }
}
