//! The forms in which a snapshot arrives: plain, gzip, zip, an e-mail, and these inside one another
//! (`docs/format.md`, section 15). Bytes in, the snapshot's text out.

use std::io::{Cursor, Read};

use flate2::read::MultiGzDecoder;
use mail_parser::{MessageParser, MimeHeaders, PartType};

use super::foreign::{Foreign, recognise, recognise_archive, recognise_magic};
use super::v1::limits;
use super::v1::model::FORMAT;

/// Containers inside containers.
const DEPTH: usize = 4;
/// Entries of an archive or parts of an e-mail that are looked at.
const ENTRIES: usize = 1000;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContainerError {
    #[error("this is {}, not a Conclave snapshot", .0.what)]
    Foreign(Foreign),
    #[error("there is no Conclave snapshot in this {container}")]
    Nothing { container: &'static str },
    #[error("there are {count} different snapshots in this {container}")]
    Several { container: &'static str, count: usize },
    #[error("this {container} is damaged and cannot be unpacked")]
    Broken { container: &'static str },
    #[error("this zip archive is protected with a password")]
    Encrypted,
    #[error("the file exceeds a limit: {what}")]
    Limit { what: &'static str },
}

impl ContainerError {
    /// What to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Foreign(foreign) => foreign.hint,
            Self::Nothing { .. } => "Choose the snapshot.json of the backup, or the e-mail that it came with.",
            Self::Several { .. } => "Unpack it, and give the snapshots as files of their own.",
            Self::Broken { .. } => "Take another copy of it, or the snapshot.json itself.",
            Self::Encrypted => "Unpack it with its password first, then choose the snapshot.json inside.",
            Self::Limit { .. } => "No ceremony makes such a file. Take another copy.",
        }
    }
}

/// Finds the text of the one snapshot in `bytes`, which are called `name`.
pub fn unpack(bytes: Vec<u8>, name: &str) -> Result<Vec<u8>, ContainerError> {
    if bytes.len() > limits::CONTAINER {
        return Err(ContainerError::Limit { what: "it is larger than 96 MiB" });
    }
    unpack_within(bytes, name, 0)
}

fn unpack_within(bytes: Vec<u8>, name: &str, depth: usize) -> Result<Vec<u8>, ContainerError> {
    if depth > DEPTH {
        return Err(ContainerError::Limit { what: "it is packed more than four times over" });
    }
    if bytes.starts_with(b"\x1f\x8b") {
        let text = read_limited(MultiGzDecoder::new(bytes.as_slice()), "gzip file")?;
        return unpack_within(text, name, depth + 1);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return unpack_zip(bytes, depth);
    }
    if let Some(foreign) = recognise_magic(&bytes) {
        return Err(ContainerError::Foreign(foreign));
    }
    let is_mail = looks_like_mail(&bytes);
    if !is_mail && mentions(&bytes, FORMAT) {
        return Ok(bytes);
    }
    if !is_mail && let Some(foreign) = recognise(&bytes, name) {
        return Err(ContainerError::Foreign(foreign));
    }
    if is_mail { unpack_mail(&bytes, depth) } else { Err(ContainerError::Nothing { container: "file" }) }
}

fn unpack_zip(bytes: Vec<u8>, depth: usize) -> Result<Vec<u8>, ContainerError> {
    const CONTAINER: &str = "zip archive";
    let broken = || ContainerError::Broken { container: CONTAINER };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let names: Vec<String> = archive.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
    if let Some(foreign) = recognise_archive(&names) {
        return Err(ContainerError::Foreign(foreign));
    }
    let mut found = Found::new(CONTAINER);
    for index in 0..archive.len().min(ENTRIES) {
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
        found.look_at(read_limited(entry, CONTAINER)?, &name, depth)?;
    }
    found.one()
}

fn unpack_mail(bytes: &[u8], depth: usize) -> Result<Vec<u8>, ContainerError> {
    const CONTAINER: &str = "e-mail";
    let message = MessageParser::default().parse(bytes).ok_or(ContainerError::Broken { container: CONTAINER })?;
    let mut found = Found::new(CONTAINER);
    for part in message.parts.iter().take(ENTRIES) {
        let name = part.attachment_name().unwrap_or("").to_owned();
        match &part.body {
            PartType::Multipart(_) => {}
            PartType::Message(inner) => found.look_at(inner.raw_message().to_vec(), &name, depth)?,
            _ => found.look_at(part.contents().to_vec(), &name, depth)?,
        }
    }
    found.one()
}

/// The snapshots seen so far in one container.
struct Found {
    container: &'static str,
    texts: Vec<Vec<u8>>,
    /// The first thing that was at least recognised, for the message.
    problem: Option<ContainerError>,
}

impl Found {
    fn new(container: &'static str) -> Self {
        Self { container, texts: Vec::new(), problem: None }
    }

    fn look_at(&mut self, bytes: Vec<u8>, name: &str, depth: usize) -> Result<(), ContainerError> {
        match unpack_within(bytes, name, depth + 1) {
            Ok(text) if self.texts.contains(&text) => {}
            Ok(text) => self.texts.push(text),
            Err(limit @ ContainerError::Limit { .. }) => return Err(limit),
            Err(ContainerError::Nothing { .. }) => {}
            Err(problem) => self.problem = self.problem.take().or(Some(problem)),
        }
        Ok(())
    }

    fn one(mut self) -> Result<Vec<u8>, ContainerError> {
        let container = self.container;
        // An e-mail may speak of its attachment; the text that is JSON is the snapshot.
        if self.texts.len() > 1 {
            let is_json = |text: &Vec<u8>| starts_like_json(text);
            if self.texts.iter().any(is_json) {
                self.texts.retain(is_json);
            }
        }
        match (self.texts.len(), self.problem) {
            (1, _) => self.texts.pop().ok_or(ContainerError::Nothing { container }),
            (0, Some(problem)) => Err(problem),
            (0, None) => Err(ContainerError::Nothing { container }),
            (count, _) => Err(ContainerError::Several { container, count }),
        }
    }
}

fn starts_like_json(text: &[u8]) -> bool {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start().starts_with(b"{")
}

fn read_limited(source: impl Read, container: &'static str) -> Result<Vec<u8>, ContainerError> {
    let mut bytes = Vec::new();
    let limit = limits::CONTAINER as u64 + 1;
    source.take(limit).read_to_end(&mut bytes).map_err(|_| ContainerError::Broken { container })?;
    if bytes.len() > limits::CONTAINER {
        return Err(ContainerError::Limit { what: "it is larger than 96 MiB after unpacking" });
    }
    Ok(bytes)
}

fn mentions(bytes: &[u8], word: &str) -> bool {
    let needle = format!("\"{word}\"");
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

/// RFC 5322: header lines up to an empty line, and one of them is what every e-mail has.
fn looks_like_mail(bytes: &[u8]) -> bool {
    const USUAL: [&str; 7] =
        ["from:", "received:", "return-path:", "mime-version:", "content-type:", "subject:", "delivered-to:"];
    let start = bytes.get(..bytes.len().min(1 << 16)).unwrap_or(bytes);
    let mut has_usual = false;
    for line in start.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return false };
        let (name, _) = line.split_at(colon);
        if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) {
            return false;
        }
        let header = String::from_utf8_lossy(name).to_ascii_lowercase() + ":";
        has_usual |= USUAL.contains(&header.as_str());
    }
    has_usual
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Result<Vec<u8>, ContainerError> {
        unpack(bytes.to_vec(), "file")
    }

    #[test]
    fn what_is_no_snapshot_is_named_for_what_it_is() {
        for (bytes, what) in [
            (&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"[..], "an Outlook message"),
            (b"\x78\x9f\x3e\x22", "a winmail.dat"),
            (b"%PDF-1.7", "a PDF"),
            (b"From ann@example.org Mon Jan  1 00:00:00 2024\nSubject: x\n\n", "a mailbox"),
            (b"{\"format\":\"conclave-contents\"}", "contents that Conclave recovered"),
            (b"{\"chainCode\":\"00\",\"keys\":{}}", "a part of a Fireblocks"),
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
