//! Text that a program saved as it was sent: base64, quoted-printable. Decoded it is looked at like a file of its own; the digests of a
//! snapshot say whether all of it is right.

use mail_parser::decoders::quoted_printable::quoted_printable_decode;

use super::base64::{Base64Text, lines};

/// So many lines that end within a word are of quoted-printable text, and of no other.
const SOFT_BREAKS: usize = 3;
/// Base64 has lines of 64 or 76 signs, or no lines.
const SIGNS: usize = 60;

/// What the bytes stand for, where they are encoded. `is_snapshot`: they mention one as they stand.
pub fn decoded(bytes: &[u8], is_snapshot: bool) -> Option<Vec<u8>> {
    if is_snapshot {
        return has_soft_breaks(bytes).then(|| quoted_printable_decode(bytes))?;
    }
    is_base64(bytes).then(|| Base64Text::of(bytes).bytes)
}

/// The text inside a signature of `OpenPGP` that leaves it readable (RFC 9580, section 7). Lines of a snapshot begin with no `-`, which
/// alone would be changed.
pub fn signed(bytes: &[u8]) -> Option<Vec<u8>> {
    const END: &[u8] = b"\n-----BEGIN PGP SIGNATURE-----";
    let rest = bytes.strip_prefix(b"-----BEGIN PGP SIGNED MESSAGE-----")?;
    // Behind that line, the fields of a header and an empty line.
    let header: usize = lines(rest).skip(1).take_while(|line| !line.trim_ascii().is_empty()).map(<[u8]>::len).sum();
    let first = lines(rest).next()?.len();
    let text = rest.get(first + header..)?.trim_ascii_start();
    let end = text.windows(END.len()).position(|window| window == END).map_or(text.len(), |at| at + 1);
    text.get(..end).filter(|text| !text.is_empty()).map(<[u8]>::to_vec)
}

/// An e-mail whose line ends a program wrote anew: each with a carriage return too many, or with that alone.
pub fn with_usual_ends(bytes: &[u8]) -> Option<Vec<u8>> {
    const TOO_MANY: &[u8] = b"\r\r\n";
    if bytes.windows(TOO_MANY.len()).any(|window| window == TOO_MANY) {
        let mut usual = bytes.to_vec();
        let mut before = 0;
        usual.retain(|byte| {
            let is_kept = *byte != b'\r' || before != b'\r';
            before = *byte;
            is_kept
        });
        return Some(usual);
    }
    let has_old_ends = bytes.contains(&b'\r') && !bytes.contains(&b'\n');
    has_old_ends.then(|| bytes.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect())
}

fn has_soft_breaks(bytes: &[u8]) -> bool {
    let lines = bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.filter(|line| line.ends_with(b"=")).take(SOFT_BREAKS).count() == SOFT_BREAKS
}

fn is_base64(bytes: &[u8]) -> bool {
    let is_sign = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let first = bytes.trim_ascii_start().iter().take_while(|byte| is_sign(byte)).count();
    first >= SIGNS && bytes.iter().all(|byte| is_sign(byte) || byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_as_it_was_sent_is_read_and_other_text_is_not() {
        let text = "{\"format\":\"conclave-snapshot\",\"organization\":\"Zo\u{eb}\"}";
        let base64 = data_encoding::BASE64.encode(text.as_bytes());
        assert_eq!(decoded(format!("\n{base64}\r\n").as_bytes(), false).unwrap(), text.as_bytes());
        let quoted = "{\"a\":\"=\n\",\r\n\"b\":=\r\n1,=\n\"c\":\"=3D\"}";
        assert_eq!(decoded(quoted.as_bytes(), true).unwrap(), b"{\"a\":\"\",\r\n\"b\":1,\"c\":\"=\"}");
        for (other, is_snapshot) in
            [(text, true), ("hello world", false), ("", false), ("QUJD", false), ("{\"a\":\"QQ==\n\"}", true)]
        {
            assert_eq!(decoded(other.as_bytes(), is_snapshot), None, "{other}");
        }
    }
}
