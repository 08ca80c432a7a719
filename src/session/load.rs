//! From a path to a reading. Files are only read.

use std::path::{Path, PathBuf};

use crate::domain::explain::Explain;
use crate::machine::files::{self, ReadError, shown};
use crate::snapshot::container::{self, ContainerError};
use crate::snapshot::v1::limits;
use crate::snapshot::v1::read::{Reading, read};
use crate::snapshot::v1::verdict::FileRefusal;

/// A snapshot as it came.
pub struct Loaded {
    pub reading: Reading,
    /// Bytes of the file, packed or not.
    pub size: usize,
}

/// Why a file gave no reading.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("{}: {why}", shown(.path))]
    Container { path: PathBuf, why: ContainerError },
    #[error("{}: {why}", shown(.path))]
    Refused { path: PathBuf, why: FileRefusal },
}

impl LoadError {
    pub fn refused(path: &Path, why: FileRefusal) -> Self {
        Self::Refused { path: path.to_owned(), why }
    }
}

impl Explain for LoadError {
    fn hint(&self) -> String {
        match self {
            Self::Read(error) => error.hint(),
            Self::Container { why, .. } => why.hint(),
            Self::Refused { why, .. } => why.hint(),
        }
    }
}

/// Reads, unpacks and judges the file at `path`.
pub fn load(path: &Path) -> Result<Loaded, LoadError> {
    let bytes = files::read(path, limits::CONTAINER)?;
    let size = bytes.len();
    let text = container::unpack(bytes, &path.to_string_lossy())
        .map_err(|why| LoadError::Container { path: path.to_owned(), why })?;
    let mut reading = read(&text).map_err(|why| LoadError::refused(path, why))?;
    reading.name = shown(path);
    Ok(Loaded { reading, size })
}
