//! The forms in which a snapshot arrives: plain, gzip, zip, an e-mail, and these inside one another
//! (`docs/format.md`, section 15). Bytes in, the snapshot's text out.

mod archive;
mod base64;
mod budget;
mod encoded;
mod found;
mod mail;
mod tar;

use flate2::bufread::GzDecoder;
use zeroize::Zeroizing;

use self::archive::{begins_as_zip, ends_as_zip, unpack_zip};
use self::budget::Packed;
pub use self::budget::{Budget, ENTRIES, Spent, UNPACKED};
use self::found::{FoundSnapshots, Part};
use self::mail::{MailPart, TooMuch};
use super::foreign::{ForeignFile, recognise, recognise_magic, recognise_name, recognise_smime};
use super::v1::limits;
use super::v1::model::FORMAT;
use crate::domain::explain::Explain;

/// Containers inside containers.
const DEPTH: usize = 4;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContainerError {
    #[error("this is {}, not a Conclave snapshot", .0.what)]
    Foreign(ForeignFile),
    /// `part` is safe to show.
    #[error("{part} is {}, not a Conclave snapshot", .foreign.what)]
    Inside { part: String, foreign: ForeignFile },
    #[error("there is no Conclave snapshot in this {container}")]
    Nothing { container: &'static str },
    #[error("there are different snapshots in this {container}")]
    Several { container: &'static str },
    #[error("this {container} is damaged and cannot be unpacked")]
    Broken { container: &'static str },
    #[error("this zip archive is protected with a password")]
    Encrypted,
    #[error("this zip archive is packed with {method}, which this program does not unpack")]
    Method { method: &'static str },
    #[error("the file exceeds a limit: {what}")]
    Limit { what: &'static str },
}

impl Explain for ContainerError {
    fn hint(&self) -> String {
        match self {
            Self::Foreign(foreign) | Self::Inside { foreign, .. } => foreign.hint,
            Self::Nothing { container: MAIL } => {
                "Look for the e-mail that has the attachment snapshot.json: somebody or a program may have taken it out of this one."
            }
            Self::Nothing { .. } => "Choose the snapshot.json of the backup, or the e-mail that it came with.",
            Self::Several { .. } => "Unpack it, and give the snapshots as files of their own.",
            Self::Broken { .. } => "Take another copy of it, or the snapshot.json itself.",
            Self::Encrypted => "Unpack it with its password first, then choose the snapshot.json inside.",
            Self::Method { .. } => {
                "Unpack it with the program that packed it, or 7-Zip, then choose the snapshot.json inside."
            }
            Self::Limit { .. } => "No ceremony makes such a file. Take another copy.",
        }
        .to_owned()
    }
}

/// The text of a snapshot as it came out.
#[derive(Debug, PartialEq, Eq)]
pub struct Unpacked {
    pub text: Vec<u8>,
    /// From which parts it came, how far they were read, and what was left out; safe to show.
    pub remarks: Vec<String>,
}

/// Finds the text of the one snapshot in `bytes`, which are called `name`.
pub fn unpack(bytes: Vec<u8>, name: &str) -> Result<Unpacked, ContainerError> {
    unpack_from(bytes, name, &mut Budget::default())
}

/// The same with what a budget has left, of which other files may have taken some.
pub fn unpack_from(bytes: Vec<u8>, name: &str, budget: &mut Budget) -> Result<Unpacked, ContainerError> {
    if bytes.len() > limits::CONTAINER {
        return Err(ContainerError::Limit { what: "it is larger than 96 MiB" });
    }
    let text = unpack_within(bytes, name, 0, budget);
    let remarks = std::mem::take(&mut budget.remarks);
    text.map(|text| Unpacked { text, remarks })
}

const MAIL: &str = "e-mail";
const FILE: &str = "file";
const GZIP: &str = "gzip file";
const TAR: &str = "tar archive";

fn unpack_within(bytes: Vec<u8>, name: &str, depth: usize, budget: &mut Budget) -> Result<Vec<u8>, ContainerError> {
    if depth > DEPTH {
        return Err(ContainerError::Limit { what: "it is packed more than four times over" });
    }
    // What is no snapshot may be somebody's plaintext: it is wiped.
    let mut bytes = Zeroizing::new(bytes);
    if bytes.starts_with(GZIP_MAGIC) {
        let text = unpack_gzip(&bytes, budget)?;
        drop(bytes);
        return unpack_within(text, name, depth + 1, budget);
    }
    if begins_as_zip(&bytes) || ends_as_zip(&bytes) && !begins_as_text(&bytes) {
        return unpack_zip(&bytes, name, depth, budget);
    }
    if tar::is_tar(&bytes) {
        return unpack_tar(&bytes, depth, budget);
    }
    if let Some(contents) = encoded::signed(&bytes) {
        drop(bytes);
        let text = unpack_within(budget.take(contents)?, name, depth + 1, budget)?;
        budget.remarks.push("it came signed with OpenPGP, and its signature was not checked".to_owned());
        return Ok(text);
    }
    if let Some(foreign) = recognise_smime(&bytes) {
        return Err(ContainerError::Foreign(foreign));
    }
    let is_snapshot = mentions(&bytes, FORMAT);
    let is_mail = !starts_like_json(&bytes) && mail::beginning(&bytes).is_some() && !is_mailbox(&bytes);
    if is_mail {
        return match unpack_mail(&bytes, depth, budget) {
            Err(refusal @ (ContainerError::Limit { .. } | ContainerError::Several { .. })) => Err(refusal),
            Err(problem) => {
                if let Some(usual) = encoded::with_usual_ends(&bytes)
                    && let Ok(text) = unpack_mail(&budget.take(usual)?, depth, budget)
                {
                    return Ok(text);
                }
                unpack_loose(&bytes, MAIL, depth, budget)?.ok_or(problem)
            }
            text => text,
        };
    }
    if let Some(decoded) = encoded::decoded(&bytes, is_snapshot) {
        drop(bytes);
        return unpack_within(budget.take(decoded)?, name, depth + 1, budget);
    }
    if let Some(foreign) = recognise_magic(&bytes) {
        return Err(ContainerError::Foreign(foreign));
    }
    if is_snapshot {
        return Ok(std::mem::take(&mut bytes));
    }
    if let Some(text) = unpack_loose(&bytes, FILE, depth, budget)? {
        return Ok(text);
    }
    let foreign = recognise(&bytes, name).or_else(|| recognise_name(name));
    Err(foreign.map_or(ContainerError::Nothing { container: FILE }, ContainerError::Foreign))
}

const GZIP_MAGIC: &[u8] = b"\x1f\x8b";

/// All members one after the other (RFC 1952). What a medium or a program put behind them is no part of it: the digests of a snapshot say
/// whether all is there.
fn unpack_gzip(bytes: &[u8], budget: &mut Budget) -> Result<Vec<u8>, ContainerError> {
    let mut rest = bytes;
    let mut text = Vec::new();
    while rest.starts_with(GZIP_MAGIC) {
        budget.take_entry()?;
        let mut decoder = GzDecoder::new(rest);
        let length = if text.is_empty() { gzip_length(bytes) } else { 0 };
        let packed = Packed { container: GZIP, size: rest.len(), length };
        let member = budget.read(&packed, &mut decoder, || Some(GzDecoder::new(rest)))?;
        rest = decoder.into_inner();
        if text.is_empty() {
            text = member;
        } else {
            text.extend_from_slice(&Zeroizing::new(member));
        }
    }
    if rest.iter().any(|byte| *byte != 0 && !byte.is_ascii_whitespace()) {
        budget.remarks.push("behind the packed file something else stands, and was left out".to_owned());
    }
    Ok(text)
}

/// What a gzip file says of the length of its last member (RFC 1952): a guess.
fn gzip_length(gzip: &[u8]) -> u64 {
    gzip.last_chunk().map_or(0, |length| u64::from(u32::from_le_bytes(*length)))
}

/// Whether it holds several e-mails, each behind a line of its own (mbox).
fn is_mailbox(bytes: &[u8]) -> bool {
    let is_next = |line: &[u8]| line.starts_with(b"From ");
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let mut before: &[u8] = b"-";
    lines.next().is_some_and(is_next)
        && lines.any(|line| {
            is_next(line) && std::mem::replace(&mut before, line).is_empty() || {
                before = line;
                false
            }
        })
}

fn unpack_tar(bytes: &[u8], depth: usize, budget: &mut Budget) -> Result<Vec<u8>, ContainerError> {
    let mut found = FoundSnapshots::new(TAR);
    for (index, entry) in tar::entries(bytes).enumerate() {
        budget.take_entry()?;
        let mut known = Vec::new();
        if entry.bytes.len() < entry.length {
            known.push(format!(
                "this {TAR} is cut off, and was read up to byte {} of {}",
                entry.bytes.len(),
                entry.length
            ));
        }
        let contents = budget.take(entry.bytes.to_vec())?;
        found.look_at(contents, Part::of(TAR, index + 1, &entry.name, known), depth, budget)?;
    }
    found.one(budget)
}

fn unpack_mail(bytes: &[u8], depth: usize, budget: &mut Budget) -> Result<Vec<u8>, ContainerError> {
    let mut found = FoundSnapshots::new(MAIL);
    let mut number = 0;
    mail::each_part(bytes, &mut |part: MailPart<'_>| {
        number += 1;
        budget.take_entry()?;
        let (decoded, known) = part.decoded();
        let decoded = budget.take(decoded.into_owned())?;
        found.look_at(decoded, Part::of(MAIL, number, &part.name, known), depth, budget)
    })?;
    found.one(budget)
}

/// Looks for base64 of something that may hold a snapshot, where nothing says what it is.
fn unpack_loose(
    bytes: &[u8],
    container: &'static str,
    depth: usize,
    budget: &mut Budget,
) -> Result<Option<Vec<u8>>, ContainerError> {
    let mut found = FoundSnapshots::new(container);
    for run in base64::runs(bytes) {
        if !mentions(&run.bytes, FORMAT) && !is_packed(&run.bytes) {
            continue;
        }
        budget.take_entry()?;
        let place = format!(
            "base64 in the {container}, up to byte {} of {}: nothing that can be read says what it is",
            run.end,
            bytes.len()
        );
        found.look_at(budget.take(run.bytes)?, Part { name: "", place, known: Vec::new() }, depth, budget)?;
    }
    if found.is_nothing() { Ok(None) } else { found.one(budget).map(Some) }
}

fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(GZIP_MAGIC) || begins_as_zip(bytes)
}

impl From<TooMuch> for ContainerError {
    fn from(what: TooMuch) -> Self {
        Self::Limit {
            what: match what {
                TooMuch::Header => "a header of it is longer than any has",
                TooMuch::Levels => "it has parts inside parts, deeper than any has",
            },
        }
    }
}

/// Whether it is a snapshot or an e-mail to every reader, whatever somebody put behind it.
fn begins_as_text(bytes: &[u8]) -> bool {
    starts_like_json(bytes) || mail::beginning(bytes).is_some()
}

fn starts_like_json(text: &[u8]) -> bool {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start().starts_with(b"{")
}

fn mentions(bytes: &[u8], word: &str) -> bool {
    let needle = format!("\"{word}\"");
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::budget::{TOO_MANY, TOO_MUCH};
    use super::*;
    use std::io::Cursor;

    fn of(bytes: &[u8]) -> Result<Vec<u8>, ContainerError> {
        unpack(bytes.to_vec(), "file").map(|unpacked| unpacked.text)
    }

    #[test]
    fn from_which_part_it_came_and_what_was_left_out_is_said() {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"{\"format\":\"conclave-snapshot\"}").unwrap();
        let packed = encoder.finish().unwrap();
        let remarks = |bytes: Vec<u8>| unpack(bytes, "file").unwrap().remarks;
        let behind = "behind the packed file something else stands, and was left out";
        for (rest, said) in [(&b""[..], &[][..]), (b"\0\0\n", &[]), (b"A footer.", &[behind])] {
            assert_eq!(remarks([&packed, rest].concat()), said);
        }
        let footer = [&packed[..], b"A footer."].concat();
        let archive = zip([("other.gz", b"hello".to_vec()), ("a\u{1b}.gz", footer)]
            .map(|(name, bytes)| (name.to_owned(), bytes))
            .into_iter());
        assert_eq!(remarks(archive), [behind, "read from a<U+001B>.gz, part 2 of the zip archive"]);
    }

    #[test]
    fn what_is_no_snapshot_is_named_for_what_it_is() {
        for (bytes, what) in [
            (&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"[..], "an Outlook message"),
            (b"\x78\x9f\x3e\x22", "a winmail.dat"),
            (b"%PDF-1.7", "a PDF"),
            (b"From ann@example.org Mon Jan  1 00:00:00 2024\nSubject: x\n\n", "a mailbox"),
            (b"{\"format\":\"conclave-contents\"}", "contents that Conclave recovered"),
            (b"{\"chainCode\":\"00\",\"keys\":{}}", "perhaps a part of a Fireblocks"),
            (b" \n", "empty"),
            (b"", "empty"),
            (b"{&quot;format&quot;:&quot;conclave-snapshot&quot;}", "turned into HTML"),
        ] {
            let error = of(bytes).unwrap_err();
            assert!(error.to_string().contains(what), "{error}");
            assert!(!error.hint().is_empty());
        }
        assert_eq!(of(b"hello"), Err(ContainerError::Nothing { container: "file" }));
        let fordefi = unpack(b"{}".to_vec(), "/mnt/backup_snapshot.json").unwrap_err();
        assert!(fordefi.to_string().contains("Fordefi"), "{fordefi}");
    }

    #[test]
    fn an_endless_gzip_is_refused_at_its_limit() {
        use std::io::Write;
        let mut packed = Vec::new();
        let mut encoder = flate2::write::GzEncoder::new(&mut packed, flate2::Compression::fast());
        let block = vec![b' '; 1 << 20];
        for _ in 0..97 {
            encoder.write_all(&block).unwrap();
        }
        encoder.finish().unwrap();
        assert!(matches!(of(&packed), Err(ContainerError::Limit { .. })));
    }

    fn zip(entries: impl Iterator<Item = (String, Vec<u8>)>) -> Vec<u8> {
        use std::io::Write;
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(&bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn of_a_damaged_archive_comes_what_is_there() {
        let text = [
            b"{\"format\":\"conclave-snapshot\"".to_vec(),
            (0..4_000_u32).flat_map(|n| (n * n).to_string().into_bytes()).collect(),
        ]
        .concat();
        let whole = zip([("a.json".to_owned(), text.clone())].into_iter());
        // A wrong checksum, in both places.
        let mut crc = flate2::Crc::new();
        crc.update(&text);
        let sum = crc.sum().to_le_bytes();
        let mut wrong = whole.clone();
        let places: Vec<usize> = (0..wrong.len() - 4).filter(|at| wrong[*at..*at + 4] == sum).collect();
        assert_eq!(places.len(), 2);
        for at in places {
            wrong[at] ^= 1;
        }
        let Unpacked { text: found, remarks } = unpack(wrong, "file").unwrap();
        assert!(found == text && remarks[0].contains("damaged, and was read up to byte"), "{remarks:?}");
        // The directory is cut off, or one bit in the packed bytes is another.
        assert_eq!(of(&whole[..whole.len() - 30]), Ok(text.clone()));
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 4;
        let found = of(&flipped).unwrap();
        assert!(found != text && found[..100] == text[..100]);
        assert_eq!(of(b"PK\x03\x04 and nothing more"), Err(ContainerError::Broken { container: "zip archive" }));
        // One name twice, with two contents: which one counts nobody can tell.
        let two = zip(["a.json", "b.json"]
            .into_iter()
            .zip([b" 1", b" 2"])
            .map(|(name, end)| (name.to_owned(), [&text[..30], end].concat())));
        let twice = replaced(&two, b"b.json", b"a.json");
        assert_eq!(of(&twice), Err(ContainerError::Several { container: "zip archive" }));
    }

    #[test]
    fn what_the_directory_says_wrongly_costs_no_entry() {
        let text = b"{\"format\":\"conclave-snapshot\"}".to_vec();
        let whole = zip([("a.json".to_owned(), text.clone())].into_iter());
        let directory = whole.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
        // Flags, method, length of what is packed, where the entry begins; and what tells the directory itself.
        for at in [0, 3, 8, 10, 20, 42].map(|at| directory + at).into_iter().chain([whole.len() - 6, whole.len() - 22])
        {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            assert_eq!(of(&damaged), Ok(text.clone()), "byte {} of the directory", at - directory);
        }
        // A method that is not unpacked here, in both places, and a password.
        let local = whole.windows(4).position(|window| window == b"PK\x03\x04").unwrap();
        let both = |from_local: usize, from_directory: usize, value: u8| {
            let mut other = whole.clone();
            other[local + from_local] = value;
            other[directory + from_directory] = value;
            of(&other)
        };
        assert_eq!(both(8, 10, 14), Err(ContainerError::Method { method: "LZMA" }));
        assert_eq!(both(8, 10, 77), Err(ContainerError::Method { method: "a method that is not known here" }));
        assert_eq!(both(6, 8, 1), Err(ContainerError::Encrypted));
    }

    #[test]
    fn an_archive_behind_a_text_does_not_take_its_place() {
        let text = b"{\"format\":\"conclave-snapshot\"}".to_vec();
        let other = zip([("a.json".to_owned(), [&text[..], b" "].concat())].into_iter());
        let behind = |first: &[u8]| of(&[first, &other].concat());
        assert_eq!(behind(&text), Ok([&text[..], &other].concat()));
        let message = [b"From: a@example.org\nMIME-Version: 1.0\n\n".as_slice(), &text].concat();
        assert!(behind(&message).unwrap().starts_with(&text));
        assert_eq!(behind(b"MZ a program"), Ok([&text[..], b" "].concat()));
    }

    fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        let places: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
        for at in places {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
        bytes
    }

    #[test]
    fn an_archive_that_would_cost_much_is_refused() {
        // Each entry is within its limit; together, and inside one another, they are not.
        let text = |n: usize| [b"{\"format\":\"conclave-snapshot\"".to_vec(), vec![b' '; n]].concat();
        let spaces = |n: usize| (n.to_string(), [b"x".to_vec(), vec![b' '; 8 << 20]].concat());
        let flat = zip((0..30).map(spaces));
        assert_eq!(of(&flat), Err(TOO_MUCH));
        let nested = zip((0..12).map(|n| (n.to_string(), zip((0..4).map(spaces)))));
        assert!(matches!(of(&nested), Err(ContainerError::Limit { .. })));
        let many = zip((0..1001).map(|n| (n.to_string(), b"hello".to_vec())));
        assert_eq!(of(&many), Err(ContainerError::Limit { what: "it holds more than 1000 files" }));
        let different = zip((1..9).map(|n| (n.to_string(), text(n))));
        assert_eq!(of(&different), Err(ContainerError::Several { container: "zip archive" }));
        let same = zip((1..9).map(|n| (n.to_string(), text(0))));
        assert_eq!(of(&same), Ok(text(0)));
        let blank = zip((1..3).map(|n| (n.to_string(), b" \n".to_vec())));
        assert_eq!(of(&blank), Err(ContainerError::Nothing { container: "zip archive" }));
    }

    #[test]
    fn an_email_of_very_many_parts_is_refused_before_they_are_made() {
        let head = "From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n";
        let mail = format!("{head}{}", "--b\n\n".repeat(ENTRIES + 2));
        assert_eq!(of(mail.as_bytes()), Err(TOO_MANY));
    }

    #[test]
    fn gzip_in_gzip_ends_at_four() {
        use std::io::Write;
        let mut bytes = b"{\"format\":\"conclave-snapshot\"}".to_vec();
        for times in 1..=6 {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(&bytes).unwrap();
            bytes = encoder.finish().unwrap();
            assert_eq!(of(&bytes).is_ok(), times <= 4, "{times}");
        }
    }
}
