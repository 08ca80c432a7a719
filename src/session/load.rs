//! From a path to a reading. Files are only read.

use std::path::{Path, PathBuf};

use crate::domain::explain::Explain;
use crate::domain::kind::Kind;
use crate::machine::files::{self, ReadError, shown};
use crate::snapshot::backup::Backup;
use crate::snapshot::container::{self, Budget, ContainerError};
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
    #[error(
        "{}: this is the backup of one person's device. It holds only that person's own shares, and cannot rebuild the keys of an organization",
        shown(.path)
    )]
    OfDevice { path: PathBuf },
    #[error(
        "{}: this is {}. It holds what belongs to all, and not the shares of one person's device",
        shown(.path),
        .kind.rules().named
    )]
    NotOfDevice { path: PathBuf, kind: Kind },
}

impl LoadError {
    pub fn refused(path: &Path, why: FileRefusal) -> Self {
        Self::Refused { path: path.to_owned(), why }
    }

    /// Whether nobody can say what the file is, because it or what is packed in it is too large.
    pub fn is_limit(&self) -> bool {
        matches!(
            self,
            Self::Read(ReadError::TooLarge { .. }) | Self::Container { why: ContainerError::Limit { .. }, .. }
        )
    }
}

impl Explain for LoadError {
    fn hint(&self) -> String {
        match self {
            Self::Read(error) => error.hint(),
            Self::Container { why, .. } => why.hint(),
            Self::Refused { why, .. } => why.hint(),
            Self::OfDevice { .. } => "Restore the device with `conclave device restore FILE`. For an organization's keys choose its own snapshot.".to_owned(),
            Self::NotOfDevice { kind: Kind::Codes, .. } => "Read it with `conclave codes list FILE`. For a device choose its own backup.".to_owned(),
            Self::NotOfDevice { .. } => "Recover it with `conclave recover FILE`. For a device choose its own backup.".to_owned(),
        }
    }
}

/// The backup that the first reading decides on, and readings of others. `first` is its path, for messages.
pub fn unite_any(readings: Vec<Reading>, first: &Path) -> Result<(Backup, Vec<Reading>), LoadError> {
    Backup::unite(readings).map_err(|why| LoadError::refused(first, why))
}

/// The same where that of a device is not asked for.
pub fn unite(readings: Vec<Reading>, first: &Path) -> Result<(Backup, Vec<Reading>), LoadError> {
    let (backup, others) = unite_any(readings, first)?;
    match backup.core().kind {
        Kind::Device => Err(LoadError::OfDevice { path: first.to_owned() }),
        Kind::Organization | Kind::Codes => Ok((backup, others)),
    }
}

/// The same where only that of a device is asked for.
pub fn unite_of_device(readings: Vec<Reading>, first: &Path) -> Result<(Backup, Vec<Reading>), LoadError> {
    let (backup, others) = unite_any(readings, first)?;
    match backup.core().kind {
        Kind::Device => Ok((backup, others)),
        kind @ (Kind::Organization | Kind::Codes) => Err(LoadError::NotOfDevice { path: first.to_owned(), kind }),
    }
}

/// What a file is that was taken for another one, in a sentence; `None` for one that is no file of this program or of another that
/// is known.
pub fn named(path: &Path) -> Option<&'static str> {
    let bytes = files::read(path, limits::CONTAINER).ok()?;
    match container::unpack(bytes, &path.to_string_lossy()) {
        Ok(unpacked) => {
            unite_any(vec![read(&unpacked.text).ok()?], path).ok().map(|(backup, _)| backup.core().kind.rules().named)
        }
        Err(ContainerError::Foreign(foreign) | ContainerError::Inside { foreign, .. }) => Some(foreign.what),
        Err(_) => None,
    }
}

/// Reads, unpacks and judges the file at `path`.
pub fn load(path: &Path) -> Result<Loaded, LoadError> {
    let bytes = files::read(path, limits::CONTAINER)?;
    judge(bytes, path, &mut Budget::default())
}

/// The same of one of several files that nobody chose one by one. Its bytes and what comes out of them are taken from `budget`, also
/// where it turns out to be no snapshot.
pub fn load_beside(path: &Path, budget: &mut Budget) -> Result<Loaded, LoadError> {
    let bytes = files::read(path, budget.room())?;
    budget.take_file(bytes.len());
    judge(bytes, path, budget)
}

fn judge(bytes: Vec<u8>, path: &Path, budget: &mut Budget) -> Result<Loaded, LoadError> {
    let size = bytes.len();
    let unpacked = container::unpack_from(bytes, &path.to_string_lossy(), budget)
        .map_err(|why| LoadError::Container { path: path.to_owned(), why })?;
    let mut reading = read(&unpacked.text).map_err(|why| LoadError::refused(path, why))?;
    reading.name = shown(path);
    reading.remarks = unpacked.remarks;
    Ok(Loaded { reading, size })
}
