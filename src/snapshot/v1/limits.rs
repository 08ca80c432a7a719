//! The limits of format 1 (`docs/format.md`, section 14). Exceeding one is refused at once and by name.

/// Bytes of JSON text after unpacking: 64 MiB.
pub const TEXT: usize = 64 << 20;
/// Bytes of a file as it comes: 96 MiB.
pub const CONTAINER: usize = 96 << 20;
/// Boxes of one file.
pub const BOXES: usize = 4096;
/// Envelopes of one file: far more than the 16 of the largest backup, so that a damaged list is still named part by part.
pub const ENVELOPES: usize = 256;
/// Bytes of plaintext in one box: 44 MiB.
pub const BOX_PLAINTEXT: usize = 44 << 20;
/// The highest sequence and position.
pub const SEQUENCE: u32 = i32::MAX as u32;
/// A refresh that adds more than so many bytes is refused with the advice to rotate: 8 MiB.
pub const REFRESH: usize = 8 << 20;
/// What the values of all public boxes may weigh together, in all files of one backup: what anybody can add shall not cost a
/// recovery its memory.
pub const PUBLIC_VALUES: usize = 5 << 20;
/// Elements of the lists in core, labels and the snapshot section: as many as boxes.
pub const LIST: usize = BOXES;
