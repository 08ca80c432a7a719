//! The forms in which a snapshot arrives: plain, gzip, zip, an e-mail, and these inside one another
//! (`docs/format.md`, section 15). Bytes in, the snapshot's text out.

mod encoded;
mod mail;

use crate::domain::explain::Explain;
use crate::domain::text::{Safe, brief};
use std::io::{Cursor, Read};

use flate2::bufread::GzDecoder;
use zeroize::Zeroizing;

use self::mail::{MailPart, TooMuch};
use super::foreign::{ForeignFile, recognise, recognise_archive, recognise_magic, recognise_smime};
use super::v1::limits;
use super::v1::model::FORMAT;

/// Containers inside containers.
const DEPTH: usize = 4;
/// Entries of archives and parts of e-mails in all containers together.
const ENTRIES: usize = 1000;
/// Bytes that come out of all containers together: an e-mail of the largest size, packed, with an attachment, packed.
const UNPACKED: usize = 2 * limits::CONTAINER;
/// The most bytes that deflate makes of one.
const DEFLATED: usize = 1032;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContainerError {
    #[error("this is {}, not a Conclave snapshot", .0.what)]
    Foreign(ForeignFile),
    #[error("there is no Conclave snapshot in this {container}")]
    Nothing { container: &'static str },
    #[error("there are different snapshots in this {container}")]
    Several { container: &'static str },
    #[error("this {container} is damaged and cannot be unpacked")]
    Broken { container: &'static str },
    #[error("this zip archive is protected with a password")]
    Encrypted,
    #[error("the file exceeds a limit: {what}")]
    Limit { what: &'static str },
}

impl Explain for ContainerError {
    fn hint(&self) -> String {
        match self {
            Self::Foreign(foreign) => foreign.hint,
            Self::Nothing { .. } => "Choose the snapshot.json of the backup, or the e-mail that it came with.",
            Self::Several { .. } => "Unpack it, and give the snapshots as files of their own.",
            Self::Broken { .. } => "Take another copy of it, or the snapshot.json itself.",
            Self::Encrypted => "Unpack it with its password first, then choose the snapshot.json inside.",
            Self::Limit { .. } => "No ceremony makes such a file. Take another copy.",
        }
        .to_owned()
    }
}

/// The text of a snapshot as it came out.
#[derive(Debug, PartialEq, Eq)]
pub struct Unpacked {
    pub text: Vec<u8>,
    /// From which parts it came, and what was left out; safe to show.
    pub remarks: Vec<String>,
}

/// Columns of the name of a part in a sentence.
const PART_NAME: usize = 60;

/// Finds the text of the one snapshot in `bytes`, which are called `name`.
pub fn unpack(bytes: Vec<u8>, name: &str) -> Result<Unpacked, ContainerError> {
    if bytes.len() > limits::CONTAINER {
        return Err(ContainerError::Limit { what: "it is larger than 96 MiB" });
    }
    let mut budget = Budget { bytes: UNPACKED, entries: ENTRIES, remarks: Vec::new() };
    let text = unpack_within(bytes, name, 0, &mut budget)?;
    Ok(Unpacked { text, remarks: budget.remarks })
}

const TOO_LARGE: ContainerError = ContainerError::Limit { what: "it is larger than 96 MiB after unpacking" };
const TOO_MANY: ContainerError = ContainerError::Limit { what: "it holds more than 1000 files" };

/// What is left of the limits that all containers inside one another share: a small archive must not cost much.
struct Budget {
    bytes: usize,
    entries: usize,
    /// What is to be known of what is unpacked; of what turns out not to be the snapshot it is dropped again.
    remarks: Vec<String>,
}

impl Budget {
    fn take_entry(&mut self) -> Result<(), ContainerError> {
        self.entries = self.entries.checked_sub(1).ok_or(TOO_MANY)?;
        Ok(())
    }

    /// Reads all of `source`, or what comes out of it before it turns out to be damaged: the digests of a snapshot say how far that is
    /// right. `length` is how much it says that it is: a right one spares copies of what grows. What a
    /// wrong one makes room for counts as well: memory is written when it is given back.
    fn read(
        &mut self,
        source: impl Read,
        packed: usize,
        length: u64,
        container: &'static str,
    ) -> Result<Vec<u8>, ContainerError> {
        let limit = self.bytes.min(limits::CONTAINER);
        let mut bytes = Vec::new();
        let claimed = usize::try_from(length).unwrap_or(usize::MAX).min(packed.saturating_mul(DEFLATED)).min(limit);
        // With room for the reader to see the end.
        bytes.try_reserve_exact(claimed + 32).map_err(|_| TOO_LARGE)?;
        let read = source.take(limit as u64 + 1).read_to_end(&mut bytes);
        self.bytes -= claimed.saturating_sub(bytes.len()).min(self.bytes);
        if read.is_err() {
            if bytes.is_empty() {
                return Err(ContainerError::Broken { container });
            }
            self.remarks.push(format!("this {container} is damaged, and was read as far as it goes"));
        }
        self.take(bytes)
    }

    /// Counts what is unpacked already.
    fn take(&mut self, bytes: Vec<u8>) -> Result<Vec<u8>, ContainerError> {
        if bytes.len() > limits::CONTAINER {
            return Err(TOO_LARGE);
        }
        self.bytes = self.bytes.checked_sub(bytes.len()).ok_or(TOO_LARGE)?;
        Ok(bytes)
    }
}

fn unpack_within(bytes: Vec<u8>, name: &str, depth: usize, budget: &mut Budget) -> Result<Vec<u8>, ContainerError> {
    if depth > DEPTH {
        return Err(ContainerError::Limit { what: "it is packed more than four times over" });
    }
    // What is no snapshot may be somebody's plaintext: it is wiped.
    let mut bytes = Zeroizing::new(bytes);
    if bytes.starts_with(b"\x1f\x8b") {
        let text = unpack_gzip(&bytes, budget)?;
        drop(bytes);
        return unpack_within(text, name, depth + 1, budget);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return unpack_zip(&bytes, depth, budget);
    }
    if let Some(foreign) = recognise_smime(&bytes) {
        return Err(ContainerError::Foreign(foreign));
    }
    let is_snapshot = mentions(&bytes, FORMAT);
    let is_mail = !starts_like_json(&bytes) && mail::beginning(&bytes).is_some() && !is_mailbox(&bytes);
    if !is_mail && let Some(decoded) = encoded::decoded(&bytes, is_snapshot) {
        drop(bytes);
        return unpack_within(budget.take(decoded)?, name, depth + 1, budget);
    }
    if !is_mail && let Some(foreign) = recognise_magic(&bytes) {
        return Err(ContainerError::Foreign(foreign));
    }
    if !is_mail && is_snapshot {
        return Ok(std::mem::take(&mut bytes));
    }
    if !is_mail && let Some(foreign) = recognise(&bytes, name) {
        return Err(ContainerError::Foreign(foreign));
    }
    if is_mail { unpack_mail(&bytes, depth, budget) } else { Err(ContainerError::Nothing { container: "file" }) }
}

/// All members one after the other (RFC 1952). What a medium or a program put behind them is no part of it: the digests of a snapshot say
/// whether all is there.
fn unpack_gzip(bytes: &[u8], budget: &mut Budget) -> Result<Vec<u8>, ContainerError> {
    let mut rest = bytes;
    let mut text = Vec::new();
    while rest.starts_with(b"\x1f\x8b") {
        budget.take_entry()?;
        let mut decoder = GzDecoder::new(rest);
        let length = if text.is_empty() { gzip_length(bytes) } else { 0 };
        let member = budget.read(&mut decoder, rest.len(), length, "gzip file")?;
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

fn unpack_zip(bytes: &[u8], depth: usize, budget: &mut Budget) -> Result<Vec<u8>, ContainerError> {
    let broken = || ContainerError::Broken { container: ZIP };
    let entries = directory_entries(bytes);
    if entries > budget.entries {
        return Err(TOO_MANY);
    }
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        return unpack_zip_entries(bytes, depth, budget);
    };
    if archive.len() > budget.entries {
        return Err(TOO_MANY);
    }
    // Of two entries of one name the archive shows the last alone.
    if archive.len() < entries {
        return unpack_zip_entries(bytes, depth, budget);
    }
    let names: Vec<String> = archive.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
    if let Some(foreign) = recognise_archive(&names) {
        return Err(ContainerError::Foreign(foreign));
    }
    let mut found = FoundSnapshots::new(ZIP);
    for index in 0..archive.len() {
        budget.take_entry()?;
        let entry = archive.by_index(index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(zip::result::ZipError::PASSWORD_REQUIRED) => {
                ContainerError::Encrypted
            }
            _ => broken(),
        })?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
        let (packed, length) = (usize::try_from(entry.compressed_size()).unwrap_or(usize::MAX), entry.size());
        let before = std::mem::take(&mut budget.remarks);
        let read = budget.read(entry, packed, length, ZIP);
        let remarks = std::mem::replace(&mut budget.remarks, before);
        match read {
            Ok(bytes) => found.look_at(bytes, (&name, remarks), depth, budget)?,
            Err(ContainerError::Broken { .. }) => found.is_broken = true,
            Err(refusal) => return Err(refusal),
        }
    }
    found.one(budget)
}

/// The entries one after the other, as they stand: where the directory behind them is damaged, or hides one of them.
fn unpack_zip_entries(bytes: &[u8], depth: usize, budget: &mut Budget) -> Result<Vec<u8>, ContainerError> {
    let mut rest = Cursor::new(bytes);
    let mut found = FoundSnapshots::new(ZIP);
    found.is_broken = true;
    while let Ok(Some(entry)) = zip::read::read_zipfile_from_stream(&mut rest) {
        budget.take_entry()?;
        let name = entry.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
        let (packed, length) = (usize::try_from(entry.compressed_size()).unwrap_or(usize::MAX), entry.size());
        let before = std::mem::take(&mut budget.remarks);
        let read = budget.read(entry, packed.min(bytes.len()), length, ZIP);
        let remarks = std::mem::replace(&mut budget.remarks, before);
        match read {
            Ok(bytes) => found.look_at(bytes, (&name, remarks), depth, budget)?,
            Err(ContainerError::Broken { .. }) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    found.one(budget)
}

const ZIP: &str = "zip archive";

/// How many entries a zip archive has at most: each begins so in its directory. They are counted before any of them is read.
fn directory_entries(zip: &[u8]) -> usize {
    zip.windows(4).filter(|window| *window == b"PK\x01\x02").count()
}

/// What a gzip file says of the length of its last member (RFC 1952): a guess.
fn gzip_length(gzip: &[u8]) -> u64 {
    gzip.last_chunk().map_or(0, |length| u64::from(u32::from_le_bytes(*length)))
}

fn unpack_mail(bytes: &[u8], depth: usize, budget: &mut Budget) -> Result<Vec<u8>, ContainerError> {
    let mut found = FoundSnapshots::new("e-mail");
    mail::each_part(bytes, &mut |part: MailPart<'_>| {
        budget.take_entry()?;
        let decoded = budget.take(part.decoded().into_owned())?;
        found.look_at(decoded, (&part.name, Vec::new()), depth, budget)
    })?;
    found.one(budget)
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

/// The snapshots seen so far in one container.
struct FoundSnapshots {
    container: &'static str,
    /// The first one that is JSON from its beginning.
    json: Option<FoundText>,
    /// The first other text that mentions one: an e-mail that speaks of its attachment, or a snapshot whose beginning is damaged.
    other: Option<FoundText>,
    /// Something of that kind stood there with other bytes.
    several_others: bool,
    /// Not all of the container could be read.
    is_broken: bool,
    /// The first thing that was at least recognised, for the message.
    problem: Option<ContainerError>,
}

/// What one part holds.
struct FoundText {
    text: Vec<u8>,
    remarks: Vec<String>,
}

impl FoundSnapshots {
    fn new(container: &'static str) -> Self {
        Self { container, json: None, other: None, several_others: false, is_broken: false, problem: None }
    }

    /// `name` is that of a part, with what is to be known of its bytes.
    fn look_at(
        &mut self,
        bytes: Vec<u8>,
        (name, known): (&str, Vec<String>),
        depth: usize,
        budget: &mut Budget,
    ) -> Result<(), ContainerError> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        let before = std::mem::take(&mut budget.remarks);
        let unpacked = unpack_within(bytes, name, depth + 1, budget);
        let mut remarks = std::mem::replace(&mut budget.remarks, before);
        remarks.extend(known);
        remarks.push(if name.is_empty() {
            format!("read from a part of the {} that has no name", self.container)
        } else {
            format!("read from {}, a part of the {}", brief(&Safe(name).to_string(), PART_NAME), self.container)
        });
        match unpacked {
            Ok(text) if starts_like_json(&text) => match &self.json {
                Some(known) if known.text != text => return Err(ContainerError::Several { container: self.container }),
                Some(_) => {}
                None => self.json = Some(FoundText { text, remarks }),
            },
            Ok(text) => match &self.other {
                Some(known) => self.several_others |= known.text != text,
                None => self.other = Some(FoundText { text, remarks }),
            },
            Err(refusal @ (ContainerError::Limit { .. } | ContainerError::Several { .. })) => return Err(refusal),
            Err(ContainerError::Nothing { .. }) => {}
            Err(problem) => self.problem = self.problem.take().or(Some(problem)),
        }
        Ok(())
    }

    fn one(self, budget: &mut Budget) -> Result<Vec<u8>, ContainerError> {
        let container = self.container;
        if self.json.is_none() && self.several_others {
            return Err(ContainerError::Several { container });
        }
        match self.json.or(self.other) {
            Some(FoundText { text, remarks }) => {
                budget.remarks.extend(remarks);
                Ok(text)
            }
            None if self.is_broken => Err(self.problem.unwrap_or(ContainerError::Broken { container })),
            None => Err(self.problem.unwrap_or(ContainerError::Nothing { container })),
        }
    }
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
    use super::*;

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
        assert_eq!(remarks(archive), [behind, "read from a<U+001B>.gz, a part of the zip archive"]);
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
        assert!(found == text && remarks[0].contains("damaged, and was read as far as it goes"), "{remarks:?}");
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
        assert_eq!(of(&flat), Err(ContainerError::Limit { what: "it is larger than 96 MiB after unpacking" }));
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
