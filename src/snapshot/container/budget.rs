//! What unpacking may cost: one budget for all containers inside one another, and for all files that are looked at together. What
//! turns out to be damaged, foreign or nothing at all counts as well.

use std::io::Read;

use super::ContainerError;
use crate::snapshot::v1::limits;

/// Entries of archives and parts of e-mails in all containers together.
pub const ENTRIES: usize = 1000;
/// Bytes that come out of all containers together, 192 MiB: an e-mail of the largest size, packed, with an attachment, packed.
pub const UNPACKED: usize = 2 * limits::CONTAINER;
/// The most bytes that deflate makes of one.
const DEFLATED: usize = 1032;

pub(super) const TOO_LARGE: ContainerError = ContainerError::Limit { what: "it is larger than 96 MiB after unpacking" };
pub(super) const TOO_MUCH: ContainerError =
    ContainerError::Limit { what: "it is larger than 192 MiB after unpacking, with all that is packed in it" };
pub(super) const TOO_MANY: ContainerError = ContainerError::Limit { what: "it holds more than 1000 files" };

/// What is left of the limits that all containers inside one another share: a small archive must not cost much.
#[derive(Debug)]
pub struct Budget {
    bytes: usize,
    entries: usize,
    /// What is to be known of what is unpacked; of what turns out not to be the snapshot it is dropped again.
    pub(super) remarks: Vec<String>,
}

/// What was taken of a [`Budget`].
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    pub bytes: usize,
    pub entries: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: UNPACKED, entries: ENTRIES, remarks: Vec::new() }
    }
}

impl Budget {
    pub fn spent(&self) -> Spent {
        Spent { bytes: UNPACKED - self.bytes, entries: ENTRIES - self.entries }
    }

    /// The most bytes that one more file or entry may have.
    pub fn room(&self) -> usize {
        self.bytes.min(limits::CONTAINER)
    }

    /// Counts a file that was read for nothing but to see what it is. Without room for it nothing is left.
    pub fn take_file(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    pub(super) fn entries(&self) -> usize {
        self.entries
    }

    pub(super) fn take_entry(&mut self) -> Result<(), ContainerError> {
        self.entries = self.entries.checked_sub(1).ok_or(TOO_MANY)?;
        Ok(())
    }

    /// Counts what is unpacked already.
    pub(super) fn take(&mut self, bytes: Vec<u8>) -> Result<Vec<u8>, ContainerError> {
        if bytes.len() > limits::CONTAINER {
            self.take_file(bytes.len());
            return Err(TOO_LARGE);
        }
        let Some(left) = self.bytes.checked_sub(bytes.len()) else {
            self.bytes = 0;
            return Err(TOO_MUCH);
        };
        self.bytes = left;
        Ok(bytes)
    }

    /// Reads all of `packed`, or what comes out of it before it turns out to be damaged: the digests of a snapshot say how far that
    /// is right.
    /// `again` begins anew.
    pub(super) fn read<R: Read>(
        &mut self,
        packed: &Packed,
        source: impl Read,
        again: impl FnOnce() -> Option<R>,
    ) -> Result<Vec<u8>, ContainerError> {
        let container = packed.container;
        let limit = self.room();
        let mut bytes = Vec::new();
        let claimed = usize::try_from(packed.length).unwrap_or(usize::MAX);
        // A right length spares copies of what grows. What a wrong one makes room for counts as well: memory is written when it is
        // given back.
        let room = claimed.min(packed.size.saturating_mul(DEFLATED)).min(limit);
        // With room for the reader to see the end.
        bytes.try_reserve_exact(room + 32).map_err(|_| TOO_LARGE)?;
        let read = source.take(limit as u64 + 1).read_to_end(&mut bytes);
        self.bytes -= room.saturating_sub(bytes.len()).min(self.bytes);
        if read.is_err() {
            if let Some(again) = again() {
                read_to_the_damage(again.take(limit as u64 + 1), &mut bytes);
            }
            if bytes.is_empty() {
                return Err(ContainerError::Broken { container });
            }
            let of = if claimed > bytes.len() { format!(" of {claimed}") } else { String::new() };
            self.remarks.push(format!("this {container} is damaged, and was read up to byte {}{of}", bytes.len()));
        }
        self.take(bytes)
    }
}

/// What is to be unpacked.
pub(super) struct Packed {
    pub container: &'static str,
    /// Bytes that are packed.
    pub size: usize,
    /// How many bytes it says that it unpacks to.
    pub length: u64,
}

/// What stands before the damage, which ends a decoder: it gives nothing of the piece in which it finds it, so that pieces are
/// small. `bytes` is what was read of the same before, in large ones.
fn read_to_the_damage(mut source: impl Read, bytes: &mut Vec<u8>) {
    let mut piece = [0; 16];
    let mut at = 0;
    while let Ok(length @ 1..) = source.read(&mut piece) {
        at += length;
        if at > bytes.len() {
            let new = length.min(at - bytes.len());
            bytes.extend_from_slice(piece.get(length - new..length).unwrap_or_default());
        }
    }
}
