//! Zip archives (PKWARE APPNOTE 6.3): by their directory, and entry by entry where that is damaged, hides one, or is in another piece
//! of a split archive.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use zip::CompressionMethod;
use zip::read::{ZipFile, read_zipfile_from_stream};
use zip::result::ZipError;

use super::ContainerError;
use super::budget::{Budget, Packed, TOO_MANY};
use super::found::{FoundSnapshots, Part};
use crate::snapshot::foreign::{PIECE, is_name_of_piece, recognise_archive, recognise_document};

const ZIP: &str = "zip archive";

/// A local header (APPNOTE, 4.3.7).
const LOCAL: &[u8] = b"PK\x03\x04";
/// What stands before the first one where the archive is in pieces, or was to be (8.5.3, 8.5.4).
const SPANNED: &[u8] = b"PK\x07\x08";
const SPANNED_IN_ONE: &[u8] = b"PK00";
/// The end of the directory (4.3.16): 22 bytes and a comment.
const END: &[u8] = b"PK\x05\x06";
const END_SIZE: usize = 22;

pub(super) fn begins_as_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(LOCAL) || bytes.starts_with(END) || without_marker(bytes).is_some()
}

/// Whether it ends as archives do: also the last piece of a split one, and a program that unpacks itself.
pub(super) fn ends_as_zip(bytes: &[u8]) -> bool {
    disk(bytes).is_some()
}

/// What stands behind the mark of an archive in pieces.
fn without_marker(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(SPANNED).or_else(|| bytes.strip_prefix(SPANNED_IN_ONE))?;
    rest.starts_with(LOCAL).then_some(rest)
}

/// The number of the piece that the end of the directory is in, from 0, where such an end ends the file.
fn disk(bytes: &[u8]) -> Option<u16> {
    let from = bytes.len().saturating_sub(END_SIZE + usize::from(u16::MAX));
    let tail = bytes.get(from..)?;
    let number = |at: usize| tail.get(at..at + 2)?.first_chunk().map(|number| u16::from_le_bytes(*number));
    let is_end = |at: &usize| number(at + 20).is_some_and(|comment| at + END_SIZE + usize::from(comment) == tail.len());
    let at = (0..tail.len()).rev().filter(|at| tail.get(*at..).is_some_and(|end| end.starts_with(END))).find(is_end)?;
    // 0xffff: a larger directory says so (4.4.19).
    number(at + 4).map(|disk| if disk == u16::MAX { 0 } else { disk })
}

/// How many entries a zip archive has at most: each begins so in its directory. They are counted before any of them is read.
fn directory_entries(zip: &[u8]) -> usize {
    zip.windows(4).filter(|window| *window == b"PK\x01\x02").count()
}

pub(super) fn unpack_zip(
    bytes: &[u8],
    name: &str,
    depth: usize,
    budget: &mut Budget,
) -> Result<Vec<u8>, ContainerError> {
    let is_piece = bytes.starts_with(SPANNED) || disk(bytes).is_some_and(|disk| disk > 0) || is_name_of_piece(name);
    let bytes = without_marker(bytes).unwrap_or(bytes);
    let entries = directory_entries(bytes);
    if entries > budget.entries() {
        return Err(TOO_MANY);
    }
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).ok().filter(|_| !is_piece);
    let Some(archive) = archive else {
        return unpack_entries(bytes, is_piece, depth, budget);
    };
    if archive.len() > budget.entries() {
        return Err(TOO_MANY);
    }
    // Of two entries of one name the archive shows the last alone.
    if archive.len() < entries {
        return unpack_entries(bytes, is_piece, depth, budget);
    }
    unpack_by_directory(archive, bytes, depth, budget)
}

fn unpack_by_directory(
    mut archive: zip::ZipArchive<Cursor<&[u8]>>,
    bytes: &[u8],
    depth: usize,
    budget: &mut Budget,
) -> Result<Vec<u8>, ContainerError> {
    let names: Vec<String> = archive.file_names().flatten().map(Cow::into_owned).collect();
    if let Some(foreign) = recognise_archive(&names) {
        return Err(ContainerError::Foreign(foreign));
    }
    let mut again = archive.clone();
    let mut found = FoundSnapshots::new(ZIP);
    for index in 0..archive.len() {
        budget.take_entry()?;
        match archive.by_index(index) {
            Ok(entry) => {
                let again = &mut again;
                look_at(&mut found, entry, bytes.len(), index + 1, move || again.by_index(index).ok(), depth, budget)?;
            }
            Err(error) => not_opened(&mut found, &error),
        }
    }
    // The directory says something else than what stands before the entry, or that is damaged.
    let is_refused = matches!(found.problem, Some(ContainerError::Encrypted | ContainerError::Method { .. }));
    if found.is_nothing()
        && (found.is_broken || is_refused)
        && let Ok(text) = unpack_entries(bytes, false, depth, budget)
    {
        return Ok(text);
    }
    found.one(budget).map_err(|error| match recognise_document(&names) {
        Some(foreign) if !matches!(error, ContainerError::Limit { .. } | ContainerError::Several { .. }) => {
            ContainerError::Foreign(foreign)
        }
        _ => error,
    })
}

/// The entries one after the other, as they stand. Of a piece of an archive only those that are whole.
fn unpack_entries(bytes: &[u8], is_piece: bool, depth: usize, budget: &mut Budget) -> Result<Vec<u8>, ContainerError> {
    let mut found = FoundSnapshots::new(ZIP);
    found.is_broken = true;
    let mut rest = Cursor::new(bytes);
    let mut number = 0;
    loop {
        let mut again = rest.clone();
        number += 1;
        match read_zipfile_from_stream(&mut rest) {
            Ok(Some(entry)) => {
                budget.take_entry()?;
                if is_piece && entry.compressed_size() > (bytes.len() as u64).saturating_sub(again.position()) {
                    break;
                }
                let again = &mut again;
                look_at(
                    &mut found,
                    entry,
                    bytes.len(),
                    number,
                    move || read_zipfile_from_stream(again).ok().flatten(),
                    depth,
                    budget,
                )?;
            }
            Ok(None) => break,
            Err(error) => {
                not_opened(&mut found, &error);
                break;
            }
        }
    }
    if is_piece && found.is_nothing() {
        return Err(ContainerError::Foreign(PIECE));
    }
    found.one(budget)
}

/// `size`: bytes of the whole archive.
fn look_at<'a, R: Read, S: Read + 'a>(
    found: &mut FoundSnapshots,
    entry: ZipFile<'_, R>,
    size: usize,
    number: usize,
    again: impl FnOnce() -> Option<ZipFile<'a, S>>,
    depth: usize,
    budget: &mut Budget,
) -> Result<(), ContainerError> {
    if entry.is_dir() {
        return Ok(());
    }
    if let Some(method) = other_method(entry.compression()) {
        found.know(ContainerError::Method { method });
        return Ok(());
    }
    let name = entry.name().map(Cow::into_owned).unwrap_or_default();
    let packed = Packed {
        container: ZIP,
        size: usize::try_from(entry.compressed_size()).unwrap_or(usize::MAX).min(size),
        length: entry.size(),
    };
    let before = std::mem::take(&mut budget.remarks);
    let read = budget.read(&packed, entry, again);
    let known = std::mem::replace(&mut budget.remarks, before);
    match read {
        Ok(bytes) => found.look_at(bytes, Part::of(ZIP, number, &name, known), depth, budget),
        Err(ContainerError::Broken { .. }) => {
            found.is_broken = true;
            Ok(())
        }
        Err(refusal) => Err(refusal),
    }
}

fn not_opened(found: &mut FoundSnapshots, error: &ZipError) {
    match error {
        ZipError::UnsupportedArchive(why) if *why == ZipError::PASSWORD_REQUIRED => {
            found.know(ContainerError::Encrypted);
        }
        _ => found.is_broken = true,
    }
}

/// What an entry is packed with, where that is not unpacked here (APPNOTE, 4.4.5).
fn other_method(method: CompressionMethod) -> Option<&'static str> {
    const NAMES: [(CompressionMethod, &str); 7] = [
        (CompressionMethod::DEFLATE64, "Deflate64"),
        (CompressionMethod::BZIP2, "bzip2"),
        (CompressionMethod::LZMA, "LZMA"),
        (CompressionMethod::ZSTD_DEPRECATED, "zstd"),
        (CompressionMethod::ZSTD, "zstd"),
        (CompressionMethod::XZ, "xz"),
        (CompressionMethod::PPMD, "PPMd"),
    ];
    if matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
        return None;
    }
    let known = NAMES.iter().find(|(known, _)| *known == method);
    Some(known.map_or("a method that is not known here", |(_, name)| name))
}
