//! Reading what somebody names, and writing so that a file is complete or absent.
//!
//! Writing: a new file of mode 0600 in the same folder, without a name (where the file system knows no such files, under a name
//! that cannot be a symbolic link), synced, dropped from the page cache, read back and compared, then named without replacing
//! anything, and the folder synced. Where a step fails nothing is left.

use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use super::output::{NotAllowed, OutputFolders, parent};
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
    #[error("{} is larger than {} MiB", shown(.path), .limit >> 20)]
    TooLarge { path: PathBuf, limit: usize },
    #[error("{} cannot be read: {source}", shown(.path))]
    Io { path: PathBuf, source: io::Error },
}

impl ReadError {
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "Check the name, and whether the stick is mounted.",
            Self::IsFolder { .. } => "Name the file inside it.",
            Self::NotRegular { .. } => "Name a file, not a device or pipe.",
            Self::Permission { .. } => "Copy the file to a folder of yours, or ask whoever owns it.",
            Self::TooLarge { .. } => "This is no file that Conclave makes.",
            Self::Io { .. } => "Try another copy; the medium may be failing.",
        }
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
    read_secret(path, limit).map(|buffer| buffer.reveal().to_vec())
}

/// The same into memory that is wiped and was never copied.
pub fn read_secret(path: &Path, limit: usize) -> Result<SecretBuffer, ReadError> {
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
    let mut file = File::from(opened);
    let mut buffer = SecretBuffer::zeros(usize::try_from(status.st_size).unwrap_or(usize::MAX).min(limit) + 1);
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

/// Why a file was not written. Nothing partial is left, nothing was replaced.
#[derive(Debug)]
pub struct WriteError {
    path: PathBuf,
    why: Why,
}

#[derive(Debug)]
enum Why {
    Exists,
    FolderMissing,
    Outside,
    NotTheSame,
    Io(io::Error),
}

impl WriteError {
    fn not_allowed(path: &Path) -> impl Fn(NotAllowed) -> Self {
        let path = path.to_owned();
        move |why| {
            let why = match why {
                NotAllowed::FolderMissing => Why::FolderMissing,
                NotAllowed::Outside => Why::Outside,
            };
            Self { path: path.clone(), why }
        }
    }

    fn io(path: &Path) -> impl Fn(io::Error) -> Self {
        let path = path.to_owned();
        move |error| {
            let why = match error.kind() {
                ErrorKind::AlreadyExists => Why::Exists,
                ErrorKind::NotFound => Why::FolderMissing,
                _ => Why::Io(error),
            };
            Self { path: path.clone(), why }
        }
    }

    pub fn hint(&self) -> &'static str {
        match &self.why {
            Why::Exists => "Choose another name; nothing is ever overwritten.",
            Why::FolderMissing => "Make the folder first, or choose another one.",
            Why::Outside => "Name the folder on the command line.",
            Why::NotTheSame => "The medium may be failing. Use another one.",
            Why::Io(error) if error.kind() == ErrorKind::StorageFull => "Make room, or use another medium.",
            Why::Io(error) if error.kind() == ErrorKind::ReadOnlyFilesystem => {
                "The medium is read-only. Use another one."
            }
            Why::Io(error) if error.kind() == ErrorKind::PermissionDenied => "Choose a folder that you may write to.",
            Why::Io(_) => "Use another folder or medium.",
        }
    }
}

impl std::error::Error for WriteError {}

impl fmt::Display for WriteError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = shown(&self.path);
        match &self.why {
            Why::Exists => write!(out, "{path} exists already"),
            Why::FolderMissing => write!(out, "the folder of {path} does not exist"),
            Why::Outside => write!(out, "{path} is not in a folder that this run may write to"),
            Why::NotTheSame => write!(out, "{path} did not read back as it was written"),
            Why::Io(error) => write!(out, "{path} could not be written: {error}"),
        }
    }
}

/// Makes a folder (mode 0700) and those above it that are missing, inside the named ones.
pub fn make_folder(path: &Path, allowed: &OutputFolders) -> Result<(), WriteError> {
    use std::os::unix::fs::DirBuilderExt;
    allowed.check(&path.join("x")).map_err(WriteError::not_allowed(path))?;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(WriteError::io(path))
}

/// Writes a new file, complete or not at all.
pub fn write_new(path: &Path, bytes: &[u8], allowed: &OutputFolders) -> Result<(), WriteError> {
    allowed.check(path).map_err(WriteError::not_allowed(path))?;
    let failed = WriteError::io(path);
    let is_folder_name = path.as_os_str().as_encoded_bytes().ends_with(b"/");
    let name = path.file_name().filter(|_| !is_folder_name).ok_or_else(|| failed(ErrorKind::InvalidInput.into()))?;
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::RDONLY;
    let folder = rustix::fs::open(parent(path), flags, Mode::empty()).map_err(|errno| failed(errno.into()))?;
    // Looked at first, so that nothing is written in vain; the rename at the end is what really refuses.
    match rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(_) => return Err(failed(ErrorKind::AlreadyExists.into())),
        Err(Errno::NOENT) => {}
        Err(errno) => return Err(failed(errno.into())),
    }
    match write_unnamed(&folder, name, bytes) {
        Ok(true) => return Ok(()),
        Ok(false) => return Err(WriteError { path: path.to_owned(), why: Why::NotTheSame }),
        Err(error) if Errno::from_io_error(&error).is_some_and(|errno| NO_UNNAMED.contains(&errno)) => {}
        Err(error) => return Err(failed(error)),
    }
    let draft = format!(".conclave-{:016x}.part", draft_number().map_err(&failed)?);
    let mut draft = Draft { folder: &folder, name: draft, is_there: false };
    let written =
        draft.write(bytes).and_then(|same| if same { draft.rename_to(name).map(|()| true) } else { Ok(false) });
    match written {
        Ok(true) => Ok(()),
        Ok(false) => Err(WriteError { path: path.to_owned(), why: Why::NotTheSame }),
        Err(error) => Err(failed(error)),
    }
}

/// What a file system says that knows no files without a name, or a system without /proc.
const NO_UNNAMED: [Errno; 5] = [Errno::OPNOTSUPP, Errno::ISDIR, Errno::INVAL, Errno::NOENT, Errno::NOSYS];

/// Writes a file that has no name until it is complete: whatever ends the program before leaves nothing behind (`open(2)`,
/// `O_TMPFILE`). Says whether what reads back is the same.
#[cfg(target_os = "linux")]
fn write_unnamed(folder: &rustix::fd::OwnedFd, name: &std::ffi::OsStr, bytes: &[u8]) -> io::Result<bool> {
    use std::os::fd::AsRawFd;
    let flags = OFlags::RDWR | OFlags::TMPFILE | OFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::openat(folder, ".", flags, Mode::RUSR | Mode::WUSR)?);
    if !write_and_compare(&mut file, bytes)? {
        return Ok(false);
    }
    let itself = format!("/proc/self/fd/{}", file.as_raw_fd());
    rustix::fs::linkat(rustix::fs::CWD, itself, folder, name, AtFlags::SYMLINK_FOLLOW)?;
    sync_folder(folder, name)?;
    Ok(true)
}

#[cfg(not(target_os = "linux"))]
fn write_unnamed(_folder: &rustix::fd::OwnedFd, _name: &std::ffi::OsStr, _bytes: &[u8]) -> io::Result<bool> {
    Err(Errno::OPNOTSUPP.into())
}

/// Writes, and says whether what reads back is the same.
fn write_and_compare(file: &mut File, bytes: &[u8]) -> io::Result<bool> {
    file.write_all(bytes)?;
    file.sync_all()?;
    // Best effort: where the page cache cannot be dropped, what reads back is still compared.
    let _ = rustix::fs::fadvise(&*file, 0, None, rustix::fs::Advice::DontNeed);
    file.rewind()?;
    let mut back = SecretBuffer::zeros(bytes.len() + 1);
    let length = fill(file, back.reveal_mut())?;
    back.shorten(length);
    Ok(back.reveal() == bytes)
}

/// Makes the new name last. Without that the file is removed again.
fn sync_folder(folder: &rustix::fd::OwnedFd, name: &std::ffi::OsStr) -> io::Result<()> {
    match rustix::fs::fsync(folder) {
        // Some file systems cannot sync a folder.
        Ok(()) | Err(Errno::INVAL) => Ok(()),
        Err(errno) => {
            let _ = rustix::fs::unlinkat(folder, name, AtFlags::empty());
            Err(errno.into())
        }
    }
}

fn draft_number() -> io::Result<u64> {
    getrandom::u64().map_err(|_| io::Error::other("the operating system gave no random bytes"))
}

/// The file before it has its name. Removed on drop unless it was renamed.
struct Draft<'a> {
    folder: &'a rustix::fd::OwnedFd,
    name: String,
    is_there: bool,
}

impl Draft<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<bool> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = rustix::fs::openat(self.folder, self.name.as_str(), flags, Mode::RUSR | Mode::WUSR)?;
        self.is_there = true;
        write_and_compare(&mut File::from(file), bytes)
    }

    fn rename_to(&mut self, name: &std::ffi::OsStr) -> io::Result<()> {
        match rustix::fs::renameat_with(self.folder, self.name.as_str(), self.folder, name, RenameFlags::NOREPLACE) {
            // A file system without this kind of rename.
            Err(Errno::INVAL | Errno::NOSYS) => self.rename_the_old_way(name)?,
            renamed => renamed?,
        }
        self.is_there = false;
        sync_folder(self.folder, name)
    }

    /// A second link refuses an existing name too. A file system without links (FAT) gets a last look before the rename.
    fn rename_the_old_way(&self, name: &std::ffi::OsStr) -> io::Result<()> {
        match rustix::fs::linkat(self.folder, self.name.as_str(), self.folder, name, AtFlags::empty()) {
            Ok(()) => return Ok(rustix::fs::unlinkat(self.folder, self.name.as_str(), AtFlags::empty())?),
            Err(Errno::PERM | Errno::NOSYS | Errno::OPNOTSUPP) => {}
            Err(errno) => return Err(errno.into()),
        }
        if rustix::fs::statat(self.folder, name, AtFlags::SYMLINK_NOFOLLOW).is_ok() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        Ok(rustix::fs::renameat(self.folder, self.name.as_str(), self.folder, name)?)
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        if self.is_there {
            let _ = rustix::fs::unlinkat(self.folder, self.name.as_str(), AtFlags::empty());
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
        write_new(&path, b"secret", &allowed).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"secret");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = write_new(&path, b"other", &allowed).unwrap_err();
        assert!(again.to_string().ends_with("exists already"), "{again}");
        std::os::unix::fs::symlink("elsewhere", folder.path().join("link")).unwrap();
        assert!(write_new(&folder.path().join("link"), b"other", &allowed).is_err());
        assert!(write_new(&folder.path().join("none/out.json"), b"other", &allowed).is_err());
        assert!(write_new(&folder.path().join("new/"), b"other", &allowed).is_err());
        let mut left: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["link", "out.json"], "no draft is left");
        assert_eq!(std::fs::read(&path).unwrap(), b"secret");
    }

    #[test]
    fn a_file_system_without_unnamed_files_keeps_the_same_rules() {
        let folder = tempfile::tempdir().unwrap();
        let flags = OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::RDONLY;
        let opened = rustix::fs::open(folder.path(), flags, Mode::empty()).unwrap();
        let write = |name: &str| {
            let mut draft = Draft { folder: &opened, name: ".conclave-1.part".to_owned(), is_there: false };
            assert!(draft.write(b"secret").unwrap());
            draft.rename_to(name.as_ref())
        };
        write("out.json").unwrap();
        assert_eq!(std::fs::read(folder.path().join("out.json")).unwrap(), b"secret");
        assert_eq!(write("out.json").unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
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
