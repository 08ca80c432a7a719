//! An e-mail taken apart, one part at a time (RFC 5322, RFC 2045, RFC 2046): nothing is decoded before it is that part's turn, and
//! an encoded message inside is bytes like those of any other attachment.
//!
//! Only headers, quoted-printable and character sets are left to `mail-parser`. Parsing whole, it reserves memory for all that
//! follows with each base64 part, reads headers without an end, and decodes messages inside messages before anybody can count
//! them.

use std::borrow::Cow;

use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{ContentType, HeaderName, MessageParser, MimeHeaders};

use super::base64::{Base64Text, lines};

/// Bytes of the header of a message or part: far more than any has.
const HEADER: usize = 1 << 20;
/// Bytes of what a header says of the part below it: the parser compares each parameter with those before it.
const DESCRIPTION: usize = 8 << 10;
/// Multiparts inside multiparts.
const LEVELS: usize = 16;
/// How often the bytes of a message are looked at, for parts inside parts: each level looks at all that is in it.
const LOOKS: usize = 4;
/// Text in another character set is converted up to so many bytes; a snapshot is ASCII.
const CONVERTED: usize = 16 << 20;

/// What is not a list of other parts.
pub struct MailPart<'a> {
    /// The name of an attachment; empty when it has none.
    pub name: String,
    body: &'a [u8],
    /// A line ends it, and not the end of the file.
    is_closed: bool,
    encoding: Encoding,
    charset: Option<String>,
}

enum Encoding {
    /// As it stands.
    None,
    Base64,
    QuotedPrintable,
}

/// A header that is too long, or parts too deep inside one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooMuch {
    Header,
    Levels,
}

/// Hands every part of a message to `take`, in order.
///
/// # Errors
/// What `take` returns, or [`TooMuch`].
pub fn each_part<'a, E: From<TooMuch>>(
    message: &'a [u8],
    take: &mut dyn FnMut(MailPart<'a>) -> Result<(), E>,
) -> Result<(), E> {
    let message = beginning(message).and_then(|at| message.get(at..)).unwrap_or(message);
    walk((message, true), 0, &mut message.len().saturating_mul(LOOKS), take)
}

/// The fields of which every e-mail has some.
const USUAL: [&str; 9] =
    ["from", "to", "date", "received", "return-path", "mime-version", "content-type", "subject", "delivered-to"];
/// What says what a part is; somebody may have copied it without the rest of the e-mail.
const OF_PART: [&str; 3] = ["content-type", "content-transfer-encoding", "content-disposition"];
/// What programs put before a message that they save, at most so many lines: a banner, the line of a mailbox, a number of bytes.
const BEFORE: usize = 4;
/// Lines of a header that are no fields: what a gateway put there. More are of another text.
const BROKEN: usize = 3;

/// Where the header of an e-mail begins (RFC 5322): behind a byte order mark, blank lines, and what a program put before it. `None`
/// where there is none.
pub fn beginning(bytes: &[u8]) -> Option<usize> {
    let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let start = bytes.get(mark..bytes.len().min(1 << 16))?;
    let (mut at, mut first, mut before, mut broken) = (mark, None, 0, 0);
    let (mut usual, mut is_content) = (0, false);
    for line in lines(start) {
        let begins = at;
        at += line.len();
        let text = line.trim_ascii_end();
        match field_name(text) {
            _ if text.is_empty() && first.is_none() => {}
            _ if text.is_empty() => break,
            // It goes on with the field above.
            _ if first.is_some() && text.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) => {}
            Some(name) => {
                first = first.or(Some(begins));
                usual += usize::from(USUAL.contains(&name.as_str()) || OF_PART.contains(&name.as_str()));
                is_content |= name == "mime-version" || OF_PART.contains(&name.as_str());
            }
            None if first.is_none() && before < BEFORE && is_text(text) => before += 1,
            None if first.is_some() && broken < BROKEN => broken += 1,
            None => return None,
        }
    }
    // Where something is odd about it, more of it has to be right.
    let is_plain = before == 0 && broken == 0;
    first.filter(|_| if is_plain { usual > 0 } else { usual > 1 || is_content })
}

fn is_text(line: &[u8]) -> bool {
    line.iter().all(|byte| !byte.is_ascii_control() || *byte == b'\t')
}

/// The name of a field, in lower case; gateways write words and a space before the colon.
fn field_name(line: &[u8]) -> Option<String> {
    let (name, _) = line.split_at(line.iter().position(|byte| *byte == b':')?);
    let name = name.trim_ascii_end();
    let is_words =
        !name.starts_with(b"From ") && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_ .".contains(byte));
    let is_name = !name.is_empty() && (is_words || name.iter().all(u8::is_ascii_graphic));
    is_name.then(|| String::from_utf8_lossy(name).to_ascii_lowercase())
}

/// `is_closed`: a line ends the entity. `looks` is how many bytes may still be looked through for parts.
fn walk<'a, E: From<TooMuch>>(
    (entity, is_closed): (&'a [u8], bool),
    level: usize,
    looks: &mut usize,
    take: &mut dyn FnMut(MailPart<'a>) -> Result<(), E>,
) -> Result<(), E> {
    let (header, body) = split(entity);
    if header.len() > HEADER {
        return Err(TooMuch::Header.into());
    }
    let described = Described::of(header)?;
    if let Some(boundary) = described.boundary {
        *looks = looks.checked_sub(body.len()).filter(|_| level < LEVELS).ok_or(TooMuch::Levels)?;
        let mut parts = between(body, boundary).peekable();
        if parts.peek().is_some() {
            return parts.try_for_each(|part| walk(part, level + 1, looks, take));
        }
    }
    let Described { name, encoding, charset, .. } = described;
    take(MailPart { name, body, is_closed, encoding, charset })
}

/// What a header says of what follows it.
struct Described {
    /// Of a multipart.
    boundary: Option<Vec<u8>>,
    name: String,
    encoding: Encoding,
    /// Of a text.
    charset: Option<String>,
}

impl Described {
    fn of(header: &[u8]) -> Result<Self, TooMuch> {
        let header = describing(header);
        if header.len() > DESCRIPTION {
            return Err(TooMuch::Header);
        }
        let parser = MessageParser::new()
            .header_content_type(HeaderName::ContentType)
            .header_content_type(HeaderName::ContentDisposition)
            .header_text(HeaderName::ContentTransferEncoding)
            .default_header_ignore();
        let Some(parsed) = parser.parse_headers(&header) else {
            return Ok(Self { boundary: None, name: String::new(), encoding: Encoding::None, charset: None });
        };
        let of_type = |name: &str, attribute: &str| {
            let kind = parsed.content_type().filter(|kind| is_type(kind, name))?;
            kind.attribute(attribute).map(str::to_owned)
        };
        let encoding = match parsed.content_transfer_encoding() {
            Some(encoding) if encoding.eq_ignore_ascii_case("base64") => Encoding::Base64,
            Some(encoding) if encoding.eq_ignore_ascii_case("quoted-printable") => Encoding::QuotedPrintable,
            _ => Encoding::None,
        };
        Ok(Self {
            boundary: of_type("multipart", "boundary").map(String::into_bytes),
            name: parsed.attachment_name().unwrap_or("").to_owned(),
            encoding,
            charset: of_type("text", "charset"),
        })
    }
}

/// The fields that say what a part is, with the lines that go on with them.
fn describing(header: &[u8]) -> Vec<u8> {
    let mut is_one = false;
    let mut fields = Vec::new();
    for line in lines(header) {
        if !line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
            let colon = line.iter().position(|byte| *byte == b':').unwrap_or(0);
            let (name, value) = line.split_at(colon);
            let name = name.trim_ascii_end();
            is_one = OF_PART.iter().any(|one| name.eq_ignore_ascii_case(one.as_bytes()));
            if is_one {
                fields.extend_from_slice(name);
                fields.extend_from_slice(value);
            }
        } else if is_one {
            fields.extend_from_slice(line);
        }
    }
    fields.extend_from_slice(b"\n");
    fields
}

fn is_type(kind: &ContentType<'_>, name: &str) -> bool {
    kind.ctype().eq_ignore_ascii_case(name)
}

impl<'a> MailPart<'a> {
    /// The bytes that were sent, and how far they were read where that is not to the end. Base64 is read up to the first line that is
    /// none: a line that a list or a gateway put below, or damage, which the digests of a snapshot find.
    pub fn decoded(&self) -> (Cow<'a, [u8]>, Vec<String>) {
        let mut known = Vec::new();
        if !self.is_closed {
            known.push(format!("no line ends this part: the e-mail ends after {} bytes of it", self.body.len()));
        }
        let bytes = match self.encoding {
            Encoding::None => Cow::Borrowed(self.body),
            Encoding::Base64 => {
                let read = Base64Text::of(self.body);
                known.extend(read.remarks(self.body));
                Cow::Owned(read.bytes)
            }
            Encoding::QuotedPrintable => {
                quoted_printable_decode(self.body).map_or(Cow::Borrowed(self.body), Cow::Owned)
            }
        };
        let is_other = |charset: &&str| !["utf-8", "us-ascii"].iter().any(|same| charset.eq_ignore_ascii_case(same));
        let charset = self.charset.as_deref().filter(is_other).filter(|_| bytes.len() <= CONVERTED);
        match charset.and_then(|charset| charset_decoder(charset.as_bytes())) {
            Some(decode) => (Cow::Owned(decode(&bytes).into_bytes()), known),
            None => (bytes, known),
        }
    }
}

/// The header of a message or part, and what follows its empty line.
fn split(entity: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in lines(entity) {
        at += line.len();
        if line.trim_ascii_end().is_empty() {
            break;
        }
    }
    entity.split_at(at)
}

/// The parts between the lines `--boundary`, without the line end before each, and whether such a line ends it. The end of the file ends the last one.
fn between(body: &[u8], boundary: Vec<u8>) -> impl Iterator<Item = (&[u8], bool)> {
    let mut rest = body;
    let mut is_inside = false;
    let mut is_over = false;
    std::iter::from_fn(move || {
        while !is_over {
            let (part, delimiter, after) = until_delimiter(rest, &boundary);
            rest = after;
            let was_inside = std::mem::replace(&mut is_inside, delimiter == Delimiter::Next);
            is_over = delimiter != Delimiter::Next;
            if was_inside {
                return Some((part, delimiter != Delimiter::None));
            }
        }
        None
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Delimiter {
    Next,
    Last,
    /// There is none any more.
    None,
}

/// What stands before the next delimiter, which one that is, and what stands behind it.
fn until_delimiter<'a>(bytes: &'a [u8], boundary: &[u8]) -> (&'a [u8], Delimiter, &'a [u8]) {
    let mut at = 0;
    for line in lines(bytes) {
        let behind = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary)).map(<[u8]>::trim_ascii_end);
        let delimiter = match behind {
            Some(b"") => Delimiter::Next,
            Some(b"--") => Delimiter::Last,
            _ => Delimiter::None,
        };
        if delimiter != Delimiter::None {
            let (before, from) = bytes.split_at(at);
            let before = before.strip_suffix(b"\n").unwrap_or(before);
            let (_, after) = from.split_at(line.len());
            return (before.strip_suffix(b"\r").unwrap_or(before), delimiter, after);
        }
        at += line.len();
    }
    (bytes, Delimiter::None, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(message: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let walked: Result<(), TooMuch> = each_part(message.as_bytes(), &mut |part: MailPart<'_>| {
            found.push((part.name.clone(), String::from_utf8_lossy(&part.decoded().0).into_owned()));
            Ok(())
        });
        walked.unwrap();
        found
    }

    fn named(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn the_header_of_a_message_is_found_behind_what_programs_put_there() {
        let head = "Subject: x\r\nMIME-Version: 1.0\r\n\r\nbody";
        let banner = "Microsoft Mail Internet Headers Version 2.0\r\n";
        for before in
            ["", "\u{feff}", "\r\n\r\n", banner, "From ann Mon Nov 23 10:00:00\n", "20431\n", "\u{feff}\n20431\n"]
        {
            assert_eq!(beginning(format!("{before}{head}").as_bytes()), Some(before.len()), "{before:?}");
        }
        for broken in ["score=2.1 required=5", "X Company Gateway : scanned", " folded", "X-Odd/Name: y"] {
            assert_eq!(
                beginning(head.replacen("MIME", &format!("{broken}\r\nMIME"), 1).as_bytes()),
                Some(0),
                "{broken}"
            );
        }
        for other in [
            "Dear all,\n\nfrom: now on it is kept elsewhere.\n".to_owned(),
            format!("0\u{1}\n{head}"),
            format!("{}{head}", "a line\n".repeat(BEFORE + 1)),
            head.replacen("MIME", &format!("{}MIME", "no field\n".repeat(BROKEN + 1)), 1),
            "{\"from\":1}".to_owned(),
            String::new(),
        ] {
            assert_eq!(beginning(other.as_bytes()), None, "{other:?}");
        }
    }

    #[test]
    fn a_message_is_taken_apart() {
        let message = "From: a@b\r\nContent-Type: multipart/mixed;\r\n boundary=\"x y\"\r\n\r\npreamble\r\n--x y\r\n\r\nHello\r\n\r\n--x y  \r\n\
            Content-Type: multipart/alternative; boundary=z\r\n\r\n--z\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nb=3Dc\r\n--z--\r\n--x y\r\n\
            Content-Type: application/json; name=n.json\r\nContent-Transfer-Encoding: BASE64\r\n\r\nQUJD\r\nRA==\r\n--x y--\r\nepilogue\r\n";
        assert_eq!(parts(message), named(&[("", "Hello\r\n"), ("", "b=c"), ("n.json", "ABCD")]));
        assert_eq!(parts(&message.replace("\r\n", "\n")), named(&[("", "Hello\n"), ("", "b=c"), ("n.json", "ABCD")]));
    }

    #[test]
    fn what_is_not_closed_ends_with_the_file() {
        let message = "From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x\n\ntwo";
        assert_eq!(parts(message), named(&[("", "one"), ("", "two")]));
        assert_eq!(parts("From: a@b\n\nbare"), named(&[("", "bare")]));
        assert_eq!(parts("From: a@b\nContent-Type: multipart/mixed; boundary=x\n\nbare"), named(&[("", "bare")]));
    }

    #[test]
    fn headers_and_levels_have_an_end() {
        let long = format!("From: a@b\n{}\n", "a:\n".repeat(HEADER / 3));
        let walked: Result<(), TooMuch> = each_part(long.as_bytes(), &mut |_| Ok(()));
        assert_eq!(walked, Err(TooMuch::Header));
        let level = |n: usize| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n");
        let deep: String = (0..=LEVELS).map(level).collect();
        let walked: Result<(), TooMuch> = each_part(deep.as_bytes(), &mut |_| Ok(()));
        assert_eq!(walked, Err(TooMuch::Levels));
        // Each level would look at all of the text below it.
        let deep: String = (0..LEVELS).map(level).chain(["text\n".repeat(1_000)]).collect();
        let walked: Result<(), TooMuch> = each_part(deep.as_bytes(), &mut |_| Ok(()));
        assert_eq!(walked, Err(TooMuch::Levels));
        // Each parameter is compared with those before it.
        let many = (0..2_000).map(|n| format!(";a{n}*1=x")).collect::<Vec<_>>().concat();
        let message = format!("From: a@b\nContent-Type: a/b{many}\n\nbody");
        let walked: Result<(), TooMuch> = each_part(message.as_bytes(), &mut |_| Ok(()));
        assert_eq!(walked, Err(TooMuch::Header));
        // What no part is described by may be long.
        let message = format!("From: a@b\nTo: {many}\n x\nContent-Type: text/plain;\n\tname=n\n\nbody");
        assert_eq!(parts(&message), named(&[("n", "body")]));
    }
}
