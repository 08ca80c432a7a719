//! From a path to a reading, with failures that say what to do.

use std::path::Path;

use super::{Exit, Failure};
use crate::machine::files::{self, ReadError, shown};
use crate::snapshot::container::{self, ContainerError};
use crate::snapshot::v1::limits;
use crate::snapshot::v1::read::{Reading, read};
use crate::snapshot::v1::verdict::Refusal;

/// A snapshot as it came.
pub struct Loaded {
    pub reading: Reading,
    /// Bytes of the file, packed or not.
    pub size: usize,
}

/// Reads, unpacks and judges the file at `path`.
pub fn load(path: &Path) -> Result<Loaded, Failure> {
    let bytes = files::read(path, limits::CONTAINER).map_err(|error| not_read(&error))?;
    let size = bytes.len();
    let text = container::unpack(bytes, &path.to_string_lossy()).map_err(|error| not_unpacked(path, &error))?;
    let mut reading = read(&text).map_err(|refusal| refused(path, &refusal))?;
    reading.name = shown(path);
    Ok(Loaded { reading, size })
}

pub fn refused(path: &Path, refusal: &Refusal) -> Failure {
    Failure::new(Exit::Refused, format_args!("{}: {refusal}.", shown(path)), refusal.hint())
}

fn not_unpacked(path: &Path, error: &ContainerError) -> Failure {
    Failure::new(Exit::Refused, format_args!("{}: {error}.", shown(path)), error.hint())
}

pub fn not_read(error: &ReadError) -> Failure {
    Failure::new(Exit::Refused, format_args!("{error}."), error.hint())
}
