//! Reading what somebody names, and making folders. How files are written is in `writing`.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek};
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;

use super::disk::{Disk, System};
use super::output::{OutputFolders, parent};
pub use super::write_error::WriteError;
use super::write_error::{Left, Why};
use super::writing::fault_of;
pub use super::writing::{look_at_names, remove_file, write_all_new, write_new};
use crate::domain::explain::Explain;
use crate::domain::file_name::limits_names;
use crate::domain::secret::SecretBuffer;
use crate::domain::text::Safe;

/// Why a file could not be read. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{} does not exist", shown(.path))]
    Missing { path: PathBuf },
    #[error("{} is a folder", shown(.path))]
    IsFolder { path: PathBuf },
    #[error("{} is not a regular file", shown(.path))]
    NotRegular { path: PathBuf },
    #[error("{} cannot be read: you have no permission", shown(.path))]
    Permission { path: PathBuf },
    #[error("others than its owner may read {}", shown(.path))]
    OpenToOthers { path: PathBuf },
    #[error("{} is larger than {} MiB", shown(.path), .limit >> 20)]
    TooLarge { path: PathBuf, limit: usize },
    #[error("{} cannot be read: {source}", shown(.path))]
    Io { path: PathBuf, source: io::Error },
}

impl Explain for ReadError {
    fn hint(&self) -> String {
        match self {
            Self::Missing { .. } => "Check the name, and whether the stick is mounted.",
            Self::IsFolder { .. } => "Name the file inside it.",
            Self::NotRegular { .. } => "Name a file, not a device or pipe.",
            Self::Permission { .. } => "Copy the file to a folder of yours, or ask whoever owns it.",
            Self::OpenToOthers { .. } => {
                "Set its permissions to 600 (chmod 600), and ask who could have read it. A stick may keep none: then copy the file to a disk that does."
            },
            Self::TooLarge { .. } => "This is no file that Conclave makes.",
            Self::Io { .. } => "Try another copy; the medium may be failing.",
        }
        .to_owned()
    }
}

/// A path for people: a file name can hold anything, also what steers a terminal.
pub fn shown(path: &Path) -> String {
    Safe(&path.to_string_lossy()).to_string()
}

/// Whether a folder is there.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Reads a regular file of at most `limit` bytes. Opened for reading only, and never waits for a pipe.
pub fn read(path: &Path, limit: usize) -> Result<Vec<u8>, ReadError> {
    read_secret(path, limit).map(SecretBuffer::into_public)
}

/// The same into memory that is wiped and was never copied.
pub fn read_secret(path: &Path, limit: usize) -> Result<SecretBuffer, ReadError> {
    read_if(path, limit, |_| true)
}

/// The same of a file that nobody but its owner may read or change.
pub fn read_private(path: &Path, limit: usize) -> Result<SecretBuffer, ReadError> {
    read_if(path, limit, |mode| !mode.intersects(Mode::RWXG | Mode::RWXO))
}

fn read_if(path: &Path, limit: usize, is_allowed: impl Fn(Mode) -> bool) -> Result<SecretBuffer, ReadError> {
    let owned = || path.to_owned();
    let failed = |source: io::Error| match source.kind() {
        ErrorKind::NotFound => ReadError::Missing { path: owned() },
        ErrorKind::PermissionDenied => ReadError::Permission { path: owned() },
        ErrorKind::IsADirectory => ReadError::IsFolder { path: owned() },
        _ => ReadError::Io { path: owned(), source },
    };
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let opened = rustix::fs::open(path, flags, Mode::empty()).map_err(|errno| failed(errno.into()))?;
    let status = rustix::fs::fstat(&opened).map_err(|errno| failed(errno.into()))?;
    match FileType::from_raw_mode(status.st_mode) {
        FileType::RegularFile => {}
        FileType::Directory => return Err(ReadError::IsFolder { path: owned() }),
        _ => return Err(ReadError::NotRegular { path: owned() }),
    }
    if !is_allowed(Mode::from_raw_mode(status.st_mode)) {
        return Err(ReadError::OpenToOthers { path: owned() });
    }
    let size = usize::try_from(status.st_size).unwrap_or(usize::MAX);
    if size > limit {
        return Err(ReadError::TooLarge { path: owned(), limit });
    }
    let mut file = File::from(opened);
    let mut buffer = SecretBuffer::zeros(size + 1);
    let mut length = fill(&mut file, buffer.reveal_mut()).map_err(failed)?;
    if length == buffer.reveal().len() && length <= limit {
        // It grew meanwhile, or is of those that do not say their size.
        buffer = SecretBuffer::zeros(limit + 1);
        file.rewind().map_err(failed)?;
        length = fill(&mut file, buffer.reveal_mut()).map_err(failed)?;
    }
    if length > limit {
        return Err(ReadError::TooLarge { path: owned(), limit });
    }
    buffer.shorten(length);
    Ok(buffer)
}

/// The same from the medium itself, as far as the system lets go of what it has of the file in memory.
pub fn read_from_medium(path: &Path, limit: usize) -> Result<Vec<u8>, ReadError> {
    // A link could lead to another medium.
    if std::fs::symlink_metadata(path).is_ok_and(|status| status.is_symlink()) {
        return Err(ReadError::NotRegular { path: path.to_owned() });
    }
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW;
    if let Ok(file) = rustix::fs::open(path, flags, Mode::empty()) {
        // Best effort: what reads back is compared in any case.
        let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
    }
    read(path, limit)
}

/// What a path leads to, without links.
pub fn real(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok()
}

/// Whether two paths lead to one file, by links of either kind or by another name of the folder.
pub fn is_same(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| rustix::fs::stat(path).ok().map(|status| (status.st_dev, status.st_ino));
    place(one).is_some_and(|one| place(other) == Some(one))
}

/// Whether something has this name.
pub fn is_there(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

/// Whether a folder is there and nothing is in it.
pub fn is_empty_folder(path: &Path) -> bool {
    std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

/// Reads standard input, at most `limit` bytes, into memory that is wiped.
pub fn read_stdin(limit: usize) -> Result<SecretBuffer, ReadError> {
    let path = || PathBuf::from("standard input");
    let mut buffer = SecretBuffer::zeros(limit + 1);
    let length =
        fill(&mut io::stdin().lock(), buffer.reveal_mut()).map_err(|source| ReadError::Io { path: path(), source })?;
    if length > limit {
        return Err(ReadError::TooLarge { path: path(), limit });
    }
    buffer.shorten(length);
    Ok(buffer)
}

fn fill(source: &mut impl Read, mut out: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while !out.is_empty() {
        match source.read(out) {
            Ok(0) => break,
            Ok(count) => {
                length += count;
                out = out.get_mut(count..).unwrap_or_default();
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// Makes a folder (mode 0700) and those above it that are missing, inside the named ones.
fn make_folder(path: &Path, allowed: &OutputFolders) -> Result<(), WriteError> {
    use std::os::unix::fs::DirBuilderExt;
    let failed = |why| WriteError::before(path, why);
    allowed.check(&path.join("x")).map_err(|why| failed(why.into()))?;
    look_at_missing(path)?;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| {
        failed(match error.kind() {
            ErrorKind::AlreadyExists => Why::Exists,
            ErrorKind::NotFound => Why::FolderMissing,
            _ => Why::Io(Errno::from_io_error(&error).unwrap_or(Errno::IO)),
        })
    })
}

/// Whether a folder can be made here, or is here and empty.
pub fn look_at_new_folder(path: &Path, allowed: &OutputFolders) -> Result<(), WriteError> {
    let failed = |why| WriteError::before(path, why);
    allowed.check(&path.join("x")).map_err(|why| failed(why.into()))?;
    match std::fs::read_dir(path).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(failed(Why::NotEmpty)),
        Err(error) if error.kind() == ErrorKind::NotFound => look_at_missing(path),
        Err(error) if error.kind() == ErrorKind::NotADirectory => Err(failed(Why::Exists)),
        Err(error) => Err(failed(Why::Io(Errno::from_io_error(&error).unwrap_or(Errno::IO)))),
    }
}

/// Whether a file can be made in a folder that is made for it.
pub fn look_at_new_file(path: &Path, allowed: &OutputFolders) -> Result<(), WriteError> {
    look_at_new_folder(parent(path), allowed)?;
    look_at_missing(path)
}

/// Whether what is missing of a path can have its names where it would be made.
fn look_at_missing(path: &Path) -> Result<(), WriteError> {
    let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let missing: Vec<&Path> = path.ancestors().take_while(is_missing).collect();
    let Some(above) = missing.last().and_then(|highest| System.open_folder(parent(highest)).ok()) else {
        return Ok(());
    };
    if !System.file_system(&above).is_some_and(|file_system| limits_names(&file_system)) {
        return Ok(());
    }
    let unfit = |folder: &&Path| Some(WriteError::before(folder, Why::Unfit(fault_of(folder.file_name()?)?)));
    missing.iter().rev().find_map(unfit).map_or(Ok(()), Err)
}

/// Whether a file of this name would be in the folder or below it, or be the folder itself.
pub fn is_inside(file: &Path, folder: &Path) -> bool {
    let resolved = |path: &Path| {
        let of_parent = || Some(parent(path).canonicalize().ok()?.join(path.file_name()?));
        path.canonicalize().ok().or_else(of_parent).or_else(|| std::path::absolute(path).ok()).unwrap_or_default()
    };
    resolved(file).starts_with(resolved(folder))
}

/// Writes files as [`write_all_new`] does, and makes the folders that they need: `folder` and those below it. When that fails none
/// of these is left, or it is named.
pub fn write_all_below(
    disk: &dyn Disk,
    folder: &Path,
    all: &[(&Path, &[u8])],
    allowed: &OutputFolders,
) -> Result<(), WriteError> {
    let mut made = NewFolders::default();
    let mut needed = all.iter().filter_map(|(path, _)| path.parent()).filter(|needed| needed.starts_with(folder));
    let written =
        needed.try_for_each(|needed| made.make(needed, allowed)).and_then(|()| write_all_new(disk, all, allowed));
    match written {
        Ok(()) => {
            made.keep();
            Ok(())
        }
        Err(mut error) => {
            made.undo(disk, &mut error.left);
            Err(error)
        }
    }
}

/// Folders that are made for files which may fail to come. Those of them that are empty are removed when this goes, unless they are
/// to be kept.
#[derive(Debug, Default)]
pub struct NewFolders(Vec<PathBuf>);

impl NewFolders {
    /// Makes a folder and those above it that are missing.
    pub fn make(&mut self, path: &Path, allowed: &OutputFolders) -> Result<(), WriteError> {
        let mut missing: Vec<PathBuf> = path
            .ancestors()
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
            .map(Path::to_owned)
            .collect();
        missing.reverse();
        self.0.append(&mut missing);
        make_folder(path, allowed)
    }

    pub fn keep(mut self) {
        self.0.clear();
    }

    /// Removes them, and adds to `left` those that could not be; a folder that holds what is named there is named with it.
    fn undo(mut self, disk: &dyn Disk, left: &mut Vec<Left>) {
        for folder in std::mem::take(&mut self.0).into_iter().rev() {
            let is_said = left.iter().any(|left| left.path.starts_with(&folder));
            if disk.remove_folder(&folder).is_err() && is_there(&folder) && !is_said {
                left.push(Left { path: folder, is_empty: true });
            }
        }
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::output::Output;
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_file_is_written_whole_for_its_owner_only_and_never_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let allowed = OutputFolders::resolve(&[Output::Folder(folder.path())]);
        let path = folder.path().join("out.json");
        write_new(&System, &path, b"secret", &allowed).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"secret");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = write_new(&System, &path, b"other", &allowed).unwrap_err();
        assert!(again.to_string().ends_with("exists already"), "{again}");
        std::os::unix::fs::symlink("elsewhere", folder.path().join("link")).unwrap();
        assert!(write_new(&System, &folder.path().join("link"), b"other", &allowed).is_err());
        assert!(write_new(&System, &folder.path().join("none/out.json"), b"other", &allowed).is_err());
        assert!(write_new(&System, &folder.path().join("new/"), b"other", &allowed).is_err());
        let mut left: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["link", "out.json"], "no draft is left");
        assert_eq!(std::fs::read(&path).unwrap(), b"secret");
    }

    #[test]
    fn what_is_no_readable_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let of = |path: &Path| read(path, 10).unwrap_err();
        assert!(matches!(of(folder.path()), ReadError::IsFolder { .. }));
        assert!(matches!(of(&folder.path().join("none")), ReadError::Missing { .. }));
        assert!(matches!(of(Path::new("/dev/null")), ReadError::NotRegular { .. }));
        // A file that says that it is empty and is not.
        if let Ok(whole) = std::fs::read("/proc/version") {
            assert_eq!(read(Path::new("/proc/version"), 1 << 16).unwrap(), whole);
        }
        let large = folder.path().join("large");
        std::fs::write(&large, [0; 11]).unwrap();
        assert!(matches!(of(&large), ReadError::TooLarge { .. }));
        std::fs::write(&large, [7; 10]).unwrap();
        assert_eq!(read(&large, 10).unwrap(), [7; 10]);
    }
}
